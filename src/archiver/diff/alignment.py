"""Two texts -> what of them is the same, what was edited in its place, what moved, what is only in one.

First the blocks are matched, whole. What stands between matched blocks is parted into sentences, and these are
matched. What is left moved to the letter, or was edited in its place (`pairing`), or moved and was edited (`moves`),
or is lost or gained. Last, of what passed one another the lighter is what moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from archiver.diff.matching import match
from archiver.diff.moves import LEAST_WORDS, find_moved, find_moved_edited, joined, lightest_moved
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
    if a.text.split() == b.text.split():
        return Alignment([(_ink(a), _ink(b))], [], [], [], [])
    same: list[tuple[Span, Span]] = []
    kept: list[Pair] = []
    gaps = [part for gap in _block_gaps(a, b, same) for part in _sentence_gaps(gap, a, b, kept)]
    moved = find_moved(*_left(gaps), a, b, LEAST_WORDS)
    gaps = _without(gaps, moved)
    edited = [found for gap in gaps for found in pair(gap, a, b)]
    gaps = _without(gaps, edited)
    moved_short = find_moved(*_left(gaps), a, b, 0)
    gaps = _without(gaps, moved_short)
    moved_edited = find_moved_edited(*_left(gaps), a, b)
    lost, gained = _left(_without(gaps, moved_edited))
    in_place, elsewhere = lightest_moved([*kept, *edited], [*moved, *moved_short, *moved_edited], same)
    replaced = []
    for found in in_place:
        span_a, span_b = span_of(found.a), span_of(found.b)
        ink_a, ink_b = a.text[span_a.start : span_a.end], b.text[span_b.start : span_b.end]
        if ink_a == ink_b or ink_a.split() == ink_b.split():
            same.append((span_a, span_b))
        else:
            replaced.append(found)
    return Alignment(sorted(same), replaced, joined(elsewhere), [*_neighbours(lost)], [*_neighbours(gained)])


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


def _sentence_gaps(gap: Gap, a: Reading, b: Reading, kept: list[Pair]) -> Iterator[Gap]:
    """What is between matched sentences of a gap; what is matched goes to `kept`."""
    runs = match([a.key(sentence) for sentence in gap.a], [b.key(sentence) for sentence in gap.b])
    done_a = done_b = 0
    for i, j, length in [*runs, (len(gap.a), len(gap.b), 0)]:
        if i > done_a or j > done_b:
            yield Gap(gap.a[done_a:i], gap.b[done_b:j])
        done_a, done_b = i + length, j + length
        kept += [Pair((one,), (other,)) for one, other in zip(gap.a[i:done_a], gap.b[j:done_b], strict=True)]


def _ink(side: Reading) -> Span:
    """The text without the white space around it."""
    start = len(side.text) - len(side.text.lstrip())
    return Span(start, max(start, len(side.text.rstrip())))


def _parted(side: Reading, numbers: Iterable[int]) -> list[Sentence]:
    return [sentence for number in numbers for sentence in sentences(side.text, side.blocks[number], number)]


def _left(gaps: Sequence[Gap]) -> tuple[list[Sentence], list[Sentence]]:
    return [sentence for gap in gaps for sentence in gap.a], [sentence for gap in gaps for sentence in gap.b]


def _without(gaps: Sequence[Gap], pairs: Sequence[Pair]) -> list[Gap]:
    """The gaps without the sentences of the pairs, and without those that are empty then."""
    taken_a = {sentence for found in pairs for sentence in found.a}
    taken_b = {sentence for found in pairs for sentence in found.b}
    left = [
        Gap(
            [sentence for sentence in gap.a if sentence not in taken_a],
            [sentence for sentence in gap.b if sentence not in taken_b],
        )
        for gap in gaps
    ]
    return [gap for gap in left if gap.a or gap.b]


def _neighbours(left: Sequence[Sentence]) -> Iterator[tuple[Sentence, ...]]:
    group: list[Sentence] = []
    for sentence in left:
        if group and not follows(sentence, group[-1]):
            yield tuple(group)
            group = []
        group.append(sentence)
    if group:
        yield tuple(group)
