"""The wrong readings that can be undone, as parameters of the step `reread`: `windows-1256>utf-8`."""

from __future__ import annotations

import re
from typing import Final

from archiver.repair.misread import MULTIBYTE

# UTF-8 read in one of these; where two read a text alike, the first is named.
READ_UTF8_IN: Final = (
    "windows-1252", "windows-1251", "windows-1256", "windows-1250", "windows-1254", "windows-1253", "windows-1255",
    "windows-1257", "windows-1258", "windows-874", "koi8-r", "koi8-u", "ibm866", "macintosh", "x-mac-cyrillic", "cp437",
    "cp850", "cp852", "iso-8859-2", "iso-8859-3", "iso-8859-4", "iso-8859-5", "iso-8859-6", "iso-8859-7", "iso-8859-8",
    "iso-8859-10", "iso-8859-13", "iso-8859-14", "iso-8859-15", "iso-8859-16",
)  # fmt: skip
REGIONS: Final = {
    "windows-1250": "central", "iso-8859-2": "central", "windows-1254": "turkish",
    "windows-1257": "baltic", "iso-8859-4": "baltic", "iso-8859-13": "baltic", "windows-1258": "vietnamese",
    "windows-1252": "western", "macintosh": "western",
}  # fmt: skip
"""Charsets of Latin script -> the languages they were for. ISO-8859-3, -10 and -16, which hardly any page was in, are
left out: what they would explain in a text of another language costs more than they bring."""
_LATIN: Final = tuple(charset for charset in REGIONS if charset != "windows-1252")
_CYRILLIC: Final = ("windows-1251", "koi8-u", "ibm866", "iso-8859-5", "x-mac-cyrillic")
_OTHERS: Final = (
    "windows-1256",
    "windows-1253",
    "windows-1255",
    "windows-874",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
)
_RIGHT: Final = (*_CYRILLIC, *_OTHERS, *MULTIBYTE, *_LATIN)
# The controls of Latin-1 are no text: they were meant as the signs that windows-1252 has in their place.
CONTROLS: Final = "windows-1252>windows-1252"
LEGACY: Final = (CONTROLS, *(f"windows-1252>{right}" for right in _RIGHT))
"""Bytes of one of these read as Latin-1 or windows-1252."""
# A Chinese news page of 2012 (waddle) went through ISO-8859-15, eight of whose signs are other bytes; any page may.
LEGACY_WITH_EURO: Final = tuple(f"iso-8859-15>{right}" for right in _RIGHT)
# Russian had five charsets, and programs that took one for another.
CROSSED: Final = tuple(f"{wrong}>{right}" for wrong in _CYRILLIC for right in _CYRILLIC if wrong != right)

# A page that says nothing of itself was read elsewhere in the charset of that country: browsers do so to this day. Each
# with the letters that windows-1252 does not have (of a Mac's signs, those that no text has by right); a text without
# them is read as if that had been the wrong one.
_LETTERS_ABROAD: Final = {
    "windows-1250": "\u0102-\u017d\u02c7-\u02dd",
    "iso-8859-2": "\u0102-\u017d\u02c7-\u02dd",
    "windows-1257": "\u0100-\u017d\u02c7-\u02dd",
    "windows-1254": "\u011e-\u015f",
    "windows-1251": "\u0401-\u0491",
    "koi8-u": "\u0401-\u0491\u2500-\u25a0",
    "windows-1253": "\u0384-\u03ce",
    "windows-1255": "\u05b0-\u05f4",
    "windows-1256": "\u060c-\u06d2",
    "macintosh": "‡‰ˆ˜˘˙˚¸˝˛ˇ≠∞≤≥∂∑∏π∫Ω√≈∆◊ı\uf8ffﬁﬂ",
}
READ_ABROAD_IN: Final = tuple(_LETTERS_ABROAD)
# Turkish has six letters in the place of Icelandic ones: what is left of a reading are those.
_NOT_ABROAD: Final = frozenset((*CROSSED, "windows-1254>windows-1252"))
_RIGHT_ABROAD: Final = ("windows-1252", *_RIGHT)


def _readings_abroad(wrong: str) -> list[str]:
    readings = [f"{wrong}>{right}" for right in _RIGHT_ABROAD if right != wrong]
    return [reading for reading in readings if reading not in _NOT_ABROAD]


LEGACY_ABROAD: Final = tuple(
    (re.compile(f"[{letters}]"), _readings_abroad(wrong)) for wrong, letters in _LETTERS_ABROAD.items()
)
"""Where a text has a character of a pattern, bytes of another charset may have been read in that of the country."""
_ALL_ABROAD: Final = tuple(reading for _, readings in LEGACY_ABROAD for reading in readings)

UTF8_READINGS: Final = frozenset(f"{wrong}>utf-8" for wrong in (*READ_UTF8_IN, *MULTIBYTE))
ALL_LEGACY: Final = (*LEGACY, *LEGACY_WITH_EURO, *CROSSED, *_ALL_ABROAD)
ALL_READINGS: Final = UTF8_READINGS | frozenset(ALL_LEGACY)
# What a letter beyond ASCII can be by itself, between two of ASCII: all else has two bytes or more beside one another.
SINGLE_READINGS: Final = frozenset(
    reading for reading in (*LEGACY, *_ALL_ABROAD) if reading.partition(">")[2] in REGIONS
)
