"""Whether a text can hold anything to repair: a cheap test, which nearly all text fails.

Mojibake shows as characters that no language writes, or as letters side by side that no language puts so. What
the tables of `archiver.fluency` know is what is ordinary.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from archiver.fluency import letter_pairs, ordinary_characters

# `&eacute;`, `\u0627`, `+AOk-` left in the text.
_ESCAPES: Final = re.compile(r"&(?:#[0-9xX]|[a-zA-Z]{2,8}[0-9]{0,2};)|\\u[0-9a-fA-F]{4}|\+[A-Za-z0-9/]{3,}-")
# Thai letters begin with 0xE0 0xB8 or 0xE0 0xB9 in UTF-8, which are Thai letters themselves in windows-874.
_THAI: Final = re.compile("เ[ธน].{0,3}เ[ธน]")
# Cyrillic in the wrong charset has its capitals and small letters the wrong way round.
_SWAPPED_CASE: Final = re.compile("[а-яё][А-ЯЁ]")
# Letters of another script in a word of Latin letters or alone among such words. Chinese, Japanese and Korean text has
# Latin words in it by right; what it does not have is one or two characters with small Latin letters on either side.
_LATIN: Final = re.compile("[A-Za-z]")
_OTHER: Final = re.compile("[\u0370-\u06ff\u0e00-\u0e7f\u3041-\ud7a3]")
_FOREIGN: Final = "\u0370-\u06ff\u0e00-\u0e7f"
_MIXED: Final = re.compile(
    f"[A-Za-z ](?:(?<! )[{_FOREIGN}]|[{_FOREIGN}]{{1,3}}[A-Za-z]|[{_FOREIGN}]{{1,3}} [a-z]"
    f"|[{_FOREIGN}][\xa1-\xaa\xac\xae-\xba\xbc-\xbf†‡‰‹€™‚]"
    "|(?<=[a-z])[\u3041-\ud7a3]{1,2} ?[a-z]|[\u3041-\ud7a3]{1,2}(?: [a-z]|[a-z]+[ ,.]))"
)
_ACCENTED: Final = re.compile("[\xc0-\u024f]")
# "Ã©" at the beginning of a word: a capital and a sign that seldom follows one.
_CAPITAL_AND_SIGN: Final = re.compile(
    "[\xc2-\xdf][\xa0-\xbf\u20ac]|[a-z]\xbf|[\u0100-\u024f][\xa1-\xaa\xac\xae-\xb6\xb8-\xba\xbc-\xbf€™]"
)


def is_suspect(text: str) -> bool:
    """True when something in it may be a fault; False is certain.

    >>> is_suspect("Größe"), is_suspect("GrÃ¶ÃŸe")
    (False, True)
    """
    if ("&" in text or "\\u" in text or "+" in text) and _ESCAPES.search(text):
        return True
    if text.isascii():
        return False
    if _extraordinary().search(text):
        return True
    if _ACCENTED.search(text) and _has_odd_pairs(text):
        return True
    if not _OTHER.search(text):
        return False
    if _SWAPPED_CASE.search(text) or ("เ" in text and _THAI.search(text)):
        return True
    return _LATIN.search(text) is not None and _MIXED.search(f" {text}") is not None


def _has_odd_pairs(text: str) -> bool:
    """Whether its letters beyond ASCII stand beside others as in no language, or as in no single one."""
    if _CAPITAL_AND_SIGN.search(text):
        return True
    languages = letter_pairs()
    together = -1
    padded = f" {text} "
    for match in _ACCENTED.finditer(padded):
        place = match.start()
        before, char, after = padded[place - 1], padded[place], padded[place + 1]
        one = languages.get((before if before.isalpha() else " ") + char, 0)
        other = languages.get(char + (after if after.isalpha() else " "), 0)
        together &= one & other
        if not one or not other:
            return True
    return together == 0


@cache
def _extraordinary() -> re.Pattern[str]:
    return re.compile(f"[^{ordinary_characters()}]")
