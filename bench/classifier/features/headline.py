"""How far the block stands from the page's headline."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from archiver.model import Document
from bench.classifier.features.reading import GOOD, Blocks
from bench.classifier.features.table import Table

# The site's name takes the other part of a title; a logo's words alone are shorter.
_TITLE_SHARE = 0.3
# Distances beyond are cut; the last stands for a page without a headline.
_BEFORE, _AFTER, _NONE = -60, 200, 201


def add_headline(table: Table, document: Document, blocks: Blocks, sums: NDArray[np.float64]) -> None:
    """The headline is the heading that says what <title> says, else the first <h1> that is no link."""
    index = np.arange(len(blocks.texts))
    headings = np.flatnonzero(blocks.heading)
    title = " ".join((document.head.title or "").split()).casefold()
    named = [
        place
        for place in headings.tolist()
        if title
        and len(blocks.texts[place]) >= _TITLE_SHARE * len(title)
        and " ".join(blocks.texts[place].split()).casefold() in title
    ]
    in_links = np.array([block.link_characters for block in document.blocks], np.int64)[headings]
    first = headings[(blocks.level[headings] == 1) & (2 * in_links < blocks.characters.length[headings])]
    ones = np.ones(len(index))
    headline = named[0] if named else int(first[0]) if len(first) else -1
    nowhere = ones * _NONE
    table.add(
        "to_headline is_headline has_headline to_h1 good_since_headline",
        (
            np.clip(index - headline, _BEFORE, _AFTER) if headline >= 0 else nowhere,
            index == headline,
            ones * (1 + bool(named) if headline >= 0 else 0),
            np.clip(index - int(first[0]), _BEFORE, _AFTER) if len(first) else nowhere,
            sums[GOOD, :-1] - sums[GOOD, headline] if headline >= 0 else -ones,
        ),
    )
