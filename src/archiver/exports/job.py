"""What every writer is handed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archiver.model import Record


@dataclass(frozen=True, slots=True)
class Job:
    """Records on their way out. A writer reads them once, in order, and holds a bounded number of them."""

    records: Iterator[tuple[str, Record]]
    """(place in the store, record), in the order of places; no failed ones."""

    added: str
    """When they are taken into the export, RFC 3339 in UTC: `2024-05-31T10:00:00Z`. Stands for the capture's time
    where a format must have one and nobody knows it."""

    name: str
    """The name of the file that is written; "" for stdout."""
