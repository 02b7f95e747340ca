"""A file of lines in Zstandard frames, a handful of lines each, with a table of the frames at its end: a line is read
without those before it.

The form is the seekable format of the Zstandard project, version 0.1.0
(https://github.com/facebook/zstd/blob/dev/contrib/seekable_format/zstd_seekable_compression_format.md): frames (RFC
8878, each with its checksum), then the table in a skippable frame, which every other reader of Zstandard passes over.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

import zstandard

from archiver.errors import RecordError

# On 500 records of WCXB (49 MB, 98 KB each): in frames of 10 lines they take 1.5 % more than in one, of 20 0.5 %; the
# last line is read in 1.4 ms and 2.7 ms, and in 89 ms where all 500 are in one frame.
FRAME_LINES = 20
"""Lines a frame, but for the last one."""

# On 500 records of WCXB, a record: level 1 10.3 KB and 0.24 ms, 3 9.7 KB and 0.34 ms, 9 8.3 KB and 1.6 ms, 19 7.3 KB
# and 60 ms. One process packs what all workers clean, at 25 ms a page: at level 9 it would be their limit at 15.
_LEVEL = 3

_CHUNK_BYTES = 64 * 1024

# So many bytes of lines wait to be packed at once: line by line, between which the processor's cache is used by others,
# it takes a third longer (0.45 ms a record of WCXB, 0.32 so), and gives the same bytes.
_PACKED_AT_ONCE = 1024 * 1024

# Of the table: head (magic number of a skippable frame, its size), an entry a frame (its size packed and unpacked),
# foot (number of frames, a byte that says which checksums the entries have: none, magic number).
_HEAD, _ENTRY, _FOOT = struct.Struct("<II"), struct.Struct("<II"), struct.Struct("<IBI")
_SKIPPABLE, _SEEKABLE = 0x184D2A5E, 0x8F92EAB1


class Frame(NamedTuple):
    """Where a frame lies."""

    offset: int
    """Its first byte."""

    size: int
    """Its bytes."""

    unpacked: int
    """The bytes that it holds, as its table says."""


class PackedFrame(NamedTuple):
    """A frame as it stands in its file."""

    data: bytes
    unpacked: int
    """The bytes that it holds, as its table says."""
    path: Path
    """Of the file."""

    def lines(self) -> Iterator[bytes]:
        """Its lines, without their ends. Raises RecordError where it is damaged."""
        return _lines_of(BytesIO(self.data), Frame(0, len(self.data), self.unpacked), self.path)


class FrameWriter:
    """Writes lines into a file that was opened for it. All methods raise OSError."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
        self._packing = self._compressor.compressobj()
        self._entries: list[tuple[int, int]] = []
        self._waiting: list[bytes] = []
        self._lines = self._packed = self._unpacked = self._waiting_bytes = 0

    def write(self, line: bytes) -> None:
        """Adds a line, given without its end."""
        if self._lines == FRAME_LINES:
            self._end_frame()
        self._waiting += (line, b"\n")
        self._waiting_bytes += len(line) + 1
        self._lines += 1
        if self._waiting_bytes >= _PACKED_AT_ONCE:
            self._pack()

    def copy(self, frame: PackedFrame) -> None:
        """Adds a frame of another file as it stands, to frames that are full."""
        if self._lines:
            self._end_frame()
        self._file.write(frame.data)
        self._entries.append((len(frame.data), frame.unpacked))

    def finish(self) -> None:
        """Ends the last frame, and writes the table."""
        if self._lines:
            self._end_frame()
        count = len(self._entries)
        entries = b"".join(_ENTRY.pack(*entry) for entry in self._entries)
        self._file.write(_HEAD.pack(_SKIPPABLE, len(entries) + _FOOT.size))
        self._file.write(entries + _FOOT.pack(count, 0, _SEEKABLE))

    def _pack(self) -> None:
        self._put(self._packing.compress(b"".join(self._waiting)))
        self._unpacked += self._waiting_bytes
        self._waiting, self._waiting_bytes = [], 0

    def _end_frame(self) -> None:
        self._pack()
        self._put(self._packing.flush())
        self._entries.append((self._packed, self._unpacked))
        self._packing = self._compressor.compressobj()
        self._lines = self._packed = self._unpacked = 0

    def _put(self, packed: bytes) -> None:
        self._packed += len(packed)
        self._file.write(packed)


def read_lines(path: Path) -> Iterator[bytes]:
    """All lines, without their ends. Raises OSError; RecordError where the file is damaged or cut short."""
    with path.open("rb") as file:
        for frame in _frames_of(file, path):
            yield from _lines_of(file, frame, path)


def read_frames(path: Path) -> Iterator[PackedFrame]:
    """All frames, nothing unpacked; each but the last has FRAME_LINES lines. Raises as `read_lines` does."""
    with path.open("rb") as file:
        for frame in _frames_of(file, path):
            file.seek(frame.offset)
            yield PackedFrame(file.read(frame.size), frame.unpacked, path)


def read_line(path: Path, line: int) -> bytes | None:
    """One line, counted from 0; None when there is no such line. Raises as `read_lines` does."""
    with path.open("rb") as file:
        frames = _frames_of(file, path)
        if line // FRAME_LINES >= len(frames):
            return None
        for number, data in enumerate(_lines_of(file, frames[line // FRAME_LINES], path)):
            if number == line % FRAME_LINES:
                return data
    return None


def damaged(path: Path, what: str) -> RecordError:
    """The error for a file that is not as it was written."""
    return RecordError(
        f"not a whole shard: {what}", where=str(path), next_step="delete it, and clean its archive again"
    )


def _frames_of(file: BinaryIO, path: Path) -> list[Frame]:
    size = file.seek(0, 2)
    if size < _HEAD.size + _FOOT.size:
        raise damaged(path, "cut short")
    file.seek(size - _FOOT.size)
    count, _, magic = _FOOT.unpack(file.read(_FOOT.size))
    table = _HEAD.size + count * _ENTRY.size + _FOOT.size
    if magic != _SEEKABLE or table > size:
        raise damaged(path, "cut short, or it goes on after its end")
    file.seek(size - table)
    kind, length = _HEAD.unpack(file.read(_HEAD.size))
    frames, offset = [], 0
    for _ in range(count):
        packed, unpacked = _ENTRY.unpack(file.read(_ENTRY.size))
        frames.append(Frame(offset, packed, unpacked))
        offset += packed
    if kind != _SKIPPABLE or length != table - _HEAD.size or offset != size - table:
        raise damaged(
            path, "its table is not that of what stands before it; it was cut short, or goes on after its end"
        )
    return frames


def _lines_of(file: BinaryIO, frame: Frame, path: Path) -> Iterator[bytes]:
    file.seek(frame.offset)
    unpacking = zstandard.ZstdDecompressor().decompressobj()
    rest, left = b"", frame.size
    while left and not unpacking.eof:
        chunk = file.read(min(left, _CHUNK_BYTES))
        left -= len(chunk)
        try:
            rest += unpacking.decompress(chunk)
        except zstandard.ZstdError as fault:
            raise damaged(path, str(fault)) from fault
        # Not split at once: each copy is made where the one before it was.
        begin = 0
        while (end := rest.find(b"\n", begin)) >= 0:
            yield rest[begin:end]
            begin = end + 1
        rest = rest[begin:]
    # (Told by hand: zstandard's own reader takes a frame that breaks off for one that ends.)
    if not unpacking.eof or left or unpacking.unused_data or rest:
        raise damaged(path, "a frame that does not end where its table says")
