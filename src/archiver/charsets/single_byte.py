"""Charsets with a byte a character: a table of 256 characters each."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import cache

import webencodings

from archiver.charsets.patches import REPLACEMENT, read_patches

_WITHOUT_CODEC = {"viscii": "latin-1"}
"""Charsets whose characters are in the table of patches, but for those they share with another."""


def read(data: bytes, charset: str) -> str:
    """The text, U+FFFD for each byte without a character. Raises LookupError for an unknown charset."""
    return codecs.charmap_decode(data, "strict", _characters(charset))[0]


def write(text: str, charset: str) -> bytes | None:
    """The bytes of the text; None when a character has none. Raises LookupError for an unknown charset."""
    try:
        return codecs.charmap_encode(text, "strict", _bytes_of(charset))[0]
    except UnicodeEncodeError:
        return None


def find_undecodable(data: bytes, charset: str) -> Iterator[int]:
    """The offset of each byte without a character. Raises LookupError for an unknown charset."""
    table = _characters(charset)
    open_bytes = bytes(byte for byte in range(256) if table[byte] == REPLACEMENT)
    if open_bytes:
        for found in re.finditer(b"[%b]" % re.escape(open_bytes), data):
            yield found.start()


@cache
def _characters(charset: str) -> str:
    """The character of each of the 256 bytes, U+FFFD where there is none. Raises LookupError."""
    if charset == "x-user-defined":
        return "".join(chr(byte if byte < 0x80 else 0xF700 + byte) for byte in range(256))
    encoding = webencodings.lookup(charset)
    codec = encoding.codec_info.name if encoding else _WITHOUT_CODEC.get(charset, charset)
    patches = read_patches(charset)
    table = []
    for byte in range(256):
        character = patches.get(bytes([byte])) or bytes([byte]).decode(codec, "replace")
        # windows-125x and windows-874: bytes without a character are C1 controls in the standard.
        table.append(chr(byte) if character == REPLACEMENT and byte < 0xA0 else character)
    return "".join(table)


@cache
def _bytes_of(charset: str) -> dict[int, int]:
    """Code point -> byte, the first of those that share a character."""
    table = _characters(charset)
    return {ord(table[byte]): byte for byte in reversed(range(256)) if table[byte] != REPLACEMENT}
