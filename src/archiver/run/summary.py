"""What a run did, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from archiver.model import Capture
from archiver.store import Brought, Outcome


@dataclass(frozen=True, slots=True)
class Failure:
    """A capture that gave no text."""

    where: str
    """The file it lay in, or its address."""

    reason: str
    """Why, with what to do next."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did: `captures` = `new` + `unchanged` + `changed` + `failed` + `duplicates` + `done`.

    Texts are compared as they are stored in the end, when the captures of an address have been seen in each other's
    light; so it does not matter who cleaned them, and in which order.
    """

    captures: int
    """All that came in."""

    new: int
    """The first of their address."""

    unchanged: int
    """Same text as the record it replaces, or else as the last earlier capture of its address."""

    changed: int
    """Another text than that."""

    failed: int
    """Cleaned in this run, without a text to show."""

    duplicates: int
    """Same address, time and bytes as a capture before it in this run: one record stands for both, but out of an
    archive each has its own."""

    done: int
    """Skipped: this program, with these options, did them before."""

    partial: int
    """Those of new, unchanged and changed that a person should look at."""

    failures: tuple[Failure, ...]
    """Every capture of this run whose record is a failed one, those skipped as done too."""


class Tally:
    """Counts outcomes, one after the other."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._failures: list[Failure] = []

    def count(self, capture: Capture, outcome: Outcome) -> None:
        """One capture more."""
        self._counts["captures"] += 1
        self._counts[_column(outcome)] += 1
        if outcome.status == "failed":
            self._failures.append(Failure(capture.container or capture.url or outcome.place, outcome.reason))

    def summary(self, brought: Brought) -> Summary:
        """All that was counted, and what the store says of the records that were made."""
        counts = {column: self._counts[column] for column in ("captures", "failed", "duplicates", "done")}
        return Summary(**counts, **brought._asdict(), failures=tuple(self._failures))


def _column(outcome: Outcome) -> str:
    """The one column of the summary that a capture counts in; those cleaned are parted in the end."""
    if outcome.change == "duplicate":
        return "duplicates"
    return "failed" if outcome.status == "failed" and outcome.change == "cleaned" else outcome.change
