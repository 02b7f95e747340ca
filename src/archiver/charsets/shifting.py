"""Charsets of seven bits that shift between sets of characters: ISO-2022-JP, -KR and -CN, and HZ.

RFC 1468, 1554 (JP), 1557 (KR), 1922 (CN), 1843 (HZ). Each stretch between two escapes is read by what was announced,
so that a lost escape costs a stretch and no more. The standard has a decoder for ISO-2022-JP alone: Python's
knows neither half-width katakana nor NEC's row 13, which mail gateways and early pages wrote freely.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from archiver.charsets import multibyte
from archiver.charsets.patches import REPLACEMENT

_ASCII, _ROMAN, _HALF_WIDTH = "ascii", "roman", "half-width"
"""Sets that are no multi-byte charset moved to the lower half."""

_SHIFT_OUT, _SHIFT_IN = b"\x0e", b"\x0f"


class _Shifts(NamedTuple):
    """The escapes of a charset."""

    pattern: re.Pattern[bytes]
    """Finds them."""

    sets: dict[bytes, str]
    """Escape -> what follows it: a set above, or a charset of `multibyte` whose high bits are gone."""

    announced: dict[bytes, str]
    """Escape -> what follows the next SHIFT OUT."""

    opening: bytes
    """What a text begins with that announces its set for all of it; b"" where each stretch does."""


def _shifts(sets: dict[bytes, str], announced: dict[bytes, str], opening: bytes = b"") -> _Shifts:
    escapes = sorted((*sets, *announced, *([_SHIFT_OUT] if announced else [])))
    return _Shifts(re.compile(b"(%b)" % b"|".join(map(re.escape, escapes))), sets, announced, opening)


_JP = {b"\x1b(B": _ASCII, b"\x1b(J": _ROMAN, b"\x1b(I": _HALF_WIDTH, b"\x1b$B": "euc-jp", b"\x1b$@": "euc-jp"}
_KR = {b"\x1b$)C": "euc-kr"}
# Of RFC 1922's sets GB 2312; CNS 11643 has no decoder in Python.
_CN = {b"\x1b$)A": "gb18030"}

_CHARSETS = {
    "iso-2022-jp": _shifts(_JP, {}),
    "iso-2022-kr": _shifts({_SHIFT_IN: _ASCII}, _KR, b"\x1b$)C"),
    "iso-2022-cn": _shifts({_SHIFT_IN: _ASCII}, _CN, b"\x1b$)A"),
    # A tilde is written twice, and one before a line end joins the lines.
    "hz-gb-2312": _shifts({b"~{": "gb18030", b"~}": _ASCII, b"~~": _ASCII, b"~\n": _ASCII}, {}),
}

CHARSETS = frozenset(_CHARSETS)

_SIGNS = {"\xa5": b"\x5c", "\u203e": b"\x7e"}
"""The two characters in which JIS X 0201's Latin half is not ASCII."""
_ROMAN_SIGNS = {byte[0]: character for character, byte in _SIGNS.items()}

# A byte with its eighth bit set is none of seven bits: 0xFF is read as nothing in any of the sets.
_TO_HIGH_HALF = bytes(
    byte | 0x80 if 0x21 <= byte <= 0x7E else 0xFF if byte > 0x7F else byte for byte in range(256)
)  # fmt: skip
_TO_LOW_HALF = bytes(byte & 0x7F for byte in range(256))

# In EUC-JP: the byte before a half-width katakana, and the one before a character of JIS X 0212.
_EUC_HALF_WIDTH, _EUC_SUPPLEMENT = 0x8E, 0x8F


class _Stretch(NamedTuple):
    start: int
    set: str
    data: bytes


def read(data: bytes, charset: str) -> str:
    """The text, U+FFFD for what could not be read."""
    return "".join(_read_stretch(stretch) for stretch in _stretches(data, charset))


def find_undecodable(data: bytes, charset: str) -> Iterator[int]:
    """The offset of each place for which `read` puts U+FFFD."""
    for stretch in _stretches(data, charset):
        if stretch.set in multibyte.CHARSETS:
            for place in multibyte.find_undecodable(stretch.data.translate(_TO_HIGH_HALF), stretch.set):
                yield stretch.start + place
        else:
            text = _read_stretch(stretch)
            yield from (stretch.start + place for place, character in enumerate(text) if character == REPLACEMENT)


def write(text: str, charset: str) -> bytes | None:
    """The bytes of the text, back in ASCII at its end; None when a character has none."""
    if text.isascii() and charset != "hz-gb-2312":
        return text.encode()
    shifts = _CHARSETS[charset]
    escapes = {after: escape for escape, after in reversed(shifts.sets.items())}
    escapes |= dict.fromkeys(shifts.announced.values(), _SHIFT_OUT)
    written, current = bytearray(shifts.opening), _ASCII
    for character in text:
        found = _place(character, charset)
        if found is None:
            return None
        wanted, data = found
        written += (escapes[wanted] if wanted != current else b"") + data
        current = wanted
    return bytes(written) + (escapes[_ASCII] if current != _ASCII else b"")


def _stretches(data: bytes, charset: str) -> Iterator[_Stretch]:
    shifts = _CHARSETS[charset]
    pieces = shifts.pattern.split(data)
    yield _Stretch(0, _ASCII, pieces[0])
    start, current = len(pieces[0]), _ASCII
    # Some tools dropped the line that announces the set.
    announced = next(iter(shifts.announced.values()), _ASCII)
    for escape, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if escape == b"~~":
            yield _Stretch(start, _ASCII, b"~")
        if escape in shifts.announced:
            announced = shifts.announced[escape]
        else:
            current = announced if escape == _SHIFT_OUT and shifts.announced else shifts.sets[escape]
        start += len(escape)
        yield _Stretch(start, current, piece)
        start += len(piece)


def _read_stretch(stretch: _Stretch) -> str:
    _, name, data = stretch
    if name in multibyte.CHARSETS:
        return multibyte.read(data.translate(_TO_HIGH_HALF), name)[0]
    if name == _HALF_WIDTH:
        return "".join(chr(0xFF40 + byte) if 0x21 <= byte <= 0x5F else chr(byte)
                       if byte < 0x21 else REPLACEMENT for byte in data)  # fmt: skip
    text = data.decode("ascii", "replace")
    return text.translate(_ROMAN_SIGNS) if name == _ROMAN else text


def _place(character: str, charset: str) -> tuple[str, bytes] | None:
    """The set that a character is in and its bytes there; None when the charset lacks it."""
    if character.isascii():
        # HZ's own sign is written twice.
        return _ASCII, b"~~" if character == "~" and charset == "hz-gb-2312" else character.encode()
    if charset != "iso-2022-jp":
        name = "euc-kr" if charset == "iso-2022-kr" else "gb18030"
        data = multibyte.write(character, name)
        # Both charsets were enlarged beyond the 94 rows and cells that fit into seven bits.
        fits = data is not None and len(data) == 2 and min(data) >= 0xA1
        return (name, data.translate(_TO_LOW_HALF)) if data and fits else None
    if character in _SIGNS:
        return _ROMAN, _SIGNS[character]
    data = multibyte.write(character, "euc-jp")
    if not data or data[0] == _EUC_SUPPLEMENT:
        # EUC-JP writes IBM's kanji in JIS X 0212, which these escapes do not announce; NEC's rows have them too.
        data = _pairs_of_jis().get(character)
        if data is None:
            return None
    if data[0] == _EUC_HALF_WIDTH:
        return _HALF_WIDTH, data[1:].translate(_TO_LOW_HALF)
    return "euc-jp", data.translate(_TO_LOW_HALF)


@cache
def _pairs_of_jis() -> dict[str, bytes]:
    """Character -> the first pair of EUC-JP that is read as it."""
    pairs = [bytes((row, cell)) for row in range(0xA1, 0xFF) for cell in range(0xA1, 0xFF)]
    # A line each: no second byte is a line end, so that what cannot be read does not reach into the next.
    read_as = multibyte.read(b"\n".join(pairs), "euc-jp")[0].split("\n")
    return dict(zip(reversed(read_as), reversed(pairs), strict=True))
