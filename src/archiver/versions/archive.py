"""Timelines of what stands in a folder of clean records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from archiver.context import Seen, shared
from archiver.errors import InputError, RecordError
from archiver.store import Found, Query, Store
from archiver.versions.takes import Take, take
from archiver.versions.timeline import Timeline, Version, timeline

Damaged = Callable[[RecordError], None]
"""Is handed each record that cannot be read; it is left out."""


def timeline_in(store: Store, url: str, damaged: Damaged) -> Timeline:
    """The timeline of an address, in any spelling of it. Raises InputError when no capture of it has a time and a text,
    StoreError when the folder cannot be read.
    """
    found = [row for row in store.timeline(url) if _is_dated(row)]
    if not found:
        step = "see `archiver find CLEAN --host HOST` for what was captured"
        raise InputError("no capture of this address that has a time and a text", where=url, next_step=step)
    return _timeline(store, found, damaged)


def changes_in(store: Store, query: Query, damaged: Damaged) -> Iterator[tuple[Timeline, Version]]:
    """The changes of pages in the span of time that a query asks for, address by address in order of their keys: each
    version that began then, with its timeline; not the first one of a page. Raises as `timeline_in` does.
    """
    everything = replace(query, since="", until="")
    since, until = query.since, query.until.ljust(14, "9") if query.until else "9" * 14
    for key, rows in groupby(store.find(everything), key=lambda row: row.urlkey):
        found = [row for row in rows if _is_dated(row)]
        times = (row.timestamp or "" for row in found)
        # Nothing is read of a page that was not captured in that time, or only once, or always said the same.
        if key is None or not any(since <= time <= until for time in times):
            continue
        if len({row.text_digest for row in found}) < 2:
            continue
        line = _timeline(store, found, damaged)
        yield from (
            (line, version) for version in line.versions if version.change and since <= version.first_seen <= until
        )


def _is_dated(row: Found) -> bool:
    return row.timestamp is not None and row.status != "failed"


def _timeline(store: Store, found: Iterable[Found], damaged: Damaged) -> Timeline:
    return timeline(_takes(store, found, damaged), store.get)


def _takes(store: Store, found: Iterable[Found], damaged: Damaged) -> Iterator[Take]:
    """A take of each capture. Of those that show and say the same one is read: most are like the one before."""
    known: dict[tuple[object, ...], Take] = {}
    blocks: dict[Seen, Seen] = {}
    for row in found:
        state = (row.text_digest, row.visible_digest, row.context_digest, row.http_status, row.status)
        if state not in known:
            try:
                found_here = take(store.get(row.place), row.place)
            except RecordError as fault:
                damaged(fault)
                continue
            known[state] = replace(found_here, sketch=shared(found_here.sketch, blocks))
        # The id of a record orders those of one second; by place they are ordered as well.
        yield replace(known[state], place=row.place, time=row.timestamp or "", id=row.place)
