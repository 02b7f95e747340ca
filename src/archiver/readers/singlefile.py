"""Pages that SingleFile saved as one that unpacks itself: one capture a file, the page in the zip inside.

Such a file is a page with a script, and in a comment a zip of the real page (`index.html`), its images and its frames
(`frames/0/index.html`, `frames/0/frames/0/index.html`), which come along for a page that shows nothing else. The usual
kind, a page with all in it, is HTML.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from archiver.model import Capture
from archiver.readers import body
from archiver.readers.capture_file import Place, is_blank, read_page

_SELF_EXTRACTING = re.compile(rb"<html\b[^>]*\sdata-sfz\b", re.IGNORECASE)

# The local header of a zip's entry (APPNOTE.TXT, section 4.3.7). It is found without the directory at the end, so
# that a file that was cut short can be read as well.
_ENTRY = re.compile(rb"PK\x03\x04.{22}\x0a\x00(..)index\.html", re.DOTALL)
_FRAME = re.compile(rb"PK\x03\x04.{22}..(..)(?:frames/[0-9]+/)+index\.html", re.DOTALL)
_ENCRYPTED = 1
_STORED, _DEFLATED = 0, 8

# Damage costs one piece at most.
_PIECE = 4096


class _Entry(NamedTuple):
    data: bytes
    fault: str | None
    """Why there is less than there was; None when whole."""


def sniff(head: bytes, name: str) -> bool:
    """True for the beginning of a page that unpacks itself, whatever the file is called."""
    return b"SingleFile" in head and _SELF_EXTRACTING.search(head) is not None


def read(place: Place) -> Iterator[Capture]:
    """The one page in a file; when it can't be unpacked, the page around it, with the reason in `notes`."""
    capture = read_page(place)
    yield capture if capture.unreadable else unpack(capture)


def unpack(capture: Capture) -> Capture:
    """The page out of a capture whose body unpacks itself."""
    page = _unpack_index(capture.body)
    if is_blank(page.data):
        note = f"the page that SingleFile packed can't be read: {page.fault or 'it is empty'}"
        return replace(capture, notes=(*capture.notes, note))
    return replace(
        capture,
        body=page.data,
        # The header, if any, spoke of the page around it; SingleFile writes UTF-8, and says so in the page.
        content_type=None,
        truncated="; ".join(filter(None, (capture.truncated, page.fault))) or None,
        frames=tuple(_unpack_frames(capture.body)),
        format="singlefile",
    )


def _unpack_index(data: bytes) -> _Entry:
    """The bytes of the zip's `index.html`, up to the damage if there is any, and never more than are read of a file."""
    entry = _ENTRY.search(data)
    if entry is None:
        return _Entry(b"", "there is no index.html in it")
    return _unpack(data, entry, body.MAX_BYTES)


def _unpack_frames(data: bytes) -> Iterator[Capture]:
    """The pages in frames, as far as they can be read, and no more of them than are read of a file."""
    left = body.MAX_BYTES
    for entry in _FRAME.finditer(data):
        page = _unpack(data, entry, left)
        left -= len(page.data)
        if not is_blank(page.data):
            yield Capture(page.data)


def _unpack(data: bytes, entry: re.Match[bytes], most: int) -> _Entry:
    flags, method, stored = struct.unpack_from("<6xHH8xI", data, entry.start())
    if flags & _ENCRYPTED:
        return _Entry(b"", "it is locked with a password")
    start = entry.end() + int.from_bytes(entry[1], "little")
    if method == _STORED:
        whole = start + stored <= len(data)
        fault = None if whole else "the page that SingleFile packed is cut short"
        return _Entry(data[start : start + min(stored, most)], fault)
    if method != _DEFLATED:
        return _Entry(b"", f"its compression is not known (method {method})")
    return _inflate(memoryview(data)[start:], most)


def _inflate(packed: memoryview, most: int) -> _Entry:
    """What comes out before the end of the stream, the damage or the limit."""
    inflater = zlib.decompressobj(wbits=-15)
    out = bytearray()
    for place in range(0, len(packed), _PIECE):
        try:
            out += inflater.decompress(packed[place : place + _PIECE], most - len(out) + 1)
        except zlib.error as error:
            return _Entry(bytes(out), f"the page that SingleFile packed is damaged: {error}")
        if len(out) > most:
            return _Entry(bytes(out[:most]), f"cut after {most} bytes")
        if inflater.eof:
            return _Entry(bytes(out), None)
    return _Entry(bytes(out), "the page that SingleFile packed is cut short")
