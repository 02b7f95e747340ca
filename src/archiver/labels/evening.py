"""Blocks that belong together get one chance: the rows of a table, the items of a list, sentences marked up alike in
one element, short lines marked up alike; in plain text short lines that follow one another and look alike.

A table that lost a row is no table, a contract that lost every second paragraph no contract, and a date that stays
under one post and goes under the next would show in every comparison of versions. Costs nothing: the cross-validated F1
of no development set moves by more than .0005. (The terms of a French health service, 500 paragraphs in one element,
got chances from 21 to 80 % of one model, and a limit of 35 took half of them.)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from archiver.labels.features.reading import KINDS, Blocks
from archiver.labels.features.regions import ITEM, Tree, numbered
from archiver.labels.features.table import NamedRows

# Dates, names, buttons: a headline is longer, and each one is its own. (With all that is no sentence WCXB loses .0007.)
_SHORT = 30
_SHORT_LINE = 100
# Two may be alike by chance.
_FEWEST = 3


def even_out(rows: NamedRows, blocks: Blocks, tree: Tree | None, percents: Sequence[int]) -> list[int]:
    """The chances, in percent, with one for all blocks of a group: its mean; but for short lines weighted by length.

    `rows` are the features of the blocks.
    """
    chances = np.array(percents, np.int64)
    evened = _even_lines(rows, blocks, chances) if tree is None else _even_markup(blocks, tree, chances)
    told: list[int] = evened.tolist()
    return told


def _even_lines(rows: NamedRows, blocks: Blocks, chances: NDArray[np.int64]) -> NDArray[np.int64]:
    short = (blocks.size < _SHORT_LINE) & ~blocks.prose
    breaks = np.zeros(len(chances), bool)
    for row in (short, blocks.indent, rows["shape"]):
        breaks[1:] |= row[1:] != row[:-1]
    # The first line of a run may stand further off.
    breaks[1:] |= (blocks.gap[1:] > 0) & (blocks.gap[1:] != blocks.gap[:-1])
    run = np.cumsum(breaks)
    return _to_means(chances, np.ones_like(chances), run, _in_company(run, short))


def _even_markup(blocks: Blocks, tree: Tree, chances: NDArray[np.int64]) -> NDArray[np.int64]:
    undecided = ~blocks.landmark
    parent = tree.parents[tree.home]
    gathered = undecided & ((blocks.kind == KINDS["table-row"]) | (blocks.kind == KINDS["list-item"]))
    # <li><p> and <dd><strong> as <li>: what holds the items is one further up.
    holder = np.where(tree.tags[parent] == ITEM, tree.parents[parent], parent)
    chances = _to_means(chances, blocks.size, holder, gathered)
    siblings = numbered(parent * (int(tree.look.max()) + 2) + tree.alike)
    chances = _to_means(chances, blocks.size, siblings, _in_company(siblings, undecided & blocks.prose & ~gathered))
    # In a layout of plain table cells all lines are marked up alike.
    short = undecided & (blocks.size < _SHORT) & (tree.classed[tree.home] | tree.classed[parent])
    short = _in_company(tree.alike_with_parent, short)
    return _to_means(chances, np.ones_like(chances), tree.alike_with_parent, short)


def _in_company(key: NDArray[np.int64], members: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The members that have enough others of their key."""
    company: NDArray[np.bool_] = members & (np.bincount(key, members)[key] >= _FEWEST)
    return company


def _to_means(
    chances: NDArray[np.int64], weights: NDArray[np.int64], key: NDArray[np.int64], members: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """The chances with those of the members of a group, who have one key, brought to their weighted mean."""
    if not members.any():
        return chances
    group = key[members]
    whole = np.maximum(np.bincount(group, weights[members]), 1)
    # Sums of whole numbers below 2^53, and one division: the same on every machine.
    means = np.rint(np.bincount(group, weights[members] * chances[members]) / whole)
    evened = chances.copy()
    evened[members] = means[group].astype(np.int64)
    return evened
