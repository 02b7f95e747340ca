"""The trained model: a first look at each block, and a second one that knows what the first thinks of the others."""

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

    patterns: NDArray[np.intp]
    """The leaves of the second look's trees: trees x blocks."""


@dataclass(frozen=True)
class Looks:
    """Both looks at pages of one form, markup or plain text."""

    first: Network | Forest
    """Sees the features."""

    second: Forest
    """Sees the features and the chances that the first look gives."""

    def first_percents(self, seen: View) -> list[int]:
        """The chances by the first look."""
        scores = self.first.scores(seen.table.rows(self.first.features))
        found: list[int] = np.searchsorted(FIRST_PERCENTS, scores, side="right").tolist()
        return found

    def judge(self, seen: View) -> Judgement:
        """The chances by both looks; adds features of the first to the view."""
        add_chances(seen, self.first_percents(seen))
        patterns = self.second.patterns(seen.table.rows(self.second.features))
        return Judgement(self.second.percents(self.second.sums(patterns)), patterns)


@cache
def looks_at_markup() -> Looks:
    """The model of HTML pages."""
    first, second = "content-markup-first", "content-markup-second"
    return Looks(
        read_network(read_model(first), f"tables/{first}.txt"), read_forest(read_model(second), f"tables/{second}.txt")
    )
