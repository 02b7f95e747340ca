"""The wrong readings that can be undone, as parameters of the step `reread`: `windows-1256>utf-8`."""

from __future__ import annotations

from typing import Final

from archiver.repair.misread import MULTIBYTE

# UTF-8 read in one of these; where two read a text alike, the first is named.
READ_UTF8_IN: Final = (
    "windows-1252", "windows-1251", "windows-1256", "windows-1250", "windows-1254", "windows-1253", "windows-1255",
    "windows-1257", "windows-1258", "windows-874", "koi8-r", "koi8-u", "ibm866", "macintosh", "x-mac-cyrillic", "cp437",
    "cp850", "cp852", "iso-8859-2", "iso-8859-3", "iso-8859-4", "iso-8859-5", "iso-8859-6", "iso-8859-7", "iso-8859-8",
    "iso-8859-10", "iso-8859-13", "iso-8859-14", "iso-8859-15", "iso-8859-16",
)  # fmt: skip
# Bytes of these read as Latin-1 or windows-1252.
REGIONS: Final = {
    "windows-1250": "central", "iso-8859-2": "central", "windows-1254": "turkish",
    "windows-1257": "baltic", "iso-8859-4": "baltic", "iso-8859-13": "baltic", "windows-1258": "vietnamese",
}  # fmt: skip
"""Charsets of Latin script -> the languages they were for. ISO-8859-3, -10 and -16, which hardly any page was in, are
left out: what they would explain in a text of another language costs more than they bring."""
_LATIN: Final = tuple(REGIONS)
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
# A Chinese news page of 2012 (waddle) went through ISO-8859-15, eight of whose signs are other bytes; any page may.
LEGACY_WITH_EURO: Final = tuple(f"iso-8859-15>{right}" for right in _RIGHT)
# Russian had five charsets, and programs that took one for another.
CROSSED: Final = tuple(f"{wrong}>{right}" for wrong in _CYRILLIC for right in _CYRILLIC if wrong != right)

UTF8_READINGS: Final = frozenset(f"{wrong}>utf-8" for wrong in (*READ_UTF8_IN, *MULTIBYTE))
ALL_READINGS: Final = UTF8_READINGS | frozenset((*LEGACY, *LEGACY_WITH_EURO, *CROSSED))
# What a letter beyond ASCII can be by itself, between two of ASCII: all else has two bytes or more beside one another.
SINGLE_READINGS: Final = frozenset((CONTROLS, *(f"windows-1252>{right}" for right in _LATIN)))
