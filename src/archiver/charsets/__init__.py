"""Charset names and decoders as browsers have them (WHATWG Encoding Standard, read 2026-11), and their inverse.

Python's codecs differ from the standard in small ways that show on archived pages; each difference is
undone here and named where it stands. Three signs are left, which nothing tells from another after Python's
codec: ∕ and ﹨ of Big5 (A241, A242) are read as ／ and ＼, and ～ of JIS X 0212 (8FA2B7 in EUC-JP) as ~.
Charsets that the standard doesn't know (`cp855`, `johab` ...) keep the name of Python's codec, or the one of
their RFC (`viscii`).
"""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import NamedTuple

import webencodings

from archiver.charsets import multibyte, shifting, single_byte
from archiver.charsets.patches import REPLACEMENT
from archiver.tables import read_table

__all__ = ["REPLACEMENT", "Reading", "find_charset", "find_undecodable", "name_codec", "read_as", "write_as"]


class Reading(NamedTuple):
    """Bytes read in one charset."""

    text: str
    """The characters, without a byte-order mark of their own."""

    replaced: int
    """How many U+FFFD stand for bytes that could not be read."""


def find_charset(label: str) -> str | None:
    """The standard's lower-case name for a label; None when nobody knows the label.

    A charset that the standard lacks is named as in `tables/charset-labels.tsv`. So are ISO-2022-KR, ISO-2022-CN and
    HZ, which the standard maps to `replacement` lest they hide markup from a filter: an archive has no such filter,
    and has pages in them.
    """
    # Labels are ASCII: U+212A (KELVIN), which Python lower-cases to k, is none.
    if not label.isascii():
        return None
    wanted = label.strip("\t\n\f\r ").lower()
    beyond = _labels_beyond().get(wanted)
    if beyond is not None:
        return beyond
    encoding = webencodings.lookup(wanted)
    return encoding.name if encoding else None


@cache
def _labels_beyond() -> dict[str, str]:
    return {row[0]: row[1] for row in read_table("charset-labels")}


def name_codec(codec: str) -> str:
    """The charset name for a codec of Python's: the standard's where it has one."""
    return find_charset(codec) or find_charset(codec.replace("_", "-")) or codec.replace("_", "-")


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
