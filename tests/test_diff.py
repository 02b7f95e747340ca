"""Differences of texts: exact to the letter, each change found as what it is, and nothing else."""

from __future__ import annotations

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.diff import diff
from archiver.diff.matching import match
from archiver.diff.words import parted
from archiver.errors import InputError
from long_pages import LANGUAGES, Language, page, paragraphs

WORDS = 20_000


def planted(language: Language, what: str) -> tuple[str, str]:
    """A long page, and the same with one thing changed in its middle."""
    before = paragraphs(language, WORDS)
    middle = len(before) // 2
    before[middle][2] = language.numbered.format("12", no=language.no[0])
    after = deepcopy(before)
    match what:
        case "number":
            after[middle][2] = language.numbered.format("14", no=language.no[0])
        case "negation":
            after[middle][2] = language.numbered.format("12", no=language.no[1])
        case "sentence moved":
            after[middle + 30].insert(3, after[middle].pop(2))
        case "sentence moved within":
            after[middle].insert(4, after[middle].pop(1))
        case "paragraph moved":
            after.insert(3, after.pop(middle))
        case "sentence moved and edited":
            after[middle].pop(2)
            after[middle + 30].insert(3, language.numbered.format("14", no=language.no[0]))
        case "paragraph added":
            after.insert(middle, paragraphs(language, WORDS + 7)[-1])
        case "paragraph removed":
            after.pop(middle)
    return page(language, before), page(language, after)


FOUND = {
    "number": ("replaced", False, "number"),
    "negation": ("replaced", False, "negation"),
    "sentence moved": ("moved", False, "place"),
    "sentence moved within": ("moved", False, "place"),
    "paragraph moved": ("moved", True, "place"),
    "sentence moved and edited": ("moved-edited", False, "number"),
    "paragraph added": ("inserted", True, "words"),
    "paragraph removed": ("deleted", True, "words"),
}


@pytest.mark.parametrize("what", FOUND)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_planted_change_is_found_as_what_it_is_and_nothing_else(language: str, what: str) -> None:
    a, b = planted(LANGUAGES[language], what)
    difference = diff(a, b)
    (change,) = difference.weighing()
    assert (change.kind, change.whole, change.reasons[0].name) == FOUND[what]
    assert difference.apply(a) == b
    if what == "number":
        ((_, _, before, after),) = change.edits
        assert (before, after) == ("12", "14")
