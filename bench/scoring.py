"""How near a text is to the reference: shared words, as the data's README says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = re.compile(r"\w+")
_CHARACTER = re.compile(r"\w")
# Written without spaces: a `\w+` run is a clause there, and one character off would lose it whole.
_BY_CHARACTER = ("zh", "ja")


@dataclass(frozen=True, slots=True)
class Score:
    """Of one page, or the mean of many. All from 0 to 1."""

    precision: float
    """Share of the words given that are in the reference."""

    recall: float
    """Share of the reference's words that are given."""

    f1: float
    """Their harmonic mean on one page; over many pages the mean of the pages' F1."""


def score(text: str, reference: str, language: str) -> Score:
    """The score of one page, over multisets of words.

    >>> score("tea is hot", "Tea is very hot", "en")
    Score(precision=1.0, recall=0.75, f1=0.8571428571428571)
    >>> score("", "Tea", "en").f1, score("", "", "en").f1, score("Tea", "", "en").f1
    (0.0, 1.0, 0.0)
    """
    given, wanted = _count(text, language), _count(reference, language)
    if not given and not wanted:
        return Score(1.0, 1.0, 1.0)
    shared = (given & wanted).total()
    if not shared:
        return Score(0.0, 0.0, 0.0)
    precision, recall = shared / given.total(), shared / wanted.total()
    return Score(precision, recall, 2 * precision * recall / (precision + recall))


def mean(scores: Sequence[Score]) -> Score:
    """The mean of each figure, page by page. Raises ZeroDivisionError for no pages."""
    count = len(scores)
    return Score(
        sum(one.precision for one in scores) / count,
        sum(one.recall for one in scores) / count,
        sum(one.f1 for one in scores) / count,
    )


def words_of(text: str, language: str) -> list[str]:
    """What is counted of a text: words in lower case; single characters where a language writes no spaces."""
    pattern = _CHARACTER if language.startswith(_BY_CHARACTER) else _WORD
    return pattern.findall(text.lower())


def _count(text: str, language: str) -> Counter[str]:
    return Counter(words_of(text, language))
