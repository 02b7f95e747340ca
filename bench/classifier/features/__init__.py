"""What the classifier sees of each block: counts and shares, and no word of any language.

    characters.py  what the texts are made of
    reading.py     the block by itself, among its neighbours, on its page
    headline.py    how far it stands from the headline
    regions.py     what is around it on the tree
    table.py       rows with names

Every number is a count, a share of two counts or a mean of them: all machines compute the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from archiver.labels.weights import measured
from archiver.model import Document, Label
from bench.classifier.features.headline import add_headline
from bench.classifier.features.reading import add_neighbours, add_own, add_page, read_blocks, sums_of
from bench.classifier.features.regions import add_ancestry, add_likeness, add_main, add_regions, read_tree
from bench.classifier.features.table import Table

__all__ = ["Table", "features"]


def features(document: Document, labels: Mapping[int, Label]) -> Table:
    """The features of all blocks, of which there must be one; a plain-text dump has those that need no tree."""
    table = Table()
    blocks = read_blocks(document, labels)
    sums = sums_of(blocks)
    add_own(table, blocks)
    add_neighbours(table, blocks, sums)
    add_page(table, blocks, sums)
    if document.elements:
        add_headline(table, document, blocks, sums)
        tree = read_tree(measured(document), blocks)
        add_ancestry(table, document, blocks, tree)
        add_regions(table, document, blocks, tree)
        add_likeness(table, blocks, tree)
        add_main(table, blocks, tree)
    return table
