"""What the classifier sees of each block: counts and shares, and no word of any language.

    characters.py  what the texts are made of
    reading.py     the block by itself, among its neighbours, on its page
    headline.py    how far it stands from the headline
    regions.py     what is around it on the tree
    lines.py       what the lines of a plain-text dump show instead
    chances.py     what a first look thinks of the others, for the second
    table.py       rows with names

Every number is a count, a share of two counts or a mean of them: all machines compute the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from archiver.labels.features.chances import add_chances_around, add_chances_near
from archiver.labels.features.headline import add_headline
from archiver.labels.features.lines import add_lines
from archiver.labels.features.reading import Blocks, add_neighbours, add_own, add_page, read_blocks, sums_of
from archiver.labels.features.regions import Tree, add_ancestry, add_likeness, add_main, add_regions, read_tree
from archiver.labels.features.table import Table
from archiver.labels.left_open import LeftOpen

__all__ = ["Table", "View", "add_chances", "view"]


class View(NamedTuple):
    """What the classifier sees of a page."""

    table: Table
    """The features of its blocks."""

    blocks: Blocks
    """The blocks that they are of."""

    tree: Tree | None
    """The elements around them; None for a plain-text dump."""


def view(page: LeftOpen) -> View:
    """The view of the blocks left open, of which there must be one; a dump has the features that need no tree."""
    table, tree = Table(len(page.blocks)), None
    document = page.document
    blocks = read_blocks(page)
    sums = sums_of(blocks)
    add_own(table, blocks)
    add_neighbours(table, blocks, sums)
    add_page(table, blocks, sums)
    if document.elements:
        add_headline(table, document.head, blocks, sums)
        tree = read_tree(document, blocks)
        add_ancestry(table, document.head, tree)
        add_regions(table, document.head, blocks, tree)
        add_likeness(table, blocks, tree)
        add_main(table, blocks, tree)
    else:
        add_lines(table, blocks, sums)
    return View(table, blocks, tree)


def add_chances(seen: View, percents: Sequence[int]) -> None:
    """Adds what a first look thinks: `percents` are the chances of the blocks to be content."""
    add_chances_near(seen.table, seen.blocks, percents)
    if seen.tree is not None:
        add_chances_around(seen.table, seen.blocks, seen.tree, percents)
