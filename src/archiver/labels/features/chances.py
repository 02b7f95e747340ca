"""What a first look thinks of the blocks, for a second one: of each, of those beside it, of the regions around it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from archiver.labels.features.reading import Blocks
from archiver.labels.features.regions import Tree
from archiver.labels.features.table import Table, share, sums_before

_REACHES = np.array([[1], [2], [4]])
_NEAR_LEVELS = 3
_REGIONS, _BLOCKS = "p_region0 p_region1 p_region2", "p_blocks0 p_blocks1 p_blocks2"
_MAIN_PERCENTS = (50, 75)
_SURE = 50


def add_chances_near(table: Table, blocks: Blocks, percents: Sequence[int]) -> None:
    """The block's own chance, those beside it, before and after it, and the page's."""
    chance = np.array(percents, np.int64)
    count, whole = len(chance), max(int(blocks.size.sum()), 1)
    index = np.arange(count)
    mass = chance * blocks.size
    sums = sums_before((mass, blocks.size))
    padded = np.zeros(count + 4, np.int64)
    padded[2:-2] = chance
    table.add("p p_n-2 p_n-1 p_n1 p_n2", (chance, padded[:-4], padded[1:-3], padded[3:-1], padded[4:]))
    around = sums[:, np.minimum(index + _REACHES + 1, count)] - sums[:, np.maximum(index - _REACHES, 0)]
    table.add("p_w1 p_w2 p_w4", share(around[0], around[1]))
    upto, onward = np.maximum.accumulate(chance), np.maximum.accumulate(chance[::-1])[::-1]
    decided = int((np.abs(chance - _SURE) * blocks.size).sum())
    table.add(
        "p_most_before p_most_after p_page p_decided",
        (upto, onward, int(mass.sum()) / whole, decided / whole),
    )


def add_chances_around(table: Table, blocks: Blocks, tree: Tree, percents: Sequence[int]) -> None:
    """The chances of the regions around the block, and of the blocks marked up alike."""
    chance = np.array(percents, np.int64)
    mass = chance * blocks.size
    ordered = sums_before((mass[tree.order], blocks.size[tree.order], chance[tree.order]))
    under = ordered[:, tree.last] - ordered[:, tree.first]
    chain = tree.chain[:_NEAR_LEVELS]
    table.add(_REGIONS, share(under[0], under[1])[chain])
    table.add(_BLOCKS, share(under[2], tree.last - tree.first)[chain])
    for name, group in (("s", tree.alike), ("sp", tree.alike_with_parent)):
        sums = [np.bincount(group, row)[group] for row in (chance, mass, blocks.size)]
        table.add(f"p_{name} p_{name}_region", (sums[0] / np.bincount(group)[group], share(sums[1], sums[2])))
    _add_main(table, tree, under[:2], max(int(blocks.size.sum()), 1))


def _add_main(table: Table, tree: Tree, under: NDArray[np.float64], whole: int) -> None:
    """The part that holds the content; `under` are mass and size of each element, `whole` is the page's size."""
    mass, size = under
    for percent in _MAIN_PERCENTS:
        # Of the elements that hold so much of the content, the one that begins last.
        main = int(np.flatnonzero(100 * mass >= percent * mass[0])[-1])
        inside = (tree.home >= main) & (tree.home < tree.ends[main])
        table.add(
            f"p_main{percent} p_main{percent}_region p_main{percent}_size",
            (inside, float(mass[main]) / max(float(size[main]), 1), float(size[main]) / whole),
        )
