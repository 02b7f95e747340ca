"""Named rows of numbers, one column a block: what the features are gathered in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

Row = NDArray[np.int64] | NDArray[np.float64] | NDArray[np.float32] | NDArray[np.bool_]
"""One number a block."""


class Table:
    """Rows in the order in which they were added."""

    def __init__(self) -> None:
        self.by_name: dict[str, Row] = {}

    def add(self, names: str, rows: Sequence[Row]) -> None:
        """Adds rows under new names, parted by spaces. Raises ValueError when there is not one name for each."""
        added = _split(names)
        if len(added) != len(rows) or not self.by_name.keys().isdisjoint(added):
            raise ValueError(f"{len(rows)} rows for {len(added)} names, of which some may be there already: {names}")
        self.by_name.update(zip(added, rows, strict=True))

    def rows(self, names: Sequence[str] | None = None) -> NDArray[np.float32]:
        """Those named, in that order, or all; features x blocks. Raises KeyError for a name that is not there."""
        return np.array([self.by_name[name] for name in names or self.by_name], np.float32)


# Some fifty names and patterns in all; put together anew they took 0.1 ms of a page.
@cache
def _split(names: str) -> tuple[str, ...]:
    return tuple(names.split())


@cache
def named(pattern: str, of: str) -> str:
    """Names after a pattern.

    >>> named("w2_{}", "size link")
    'w2_size w2_link'
    """
    return " ".join(pattern.format(name) for name in of.split())


def share(part: Row, whole: Row) -> NDArray[np.float64]:
    """The quotient; a whole of nothing counts as one."""
    quotient: NDArray[np.float64] = part / np.maximum(whole, 1)
    return quotient


def sums_before(values: Sequence[Row]) -> NDArray[np.float64]:
    """For each row the sums of what stands before each place, and the sum of all as the last column.

    Exact, and so the same on every machine: sums of whole numbers far below 2^53.
    """
    stacked = np.stack(values).astype(np.float64)
    sums = np.zeros((len(stacked), stacked.shape[1] + 1))
    np.cumsum(stacked, axis=1, out=sums[:, 1:])
    return sums
