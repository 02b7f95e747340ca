"""What was captured: of an address, under a prefix, of a host, in a span of time; out of the catalogue, which a run may
be writing meanwhile.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from archiver.addresses import unwrap_replay
from archiver.errors import InputError
from archiver.model import Status
from archiver.urlkeys import urlkey

# Sorts behind all that goes on after the same beginning.
_LAST = "\U0010ffff"

# `org,example)/news`: a comma or bracket before any point or slash.
_BEGINS_A_KEY = re.compile(r"[^/.,)]*[,)]")

# `mailto:`, `about:`; not `localhost:8080`.
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+-]*:(?![0-9/])", re.IGNORECASE)

_TIME = re.compile(r"\d{4}(?:\d\d){0,5}", re.ASCII)

_COLUMNS = "urlkey, timestamp, url, place, status, http_status, text_digest, title, visible_digest, context_digest"


@dataclass(frozen=True, slots=True)
class Query:
    """Which captures are wanted: those that answer everything that is asked for here."""

    url: str | None = None
    """This address, in any spelling; with or without its `http://`."""

    prefix: str | None = None
    """Addresses that begin so: `https://example.org/news`, or a part of their keys, `org,example)/news`; a `*` may
    stand at the end."""

    host: str | None = None
    """This host and all below it; with a port only that port of this host."""

    since: str = ""
    """Captured then or later, UTC: 4 to 14 digits of a time, `2024` or `20240531103000`."""

    until: str = ""
    """Captured then or earlier, likewise: `2024` is until the end of that year."""

    statuses: tuple[Status, ...] = ()
    """Of these only; empty for any."""


class Found(NamedTuple):
    """A capture as the catalogue knows it."""

    urlkey: str | None
    """None for a capture without address."""
    timestamp: str | None
    """14 digits, UTC; None when nobody knows when it was captured."""
    url: str | None
    """As it was captured."""
    place: str
    """Where `Store.get` finds its record."""
    status: Status
    """The record's."""
    http_status: int | None
    """What the server answered; None when that was not kept."""
    text_digest: str
    """Equal for two captures with the same clean text."""
    title: str | None
    """The page's."""
    visible_digest: str
    """Equal for two captures that show the same, kept or removed."""
    context_digest: str | None
    """Of what other captures decided in it; None for nothing."""


class KeyRange(NamedTuple):
    """Keys that sort together."""

    first: str
    """The lowest of them."""
    end: str
    """The lowest after them."""


def find(connection: sqlite3.Connection, query: Query) -> Iterator[Found]:
    """The captures that a query wants, by key, time and place, read one after the other; those without an address come
    first, those without a time before the others of their key. Raises InputError for a query that cannot be
    understood, sqlite3.Error.
    """
    conditions, values = _conditions(query)
    order = "ORDER BY urlkey, timestamp, place"
    ranges = key_ranges(query)
    if ranges is None:
        rows = connection.execute(f"SELECT {_COLUMNS} FROM record WHERE {conditions} {order}", values)
        yield from map(Found._make, rows)
        return
    # Range by range, which are in order: for all at once SQLite would have to sort them before the first one comes.
    within = f"SELECT {_COLUMNS} FROM record WHERE urlkey >= ? AND urlkey < ? AND {conditions} {order}"
    for keys in ranges:
        yield from map(Found._make, connection.execute(within, (*keys, *values)))


def find_by_text(connection: sqlite3.Connection, query: Query, text_digest: str) -> Iterator[Found]:
    """Those among them that have this text, in no order. Raises as `find` does."""
    conditions, values = _conditions(query)
    ranges = key_ranges(query)
    # (`+`: by the text's index, never by another.)
    sql = f"SELECT {_COLUMNS} FROM record WHERE text_digest = ? AND {conditions.replace('timestamp', '+timestamp')}"
    for found in map(Found._make, connection.execute(sql, (text_digest, *values))):
        if ranges is None or any(keys.first <= (found.urlkey or "") < keys.end for keys in ranges):
            yield found


def key_ranges(query: Query) -> list[KeyRange] | None:
    r"""Where the keys of a query lie, in order; None when any will do, and none too. Raises InputError.

    >>> key_ranges(Query(url="www.example.org/a"))
    [KeyRange(first='org,example)/a', end='org,example)/a\x00')]
    """
    asked = [value for value in (query.url, query.prefix, query.host) if value is not None]
    if len(asked) > 1:
        what = "an address, a prefix and a host leave one another out"
        raise InputError(what, where=", ".join(asked), next_step="name one of them")
    if query.url is not None:
        key = _key(query.url)
        return [KeyRange(key, f"{key}\0")]
    if query.prefix is not None:
        return _with_prefix(query.prefix.removesuffix("*"))
    return None if query.host is None else _of_host(query.host)


def _with_prefix(prefix: str) -> list[KeyRange]:
    if _BEGINS_A_KEY.match(prefix):
        return [_beginning(prefix)]
    key = _key(prefix)
    if not prefix.endswith("/") or key.endswith("/"):
        return [_beginning(key)]
    # The key of a folder has no `/` at its end: what lies in the folder, but not /newsletter for /news/.
    return [KeyRange(key, f"{key}\0"), _beginning(f"{key}/"), _beginning(f"{key}?")]


def _of_host(host: str) -> list[KeyRange]:
    name = host.partition("://")[2] or host
    key = _key(name.partition("/")[0].removeprefix("*").removeprefix("."))
    name = key.partition(")")[0]
    # In order: the host, those below it, other ports.
    return [_beginning(name + following) for following in "),:"]


def _beginning(prefix: str) -> KeyRange:
    return KeyRange(prefix, prefix + _LAST)


def _key(address: str) -> str:
    whole = address if "://" in address else f"http://{address}"
    key = None if _OTHER_SCHEME.match(address) else urlkey(unwrap_replay(whole)[0])
    if key is None:
        raise InputError("no address of the web", where=address, next_step="write it as https://example.org/page")
    return key


def _conditions(query: Query) -> tuple[str, list[str]]:
    """What else than the key a row must have, in SQL, and the values in it."""
    parts, values = ["1"], list[str]()
    if query.since:
        parts.append("timestamp >= ?")
        values.append(_digits(query.since))
    if query.until:
        parts.append("timestamp <= ?")
        values.append(_digits(query.until).ljust(14, "9"))
    if query.statuses:
        parts.append(f"status IN ({','.join('?' * len(query.statuses))})")
        values += query.statuses
    return " AND ".join(parts), values


def _digits(time: str) -> str:
    if not _TIME.fullmatch(time):
        step = "write 4 to 14 digits: 2024, 20240531 or 20240531103000"
        raise InputError("no time", where=time, next_step=step)
    return time
