"""The bytes of one file or stream, gzip undone, never more than MAX_BYTES, and what was wrong with them."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from zlib import _Decompress

# What is held in memory at once, four times the most that `Options.max_body_bytes` keeps by default: a gzip
# bomb of a few kilobytes stops here, and no page that a person wrote comes near.
MAX_BYTES = 256 * 1024 * 1024

# zlib is fed in pieces of this size, so that damage costs one piece to search through and no more.
_CHUNK_BYTES = 64 * 1024

_GZIP_MAGIC = b"\x1f\x8b"


class Body(NamedTuple):
    """What could be read."""

    data: bytes
    """The bytes, gzip undone once; empty when nothing could be read."""

    truncated: str | None = None
    """Why there are fewer than there were; None when whole."""

    unreadable: str | None = None
    """Why nothing could be read, with what to do next; None when something could, or the file was empty."""


def read_body(stream: BinaryIO) -> Body:
    """The stream's bytes, gzip undone. Raises OSError when the stream does."""
    head = stream.read(_CHUNK_BYTES)
    if head.startswith(_GZIP_MAGIC):
        return _read_gzip(head, stream)
    # One byte more than the limit, to know whether there was more.
    data = head + stream.read(MAX_BYTES + 1 - len(head))
    return _close([data], _TOO_LONG if len(data) > MAX_BYTES else None)


_TOO_LONG = f"cut after {MAX_BYTES} bytes, the most that is read of one page"


def undo_gzip_head(head: bytes, length: int) -> bytes:
    """The first bytes of a file with gzip undone, at most `length`; fewer when damage comes earlier."""
    if not head.startswith(_GZIP_MAGIC):
        return head
    return _salvage(zlib.decompressobj(wbits=31), head, length)[:length]


def _read_gzip(chunk: bytes, stream: BinaryIO) -> Body:
    """All members, one after another, as gzip's own tool reads them, up to the damage or the limit."""
    parts: list[bytes] = []
    size, whole = 0, False
    member = zlib.decompressobj(wbits=31)
    while chunk:
        before = member.copy()
        try:
            parts.append(member.decompress(chunk, MAX_BYTES - size + 1))
        except zlib.error as error:
            parts.append(_salvage(before, chunk, MAX_BYTES - size))
            return _close(parts, f"gzip data damaged: {error}")
        size += len(parts[-1])
        if size > MAX_BYTES:
            return _close(parts, _TOO_LONG)
        whole = member.eof
        if not whole:
            chunk = stream.read(_CHUNK_BYTES)
            continue
        # Zeros fill the last block on a tape; anything else that is no gzip was not part of the page.
        chunk = member.unused_data.lstrip(b"\0") or stream.read(_CHUNK_BYTES).lstrip(b"\0")
        if chunk and not chunk.startswith(_GZIP_MAGIC[:1]):
            return _close(parts, "bytes after the gzip stream that are no gzip, left out")
        member = zlib.decompressobj(wbits=31)
    return _close(parts, None if whole else "gzip stream cut short")


def _salvage(member: _Decompress, chunk: bytes, limit: int) -> bytes:
    """What comes out before the damage: a chunk with a wrong byte gives nothing, not even its start."""
    out = bytearray()
    for place in range(len(chunk)):
        try:
            out += member.decompress(chunk[place : place + 1], limit - len(out) + 1)
        except zlib.error:
            break
        if len(out) > limit:
            break
    return bytes(out)


def _close(parts: list[bytes], fault: str | None) -> Body:
    data = b"".join(parts)[:MAX_BYTES]
    if fault and not data:
        return Body(b"", unreadable=f"{fault}, and nothing before it could be read (get the file again)")
    return Body(data, fault)
