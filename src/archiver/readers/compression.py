"""How a file is compressed, by its first bytes, and what undoes it: gzip, Zstandard, bzip2, xz.

Sources: RFC 1952; RFC 8878; "The .xz File Format", 1.2.1; bzip2 has no specification but its program.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import BinaryIO, NamedTuple, Protocol

import zstandard


class Decoder(Protocol):
    """What undoes one member."""

    def decompress(self, data: bytes, /) -> bytes:
        """The next bytes; raises `Codec.error` at damage."""

    @property
    def eof(self) -> bool:
        """Whether the member has ended."""

    @property
    def unused_data(self) -> bytes:
        """What was fed beyond its end."""


class Codec(NamedTuple):
    """A way to compress members."""

    name: str
    magic: bytes
    new: Callable[[], Decoder]
    error: type[Exception]
    feed: int
    """Bytes to feed at once: what they can become, at most, has to fit into memory."""


# 16 KiB of deflate become 16 MB at most (1,032 bytes a byte).
GZIP = Codec("gzip", b"\x1f\x8b\x08", lambda: zlib.decompressobj(wbits=31), zlib.error, 16 * 1024)

# A block of four bytes becomes 128 KiB, so a kilobyte 32 MB at most.
_ZSTD_FEED = 1024
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
# Frames that hold no data begin with 50 to 5F and these; the one with 5D, first in a file, holds the dictionary of all.
SKIPPABLE = b"\x2a\x4d\x18"
_DICTIONARY = b"\x5d" + SKIPPABLE
# The specification sets no limit; those of Archive Team are of some 100 KB to 1 MB.
_MAX_DICTIONARY = 16 * 1024 * 1024

# A block holds 900 KB in which five bytes stand for a run of up to 255: 46 MB of one letter. 90 MB of it take 82 bytes,
# so 64 bytes become 92 MB at most.
BZIP2 = Codec("bzip2", b"BZh", bz2.BZ2Decompressor, OSError, 64)
# What stands behind "BZh" and a digit: the mark of a block, or of the end of nothing.
_BZIP2_BLOCKS = (b"\x31\x41\x59\x26\x53\x59", b"\x17\x72\x45\x38\x50\x90")

# LZMA packs 1 to 7,000, so a kilobyte becomes 7 MB. `xz -9` wants 65 MiB to unpack; a header can ask for 4 GiB.
_XZ_MEMORY = 512 * 1024 * 1024
XZ = Codec("xz", b"\xfd7zXZ\0", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, _XZ_MEMORY), lzma.LZMAError, 1024)


def _dictionary(data: bytes) -> bytes:
    """A dictionary may be compressed itself; what can't be undone is no dictionary, and the frames will say so."""
    if not data.startswith(_ZSTD_MAGIC):
        return data
    try:
        return zstandard.ZstdDecompressor().stream_reader(data).read(_MAX_DICTIONARY)
    except zstandard.ZstdError:
        return b""


def _zstandard(dictionary: bytes) -> Codec:
    known = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    return Codec(
        "Zstandard",
        _ZSTD_MAGIC,
        lambda: zstandard.ZstdDecompressor(dict_data=known).decompressobj(),
        zstandard.ZstdError,
        _ZSTD_FEED,
    )


CODECS = (GZIP, _zstandard(b""), BZIP2, XZ)
"""All of them, Zstandard without a dictionary."""
_ENDINGS = (".gz", ".zst", ".bz2", ".xz")


def find_codec(stream: BinaryIO) -> tuple[Codec | None, int]:
    """How a container is compressed (None: not at all), and where its first member begins. Raises OSError."""
    stream.seek(0)
    head = stream.read(10)
    if head.startswith(_DICTIONARY):
        length = int.from_bytes(head[4:8], "little")
        stream.seek(8)
        return _zstandard(_dictionary(stream.read(min(length, _MAX_DICTIONARY)))), 8 + length
    if head.startswith(GZIP.magic[:2]):
        # Whatever comes next, it is no text.
        return GZIP, 0
    if head.startswith(BZIP2.magic) and head[4:] not in _BZIP2_BLOCKS:
        # A text that begins with these three letters.
        return None, 0
    return next((codec for codec in CODECS if head.startswith(codec.magic)), None), 0


def without_compression(name: str) -> str:
    """A file's name without the ending that tells its compression.

    >>> without_compression("page.html.xz"), without_compression("page.html")
    ('page.html', 'page.html')
    """
    ending = next((ending for ending in _ENDINGS if name.endswith(ending)), "")
    return name.removesuffix(ending)
