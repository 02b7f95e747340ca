"""HTTP bodies as they travelled -> as they were meant: chunks joined, compression undone, never more than MAX_BYTES.

Sources: RFC 9112, 7.1 (chunked); RFC 9110, 8.4 (content codings); RFC 7932 (br); RFC 8878 (zstd).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import brotli
import zstandard

from archiver.readers import text
from archiver.readers.body import MAX_BYTES


class Undone(NamedTuple):
    """A body with one or all of its codings undone."""

    data: bytes

    fault: str | None = None
    """Why there is less than there was; None when it is whole."""

    unknown: str | None = None
    """The coding that can't be undone; None when there is none."""


# A chunk's length, and extensions that nobody uses.
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\n]{0,1000})?\r?\n")
_CUT_LENGTH = re.compile(rb"[ \t]*[0-9A-Fa-f]{0,15}[ \t]*(?:;[^\n]{0,1000})?\r?")


def join_chunks(body: bytes) -> Undone | None:
    """The body without its chunks' lengths; None when it has none, whatever the headers said.

    Crawlers store bodies with their chunks joined and keep the header (`example-bad-non-chunked` of warcio's data).
    """
    parts: list[bytes] = []
    place = 0
    while match := _CHUNK.match(body, place):
        length = int(match[1], 16)
        if not length:
            return Undone(b"".join(parts))
        part = body[match.end() : match.end() + length]
        parts.append(part)
        place = match.end() + length
        if len(part) < length:
            return Undone(b"".join(parts), f"a chunk of {length} bytes is cut short after {len(part)}")
        place += 2 if body.startswith(b"\r\n", place) else body.startswith(b"\n", place)
    if not parts:
        return None
    if _CUT_LENGTH.fullmatch(body, place):
        return Undone(b"".join(parts), "the last chunk is missing")
    # What follows may be the page without its chunks; it is kept, since a lost end is worse than a stray length.
    return Undone(b"".join((*parts, body[place:])), f"no chunk begins at byte {place}")


def undo_codings(body: bytes, codings: Sequence[str]) -> Undone:
    """The body with its content codings undone, the last first.

    A body that is not in a coding though the headers said so is left as it is: crawlers that get it decoded from a
    browser keep the header. A body in an unknown coding comes as it is.
    """
    fault = None
    for coding in reversed(codings):
        if coding in ("identity", "none", ""):
            continue
        undo = _CODINGS.get(coding)
        if undo is None:
            return Undone(body, fault, f"in a coding that nobody knows: {coding[:40]!r}")
        undone = undo(body)
        if undone is not None:
            body, fault = undone.data, fault or undone.fault
    return Undone(body, fault)


_TOO_LONG = f"cut after {MAX_BYTES} bytes, the most that is read of one page"


class _Decoder(Protocol):
    def decompress(self, data: bytes, /) -> bytes: ...
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...


class _Coding(NamedTuple):
    new: Callable[[], _Decoder]
    error: type[Exception]
    feed: int
    """Bytes to feed at once: what they can become, at most, has to fit into memory."""


class _Brotli:
    """Brotli's decoder with the face of zlib's; gives MAX_BYTES + 1 bytes at most: 600 bytes can hold gigabytes."""

    def __init__(self) -> None:
        self._decoder = brotli.Decompressor()
        self._left = MAX_BYTES + 1
        self.unused_data = b""

    @property
    def eof(self) -> bool:
        return bool(self._decoder.is_finished())

    def decompress(self, data: bytes, /) -> bytes:
        out = b""
        while self._left > 0:
            part: bytes = self._decoder.process(data, output_buffer_limit=self._left)
            out, data = out + part, b""
            self._left -= len(part)
            if self._decoder.can_accept_more_data() or self.eof or not part:
                break
        return out


def _undo(body: bytes, coding: _Coding) -> Undone:
    """All members one after another (RFC 1952, 2.2; RFC 8878, 3.1), up to the end, damage or the limit."""
    out = bytearray()
    while True:
        decoder = coding.new()
        place, begin = 0, len(out)
        while not decoder.eof:
            if place >= len(body):
                return Undone(bytes(out), f"compressed data cut short, after {len(out)} bytes")
            chunk = body[place : place + coding.feed]
            try:
                out += decoder.decompress(chunk)
            except coding.error as error:
                out[begin:] = _salvage(body, place, coding)
                return Undone(bytes(out), f"compressed data damaged after {len(out)} bytes: {error}")
            if len(out) > MAX_BYTES:
                return Undone(bytes(out[:MAX_BYTES]), _TOO_LONG)
            place += len(chunk)
        body = decoder.unused_data + body[place:]
        if body[:2] != _MAGIC.get(coding.error):
            # Servers' padding, or rubbish: the body is whole without it.
            return Undone(bytes(out))


def _salvage(body: bytes, sound: int, coding: _Coding) -> bytes:
    """What comes out before the damage: a chunk with a wrong byte gives nothing, not even its start."""
    decoder = coding.new()
    out = bytearray()
    try:
        for place in range(0, sound, coding.feed):
            out += decoder.decompress(body[place : place + coding.feed])
        for place in range(sound, min(sound + coding.feed, len(body))):
            out += decoder.decompress(body[place : place + 1])
    except coding.error:
        pass
    return bytes(out)


_MAGIC: dict[type[Exception], bytes] = {zlib.error: b"\x1f\x8b", zstandard.ZstdError: b"\x28\xb5"}
# 16 KiB of deflate become 16 MB at most; a block of Zstandard of four bytes 128 KiB, so a kilobyte 32 MB.
_GZIP = _Coding(lambda: zlib.decompressobj(wbits=31), zlib.error, 16 * 1024)
_ZLIB = _Coding(zlib.decompressobj, zlib.error, 16 * 1024)
_BARE_DEFLATE = _Coding(lambda: zlib.decompressobj(wbits=-15), zlib.error, 16 * 1024)
_ZSTD = _Coding(lambda: zstandard.ZstdDecompressor().decompressobj(), zstandard.ZstdError, 1024)
_BROTLI = _Coding(_Brotli, brotli.error, 16 * 1024)


def _undo_gzip(body: bytes) -> Undone | None:
    return _undo(body, _GZIP) if body.startswith(_MAGIC[zlib.error]) else None


def _undo_deflate(body: bytes) -> Undone | None:
    """zlib's form, which the standard means, or the bare one, which servers send."""
    if len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0:
        return _undo(body, _ZLIB)
    return _undo_unmarked(body, _BARE_DEFLATE)


def _undo_brotli(body: bytes) -> Undone | None:
    return _undo_unmarked(body, _BROTLI)


def _undo_zstandard(body: bytes) -> Undone | None:
    return _undo(body, _ZSTD) if body.startswith(_MAGIC[zstandard.ZstdError]) else None


def _undo_unmarked(body: bytes, coding: _Coding) -> Undone | None:
    """For codings that begin with no mark: text that breaks the decoder is text."""
    undone = _undo(body, coding)
    return None if undone.fault and not undone.data and text.sniff(body[:4096], "") else undone


_CODINGS: dict[str, Callable[[bytes], Undone | None]] = {
    "gzip": _undo_gzip,
    "x-gzip": _undo_gzip,
    "deflate": _undo_deflate,
    "br": _undo_brotli,
    "zstd": _undo_zstandard,
}
