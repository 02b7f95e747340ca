"""The captures of an address in the light of one another: what a run does after it has cleaned each alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from archiver.context import Sketch, history, in_context, sketch
from archiver.errors import RecordError
from archiver.model import Context, Options, Record
from archiver.store import Packed, Store, pack
from archiver.store.catalogue import Row
from archiver.store.shards import split_place


def settle(store: Store, options: Options) -> int:
    """Puts each record of the addresses at which something changed into the light of the others; returns how many
    records that changed. The result is the same in whatever order captures came.

    Raises StoreError when the store cannot be written, RecordError when a shard that has to be written anew is damaged.
    """
    settling = store.settling()
    count = 0
    for urlkey, rows in store.unsettled():
        changed = dict(_changed(store, rows, options))
        settling.settle(urlkey, changed)
        count += len(changed)
    settling.flush()
    return count


class _Group(NamedTuple):
    """Captures whose records say the same of the same blocks; most captures of a page are like the one before."""

    record: Record
    """Of the first of them."""

    sketch: Sketch
    """Of the same."""

    rows: list[Row]
    """What the catalogue knows of each."""


def _changed(store: Store, rows: Sequence[Row], options: Options) -> Iterator[tuple[str, Packed]]:
    if all(row.context_digest is None for row in rows) and len({_state(row) for row in rows}) < 2:
        # One capture, or all alike.
        return
    groups = _groups(store, rows)
    context = history(
        group.sketch._replace(time=row.timestamp or "", id=row.id) for group in groups for row in group.rows
    )
    for group in groups:
        yield from _relabelled(store, group, context, options)


def _relabelled(store: Store, group: _Group, context: Context, options: Options) -> Iterator[tuple[str, Packed]]:
    if in_context(group.record, context, options.rules_off) == group.record:
        return
    for row in group.rows:
        with suppress(RecordError):
            record = in_context(store.get(row.place), context, options.rules_off)
            yield row.place, pack(record, as_line=split_place(row.place) is not None)


def _groups(store: Store, rows: Sequence[Row]) -> list[_Group]:
    groups: dict[tuple[str, str, str | None], _Group] = {}
    for row in rows:
        state = _state(row)
        if state in groups:
            groups[state].rows.append(row)
            continue
        # A damaged record says nothing to the others; `archiver check` names it.
        with suppress(RecordError):
            record = store.get(row.place)
            groups[state] = _Group(record, sketch(record), [row])
    return list(groups.values())


def _state(row: Row) -> tuple[str, str, str | None]:
    return row.text_digest, row.visible_digest, row.context_digest
