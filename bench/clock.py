"""Processor time of several functions, taken side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import fmean, median
from time import process_time
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


@dataclass(slots=True)
class Stopwatch:
    """Milliseconds of processor time, one figure for each run of a name.

    Processor time and not time on the wall: another program on the machine then costs the caches only.
    """

    milliseconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def run(
        self, name: str, function: Callable[_Given, _Result], *given: _Given.args, **named: _Given.kwargs
    ) -> _Result:
        """What the function returns; its time is noted under the name."""
        start = process_time()
        result = function(*given, **named)
        self.milliseconds[name].append(1000 * (process_time() - start))
        return result

    def median(self, name: str) -> float:
        """The median of a name's times, in ms. Raises StatisticsError for a name that never ran."""
        return median(self.milliseconds[name])

    def mean(self, name: str) -> float:
        """The mean of a name's times, in ms. Raises StatisticsError likewise."""
        return fmean(self.milliseconds[name])

    def ratio(self, one: str, other: str) -> float:
        """How many times the median of `other` the median of `one` is."""
        return self.median(one) / self.median(other)


def compare(watch: Stopwatch, functions: Mapping[str, Callable[[str], object]], page: str, turn: int) -> None:
    """Runs each function once on the page. Who begins changes with the turn: the first one finds the caches cold."""
    names = list(functions)
    start = turn % len(names)
    for name in names[start:] + names[:start]:
        watch.run(name, functions[name], page)
