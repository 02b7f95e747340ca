"""Named rows of numbers, one column a block: what the features are gathered in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Row = NDArray[np.int64] | NDArray[np.float64] | NDArray[np.float32] | NDArray[np.bool_]
"""One number a block."""


# Of plain text there are 325, of markup 302.
_MOST_ROWS = 384


class NamedRows(Protocol):
    """What a `Table` or a dictionary gives for a name."""

    def __getitem__(self, name: str, /) -> Row:
        """The row."""

    def __contains__(self, name: object, /) -> bool:
        """Whether there is one."""


class Table:
    """Rows in the order in which they were added, in one array: 32-bit floats, as the models are taught with."""

    def __init__(self, columns: int) -> None:
        self._values = np.empty((_MOST_ROWS, columns), np.float32)
        self._groups: list[str] = []
        self._count = 0
        self._places: dict[str, int] | None = None

    def add(self, names: str, rows: Sequence[Row | float] | NDArray[Any]) -> None:
        """Adds rows under new names, parted by spaces; of an array all axes but the last are rows, and a single number
        stands for a row of it. Raises ValueError when there is not one name for each.
        """
        start, self._count = self._count, self._count + len(_split(names))
        self._groups.append(names)
        self._places = None
        if isinstance(rows, np.ndarray):
            self._values[start : self._count] = rows.reshape(-1, rows.shape[-1])
            return
        for place, row in zip(range(start, self._count), rows, strict=True):
            self._values[place] = row

    @property
    def by_name(self) -> dict[str, Row]:
        """All rows."""
        return {name: self._values[place] for name, place in self._find_places().items()}

    def __getitem__(self, name: str) -> Row:
        """A row; raises KeyError for a name that is not there."""
        row: NDArray[np.float32] = self._values[self._find_places()[name]]
        return row

    def __contains__(self, name: object) -> bool:
        return name in self._find_places()

    @property
    def names(self) -> tuple[str, ...]:
        """Those of the rows, in their order."""
        return _names(tuple(self._groups))

    def rows(self) -> NDArray[np.float32]:
        """All of them: features x blocks, not to be changed."""
        return self._values[: self._count]

    def _find_places(self) -> dict[str, int]:
        if self._places is None:
            self._places = _places(tuple(self._groups))
        return self._places


# The names are the same ones for every page of a form: put together anew they took 0.1 ms of a page.
@cache
def _names(groups: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([name for group in groups for name in _split(group)])


@cache
def _places(groups: tuple[str, ...]) -> dict[str, int]:
    names = _names(groups)
    places = {name: place for place, name in enumerate(names)}
    if len(places) < len(names):
        raise ValueError(f"a name was added twice: {names}")
    return places


@cache
def _split(names: str) -> tuple[str, ...]:
    return tuple(names.split())


@cache
def named(pattern: str, of: str, each: str = "") -> str:
    """Names after a pattern; with two lists each of the first with all of the second.

    >>> named("w2_{}", "size link"), named("a{1}_{0}", "size link", "0 1")
    ('w2_size w2_link', 'a0_size a1_size a0_link a1_link')
    """
    return " ".join(pattern.format(name, other) for name in of.split() for other in each.split() or [""])


def share(part: Row, whole: Row) -> NDArray[np.float64]:
    """The quotient; a whole of nothing counts as one."""
    quotient: NDArray[np.float64] = part / np.maximum(whole, 1)
    return quotient


def sums_before(values: Sequence[Row]) -> NDArray[np.float64]:
    """For each row the sums of what stands before each place, and the sum of all as the last column.

    Exact, and so the same on every machine: sums of whole numbers far below 2^53.
    """
    stacked = np.stack(values, dtype=np.float64)
    sums = np.zeros((len(stacked), stacked.shape[1] + 1))
    np.cumsum(stacked, axis=1, out=sums[:, 1:])
    return sums
