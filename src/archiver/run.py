"""Many captures, one after the other: each gets a record, and none stops the run."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from archiver.model import Capture, Options, Record
from archiver.pipeline import clean
from archiver.record import failed
from archiver.store import Key, Outcome, Store, key_of

Watch = Callable[[Capture, Outcome], None]
"""Called after each capture, in order: for a progress bar."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A capture that gave no text."""

    where: str
    """The file it lay in, or its address."""

    reason: str
    """Why, with what to do next."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did: `captures` = `new` + `unchanged` + `changed` + `failed` + `duplicates` + `done`."""

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
    """Same address, time and bytes as a capture before it in this run: one record stands for both."""

    done: int
    """Skipped: this program, with these options, did them before."""

    partial: int
    """Those of new, unchanged and changed that a person should look at."""

    failures: tuple[Failure, ...]
    """Every capture of this run whose record is a failed one, those skipped as done too."""


def run(captures: Iterable[Capture], store: Store, options: Options, watch: Watch | None = None) -> Summary:
    """Cleans each capture that is not done, and puts its record into the store, which must be open.

    Raises StoreError when the store cannot be written; what the captures themselves do is in the summary.
    """
    counts: Counter[str] = Counter()
    failures: list[Failure] = []
    for capture in captures:
        outcome = _run_one(capture, store, options)
        counts["captures"] += 1
        counts[_column(outcome)] += 1
        if outcome.status == "partial" and outcome.change in ("new", "unchanged", "changed"):
            counts["partial"] += 1
        if outcome.status == "failed":
            failures.append(Failure(capture.container or capture.url or outcome.place, outcome.reason))
        if watch:
            watch(capture, outcome)
    columns = ("captures", "new", "unchanged", "changed", "failed", "duplicates", "done", "partial")
    return Summary(**{column: counts[column] for column in columns}, failures=tuple(failures))


def clean_guarded(capture: Capture, options: Options) -> tuple[Record, bool]:
    """The capture's record, and whether it is a result: False when a bug of the program stood in the way."""
    try:
        return clean(capture, options=options), True
    except Exception as fault:  # noqa: BLE001
        # The one place for it: a bug that one page in a million wakes must cost that page and not the run of
        # a week. The record names it, so that it is reported and not lost.
        frame = traceback.extract_tb(fault.__traceback__)[-1]
        what = f"{type(fault).__name__}: {str(fault)[:200]} in {Path(frame.filename).name} line {frame.lineno}"
        reason = f"a bug in archiver: {what} (please report it with this capture)"
        return failed(capture, reason), False


def _run_one(capture: Capture, store: Store, options: Options) -> Outcome:
    key: Key | None = key_of(capture, options)
    if key and (outcome := store.done(key)):
        return outcome
    record, sound = clean_guarded(capture, options)
    # A capture that met a bug is not done: the next run tries again, perhaps with the bug mended.
    return store.put(record, key if sound else None)


def _column(outcome: Outcome) -> str:
    """The one column of the summary that a capture counts in."""
    if outcome.change == "duplicate":
        return "duplicates"
    return "failed" if outcome.status == "failed" and outcome.change != "done" else outcome.change
