"""Charset names and decoders as browsers have them (WHATWG Encoding Standard, read 2026-11).

Python's codecs differ from the standard in small ways that show on archived pages; each difference is
undone here and named where it stands. Charsets that the standard doesn't know (`cp855`, `johab` ...) keep
the name of Python's codec.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from typing import NamedTuple

import webencodings

REPLACEMENT = "\ufffd"

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

_CODECS = {
    # The standard decodes gbk as gb18030, and big5 with the Hong Kong supplement.
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "euc-jp": "euc_jp",
    "utf-8": "utf-8",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "utf-32le": "utf-32-le",
    "utf-32be": "utf-32-be",
}

_PATCHES = {
    # index-koi8-u of 2017-05-06: two Belarusian letters where RFC 2319, and Python, draw boxes.
    "koi8-u": {0xAE: "\u045e", 0xBE: "\u040e"},
    # index-windows-1255: HOLAM HASER FOR VAV, undefined in Python.
    "windows-1255": {0xCA: "\u05ba"},
}

_JIS_AS_BROWSERS = str.maketrans("\u301c\u2016\u2212\xa2\xa3\xac", "\uff5e\u2225\uff0d\uffe0\uffe1\uffe2")
"""JIS X 0208 signs for which Python's EUC-JP and the standard's index name different characters."""

_JIS_ESCAPE = re.compile(rb"\x1b(\([BJI]|\$[@B])")
_TO_HIGH_HALF = bytes(byte | 0x80 if 0x21 <= byte <= 0x7E else byte for byte in range(256))


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
    return find_charset(codec) or codec.replace("_", "-")


def read_as(data: bytes, charset: str) -> Reading:
    """The bytes as a browser reads them in `charset`, a name that `find_charset` or `name_codec` gave.

    `replacement` gives one U+FFFD, as the standard says. Raises LookupError for an unknown name.
    """
    if charset == "replacement":
        return Reading(REPLACEMENT, 1) if data else Reading("", 0)
    if charset == "x-user-defined":
        return Reading("".join(chr(byte if byte < 0x80 else 0xF700 + byte) for byte in data), 0)
    if charset == "iso-2022-jp":
        text = _read_iso_2022_jp(data)
        return Reading(text, text.count(REPLACEMENT))
    if charset in _CODECS:
        return _read_multibyte(data, charset)
    encoding = webencodings.lookup(charset)
    if encoding is not None:
        table = _single_byte_table(charset, encoding.codec_info.name)
        text = codecs.charmap_decode(data, "strict", table)[0]
    else:
        text = data.decode(charset, "replace")
    return Reading(text, text.count(REPLACEMENT))


def _read_multibyte(data: bytes, charset: str) -> Reading:
    codec = _CODECS[charset]
    errors = "replace" if charset.startswith("utf-") else "archiver-as-browsers"
    text = data.decode(codec, errors)
    if charset == "euc-jp":
        text = text.translate(_JIS_AS_BROWSERS)
    replaced = text.count(REPLACEMENT)
    if replaced:
        # The page may hold U+FFFD of its own, written out in bytes: those were read, not replaced.
        replaced -= data.decode(codec, "ignore").count(REPLACEMENT)
    return Reading(text, replaced)


@cache
def _single_byte_table(charset: str, codec: str) -> str:
    patches = _PATCHES.get(charset, {})
    table = []
    for byte in range(256):
        character = patches.get(byte) or bytes([byte]).decode(codec, "replace")
        # windows-125x and windows-874: bytes without a character are C1 controls in the standard.
        table.append(chr(byte) if character == REPLACEMENT and byte < 0xA0 else character)
    return "".join(table)


def _read_iso_2022_jp(data: bytes) -> str:
    # Python's iso2022_jp knows neither half-width katakana nor NEC's row 13, which mail gateways and
    # early pages wrote freely; so each stretch is read by what its escape sequence announces.
    pieces = _JIS_ESCAPE.split(data)
    text = [pieces[0].decode("ascii", "replace")]
    for escape, stretch in zip(pieces[1::2], pieces[2::2], strict=True):
        if escape.startswith(b"$"):
            text.append(read_as(stretch.translate(_TO_HIGH_HALF), "euc-jp").text)
        elif escape == b"(I":
            text.append("".join(chr(0xFF40 + byte) if 0x21 <= byte <= 0x5F else chr(byte)
                                if byte < 0x21 else REPLACEMENT for byte in stretch))  # fmt: skip
        else:
            roman = {0x5C: "\xa5", 0x7E: "\u203e"} if escape == b"(J" else {}
            text.append(stretch.decode("ascii", "replace").translate(roman))
    return "".join(text)


def _replace_as_browsers(error: UnicodeError) -> tuple[str, int]:
    """What stands for an unreadable place in a multi-byte text, and where reading goes on."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    data, start = error.object, error.start
    pair = data[start : start + 2]
    if pair[0] == 0x80 and error.encoding == "gb18030":
        return "\u20ac", start + 1  # the euro sign of Windows code page 936
    if error.encoding == "euc_jp" and (character := _read_vendor_pair(pair)):
        return character, start + 2
    # A lead byte takes an unfit second byte with it, unless that is ASCII: a "<" after half a
    # character still opens a tag.
    alone = len(pair) < 2 or pair[1] < 0x80 or pair[0] in (0x80, 0xA0, 0xFF)
    return REPLACEMENT, start + (1 if alone else 2)


def _read_vendor_pair(pair: bytes) -> str:
    # NEC's row 13 (circled digits, units) and IBM's rows 89 to 92 are in the standard's EUC-JP and not
    # in Python's; code page 932 has them at the Shift_JIS place of the same row and cell.
    if len(pair) < 2 or min(pair) < 0xA1 or max(pair) > 0xFE:
        return ""
    row, cell = pair[0] - 0xA0, pair[1] - 0xA0
    lead = (row - 1) // 2 + (0x81 if row <= 62 else 0xC1)
    trail = cell + 0x9E if row % 2 == 0 else cell + (0x3F if cell <= 63 else 0x40)
    return bytes((lead, trail)).decode("cp932", "ignore")


# Stateless, and under a name of our own: decoding with it is a pure function of the bytes.
codecs.register_error("archiver-as-browsers", _replace_as_browsers)
