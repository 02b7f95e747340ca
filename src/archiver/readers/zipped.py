"""Zip files: each member is read as a file of its own would be; a WACZ is one with a list of pages.

Sources: PKWARE, "APPNOTE.TXT" 6.3; Webrecorder, "Web Archive Collection Zipped (WACZ) 1.1.1".
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath
from typing import IO, BinaryIO

from archiver.model import Capture
from archiver.readers.archived import Member, read_members
from archiver.readers.capture_file import Place, explain, refuse
from archiver.readers.compression import without_compression
from archiver.readers.reading import Reading
from archiver.readers.sidecar import MAX_BYTES, SUFFIX, Description, describe_bytes
from archiver.readers.skipped import Skipped
from archiver.readers.wacz import is_wacz, read_page_list, with_page
from archiver.readers.zip_salvage import salvage

# What zipfile and the decoders below it raise where bytes are damaged, cut, encrypted or of another method: names that
# are no UTF-8, places beyond what a file can have, versions that nobody knows.
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)
_MEMBER_ERRORS = (*_ZIP_ERRORS, OSError)

_DAMAGED = "get it again, or repair it with `zip -FF`"


def sniff(head: bytes, name: str) -> bool:
    """True for bytes that begin a zip file, whatever the file is called."""
    return head.startswith((b"PK\3\4", b"PK\5\6"))


def read(place: Place, reading: Reading) -> Iterator[Capture | Skipped]:
    """The captures in the members, in the order of the file's directory."""
    try:
        with place.open() as stream:
            try:
                archive = zipfile.ZipFile(stream)
            except _ZIP_ERRORS as error:
                yield from _read_without_directory(place, stream, str(error), reading)
                return
            with archive:
                members = _members(place, archive)
                if is_wacz(place.container, archive.namelist()):
                    yield from _read_wacz(place, members, reading)
                else:
                    yield from read_members(place, members, reading.read_file)
    except OSError as error:
        yield refuse(place, explain(error))


def _read_without_directory(place: Place, stream: BinaryIO, why: str, reading: Reading) -> Iterator[Capture | Skipped]:
    """What can be read of a damaged file: as in a whole one, and a capture that says what is missing."""
    for member in salvage(stream):
        # Without its directory only the file's name tells a WACZ: other zip files have folders of any name.
        if place.container.lower().endswith(".wacz") and not _is_archive(member):
            yield Skipped(_NO_ARCHIVE)
        else:
            yield from read_members(place, (member,), reading.read_file)
    what = f"a zip file without its directory, so that nobody knows what else was in it: {why}"
    yield refuse(place, f"{what} (get it again; what stands before the damage is read)")


def _read_wacz(place: Place, members: list[Member], reading: Reading) -> Iterator[Capture | Skipped]:
    pages = read_page_list(members)
    parts = [member for member in members if _is_archive(member)]
    if not parts:
        yield refuse(place, f"a WACZ file without archives in its folder `archive` ({_DAMAGED})")
    yield from (Skipped(_NO_ARCHIVE) for member in members if not _is_archive(member))
    for found in read_members(place, parts, reading.read_file):
        yield with_page(found, pages) if isinstance(found, Capture) else found


_NO_ARCHIVE = "part of a WACZ that is no archive"


def _is_archive(member: Member) -> bool:
    return member.name.startswith("archive/")


def _members(place: Place, archive: zipfile.ZipFile) -> list[Member]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    beside = _descriptions([info.filename for info in infos])
    members = []
    for info in infos:
        faults: list[str] = []
        # A zip file can say that a member is a link (Info-ZIP, external attributes of Unix).
        is_link = (info.external_attr >> 28) == 0xA
        members.append(
            Member(
                info.filename,
                partial(_open, place, archive, info, faults),
                "encrypted (unpack it with its password)" if info.flag_bits & 1 else None,
                "a link in an archive" if is_link else None,
                partial(_describe, archive, beside.get(info.filename)),
                faults,
            )
        )
    return members


def _open(place: Place, archive: zipfile.ZipFile, info: zipfile.ZipInfo, faults: list[str]) -> BinaryIO:
    try:
        # Opened anew only for an original that a later archive refers to: it means to read the directory again.
        archive = archive if archive.fp else zipfile.ZipFile(place.open())
        return io.BufferedReader(_Sparing(archive.open(info), faults))
    except _MEMBER_ERRORS as error:
        raise OSError(f"a member of a zip file that can't be opened: {error}") from error


class _Sparing(io.RawIOBase):
    """A member's bytes up to the damage, which is told in `faults` and not raised."""

    def __init__(self, member: IO[bytes], faults: list[str]) -> None:
        super().__init__()
        self._member, self._faults = member, faults

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return int(self._member.seek(offset, whence))

    def tell(self) -> int:
        return int(self._member.tell())

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._member.read(len(buffer))
        except _MEMBER_ERRORS as error:
            fault = f"its zip file is damaged here: {error}"
            if fault not in self._faults:
                self._faults.append(fault)
            return 0
        buffer[: len(data)] = data
        return len(data)


def _descriptions(names: list[str]) -> dict[str, str]:
    """The name of the description of each file that has one: by its full name, or by its stem when no other has it."""
    described = {name for name in names if name.endswith(SUFFIX)}
    by_stem = defaultdict(list)
    for name in names:
        if name not in described:
            by_stem[str(PurePosixPath(without_compression(name)).with_suffix(""))].append(name)
    found = {
        rivals[0]: stem + SUFFIX for stem, rivals in by_stem.items() if len(rivals) == 1 and stem + SUFFIX in described
    }
    return found | {name: name + SUFFIX for name in names if name + SUFFIX in described}


def _describe(archive: zipfile.ZipFile, name: str | None) -> Description:
    if name is None:
        return Description()
    try:
        with archive.open(name) as member:
            return describe_bytes(member.read(MAX_BYTES + 1), name)
    except _MEMBER_ERRORS as error:
        return Description(faults=(f"{name}: can't be read: {error}",))
