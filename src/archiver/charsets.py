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

_NAMES_OF_CODECS = {"hz": "hz-gb-2312", "iso2022_kr": "iso-2022-kr"}

_CODECS = {
    # Not in the standard, which has no decoder for the first two; archives hold pages in them.
    "hz-gb-2312": "hz",
    "iso-2022-kr": "iso2022_kr",
    "johab": "johab",
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

_AS_BROWSERS = frozenset(("gbk", "gb18030", "big5", "euc-kr", "shift_jis", "euc-jp"))
"""Multi-byte charsets in which what stands for unreadable bytes follows the standard's decoders."""

_PATCHES = {
    # index-koi8-u of 2017-05-06: two Belarusian letters where RFC 2319, and Python, draw boxes.
    "koi8-u": {0xAE: "\u045e", 0xBE: "\u040e"},
    # index-windows-1255: HOLAM HASER FOR VAV, undefined in Python.
    "windows-1255": {0xCA: "\u05ba"},
}

_JIS_AS_BROWSERS = str.maketrans("\u301c\u2016\u2212\xa2\xa3\xac", "\uff5e\u2225\uff0d\uffe0\uffe1\uffe2")
"""JIS X 0208 signs for which Python's EUC-JP and the standard's index name different characters."""

_JIS_AS_PYTHON = {seen: python for python, seen in _JIS_AS_BROWSERS.items()}
_ROMAN = {"\xa5": b"\x5c", "\u203e": b"\x7e"}
"""The two characters in which JIS X 0201's Latin half is not ASCII."""

# In EUC-JP: the byte before a half-width katakana, and the one before a character of JIS X 0212.
_HALF_WIDTH, _JIS_SUPPLEMENT = 0x8E, 0x8F

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
    return _NAMES_OF_CODECS.get(codec) or find_charset(codec) or codec.replace("_", "-")


def read_as(data: bytes, charset: str) -> Reading:
    """The bytes as a browser reads them in `charset`, a name that `find_charset` or `name_codec` gave.

    `replacement` gives one U+FFFD, as the standard says. Raises LookupError for an unknown name.
    """
    if charset == "replacement":
        return Reading(REPLACEMENT, 1) if data else Reading("", 0)
    if charset == "iso-2022-jp":
        text = _read_iso_2022_jp(data)
        return Reading(text, text.count(REPLACEMENT))
    if charset in _CODECS:
        return _read_multibyte(data, charset)
    text = codecs.charmap_decode(data, "strict", _single_byte_table(charset))[0]
    return Reading(text, text.count(REPLACEMENT))


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
    if charset in ("euc-jp", "iso-2022-jp"):
        data = _write_euc_jp(text) if charset == "euc-jp" else _write_iso_2022_jp(text)
        return _if_read_back(text, charset, data)
    try:
        if charset in _CODECS:
            return _if_read_back(text, charset, text.encode(_CODECS[charset]))
        return codecs.charmap_encode(text, "strict", _bytes_of_characters(charset))[0]
    except UnicodeEncodeError:
        return None


def _read_multibyte(data: bytes, charset: str) -> Reading:
    codec = _CODECS[charset]
    errors = "archiver-as-browsers" if charset in _AS_BROWSERS else "replace"
    text = data.decode(codec, errors)
    if charset == "euc-jp":
        text = text.translate(_JIS_AS_BROWSERS)
    replaced = text.count(REPLACEMENT)
    if replaced:
        # The page may hold U+FFFD of its own, written out in bytes: those were read, not replaced.
        replaced -= data.decode(codec, "ignore").count(REPLACEMENT)
    return Reading(text, replaced)


@cache
def _single_byte_table(charset: str) -> str:
    """The character of each of the 256 bytes, U+FFFD where there is none. Raises LookupError."""
    if charset == "x-user-defined":
        return "".join(chr(byte if byte < 0x80 else 0xF700 + byte) for byte in range(256))
    encoding = webencodings.lookup(charset)
    codec = encoding.codec_info.name if encoding else charset
    patches = _PATCHES.get(charset, {})
    table = []
    for byte in range(256):
        character = patches.get(byte) or bytes([byte]).decode(codec, "replace")
        # windows-125x and windows-874: bytes without a character are C1 controls in the standard.
        table.append(chr(byte) if character == REPLACEMENT and byte < 0xA0 else character)
    return "".join(table)


@cache
def _bytes_of_characters(charset: str) -> dict[int, int]:
    """Code point -> byte of a single-byte charset, the first of those that share a character."""
    table = _single_byte_table(charset)
    return {ord(table[byte]): byte for byte in reversed(range(256)) if table[byte] != REPLACEMENT}


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
            roman = {byte[0]: character for character, byte in _ROMAN.items()} if escape == b"(J" else {}
            text.append(stretch.decode("ascii", "replace").translate(roman))
    return "".join(text)


def _if_read_back(text: str, charset: str, data: bytes | None) -> bytes | None:
    # Python's codecs write some characters that the standard's index lacks: 〜 (U+301C) in EUC-JP.
    return data if data is not None and read_as(data, charset) == Reading(text, 0) else None


def _write_euc_jp(text: str) -> bytes | None:
    text = text.translate(_JIS_AS_PYTHON)
    try:
        return text.encode("euc_jp")
    except UnicodeEncodeError:
        pairs = _vendor_pairs()
        try:
            return b"".join(pairs.get(character) or character.encode("euc_jp") for character in text)
        except UnicodeEncodeError:
            return None


def _write_iso_2022_jp(text: str) -> bytes | None:
    """Each character under the escape sequence that announces its set, which ends in ASCII."""
    written, announced = bytearray(), b"(B"
    for character in text:
        data = _ROMAN.get(character) or _write_euc_jp(character)
        if not data or data[0] == _JIS_SUPPLEMENT:
            return None
        if character in _ROMAN:
            escape = b"(J"
        elif data[0] < 0x80:
            escape = b"(B"
        elif data[0] == _HALF_WIDTH:
            escape, data = b"(I", bytes([data[1] & 0x7F])
        else:
            escape, data = b"$B", bytes(byte & 0x7F for byte in data)
        written += (b"\x1b" + escape if escape != announced else b"") + data
        announced = escape
    return bytes(written) + (b"\x1b(B" if announced != b"(B" else b"")


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


@cache
def _vendor_pairs() -> dict[str, bytes]:
    """The characters that only `_read_vendor_pair` reads, each with its bytes."""
    pairs = (bytes((row + 0xA0, cell)) for row in (13, *range(89, 93)) for cell in range(0xA1, 0xFF))
    return {character: pair for pair in pairs if (character := _read_vendor_pair(pair))}


# Stateless, and under a name of our own: decoding with it is a pure function of the bytes.
codecs.register_error("archiver-as-browsers", _replace_as_browsers)
