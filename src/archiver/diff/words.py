"""Text -> words by Unicode's rules (UAX #29, default word boundaries), white space left out.

Thai, Lao, Khmer, Burmese and Han have no boundaries there but those of characters, so each character, with its marks,
is a word; so is each of Hiragana. Katakana, which UAX #29 joins, is parted likewise: Japanese is told character by
character in all its scripts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import accumulate, chain
from typing import NamedTuple

import regex

# The rules look across white space nowhere but in a mark that follows it, so a text can be taken chunk by chunk; and
# chunks recur: with each one parted once, 10,000 English words take 4 ms and not 12.
_CHUNK = re.compile(r"\S+")
_BOUNDARY = regex.compile(r"(?w)\b")
_KATAKANA = regex.compile(r"\p{WB=Katakana}")
_CHARACTER = regex.compile(r"(?s).[\p{WB=Extend}\p{WB=Format}\p{WB=ZWJ}]*")

# "12 %" and "12 €" are not the same.
_QUANTITIES = frozenset("%‰°§€$£¥₹₽₺₴₪₩﷼฿")


class Words(NamedTuple):
    """The words of a stretch of text, in order."""

    ids: list[int]
    """What each is: its number in the vocabulary."""

    starts: list[int]
    """The first code point of each, in the whole text."""


class _Chunks(dict[str, tuple[tuple[int, ...], tuple[int, ...]]]):
    """Stretches without white space -> the numbers of their words, and how far it is from each word to the next, after
    the last with one white space between.
    """

    def __init__(self, number: Callable[[str], int]) -> None:
        super().__init__()
        self._number = number

    def __missing__(self, chunk: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        words = parted(chunk)
        steps = [*map(len, words)]
        steps[-1] += 1
        self[chunk] = found = tuple(map(self._number, words)), tuple(steps)
        return found


class Vocabulary:
    """The different words of two texts, numbered from 0 as they come."""

    def __init__(self) -> None:
        self.words: list[str] = []
        """The word of each number."""
        self.spoken: list[bool] = []
        """Whether it has a letter or digit or tells a quantity, and is not punctuation or a symbol alone."""
        self._numbers: dict[str, int] = {}
        self._texts: dict[str, int] = {}
        self._chunks = _Chunks(self._number)

    def read(self, text: str, start: int, end: int) -> Words:
        """The words of `text[start:end]`.

        >>> vocabulary = Vocabulary()
        >>> [vocabulary.words[number] for number in vocabulary.read("It can't be 3.14, 她说。", 0, 99).ids]
        ['It', "can't", 'be', '3.14', ',', '她', '说', '。']
        """
        stretch = text[start:end]
        chunks = stretch.split()
        if not chunks:
            return Words([], [])
        numbers, steps = zip(*map(self._chunks.__getitem__, chunks), strict=True)
        ids = [*chain.from_iterable(numbers)]
        # One white space between two chunks, as nearly everywhere: so where they stand is a matter of lengths.
        starts = [*accumulate(chain.from_iterable(steps), initial=start)]
        if starts.pop() == start + len(stretch) + 1:
            return Words(ids, starts)
        starts = []
        for chunk, within in zip(_CHUNK.finditer(text, start, end), steps, strict=True):
            starts += accumulate(within[:-1], initial=chunk.start())
        return Words(ids, starts)

    def end(self, words: Words, index: int) -> int:
        """One past the last code point of a word."""
        return words.starts[index] + len(self.words[words.ids[index]])

    def number(self, text: str) -> int:
        """A number for a text of any length, the same for the same text."""
        return self._texts.setdefault(text, len(self._texts))

    def _number(self, word: str) -> int:
        number = self._numbers.get(word)
        if number is None:
            number = self._numbers[word] = len(self.words)
            self.words.append(word)
            self.spoken.append(any(map(str.isalnum, word)) or word in _QUANTITIES)
        return number


def parted(chunk: str) -> list[str]:
    """The words of a text without white space: joined, they are the text.

    >>> parted("カメラ、ប្រទេស")
    ['カ', 'メ', 'ラ', '、', 'ប្', 'រ', 'ទេ', 'ស']
    """
    if chunk.isascii() and chunk.isalpha():
        return [chunk]
    words = [word for word in _BOUNDARY.split(chunk) if word]
    if _KATAKANA.search(chunk):
        return [part for word in words for part in (_CHARACTER.findall(word) if _KATAKANA.match(word) else [word])]
    return words
