"""Whether a text can hold anything to repair: a cheap test, which nearly all text fails.

Mojibake shows as characters that no language writes, or as letters side by side that no language puts so. What
the tables of `archiver.fluency` know is what is ordinary.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from archiver.fluency import is_out_of_place, letter_languages, letter_pairs, ordinary_characters

# `&eacute;`, `\u0627`, `+AOk-` left in the text.
_ESCAPES: Final = re.compile(r"&(?:#[0-9xX]|[a-zA-Z]{2,8}[0-9]{0,2};)|\\u[0-9a-fA-F]{4}|\+[A-Za-z0-9/]{3,}-")
# Thai letters begin with 0xE0 0xB8 or 0xE0 0xB9 in UTF-8, which are Thai letters themselves in windows-874.
_THAI: Final = re.compile("เ[ธน].{0,3}เ[ธน]")
# Cyrillic in the wrong charset has its capitals and small letters the wrong way round; so has UTF-8 in windows-1251.
_SWAPPED_CASE: Final = re.compile("[а-џ][Ѐ-Я]")
# Letters of another script in a word of Latin letters or alone among such words. Chinese, Japanese and Korean text has
# Latin words in it by right; what it does not have is one or two characters with small Latin letters on either side.
_LATIN_WORD: Final = re.compile("[A-Za-z]+")
OTHER_SCRIPT: Final = re.compile("[\u0370-\u06ff\u0e00-\u0e7f\u3041-\ud7a3]")
_FOREIGN: Final = "\u0370-\u06ff\u0e00-\u0e7f"
_STRANGER_AFTER: Final = re.compile(
    f"[{_FOREIGN}]| [{_FOREIGN}]{{1,3}} [a-z]|(?<=[a-z]) ?[\u3041-\ud7a3]{{1,2}}(?: ?[a-z])"
)
_STRANGER_BEFORE: Final = re.compile(f".*[{_FOREIGN}]$|(?:^| )[\u3041-\ud7a3]{{1,2}}$")
# "Г©": signs of the upper half of windows-1252 that no text has behind a letter, quotes and dashes aside.
_SIGN: Final = re.compile("[\xa1-\xaa\xac\xae-\xba\xbc-\xbf†‡‰‹€™‚]")
_FOREIGN_LETTER: Final = re.compile(f"[{_FOREIGN}]")
_ACCENTED: Final = re.compile("[\xc0-\u024f]")
# "Ã©", "â€™": a letter that leads a sequence of UTF-8 in windows-1252 and the signs that continue it; and the same of a
# capital of Latin Extended in the other charsets of Windows, quotes and dots aside.
_CONTINUING: Final = "\xa0-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_SEQUENCE: Final = re.compile(
    f"[\xc2-\xdf\xe0-\xef\u0100-\u024f](?:(?<=[\xc2-\xdf])[{_CONTINUING}]|(?<=[\xe0-\xef])[{_CONTINUING}]{{2}}"
    "|(?<=[\u0100-\u024f])[\xa1-\xaa\xac\xae-\xb6\xb8-\xba\xbc-\xbf€™])"
)
_QUESTION_INSIDE: Final = re.compile("[a-z]\xbf")
# What text in another script than Latin has only now and then: most has nothing else to be looked at.
_LOUD: Final = re.compile("[A-Za-z\xa1-\xaa\xac\xae-\xba\xbc-\u024f†‡‰‹€™‚]")


# So many different letters that are all of one language are hardly there by chance. The price: Latin text in a wrong
# legacy charset comes back in 81 of 100 paragraphs where it were 85, for sound text in 16 µs a paragraph where it were
# 24 (ftfy 50; python -m bench.encoding.mojibake --most 4).
_ENOUGH_LETTERS: Final = 4
# Rare Chinese characters so near one another are no names.
_NEAR: Final = 6
_MEASURE: Final = re.compile("m[²³]")
_LATIN_1_SIGNS: Final = frozenset(map(chr, range(0xA1, 0xC0))) | frozenset("ŒœŠšŸŽžƒˆ˜†‡‰‹€™‚„…")


def is_suspect(text: str) -> bool:
    """True when something in it may be a fault; where it is False nothing is looked for.

    >>> is_suspect("Größe"), is_suspect("GrÃ¶ÃŸe")
    (False, True)
    """
    if ("&" in text or "\\u" in text or "+" in text) and _ESCAPES.search(text):
        return True
    if text.isascii():
        return False
    if _extraordinary().search(text) and _has_extraordinary(text):
        return True
    if OTHER_SCRIPT.search(text):
        if _SWAPPED_CASE.search(text) or ("เ" in text and _THAI.search(text)):
            return True
        if not _LOUD.search(text):
            return False
        if _has_strangers(text):
            return True
    accented = _ACCENTED.findall(text)
    return bool(accented) and _has_odd_pairs(text, frozenset(accented))


def has_odd_letters(text: str) -> bool:
    """Whether it has letters, or controls and the like, that ordinary text of no language has; signs do not count."""
    return any(match[0].isalpha() or is_out_of_place(match[0]) for match in _extraordinary().finditer(text))


def _has_strangers(text: str) -> bool:
    """Whether letters of another script stand in Latin words or alone among them, or signs behind such letters."""
    for match in _SIGN.finditer(text, 1):
        if _FOREIGN_LETTER.match(text, match.start() - 1):
            return True
    for match in _LATIN_WORD.finditer(text):
        start, end = match.span()
        if text[end : end + 2].strip(" ") > "\u0370" and _STRANGER_AFTER.match(text, end):
            return True
        if start and text[start - 1] > "\u0370" and _STRANGER_BEFORE.match(text[max(0, start - 3) : start]):
            return True
    return False


def _has_extraordinary(text: str) -> bool:
    """Whether a character that ordinary text does not hold stands beside another that it may be one of the bytes with.

    "m²" and an arrow alone are no bytes of anything; "Ð²" and "涓枃" are.
    """
    rare, last_rare = "", -_NEAR
    for match in _extraordinary().finditer(text):
        char, place = match[0], match.start()
        if "\x80" <= char < "\xa0":
            return True
        before = max(0, place - 1)
        if char > "\u2e80" and text[before : place + 2] > "\u2e80":
            # One rare character is a name's; where bytes were read wrong, every second one is rare.
            if place - last_rare < _NEAR and char != rare:
                return True
            rare, last_rare = char, place
            continue
        for other in (text[before:place], text[place + 1 : place + 2]):
            if other > "\x7f" and other not in (char, "\xa0"):
                return True
            if char in _LATIN_1_SIGNS and other.isalpha() and not _MEASURE.match(text, before):
                return True
    return False


def _has_odd_pairs(text: str, accented: frozenset[str]) -> bool:
    """Whether its letters beyond ASCII stand beside others as in no language, or as in no single one."""
    if _SEQUENCE.search(text) or ("\xbf" in text and _QUESTION_INSIDE.search(text)):
        return True
    together = -1
    for char in accented:
        together &= letter_languages().get(char, 0)
    consistent = together != 0
    if consistent and len(accented) >= _ENOUGH_LETTERS:
        return False
    together = -1
    padded = f" {text} "
    for match in _ACCENTED.finditer(padded):
        place = match.start()
        languages = _languages_of(padded[place - 1 : place + 2])
        if not languages:
            return True
        together &= languages
    return together == 0 and not consistent


@lru_cache(maxsize=1 << 12)
def _languages_of(three: str) -> int:
    """The languages, a bit each, that have the middle one of three characters between the others."""
    before, char, after = three[0], three[1], three[2]
    languages = letter_pairs()
    one = languages.get((before if before.isalpha() else " ") + char, 0)
    other = languages.get(char + (after if after.isalpha() else " "), 0)
    if not one or not other:
        return 0
    # Where each pair is usual, but in no one language, the word may be put together of two.
    return one & other or 1 << len(languages)


@cache
def _extraordinary() -> re.Pattern[str]:
    return re.compile(f"[^{ordinary_characters()}]")
