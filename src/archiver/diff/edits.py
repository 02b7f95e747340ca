"""Two passages that belong together -> the edits, word by word, that make the one the other to the letter."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from archiver.diff.changes import Edit
from archiver.diff.matching import Run, match
from archiver.diff.passages import Passage
from archiver.diff.sentences import Span
from archiver.diff.spacing import spacing_edits


class Edited(NamedTuple):
    """An edit, and its words without punctuation."""

    edit: Edit
    """The edit."""

    lost: list[str]
    """The words of A."""

    won: list[str]
    """The words of B."""


def edits_between(a: Passage, b: Passage) -> list[Edited]:
    """The edits, ascending; each begins and ends at a word's boundary and takes no white space that both have."""
    words_a, words_b = a.words, b.words
    text_a, text_b = a.side.text, b.side.text
    end = a.side.vocabulary.end
    edits: list[Edited] = []
    place_a, place_b = a.span.start, b.span.start
    index_a = index_b = 0
    runs = _tidied(match(words_a.ids, words_b.ids), len(words_a.ids), len(words_b.ids))
    for run in runs:
        first_a, first_b, length = run
        start_a, start_b = words_a.starts[first_a], words_b.starts[first_b]
        edit = _edit(place_a, text_a[place_a:start_a], place_b, text_b[place_b:start_b])
        if edit:
            edits.append(Edited(edit, a.spoken(index_a, first_a), b.spoken(index_b, first_b)))
        index_a, index_b = first_a + length, first_b + length
        place_a, place_b = end(words_a, index_a - 1), end(words_b, index_b - 1)
        if text_a[start_a:place_a] != text_b[start_b:place_b]:
            same_a, same_b = Span(start_a, place_a), Span(start_b, place_b)
            edits += [Edited(spacing, [], []) for spacing in spacing_edits(text_a, same_a, text_b, same_b)]
    edit = _edit(place_a, text_a[place_a : a.span.end], place_b, text_b[place_b : b.span.end])
    if edit:
        edits.append(Edited(edit, a.spoken(index_a), b.spoken(index_b)))
    return edits


def _edit(place_a: int, before: str, place_b: int, after: str) -> Edit | None:
    """What stands between two runs, without the white space that begins or ends both; None when it is the same."""
    if before == after:
        return None
    most = min(len(before), len(after))
    front = 0
    while front < most and before[front] == after[front] and before[front].isspace():
        front += 1
    back = 0
    while back < most - front and before[-1 - back] == after[-1 - back] and before[-1 - back].isspace():
        back += 1
    return Edit(place_a + front, place_b + front, before[front : len(before) - back], after[front : len(after) - back])


def _tidied(runs: Sequence[Run], end_a: int, end_b: int) -> list[Run]:
    """The runs without those that only break an edit in two: a run that is no longer than the edits on either side of
    it (the rule of diff-match-patch's semantic clean-up), as `the` is when a sentence was written anew around it.
    """
    bounds = [Run(0, 0, 0), *runs, Run(end_a, end_b, 0)]
    changed = [
        max(after.a - before.a - before.length, after.b - before.b - before.length)
        for before, after in pairwise(bounds)
    ]
    kept = []
    for index, run in enumerate(runs):
        before, after = changed[index], changed[index + 1]
        if run.length > before or run.length > after:
            kept.append(run)
        else:
            changed[index + 1] += before + run.length
    return kept
