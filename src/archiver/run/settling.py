"""The captures of an address in the light of one another, and of their site: what a run does after it has cleaned each
alone.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from archiver.collector import collector_at_rest
from archiver.context import (
    Seen,
    Sketch,
    Template,
    context_for,
    decides,
    history,
    in_context,
    joined,
    shared,
    site_of,
    sketch,
)
from archiver.errors import RecordError
from archiver.model import Context, Options, Record
from archiver.run.turns import Turn, Workers, spread
from archiver.run.workers import Crew, Job, Limits
from archiver.store import Packed, Query, Store, pack, path_of, read_record
from archiver.store.catalogue import Row
from archiver.store.shards import split_place
from archiver.store.site_templates import kept_templates, learn

Templates = Sequence[Template]


def settle(store: Store, options: Options, workers: Workers = Workers()) -> int:  # noqa: B008  (immutable)
    """Puts each record of the addresses at which something changed into the light of the others; returns how many
    records that changed. The result is the same in whatever order captures came, and whoever does it.

    Raises StoreError when the store cannot be written, RecordError when a shard that has to be written anew is damaged,
    WorkerError when no worker can be begun.
    """
    templates = _learn(store) if options.site_templates else {}
    settling = store.settling()
    count = 0
    with closing(_settled(_addresses(store, templates, options), workers.processes)) as results:
        for address, changed in results:
            settling.settle(address.urlkey, changed or {})
            count += len(changed or ())
    settling.flush()
    return count


class _Address(NamedTuple):
    """An address at which something changed, and what its records are to be seen in the light of."""

    folder: Path
    """Of the clean records."""

    urlkey: str
    rows: Sequence[Row]
    templates: Templates
    options: Options

    @property
    def is_alike(self) -> bool:
        """Whether there is nothing to see: one capture, or all alike."""
        unseen = all(row.context_digest is None for row in self.rows)
        return unseen and not self.templates and len({_state(row) for row in self.rows}) < 2


Changed = dict[str, Packed]
"""The records that changed, by place."""


def _addresses(store: Store, templates: Mapping[str, Templates], options: Options) -> Iterator[_Address]:
    for urlkey, rows in store.unsettled():
        yield _Address(store.folder, urlkey, rows, templates.get(site_of(urlkey), ()), options)


# To begin workers pays from so many captures on that are not alike: 5 to 10 ms each, and a worker takes 0.1 s to begin.
_WORTH_WORKERS = 50


def _settled(addresses: Iterator[_Address], processes: int) -> Generator[tuple[_Address, Changed | None], None, None]:
    """Each address with what changes there, None for nothing."""
    if processes < 2:
        for address in addresses:
            yield address, _see(address)
        return
    begun: list[_Address] = []
    worth = 0
    for address in addresses:
        begun.append(address)
        worth += 0 if address.is_alike else len(address.rows)
        if worth >= _WORTH_WORKERS:
            yield from spread(
                map(_turn_of, chain(begun, addresses)), Crew(processes, _see, _LIMITS), _MOST_WAITING_BYTES
            )
            return
    for address in begun:
        yield address, _see(address)


# What may wait behind a slow address, in bytes of its records as they are stored: it could be that all of them change.
# 60 captures of a statement of 100,000 letters are 44 MB.
_MOST_WAITING_BYTES = 128 * 1024 * 1024

# An address may have 100,000 captures. Where one worker could not, this process tries: as it does without workers.
_LIMITS = Limits(memory_bytes=1 << 62, processor_seconds=1 << 30)


def _turn_of(address: _Address) -> Turn[_Address, _Address, Changed]:
    if address.is_alike:
        return Turn(address, None)
    return Turn(address, Job(address, _see_here), sum(row.json_bytes for row in address.rows))


def _see_here(address: _Address, _: str) -> Changed:
    return _see(address)


def _see(address: _Address) -> Changed:
    """What changes at an address."""
    with collector_at_rest():
        return dict(_changed(address))


def _learn(store: Store) -> Mapping[str, Templates]:
    """What stands on many pages of each site at which something changed. Where that is not what it was, all pages of
    the site have to be seen in its light.
    """
    found: dict[str, Templates] = {}
    for site in sorted({site_of(urlkey) for urlkey in store.unsettled_addresses()}):
        before: Templates = ()
        with suppress(RecordError):
            before = kept_templates(store.folder, site)
        found[site] = learn(store, site)
        if [template.decides() for template in found[site]] != [template.decides() for template in before]:
            pages = {row.urlkey for row in store.find(Query(host=site)) if row.urlkey and row.status != "failed"}
            store.unsettle(sorted(urlkey for urlkey in pages if site_of(urlkey) == site))
    return found


# So many bytes of records, as they are stored, are held by whoever sees an address; beyond that they are read again. In
# memory they take twice that. 170 of WCXB's; of a statement of 100,000 letters 22.
_MOST_HELD = 16 * 1024 * 1024


class _Group(NamedTuple):
    """Captures whose records say the same of the same blocks; most captures of a page are like the one before."""

    record: Record | None
    """Of the first of them; None where too much would be held."""

    sketch: Sketch
    """Of the same."""

    rows: list[Row]
    """What the catalogue knows of each."""


def _changed(address: _Address) -> Iterator[tuple[str, Packed]]:
    if address.is_alike:
        return
    groups = _groups(address)
    context = history(
        group.sketch._replace(time=row.timestamp or "", id=row.id) for group in groups for row in group.rows
    )
    if address.options.context:
        context = joined(context, address.options.context)
    for group in groups:
        yield from _relabelled(address, group, context)


def _relabelled(address: _Address, group: _Group, context: Context) -> Iterator[tuple[str, Packed]]:
    templates, options = address.templates, address.options
    unseen = group.rows[0].context_digest is None
    if unseen and not templates and not decides(context, group.sketch, options.rules_off):
        return
    first = group.record
    first_seen = first and _seen(first, context, templates, options)
    if first and first_seen == first and len(templates) < 2:
        return
    for place, row in enumerate(group.rows):
        with suppress(RecordError):
            before = first if first and not place else _read(address, row)
            record = first_seen if first_seen and not place else _seen(before, context, templates, options)
            if record != before:
                yield row.place, pack(record, as_line=split_place(row.place) is not None)


def _seen(record: Record, context: Context, templates: Templates, options: Options) -> Record:
    """The record in the light of its page and of its site. What the site says of a block outweighs a vote to keep it:
    what stands on all pages is kept in all captures of each.
    """
    of_site = context_for(templates, record)
    light = joined(context, of_site) if of_site.verdicts else context
    return in_context(record, light, options.rules_off)


def _groups(address: _Address) -> list[_Group]:
    groups: dict[tuple[str, str, str | None], _Group] = {}
    blocks: dict[Seen, Seen] = {}
    held = 0
    for row in address.rows:
        state = _state(row)
        if state in groups:
            groups[state].rows.append(row)
            continue
        # A damaged record says nothing to the others; `archiver check` names it.
        with suppress(RecordError):
            record = _read(address, row)
            held += row.json_bytes
            kept = record if held <= _MOST_HELD else None
            groups[state] = _Group(kept, shared(sketch(record), blocks), [row])
    return list(groups.values())


def _read(address: _Address, row: Row) -> Record:
    return read_record(path_of(address.folder, row.place))


def _state(row: Row) -> tuple[str, str, str | None]:
    return row.text_digest, row.visible_digest, row.context_digest
