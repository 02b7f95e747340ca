"""Where the records lie that revisits refer to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from archiver.readers.capture_file import Place
from archiver.readers.warc.framing import Record, Syntax
from archiver.readers.warc.tape import Mark


class Original(NamedTuple):
    """A record that was read before."""

    place: Place
    syntax: Syntax
    start: Mark
    skipped: str
    """Why it was no page; "" for a page."""


class Originals:
    """The records of all containers of one reading, in an unnamed file of the system: a million need no memory."""

    def __init__(self) -> None:
        self._places: list[tuple[Place, Syntax]] = []
        # SQLite's name for a database that lies in memory until it outgrows its cache, and goes when it is closed.
        self._database = sqlite3.connect("")
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("CREATE TABLE original (key TEXT PRIMARY KEY, place, member, inside, position, skipped)")

    def enter(self, place: Place, syntax: Syntax) -> None:
        """Says where the records lie that are remembered from now on."""
        self._places.append((place, syntax))

    def remember(self, record: Record, skipped: str = "") -> None:
        """Keeps where a record lies, under its id, its address and time, and its payload's digest.

        The first of several with the same key counts, as in the collection that a revisit was written from.
        """
        row = (len(self._places) - 1, *record.start, skipped)
        keys = _keys(record.head.fields, "warc-record-id", ("warc-target-uri", "warc-date"))
        self._database.executemany(
            "INSERT OR IGNORE INTO original VALUES (?, ?, ?, ?, ?, ?)", [(key, *row) for key in keys]
        )

    def find(self, revisit: Record) -> Original | None:
        """The record that a revisit refers to; None when it was not among those remembered."""
        refers = ("warc-refers-to-target-uri", "warc-refers-to-date")
        for key in _keys(revisit.head.fields, "warc-refers-to", refers):
            row = self._database.execute(
                "SELECT place, member, inside, position, skipped FROM original WHERE key = ?", (key,)
            ).fetchone()
            if row:
                place, member, inside, position, skipped = row
                where, syntax = self._places[place]
                return Original(where, syntax, Mark(member, inside, position), skipped)
        return None

    def close(self) -> None:
        """Forgets everything."""
        self._database.close()


def _keys(fields: dict[str, str], name: str, address_and_time: tuple[str, str]) -> Iterator[str]:
    """The surest first: the id names one record; a digest only says that some page was the same."""
    if name in fields:
        yield f"id {fields[name].strip('<>')}"
    address, time = (fields.get(field, "").strip("<>") for field in address_and_time)
    if address and time:
        yield f"capture {time} {address}"
    if digest := fields.get("warc-payload-digest"):
        yield f"digest {digest.lower()}"
