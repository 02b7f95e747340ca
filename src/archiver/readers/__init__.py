"""Where captures lie -> a stream of Capture. Each file gives a capture, or says in it why not.

A reader is a pair: `sniff(head, name)`, which looks at the first bytes with gzip undone and at the file's
name, and `read(place)`, which opens it and yields the captures. A new one is a line in READERS.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from archiver.errors import InputError
from archiver.model import Capture
from archiver.readers import html, mhtml, singlefile, text
from archiver.readers.body import MAX_BYTES
from archiver.readers.capture_file import Place, explain, peek, readable_name, refuse
from archiver.readers.folder import walk
from archiver.readers.refusal import find_container, find_kind, is_unmistakable

__all__ = ["READERS", "Reader", "read"]

# What sniffers see: the standard looks at 1445 bytes for the kind of a resource; a head with long comments
# before its first tag needs a little more.
_HEAD_BYTES = 4096


class Reader(NamedTuple):
    """A kind of file that holds captures."""

    name: str
    """How users call it."""

    sniff: Callable[[bytes, str], bool]
    """Whether the first bytes, gzip undone, and the file's name are of this kind."""

    read: Callable[[Place], Iterator[Capture]]
    """The captures in it."""


READERS = (
    Reader("mhtml", mhtml.sniff, mhtml.read),
    Reader("singlefile", singlefile.sniff, singlefile.read),
    Reader("html", html.sniff, html.read),
    Reader("text", text.sniff, text.read),
)
"""In order: the first whose sniff says yes reads the file."""


def read(path: str | Path) -> Iterator[Capture]:
    """The captures in a folder (and the folders in it), in a file, or on stdin for `-`, one after another.

    A file that can't be read comes as a capture with `unreadable` set, so files in = captures out.
    Raises InputError at once when there is no such path.
    """
    if str(path) == "-":
        # Stored bytes are cut at the limit of what is made of them: gzip makes no page smaller.
        return _read_file(Place(Path("-"), "-", "-", sys.stdin.buffer.read(MAX_BYTES + 1)))
    path = Path(path)
    try:
        is_folder = path.is_dir()
        path.stat()
        source = readable_name(path.name if path.name not in ("", "..") else path.resolve().name)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(reason, where=readable_name(str(path)), next_step="check the path") from error
    return _read_folder(path, source) if is_folder else _read_file(Place(path, source, source))


def _read_folder(folder: Path, source: str) -> Iterator[Capture]:
    for found in walk(folder, source):
        if found.refused:
            yield refuse(found.place, found.refused)
        else:
            yield from _read_file(found.place)


def _read_file(place: Place) -> Iterator[Capture]:
    """The captures in one file; exactly one, with the reason, when no reader knows it."""
    try:
        head = peek(place, _HEAD_BYTES)
    except OSError as error:
        yield refuse(place, explain(error))
        return
    container = find_container(head)
    known = next((reader for reader in READERS if reader.sniff(head, place.container)), None)
    if container:
        yield refuse(place, f"{container}, which this version can't open (unpack the pages into the folder)")
    elif known is None or is_unmistakable(head):
        kind = find_kind(head) or "a binary file"
        yield refuse(place, f"{kind}, not a page (take it out of the folder)")
    else:
        yield from known.read(place)
