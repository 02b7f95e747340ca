"""The records that stand in a folder, as they are read from it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from archiver.errors import RecordError, StoreError
from archiver.model import Record
from archiver.record import from_json
from archiver.store.frames import read_line, read_lines
from archiver.store.shards import ENDING, place_of_line, split_place


class Stored(NamedTuple):
    """What was read at a place."""

    place: str
    """Under the folder; of a damaged shard its path, since nobody knows its lines."""

    record: Record | None
    """The record; None when it is damaged."""

    fault: str
    """What is wrong; "" for a record."""

    data: bytes
    """As it lies there: a `.json`, or a line of a shard."""


class Lying(NamedTuple):
    """What lies at a place, before anyone looks into it."""

    place: str
    """As in `Stored`."""
    data: bytes
    fault: str
    """Why a shard cannot be read; "" otherwise."""


def is_stored(path: str) -> bool:
    """Whether the path names a record: a `.json` file, or a line of a shard."""
    return path.endswith(".json") or split_place(path) is not None


def path_of(folder: Path, place: str) -> Path:
    """What `read_record` takes for a place under the folder."""
    return folder / (place if split_place(place) else f"{place}.json")


def read_record(path: Path) -> Record:
    """The record in a `.json` file, or in the line of a shard that stands after a `#` (`00003.jsonl.zst#17`).

    Raises StoreError when the file cannot be read, RecordError when it holds no record.
    """
    line = split_place(str(path))
    try:
        data = read_line(Path(line[0]), line[1]) if line else path.read_bytes()
        if data is None:
            raise RecordError("no such line", where=str(path), next_step="name a line that is there")
    except OSError as fault:
        raise StoreError(fault.strerror or "cannot be read", where=str(path), next_step="check its rights") from fault
    return _decoded(data, str(path))


def files_in(folder: Path, ending: str | tuple[str, ...]) -> Iterator[Path]:
    """Files of the folders below, sorted; what lies in the folder itself (catalogue) or in a hidden one (templates) is
    no record.
    """
    for below, names, files in os.walk(folder):
        names[:] = sorted(name for name in names if not name.startswith("."))
        if below != str(folder):
            yield from (Path(below, name) for name in sorted(files) if name.endswith(ending))


def read_bytes(folder: Path) -> Iterator[Lying]:
    """What lies at each place, file by file. Raises StoreError when a file cannot be read."""
    for path in files_in(folder, (".json", ENDING)):
        name = path.relative_to(folder).as_posix()
        try:
            if name.endswith(ENDING):
                for number, line in enumerate(read_lines(path)):
                    yield Lying(place_of_line(name, number), line, "")
            else:
                yield Lying(name.removesuffix(".json"), path.read_bytes(), "")
        except RecordError as fault:
            yield Lying(name, b"", fault.what)
        except OSError as fault:
            reason = fault.strerror or "cannot be read"
            raise StoreError(reason, where=str(path), next_step="check its rights") from fault


def read_all(folder: Path) -> Iterator[Stored]:
    """What is read at each place, the damaged ones too. Raises StoreError when a file cannot be read."""
    for place, data, fault in read_bytes(folder):
        yield Stored(place, None, fault, b"") if fault else _stored(place, data)


def _stored(place: str, data: bytes) -> Stored:
    try:
        return Stored(place, _decoded(data, place), "", data)
    except RecordError as fault:
        return Stored(place, None, fault.what, data)


def _decoded(data: bytes, where: str) -> Record:
    try:
        return from_json(data.decode("utf-8"))
    except UnicodeDecodeError as fault:
        raise RecordError(
            f"not UTF-8 at byte {fault.start}", where=where, next_step="clean its capture again"
        ) from fault
    except RecordError as fault:
        what = f"{fault.where}: {fault.what}" if fault.where else fault.what
        raise RecordError(what, where=where, next_step=fault.next_step) from fault
