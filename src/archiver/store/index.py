"""The index of words: which texts have them. One SQLite file beside the catalogue, made from the records' texts.

Each text stands in it once, whatever the number of captures that have it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Self

import zstandard

from archiver.errors import StoreError
from archiver.search.expressions import Expression, Phrase
from archiver.search.words import spelling_digest, words_of
from archiver.store.databases import open_for_writing, remove

# Raised when a table changes: an index of another form is made again.
_FORM = 1

# `ascii` parts words at spaces and takes whatever is beyond ASCII as letters: the words are found already, and
# `unicode61` would part them again by the Unicode tables of SQLite's own (6.1, of 2012), at each vowel sign of Hindi.
# No content: the spelled words would take as much room again as the texts.
_TABLES = """
    CREATE VIRTUAL TABLE word USING fts5(body, content='', tokenize='ascii');
    CREATE TABLE text (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, body BLOB NOT NULL);
    CREATE TABLE state (spelling TEXT NOT NULL, catalogue TEXT NOT NULL);
"""

# Texts between two commits, about a second's work: a search that is stopped goes on there the next time.
_BATCH = 500

# As for shards. On 2,172 pages of WCXB and waddle a text takes 0.42 of its bytes and 0.15 ms.
_LEVEL = 3


class Match(NamedTuple):
    """A text that has what was asked for."""

    rank: float
    """bm25 as FTS5 has it: the lower, the better."""
    digest: str
    """As `text_digest` in records."""


class Index:
    """The open index; `with` closes it. What it is asked raises StoreError when the file cannot be used."""

    def __init__(self, path: Path) -> None:
        """Opens `path`; makes an empty index when it is missing, damaged or of another program's spelling."""
        self._path = path
        with self._explained():
            if not _is_sound(path):
                remove(path)
            self._connection = open_for_writing(path)
        with self._explained():
            if not self._connection.execute("PRAGMA user_version").fetchone()[0]:
                self._make()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def state(self) -> str:
        """The state of the catalogue whose texts these are; "" when some are missing."""
        with self._explained():
            return str(self._connection.execute("SELECT catalogue FROM state").fetchone()[0])

    def digests(self) -> set[str]:
        """Of all texts in it."""
        with self._explained():
            return {_digest(packed) for (packed,) in self._connection.execute("SELECT digest FROM text")}

    def reflect(self, state: str) -> None:
        """Says whose texts are in it."""
        with self._explained():
            self._connection.execute("UPDATE state SET catalogue = ?", (state,))

    def change(self, gone: Iterable[str], new: Iterable[tuple[str, str]]) -> None:
        """Takes texts out by their digests, and puts others in with theirs. What is done when it is stopped stays."""
        with self._explained():
            self._begin()
            try:
                self._connection.execute("UPDATE state SET catalogue = ''")
                for digest in gone:
                    self._forget(digest)
                for number, (digest, text) in enumerate(new, 1):
                    self._add(digest, text)
                    if number % _BATCH == 0:
                        self._connection.execute("COMMIT")
                        self._begin()
            finally:
                self._connection.execute("COMMIT")

    def matches(self, expression: Expression) -> Iterator[Match]:
        """The texts that answer it, the best first; equally good ones in no order."""
        # (FTS5 sorts by `rank` itself; the texts are looked up one by one, as they are asked for.)
        sql = "SELECT rank, digest FROM word JOIN text ON text.id = word.rowid WHERE word MATCH ? ORDER BY rank"
        with self._explained():
            for rank, packed in self._connection.execute(sql, (_in_fts5(expression),)):
                yield Match(rank, _digest(packed))

    def text(self, digest: str) -> str:
        """A text in it."""
        with self._explained():
            return self._row(digest)[1]

    def _make(self) -> None:
        self._begin()
        for statement in _TABLES.split(";"):
            self._connection.execute(statement)
        self._connection.execute("INSERT INTO state VALUES (?, '')", (spelling_digest(),))
        self._connection.execute(f"PRAGMA user_version = {_FORM}")
        self._connection.execute("COMMIT")

    def _begin(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def _add(self, digest: str, text: str) -> None:
        body = zstandard.ZstdCompressor(level=_LEVEL).compress(text.encode())
        added = self._connection.execute("INSERT INTO text (digest, body) VALUES (?, ?)", (_packed(digest), body))
        self._connection.execute("INSERT INTO word (rowid, body) VALUES (?, ?)", (added.lastrowid, _in_words(text)))

    def _forget(self, digest: str) -> None:
        number, text = self._row(digest)
        # An index without content is told what stood there, or its counts go wrong.
        sql = "INSERT INTO word (word, rowid, body) VALUES ('delete', ?, ?)"
        self._connection.execute(sql, (number, _in_words(text)))
        self._connection.execute("DELETE FROM text WHERE id = ?", (number,))

    def _row(self, digest: str) -> tuple[int, str]:
        sql = "SELECT id, body FROM text WHERE digest = ?"
        number, body = self._connection.execute(sql, (_packed(digest),)).fetchone()
        return number, zstandard.ZstdDecompressor().decompress(body).decode()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as fault:
            raise self._refused(fault) from fault

    def _refused(self, fault: sqlite3.Error) -> StoreError:
        if "no such module" in str(fault):
            what = f"the SQLite {sqlite3.sqlite_version} of this Python cannot search for words: it has no FTS5"
            return StoreError(what, where=str(self._path), next_step="take a Python whose SQLite has it; most have")
        if "locked" in str(fault):
            what = "another search is taking up the words of new captures"
            return StoreError(what, where=str(self._path.parent), next_step="wait until it is done")
        if isinstance(fault, sqlite3.OperationalError):
            # No rights, a full disk: nothing that another file would mend.
            what = f"the index of words cannot be written: {fault}"
            return StoreError(what, where=str(self._path), next_step="check the folder's rights and the disk's space")
        advice = "delete this file and search again; it is made from the records"
        return StoreError(f"the index of words cannot be used: {fault}", where=str(self._path), next_step=advice)


def _is_sound(path: Path) -> bool:
    if not path.exists():
        return False
    connection = sqlite3.connect(path)
    try:
        form = connection.execute("PRAGMA user_version").fetchone()[0]
        spelling = connection.execute("SELECT spelling FROM state").fetchone()
        return bool(form == _FORM and spelling == (spelling_digest(),))
    except sqlite3.OperationalError as fault:
        if "locked" in str(fault):
            raise
        return False
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.close()


def _in_words(text: str) -> str:
    return " ".join(words_of(text))


def _in_fts5(expression: Expression) -> str:
    """What is asked for in FTS5's own language.

    >>> _in_fts5(((Phrase(("clean", "text")), Phrase(("cleantext",))), (Phrase(("archiv",), is_beginning=True),)))
    '("clean text" OR "cleantext") AND ("archiv" *)'
    """
    members = [" OR ".join(map(_quoted, phrases)) for phrases in expression]
    return " AND ".join(f"({member})" for member in members)


def _quoted(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.words)}"{" *" if phrase.is_beginning else ""}'


def _packed(digest: str) -> bytes:
    return bytes.fromhex(digest.removeprefix("sha256:"))


def _digest(packed: bytes) -> str:
    return f"sha256:{packed.hex()}"
