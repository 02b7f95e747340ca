"""The folder of clean records: for each capture a `.json` record and its `.txt`, and a catalogue of them.

Deleting the folder loses nothing: the same captures and the same program bring back the same bytes, in any
order. A file is written whole or not at all, and the `.txt` before the `.json`, so a record exists when its
`.json` does.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Literal, NamedTuple, Self

from archiver.errors import RecordError, StoreError
from archiver.model import Capture, Options, Record, Status
from archiver.record import from_json, made_by, to_json
from archiver.store.catalogue import Catalogue, Row
from archiver.store.places import place_of

__all__ = ["CATALOGUE", "Change", "Key", "Outcome", "Store", "key_of", "place_of", "read_record", "text_file"]

CATALOGUE = ".catalogue.sqlite"
"""The catalogue's name in the folder of clean records."""

# A file that is still being written. The dot hides it, the ending is nobody else's: what bears both was left
# by a kill.
_UNFINISHED = ".unfinished"

Change = Literal["new", "unchanged", "changed", "duplicate", "done"]
"""What a capture brought. `new`: the first of its address. `unchanged`, `changed`: its text against the
record it replaces (an older program's, or other options'), else the last earlier capture of its address.
`duplicate`: a capture of this run has the same address, time and bytes. `done`: nothing had to be done."""


class Key(NamedTuple):
    """A capture as it came, and what it is to be cleaned with: known before it is cleaned."""

    capture: str
    """Digest over the capture's bytes and all its facts."""

    maker: str
    """Digest over program version, rules, model and options."""

    origin: str
    """Where it lay; sorts as the captures do."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one capture."""

    place: str
    """Where its record lies, under the folder and without ending."""

    change: Change
    """What it brought."""

    status: Status
    """The record's status."""

    reason: str
    """Why it failed; "" when it did not."""


def key_of(capture: Capture, options: Options) -> Key:
    """The key of a capture; equal keys give equal records."""
    facts = {
        field.name: getattr(capture, field.name) for field in fields(capture) if field.name not in ("body", "text")
    }
    digest = sha256(capture.body)
    digest.update(json.dumps([facts, capture.text is None], default=_stable).encode())
    maker = json.dumps([asdict(made_by()), asdict(options)], default=_stable, sort_keys=True)
    return Key(
        digest.hexdigest(),
        sha256(maker.encode()).hexdigest(),
        _origin(capture.source, capture.container, capture.offset),
    )


def read_record(path: Path) -> Record:
    """The record in a `.json` file.

    Raises StoreError when the file cannot be read, RecordError when it holds no record.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as fault:
        raise StoreError(fault.strerror or "cannot be read", where=str(path), next_step="check its rights") from fault
    except UnicodeDecodeError as fault:
        raise RecordError(
            f"not UTF-8 at byte {fault.start}", where=str(path), next_step="clean its capture again"
        ) from fault
    try:
        return from_json(text)
    except RecordError as fault:
        raise RecordError(
            f"{fault.where}: {fault.what}" if fault.where else fault.what,
            where=str(path),
            next_step=fault.next_step,
        ) from fault


def text_file(record: Record) -> bytes:
    """What the `.txt` beside the record holds: its text and a line end, UTF-8; nothing for an empty text."""
    return f"{record.text}\n".encode() if record.text else b""


class Store:
    """A folder of clean records. `with` opens it for writing; reading needs no `with`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Places that a capture of this run has taken; about 100 bytes each.
        self._seen: set[str] = set()

    def __enter__(self) -> Self:
        """Makes the folder when it is missing, and clears away what a kill left half written.

        Raises StoreError when that is not allowed or another run is writing.
        """
        self._seen.clear()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._catalogue = Catalogue(self.folder / CATALOGUE, self._rows())
            # Only now, when no other run can be at work: what is unfinished stays so.
            for path in self._files(_UNFINISHED):
                path.unlink(missing_ok=True)
        except OSError as fault:
            raise _refused(self.folder, fault) from fault
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._catalogue.close()

    def done(self, key: Key) -> Outcome | None:
        """What became of the capture when it was done before by this program with these options; None when it
        has to be cleaned.
        """
        row = self._catalogue.row_of_capture(key.capture)
        if row is None or row.maker != key.maker or row.origin > key.origin or not self._stands(row):
            return None
        change: Change = "duplicate" if row.place in self._seen else "done"
        self._seen.add(row.place)
        return Outcome(row.place, change, row.status, row.reason)

    def put(self, record: Record, key: Key | None = None) -> Outcome:
        """Writes the record unless the same bytes stand there. Without a key its capture is not done.

        Of two captures with the same address, time and bytes, the record of the one whose origin sorts first
        stands, in whatever order they come. Raises StoreError when the disk refuses.
        """
        files = _files_of(record)
        place = place_of(record)
        before = self._catalogue.row(place)
        if before and before.id != record.id:
            # Eight equal digits of two ids: never overwrite the other. Which of them gets the short name
            # depends on the order; once in four billion pairs.
            place = place_of(record, whole_id=True)
            before = self._catalogue.row(place)
        row = _row_of(place, record, files, key)
        change = self._change(row, before)
        if before and before.maker == row.maker and before.origin < row.origin and self._stands(before):
            self._catalogue.remember(before, key and key.capture, origin=row.origin)
        else:
            self._write(place, files)
            self._catalogue.remember(row, key and key.capture)
        self._forget_failures(row, record)
        self._seen.add(place)
        return Outcome(place, change, record.status, row.reason)

    def get(self, place: str) -> Record:
        """The record at a place. Raises StoreError when there is none, RecordError when it is damaged."""
        return read_record(self.folder / f"{place}.json")

    def walk(self) -> Iterator[str]:
        """The places of all records, in the order of their names."""
        for path in self._files(".json"):
            yield path.relative_to(self.folder).as_posix().removesuffix(".json")

    def records(self, damaged: Callable[[RecordError], None] | None = None) -> Iterator[tuple[str, Record]]:
        """(place, record) of all records, in the order of `walk`, one at a time.

        A damaged record is handed to `damaged` and passed over; without `damaged` it raises, and ends the walk. Raises
        StoreError when one cannot be read.
        """
        for place in self.walk():
            try:
                record = self.get(place)
            except RecordError as fault:
                if damaged is None:
                    raise
                damaged(fault)
            else:
                yield place, record

    def _files(self, ending: str) -> Iterator[Path]:
        """Files of the folders below; what lies in the folder itself (catalogue, templates) is no record."""
        for folder, names, files in os.walk(self.folder):
            names.sort()
            if folder != str(self.folder):
                yield from (Path(folder, name) for name in sorted(files) if name.endswith(ending))

    def _change(self, row: Row, before: Row | None) -> Change:
        if row.place in self._seen:
            return "duplicate"
        if (before is None or before.status == "failed") and row.urlkey and row.timestamp:
            before = self._catalogue.before(row.urlkey, row.timestamp)
        if before is None or before.status == "failed":
            return "new"
        return "unchanged" if before.text_digest == row.text_digest else "changed"

    def _write(self, place: str, files: Mapping[str, bytes]) -> None:
        for ending, data in files.items():
            path = self.folder / f"{place}{ending}"
            try:
                if not (path.exists() and path.read_bytes() == data):
                    write_whole(path, data)
            except OSError as fault:
                raise _refused(path, fault) from fault

    def _forget_failures(self, row: Row, record: Record) -> None:
        """Takes away the failed records of the same file when it can be read now."""
        if record.status == "failed" or record.capture.container is None:
            # A page from memory has no place that could be the same.
            return
        for place in self._catalogue.failed_places(row.origin):
            for ending in (".json", ".txt"):
                path = self.folder / f"{place}{ending}"
                try:
                    path.unlink(missing_ok=True)
                except OSError as fault:
                    raise _refused(path, fault) from fault
            self._catalogue.forget(place)

    def _stands(self, row: Row) -> bool:
        """Whether both files of a record are there in the length they had; `check` looks inside."""
        try:
            return (self.folder / f"{row.place}.json").stat().st_size == row.json_bytes and (
                self.folder / f"{row.place}.txt"
            ).stat().st_size == row.text_bytes
        except OSError:
            return False

    def _rows(self) -> Iterator[Row]:
        for place in self.walk():
            try:
                record = self.get(place)
            except RecordError:
                # A damaged record is made again by the run that comes now, and `check` names it.
                continue
            yield _row_of(place, record, _files_of(record), None)


def _row_of(place: str, record: Record, files: Mapping[str, bytes], key: Key | None) -> Row:
    return Row(
        place=place,
        id=record.id,
        urlkey=record.urlkey,
        timestamp=record.timestamp,
        origin=_origin(record.source, record.capture.container, record.capture.offset),
        maker=key.maker if key else "",
        text_digest=record.content.text_digest,
        status=record.status,
        reason=record.account.doubts[0] if record.status == "failed" else "",
        json_bytes=len(files[".json"]),
        text_bytes=len(files[".txt"]),
    )


def _files_of(record: Record) -> Mapping[str, bytes]:
    """Ending -> content, in the order of writing: a record exists when its `.json` does."""
    return {".txt": text_file(record), ".json": to_json(record).encode()}


def _origin(source: str, container: str | None, offset: int | None) -> str:
    """Sorts by source, then container, then offset; twelve digits of offset are a terabyte a file."""
    origin = f"{source}\n{container or ''}\n{offset or 0:012}"
    return origin.encode("utf-8", "backslashreplace").decode()


def _stable(value: object) -> object:
    """A value that JSON has no word for, the same on every run: a set's own order is not."""
    match value:
        case datetime():
            return value.isoformat()
        case set() | frozenset():
            return sorted(value)
        case bytes():
            return sha256(value).hexdigest()
    raise TypeError(f"no stable form for {type(value).__name__}")


def _refused(path: Path, fault: OSError) -> StoreError:
    return StoreError(
        f"cannot be written: {fault.strerror or fault}",
        where=str(path),
        next_step="check its rights and the space on the disk, and run again",
    )


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file whole or not at all: beside its place, flushed to the disk, then renamed.

    Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}{_UNFINISHED}")
    with unfinished.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
