"""One file (or stdin, or a member of an archive) -> one Capture: what the readers of single pages share."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from archiver.model import Capture
from archiver.readers.body import read_body, read_head
from archiver.readers.sidecar import Description, read_description


@dataclass(frozen=True, slots=True)
class Place:
    """Where something to read lies."""

    source: str
    """The name of the folder or file that the user gave."""

    container: str
    """The path relative to what the user gave, with `/`; a member of an archive lies below the archive's path."""

    open: Callable[[], BinaryIO]
    """Its bytes as they lie there, from the first; can seek. Raises OSError when it can't be opened."""

    describe: Callable[[], Description] = Description
    """What a file beside it says. Never raises."""

    archive: str | None = None
    """The path of the file of many captures that it lies in, relative to what the user gave; None outside of one."""

    depth: int = 0
    """In how many archives it lies, one in the other."""


def file_place(path: Path, source: str, container: str) -> Place:
    """The place of a file on the disk."""
    return Place(source, container, lambda: path.open("rb"), partial(read_description, path))


def readable_name(name: str) -> str:
    """A file name as text: bytes that are no UTF-8 written as `\\xff`, since a record must be UTF-8."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def peek(place: Place, length: int) -> bytes:
    """The first bytes at a place, compression undone; fewer when damage comes earlier. Raises OSError."""
    with place.open() as stream:
        return read_head(stream, length)


def read_page(place: Place) -> Capture:
    """The one page at a place, with what the file beside it says; when it can't be read, the reason."""
    try:
        with place.open() as stream:
            body = read_body(stream)
    except OSError as error:
        return refuse(place, explain(error))
    if body.unreadable:
        return refuse(place, body.unreadable)
    if is_blank(body.data):
        return refuse(place, EMPTY)
    return replace(refuse(place, ""), body=body.data, truncated=body.truncated, unreadable=None)


EMPTY = "empty: no characters in it (capture the page again)"


def is_blank(body: bytes) -> bool:
    """Whether nothing in it could be seen: white space and NULs at most."""
    return not body.strip(b"\0\t\n\f\r ")


def refuse(place: Place, reason: str) -> Capture:
    """The capture that stands for something that could not be read."""
    described = place.describe()
    return Capture(
        body=b"",
        url=described.url,
        captured_at=described.captured_at,
        content_type=described.content_type,
        http_status=described.http_status,
        source=place.source,
        container=place.container,
        notes=described.faults,
        unreadable=reason,
        identified_type=described.identified_type,
        archive=place.archive,
    )


def explain(error: OSError) -> str:
    """Why the system would not read, with what to do next."""
    reason = error.strerror or str(error) or type(error).__name__
    return f"{reason} (check its rights and the disk, then read it again)"
