"""What is asked of a folder of clean records while others may be writing it: captures by address and by words."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from archiver.errors import RecordError, StoreError
from archiver.search.expressions import Expression
from archiver.store.catalogue import FORM
from archiver.store.databases import open_for_reading, state_of
from archiver.store.finding import Found, Query, find
from archiver.store.index import Index
from archiver.store.searching import Hit, compare, read_texts, search

CATALOGUE = ".catalogue.sqlite"
"""The catalogue's name in the folder of clean records."""

INDEX = ".words.sqlite"
"""The name of the index of words."""

Progress = Callable[[int, int], None]
"""Called as the index takes up texts: how many it has taken up, of how many."""


def find_captures(folder: Path, query: Query) -> Iterator[Found]:
    """See `Store.find`."""
    with _catalogue(folder) as catalogue:
        yield from find(catalogue, query)


def search_texts(folder: Path, expression: Expression, query: Query) -> Iterator[Hit]:
    """See `Store.search`."""
    with _catalogue(folder) as catalogue, Index(folder / INDEX) as index:
        yield from search(index, catalogue, expression, query)


def update_index(folder: Path, watch: Progress | None) -> list[RecordError]:
    """Takes new texts into the index of words, and those that are gone out of it; returns a fault for each file with
    texts that cannot be read. Raises StoreError.
    """
    faults: list[RecordError] = []
    with _catalogue(folder) as catalogue, Index(folder / INDEX) as index:
        # Before it is read: what is committed meanwhile is for the next time.
        state = state_of(folder / CATALOGUE)
        if index.state() == state:
            return faults
        update = compare(index, catalogue)
        texts = _watched(read_texts(folder, update.new, faults), len(update.new), watch)
        index.change(sorted(update.gone), texts)
        if not faults:
            index.reflect(state)
    return faults


def is_readable(folder: Path) -> bool:
    """Whether the catalogue is whole and of this program's form, as far as its head tells."""
    try:
        with closing(open_for_reading(folder / CATALOGUE)) as connection:
            return bool(connection.execute("PRAGMA user_version").fetchone()[0] == FORM)
    except sqlite3.Error:
        return False


def _watched(texts: Iterable[tuple[str, str]], count: int, watch: Progress | None) -> Iterator[tuple[str, str]]:
    for number, text in enumerate(texts, 1):
        yield text
        if watch:
            watch(number, count)


@contextmanager
def _catalogue(folder: Path) -> Iterator[sqlite3.Connection]:
    path = folder / CATALOGUE
    try:
        with closing(open_for_reading(path)) as connection:
            yield connection
    except sqlite3.Error as fault:
        advice = "delete this file and ask again; it is made from the records"
        raise StoreError(f"the catalogue cannot be used: {fault}", where=str(path), next_step=advice) from fault
