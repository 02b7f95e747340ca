"""A zip file without its directory, which stands at the end: what was cut off a download, or never finished.

Each member has a header of its own before its data (PKWARE, "APPNOTE.TXT" 6.3, 4.3.7), so they are found one after
another.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from functools import partial
from tempfile import TemporaryFile
from typing import BinaryIO, NamedTuple

from archiver.readers.archived import Member, buffered_window

_MAGIC = b"PK\3\4"
_HEADER = struct.Struct("<4sHHHHHIIIHH")
_ENCRYPTED, _SIZES_FOLLOW = 1, 8
_STORED, _DEFLATED = 0, 8
# Of a member's size in the field for it: the true one stands in the extra field 1, in eight bytes.
_ZIP64 = 0xFFFFFFFF

_READ = 64 * 1024
# A member that unpacks to more than this and to more than a hundred times its size is a bomb, as in `members`.
_BOMB_BYTES = 1024 * 1024 * 1024
_BOMB_RATIO = 100


class _Header(NamedTuple):
    name: str
    flags: int
    method: int
    stored: int
    """Bytes of its data as stored; 0 where only what follows them tells."""
    data: int
    """Where its data begin."""


def salvage(stream: BinaryIO) -> Iterator[Member]:
    """The members whose headers stand, in their order, the last one perhaps cut short. Raises OSError."""
    place: int | None = 0
    size = stream.seek(0, 2)
    while place is not None and (header := _read_header(stream, place)):
        if header.flags & _ENCRYPTED:
            yield Member(header.name, refused="encrypted (unpack it with its password)")
            end = header.data + header.stored
        elif header.method == _DEFLATED:
            with TemporaryFile() as copy:
                end, fault = _inflate(stream, header.data, copy)
                yield Member(header.name, partial(buffered_window, copy, 0, copy.tell()), faults=fault)
        elif header.method == _STORED:
            end = header.data + header.stored
            if header.flags & _SIZES_FOLLOW:
                end = _find(stream, header.data, b"PK\7\x08") or size + 1
            fault = ["its zip file ends before it does"] if end > size else []
            window = partial(buffered_window, stream, header.data, min(end, size) - header.data)
            yield Member(header.name, window, faults=fault)
        else:
            yield Member(header.name, refused=f"compressed in a way that is not known here ({header.method})")
            end = header.data + header.stored
        # A size that lies may lead beyond anything that a file can be.
        place = _find(stream, min(end, size), _MAGIC)


def _read_header(stream: BinaryIO, place: int) -> _Header | None:
    stream.seek(place)
    fixed = stream.read(_HEADER.size)
    if len(fixed) < _HEADER.size:
        return None
    magic, _, flags, method, _, _, _, stored, _, name_length, extra_length = _HEADER.unpack(fixed)
    if magic != _MAGIC:
        return None
    name = stream.read(name_length)
    extra = stream.read(extra_length)
    if stored == _ZIP64 and (wide := _wide_size(extra)) is not None:
        stored = wide
    text = name.decode("utf-8", "backslashreplace") if flags & 0x800 or name.isascii() else name.decode("cp437")
    return _Header(text, flags, method, stored, place + _HEADER.size + name_length + extra_length)


def _wide_size(extra: bytes) -> int | None:
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        if kind == 1 and length >= 16:
            return int(struct.unpack_from("<8xQ", extra, 4)[0])
        extra = extra[4 + length :]
    return None


def _inflate(stream: BinaryIO, start: int, copy: BinaryIO) -> tuple[int, list[str]]:
    """Unpacks a member's data into `copy`; where they end, and what broke, if something did."""
    stream.seek(start)
    inflater, place, written = zlib.decompressobj(wbits=-15), start, 0
    while not inflater.eof:
        chunk = stream.read(_READ)
        if not chunk:
            return place, ["its zip file ends before it does"]
        try:
            written += copy.write(inflater.decompress(chunk))
        except zlib.error as error:
            return place, [f"its zip file is damaged here: {error}"]
        place += len(chunk)
        if written > max(_BOMB_BYTES, (place - start) * _BOMB_RATIO):
            return place, [f"a decompression bomb, left after {written} bytes"]
    return place - len(inflater.unused_data), []


def _find(stream: BinaryIO, place: int, mark: bytes) -> int | None:
    """Where a mark stands next; None when it doesn't."""
    while True:
        stream.seek(place)
        data = stream.read(_READ)
        if (found := data.find(mark)) >= 0:
            return place + found
        if len(data) < len(mark):
            return None
        place += len(data) - len(mark) + 1
