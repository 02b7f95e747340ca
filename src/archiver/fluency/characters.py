"""What each character is, and what costs all that is no letter."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final, NamedTuple

from archiver.fluency.alphabets import read_alphabets
from archiver.fluency.signs import RARE_SIGN, read_signs
from archiver.language import script_of

# What is no letter, in quarters of a bit: estimates, in the order of how often each is met, a space every sixth
# character, a control never. What was tuned on the development texts, until sound ones gained nothing by any reading:
# marks, rare scripts, half-width katakana, joiners and the signs of other scripts.
_SPACE: Final = 10
_DIGIT: Final = 16
_PLAIN: Final = 22
_RARE_ASCII: Final = 36
_TYPOGRAPHIC: Final = 30
_RARER: Final = 42
_SYMBOL: Final = 52
_BOX: Final = 56
_FORMAT: Final = 26
_LOST: Final = 60
_CONTROL: Final = 88
_UNASSIGNED: Final = 96
# Letters of scripts for which there are no tables because there was no charset for them before Unicode; those of
# scripts nobody writes today.
_UNMODELLED: Final = 24
_OBSCURE: Final = 64
_COST_OF_MARK: Final = 22
_LOOSE_MARK: Final = 44

_JOINING: Final = frozenset("'’-.·/&@_:\u200c\u200d\xad\u2010\u2011")
COMMON: Final = frozenset(" \xa0\u3000\n\t")
_FREQUENT: Final = frozenset(".,-'\":()/!?")
_PUNCTUATION: Final = frozenset(
    "“”‘’«»–—…•·،؛؟。、「」『』，！？：；（）《》・‹›„‚¿¡°©®™§€£№٪٫٬۔་།༎၊။॰\u05be\u05f3\u05f4％＆"
)
_LESS_FREQUENT: Final = frozenset("।॥؋๏๚ºª±²³½¼¾×÷µ†‡¥¢¶→←▲▼►◄■□●○★☆♥♪【】〈〉〔〕～﹏‐‑―′″‰")

# What stands in Chinese and Japanese text as quotes and bullets do elsewhere, and in lists of any language.
_IN_LISTS: Final = frozenset("【】〈〉〔〕～―○●◎△▲▼□■☆★※→←↑↓①②③④⑤⑥⑦⑧⑨⑩ⅠⅡⅢⅣⅤⅥ")

# The marks that Unicode composes with letters; of the others in that block none is in an alphabet of today.
_ACCENTS: Final = frozenset(
    "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u0309\u030a\u030b\u030c\u030f\u0311\u0313\u0314\u031b"
    "\u0323\u0325\u0326\u0327\u0328\u032d\u032e\u0330\u0331\u0342\u0345"
)

_NAMED_SCRIPTS: Final = {
    "ARABIC": "Arab", "HEBREW": "Hebr", "THAI": "Thai", "DEVANAGARI": "Deva", "BENGALI": "Beng", "GURMUKHI": "Guru",
    "GUJARATI": "Gujr", "ORIYA": "Orya", "TAMIL": "Taml", "TELUGU": "Telu", "KANNADA": "Knda", "MALAYALAM": "Mlym",
    "SINHALA": "Sinh", "LAO": "Laoo", "TIBETAN": "Tibt", "MYANMAR": "Mymr", "KHMER": "Khmr", "ETHIOPIC": "Ethi",
    "THAANA": "Thaa",
}  # fmt: skip
"""The scripts whose marks are met, by the first word of the marks' names."""

LETTER: Final = 0
MARK: Final = 1
SIGN: Final = 2


_RANGES: Final = (
    ("\u0300", "\u0345"), ("\u0531", "\u0587"), ("\u05b0", "\u05c7"), ("\u0610", "\u061a"), ("\u064b", "\u0669"),
    ("\u06f0", "\u06f9"), ("\u0780", "\u07b1"), ("\u0900", "\u0df3"), ("\u0e80", "\u0edf"), ("\u0f00", "\u109f"),
    ("\u10d0", "\u10ff"), ("\u1200", "\u137c"), ("\u1780", "\u17f9"), ("\uff01", "\uff5e"),
)  # fmt: skip
"""Blocks of scripts without tables, marks, digits and full-width forms: bytes that are read wrong do not give these."""


class Character(NamedTuple):
    """What is to be known about a character before it is weighed."""

    kind: int
    """A letter, a mark on one, or a sign."""

    script: str
    """Of a letter, one that has tables; "" for other letters and signs."""

    cost: int
    """Of what no table knows; 0 for letters of a script that has tables."""

    joins: bool
    """For a sign, whether it may stand between two letters of a word."""

    upper: bool
    """For a letter, whether it is a capital."""


@cache
def describe(char: str) -> Character:
    """What the character is. Cached: a text has few different ones."""
    category = unicodedata.category(char)
    script = _script_of(char, category)
    if script == "Thai" and char in read_alphabets()["Thai"][0].places:
        return Character(LETTER, script, 0, joins=True, upper=False)
    if category[0] == "M" or char == "ـ":
        cost = _cost_of_mark(char, script)
        return Character(MARK, script, cost, joins=True, upper=False)
    # µ and 𝕏 are signs by their use.
    drawn = char in "µªº" or "\U0001d400" <= char < "\U0001d800"
    if category[0] == "L" and (script or category != "Lm") and not drawn:
        cost = 0 if script in read_alphabets() or script == "Hani" else _UNMODELLED if script else _OBSCURE
        return Character(LETTER, script, cost, joins=True, upper=category in ("Lu", "Lt"))
    joins = char in _JOINING or char in COMMON
    return Character(SIGN, "", _cost_of_sign(char, category), joins=joins, upper=False)


def _cost_of_mark(char: str, script: str) -> int:
    if script:
        return _COST_OF_MARK
    if "\ufe00" <= char <= "\ufe0f":
        return _FORMAT  # chooses between two shapes of the emoji before it
    # What NFC leaves of these stands on a letter that has no form with it, hardly ever.
    return _LOOSE_MARK if char in _ACCENTS else _OBSCURE


def _script_of(char: str, category: str) -> str:
    if category[0] not in "LM":
        return ""
    script = script_of(char)
    if script in ("Kana", "Hang", "Bopo") or char in "ー々":
        return "Hani"
    # Marks stand in the blocks of their letters, and are named like them.
    return script or _NAMED_SCRIPTS.get(unicodedata.name(char, "").partition(" ")[0], "")


def is_out_of_place(char: str) -> bool:
    """Whether no text of today holds the character: a control, an unassigned code point, a script of scholars."""
    return describe(char).cost >= _OBSCURE


def _cost_of_sign(char: str, category: str) -> int:
    code = ord(char)
    if char in COMMON:
        return _SPACE
    if category == "Nd":
        return _DIGIT if code < 0x80 else _TYPOGRAPHIC
    if code < 0x20 or 0x7F <= code < 0xA0 or category == "Co":
        return _CONTROL
    if code < 0x80:
        return _PLAIN if char in _FREQUENT else _RARE_ASCII
    if char in _PUNCTUATION:
        return _TYPOGRAPHIC
    if char in _LESS_FREQUENT or 0x1D400 <= code < 0x1D800 or 0x1F300 <= code < 0x1FB00 or 0xFF00 < code < 0xFF5F:
        return _RARER
    if 0x0600 <= code < 0x10A0 and category[0] in "PS":
        # Of the signs of these scripts those above are met: "؆", a cube root in Arabic, is two letters of Sorbian.
        return _OBSCURE
    if category == "Lm":
        return _SYMBOL
    if category in ("Cn", "Cs"):
        return _UNASSIGNED
    if category == "Cf":
        return _FORMAT
    if code == 0xFFFD:
        return _LOST
    return _BOX if 0x2500 <= code < 0x25A0 else _SYMBOL


@cache
def ordinary_characters() -> str:
    """What stands in ordinary text of any language, as the inside of a character class of `re`.

    The letters of the tables, of scripts that have none, marks on letters, and signs that are not rare.
    """
    known: set[str] = set()
    for alphabets in read_alphabets().values():
        known.update(char for alphabet in alphabets for letter in alphabet.places for char in (letter, letter.upper()))
    for costs in read_signs().values():
        known.update(char for char, cost in costs.items() if cost < RARE_SIGN)
    known.update(chr(code) for code in range(0x20, 0x7F))
    known.update(
        COMMON
        | _FREQUENT
        | _PUNCTUATION
        | _IN_LISTS
        | _JOINING
        | set("ー々۔։֊․ـİ₽₹\r\u200e\u200f\u202a\u202b\u202c\ufeff")
    )
    single = {char for char in known if len(char) == 1 and not any(first <= char <= last for first, last in _RANGES)}
    return "".join(re.escape(char) for char in sorted(single)) + "".join(f"{first}-{last}" for first, last in _RANGES)
