"""Captures by the words of their clean texts: the index of words brought up to date, then asked."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from archiver.errors import RecordError
from archiver.record import digest_of
from archiver.search.expressions import Expression
from archiver.search.snippets import Snippet, snippet_of
from archiver.store.finding import Found, Query, find, find_by_text, key_ranges
from archiver.store.frames import read_lines
from archiver.store.index import Index
from archiver.store.shards import ENDING, split_place


class Hit(NamedTuple):
    """A capture whose text has what was asked for."""

    found: Found
    snippet: Snippet


def search(index: Index, catalogue: sqlite3.Connection, expression: Expression, query: Query) -> Iterator[Hit]:
    """The captures that a query wants whose texts answer the expression: the best texts first, equally good ones and
    those of one text by key, time and place. Raises StoreError, sqlite3.Error; InputError for a query that cannot be
    understood.
    """
    wanted = None
    if key_ranges(query) is not None:
        # One host's texts are told from all that have a common word without looking each of them up.
        wanted = {found.text_digest for found in find(catalogue, query)}
    matches = (match for match in index.matches(expression) if wanted is None or match.digest in wanted)
    for _, equally in groupby(matches, key=lambda match: match.rank):
        equal = [found for match in equally for found in find_by_text(catalogue, query, match.digest)]
        shown: dict[str, Snippet] = {}
        for found in sorted(equal, key=lambda found: (found.urlkey or "", found.timestamp or "", found.place)):
            if found.text_digest not in shown:
                shown[found.text_digest] = snippet_of(index.text(found.text_digest), expression)
            yield Hit(found, shown[found.text_digest])


class Update(NamedTuple):
    """What the index of words lacks."""

    gone: set[str]
    """Digests of texts that no capture has any more."""
    new: dict[str, str]
    """Digests of texts that it has not, each with the place of a record that has it."""


def compare(index: Index, catalogue: sqlite3.Connection) -> Update:
    """What has to be done. Failed captures have no text. Raises StoreError, sqlite3.Error."""
    sql = "SELECT text_digest, min(place) FROM record WHERE status <> 'failed' AND text_digest <> ? GROUP BY 1"
    there = dict(catalogue.execute(sql, (digest_of(""),)))
    known = index.digests()
    return Update(known - there.keys(), {digest: place for digest, place in there.items() if digest not in known})


def read_texts(folder: Path, wanted: Mapping[str, str], faults: list[RecordError]) -> Iterator[tuple[str, str]]:
    """The texts at places, each with its digest; a shard is read once. One that cannot be read as its record says is
    added to `faults` and passed over.
    """
    by_file: dict[str, dict[int, str]] = {}
    for digest, place in wanted.items():
        file, line = split_place(place) or (f"{place}.txt", 0)
        by_file.setdefault(file, {})[line] = digest
    for file, digests in sorted(by_file.items()):
        left = dict(digests)
        try:
            for line, text in _texts_in(folder / file):
                if line in left and digest_of(text) == left[line]:
                    yield left.pop(line), text
            what = "the text is not the one that was catalogued"
        except RecordError as fault:
            what = fault.what
        except (OSError, UnicodeDecodeError) as fault:
            what = f"cannot be read: {fault}"
        if left:
            faults.append(RecordError(what, where=file, next_step="run `archiver check` for all that are damaged"))


def _texts_in(path: Path) -> Iterator[tuple[int, str]]:
    if path.name.endswith(ENDING):
        for line, data in enumerate(read_lines(path)):
            yield line, _text_of(data)
    else:
        # Of a record on its own, without the line end that the file has.
        yield 0, path.read_bytes().decode().removesuffix("\n")


def _text_of(line: bytes) -> str:
    """The text in a record, without the time that it takes to read all of it; "" in what is none."""
    try:
        return str(json.loads(line)["content"]["text"])
    except (ValueError, LookupError, TypeError):
        return ""
