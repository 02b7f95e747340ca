"""Where captures lie -> a stream of Capture. Each file gives its captures, or says in one why not.

A reader of single pages is a pair: `sniff(head, name)`, which looks at the first bytes with compression undone and at
the file's name, and `read(place)`, which opens it and yields the capture. A reader of containers gets what they share
as well. A new one is a line in a table.
"""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple

from archiver.errors import InputError
from archiver.model import Capture
from archiver.readers import html, mhtml, singlefile, tarred, text, warc, zipped
from archiver.readers.archived import MAX_DEPTH, buffered_window
from archiver.readers.capture_file import Place, explain, file_place, peek, readable_name, refuse
from archiver.readers.folder import walk
from archiver.readers.reading import Reading
from archiver.readers.refusal import find_kind, is_unmistakable
from archiver.readers.skipped import Skipped

__all__ = ["CONTAINERS", "READERS", "Container", "Reader", "read"]

# What sniffers see: the standard looks at 1445 bytes for the kind of a resource; a head with long comments
# before its first tag needs a little more.
_HEAD_BYTES = 4096


class Reader(NamedTuple):
    """A kind of file that is one capture."""

    name: str
    """How users call it."""

    sniff: Callable[[bytes, str], bool]
    """Whether the first bytes, compression undone, and the file's name are of this kind."""

    read: Callable[[Place], Iterator[Capture]]
    """The capture in it."""


class Container(NamedTuple):
    """A kind of file that holds many captures."""

    name: str
    sniff: Callable[[bytes, str], bool]
    read: Callable[[Place, Reading], Iterator[Capture | Skipped]]
    """The captures in it, and what is skipped."""


CONTAINERS = (
    Container("warc", warc.sniff, warc.read),
    Container("zip", zipped.sniff, zipped.read),
    Container("tar", tarred.sniff, tarred.read),
)
"""In order: the first whose sniff says yes reads the file; their first bytes are unmistakable."""

READERS = (
    Reader("mhtml", mhtml.sniff, mhtml.read),
    Reader("singlefile", singlefile.sniff, singlefile.read),
    Reader("html", html.sniff, html.read),
    Reader("text", text.sniff, text.read),
)
"""In order, for what is no container."""


def read(path: str | Path, skipped: Counter[str] | None = None) -> Iterator[Capture]:
    """The captures in a folder (and the folders in it), in a file, or on stdin for `-`, one after another.

    A file that can't be read comes as a capture with `unreadable` set. What stands in containers and is no page
    (requests, redirects, images ...) is counted in `skipped` by reason, so that everything there was is either a
    capture or in one of the counts. Raises InputError at once when there is no such path.
    """
    counts = Counter[str]() if skipped is None else skipped
    if str(path) == "-":
        return _read_all(iter((_spooled(),)), counts)
    path = Path(path)
    try:
        is_folder = path.is_dir()
        path.stat()
        source = readable_name(path.name if path.name not in ("", "..") else path.resolve().name)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(reason, where=readable_name(str(path)), next_step="check the path") from error
    places = walk(path, source) if is_folder else iter((file_place(path, source, source),))
    return _read_all(places, counts)


def _spooled() -> Place:
    """Standard input, copied to an unnamed file: readers go back and forth."""
    copy = TemporaryFile()  # noqa: SIM115  (lives as long as its place)
    shutil.copyfileobj(sys.stdin.buffer, copy)
    return Place("-", "-", partial(buffered_window, copy, 0, copy.tell()))


def _read_all(places: Iterator[Place | Capture], skipped: Counter[str]) -> Iterator[Capture]:
    with closing(warc.Originals()) as originals:

        def read_file(place: Place) -> Iterator[Capture | Skipped]:
            return _read_file(place, Reading(originals, read_file))

        for place in places:
            for found in read_file(place) if isinstance(place, Place) else (place,):
                if isinstance(found, Capture):
                    yield found
                else:
                    skipped[found.reason] += 1


def _read_file(place: Place, reading: Reading) -> Iterator[Capture | Skipped]:
    """What one file gives; exactly one capture, with the reason, when no reader knows it."""
    try:
        head = peek(place, _HEAD_BYTES)
    except OSError as error:
        yield refuse(place, explain(error))
        return
    container = next((reader for reader in CONTAINERS if reader.sniff(head, place.container)), None)
    known = next((reader for reader in READERS if reader.sniff(head, place.container)), None)
    if container and place.depth < MAX_DEPTH:
        yield from container.read(place, reading)
    elif container:
        yield refuse(place, f"an archive in {MAX_DEPTH} others (unpack the outer ones)")
    elif known is None or is_unmistakable(head):
        kind = find_kind(head) or "a binary file"
        yield refuse(place, f"{kind}, not a page (take it out of the folder)")
    else:
        yield from known.read(place)
