"""What was done to a text, as steps that can be replayed: a step makes a text of a text, on a stretch of it.

A step is an action and its parameter, as a record keeps it. `reread` with `windows-1256>utf-8` reads bytes again;
`reread` with `windows-1256>utf-8 3:17` does so on the code points 3 to 17 of the text as the steps before left it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from archiver.charsets import REPLACEMENT
from archiver.model import Repair
from archiver.repair import escapes, misread, western

Plan = tuple[tuple[str, str], ...]

ACTIONS: Final[Mapping[str, Callable[[str, str], str | None]]] = {
    "reread": misread.reread,
    "ftfy": western.replay,
    "unescape": escapes.unescape,
    "normalise": lambda text, form: unicodedata.normalize("NFC", text) if form == "NFC" else None,
}
"""What each action makes of a text and a parameter; None when it does not fit."""

_WHERE = re.compile(r" (\d+):(\d+)$")


class Edit(NamedTuple):
    """One step on a text, made."""

    start: int
    """First code point it changes."""
    end: int
    """One past the last."""
    after: str
    """What stands there then."""
    action: str
    """A key of ACTIONS."""
    parameter: str
    """What the action is told, without a place."""
    name: str
    """The repair's name, as the record has it."""


def replay(text: str, plan: Plan) -> str | None:
    """What the plan makes of a text; None when a step does not fit."""
    for action, parameter in plan:
        start, end, bare = read_place(parameter, len(text))
        done = ACTIONS[action](text[start:end], bare)
        if done is None:
            return None
        text = text[:start] + done + text[end:]
    return text


def read_place(parameter: str, length: int) -> tuple[int, int, str]:
    """Where in a text of this length a step is made, and its parameter without that."""
    place = _WHERE.search(parameter)
    return (int(place[1]), int(place[2]), parameter[: place.start()]) if place else (0, length, parameter)


class Region(NamedTuple):
    """A stretch of the text as it came, and what became of it."""

    start: int
    """First code point in the text as it came."""
    end: int
    """One past the last."""
    text: str
    """What stands there now."""
    edits: list[Edit]
    """In the order they were made, counted from the region's first code point as the text stood then."""

    @property
    def growth(self) -> int:
        """By how many code points it is longer than it was."""
        return len(self.text) - (self.end - self.start)


class History:
    """The edits of one text: those that touch one another become one repair, the others stay apart."""

    def __init__(self, text: str) -> None:
        self._before = text
        self._regions: list[Region] = []
        self.text = text
        """The text after all edits so far."""

    def make(self, edits: list[Edit]) -> None:
        """Makes the edits, which are in order and do not overlap, on the text as it stands."""
        for edit in reversed(edits):
            self._make(edit)
            self.text = self.text[: edit.start] + edit.after + self.text[edit.end :]

    def _make(self, edit: Edit) -> None:
        apart: list[Region] = []
        touched: list[tuple[int, Region]] = []
        shift, left = 0, 0
        for region in self._regions:
            start = region.start + shift
            if start + len(region.text) < edit.start:
                left += region.growth
                apart.append(region)
            elif start > edit.end:
                apart.append(region)
            else:
                touched.append((start, region))
            shift += region.growth
        first = min([edit.start, *(start for start, _ in touched)])
        last = max([edit.end, *(start + len(region.text) for start, region in touched)])
        edits = [moved for start, region in touched for moved in _moved(region.edits, start - first)]
        edits += _moved([edit], -first)
        text = self.text[first : edit.start] + edit.after + self.text[edit.end : last]
        grown = sum(region.growth for _, region in touched)
        self._regions = sorted([*apart, Region(first - left, last - left - grown, text, edits)], key=_start_of)

    def repairs(self, block: int, offset: int) -> list[Repair]:
        """One repair a region, in order; `offset` is where the text begins in its block."""
        return [self._describe(region, block, offset) for region in self._regions]

    def _describe(self, region: Region, block: int, offset: int) -> Repair:
        before = self._before[region.start : region.end]
        return Repair(
            block=block,
            start=offset + region.start,
            end=offset + region.end,
            name=region.edits[0].name,
            before=before,
            after=region.text,
            plan=_write_plan(before, region.edits),
            # A byte that was lost comes back as U+FFFD.
            lossy=REPLACEMENT in region.text,
        )


def _start_of(region: Region) -> int:
    return region.start


def _moved(edits: list[Edit], by: int) -> list[Edit]:
    return [edit._replace(start=edit.start + by, end=edit.end + by) for edit in edits]


def _write_plan(before: str, edits: list[Edit]) -> Plan:
    """The steps, each with its place unless it is the whole of the text as it then stands."""
    steps, length = [], len(before)
    for edit in edits:
        whole = edit.start == 0 and edit.end == length
        steps.append((edit.action, edit.parameter if whole else f"{edit.parameter} {edit.start}:{edit.end}"))
        length += len(edit.after) - (edit.end - edit.start)
    return tuple(steps)
