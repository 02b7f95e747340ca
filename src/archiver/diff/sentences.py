"""Text -> blocks -> sentences: the pieces that are compared as wholes.

The ends of sentences are Unicode's (UAX #29, the properties STerm and ATerm), with two differences. After `.`, `!` and
`?` white space must follow, which keeps addresses whole. And Thai and Lao, which have no full stop, are parted at the
spaces between their phrases.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import regex

_LINE = re.compile(r"\S(?:[^\n]*\S)?")

# A lower-case letter goes on with the sentence ("approx. three", "(alone?) left"): SB8, here for `!` and `?` too. It is
# looked for no farther than 20 characters off: in a column of figures the way to the next letter is long.
_SENTENCE_END = regex.compile(
    r"\n+"
    r"|[\p{SB=ATerm}!?]+\p{SB=Close}*+\s++(?![^\p{L}.!?\n]{0,20}+\p{SB=Lower})"
    r"|[\p{SB=STerm}--[!?]]+\p{SB=Close}*+\s*+"
    r"|(?<=[\p{Thai}\p{Lao}])\s+(?=[\p{Thai}\p{Lao}])",
    regex.VERSION1,
)


# The same for text in ASCII: a sentence and the white space after it, as `re` finds it in a quarter of the time. What
# ends none is passed over without a second look, so the time is linear.
_ASCII_SENTENCE = re.compile(
    r"""(?:[^.!?\n]++|[.!?]++(?!["'()\[\]{}]*+\s++(?![^A-Za-z.!?\n]{0,20}+[a-z])))*+"""
    r"""(?:\n++|[.!?]++["'()\[\]{}]*+\s++|\Z)"""
)


# As in `matching`.
_new_tuple: Final = tuple.__new__


class Span(NamedTuple):
    """A stretch of text, in code points."""

    start: int
    """The first."""

    end: int
    """One past the last."""


class Sentence(NamedTuple):
    """A sentence of a block, or what stands for one: a line, a cell, a Thai phrase."""

    start: int
    """Its first code point in the text; never white space."""

    end: int
    """One past its last; nor is that one."""

    block: int
    """The block it stands in, from 0."""

    place: int
    """Which of the block's sentences it is, from 0."""

    last: bool
    """Whether it is the block's last."""


def lines(text: str) -> list[Span]:
    """The blocks of a text that nobody parted: its lines, without white space around them and without blank ones."""
    return [Span(*line.span()) for line in _LINE.finditer(text)]


def sentences(text: str, block: Span, number: int) -> list[Sentence]:
    """The sentences of one block; white space between them belongs to none.

    >>> text = "He came. She (alone?) left at 3.15 p.m. on foot. 他说：“好。”然后走了。"
    >>> [text[sentence.start : sentence.end] for sentence in sentences(text, Span(0, len(text)), 0)]
    ['He came.', 'She (alone?) left at 3.15 p.m. on foot.', '他说：“好。”', '然后走了。']
    """
    spans = []
    begun = block.start
    for end in (*_ends(text, block), block.end):
        piece = text[begun:end]
        ink = piece.strip()
        if ink:
            first = begun + piece.index(ink[0])
            spans.append((first, first + len(ink)))
        begun = end
    final = len(spans) - 1
    return [
        _new_tuple(Sentence, (start, end, number, place, place == final)) for place, (start, end) in enumerate(spans)
    ]


def _ends(text: str, block: Span) -> list[int]:
    """Where a sentence of the block ends and another may follow, white space between them included."""
    pattern = _ASCII_SENTENCE if text[block.start : block.end].isascii() else _SENTENCE_END
    return [found.end() for found in pattern.finditer(text, *block)]
