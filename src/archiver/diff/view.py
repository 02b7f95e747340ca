"""A difference -> rows for a reader: which block stands beside which, and what is marked in each."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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


class _Piece(NamedTuple):
    """A stretch that stands in both texts (no mark), or in one of them."""

    a: Span
    """Where in A; empty when only B has it."""

    b: Span
    """Where in B; empty when only A has it."""

    mark: Mark
    change: int


def rows(difference: Difference, least: float) -> tuple[Row, ...]:
    """All blocks of both texts, in order, with the changes of at least that significance marked."""
    numbers = {id(change): number for number, change in enumerate(difference.weighing(least))}
    shown = [numbers.get(id(change)) for change in difference.changes]
    pieces = [*_pieces(difference)]
    before, after = difference.before, difference.after
    pairs = [*_block_pairs(difference, pieces)]
    segments: dict[tuple[str, int], list[Segment]] = defaultdict(list)
    inline: list[list[Segment]] = [[] for _ in pairs]
    row_of_a = {i: row for row, (i, _) in enumerate(pairs) if i is not None}
    row_of_b = {j: row for row, (_, j) in enumerate(pairs) if j is not None}
    for piece in pieces:
        change = shown[piece.change] if piece.mark else None
        mark: Mark = piece.mark if change is not None else ""
        for i, text in _by_block(before, piece.a):
            segments["a", i].append(Segment(text, mark, change))
            line = inline[row_of_a[i]]
            if mark:
                line.append(Segment(text, mark, change))
            elif piece.mark and text.isspace() and line and not line[-1].text[-1].isspace():
                # White space that went with a sentence still parts what is shown of it from what stands before.
                line.append(Segment(text, "", None))
        for j, text in _by_block(after, piece.b):
            segments["b", j].append(Segment(text, mark, change))
            inline[row_of_b[j]].append(Segment(text, mark, change))
    return tuple(
        Row(
            None if i is None else _joined(segments["a", i]),
            None if j is None else _joined(segments["b", j]),
            _joined(inline[row]),
            i,
            j,
            tuple(sorted({part.change for part in inline[row] if part.change is not None})),
        )
        for row, (i, j) in enumerate(pairs)
    )


def _pieces(difference: Difference) -> Iterator[_Piece]:
    """Both texts in one stream: what only A has stands before what B has at that place."""
    gone, new = _marks(difference.changes, is_a=True), _marks(difference.changes, is_a=False)
    place_a = place_b = index_a = index_b = 0
    while index_a < len(gone) or index_b < len(new):
        same_a = gone[index_a][0].start - place_a if index_a < len(gone) else sys.maxsize
        same_b = new[index_b][0].start - place_b if index_b < len(new) else sys.maxsize
        same = min(same_a, same_b)
        if same:
            yield _Piece(Span(place_a, place_a + same), Span(place_b, place_b + same), "", 0)
            place_a, place_b = place_a + same, place_b + same
        if same_a <= same_b:
            span, mark, change = gone[index_a]
            yield _Piece(span, Span(place_b, place_b), mark, change)
            place_a, index_a = span.end, index_a + 1
        else:
            span, mark, change = new[index_b]
            yield _Piece(Span(place_a, place_a), span, mark, change)
            place_b, index_b = span.end, index_b + 1
    yield _Piece(Span(place_a, len(difference.before.text)), Span(place_b, len(difference.after.text)), "", 0)


def _marks(changes: Sequence[Change], *, is_a: bool) -> list[tuple[Span, Mark, int]]:
    """The stretches of one side that the other has not, or elsewhere, ascending."""
    edited: Mark = "deleted" if is_a else "inserted"
    moved: Mark = "moved-away" if is_a else "moved-here"
    marks: list[tuple[Span, Mark, int]] = []
    for number, change in enumerate(changes):
        span = change.a if is_a else change.b
        is_moved = change.kind in ("moved", "moved-edited")
        place = span.start
        for a, b, before, after in change.edits:
            start, end = (a, a + len(before)) if is_a else (b, b + len(after))
            if is_moved:
                marks.append((Span(place, start), moved, number))
            marks.append((Span(start, end), edited, number))
            place = end
        if is_moved:
            marks.append((Span(place, span.end), moved, number))
    return sorted(entry for entry in marks if entry[0].start < entry[0].end)


def _block_pairs(difference: Difference, pieces: Sequence[_Piece]) -> Iterator[tuple[int | None, int | None]]:
    """The blocks of both texts in order; two beside each other that share most, or of which one became the other."""
    shared: Counter[tuple[int, int]] = Counter()
    for piece in pieces:
        if not piece.mark:
            for i, part in _spans(difference.before, piece.a):
                offset = piece.b.start - piece.a.start
                for j, (start, end) in _spans(difference.after, Span(part.start + offset, part.end + offset)):
                    shared[i, j] += end - start
    shared.update(
        (change.a_block, change.b_block)
        for change in difference.changes
        if change.kind == "replaced" and change.a_block is not None and change.b_block is not None
    )
    best_a: dict[int, tuple[int, int]] = {}
    best_b: dict[int, tuple[int, int]] = {}
    for (i, j), count in shared.items():
        best_a[i] = max(best_a.get(i, (0, 0)), (count, -j))
        best_b[j] = max(best_b.get(j, (0, 0)), (count, -i))
    done_a = done_b = 0
    for i, (count, minus_j) in sorted(best_a.items()):
        if best_b[-minus_j] == (count, -i) and -minus_j >= done_b:
            yield from ((old, None) for old in range(done_a, i))
            yield from ((None, new) for new in range(done_b, -minus_j))
            yield i, -minus_j
            done_a, done_b = i + 1, -minus_j + 1
    yield from ((old, None) for old in range(done_a, len(difference.before.blocks)))
    yield from ((None, new) for new in range(done_b, len(difference.after.blocks)))


def _spans(side: Side, span: Span) -> Iterator[tuple[int, Span]]:
    """The blocks that a stretch of a text touches, and what of it is in each."""
    number = max(bisect_right(side.blocks, (span.start, len(side.text) + 1)) - 1, 0)
    while number < len(side.blocks) and side.blocks[number].start < span.end:
        start, end = max(side.blocks[number].start, span.start), min(side.blocks[number].end, span.end)
        if start < end:
            yield number, Span(start, end)
        number += 1


def _by_block(side: Side, span: Span) -> Iterator[tuple[int, str]]:
    yield from ((number, side.text[start:end]) for number, (start, end) in _spans(side, span))


def _joined(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """Neighbours of one mark and one change as one."""
    joined: list[Segment] = []
    for segment in segments:
        if joined and joined[-1][1:] == segment[1:]:
            joined[-1] = segment._replace(text=joined[-1].text + segment.text)
        else:
            joined.append(segment)
    return tuple(joined)
