"""Verifies a folder of clean records: that each is whole, and that kept + removed = visible."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from archiver.context import context_digest
from archiver.errors import InputError, RecordError
from archiver.model import Record, Repair
from archiver.record import Inked, count_inked, digest_of, fingerprint, identifier, to_json, to_line
from archiver.store import Store, Stored, place_of, text_file
from archiver.store.shards import ENDING, LINES, shards_up_to, split_place

_AGAIN = "delete its .json and .txt, and run `archiver clean` again"
_SHARD_AGAIN = "delete the shard, and run `archiver clean` again"


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong with one record."""

    where: str
    """The file, relative to the folder."""

    what: str
    """What is wrong."""

    next_step: str
    """What to do about it."""

    def __str__(self) -> str:
        return f"{self.where}: {self.what} ({self.next_step})"


@dataclass(frozen=True, slots=True)
class Report:
    """What a folder holds."""

    records: int
    """How many there are: `.json` files, and lines of shards."""

    ok: int
    """Sound records of captures that were cleaned without a doubt."""

    partial: int
    """Sound records that a person should look at."""

    failed: int
    """Sound records of captures that gave no text."""

    faults: tuple[Fault, ...]
    """One for each record that is not sound, in the order of their names."""


def check(folder: Path) -> Report:
    """Looks into every record under `folder`. Raises InputError when it is no folder."""
    if not folder.is_dir():
        raise InputError("no such folder", where=str(folder), next_step="name the folder of clean records")
    counts: Counter[str] = Counter()
    faults: list[Fault] = []
    lines: Counter[str] = Counter()
    for stored in Store(folder).read_all():
        counts["records"] += 1
        line = split_place(stored.place)
        if line:
            lines[line[0]] += 1
        elif stored.place.endswith(ENDING):
            # Damaged, which is said once.
            lines[stored.place] = LINES
        what = stored.fault or _first_fault(folder, stored)
        if what:
            faults.append(_fault_of(stored.place, what))
        elif stored.record:
            counts[stored.record.status] += 1
    faults.extend(_gaps(lines))
    faults.extend(_orphans(folder))
    faults.sort(key=lambda fault: fault.where)
    return Report(counts["records"], counts["ok"], counts["partial"], counts["failed"], tuple(faults))


def fault_in(record: Record) -> str | None:
    """The first thing in a record that contradicts another, or None: digests, spans, and the law that kept
    and removed together are the visible page, repairs undone and white space dropped.
    """
    return next((what for examine in _EXAMINERS for what in examine(record)), None)


def _fault_of(place: str, what: str) -> Fault:
    # The place of a damaged shard is its path, since nobody knows its lines.
    if split_place(place) or place.endswith(ENDING):
        return Fault(place, what, _SHARD_AGAIN)
    return Fault(f"{place}.json", what, _AGAIN)


def _first_fault(folder: Path, stored: Stored) -> str | None:
    """What is wrong with a record that could be read."""
    place, record, _, data = stored
    assert record is not None
    if split_place(place):
        return fault_in(record) if to_line(record).encode() == data else "not written the way this program writes"
    text_path = folder / f"{place}.txt"
    if not text_path.is_file():
        return "its .txt is missing"
    if text_path.read_bytes() != text_file(record):
        return "its .txt holds another text"
    if data != to_json(record).encode():
        return "not written the way this program writes"
    if place.lower() not in (place_of(record), place_of(record, whole_id=True)):
        return f"belongs at {place_of(record)}.json"
    return fault_in(record)


def _gaps(lines: Mapping[str, int]) -> Iterator[Fault]:
    """Shards of an archive that are missing, or hold too few records: only the last may be short.

    `lines` says how many each shard has. What is missing after the last cannot be seen.
    """
    for last in {shard.rpartition("/")[0]: shard for shard in sorted(lines)}.values():
        for shard in shards_up_to(last):
            if shard not in lines:
                yield Fault(shard, "the shard is missing", "run `archiver clean` again")
            elif shard != last and lines[shard] != LINES:
                yield Fault(shard, f"holds {lines[shard]} records where {LINES} belong", _SHARD_AGAIN)


def _orphans(folder: Path) -> Iterator[Fault]:
    for path in sorted(folder.glob("*/**/*.txt")):
        if not path.with_suffix(".json").exists():
            where = path.relative_to(folder).as_posix()
            yield Fault(where, "a text without its record", "delete it, and run `archiver clean` again")


def _examine_digests(record: Record) -> Iterator[str]:
    if digest_of(record.text) != record.content.text_digest:
        yield "content.text_digest is not that of content.text"
    if fingerprint(record.text) != record.content.fingerprint:
        yield "content.fingerprint is not that of content.text"
    if identifier(record.urlkey, record.timestamp, record.capture.payload_digest) != record.id:
        yield "id is not that of urlkey, timestamp and payload digest"
    created = "".join(filter(str.isdigit, record.created or ""))
    if created != (record.timestamp or ""):
        yield "timestamp and created are different times"


def _examine_spans(record: Record) -> Iterator[str]:
    """The kept blocks fill the text one after the other, parted by line ends only."""
    text, position = record.text, 0
    for number, block in enumerate(record.content.blocks):
        between = text[position : block.start]
        if not (block.start >= position and block.end >= block.start and block.end <= len(text)):
            yield f"content.blocks[{number}] has a span that cannot be"
        elif between not in (("\n", "\n\n") if number else ("",)):
            yield f"content.blocks[{number}] does not begin where it should"
        position = block.end
    if position != len(text):
        yield "content.text goes on after the last block"
    starts = sorted(block.start for block in record.content.blocks)
    ends = sorted(block.end for block in record.content.blocks)
    for number, link in enumerate(record.content.links):
        home = bisect_right(starts, link.start) - 1
        if home < 0 or not link.start <= link.end <= ends[home]:
            yield f"content.links[{number}] lies in no block"


def _examine_books(record: Record) -> Iterator[str]:
    """Kept + removed = visible, in order, with the repairs undone."""
    texts = {block.index: record.text[block.start : block.end] for block in record.content.blocks}
    texts.update((entry.index, entry.text) for entry in record.removed)
    held = len(record.content.blocks) + len(record.removed)
    if len(texts) != held or sorted(texts) != list(range(held)):
        yield "a block is missing or is there twice: kept and removed are not numbered through"
    for indexes in (
        [block.index for block in record.content.blocks],
        [entry.index for entry in record.removed],
    ):
        if indexes != sorted(indexes):
            yield "blocks are out of order"
    repairs = defaultdict(list)
    for repair in record.encoding.repairs:
        repairs[repair.block].append(repair)
    try:
        visible = "".join(_undone(texts[index], repairs[index]) for index in sorted(texts))
    except RecordError as fault:
        yield fault.what
        return
    inked = "".join(visible.split())
    if len(inked) != record.account.visible_characters:
        yield f"kept and removed hold {len(inked)} of {record.account.visible_characters} visible characters"
    if digest_of(inked) != record.account.visible_digest:
        yield "kept and removed together are not the visible text"


def _undone(text: str, repairs: Sequence[Repair]) -> str:
    """The block's text as it was decoded. Raises RecordError when a repair does not fit it."""
    pieces, position, shift = [], 0, 0
    for repair in sorted(repairs, key=lambda repair: repair.start):
        start = repair.start + shift
        end = start + len(repair.after)
        if text[start:end] != repair.after or start < position or repair.end - repair.start != len(repair.before):
            raise RecordError(f"encoding.repairs: one of block {repair.block} does not fit its text")
        pieces += [text[position:start], repair.before]
        position, shift = end, shift + len(repair.after) - len(repair.before)
    return "".join([*pieces, text[position:]])


def _examine_account(record: Record) -> Iterator[str]:
    removed = "".join([entry.text for entry in record.removed])
    if Inked(count_inked(record.text), count_inked(removed)).share() != record.account.kept_share:
        yield "account.kept_share is not what was kept"
    if (record.status == "ok") == bool(record.account.doubts):
        yield "account.status does not go with account.doubts"
    comments = tuple(entry.text for entry in record.removed if entry.kind == "comments")
    if comments != record.content.comments:
        yield "content.comments are not the comments that were removed"


def _examine_context(record: Record) -> Iterator[str]:
    kept = {block.index for block in record.content.blocks}
    if not kept.issuperset(entry.index for entry in record.restored):
        yield "restored names a block that was not kept"
    elif context_digest(record) != record.account.made_by.context_digest:
        yield "account.made_by.context_digest is not that of what other captures decided"


_EXAMINERS: tuple[Callable[[Record], Iterator[str]], ...] = (
    _examine_digests,
    _examine_spans,
    _examine_books,
    _examine_account,
    _examine_context,
)
