"""The records of an archive (WARC, WACZ, zip ...): not two files a page but a line each, in shards of 500.

`<source>/<archive>/00003.jsonl.zst` holds the records of the captures 1,501 to 2,000, in the archive's order: one
record a line, in frames of Zstandard (see `frames`). What a shard holds depends on those captures alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import BinaryIO, NamedTuple

from archiver.store.files import flush, unfinished_of
from archiver.store.frames import FRAME_LINES, FrameWriter, PackedFrame, damaged, read_frames, read_lines

ENDING = ".jsonl.zst"
"""How the name of a shard ends."""

LINES = 500
"""Captures a shard. A kill costs the shard at work, some 12 s of one core at 25 ms a page; 500 pages of WCXB make 5 MB
(34 MB unpacked, 20 ms to the last line). Shards of 100 are no smaller on the disk and of 1,000 no larger, within
1 in 1,000."""

_PLACE = re.compile(rf"(.*{re.escape(ENDING)})#([1-9][0-9]*)", re.DOTALL)

_KEY_BYTES = 32
_NO_KEY = bytes(_KEY_BYTES)


class Archive(NamedTuple):
    """A file of many captures, and where their records go."""

    folder: str
    """The folder of its shards, under the folder of clean records."""

    origin: str
    """Where the file lay, as in `Key`."""

    first: str
    """Digest over the body of its first capture; "" for an empty one. It tells two archives of one name apart."""


class Slot(NamedTuple):
    """The line that is kept for a capture."""

    archive: Archive
    number: int
    """Which capture of its archive it is, from 0."""

    @property
    def shard(self) -> str:
        """Where its shard lies, under the folder of clean records."""
        return _shard(self.archive.folder, self.number // LINES)

    @property
    def line(self) -> int:
        """Its line in the shard, from 0."""
        return self.number % LINES

    @property
    def is_last(self) -> bool:
        """Whether it fills its shard."""
        return self.line == LINES - 1

    @property
    def place(self) -> str:
        """The place of its record."""
        return place_of_line(self.shard, self.line)


def place_of_line(shard: str, line: int) -> str:
    """The place of the record in a line, counted from 0; in the place they count from 1, as `sed` does."""
    return f"{shard}#{line + 1}"


def split_place(place: str) -> tuple[str, int] | None:
    """The shard and the line, from 0, that a place names; None for a record on its own.

    >>> split_place("a/b.warc.gz/00003.jsonl.zst#17")
    ('a/b.warc.gz/00003.jsonl.zst', 16)
    """
    match = _PLACE.fullmatch(place)
    return (match[1], int(match[2]) - 1) if match else None


def shards_up_to(last: str) -> list[str]:
    """The shards of an archive whose last one is given, in order.

    >>> shards_up_to("a/b.zip/00001.jsonl.zst")
    ['a/b.zip/00000.jsonl.zst', 'a/b.zip/00001.jsonl.zst']
    """
    folder, _, name = last.rpartition("/")
    digits = name.removesuffix(ENDING)
    return [_shard(folder, number) for number in range(int(digits) + 1)] if digits.isdecimal() else [last]


def _shard(folder: str, number: int) -> str:
    return f"{folder}/{number:05}{ENDING}"


def digest_of_first(body: bytes) -> str:
    """`Archive.first`."""
    return sha256(body).hexdigest() if body else ""


class Keys:
    """The keys of a shard's captures, line by line: by these a later run knows that they are done."""

    def __init__(self, packed: bytes = b"") -> None:
        self._packed = bytearray(packed)

    def __len__(self) -> int:
        return len(self._packed) // _KEY_BYTES

    def __bytes__(self) -> bytes:
        return bytes(self._packed)

    def add(self, key: str | None) -> None:
        """Notes the next line's key, 64 hex digits; None for a capture that is not done."""
        self._packed += bytes.fromhex(key) if key else _NO_KEY

    def holds(self, line: int, key: str) -> bool:
        """Whether that line is of the capture with this key."""
        return self._packed[_KEY_BYTES * line : _KEY_BYTES * (line + 1)] == bytes.fromhex(key)


def rewrite(path: Path, changed: Mapping[int, bytes]) -> None:
    """Puts other records into some lines of a shard; every other line stays, whatever it holds, and a frame of such
    lines as it is. Raises OSError, and RecordError when the shard is damaged where it changes.
    """
    writer = ShardWriter(path)
    finished = False
    try:
        for start, frame in zip(count(0, FRAME_LINES), read_frames(path)):
            if changed.keys().isdisjoint(range(start, start + FRAME_LINES)):
                writer.copy(frame)
                continue
            for number, line in enumerate(frame.lines(), start):
                writer.add(changed.get(number, line))
        writer.finish(writer.lines)
        finished = True
    finally:
        if not finished:
            writer.abandon()


class ShardWriter:
    """Fills one shard line by line, with new records and with those that stand in the file it is to replace.

    Nothing is written as long as every line stands. All methods raise OSError, and RecordError when a line that should
    stand does not.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines = 0
        self._standing = enumerate(read_lines(path))
        self._file: BinaryIO | None = None
        self._frames: FrameWriter | None = None

    def keep(self) -> None:
        """The next line stands."""
        if self._file is not None:
            self._write(self._standing_line(self.lines))
        self.lines += 1

    def add(self, line: bytes) -> None:
        """The next line is new."""
        self._begin()
        self._write(line)
        self.lines += 1

    def copy(self, frame: PackedFrame) -> None:
        """The next lines are those of a frame of the file that this one replaces, as it stands."""
        self._begin()
        assert self._frames is not None
        self._frames.copy(frame)
        self.lines += FRAME_LINES

    def finish(self, standing: int) -> bool:
        """Puts the shard in its place, unless these bytes stand there. False when there was nothing to do: of a file
        with so many lines, each stands.
        """
        if self.lines != standing:
            self._begin()
        if self._file is None or self._frames is None:
            return False
        with self._file:
            self._frames.finish()
            flush(self._file)
        unfinished = Path(self._file.name)
        if self.path.exists() and unfinished.read_bytes() == self.path.read_bytes():
            unfinished.unlink()
        else:
            unfinished.replace(self.path)
        return True

    def abandon(self) -> None:
        """Leaves what stands there as it is."""
        if self._file is not None:
            # A full disk refuses what is still to be written, too.
            with suppress(OSError):
                self._file.close()
            Path(self._file.name).unlink(missing_ok=True)

    def _begin(self) -> None:
        """Opens the new file, and copies the lines that were kept so far."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = unfinished_of(self.path).open("wb")
            self._frames = FrameWriter(self._file)
            for number in range(self.lines):
                self._write(self._standing_line(number))

    def _write(self, line: bytes) -> None:
        assert self._frames is not None
        self._frames.write(line)

    def _standing_line(self, wanted: int) -> bytes:
        for number, line in self._standing:
            if number == wanted:
                return line
        raise damaged(self.path, f"line {wanted + 1} is missing")
