"""A text as the stages of the difference see it: the words of its sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from archiver.diff.sentences import Sentence, Span
from archiver.diff.words import Vocabulary, Words

# As in `matching`.
_new_tuple: Final = tuple.__new__


class Reading:
    """One text and its blocks, read with a vocabulary that is shared with the other text."""

    def __init__(self, text: str, blocks: Sequence[Span], vocabulary: Vocabulary) -> None:
        self.text, self.blocks, self.vocabulary = text, blocks, vocabulary
        self._words: dict[Sentence, Words] = {}

    def key(self, span: tuple[int, ...]) -> int:
        """A number that another stretch of either text has too when it differs in white space only. The stretch begins
        at the first and ends before the second of `span`: a Span or a Sentence.
        """
        text = self.text[span[0] : span[1]]
        if "  " in text or not text.isprintable():
            # (What is printable has no white space but U+0020; a stretch has none at its ends.)
            text = " ".join(text.split())
        return self.vocabulary.number(text)

    def words(self, sentence: Sentence) -> Words:
        """The words of a sentence, read once."""
        words = self._words.get(sentence)
        if words is None:
            words = self._words[sentence] = self.vocabulary.read(self.text, sentence.start, sentence.end)
        return words

    def spoken(self, sentence: Sentence) -> list[int]:
        """The numbers of a sentence's words, without punctuation; with it when there is nothing else."""
        ids = self.words(sentence).ids
        spoken = self.vocabulary.spoken
        return [number for number in ids if spoken[number]] or ids


class Passage:
    """A stretch of one text, and its words."""

    __slots__ = ("side", "span", "text", "words")

    def __init__(self, side: Reading, span: Span, words: Words) -> None:
        self.side, self.span, self.words = side, span, words
        self.text = side.text[span.start : span.end]

    @classmethod
    def of(cls, side: Reading, group: Sequence[Sentence]) -> Passage:
        """The passage of neighbouring sentences."""
        span = span_of(group)
        return cls(side, span, side.words(group[0]) if len(group) == 1 else side.vocabulary.read(side.text, *span))

    @classmethod
    def nothing(cls, side: Reading, place: int) -> Passage:
        """A passage without words, at a place."""
        return cls(side, Span(place, place), Words([], []))

    def spoken(self, first: int = 0, last: int | None = None) -> list[str]:
        """Its words, or some of them, without punctuation."""
        vocabulary = self.side.vocabulary
        words, spoken = vocabulary.words, vocabulary.spoken
        return [words[number] for number in self.words.ids[first:last] if spoken[number]]


class Pair(NamedTuple):
    """Sentences of A that became sentences of B."""

    a: tuple[Sentence, ...]
    """Neighbours in A, at least one."""

    b: tuple[Sentence, ...]
    """Neighbours in B, at least one."""


def span_of(group: Sequence[Sentence]) -> Span:
    """From the first code point of the first to the last of the last."""
    return _new_tuple(Span, (group[0].start, group[-1].end))


def follows(sentence: Sentence, before: Sentence) -> bool:
    """Whether it is the next one of the same block."""
    return sentence.block == before.block and sentence.place == before.place + 1


def is_whole(group: Sequence[Sentence]) -> bool:
    """Whether neighbours are whole blocks."""
    return group[0].place == 0 and group[-1].last


def adjoins(sentence: Sentence, before: Sentence) -> bool:
    """Whether it is the next one of the text, in the same block or at the beginning of the next."""
    return follows(sentence, before) or (sentence.block == before.block + 1 and sentence.place == 0 and before.last)
