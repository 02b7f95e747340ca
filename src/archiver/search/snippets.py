"""The piece of a text that shows why it was found."""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from archiver.search.expressions import Expression, Phrase
from archiver.search.words import placed_words

# What a line of a terminal holds behind a time and an address, with room for double-width characters.
_WIDTH = 90
# Share of the piece that stands before what was found.
_BEFORE = _WIDTH // 3
# Words of a text that are looked at: of a text of a million words the rest costs seconds for one line.
_MOST_WORDS = 100_000


_SPACE = re.compile(r"\s+")


class Snippet(NamedTuple):
    """A piece of a text."""

    text: str
    """As it stands there, with single spaces for all white space; `…` where something is left out."""
    spans: tuple[tuple[int, int], ...]
    """What was found in it, code points of `text`."""


def snippet_of(text: str, expression: Expression) -> Snippet:
    """The piece around the first phrase that stands in the text, with all that are in the piece; the text's beginning
    when none does.
    """
    found = _found(text, [phrase for member in expression for phrase in member])
    start = max(0, found[0][0] - _BEFORE) if found else 0
    if start:
        # Not in the middle of a word, when one ends near.
        start = text.find(" ", start, found[0][0]) + 1 or start
    end = min(len(text), max(start + _WIDTH, found[0][1] if found else 0))
    return _cut(text, start, end, [span for span in found if span[1] <= end])


def _found(text: str, phrases: list[Phrase]) -> list[tuple[int, int]]:
    """The spans of the phrases around the first that stands there, in order; none overlaps another."""
    forms, starts, spans = list[str](), list[int](), list[tuple[int, int]]()
    for word in islice(placed_words(text), _MOST_WORDS):
        if spans and word.start > spans[0][0] + _WIDTH:
            break
        forms.append(word.form)
        starts.append(word.start)
        lengths = [len(phrase.words) for phrase in phrases if phrase.ends(forms)]
        if lengths and not (spans and starts[-max(lengths)] < spans[-1][1]):
            spans.append((starts[-max(lengths)], word.end))
    return spans


def _cut(text: str, start: int, end: int, found: list[tuple[int, int]]) -> Snippet:
    piece, spans, reached = "…" if start else "", [], start
    for first, last in found:
        piece += _one_spaced(text[reached:first])
        spans.append((len(piece), len(piece) + len(_one_spaced(text[first:last]))))
        piece += _one_spaced(text[first:last])
        reached = last
    piece += _one_spaced(text[reached:end])
    return Snippet(piece + ("…" if end < len(text) else ""), tuple(spans))


def _one_spaced(text: str) -> str:
    """All white space as single spaces, that at its ends too."""
    return _SPACE.sub(" ", text)
