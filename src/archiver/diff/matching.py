"""Two sequences of numbers -> what they have in common, in order: a longest common subsequence, found in C by
rapidfuzz (Indel, bit-parallel: Hyyrö 2004). Its time and memory grow with the product of the lengths, so longer ones
are cut first at what occurs once in both (as in Cohen's patience diff). The answer is always a common subsequence; past
the limit it may not be the longest.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel

# Elements of one sequence times those of the other, that are compared at once. With 1,000 a side it takes 0.4 ms, with
# 10,000 a side 43 ms, so a text is cut at its anchors into parts of this size.
_EASILY_COMPARED = 1_000_000
# What no anchor cuts may be this large; rapidfuzz keeps a bit for each comparison: 12.5 MB.
_MOST_COMPARED = 100_000_000

# How many elements in a row an anchor has. In 200,000 words of running text few single words are unique, and those are
# not spread evenly; three in a row mostly are.
_ANCHOR_LENGTH = 3

# Of the rows, those with a hash of this form are asked: a cell wants an anchor each 1,000 elements, not at each one,
# and the time goes down with them.
_ONE_ROW_IN = np.uint64(8)

# Of the 64-bit linear congruential generator of Knuth's MMIX.
_FACTOR, _ADDEND = np.uint64(6364136223846793005), np.uint64(1442695040888963407)

_Numbers = npt.NDArray[Any]


# A NamedTuple's own constructor is a Python function, and takes twice the time.
_new_tuple: Final = tuple.__new__


class Run(NamedTuple):
    """Elements that are equal on both sides."""

    a: int
    """The first of them in the one sequence."""

    b: int
    """The first in the other."""

    length: int
    """How many."""


def match(a: Sequence[int], b: Sequence[int]) -> list[Run]:
    """The runs of a common subsequence of both, ascending, none empty.

    >>> match([1, 2, 3, 4], [2, 3, 5, 4])
    [Run(a=1, b=0, length=2), Run(a=3, b=3, length=1)]
    """
    if len(a) * len(b) <= _EASILY_COMPARED:
        return _longest(a, b)
    runs = []
    for (start_a, start_b), (end_a, end_b) in _cells(a, b):
        part_a, part_b = a[start_a:end_a], b[start_b:end_b]
        found = (_longest if len(part_a) * len(part_b) <= _MOST_COMPARED else _halved)(part_a, part_b)
        runs += [Run(start_a + run.a, start_b + run.b, run.length) for run in found]
    return _joined(runs)


def _longest(a: Sequence[int], b: Sequence[int]) -> list[Run]:
    return [
        _new_tuple(Run, (step.src_start, step.dest_start, step.src_end - step.src_start))
        for step in Indel.opcodes(a, b)
        if step.tag == "equal"
    ]


def _halved(a: Sequence[int], b: Sequence[int]) -> list[Run]:
    """Where nothing is unique, each half is matched with the half at the same place."""
    middle_a, middle_b = len(a) // 2, len(b) // 2
    later = match(a[middle_a:], b[middle_b:])
    return [*match(a[:middle_a], b[:middle_b]), *(Run(middle_a + x, middle_b + y, n) for x, y, n in later)]


def _cells(a: Sequence[int], b: Sequence[int]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The corners of what lies between the anchors, as large as the limit allows."""
    corners = [(0, 0)]
    anchors = [(0, 0), *_anchors(a, b), (len(a), len(b))]
    for here, following in pairwise(anchors):
        begun = corners[-1]
        if (following[0] - begun[0]) * (following[1] - begun[1]) > _EASILY_COMPARED and here > begun:
            corners.append(here)
    corners.append(anchors[-1])
    return list(pairwise(corners))


def _anchors(a: Sequence[int], b: Sequence[int]) -> list[tuple[int, int]]:
    """Where three elements in a row occur once in each sequence, as far as they are in the same order in both."""
    rows_a, places_a = _single_rows(a)
    rows_b, places_b = _single_rows(b)
    _, in_a, in_b = np.intersect1d(rows_a, rows_b, assume_unique=True, return_indices=True)
    both = sorted(zip(places_a[in_a].tolist(), places_b[in_b].tolist(), strict=True))
    return [both[index] for index in _rising([place for _, place in both])]


def _single_rows(sequence: Sequence[int]) -> tuple[_Numbers, _Numbers]:
    """The rows of elements that occur once, as hashes, and where they begin. Two rows of one hash would cost an
    anchor's sense and nothing else: anchors only say where to cut.
    """
    numbers = np.asarray(sequence, dtype=np.uint64)
    rows = np.zeros(max(len(numbers) - _ANCHOR_LENGTH + 1, 0), dtype=np.uint64)
    for offset in range(_ANCHOR_LENGTH):
        rows = rows * _FACTOR + numbers[offset : offset + len(rows)] + _ADDEND
    rows ^= rows >> np.uint64(29)
    places = np.flatnonzero(rows % _ONE_ROW_IN == 0)
    hashes, first, counts = np.unique(rows[places], return_index=True, return_counts=True)
    return hashes[counts == 1], places[first[counts == 1]]


def _rising(places: Sequence[int]) -> list[int]:
    """The indexes of a longest rising subsequence of different numbers (Fredman 1975)."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, place in enumerate(places):
        column = bisect_left(tails, place)
        before.append(ends[column - 1] if column else -1)
        tails[column : column + 1] = [place]
        ends[column : column + 1] = [index]
    chosen, index = [], ends[-1] if ends else -1
    while index >= 0:
        chosen.append(index)
        index = before[index]
    return chosen[::-1]


def _joined(runs: list[Run]) -> list[Run]:
    """Runs that follow each other on both sides as one."""
    joined: list[Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        if last and (last.a + last.length, last.b + last.length) == (run.a, run.b):
            joined[-1] = last._replace(length=last.length + run.length)
        else:
            joined.append(run)
    return joined
