"""Archives of files (zip, tar): each member is read as a file of its own would be.

Nothing is unpacked under a member's name, so a name can lead nowhere; it stands in the record as it stood.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from archiver.model import Capture
from archiver.readers.capture_file import Place, refuse
from archiver.readers.sidecar import SUFFIX, Description
from archiver.readers.skipped import Skipped

MAX_DEPTH = 3
"""How deep archives are opened inside one another: a tar of zips of WACZ. What holds itself ends here."""

# What operating systems put into archives beside the files.
_OF_THE_SYSTEM = ("__MACOSX", "desktop.ini", "Thumbs.db")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive."""

    name: str
    """As it stands there, with `/`."""

    open: Callable[[], BinaryIO] = io.BytesIO
    """Its bytes; what breaks while they are read is put into `faults` and ends them."""

    refused: str | None = None
    """Why it can't be read, with what to do next; None when it can be tried."""

    skipped: str | None = None
    """Why it is no business of this program; None when it is."""

    describe: Callable[[], Description] = Description
    """What a file beside it says."""

    faults: list[str] = field(default_factory=list)
    """What broke so far."""


def read_members(
    place: Place, members: Iterable[Member], read_file: Callable[[Place], Iterator[Capture | Skipped]]
) -> Iterator[Capture | Skipped]:
    """What the members give, in their order; hidden ones and descriptions are passed over, as in folders."""
    archive = place.archive or place.container
    for member in members:
        if _is_passed_over(member.name):
            continue
        container = f"{place.container}/{member.name}"
        inner = Place(place.source, container, member.open, member.describe, archive, place.depth + 1)
        if member.skipped:
            yield Skipped(member.skipped)
        elif member.refused:
            yield refuse(inner, member.refused)
        else:
            for found in read_file(inner):
                yield _with_faults(found, member.faults)


def _is_passed_over(name: str) -> bool:
    parts = name.split("/")
    return parts[-1].endswith(SUFFIX) or any(
        part in _OF_THE_SYSTEM or (part.startswith(".") and part != "." and not part.startswith("..")) for part in parts
    )


def _with_faults(found: Capture | Skipped, faults: list[str]) -> Capture | Skipped:
    """A page that was read out of a broken member says so; records of a WARC tell themselves where they end."""
    if not faults or isinstance(found, Skipped):
        return found
    if found.unreadable:
        return replace(found, unreadable=f"{faults[0]}: {found.unreadable}")
    if found.offset is None:
        return replace(found, truncated="; ".join(filter(None, (found.truncated, faults[0]))))
    return replace(found, notes=(*found.notes, f"its archive is damaged: {faults[0]}"))


class Window(io.RawIOBase):
    """A stretch of a stream that can seek, as a stream of its own; several can stand on one stream."""

    def __init__(self, stream: BinaryIO, start: int, length: int, *, owns: bool = False) -> None:
        """`owns`: to close it closes the stream."""
        super().__init__()
        self._stream, self._start, self._length, self._owns = stream, start, length, owns
        self._place = 0

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Goes to a place in the window."""
        base = (0, self._place, self._length)[whence]
        self._place = max(0, base + offset)
        return self._place

    def tell(self) -> int:
        """Where in the window it is."""
        return self._place

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fills the buffer; fewer bytes at the window's end. Raises OSError."""
        if self._stream.closed:
            raise OSError("the file it was copied to is gone")
        self._stream.seek(self._start + self._place)
        data = self._stream.read(max(0, min(len(buffer), self._length - self._place)))
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)

    def close(self) -> None:
        """Closes the stream below where the window owns it."""
        if self._owns and not self.closed:
            self._stream.close()
        super().close()


def buffered_window(stream: BinaryIO, start: int, length: int, *, owns: bool = False) -> BinaryIO:
    """A window that reads ahead."""
    return io.BufferedReader(Window(stream, start, length, owns=owns))
