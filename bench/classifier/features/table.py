"""Named rows of numbers, one column a block: what the features are gathered in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Row = NDArray[np.int64] | NDArray[np.float64] | NDArray[np.bool_]
"""One number a block."""


class Table:
    """Rows in the order in which they were added."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._rows: list[Row] = []

    def add(self, names: str, rows: Sequence[Row]) -> None:
        """Adds rows under names that are parted by spaces. Raises ValueError when there is not a name for each."""
        added = names.split()
        if len(added) != len(rows):
            raise ValueError(f"{len(added)} names for {len(rows)} rows")
        self.names += added
        self._rows += rows

    def rows(self, names: Sequence[str] | None = None) -> NDArray[np.float32]:
        """Those of the names, in their order, or all: features x blocks. One that a document has not is all 0."""
        if names is None:
            return np.array(self._rows, np.float32)
        places = {name: place for place, name in enumerate(self.names)}
        nothing = np.zeros(len(self._rows[0]))
        return np.array([self._rows[places[name]] if name in places else nothing for name in names], np.float32)

    def of(self, block: int) -> Column:
        """The features of one block by their names."""
        return Column(self, block)

    def value(self, name: str, block: int) -> float:
        """One number. Raises ValueError for an unknown name."""
        return float(self._rows[self.names.index(name)][block])


class Column(Mapping[str, float]):
    """One block's numbers, looked up only when they are asked for."""

    def __init__(self, table: Table, block: int) -> None:
        self._table = table
        self._block = block

    def __getitem__(self, name: str) -> float:
        if name not in self._table.names:
            raise KeyError(name)
        return self._table.value(name, self._block)

    def __iter__(self) -> Iterator[str]:
        return iter(self._table.names)

    def __len__(self) -> int:
        return len(self._table.names)


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
