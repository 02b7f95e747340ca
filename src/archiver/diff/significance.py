"""A change's edits -> how much they can mean, and why.

Each reason has a weight from 0 to 1; together they come to 1 - (1 - w1)(1 - w2)..., so a second reason adds to the
first and nothing passes 1. The weights are a judgement, not a measurement: they say that a word which turns a statement
round counts for more than a number, a number for more than an ordinary word, and all of them for more than a comma.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from archiver.diff.changes import Edit, Reason, ReasonName
from archiver.diff.edits import Edited
from archiver.diff.facts import in_date, is_opposite, names, names_month, negations_within, number_value, says_no
from archiver.diff.passages import Passage

_WEIGHTS: dict[ReasonName, float] = {
    "negation": 0.8, "date": 0.65, "number": 0.6, "name": 0.5, "place": 0.2, "letters": 0.1, "marks": 0.05,
}  # fmt: skip

# One word more or less weighs 0.32, twenty words and more 0.7: an added paragraph passes a changed number.
_ONE_WORD, _EACH_WORD, _MANY_WORDS = 0.3, 0.02, 0.7

# Of what changed, as much is told with a reason: enough for a name or a date.
_TOLD_CHARACTERS = 40


class _Told(NamedTuple):
    """What one edit changes, under one reason."""

    name: ReasonName
    before: str
    after: str


def weigh(edited: Sequence[Edited], a: Passage, b: Passage, *, moved: bool) -> tuple[Reason, ...]:
    """The reasons that a change has weight, the heaviest first: of each kind one, with what it was first seen in."""
    told = [found for entry in edited for found in _told(entry, a, b)]
    if moved:
        told.append(_Told("place", "", ""))
    if edited and a.text and b.text:
        told += _turned_round(edited, a.text, b.text)
    firsts = {found.name: found for found in reversed(told)}
    words = sum(max(len(lost), len(won)) for _, lost, won in edited)
    weights: dict[ReasonName, float] = {
        **_WEIGHTS, "words": round(min(_ONE_WORD + _EACH_WORD * words, _MANY_WORDS), 2)
    }  # fmt: skip
    reasons = [Reason(name, weights[name], _short(before), _short(after)) for name, before, after in firsts.values()]
    return tuple(sorted(reasons, key=lambda reason: (-reason.weight, reason.name)))


def significance_of(reasons: Sequence[Reason]) -> float:
    """The weights taken together, two decimals; 0 for none."""
    return round(1 - math.prod(1 - reason.weight for reason in reasons), 2)


def _told(edited: Edited, a: Passage, b: Passage) -> Iterator[_Told]:
    edit, lost, won = edited
    if lost == won:
        if edit.before.split() != edit.after.split():
            yield _Told("marks", edit.before, edit.after)
        return
    if _plain(lost) == _plain(won):
        yield _Told("letters", edit.before, edit.after)
        return
    only_a, only_b = _only(lost, won), _only(won, lost)
    numbers_a, numbers_b = _numbers(only_a), _numbers(only_b)
    if numbers_a != numbers_b:
        name: ReasonName = "date" if _dated(edit, a, b) else "number"
        yield _Told(name, " ".join(numbers_a), " ".join(numbers_b))
    elif any(map(names_month, (*only_a, *only_b))) and _dated(edit, a, b):
        yield _Told("date", edit.before, edit.after)
    names_a = names(only_a, begins_sentence=edit.a == a.span.start)
    names_b = names(only_b, begins_sentence=edit.b == b.span.start)
    if names_a != names_b:
        yield _Told("name", " ".join(names_a), " ".join(names_b))
    if len(numbers_a) < len(only_a) or len(numbers_b) < len(only_b):
        yield _Told("words", edit.before, edit.after)
    elif numbers_a == numbers_b:
        # The same numbers in other digits.
        yield _Told("letters", edit.before, edit.after)


def _turned_round(edited: Sequence[Edited], a: str, b: str) -> Iterator[_Told]:
    """What says no in one of two passages and not in the other. Outside of the edits their words are the same."""
    no_a = [word for entry in edited for word in entry.lost if says_no(word)] + negations_within(a)
    no_b = [word for entry in edited for word in entry.won if says_no(word)] + negations_within(b)
    only_a, only_b = _only(no_a, no_b), _only(no_b, no_a)
    if only_a or only_b:
        yield _Told("negation", " ".join(only_a), " ".join(only_b))
        return
    for _, lost, won in edited:
        if len(lost) == len(won) == 1 and is_opposite(lost[0], won[0]):
            yield _Told("negation", lost[0], won[0])


def _only(words: list[str], others: list[str]) -> list[str]:
    """The words that are not among the others, each as often as it is more often here."""
    if not others or len(words) <= 1:
        return [word for word in words if word not in others]
    return [*(Counter(words) - Counter(others)).elements()]


def _dated(edit: Edit, a: Passage, b: Passage) -> bool:
    return in_date(a.side.text, edit.a, edit.a + len(edit.before)) or in_date(
        b.side.text, edit.b, edit.b + len(edit.after)
    )


def _numbers(words: Sequence[str]) -> list[str]:
    return [value for word in words if (value := number_value(word)) is not None]


def _plain(words: Sequence[str]) -> str:
    """The words in one, without case, accents and vowel points."""
    text = "".join(words).casefold()
    if text.isascii():
        return text
    return "".join(
        [letter for letter in unicodedata.normalize("NFKD", text) if not _is_accent(unicodedata.combining(letter))]
    )


def _is_accent(combining_class: int) -> bool:
    """Arabic and Hebrew points (10 to 36) and accents (from 200); not the signs without which a Hindi, Thai or Lao word
    is another one.
    """
    return 10 <= combining_class <= 36 or combining_class >= 200


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _TOLD_CHARACTERS else f"{line[: _TOLD_CHARACTERS - 1].rstrip()}…"
