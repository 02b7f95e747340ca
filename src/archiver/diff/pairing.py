"""What stands at one place in A and in B -> which sentence became which.

The words of both sides are matched once, and each sentence goes with the one that most of its matched words lie in. The
match is in order, so two such pairs never cross.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from typing import NamedTuple

from archiver.diff.matching import match
from archiver.diff.passages import Pair, Reading, adjoins
from archiver.diff.sentences import Sentence

# Words that two sentences share, of the words of both: 2 · shared / (one + other).
SIMILAR = 0.5

# A figure, a name, a heading: so short that an edit leaves nothing in common. Such ones are the same one edited when
# they stand alone at the same place, or as many of them as in the other text.
SHORT_WORDS = 6


class Gap(NamedTuple):
    """What stands between the same neighbours in A and in B."""

    a: list[Sentence]
    """Sentences of A without their equal in B there."""

    b: list[Sentence]
    """Sentences of B without their equal in A there."""


def pair(gap: Gap, a: Reading, b: Reading) -> list[Pair]:
    """The sentences of a gap that became one another, in order; the others stand alone."""
    if not gap.a or not gap.b:
        return []
    if len(gap.a) == len(gap.b) == 1:
        return _only_pair(gap.a[0], gap.b[0], a, b)
    shared = _shared(gap, a, b)
    chosen = _mutual(gap, shared, a, b)
    groups = [[range(i, i + 1), range(j, j + 1)] for i, j in chosen]
    _absorb(groups, shared, gap.a, a)
    turned = [group[::-1] for group in groups]
    _absorb(turned, Counter({(j, i): count for (i, j), count in shared.items()}), gap.b, b)
    groups = [group[::-1] for group in turned]
    groups = [*_with_short(groups, gap, a, b)]
    return [
        Pair(tuple(gap.a[rows.start : rows.stop]), tuple(gap.b[columns.start : columns.stop]))
        for rows, columns in groups
    ]


def _only_pair(one: Sentence, other: Sentence, a: Reading, b: Reading) -> list[Pair]:
    words_a, words_b = a.spoken(one), b.spoken(other)
    short = len(words_a) <= SHORT_WORDS and len(words_b) <= SHORT_WORDS
    return [Pair((one,), (other,))] if short or similarity(words_a, words_b) >= SIMILAR else []


def similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of words that two sentences have in common, in whatever order: 0 to 1 (Dice's coefficient)."""
    shared = (Counter(one) & Counter(other)).total()
    return 2 * shared / (len(one) + len(other))


def _shared(gap: Gap, a: Reading, b: Reading) -> Counter[tuple[int, int]]:
    """(sentence of A, sentence of B) -> how many words of the one were matched with words of the other."""
    spoken_a, spoken_b = [[*map(side.spoken, part)] for side, part in ((a, gap.a), (b, gap.b))]
    owners_a, owners_b = [
        [*chain.from_iterable(repeat(number, len(words)) for number, words in enumerate(part))]
        for part in (spoken_a, spoken_b)
    ]
    shared: Counter[tuple[int, int]] = Counter()
    for i, j, length in match([*chain.from_iterable(spoken_a)], [*chain.from_iterable(spoken_b)]):
        shared.update(zip(owners_a[i : i + length], owners_b[j : j + length], strict=True))
    return shared


def _mutual(gap: Gap, shared: Counter[tuple[int, int]], a: Reading, b: Reading) -> list[tuple[int, int]]:
    """The pairs that are similar, each sentence being the other's best."""
    best_a: dict[int, tuple[int, int]] = {}
    best_b: dict[int, tuple[int, int]] = {}
    for (i, j), count in shared.items():
        best_a[i] = max(best_a.get(i, (0, 0)), (count, -j))
        best_b[j] = max(best_b.get(j, (0, 0)), (count, -i))
    chosen = []
    for i, (count, minus_j) in sorted(best_a.items()):
        if best_b[-minus_j] == (count, -i):
            words = len(a.spoken(gap.a[i])) + len(b.spoken(gap.b[-minus_j]))
            if 2 * count >= SIMILAR * words:
                chosen.append((i, -minus_j))
    return chosen


def _absorb(
    groups: list[list[range]], shared: Counter[tuple[int, int]], part: Sequence[Sentence], side: Reading
) -> None:
    """Two sentences that became one: the neighbour of a group's first range, most of whose words were matched with
    words of its second, belongs to it.
    """
    taken = {index for group in groups for index in group[0]}
    for group in groups:
        for step in (-1, 1):
            place = group[0].start - 1 if step < 0 else group[0].stop
            while 0 <= place < len(part) and place not in taken:
                edge, beyond = sorted((place, place - step))
                matched = sum(shared[place, other] for other in group[1])
                if 2 * matched < len(side.spoken(part[place])) or not adjoins(part[beyond], part[edge]):
                    break
                taken.add(place)
                group[0] = range(min(place, group[0].start), max(place + 1, group[0].stop))
                place += step


def _with_short(groups: list[list[range]], gap: Gap, a: Reading, b: Reading) -> Iterator[list[range]]:
    """The groups, and between them what is short and as many on both sides, one by one."""
    done_a = done_b = 0
    for rows, columns in (*groups, [range(len(gap.a), len(gap.a)), range(len(gap.b), len(gap.b))]):
        left_a, left_b = range(done_a, rows.start), range(done_b, columns.start)
        if len(left_a) == len(left_b) and all(
            len(side.spoken(part[index])) <= SHORT_WORDS
            for side, part, left in ((a, gap.a, left_a), (b, gap.b, left_b))
            for index in left
        ):
            yield from ([range(i, i + 1), range(j, j + 1)] for i, j in zip(left_a, left_b, strict=True))
        if rows:
            yield [rows, columns]
        done_a, done_b = rows.stop, columns.stop
