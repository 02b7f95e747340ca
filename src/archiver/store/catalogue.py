"""The catalogue of clean/: one SQLite file that says which captures are done and where their records lie.

It only remembers what the records say, and which capture gave which; lost or damaged, it is made again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from archiver.errors import StoreError
from archiver.model import Status
from archiver.store.databases import open_for_writing, remove

FORM = 4
"""Raised when a table changes: a catalogue of another form is made again."""

# A run loses at most this many captures' "done" to a kill; they are cleaned again and found unchanged. One
# commit each costs a disk flush a capture (4 ms on a laptop's disk).
_BATCH = 100

_TABLES = """
    CREATE TABLE record (
        place TEXT PRIMARY KEY, id TEXT NOT NULL, urlkey TEXT, timestamp TEXT, origin TEXT NOT NULL,
        maker TEXT NOT NULL, text_digest TEXT NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL,
        json_bytes INTEGER NOT NULL, text_bytes INTEGER NOT NULL, url TEXT, http_status INTEGER, title TEXT,
        visible_digest TEXT NOT NULL, context_digest TEXT
    ) WITHOUT ROWID;
    CREATE INDEX by_address ON record (urlkey, timestamp);
    CREATE INDEX by_origin ON record (origin);
    CREATE INDEX by_text ON record (text_digest);
    CREATE TABLE done (key TEXT PRIMARY KEY, place TEXT NOT NULL, origin TEXT NOT NULL) WITHOUT ROWID;
    CREATE INDEX done_by_place ON done (place);
    CREATE TABLE unsettled (urlkey TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE shard (
        path TEXT PRIMARY KEY, maker TEXT NOT NULL, size INTEGER NOT NULL, first TEXT NOT NULL, keys BLOB NOT NULL
    );
"""

# The records that a run has made, and what they say instead of: the digest of the text that stood there before, none
# where no text did. It is emptied when a run has come to its end, so that what a killed one replaced is not forgotten.
# Made where it is missing: a catalogue without it is none the worse.
_BROUGHT = """
    CREATE TABLE IF NOT EXISTS brought (place TEXT PRIMARY KEY, before TEXT, by_this_run INTEGER NOT NULL) WITHOUT ROWID
"""

# (records, first ones, with the same text, to look at). What has replaced nothing is compared with the last earlier
# capture of its address that did not fail.
_COUNTED = """
    SELECT count(*), total(earlier IS NULL), total(earlier = text_digest), total(status = 'partial') FROM (
        SELECT own.text_digest, own.status, coalesce(brought.before, (
            SELECT text_digest FROM record
            WHERE urlkey = own.urlkey AND timestamp < own.timestamp AND status <> 'failed'
            ORDER BY timestamp DESC, place LIMIT 1
        )) AS earlier
        FROM brought LEFT JOIN record AS own USING (place) WHERE by_this_run
    )
"""


class Brought(NamedTuple):
    """What the records that a run has made have brought, each counted once."""

    new: int
    """The first of their address."""
    unchanged: int
    """With the same text as the record they replace, or else as the last earlier capture of their address."""
    changed: int
    """With another text than that."""
    partial: int
    """Those of the three that a person should look at."""


class Row(NamedTuple):
    """What the catalogue remembers of a record."""

    place: str
    id: str
    urlkey: str | None
    timestamp: str | None
    origin: str
    """Where the capture lay: source, container, offset."""
    maker: str
    """What made it, options and all; "" when unknown, after the catalogue was made again."""
    text_digest: str
    status: Status
    reason: str
    """Why it failed; "" when it did not."""
    json_bytes: int
    text_bytes: int
    url: str | None
    """As it was captured."""
    http_status: int | None
    title: str | None
    visible_digest: str
    """Over all that the page shows, kept or removed."""
    context_digest: str | None
    """Of what other captures decided in it; None for nothing."""


class ShardRow(NamedTuple):
    """What the catalogue remembers of a shard."""

    path: str
    """Under the folder of clean records."""
    maker: str
    """As in `Row`."""
    size: int
    """Bytes of the file."""
    first: str
    """Digest over the body of its archive's first capture; "" when that is unknown or was empty."""
    keys: bytes
    """`Keys` of its captures; none when unknown, after the catalogue was made again."""


class Catalogue:
    """The open catalogue. Raises StoreError when another run holds it or the disk refuses."""

    def __init__(self, path: Path, rows: Iterable[Row | ShardRow]) -> None:
        """Opens `path` and keeps other writers out; makes it from `rows` when it is missing or damaged."""
        self._path = path
        self._pending = 0
        sound = self._is_sound()
        if not sound:
            remove(path)
        self._connection = self._connect()
        self._run("BEGIN IMMEDIATE")
        if not sound:
            for statement in _TABLES.split(";"):
                self._run(statement)
            for row in rows:
                if isinstance(row, ShardRow):
                    self.remember_shard(row)
                else:
                    self.remember(row, key=None)
            # Last: whoever reads, or comes after a kill, must not take a part for the whole.
            self._run(f"PRAGMA user_version = {FORM}")
            self.commit()
        self._run(_BROUGHT)
        self._run("UPDATE brought SET by_this_run = FALSE WHERE by_this_run")

    def _connect(self) -> sqlite3.Connection:
        try:
            return open_for_writing(self._path)
        except sqlite3.Error as fault:
            raise self._refused(fault) from fault

    def _is_sound(self) -> bool:
        if not self._path.exists():
            return False
        connection = sqlite3.connect(self._path)
        try:
            form = connection.execute("PRAGMA user_version").fetchone()[0]
            return bool(form == FORM and connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
        except sqlite3.OperationalError as fault:
            raise self._refused(fault) from fault
        except sqlite3.DatabaseError:
            return False
        finally:
            connection.close()

    def row(self, place: str) -> Row | None:
        """What is known of the record at `place`."""
        return self._one("SELECT * FROM record WHERE place = ?", place)

    def row_of_capture(self, key: str) -> Row | None:
        """The record that stands for the capture with this key, when it was done."""
        return self._one("SELECT record.* FROM done JOIN record USING (place) WHERE key = ?", key)

    def failed_places(self, origin: str) -> list[str]:
        """Where the failed records of captures from `origin` lie."""
        query = "SELECT place FROM record WHERE origin = ? AND status = 'failed' ORDER BY place"
        return [place for (place,) in self._run(query, origin).fetchall()]

    def remember(self, row: Row, key: str | None, origin: str | None = None) -> None:
        """Enters a record, and that the capture `key` from `origin` (the row's own by default) gave it.

        An earlier state of the same capture is done no longer, and the captures of its address have to be seen in the
        light of this one.
        """
        self._unsettle_at(row.place)
        origin = row.origin if origin is None else origin
        self._run("DELETE FROM done WHERE place = ? AND origin = ?", row.place, origin)
        self.replace(row)
        self._unsettle_at(row.place)
        if key is not None:
            self._run("INSERT OR REPLACE INTO done VALUES (?, ?, ?)", key, row.place, origin)
        self._pending += 1
        if self._pending >= _BATCH:
            self.commit()

    def bring(self, place: str, before: Row | None) -> None:
        """Says that this run makes the record at `place`, where that of the same capture stood; None where none did.

        What a run replaced that was killed counts, and not what it put there.
        """
        text_digest = before.text_digest if before and before.status != "failed" else None
        query = "INSERT INTO brought VALUES (?, ?, TRUE) ON CONFLICT DO UPDATE SET by_this_run = TRUE"
        self._run(query, place, text_digest)

    def brought(self) -> Brought:
        """What the records of this run have brought, as they stand now. For the next run they are what was there."""
        records, new, unchanged, partial = map(int, self._run(_COUNTED).fetchone())
        # Without the condition SQLite writes to the disk even when there is nothing to take out.
        self._run("DELETE FROM brought WHERE TRUE")
        return Brought(new, unchanged, records - new - unchanged, partial)

    def unsettled(self, after: str) -> str | None:
        """The first address after this one, by key, that has captures which were not seen in each other's light; None
        when there is none.
        """
        query = "SELECT urlkey FROM unsettled WHERE urlkey > ? ORDER BY urlkey LIMIT 1"
        found = self._run(query, after).fetchone()
        return str(found[0]) if found else None

    def captures_of(self, urlkey: str) -> list[Row]:
        """What is known of the captures of an address that did not fail, in order of time and id."""
        query = "SELECT * FROM record WHERE urlkey = ? AND status <> 'failed' ORDER BY timestamp, id, place"
        return list(map(Row._make, self._run(query, urlkey).fetchall()))

    def replace(self, row: Row) -> None:
        """Enters another state of a record that is done, and stays so."""
        self._run(f"INSERT OR REPLACE INTO record VALUES ({','.join('?' * len(row))})", *row)

    def all_unsettled(self) -> list[str]:
        """All such addresses, by key."""
        return [urlkey for (urlkey,) in self._run("SELECT urlkey FROM unsettled ORDER BY urlkey").fetchall()]

    def unsettle(self, urlkeys: Iterable[str]) -> None:
        """The captures of these addresses have to be seen in a new light."""
        for urlkey in urlkeys:
            self._run("INSERT OR IGNORE INTO unsettled VALUES (?)", urlkey)

    def _unsettle_at(self, place: str) -> None:
        query = "SELECT urlkey FROM record WHERE place = ? AND urlkey IS NOT NULL AND status <> 'failed'"
        self._run(f"INSERT OR IGNORE INTO unsettled {query}", place)

    def settle(self, urlkeys: Iterable[str]) -> None:
        """These addresses are settled."""
        for urlkey in urlkeys:
            self._run("DELETE FROM unsettled WHERE urlkey = ?", urlkey)

    def shard(self, path: str) -> ShardRow | None:
        """What is known of the shard at `path`."""
        found = self._run("SELECT * FROM shard WHERE path = ?", path).fetchone()
        return ShardRow(*found) if found else None

    def places_in(self, shard: str) -> list[str]:
        """The places of the records that are remembered of a shard."""
        # "$" is the character after "#".
        query = "SELECT place FROM record WHERE place > ? || '#' AND place < ? || '$'"
        return [place for (place,) in self._run(query, shard, shard).fetchall()]

    def remember_shard(self, row: ShardRow) -> None:
        """Enters a shard that stands."""
        self._run("INSERT OR REPLACE INTO shard VALUES (?, ?, ?, ?, ?)", *row)

    def forget_shard(self, path: str) -> None:
        """Takes out a shard and its records."""
        for place in self.places_in(path):
            self.forget(place)
        self._run("DELETE FROM shard WHERE path = ?", path)

    def forget(self, place: str) -> None:
        """Takes out a record and what led to it; the others of its address have to be seen without it."""
        self._unsettle_at(place)
        self._run("DELETE FROM record WHERE place = ?", place)
        self._run("DELETE FROM done WHERE place = ?", place)

    def commit(self) -> None:
        """Makes what was remembered last a power cut, and keeps other writers out further on."""
        self._run("COMMIT")
        self._run("BEGIN IMMEDIATE")
        self._pending = 0

    def close(self) -> None:
        """Makes what was remembered last, and lets others write."""
        self._run("COMMIT")
        self._connection.close()

    def _one(self, query: str, *values: str) -> Row | None:
        found = self._run(query, *values).fetchone()
        return Row(*found) if found else None

    def _run(self, query: str, *values: object) -> sqlite3.Cursor:
        try:
            return self._connection.execute(query, values)
        except sqlite3.Error as fault:
            raise self._refused(fault) from fault

    def _refused(self, fault: sqlite3.Error) -> StoreError:
        if "locked" in str(fault):
            return StoreError(
                "another run is writing here", where=str(self._path.parent), next_step="wait until it is done"
            )
        advice = "delete this file and run again; it is made from the records"
        return StoreError(f"the catalogue cannot be used: {fault}", where=str(self._path), next_step=advice)
