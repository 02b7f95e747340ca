"""The captures of one address -> its versions: what it said, from when to when, and what else happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from archiver.context import common_of, share_shown
from archiver.diff import Difference, diff
from archiver.model import Record
from archiver.versions.causes import Cause, cause_of
from archiver.versions.takes import Take, take

# A capture that shows less than this share of what the page's captures have in common, ...
_STRANGE = 0.3
# ... and less than this share of their median size, does not show the page. Choices, not measurements: a page that was
# rewritten keeps its size, a shell or an error page does not.
_STUMP = 0.3

_STRANGE_WHY = "next to nothing of the page"


@dataclass(frozen=True, slots=True)
class Change:
    """What turned one version into the next."""

    significance: float
    """0 to 1, of its weightiest part; see `archiver.diff`."""

    inserted: int
    """Words that came."""

    deleted: int
    """Words that went."""

    summary: str
    """One line: `1 paragraph added, 1 number changed (12 → 14)`."""


@dataclass(frozen=True, slots=True)
class Version:
    """What a page said for a time."""

    number: int
    """From 1, in time order."""

    first_seen: str
    """Timestamp of the first capture that shows it, 14 digits."""

    last_seen: str
    """Of the last one."""

    captures: int
    """How many show it."""

    place: str
    """Where the record of the first of them lies."""

    title: str | None
    """The page's title then."""

    same_as: int | None
    """The number of an earlier version that said the same; None for new words."""

    change: Change | None
    """From the version before it; None for the first."""


@dataclass(frozen=True, slots=True)
class Aside:
    """What was no change of the page."""

    cause: str
    """`program`, `cleaning` or `charset` (see `archiver.versions.causes`); `broken` for captures that do not show the
    page."""

    first_seen: str
    """Timestamp of the first capture that shows it."""

    last_seen: str
    """Of the last one that does before the page changes."""

    captures: int
    """How many show it."""

    place: str
    """Where the record of the first of them lies."""

    reason: str
    """What happened, in words a person understands."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that is known of a page over time."""

    url: str | None
    """Its address, as the last capture has it."""

    captures: int
    """How many captures there are."""

    versions: tuple[Version, ...]
    """What it said, in time order."""

    asides: tuple[Aside, ...]
    """What was no change of the page, in time order."""


def timeline_of(records: Iterable[Record]) -> Timeline:
    """The timeline of a page from its records, in any order; those without a time, and failed ones, are left out."""
    dated = {record.id: record for record in records if record.timestamp and record.status != "failed"}
    return timeline((take(record, record.id) for record in dated.values()), dated.__getitem__)


def timeline(takes: Iterable[Take], load: Callable[[str], Record]) -> Timeline:
    """The timeline of a page from takes of its captures, in any order; `load` gives the record at a place."""
    ordered = sorted(takes, key=lambda one: (one.time, one.id, one.place))
    if not ordered:
        return Timeline(None, 0, (), ())
    judged = _judged(ordered)
    asides = [_outage(list(run)) for why, run in groupby(judged, key=lambda one: one.broken) if why]
    sound = [one for one in judged if not one.broken]
    found = _versions(sound, load)
    url = load(ordered[-1].place).url
    every = sorted([*asides, *found[1]], key=lambda aside: (aside.first_seen, aside.place))
    return Timeline(url, len(ordered), tuple(found[0]), tuple(every))


def _judged(takes: Sequence[Take]) -> list[Take]:
    """The takes, with those that do not show the page said to be broken, in the light of the others too. When none
    shows anything else there is nothing to tell them from: then all of them are the page.
    """
    sound = [one for one in takes if not one.broken]
    if not sound:
        return [replace(one, broken="") for one in takes]
    common = common_of([one.sketch for one in sound])
    sizes = sorted(sum(block.size for block in one.sketch.blocks) for one in sound)
    median = sizes[len(sizes) // 2]
    return [
        replace(one, broken=_STRANGE_WHY)
        if not one.broken
        and share_shown(one.sketch, common) < _STRANGE
        and sum(block.size for block in one.sketch.blocks) < _STUMP * median
        else one
        for one in takes
    ]


def _outage(takes: Sequence[Take]) -> Aside:
    first, last = takes[0], takes[-1]
    return Aside("broken", first.time, last.time, len(takes), first.place, first.broken)


def _versions(takes: Sequence[Take], load: Callable[[str], Record]) -> tuple[list[Version], list[Aside]]:
    versions: list[Version] = []
    asides: list[Aside] = []
    numbers: dict[str, int] = {}
    before: Record | None = None
    for _, run in groupby(takes, key=lambda one: one.words):
        same = list(run)
        first, last = same[0], same[-1]
        record = load(first.place)
        cause = cause_of(before, record) if before else "page"
        if cause == "page":
            number = len(versions) + 1
            change = _change(diff(before, record)) if before else None
            versions.append(
                Version(number, first.time, last.time, len(same), first.place, record.title,
                        numbers.get(first.words), change)
            )  # fmt: skip
        else:
            asides.append(Aside(cause, first.time, last.time, len(same), first.place, _REASONS[cause]))
            versions[-1] = replace(versions[-1], last_seen=last.time, captures=versions[-1].captures + len(same))
        numbers.setdefault(first.words, len(versions))
        before = record
    return versions, asides


_REASONS: dict[Cause, str] = {
    "program": "another version of this program, or other options, decided otherwise about what both captures show",
    "cleaning": "the cleaner decided otherwise about what both captures show",
    "charset": "the same text was read as other characters",
}


def _change(difference: Difference) -> Change:
    edits = [edit for change in difference.weighing() for edit in change.edits]
    return Change(
        significance=difference.significance,
        inserted=sum(len(edit.after.split()) for edit in edits),
        deleted=sum(len(edit.before.split()) for edit in edits),
        summary=difference.summary(),
    )
