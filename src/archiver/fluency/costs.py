"""A text -> what it costs."""

from __future__ import annotations

import unicodedata
from typing import Final

from archiver.fluency.alphabets import cost_of_words
from archiver.fluency.characters import COMMON, LETTER, MARK, SIGN, describe
from archiver.fluency.signs import cost_of_signs

BIT: Final = 4
"""Costs are quarters of a bit."""

# Estimates, as in `characters`.
_REPEATED: Final = 4
# A sign between two letters, as in "cafÃ©s"; hyphens and apostrophes stand there by right.
_INSIDE_WORD: Final = 18
# "iPhone", "McDonald": words with a capital after a small letter.
_CAPITAL_INSIDE: Final = 22
# Letters of two scripts without a space between.
_SCRIPT_CHANGE: Final = 60
# Chinese and Japanese write foreign words so, and Korean puts its particles after them.
_CHINESE_CHANGE: Final = 10
# A mark without a letter before it, or on a letter of another script.
_STRAY_MARK: Final = 60

# They part or join letters of Arabic and Indic scripts.
_JOINERS: Final = frozenset("\u200c\u200d")


def cost_of(text: str) -> int:
    """What the text costs in the likeliest languages of its scripts, in quarters of a bit; 0 for "". Never raises.

    >>> cost_of("Grüße aus Köln") < cost_of("GrĂĽĂźe aus KĂ¶ln")
    True
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    words: dict[str, list[str]] = {}
    total = _collect_words(text, words)
    for script, found in words.items():
        total += cost_of_signs(found) if script == "Hani" else cost_of_words(script, found)
    return total


def _collect_words(text: str, words: dict[str, list[str]]) -> int:
    """Puts the words by script into `words`, in lower case; the cost of all that is not in them."""
    total = 0
    word, script, in_word, small = "", "", False, False
    last_joins = True
    before = ""
    for char in text:
        kind, own, cost, joins, upper = describe(char)
        # A line drawn of one sign: each after the first is no news.
        total += cost if char != before or kind == LETTER else _REPEATED
        before = char
        if kind == MARK:
            if not in_word or (own != script if own else script == "Hani"):
                total += _STRAY_MARK
            continue
        if word and (kind == SIGN or own != script or cost):
            words.setdefault(script, []).append(_small(word))
            word = ""
        if kind == SIGN:
            if char in _JOINERS and (script == "Latn" or not in_word):
                total += _STRAY_MARK
            in_word, last_joins, small = in_word and not joins and char not in COMMON, joins or not in_word, False
            continue
        if not last_joins:
            total += _INSIDE_WORD
        if in_word and own != script:
            total += _CHINESE_CHANGE if "Hani" in (own, script) else _SCRIPT_CHANGE
        if upper and small:
            total += _CAPITAL_INSIDE
        if not cost:
            word += char
        script, small, in_word, last_joins = own, not upper, True, True
    if word:
        words.setdefault(script, []).append(_small(word))
    return total


def _small(word: str) -> str:
    """The word in small letters. Python writes the small İ of Turkish with a dot of its own."""
    small = word.lower()
    return small if small.isascii() else small.replace("i\u0307", "i")
