"""What a passage says that weighs more than its other words: numbers, dates, names, negations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

import regex

from archiver.tables import read_table

# The parts of a date written in figures (2024-05-31, 31/05/2024, ۱۴۰۳/۰۳/۱۱, 2024年5月31日) and times of day.
_WRITTEN_DATE = re.compile(
    r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}|\d{1,4}\s?[年년](?:\s?\d{1,2}\s?[月월])?(?:\s?\d{1,2}\s?[日일])?"
    r"|\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]|\d{1,2}:\d\d(?::\d\d)?"
)
_PIECE = regex.compile(r"\p{Nd}+|[\p{L}\p{M}\u200c]+")

# Between a month and its day or year stand a space, a comma, `de`, `th of`: no more.
_BESIDE_MONTH = 7

# A date is looked for this far around an edit: the longest ones (`the 30th of September, 2024`) have 27 characters.
_AROUND = 30

# Shorter words are others by a letter: "it" and "unit", "مک" and "نمک".
_SHORTEST_NEGATED = 3

# Years, days: what is longer beside the name of a month is no part of a date.
_LONGEST_DATE_NUMBER = 4


def number_value(word: str) -> str | None:
    """The word with its digits in ASCII when it is a number, in figures or Chinese; None when it is none.

    >>> number_value("۱۲"), number_value("1,204"), number_value("三"), number_value("b")
    ('12', '1,204', '3', None)
    """
    if not word[0].isnumeric():
        return None
    if word.isascii():
        return word
    return "".join([f"{unicodedata.numeric(letter):g}" if letter.isnumeric() else letter for letter in word])


def in_date(text: str, start: int, end: int) -> bool:
    """Whether something of `text[start:end]` is part of a date or a time of day, by what stands around it."""
    first = max(start - _AROUND, 0)
    around = text[first : end + _AROUND]
    if not any(map(str.isdecimal, around)):
        return False
    spans = [*(match.span() for match in _WRITTEN_DATE.finditer(around)), *_by_month(around)]
    return any(begin < end - first and start - first < stop for begin, stop in spans)


def names(words: Sequence[str], *, begins_sentence: bool) -> list[str]:
    """The words that are written with a capital where a sentence does not ask for one. In a script without capitals
    nothing tells a name.
    """
    return [word for word in (words[1:] if begins_sentence else words) if word[0].isupper()]


def names_month(word: str) -> bool:
    """Whether it is the name of a month, or of something else that is written like one (`may`)."""
    return word.casefold() in _months()


def says_no(word: str) -> bool:
    """Whether a word says no by itself."""
    word = word.casefold()
    return word in _whole_words() or word.endswith(_forms("end")) or word.startswith(_forms("start"))


def negations_within(text: str) -> list[str]:
    """What says no inside the words of a text, or without being a word: Chinese, Thai, Korean."""
    return [] if text.isascii() else _anywhere().findall(text)


def is_opposite(before: str, after: str) -> bool:
    """Whether one of two words is the other with a prefix that negates it.

    >>> is_opposite("lawful", "unlawful"), is_opposite("نگرفته‌اند", "گرفته‌اند"), is_opposite("side", "inside")
    (True, True, True)
    >>> is_opposite("law", "lawful"), is_opposite("it", "unit")
    (False, False)
    """
    short, long = sorted((before.casefold(), after.casefold()), key=len)
    return len(short) >= _SHORTEST_NEGATED and long.endswith(short) and long[: -len(short)] in _prefixes()


@cache
def _prefixes() -> frozenset[str]:
    return frozenset(prefix for _, prefix in read_table("negating-prefixes"))


@cache
def _forms(kind: str) -> tuple[str, ...]:
    """The words of the table that are found in that way."""
    return tuple(form for form, found, _ in read_table("negations") if found == kind)


@cache
def _anywhere() -> re.Pattern[str]:
    longest_first = sorted(_forms("part"), key=lambda form: (-len(form), form))
    return re.compile("|".join(map(re.escape, longest_first)))


@cache
def _whole_words() -> frozenset[str]:
    return frozenset(_forms("word"))


@cache
def _months() -> frozenset[str]:
    return frozenset(name.split()[-1] for name, _ in read_table("months"))


def _by_month(text: str) -> Iterator[tuple[int, int]]:
    """The names of months with the numbers beside them, and a year that follows."""
    months = _months()
    before: tuple[str, int, int] | None = None
    dated = False
    for piece in _PIECE.finditer(text):
        here = (piece[0].casefold(), piece.start(), piece.end())
        if before and here[1] - before[2] <= _BESIDE_MONTH:
            pair = (before[0], here[0])
            short = all(len(word) <= _LONGEST_DATE_NUMBER for word in pair if word.isdecimal())
            one_is_number = pair[0].isdecimal() != pair[1].isdecimal()
            if short and ((one_is_number and not months.isdisjoint(pair)) or (dated and here[0].isdecimal())):
                yield before[1], here[2]
                dated = True
            else:
                dated = False
        else:
            dated = False
        if here[0] not in _LINKING_WORDS:
            before = here


_LINKING_WORDS = frozenset(("de", "del", "of", "th", "st", "nd", "rd", "in"))
"""What may stand between a day and its month: `12 de mayo`, `the 12th of May`, `1st May`."""
