"""One capture -> its record, written out, whatever the capture does to the program."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import NamedTuple, Protocol

from archiver.model import Capture, Options, Record
from archiver.record import failed
from archiver.store import Packed, pack


class Cleaner(Protocol):
    """What makes a record of a capture. In a worker it is known by its name: a function of a module."""

    def __call__(self, source: Capture, /, *, options: Options) -> Record:
        """The record."""


class Cleaned(NamedTuple):
    """What came of a capture."""

    packed: Packed
    sound: bool
    """False when a bug, a crash or a limit stood in the way: the next run tries again."""
    payload_digest: str | None = None
    """Over the capture's body, where it was computed for the record."""


class Cleaning(NamedTuple):
    """Cleans captures, in this process or as the work of others."""

    options: Options
    clean: Cleaner | None = None
    """None for the pipeline."""

    def __call__(self, capture: Capture) -> Cleaned:
        """The capture's record. Raises nothing that an Exception is."""
        record, sound = clean_guarded(capture, self.options, self.clean)
        cleaned = packed_for(capture, record, sound=sound)
        # Of what another cleaner looked at nobody knows.
        return cleaned if self.clean else cleaned._replace(payload_digest=record.capture.payload_digest)


def clean_guarded(capture: Capture, options: Options, clean: Cleaner | None = None) -> tuple[Record, bool]:
    """The capture's record, and whether it is a result: False when a bug of the program stood in the way."""
    # Only here: a run with workers does without all that a page takes, half a second and 30 MB.
    from archiver import pipeline  # noqa: PLC0415

    try:
        return (clean or pipeline.clean)(capture, options=options), True
    except MemoryError:
        reason = "the memory of this machine is too small for it (clean it on a larger one)"
    except Exception as fault:  # noqa: BLE001
        # The one place for it: a bug that one page in a million wakes must cost that page and not the run of
        # a week. The record names it, so that it is reported and not lost.
        frame = traceback.extract_tb(fault.__traceback__)[-1]
        what = f"{type(fault).__name__}: {str(fault)[:200]} in {Path(frame.filename).name} line {frame.lineno}"
        reason = f"a bug in archiver: {what} (please report it with this capture)"
    return failed(capture, reason), False


def given_up(capture: Capture, reason: str) -> Cleaned:
    """The failed record of a capture that no worker could clean."""
    return packed_for(capture, failed(capture, reason), sound=False)


def packed_for(capture: Capture, record: Record, *, sound: bool) -> Cleaned:
    """The record written out as the store holds it: a capture out of an archive gets a line, any other two files."""
    return Cleaned(pack(record, as_line=capture.archive is not None), sound)
