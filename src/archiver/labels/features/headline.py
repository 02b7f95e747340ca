"""How far the block stands from the page's headline."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from archiver.labels.characters import Counts
from archiver.labels.features.reading import GOOD, Blocks
from archiver.labels.features.table import Table
from archiver.model import Head

# The site's name takes the other part of a title; a logo's words alone are shorter.
_TITLE_SHARE = 0.3
# Distances beyond are cut; the last stands for a page without a headline.
_BEFORE, _AFTER, _NONE = -60, 200, 201


def add_headline(table: Table, head: Head, blocks: Blocks, sums: NDArray[np.float64]) -> None:
    """The distances from it: how many blocks before (below 0) or after, and how much prose between."""
    index = np.arange(len(blocks.texts))
    unlinked = 2 * blocks.in_links < blocks.characters.length
    first = np.flatnonzero(blocks.heading & (blocks.level == 1) & unlinked)
    named = _find_named(head, blocks, np.flatnonzero(blocks.heading & unlinked))
    headline = named if named >= 0 else int(first[0]) if len(first) else -1
    table.add(
        "to_headline is_headline has_headline to_h1 good_since_headline",
        (
            _distances(index, headline) if headline >= 0 else _NONE,
            index == headline,
            1 + (named >= 0) if headline >= 0 else 0,
            _distances(index, int(first[0])) if len(first) else _NONE,
            sums[GOOD, :-1] - sums[GOOD, headline] if headline >= 0 else -1,
        ),
    )


def _distances(index: Counts, headline: int) -> Counts:
    return np.minimum(np.maximum(index - headline, _BEFORE), _AFTER)


def _find_named(head: Head, blocks: Blocks, headings: NDArray[np.intp]) -> int:
    """The heading that says what <title> says or a part of it: an <h1> however short, else the first; -1 for none."""
    title = " ".join((head.title or "").split()).casefold()
    if not title:
        return -1
    named = []
    for place in headings.tolist():
        words = " ".join(blocks.texts[place].split()).casefold()
        top = bool(blocks.level[place] == 1)
        if words in title and (top or len(words) >= _TITLE_SHARE * len(title)):
            named.append((not top, place))
    return min(named)[1] if named else -1
