"""The templates of the sites in a folder of clean records: learned from the records, kept beside them in `.templates`,
a JSON file a site. What is kept there can be learned again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from heapq import nsmallest
from pathlib import Path

from archiver.addresses import unwrap_replay
from archiver.context import Template, site_of, sketch, templates, templates_from_json, templates_to_json, with_texts
from archiver.errors import InputError, RecordError, StoreError
from archiver.model import Record
from archiver.store import Found, Query, Store
from archiver.store.files import refused, write_whole
from archiver.store.places import safe_name
from archiver.urlkeys import urlkey

FOLDER = ".templates"
"""Under the folder of clean records. A dot begins no site's name, so no record lies there."""

# Sketches of a site are in memory together, some 20 KB each. What stands on a tenth of the pages stands on a tenth of
# these to within .01.
_MOST_CAPTURES = 5_000


def site_named(name: str) -> str:
    """The site that a person means by a host or an address. Raises InputError when it is neither.

    >>> site_named("https://www.Example.org/news/"), site_named("news.example.org")
    ('example.org', 'news.example.org')
    """
    whole = name if "://" in name else f"http://{name}"
    key = urlkey(unwrap_replay(whole)[0])
    if key is None:
        raise InputError("no site", where=name, next_step="write its host, as news.example.org")
    return site_of(key)


def sites(store: Store) -> list[str]:
    """The sites of which something was captured, sorted. Raises as `Store.find` does."""
    return sorted({site_of(found.urlkey) for found in store.find() if found.urlkey})


def learned(store: Store, site: str) -> tuple[Template, ...]:
    """What the records of a site have in common, as they stand now. Of very many captures some thousand are looked at,
    the same in whatever order they came; damaged records say nothing. Raises as `Store.find` does.
    """
    captures = _captures(store, site)
    found = templates(site, map(sketch, _records(store, captures)))
    return with_texts(found, _records(store, captures))


def learn(store: Store, site: str) -> tuple[Template, ...]:
    """The same, kept in the folder; the file is written only when it changes, and taken away when nothing was learned.

    Raises as `Store.find` does, and StoreError when the disk refuses.
    """
    found = learned(store, site)
    path = _path(store.folder, site)
    data = templates_to_json(site, found).encode("utf-8", "backslashreplace")
    try:
        if not found:
            path.unlink(missing_ok=True)
        elif not (path.exists() and path.read_bytes() == data):
            write_whole(path, data)
    except OSError as fault:
        raise refused(path, fault) from fault
    return found


def kept_templates(folder: Path, site: str) -> tuple[Template, ...]:
    """What `learn` kept of a site last; nothing when it never did.

    Raises StoreError when the file cannot be read, RecordError when it is damaged.
    """
    path = _path(folder, site)
    try:
        return templates_from_json(path.read_text("utf-8"))
    except FileNotFoundError:
        return ()
    except OSError as fault:
        raise StoreError(fault.strerror or "cannot be read", where=str(path), next_step="check its rights") from fault
    except UnicodeDecodeError as fault:
        raise RecordError("not UTF-8", where=str(path), next_step="delete it") from fault
    except RecordError as fault:
        what = f"{fault.where}: {fault.what}" if fault.where else fault.what
        raise RecordError(what, where=str(path), next_step=fault.next_step) from fault


def _captures(store: Store, site: str) -> Sequence[Found]:
    """Those of the site that have a text, by address and time; of too many those with the smallest digests."""
    asked = Query(host=site, statuses=("ok", "partial"))
    of_site = (found for found in store.find(asked) if site_of(found.urlkey or "") == site)
    some = nsmallest(_MOST_CAPTURES, of_site, key=lambda found: hashlib.sha256(found.place.encode()).digest())
    return sorted(some, key=lambda found: (found.urlkey or "", found.timestamp or "", found.place))


def _records(store: Store, captures: Sequence[Found]) -> Iterator[Record]:
    for found in captures:
        with suppress(RecordError):
            yield store.get(found.place)


def _path(folder: Path, site: str) -> Path:
    return folder / FOLDER / f"{safe_name(site)}.json"
