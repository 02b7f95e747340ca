"""Text -> the words it is found by, spelled so that what people write for the same word is equal.

For comparison only: no text is changed by it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from archiver.tables import read_table, table_digest

# Scripts that put no spaces between words, by the names of their characters, and Hangul, which puts its particles
# behind a word without one: each character with its marks is a word, and a word of the language a phrase of them.
_UNSPACED = (
    "CJK ", "IDEOGRAPHIC ", "HIRAGANA ", "KATAKANA", "BOPOMOFO ", "HANGUL ", "THAI ", "LAO ", "KHMER ", "MYANMAR ",
    "TAI ", "NEW TAI LUE ", "JAVANESE ", "BALINESE ",
)  # fmt: skip
# Scripts whose letters are compared without their marks. Not Cyrillic, where й is no и: table `search-letters`
# has its ё.
_WITHOUT_MARKS = ("LATIN ", "GREEK ", "ARABIC ", "HEBREW ")
_DROPPED_MARKS = ("COMBINING ", "ARABIC ", "HEBREW ", "SYRIAC ", "VARIATION SELECTOR")
# Planes of ideographs, some younger than the Unicode tables of the Python at work.
_IDEOGRAPHS = range(0x20000, 0x40000)

# Stands before a mark of these scripts until it is joined to its letter; no text's own character is left by then.
_JOINED = "\0"

_ZERO_WIDTH_NON_JOINER = "\u200c"
# Zero-width space; non-joiner: می‌روم stands as می روم too; the apostrophe of Ukrainian, also written as '.
_PARTING = f"\u200b{_ZERO_WIDTH_NON_JOINER}\u02bc"
_TATWEEL = "\u0640"
# In the scripts of India it shapes a letter and parts nothing.
_SHAPING = re.compile(f"(?<=[\u0900-\u0dff]){_ZERO_WIDTH_NON_JOINER}")

# What no mark parts can be spelled at once.
_RUN = re.compile(r"[A-Za-z0-9]+|.", re.DOTALL)

# Longer runs of letters are data: no language's words reach it, and a page of Base64 would fill an index.
_LONGEST = 64


class Word(NamedTuple):
    """A word where it stands."""

    form: str
    """As it is compared."""
    start: int
    end: int
    """Its span in the text, code points."""


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: no case, no marks that people leave out, one letter for those that
    keyboards mix up, digits of all scripts as 0-9, and single characters where a script has no spaces.

    >>> words_of("Café № ۱۴۰۳: كتاب‌هاي تازه")
    ['cafe', 'no', '1403', 'كتاب', 'هاي', 'تازه']
    >>> words_of("iPhone手机")
    ['iphone', '手', '机']
    """
    return [word[:_LONGEST] for word in _spelled(text).split()]


def placed_words(text: str) -> Iterator[Word]:
    """The same words, each with its span. (Slower: it goes character by character.)"""
    form, start, end = "", 0, 0
    for place, cluster in _clusters(text):
        first, *others = _spelled(cluster).split(" ")
        if first:
            form, start, end = form + first, start if form else place, place + len(cluster)
        for other in others:
            if form:
                yield Word(form[:_LONGEST], start, end)
            form, start, end = other, place, place + len(cluster)
    if form:
        yield Word(form[:_LONGEST], start, end)


def spelling_digest() -> str:
    """What the spelling depends on: two programs with one digest have the same words for every text."""
    return f"{table_digest('search-letters')} {unicodedata.unidata_version} 2"


def _spelled(text: str) -> str:
    if _ZERO_WIDTH_NON_JOINER in text:
        text = _SHAPING.sub("", text)
    spelled = unicodedata.normalize("NFKC", text).translate(_forms())
    return spelled.replace(f" {_JOINED}", "").replace(_JOINED, " ")


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """Characters with the marks that belong to them, which the composed form may make one."""
    start = end = 0
    for run in _RUN.finditer(text):
        if run.start() and not _goes_on(text[run.start() - 1], text[run.start()]):
            yield start, text[start:end]
            start = run.start()
        end = run.end()
    if end:
        yield start, text[start:end]


def _goes_on(before: str, character: str) -> bool:
    if character.isascii():
        return False
    shaping = character == _ZERO_WIDTH_NON_JOINER and "\u0900" <= before <= "\u0dff"
    # Vowels and finals of Hangul written letter by letter, the marks of half-width katakana (ﾃﾞ).
    # Thai and Lao AM: a mark of the letter before it and a letter in one.
    apart = "\u1160" <= character <= "\u11ff" or character in "\uff9e\uff9f\u0e33\u0eb3"
    return shaping or apart or unicodedata.category(character)[0] == "M"


class _Forms(dict[int, str]):
    """The form of each character that was met, for `str.translate`: `` for one that is passed over, a space for one
    that parts words.
    """

    def __missing__(self, code: int) -> str:
        form = self[code] = _form(chr(code))
        return form


@cache
def _forms() -> _Forms:
    return _Forms()


@cache
def _letters() -> dict[str, str]:
    return {row[0]: row[1] for row in read_table("search-letters")}


def _form(character: str) -> str:
    kind, name = unicodedata.category(character), unicodedata.name(character, "")
    if character in _PARTING:
        return " "
    if character == _TATWEEL or kind in ("Cf", "Me") or (kind[0] == "M" and name.startswith(_DROPPED_MARKS)):
        return ""
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    if name.startswith(_UNSPACED) or ord(character) in _IDEOGRAPHS:
        if kind[0] == "M":
            return f"{_JOINED}{character} "
        return f" {character} " if kind[0] in "LN" or not name else " "
    if kind[0] not in "LMN":
        return " "
    folded = character.casefold()
    if name.startswith(_WITHOUT_MARKS):
        parts = unicodedata.normalize("NFKD", folded)
        folded = "".join(part for part in parts if unicodedata.category(part)[0] != "M")
    return "".join(_letters().get(letter, letter) for letter in folded)
