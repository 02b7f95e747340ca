"""Charsets with several bytes a character and no state between them: UTF-8, -16 and -32, and those of East Asia."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from functools import cache

from archiver.charsets.single_byte import REPLACEMENT

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

_JIS_AS_BROWSERS = str.maketrans("\u301c\u2016\u2212\xa2\xa3\xac", "\uff5e\u2225\uff0d\uffe0\uffe1\uffe2")
"""JIS X 0208 signs for which Python's EUC-JP and the standard's index name different characters."""
_JIS_AS_PYTHON = {seen: python for python, seen in _JIS_AS_BROWSERS.items()}


def read(data: bytes, charset: str) -> tuple[str, int]:
    """The text, and how many U+FFFD in it stand for bytes that could not be read."""
    codec = _CODECS[charset]
    errors = "replace" if charset.startswith("utf-") else _AS_BROWSERS
    text = data.decode(codec, errors)
    if charset == "euc-jp":
        text = text.translate(_JIS_AS_BROWSERS)
    replaced = text.count(REPLACEMENT)
    if replaced:
        # The page may hold U+FFFD of its own, written out in bytes: those were read, not replaced.
        replaced -= data.decode(codec, "ignore").count(REPLACEMENT)
    return text, replaced


def write(text: str, charset: str) -> bytes | None:
    """Bytes for the text, which may be read as another one where the standard's index differs from Python's codec;
    None when a character has none.
    """
    if charset == "euc-jp":
        return _write_euc_jp(text)
    try:
        return text.encode(_CODECS[charset])
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
codecs.register_error(_AS_BROWSERS, _replace_as_browsers)
