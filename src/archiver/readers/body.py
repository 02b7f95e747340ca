"""The bytes of one file or stream, compression undone, never more than MAX_BYTES, and what was wrong with them."""

from __future__ import annotations

from typing import BinaryIO, NamedTuple

from archiver.readers.compression import find_codec
from archiver.readers.members import read_pieces

# What is held in memory at once, four times the most that `Options.max_body_bytes` keeps by default: a gzip
# bomb of a few kilobytes stops here, and no page that a person wrote comes near.
MAX_BYTES = 256 * 1024 * 1024


class Body(NamedTuple):
    """What could be read."""

    data: bytes
    """The bytes, compression undone once; empty when nothing could be read."""

    truncated: str | None = None
    """Why there are fewer than there were; None when whole."""

    unreadable: str | None = None
    """Why nothing could be read, with what to do next; None when something could, or the file was empty."""


def read_body(stream: BinaryIO) -> Body:
    """The bytes of a stream that can seek, all its compressed members one after another, as gzip's own tool reads them,
    up to the damage or the limit. Raises OSError when the stream does.
    """
    codec, first = find_codec(stream)
    parts: list[bytes] = []
    size, fault = 0, None
    for piece in read_pieces(stream, codec, first, lambda data: False):
        parts.append(piece.data)
        size += len(piece.data)
        fault = piece.fault
        if size > MAX_BYTES:
            fault = f"cut after {MAX_BYTES} bytes, the most that is read of one page"
        if fault:
            break
    data = b"".join(parts)[:MAX_BYTES]
    if fault and not data:
        return Body(b"", unreadable=f"{fault}, and nothing before it could be read (get the file again)")
    return Body(data, fault)


def read_head(stream: BinaryIO, length: int) -> bytes:
    """The first bytes of a stream that can seek, decompressed; fewer when damage comes earlier. Raises OSError."""
    codec, first = find_codec(stream)
    piece = next(read_pieces(stream, codec, first, lambda data: False), None)
    return piece.data[:length] if piece else b""
