"""A file's bytes with its compression undone, piece by piece, each piece with the place where it is stored.

A page may be compressed as a whole. WARC and ARC files lie plain, or as gzip members or Zstandard frames one after
another: one a record, so that a reader can begin at each; sometimes one around the whole file. Damage ends a member and
not the file: the next one whose first bytes begin a record is looked for.

Sources: IIPC, "The WARC Format 1.1", annex D; IIPC, "Zstandard Compression for WARC Files 1.0".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from archiver.readers.compression import CODECS, GZIP, SKIPPABLE, Codec


class Piece(NamedTuple):
    """Some bytes of a container, decoded."""

    data: bytes
    """In a piece that begins a member at least `_FIRST` bytes, or all the member has."""

    member: int
    """Where the member that holds it is stored, from the container's first byte; 0 in a plain file."""

    begins: bool = False
    """Whether it is the member's first."""

    end: int | None = None
    """In the member's last piece, one past its last stored byte; None in others."""

    fault: str | None = None
    """Why the member breaks off after it; None otherwise."""


# How many bytes tell whether a member begins a record: an ARC's first line is an address (2,083 bytes at most in
# Heritrix) and four fields.
_FIRST = 4096

# Bytes of a plain container that are read at once; what is searched at once for the next member.
_READ = 256 * 1024

# A member of more than this that unpacks to more than a hundred times its size is a bomb: pages shrink to a third or
# a tenth, lists with much alike to a thirtieth. Deflate can reach 1,032, Zstandard 30,000.
_BOMB_BYTES = 1024 * 1024 * 1024
_BOMB_RATIO = 100


def find_codec_inside(stream: BinaryIO, begins_record: Callable[[bytes], bool]) -> Codec | None:
    """How a container is compressed whose first bytes are damaged: a member that begins a record is in it. None where
    there is no such member. Raises OSError.
    """
    return next((codec for codec in CODECS if _find_member(stream, codec, 0, begins_record) is not None), None)


def read_pieces(
    stream: BinaryIO, codec: Codec | None, offset: int, begins_record: Callable[[bytes], bool]
) -> Iterator[Piece]:
    """The pieces from the member (in a plain file: the byte) at `offset` to the end of the container.

    After damage they go on with the next member for whose first bytes `begins_record` is true. Raises OSError.
    """
    if codec is None:
        yield from _read_plain(stream, offset)
        return
    place, is_member = _next_place(stream, codec, offset)
    while place is not None:
        if is_member:
            piece = Piece(b"", place)
            for piece in _read_member(stream, codec, place):
                yield piece
            if piece.end is not None:
                place, is_member = _next_place(stream, codec, piece.end)
                continue
            place += 1
        else:
            what = f"bytes after the {codec.name} stream" if place > offset else "bytes"
            yield Piece(b"", place, begins=True, fault=f"{what} that are no {codec.name}, left out")
        place, is_member = _find_member(stream, codec, place, begins_record), True


def _read_plain(stream: BinaryIO, offset: int) -> Iterator[Piece]:
    stream.seek(offset)
    begins = True
    while data := stream.read(_READ):
        yield Piece(data, 0, begins)
        begins = False
    yield Piece(b"", 0, begins, end=stream.tell())


def _read_member(stream: BinaryIO, codec: Codec, offset: int) -> Iterator[Piece]:
    """The pieces of one member; the last has `end` or `fault`."""
    stream.seek(offset)
    decoder, stored, decoded, begins = codec.new(), offset, 0, True
    first = b""
    while not decoder.eof:
        chunk = stream.read(codec.feed)
        try:
            data = decoder.decompress(chunk) if chunk else b""
        except codec.error as error:
            data = _salvage(stream, codec, range(offset, stored, codec.feed), chunk)
            yield Piece(first + data, offset, begins, fault=f"{codec.name} data damaged: {error}")
            return
        stored += len(chunk) - len(decoder.unused_data)
        decoded += len(data)
        first += data
        if decoded > max(_BOMB_BYTES, (stored - offset) * _BOMB_RATIO):
            yield Piece(first, offset, begins, fault=f"a decompression bomb, left after {decoded} bytes")
            return
        if not chunk:
            yield Piece(first, offset, begins, fault=f"{codec.name} stream cut short")
        elif decoder.eof:
            yield Piece(first, offset, begins, end=stored)
        elif not begins or len(first) >= _FIRST:
            yield Piece(first, offset, begins)
        else:
            continue
        first, begins = b"", False
        if not chunk:
            return


def _salvage(stream: BinaryIO, codec: Codec, sound: range, chunk: bytes) -> bytes:
    """What comes out of a damaged chunk before the damage: as a whole it gives nothing.

    The member is decoded once more, since a decoder that met damage can't go on.
    """
    decoder = codec.new()
    out = bytearray()
    try:
        for start in sound:
            stream.seek(start)
            decoder.decompress(stream.read(codec.feed))
        for place in range(len(chunk)):
            out += decoder.decompress(chunk[place : place + 1])
    except codec.error:
        pass
    return bytes(out)


def _next_place(stream: BinaryIO, codec: Codec, place: int) -> tuple[int | None, bool]:
    """Where the next member begins, and True; where bytes stand that are none, and False; None at the end."""
    while True:
        stream.seek(place)
        head = stream.read(8)
        if head[1:4] == SKIPPABLE and head[0] & 0xF0 == 0x50 and codec is not GZIP:
            place += 8 + int.from_bytes(head[4:8], "little")
            continue
        if head.startswith(codec.magic[:2]):
            return place, True
        # Zeros fill the last block on a tape.
        zeros = len(head) - len(head.lstrip(b"\0"))
        if not zeros:
            return (place, False) if head else (None, False)
        place += zeros


def _find_member(stream: BinaryIO, codec: Codec, place: int, begins_record: Callable[[bytes], bool]) -> int | None:
    """Where the next member that begins a record is stored, from `place` on; None when there is none."""
    overlap = len(codec.magic) - 1
    while True:
        stream.seek(place)
        data = stream.read(_READ)
        found = data.find(codec.magic)
        while found >= 0:
            if _decodes(stream, codec, place + found, begins_record):
                return place + found
            found = data.find(codec.magic, found + 1)
        if len(data) <= overlap:
            return None
        place += len(data) - overlap


def _decodes(stream: BinaryIO, codec: Codec, place: int, begins_record: Callable[[bytes], bool]) -> bool:
    return begins_record(next(_read_member(stream, codec, place)).data)
