"""One file (or stdin) -> one Capture: what the readers of single pages share."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from archiver.model import Capture
from archiver.readers.body import read_body, undo_gzip_head
from archiver.readers.sidecar import Description, read_description


@dataclass(frozen=True, slots=True)
class Place:
    """Where something to read lies."""

    path: Path
    """The file; `-` for stdin."""

    source: str
    """The name of the folder or file that the user gave."""

    container: str
    """The path relative to what the user gave, with `/`."""

    data: bytes | None = None
    """What came on stdin; None for a file."""


def readable_name(name: str) -> str:
    """A file name as text: bytes that are no UTF-8 written as `\\xff`, since a record must be UTF-8."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def open_stream(place: Place) -> BinaryIO:
    """The bytes at a place as they lie there, from the first. Raises OSError when it can't be opened."""
    return place.path.open("rb") if place.data is None else io.BytesIO(place.data)


def peek(place: Place, length: int) -> bytes:
    """The first bytes at a place, gzip undone; fewer when damage comes earlier. Raises OSError."""
    with open_stream(place) as stream:
        return undo_gzip_head(stream.read(length), length)


def read_page(place: Place) -> Capture:
    """The one page at a place, with what the file beside it says; when it can't be read, the reason."""
    try:
        with open_stream(place) as stream:
            body = read_body(stream)
    except OSError as error:
        return refuse(place, explain(error))
    if body.unreadable:
        return refuse(place, body.unreadable)
    if not body.data.strip(b"\0\t\n\f\r "):
        return refuse(place, "empty: no characters in it (capture the page again)")
    return replace(refuse(place, ""), body=body.data, truncated=body.truncated, unreadable=None)


def refuse(place: Place, reason: str) -> Capture:
    """The capture that stands for something that could not be read."""
    described = read_description(place.path) if place.data is None else Description()
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
    )


def explain(error: OSError) -> str:
    """Why the system would not read, with what to do next."""
    reason = error.strerror or type(error).__name__
    return f"{reason} (check its rights and the disk, then read it again)"
