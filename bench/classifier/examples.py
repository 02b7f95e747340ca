"""What is learned from: blocks of the pages whose targets are sound, with their weights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.classifier.pages import LabelledPage

# A listing of a thousand rows says no more than two hundred of them; of a page that comes in six forms fewer tell.
_BLOCKS_A_PAGE, _LINES_A_TEXT = 200, 50
# A page weighs as much as any other; a Polish one, of which there are few, half as much again.
_PAGE_WEIGHT = {"waddle-pl": 1.5}


class Examples(NamedTuple):
    """One number a block in each array."""

    names: tuple[str, ...]
    """Of the features."""

    rows: NDArray[np.float32]
    """Features x blocks."""

    target: NDArray[np.bool_]
    """Whether the block is content."""

    weight: NDArray[np.float64]
    """How much it counts; 1 on the mean."""


def gather(pages: Sequence[LabelledPage], rows: Iterable[NDArray[np.float32]], names: tuple[str, ...]) -> Examples:
    """The examples of the pages; `rows` are the features of each page's blocks, taken one page at a time."""
    seen, target, weights = [], [], []
    for page, some in zip(pages, rows, strict=True):
        if page.taught:
            chosen = _choose(page)
            seen.append(some[:, chosen])
            target.append(page.target[chosen])
            weights.append(weigh(page, chosen))
    weight = np.concatenate(weights)
    return Examples(names, np.concatenate(seen, axis=1), np.concatenate(target), weight * len(weight) / weight.sum())


def _choose(page: LabelledPage) -> NDArray[np.int64]:
    count, most = len(page.target), _BLOCKS_A_PAGE if page.form == "markup" else _LINES_A_TEXT
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(np.int64))


def weigh(page: LabelledPage, chosen: NDArray[np.int64]) -> NDArray[np.float64]:
    """How much the chosen blocks count: long ones for more, since F1 is over words, but by the root of their length; a
    page counts as one.
    """
    weights: NDArray[np.float64] = np.sqrt(page.words[chosen] + 1.0)
    weights *= _PAGE_WEIGHT.get(page.set, 1.0) / weights.sum()
    return weights
