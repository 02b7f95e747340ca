"""The error family.

    ArchiverError
     ├── CaptureError        one capture cannot be read; becomes a `failed` record, the run goes on
     ├── InputError          what was asked for cannot be opened: no such path, no rights, wrong kind
     ├── RecordError         a stored record is not what the schema says; `check` names it
     ├── StoreError          clean/ cannot be written or read; stops the run
     └── WorkerError         the processes that clean cannot be begun; stops the run

Each says where (file, line, address) and what to do next. A bug is none of these.
"""

from __future__ import annotations


class ArchiverError(Exception):
    """The base of all. `str(error)` is a sentence for the user."""

    def __init__(self, what: str, *, where: str = "", next_step: str = "") -> None:
        self.what = what
        self.where = where
        self.next_step = next_step
        super().__init__(what, where, next_step)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f" ({self.next_step})" if self.next_step else ""
        return f"{place}{self.what}{advice}"


class CaptureError(ArchiverError):
    """A capture that cannot be read: empty, binary, a truncated gzip, no rights."""


class InputError(ArchiverError):
    """A path or an argument that cannot be used as asked."""


class RecordError(ArchiverError):
    """A stored record that is damaged or was written by something else."""


class StoreError(ArchiverError):
    """The folder of clean records cannot be written or read."""


class WorkerError(ArchiverError):
    """The processes that clean captures cannot be begun."""
