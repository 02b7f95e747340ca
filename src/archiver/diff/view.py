"""A difference -> rows for a reader: which block stands beside which, and what is marked in each."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal, NamedTuple

from archiver.diff.changes import Change, Side
from archiver.diff.difference import Difference
from archiver.diff.sentences import Span

Mark = Literal["", "deleted", "inserted", "moved-away", "moved-here"]
"""What a stretch of a block is; "" for what is the same."""


class Segment(NamedTuple):
    """A stretch of a block that is marked in one way."""

    text: str
    """What it says."""

    mark: Mark
    """What it is."""

    change: int | None
    """Which of the shown changes it belongs to, from 0; None for what is the same."""


@dataclass(frozen=True, slots=True)
class Row:
    """A block of A and the block of B beside it."""

    a: tuple[Segment, ...] | None
    """The block of A, marked; None beside a block that is new."""

    b: tuple[Segment, ...] | None
    """The block of B, marked; None beside a block that is gone."""

    inline: tuple[Segment, ...]
    """Both in one: what is gone before what came in its place."""

    a_block: int | None
    """Which block of A, from 0."""

    b_block: int | None
    """Which block of B."""

    changes: tuple[int, ...]
    """The shown changes that are seen here, ascending."""


class _Marked(NamedTuple):
    start: int
    end: int
    mark: Mark
    change: int


def rows(difference: Difference, least: float) -> tuple[Row, ...]:
    """All blocks of both texts, in order, with the changes of at least that significance marked."""
    shown = difference.weighing(least)
    marks_a, marks_b = _marks(shown, ("deleted", "moved-away")), _marks(shown, ("inserted", "moved-here"))
    places = _Places(difference)
    made = []
    for i, j in _block_pairs(difference, places):
        segments_a = _segments(difference.before, i, marks_a)
        segments_b = _segments(difference.after, j, marks_b)
        inline = _inline(segments_a, segments_b)
        seen = sorted({found.change for found in inline if found.change is not None})
        made.append(Row(segments_a, segments_b, inline, i, j, tuple(seen)))
    return tuple(made)


class _Places:
    """Where what is in both texts stands in each: A without what changes take out is B without what they put in."""

    def __init__(self, difference: Difference) -> None:
        self._cuts_a = sorted(change.a for change in difference.changes if change.a.start < change.a.end)
        self._cuts_b = sorted(change.b for change in difference.changes if change.b.start < change.b.end)
        self._starts_a = [0, *(cut.end for cut in self._cuts_a)]
        self._starts_b = [0, *(cut.end for cut in self._cuts_b)]
        self._kept_a = [*_kept(self._cuts_a)]
        self._kept_b = [*_kept(self._cuts_b)]

    def b_of(self, place: int) -> int:
        """Where in B stands what stands at a place of A that no change takes out."""
        index = bisect_right(self._starts_a, place) - 1
        kept = self._kept_a[index] + place - self._starts_a[index]
        index = bisect_right(self._kept_b, kept) - 1
        return self._starts_b[index] + kept - self._kept_b[index]

    def first_kept(self, block: Span, text: str) -> int | None:
        """The first code point of a block of A, no white space, that no change takes out."""
        place = block.start
        index = bisect_right(self._cuts_a, Span(place, len(text) + 1)) - 1
        if index >= 0 and self._cuts_a[index].end > place:
            place = self._cuts_a[index].end
        index += 1
        while place < block.end:
            until = self._cuts_a[index].start if index < len(self._cuts_a) else block.end
            while place < min(until, block.end):
                if not text[place].isspace():
                    return place
                place += 1
            if index < len(self._cuts_a):
                place = max(place, self._cuts_a[index].end)
            index += 1
        return None


def _kept(cuts: Sequence[Span]) -> Iterator[int]:
    """For the text before the first cut and after each: how many code points are kept before it."""
    yield 0
    for cut, gone in zip(cuts, accumulate(end - start for start, end in cuts), strict=True):
        yield cut.end - gone


def _block_pairs(difference: Difference, places: _Places) -> Iterator[tuple[int | None, int | None]]:
    """The blocks of both texts in order; two beside each other when they share text or one became the other."""
    became = {
        change.a_block: change.b_block
        for change in reversed(difference.changes)
        if change.kind == "replaced" and change.a_block is not None
    }
    starts_b = [block.start for block in difference.after.blocks]
    done = 0
    for i, block in enumerate(difference.before.blocks):
        place = places.first_kept(block, difference.before.text)
        j = became.get(i) if place is None else bisect_right(starts_b, places.b_of(place)) - 1
        if j is None or j < done:
            yield i, None
            continue
        yield from ((None, new) for new in range(done, j))
        yield i, j
        done = j + 1
    yield from ((None, new) for new in range(done, len(difference.after.blocks)))


def _marks(shown: Sequence[Change], names: tuple[Mark, Mark]) -> list[_Marked]:
    """The marked stretches of one side, ascending: those of the first name edited, those of the second moved."""
    edited, moved = names
    is_a = edited == "deleted"
    marks = []
    for number, change in enumerate(shown):
        span = change.a if is_a else change.b
        stretches = [
            Span(edit.a, edit.a + len(edit.before)) if is_a else Span(edit.b, edit.b + len(edit.after))
            for edit in change.edits
        ]
        place = span.start
        for start, end in stretches:
            if change.kind in ("moved", "moved-edited") and place < start:
                marks.append(_Marked(place, start, moved, number))
            if start < end:
                marks.append(_Marked(start, end, edited, number))
            place = end
        if change.kind in ("moved", "moved-edited") and place < span.end:
            marks.append(_Marked(place, span.end, moved, number))
    return sorted(marks)


def _segments(side: Side, number: int | None, marks: Sequence[_Marked]) -> tuple[Segment, ...] | None:
    if number is None:
        return None
    block = side.blocks[number]
    segments, place = [], block.start
    index = max(bisect_right(marks, (block.start,)) - 1, 0)
    for start, end, mark, change in marks[index:]:
        if start >= block.end:
            break
        first, last = max(start, place), min(end, block.end)
        if first < last:
            segments += [Segment(side.text[place:first], "", None), Segment(side.text[first:last], mark, change)]
            place = last
    segments.append(Segment(side.text[place : block.end], "", None))
    return tuple(segment for segment in segments if segment.text)


def _inline(a: Sequence[Segment] | None, b: Sequence[Segment] | None) -> tuple[Segment, ...]:
    """What only A has put before what B has at that place: what is the same comes in the same order in both."""
    gone = deque(a or ())
    merged: list[Segment] = []
    for segment in b or ():
        if segment.mark == "":
            left = len(segment.text)
            while left > 0 and gone:
                first = gone.popleft()
                if first.mark:
                    merged.append(first)
                elif len(first.text) > left:
                    gone.appendleft(first._replace(text=first.text[left:]))
                    merged.append(Segment(first.text[:left], "", None))
                    left = 0
                else:
                    merged.append(first)
                    left -= len(first.text)
            if left:
                merged.append(Segment(segment.text[len(segment.text) - left :], "", None))
        else:
            while gone and gone[0].mark:
                merged.append(gone.popleft())
            merged.append(segment)
    merged += [segment for segment in gone if segment.mark or b is None]
    return tuple(merged)
