"""The folder of clean records, and a catalogue of them: for each capture a `.json` record and its `.txt`, or a line
in a shard when it came out of an archive (see `shards`). By the catalogue captures are found (see `finding`), by an
index of words, which is made when it is first asked for, what they say (see `searching`).

Deleting the folder loses nothing: the same captures and the same program bring back the same bytes, in any
order. A file is written whole or not at all, and the `.txt` before the `.json`, so a record exists when its
`.json` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from archiver.errors import InputError, RecordError
from archiver.model import Record
from archiver.search.expressions import parse
from archiver.store.archives import Shards, Slots
from archiver.store.catalogue import Brought, Catalogue, Row
from archiver.store.files import UNFINISHED, refused, write_whole
from archiver.store.finding import Found, Query
from archiver.store.frames import read_lines
from archiver.store.keys import Change, Key, Outcome, key_of, maker_of
from archiver.store.packed import Packed, pack, text_file
from archiver.store.places import place_of
from archiver.store.reading import (
    CATALOGUE,
    INDEX,
    Progress,
    find_captures,
    is_readable,
    search_texts,
    update_index,
)
from archiver.store.rebuilding import rows_of
from archiver.store.records import Stored, files_in, is_stored, path_of, read_all, read_record
from archiver.store.searching import Hit
from archiver.store.settled import Settling
from archiver.store.shards import ENDING, Slot, place_of_line, split_place

__all__ = [
    "CATALOGUE",
    "INDEX",
    "Brought",
    "Change",
    "Found",
    "Hit",
    "Key",
    "Outcome",
    "Packed",
    "Progress",
    "Query",
    "Slot",
    "Slots",
    "Store",
    "Stored",
    "is_stored",
    "key_of",
    "maker_of",
    "pack",
    "path_of",
    "place_of",
    "read_record",
    "text_file",
]  # fmt: skip


class Store:
    """A folder of clean records. `with` opens it for writing; reading needs no `with`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # What captures of this run have taken; about 100 bytes each.
        self._seen: set[str] = set()

    def __enter__(self) -> Self:
        """Makes the folder when it is missing, and clears away what a kill left half written.

        Raises StoreError when that is not allowed or another run is writing.
        """
        self._seen.clear()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._catalogue = Catalogue(self.folder / CATALOGUE, rows_of(self.folder))
            # Only now, when no other run can be at work: what is unfinished stays so.
            for path in files_in(self.folder, UNFINISHED):
                path.unlink(missing_ok=True)
        except OSError as fault:
            raise refused(self.folder, fault) from fault
        self._shards = Shards(self.folder, self._catalogue)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._shards.abandon()
        self._catalogue.close()

    def slots(self) -> Slots:
        """What gives the captures of a run, which follow one another, their lines."""
        return Slots(self.folder, self._catalogue)

    def standing(self, key: Key) -> Row | None:
        """What is remembered of a record on its own when its capture was done before by this program with these
        options; None when it has to be cleaned.
        """
        row = self._catalogue.row_of_capture(key.capture)
        stands = row and row.maker == key.maker and row.origin <= key.origin and self._stands(row)
        return row if stands else None

    def done(self, key: Key) -> Outcome | None:
        """The outcome of a capture that was done before; None when it has to be cleaned."""
        row = self.standing(key)
        return self.keep(row, key) if row else None

    def keep(self, row: Row, key: Key, slot: Slot | None = None) -> Outcome:
        """The outcome of a capture whose record stands. Raises StoreError, and RecordError when it is damaged."""
        if slot:
            self._shards.keep(slot, key)
        return Outcome(row.place, "duplicate" if self._is_seen(row) else "done", row.status, row.reason)

    def put(self, record: Record, key: Key | None = None) -> Outcome:
        """Writes the record on its own, see `enter`."""
        return self.enter(pack(record), key)

    def enter(self, packed: Packed, key: Key | None, slot: Slot | None = None) -> Outcome:
        """Writes a record unless the same bytes stand there, into the slot's line or on its own. Without a key its
        capture is not done.

        Of two captures on their own with the same address, time and bytes, the record of the one whose origin sorts
        first stands, in whatever order they come; in an archive each has its line. Raises StoreError when the disk
        refuses.
        """
        row, change = self._enter_line(packed, key, slot) if slot else self._enter_files(packed, key)
        if row.status != "failed":
            # It can be read now, or the archive that it came out of.
            self._forget_failures(row.origin)
            if slot:
                self._forget_failures(slot.archive.origin)
        return Outcome(row.place, change, row.status, row.reason)

    def brought(self) -> Brought:
        """What the records of this run have brought: asked for in its end, when all captures are seen in each other's
        light. Those that failed have brought nothing.
        """
        return self._catalogue.brought()

    def unsettled(self) -> Iterator[tuple[str, list[Row]]]:
        """Each address with captures that were not seen in each other's light, and what is known of all that did not
        fail, in order of time and id.
        """
        urlkey = self._catalogue.unsettled("")
        while urlkey is not None:
            yield urlkey, self._catalogue.captures_of(urlkey)
            urlkey = self._catalogue.unsettled(urlkey)

    def unsettled_addresses(self) -> list[str]:
        """The keys of these addresses. What was stored so far can be found from now on."""
        self._catalogue.commit()
        return self._catalogue.all_unsettled()

    def unsettle(self, urlkeys: Iterable[str]) -> None:
        """Says that the captures of these addresses have to be seen in a new light."""
        self._catalogue.unsettle(urlkeys)

    def settling(self) -> Settling:
        """What takes the records that change in the light of others."""
        return Settling(self.folder, self._catalogue)

    def end_archive(self) -> None:
        """Says that all captures of the last archive have come. Raises StoreError when the disk refuses."""
        self._shards.end_archive()

    def get(self, place: str) -> Record:
        """The record at a place. Raises StoreError when there is none, RecordError when it is damaged."""
        return read_record(path_of(self.folder, place))

    def walk(self) -> Iterator[str]:
        """The places of all records, file by file in the order of their names.

        Raises RecordError at a damaged shard.
        """
        for path in files_in(self.folder, (".json", ENDING)):
            name = path.relative_to(self.folder).as_posix()
            if name.endswith(ENDING):
                yield from (place_of_line(name, number) for number, _ in enumerate(read_lines(path)))
            else:
                yield name.removesuffix(".json")

    def records(self, damaged: Callable[[RecordError], None] | None = None) -> Iterator[tuple[str, Record]]:
        """Place and record of each, in the order of `walk`; a shard is read once.

        A damaged record is handed to `damaged` and passed over; without `damaged` it raises, and ends the walk. Raises
        StoreError when a file cannot be read.
        """
        for place, record, fault, _ in self.read_all():
            if record:
                yield place, record
                continue
            error = RecordError(fault, where=place, next_step="run `archiver check` for all that are damaged")
            if damaged is None:
                raise error
            damaged(error)

    def read_all(self) -> Iterator[Stored]:
        """What is read at each place, the damaged ones too. Raises StoreError when a file cannot be read."""
        return read_all(self.folder)

    def find(self, query: Query = Query()) -> Iterator[Found]:  # noqa: B008  (immutable)
        """The captures that are wanted, by SURT key, time and place, one after the other; those without an address come
        first, those without a time before the others of their key. While a run is at work, what it has committed.

        Raises InputError for a query that cannot be understood, StoreError when the catalogue cannot be used.
        """
        self._make_readable()
        return find_captures(self.folder, query)

    def timeline(self, url: str) -> list[Found]:
        """All captures of one address, in any spelling of it, in time order. Raises as `find` does."""
        return list(self.find(Query(url=url)))

    def search(
        self,
        asked: str,
        query: Query = Query(),  # noqa: B008  (immutable)
        damaged: Callable[[RecordError], None] | None = None,
        watch: Progress | None = None,
    ) -> Iterator[Hit]:
        """The captures that are wanted whose clean texts have all the words, "phrases" and beginnings* asked for: the
        best texts first (bm25), equally good ones as `find` has them. Words are compared without case, accents and the
        like; see `archiver.search`.

        First takes up the texts of new captures into an index beside the catalogue, which takes minutes for many. A
        record whose text cannot be read is handed to `damaged`, and raises without it. Raises InputError for words or
        a query that cannot be understood, StoreError when catalogue or index cannot be used.
        """
        expression = parse(asked)
        self._make_readable()
        for fault in update_index(self.folder, watch):
            if damaged is None:
                raise fault
            damaged(fault)
        return search_texts(self.folder, expression, query)

    def _make_readable(self) -> None:
        """Makes the catalogue again when it is missing or damaged."""
        if not self.folder.is_dir():
            raise InputError("no such folder", where=str(self.folder), next_step="name the folder of clean records")
        if not is_readable(self.folder):
            with Store(self.folder):
                # To open it for writing is what makes it.
                pass

    def _enter_files(self, packed: Packed, key: Key | None) -> tuple[Row, Change]:
        row = packed.row_at(packed.row.place, key)
        before = self._catalogue.row(row.place)
        if before and before.id != row.id:
            # Eight equal digits of two ids: never overwrite the other. Which of them gets the short name
            # depends on the order; once in four billion pairs.
            row = packed.row_at(packed.longer_place, key)
            before = self._catalogue.row(row.place)
        change = self._change(row, before)
        if before and before.maker == row.maker and before.origin < row.origin and self._stands(before):
            self._catalogue.remember(before, key and key.capture, origin=row.origin)
        else:
            # A record exists when its `.json` does, so that comes last.
            self._write(f"{row.place}.txt", packed.text)
            self._write(f"{row.place}.json", packed.json)
            self._catalogue.remember(row, key and key.capture)
        return row, change

    def _enter_line(self, packed: Packed, key: Key | None, slot: Slot) -> tuple[Row, Change]:
        row = packed.row_at(slot.place, key)
        before = self._catalogue.row(row.place)
        change = self._change(row, before if before and before.id == row.id else None)
        self._shards.add(slot, packed.json, key)
        # By its key the shard knows a capture again.
        self._catalogue.remember(row, key=None)
        return row, change

    def _change(self, row: Row, before: Row | None) -> Change:
        if self._is_seen(row):
            return "duplicate"
        if row.status != "failed":
            self._catalogue.bring(row.place, before)
        return "cleaned"

    def _is_seen(self, row: Row) -> bool:
        """Whether a capture of this run had the same address, time and bytes; it has from now on."""
        who = row.place
        if split_place(row.place):
            # Lines are never shared. Without an address the same bytes are another capture elsewhere.
            who = row.id if row.urlkey else f"{row.id}\n{row.origin}"
        seen = who in self._seen
        self._seen.add(who)
        return seen

    def _write(self, name: str, data: bytes) -> None:
        path = self.folder / name
        try:
            if not (path.exists() and path.read_bytes() == data):
                write_whole(path, data)
        except OSError as fault:
            raise refused(path, fault) from fault

    def _forget_failures(self, origin: str) -> None:
        """Takes away the failed records on their own of what can be read now."""
        if "\n\n" in origin:
            # A page from memory has no place that could be the same.
            return
        for place in self._catalogue.failed_places(origin):
            if split_place(place):
                # Its shard is being written anew.
                continue
            for ending in (".json", ".txt"):
                path = self.folder / f"{place}{ending}"
                try:
                    path.unlink(missing_ok=True)
                except OSError as fault:
                    raise refused(path, fault) from fault
            self._catalogue.forget(place)

    def _stands(self, row: Row) -> bool:
        """Whether both files of a record are there in the length they had; `check` looks inside."""
        try:
            return (self.folder / f"{row.place}.json").stat().st_size == row.json_bytes and (
                self.folder / f"{row.place}.txt"
            ).stat().st_size == row.text_bytes
        except OSError:
            return False
