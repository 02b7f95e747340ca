"""Two texts -> what of them is the same, what was edited in its place, what moved, what is only in one.

First the blocks are matched, whole. What stands between matched blocks is parted into sentences; these are paired by
their words (`pairing`), and are the same, or edited in their place. What is left moved to the letter, or moved and was
edited (`moves`), or is lost or gained.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from archiver.diff.matching import match
from archiver.diff.moves import LEAST_WORDS, find_moved, find_moved_edited, joined
from archiver.diff.pairing import Gap, pair
from archiver.diff.passages import Pair, Reading, follows, span_of
from archiver.diff.sentences import Sentence, Span, sentences


@dataclass(frozen=True, slots=True)
class Alignment:
    """What became of every sentence of A and whence comes every one of B."""

    same: list[tuple[Span, Span]]
    """Stretches of A and of B that differ in white space at most, ascending on both sides."""

    replaced: list[Pair]
    """Edited in place: among the stretches of `same` they are in order on both sides."""

    moved: list[Pair]
    """Elsewhere, edited or not, in the order of A."""

    lost: list[tuple[Sentence, ...]]
    """Neighbours in a block of A that are not in B."""

    gained: list[tuple[Sentence, ...]]
    """Neighbours in a block of B that are not in A."""


def align(a: Reading, b: Reading) -> Alignment:
    """The alignment of two texts that were read with one vocabulary."""
    same: list[tuple[Span, Span]] = []
    places = [_Place(gap, pair(gap, a, b)) for gap in _block_gaps(a, b, same)]
    kept = [found for place in places for found in place.pairs if _is_same(found, a, b)]
    same += [(span_of(found.a), span_of(found.b)) for found in kept]
    moved = find_moved(*_left([place.gap for place in places], kept), a, b, LEAST_WORDS)
    taken = {*(found.a[0] for found in moved)}, {*(found.b[0] for found in moved)}
    replaced = [found for place in places for found in _replaced(place, taken, a, b)]
    gaps = [place.gap for place in places]
    moved += find_moved(*_left(gaps, kept, moved, replaced), a, b, 0)
    moved += find_moved_edited(*_left(gaps, kept, moved, replaced), a, b)
    lost, gained = _left(gaps, kept, moved, replaced)
    return Alignment(sorted(same), replaced, joined(moved), [*_neighbours(lost)], [*_neighbours(gained)])


class _Place(NamedTuple):
    """A gap, and which of its sentences belong together."""

    gap: Gap
    pairs: list[Pair]


def _is_same(found: Pair, a: Reading, b: Reading) -> bool:
    return len(found.a) == len(found.b) == 1 and a.key(found.a[0]) == b.key(found.b[0])


def _replaced(place: _Place, taken: tuple[set[Sentence], set[Sentence]], a: Reading, b: Reading) -> Iterator[Pair]:
    """The pairs of a place that were edited. When some of its sentences have moved, the others are paired anew: what
    stands elsewhere to the letter is not what a similar sentence became.
    """
    taken_a, taken_b = taken
    if taken_a.isdisjoint(place.gap.a) and taken_b.isdisjoint(place.gap.b):
        yield from (found for found in place.pairs if not _is_same(found, a, b))
        return
    done_a = done_b = 0
    ends = (Sentence(len(a.text), 0, 0, 0, last=True),), (Sentence(len(b.text), 0, 0, 0, last=True),)
    for found in (*(found for found in place.pairs if _is_same(found, a, b)), Pair(*ends)):
        here = Gap(
            [one for one in place.gap.a if done_a <= one.start < found.a[0].start and one not in taken_a],
            [one for one in place.gap.b if done_b <= one.start < found.b[0].start and one not in taken_b],
        )
        yield from pair(here, a, b)
        done_a, done_b = found.a[0].end, found.b[0].end


def _block_gaps(a: Reading, b: Reading, same: list[tuple[Span, Span]]) -> Iterator[Gap]:
    """The sentences between matched blocks; what is matched goes to `same`."""
    runs = match([a.key(block) for block in a.blocks], [b.key(block) for block in b.blocks])
    done_a = done_b = 0
    for i, j, length in [*runs, (len(a.blocks), len(b.blocks), 0)]:
        if i > done_a or j > done_b:
            yield Gap(_parted(a, range(done_a, i)), _parted(b, range(done_b, j)))
        done_a, done_b = i + length, j + length
        if length:
            same.append(
                (
                    Span(a.blocks[i].start, a.blocks[done_a - 1].end),
                    Span(b.blocks[j].start, b.blocks[done_b - 1].end),
                )
            )


def _parted(side: Reading, numbers: Iterable[int]) -> list[Sentence]:
    return [sentence for number in numbers for sentence in sentences(side.text, side.blocks[number], number)]


def _left(gaps: Sequence[Gap], *taken: Sequence[Pair]) -> tuple[list[Sentence], list[Sentence]]:
    """The sentences of the gaps that no pair has."""
    taken_a = {sentence for pairs in taken for found in pairs for sentence in found.a}
    taken_b = {sentence for pairs in taken for found in pairs for sentence in found.b}
    return (
        [sentence for gap in gaps for sentence in gap.a if sentence not in taken_a],
        [sentence for gap in gaps for sentence in gap.b if sentence not in taken_b],
    )


def _neighbours(left: Sequence[Sentence]) -> Iterator[tuple[Sentence, ...]]:
    group: list[Sentence] = []
    for sentence in left:
        if group and not follows(sentence, group[-1]):
            yield tuple(group)
            group = []
        group.append(sentence)
    if group:
        yield tuple(group)
