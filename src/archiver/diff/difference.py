"""A difference of two texts: its changes, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from archiver.diff.changes import Change, ChangeKind, Edit, Side
from archiver.diff.summary import summarise
from archiver.errors import InputError

_TURNED: dict[ChangeKind, ChangeKind] = {"inserted": "deleted", "deleted": "inserted"}


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between A (`before`) and B (`after`), to the letter."""

    before: Side
    """A."""

    after: Side
    """B."""

    changes: tuple[Change, ...]
    """Every change, in the order of B; white space too, with a significance of 0."""

    @property
    def is_empty(self) -> bool:
        """Whether the texts are the same to the letter."""
        return not self.changes

    @property
    def significance(self) -> float:
        """That of the weightiest change; 0 when white space at most differs."""
        return max((change.significance for change in self.changes), default=0.0)

    def weighing(self, least: float = 0.01) -> tuple[Change, ...]:
        """The changes of at least that significance; those of white space have 0."""
        return tuple(change for change in self.changes if change.significance >= least)

    def apply(self, text: str) -> str:
        """B, made from A by the changes alone. Raises InputError for any other text than A."""
        if text != self.before.text:
            raise InputError("not the text that the difference begins with", next_step="apply it to that text")
        return applied(self.changes, text)

    def inverse(self) -> Difference:
        """The difference from B to A."""
        return Difference(self.after, self.before, ordered(map(_turned, self.changes)))

    def summary(self) -> str:
        """One line: `2 paragraphs added, 1 number changed (12 → 14)`."""
        return summarise(self.changes)


def ordered(changes: Sequence[Change] | map[Change]) -> tuple[Change, ...]:
    """In the order of B; what is not in B stands where it stood."""
    return tuple(sorted(changes, key=lambda change: (change.b, change.a)))


def applied(changes: Sequence[Change], text: str) -> str:
    """The text without the changes' spans in A, with what they make of these put in at their spans in B."""
    kept, place = [], 0
    for start, end in sorted(change.a for change in changes):
        kept.append(text[place:start])
        place = max(place, end)
    left = "".join([*kept, text[place:]])
    pieces, place, length = [], 0, 0
    for change in sorted(changes, key=lambda change: change.b):
        until = place + change.b.start - length
        pieces += [left[place:until], _edited(change, text)]
        place, length = until, change.b.end
    return "".join([*pieces, left[place:]])


def _edited(change: Change, text: str) -> str:
    pieces, place = [], change.a.start
    for a, _, before, after in change.edits:
        pieces += [text[place:a], after]
        place = a + len(before)
    return "".join([*pieces, text[place : change.a.end]])


def _turned(change: Change) -> Change:
    return replace(
        change,
        kind=_TURNED.get(change.kind, change.kind),
        a=change.b,
        b=change.a,
        a_block=change.b_block,
        b_block=change.a_block,
        edits=tuple(Edit(b, a, after, before) for a, b, before, after in change.edits),
        reasons=tuple(reason._replace(before=reason.after, after=reason.before) for reason in change.reasons),
    )
