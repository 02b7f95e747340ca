"""The captures of an address in the light of one another, and of their site: what a run does after it has cleaned each
alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
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
from archiver.store import Packed, Query, Store, pack
from archiver.store.catalogue import Row
from archiver.store.shards import split_place
from archiver.store.site_templates import kept_templates, learn

Templates = Sequence[Template]


def settle(store: Store, options: Options) -> int:
    """Puts each record of the addresses at which something changed into the light of the others; returns how many
    records that changed. The result is the same in whatever order captures came.

    Raises StoreError when the store cannot be written, RecordError when a shard that has to be written anew is damaged.
    """
    templates = _learn(store) if options.site_templates else {}
    settling = store.settling()
    count = 0
    for urlkey, rows in store.unsettled():
        with collector_at_rest():
            changed = dict(_changed(store, rows, templates.get(site_of(urlkey), ()), options))
        settling.settle(urlkey, changed)
        count += len(changed)
    settling.flush()
    return count


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


# Records of so many groups of captures are held; beyond that they are read again. A choice: it bounds the memory.
_MOST_HELD = 100


class _Group(NamedTuple):
    """Captures whose records say the same of the same blocks; most captures of a page are like the one before."""

    record: Record | None
    """Of the first of them; None where too many would be held."""

    sketch: Sketch
    """Of the same."""

    rows: list[Row]
    """What the catalogue knows of each."""


def _changed(store: Store, rows: Sequence[Row], templates: Templates, options: Options) -> Iterator[tuple[str, Packed]]:
    unseen = all(row.context_digest is None for row in rows)
    if unseen and not templates and len({_state(row) for row in rows}) < 2:
        # One capture, or all alike.
        return
    groups = _groups(store, rows)
    context = history(
        group.sketch._replace(time=row.timestamp or "", id=row.id) for group in groups for row in group.rows
    )
    if options.context:
        context = joined(context, options.context)
    for group in groups:
        yield from _relabelled(store, group, context, (templates, options))


def _relabelled(
    store: Store, group: _Group, context: Context, chosen: tuple[Templates, Options]
) -> Iterator[tuple[str, Packed]]:
    templates, options = chosen
    unseen = group.rows[0].context_digest is None
    if unseen and not templates and not decides(context, group.sketch, options.rules_off):
        return
    first = group.record
    first_seen = first and _seen(first, context, templates, options)
    if first and first_seen == first and len(templates) < 2:
        return
    for place, row in enumerate(group.rows):
        with suppress(RecordError):
            before = first if first and not place else store.get(row.place)
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


def _groups(store: Store, rows: Sequence[Row]) -> list[_Group]:
    groups: dict[tuple[str, str, str | None], _Group] = {}
    blocks: dict[Seen, Seen] = {}
    for row in rows:
        state = _state(row)
        if state in groups:
            groups[state].rows.append(row)
            continue
        # A damaged record says nothing to the others; `archiver check` names it.
        with suppress(RecordError):
            record = store.get(row.place)
            held = record if len(groups) < _MOST_HELD else None
            groups[state] = _Group(held, shared(sketch(record), blocks), [row])
    return list(groups.values())


def _state(row: Row) -> tuple[str, str, str | None]:
    return row.text_digest, row.visible_digest, row.context_digest
