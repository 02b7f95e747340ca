"""The trained models, one for markup and one for plain text: a first look at each block, and a second one that knows
what the first thinks of the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from archiver.labels.features import View, add_chances
from archiver.labels.forest import Forest, read_forest
from archiver.labels.network import Network, read_network
from archiver.tables import read_model

_CHANCES = np.arange(1, 100) / 100
FIRST_PERCENTS = np.rint(1000 * np.log(_CHANCES / (1 - _CHANCES))).astype(np.int64)
"""The scores of a first look, in 1000ths of a logit, from which on a block is content in 1, 2, ... 99 of 100 cases."""


class Judgement(NamedTuple):
    """What the model says of a page's blocks."""

    percents: list[int]
    """Of 100 such blocks so many are content; 0 to 99."""

    leaves: NDArray[np.intp]
    """The second look's: see `Forest.find_leaves`."""


@dataclass(frozen=True, eq=False)
class Looks:
    """The looks at pages of one form, markup or plain text."""

    first: Network
    """Sees the features."""

    second: Forest
    """Sees the features and the chances that the first look gives."""

    def judge(self, seen: View) -> Judgement:
        """The chances; adds features of the first look to the view."""
        scores = _first(self, seen.table.names).scores(seen.table.rows())
        add_chances(seen, np.searchsorted(FIRST_PERCENTS, scores, side="right").tolist())
        leaves = _second(self, seen.table.names).find_leaves(seen.table.rows())
        return Judgement(self.second.percents(self.second.sums(leaves)), leaves)


# Arranged once for the order in which a form's features are gathered: to take the rows in the models' own orders took
# 0.2 ms of each page.
@cache
def _first(looks: Looks, names: tuple[str, ...]) -> Network:
    return looks.first.arranged(names)


@cache
def _second(looks: Looks, names: tuple[str, ...]) -> Forest:
    return looks.second.arranged(names)


@cache
def looks_at_markup() -> Looks:
    """The model of HTML pages."""
    return _read("content-markup")


@cache
def looks_at_text() -> Looks:
    """The model of plain-text dumps."""
    return _read("content-text")


def _read(name: str) -> Looks:
    first, second = f"{name}-first", f"{name}-second"
    return Looks(
        read_network(read_model(first), f"tables/{first}.txt"), read_forest(read_model(second), f"tables/{second}.txt")
    )
