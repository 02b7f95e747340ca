"""Charset names and decoders as browsers have them (WHATWG Encoding Standard, read 2026-11), and their inverse.

Python's codecs differ from the standard in small ways that show on archived pages; each difference is
undone here and named where it stands. Charsets that the standard doesn't know (`cp855`, `johab` ...) keep
the name of Python's codec, or the one of their RFC (`viscii`).
"""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

import webencodings

from archiver.charsets import multibyte, shifting, single_byte
from archiver.charsets.single_byte import REPLACEMENT

__all__ = ["REPLACEMENT", "Reading", "find_charset", "find_undecodable", "name_codec", "read_as", "write_as"]

_NAMES = {
    # Names that detectors and Python use and the standard's table of labels doesn't hold.
    "big5hkscs": "big5",
    "cp932": "shift_jis",
    "cp949": "euc-kr",
    "euc-jis-2004": "euc-jp",
    "iso2022-jp-2": "iso-2022-jp",
    "iso2022-jp-2004": "iso-2022-jp",
    "iso2022-jp-ext": "iso-2022-jp",
    "mac-cyrillic": "x-mac-cyrillic",
    "mac-roman": "macintosh",
    "shift-jis-2004": "shift_jis",
    "utf-32-be": "utf-32be",
    "utf-32-le": "utf-32le",
}

_NAMES_OF_CODECS = {"hz": "hz-gb-2312", "iso2022_kr": "iso-2022-kr"}
"""Codecs that Python has and browsers have not: their labels mean `replacement` in the standard."""


class Reading(NamedTuple):
    """Bytes read in one charset."""

    text: str
    """The characters, without a byte-order mark of their own."""

    replaced: int
    """How many U+FFFD stand for bytes that could not be read."""


def find_charset(label: str) -> str | None:
    """The standard's lower-case name for a label; a name of Python's codecs for one it doesn't know.

    None when nobody knows the label.
    """
    # Labels are ASCII: U+212A (KELVIN), which Python lower-cases to k, is none.
    if not label.isascii():
        return None
    wanted = label.strip("\t\n\f\r ").lower()
    encoding = webencodings.lookup(wanted)
    if encoding is not None:
        return encoding.name
    return _NAMES.get(wanted.replace("_", "-"))


def name_codec(codec: str) -> str:
    """The charset name for a codec of Python's: the standard's where it has one."""
    return _NAMES_OF_CODECS.get(codec) or find_charset(codec) or codec.replace("_", "-")


def read_as(data: bytes, charset: str) -> Reading:
    """The bytes as a browser reads them in `charset`, a name that `find_charset` or `name_codec` gave.

    `replacement` gives one U+FFFD, as the standard says. Raises LookupError for an unknown name.
    """
    if charset == "replacement":
        return Reading(REPLACEMENT, 1) if data else Reading("", 0)
    if charset in multibyte.CHARSETS:
        return Reading(*multibyte.read(data, charset))
    text = shifting.read(data, charset) if charset in shifting.CHARSETS else single_byte.read(data, charset)
    return Reading(text, text.count(REPLACEMENT))


def find_undecodable(data: bytes, charset: str, most: int) -> tuple[int, ...]:
    """The offsets of the bytes for which `read_as` puts U+FFFD, one for each, the first `most` of them.

    Raises LookupError for an unknown name.
    """
    if charset == "replacement":
        return (0,) if data else ()
    for family in (multibyte, shifting):
        if charset in family.CHARSETS:
            return tuple(islice(family.find_undecodable(data, charset), most))
    return tuple(islice(single_byte.find_undecodable(data, charset), most))


def write_as(text: str, charset: str) -> bytes | None:
    """The bytes that `read_as` reads as exactly this text; None when a character has none in the charset.

    The inverse that undoes a wrong decoding: C1 controls stand for the bytes that a single-byte table leaves
    open. Where several bytes are read as one character (0x80 and 0xA2E3 in gbk, both the euro sign), those that
    Python's codec writes come back. Raises LookupError for an unknown name.

    >>> write_as("Ð¶", "windows-1252"), write_as("ж", "windows-1252")
    (b'\\xd0\\xb6', None)
    """
    if charset == "replacement":
        return None if text else b""
    if charset in multibyte.CHARSETS:
        data = multibyte.write(text, charset)
    elif charset in shifting.CHARSETS:
        data = shifting.write(text, charset)
    else:
        return single_byte.write(text, charset)
    # Python's codecs write some characters that the standard's index lacks: 〜 (U+301C) in EUC-JP.
    return data if data is not None and read_as(data, charset) == Reading(text, 0) else None
