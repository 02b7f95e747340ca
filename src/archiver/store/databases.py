"""SQLite files that one program writes while others read (its write-ahead log)."""

from __future__ import annotations

import sqlite3
from pathlib import Path


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Opens or makes a database that can be read while it is written. Raises sqlite3.Error."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        # Stays as it was where the file system has no shared memory: readers and a writer then wait for one another.
        connection.execute("PRAGMA journal_mode = WAL").close()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Opens a database that is there; nothing can be written by it. Raises sqlite3.Error."""
    address = path.resolve().as_uri()
    try:
        # Not `mode=ro`: such a reader leaves the files of the log behind.
        return _reading(f"{address}?mode=rw")
    except sqlite3.OperationalError:
        # On a disk that cannot be written nobody writes: no log and no locks are needed.
        return _reading(f"{address}?immutable=1")


def _reading(address: str) -> sqlite3.Connection:
    connection = sqlite3.connect(address, uri=True, isolation_level=None)
    try:
        connection.execute("PRAGMA query_only = ON").close()
        # What opens it: until then a missing right goes unnoticed.
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def remove(path: Path) -> None:
    """Takes away a database with its log. Raises OSError."""
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def state_of(path: Path) -> str:
    """What changes whenever something is committed to it: equal when nothing was."""
    parts = []
    for ending in ("", "-wal"):
        try:
            facts = path.with_name(path.name + ending).stat()
        except OSError:
            continue
        if facts.st_size:
            parts.append(f"{facts.st_ino} {facts.st_size} {facts.st_mtime_ns}")
    return "\n".join(parts)
