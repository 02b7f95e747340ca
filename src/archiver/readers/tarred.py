"""Tar files, plain or compressed: each member is read as a file of its own would be.

Source: POSIX.1-2017, pax, "ustar Interchange Format", as read by Python's tarfile.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from functools import partial
from tempfile import TemporaryFile
from typing import BinaryIO

from archiver.model import Capture
from archiver.readers.archived import Member, buffered_window, read_members
from archiver.readers.capture_file import Place, explain, refuse
from archiver.readers.compression import Codec, find_codec
from archiver.readers.members import Piece, read_pieces
from archiver.readers.reading import Reading
from archiver.readers.skipped import Skipped

_COPY = 256 * 1024
_CUT = "the tar file ends before it does"


def sniff(head: bytes, name: str) -> bool:
    """True for the first block of a tar file, whatever the file is called: POSIX's and GNU's mark, or, for the older
    form without one, a name and a right checksum.
    """
    if head[257:262] == b"ustar":
        return True
    try:
        tarfile.TarInfo.frombuf(head[:512], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def read(place: Place, reading: Reading) -> Iterator[Capture | Skipped]:
    """The captures in the members, in their order. Members of a compressed file are copied one by one into an unnamed
    file, since a reader has to go back and forth in them.
    """
    try:
        with place.open() as stream:
            codec, first = find_codec(stream)
            members = _unpacked(stream, codec, first) if codec else _plain(place, stream)
            yield from read_members(place, members, reading.read_file)
    except (tarfile.TarError, EOFError, ValueError, OverflowError) as error:
        yield refuse(place, f"a damaged tar file: {error} (what stands before the damage is read; get it again)")
    except OSError as error:
        yield refuse(place, explain(error))


def _plain(place: Place, stream: BinaryIO) -> Iterator[Member]:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    with tarfile.open(fileobj=stream, mode="r:") as archive:
        for info in archive:
            if not info.isdir():
                yield _member(info, partial(_open, place, info), [_CUT] if info.offset_data + info.size > size else [])


def _open(place: Place, info: tarfile.TarInfo) -> BinaryIO:
    return buffered_window(place.open(), info.offset_data, info.size, owns=True)


def _unpacked(stream: BinaryIO, codec: Codec, first: int) -> Iterator[Member]:
    pieces = _Pieces(read_pieces(stream, codec, first, lambda data: False))
    with tarfile.open(fileobj=io.BufferedReader(pieces), mode="r|") as archive:
        for info in archive:
            if info.isdir():
                continue
            with TemporaryFile() as copy:
                length = _copy(archive, info, copy) if info.isreg() and not info.issparse() else info.size
                faults = [pieces.fault or _CUT] if length < info.size else []
                yield _member(info, partial(buffered_window, copy, 0, length), faults)
            if faults:
                return
    if pieces.fault:
        raise tarfile.ReadError(pieces.fault)


def _copy(archive: tarfile.TarFile, info: tarfile.TarInfo, copy: BinaryIO) -> int:
    """Copies what there is of a member; how many bytes."""
    member = archive.extractfile(info)
    assert member
    length = 0
    try:
        while data := member.read(_COPY):
            length += copy.write(data)
    except (tarfile.TarError, EOFError):
        pass
    return length


def _member(info: tarfile.TarInfo, open_: partial[BinaryIO], faults: list[str]) -> Member:
    name = info.name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    if info.isreg() and not info.issparse():
        return Member(name, open_, faults=faults)
    if info.isreg():
        return Member(name, refused="a file with holes, as GNU tar stores it (unpack it)")
    return Member(name, skipped="a link in an archive" if info.issym() or info.islnk() else "a device in an archive")


class _Pieces(io.RawIOBase):
    """Decoded pieces as a stream that is read forward; at damage it ends, and `fault` says why."""

    def __init__(self, pieces: Iterator[Piece]) -> None:
        super().__init__()
        self.fault: str | None = None
        self._pieces = pieces
        self._data = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._data and self.fault is None and (piece := next(self._pieces, None)):
            self._data, self.fault = piece.data, piece.fault
        data, self._data = self._data[: len(buffer)], self._data[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)
