"""What the sentences leave between them -> the edits of white space there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from archiver.diff.changes import Edit
from archiver.diff.sentences import Span


def spacing_between(
    text_a: str, text_b: str, fixed: Sequence[tuple[Span, Span]], out_a: Sequence[Span], out_b: Sequence[Span]
) -> Iterator[Edit]:
    """The edits that make the white space of A that of B, where neither the spans of `fixed` stand, which are in order
    on both sides, nor those that other changes take out of A (`out_a`, ascending) and put into B (`out_b`).
    """
    cuts_a, cuts_b = _Cuts(text_a, out_a), _Cuts(text_b, out_b)
    place_a = place_b = 0
    for here_a, here_b in (*fixed, (Span(len(text_a), len(text_a)), Span(len(text_b), len(text_b)))):
        pieces_a, pieces_b = cuts_a.pieces(place_a, here_a.start), cuts_b.pieces(place_b, here_b.start)
        yield from _reconciled(text_a, pieces_a, text_b, pieces_b)
        place_a, place_b = here_a.end, here_b.end


def spacing_within(text_a: str, text_b: str, same: Sequence[tuple[Span, Span]]) -> Iterator[Edit]:
    """The edits of white space within stretches that have the same ink."""
    for a, b in same:
        if text_a[a.start : a.end] != text_b[b.start : b.end]:
            yield from spacing_edits(text_a, a, text_b, b)


def spacing_edits(text_a: str, a: Span, text_b: str, b: Span) -> Iterator[Edit]:
    """The edits between two spans of the same ink: where their white space differs. Looks at each code point."""
    place_a, place_b = a.start, b.start
    ends = (a.end, b.end)
    while place_a < ends[0] or place_b < ends[1]:
        space_a, space_b = _space(text_a, place_a, ends[0]), _space(text_b, place_b, ends[1])
        if space_a != space_b:
            yield Edit(place_a, place_b, space_a, space_b)
        place_a, place_b = place_a + len(space_a), place_b + len(space_b)
        if place_a < ends[0]:
            place_a, place_b = place_a + 1, place_b + 1


def _space(text: str, start: int, end: int) -> str:
    place = start
    while place < end and text[place].isspace():
        place += 1
    return text[start:place]


class _Cuts:
    """What is taken out of a text, asked for from its beginning to its end."""

    def __init__(self, text: str, out: Sequence[Span]) -> None:
        self._text, self._out, self._next = text, out, 0

    def pieces(self, start: int, end: int) -> list[Span]:
        """What is left between two places; the last piece may be empty."""
        pieces = []
        while self._next < len(self._out) and self._out[self._next].start < end:
            cut = self._out[self._next]
            if cut.start > start:
                pieces.append(Span(start, cut.start))
            start = cut.end
            self._next += 1
        return [*pieces, Span(start, end)]


def _reconciled(text_a: str, pieces_a: list[Span], text_b: str, pieces_b: list[Span]) -> Iterator[Edit]:
    space_a = "".join([text_a[start:end] for start, end in pieces_a])
    space_b = "".join([text_b[start:end] for start, end in pieces_b])
    if space_a == space_b:
        return
    front = _alike(space_a, space_b)
    back = _alike(space_a[front:][::-1], space_b[front:][::-1])
    parts_a, parts_b = _within(pieces_a, front, back), _within(pieces_b, front, back)
    end_a, end_b = parts_a[-1].end, parts_b[-1].end
    for part_a, part_b in zip_longest(parts_a, parts_b):
        a, b = part_a or Span(end_a, end_a), part_b or Span(end_b, end_b)
        yield Edit(a.start, b.start, text_a[a.start : a.end], text_b[b.start : b.end])


def _alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    return next(
        (place for place, (x, y) in enumerate(zip(one, other, strict=False)) if x != y), min(len(one), len(other))
    )


def _within(pieces: list[Span], front: int, back: int) -> list[Span]:
    """The pieces without their first and last code points; at least one span, which may be empty."""
    total = sum(end - start for start, end in pieces)
    parts, done = [], 0
    for start, end in pieces:
        first, last = max(front - done, 0), min(total - back - done, end - start)
        if first < last:
            parts.append(Span(start + first, start + last))
        done += end - start
    return parts or [Span(pieces[0].start, pieces[0].start)]
