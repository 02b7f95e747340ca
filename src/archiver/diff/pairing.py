"""What stands at one place in A and in B -> which sentence became which.

The words of both sides are matched once, and sentences go together whose words were matched with one another. The match
is in order, so two such groups never cross.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from typing import NamedTuple

from archiver.diff.matching import match
from archiver.diff.passages import Pair, Reading, adjoins
from archiver.diff.sentences import Sentence

# Words that two sentences share, of the words of both: 2 · shared / (one + other). Of sentences of 10 to 20 words in
# English, Polish and Chinese news, 5 to 61 in a million pairs from different pages come up to it, and 96 % of those of
# which three words in ten were replaced.
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
    words_a, words_b = [*map(a.spoken, gap.a)], [*map(b.spoken, gap.b)]
    lengths = [*map(len, words_a)], [*map(len, words_b)]
    groups = [*_with_short(_groups(gap, _shared(words_a, words_b), *lengths), *lengths)]
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


def _shared(words_a: Sequence[list[int]], words_b: Sequence[list[int]]) -> Counter[tuple[int, int]]:
    """(sentence of A, sentence of B) -> how many words of the one were matched with words of the other."""
    owners_a, owners_b = [
        [*chain.from_iterable(repeat(number, len(words)) for number, words in enumerate(part))]
        for part in (words_a, words_b)
    ]
    shared: Counter[tuple[int, int]] = Counter()
    for i, j, length in match([*chain.from_iterable(words_a)], [*chain.from_iterable(words_b)]):
        shared.update(zip(owners_a[i : i + length], owners_b[j : j + length], strict=True))
    return shared


def _groups(
    gap: Gap, shared: Counter[tuple[int, int]], words_a: Sequence[int], words_b: Sequence[int]
) -> list[list[range]]:
    """The similar ones of both sides, in order, by how many words each sentence has. Where sentences were parted or
    joined, all that share most of their words with one another are a group; where such a group is not similar as a
    whole, the pairs in it that are.
    """

    def is_similar(rows: range, columns: range) -> bool:
        common = sum(shared[i, j] for i in rows for j in columns)
        return 2 * common >= SIMILAR * (sum(words_a[i] for i in rows) + sum(words_b[j] for j in columns))

    groups: list[list[range]] = []
    for group in _linked(shared, words_a, words_b):
        rows, columns = (range(min(indexes), max(indexes) + 1) for indexes in zip(*group, strict=True))
        if _stands_together(gap.a, rows) and _stands_together(gap.b, columns) and is_similar(rows, columns):
            groups.append([rows, columns])
            continue
        done_a, done_b = rows.start, columns.start
        for i, j in group:
            row, column = range(i, i + 1), range(j, j + 1)
            if i >= done_a and j >= done_b and is_similar(row, column):
                groups.append([row, column])
                done_a, done_b = i + 1, j + 1
    return groups


def _linked(
    shared: Counter[tuple[int, int]], words_a: Sequence[int], words_b: Sequence[int]
) -> list[list[tuple[int, int]]]:
    """The pairs of which one side has most of its words in the other, or both half; those with a sentence in common
    together.
    """
    linked: list[list[tuple[int, int]]] = []
    for (i, j), count in sorted(shared.items()):
        if 2 * count > min(words_a[i], words_b[j]) or 2 * count >= SIMILAR * (words_a[i] + words_b[j]):
            if linked and (linked[-1][-1][0] == i or linked[-1][-1][1] == j):
                linked[-1].append((i, j))
            else:
                linked.append([(i, j)])
    return linked


def _stands_together(part: Sequence[Sentence], indexes: range) -> bool:
    return all(adjoins(part[index + 1], part[index]) for index in indexes[:-1])


def _with_short(groups: Sequence[list[range]], words_a: Sequence[int], words_b: Sequence[int]) -> Iterator[list[range]]:
    """The groups, and between them what is short and as many on both sides, one by one."""
    done_a = done_b = 0
    for rows, columns in (*groups, [range(len(words_a), len(words_a)), range(len(words_b), len(words_b))]):
        here_a, here_b = words_a[done_a : rows.start], words_b[done_b : columns.start]
        if here_a and len(here_a) == len(here_b) and max(*here_a, *here_b) <= SHORT_WORDS:
            for offset in range(len(here_a)):
                i, j = done_a + offset, done_b + offset
                yield [range(i, i + 1), range(j, j + 1)]
        if rows:
            yield [rows, columns]
        done_a, done_b = rows.stop, columns.stop
