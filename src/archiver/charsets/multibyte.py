"""Charsets with several bytes a character and no state between them: UTF-8, -16 and -32, and those of East Asia."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from archiver.charsets.patches import REPLACEMENT, read_patches

_CODECS = {
    # The standard decodes gbk as gb18030, and big5 with the Hong Kong supplement.
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "euc-jp": "euc_jp",
    "johab": "johab",
    "utf-8": "utf-8",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "utf-32le": "utf-32-le",
    "utf-32be": "utf-32-be",
}

CHARSETS = frozenset(_CODECS)

_AS_BROWSERS = "archiver-as-browsers"

# Read at once while the place of a fault is looked for: an error carries a copy of what was being read.
_WINDOW_BYTES = 64 * 1024

# What reads like gb18030 has its patches; in the standard gbk differs when written only.
_PATCHED = {"gbk": "gb18030"}


def read(data: bytes, charset: str) -> tuple[str, int]:
    """The text, and how many U+FFFD in it stand for bytes that could not be read."""
    codec = _CODECS[charset]
    errors = "replace" if charset.startswith("utf-") else _AS_BROWSERS
    text = data.decode(codec, errors)
    if patches := _patches(charset).read:
        text = text.translate(patches)
    replaced = text.count(REPLACEMENT)
    if replaced:
        # The page may hold U+FFFD of its own, written out in bytes: those were read, not replaced.
        replaced -= data.decode(codec, "ignore").count(REPLACEMENT)
    return text, replaced


def write(text: str, charset: str) -> bytes | None:
    """Bytes for the text, which may be read as another one where the standard's index differs from Python's codec;
    None when a character has none.
    """
    patches, codec = _patches(charset), _CODECS[charset]
    if patches.written:
        text = text.translate(patches.written)
    try:
        return text.encode(codec)
    except UnicodeEncodeError:
        pass
    try:
        return b"".join(patches.unknown.get(character) or character.encode(codec) for character in text)
    except UnicodeEncodeError:
        return None


def find_undecodable(data: bytes, charset: str) -> Iterator[int]:
    """The offset of each place for which `read` puts U+FFFD."""
    codec = _CODECS[charset]
    position = 0
    while position < len(data):
        window = data[position : position + _WINDOW_BYTES]
        decoder = codecs.getincrementaldecoder(codec)("strict")
        try:
            decoder.decode(window, final=position + len(window) >= len(data))
        except UnicodeDecodeError as error:
            # Offsets in the error count from the window's first byte, since nothing was left over from another.
            character, after = (REPLACEMENT, error.end) if charset.startswith("utf-") else _replace_as_browsers(error)
            if character == REPLACEMENT:
                yield position + error.start
            position += after
        else:
            pending = decoder.getstate()[0]
            position += len(window) - len(pending)


class _Patches(NamedTuple):
    read: dict[int, str]
    """What Python's codec reads -> what it should."""

    written: dict[int, str]
    """The other way round."""

    unknown: dict[str, bytes]
    """Characters that Python's codec can't write, with their bytes."""


@cache
def _patches(charset: str) -> _Patches:
    read_otherwise, written = {}, {}
    unknown = _vendor_pairs() if charset == "euc-jp" else {}
    codec = _CODECS[charset]
    patches = read_patches(_PATCHED.get(charset, charset))
    for data, character in patches.items():
        try:
            seen = data.decode(codec)
        except UnicodeDecodeError:
            unknown = {**unknown, character: data}
            continue
        read_otherwise[ord(seen)] = character
        usual = character.encode(codec, "ignore")
        # U+3000 is read from two places of gb18030, and written to the one that Python knows.
        if not usual or usual in patches:
            written[ord(character)] = seen
    return _Patches(read_otherwise, written, unknown)


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
    if error.encoding == "big5hkscs" and (character := read_patches("big5").get(pair, "")):
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
    if row not in _VENDOR_ROWS:
        return ""
    lead = (row - 1) // 2 + (0x81 if row <= 62 else 0xC1)
    trail = cell + 0x9E if row % 2 == 0 else cell + (0x3F if cell <= 63 else 0x40)
    character = bytes((lead, trail)).decode("cp932", "replace")
    # Of a cell without a character the second byte would be read by itself.
    return character if len(character) == 1 and character != REPLACEMENT else ""


_VENDOR_ROWS = (13, 89, 90, 91, 92)


@cache
def _vendor_pairs() -> dict[str, bytes]:
    """The characters that only `_read_vendor_pair` reads, each with its bytes."""
    pairs = (bytes((row + 0xA0, cell)) for row in _VENDOR_ROWS for cell in range(0xA1, 0xFF))
    return {character: pair for pair in pairs if (character := _read_vendor_pair(pair))}


# Stateless, and under a name of our own: decoding with it is a pure function of the bytes.
codecs.register_error(_AS_BROWSERS, _replace_as_browsers)
