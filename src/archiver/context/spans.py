"""The captures of a site -> the times in which it stood in one design."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from archiver.context.sketch import Sketch

# Blocks on fewer captures than this are no part of a design.
_LEAST = 3

# A new design has begun where, of what the captures before it show again and again, less than this share is shown
# after it too, and of what those after it show less than this share before. A site that changes an item of its menu a
# year keeps more than half for many years.
_SAME_DESIGN = 0.5


class _Cut(NamedTuple):
    crossing: float
    """The larger of both shares of what is shown on both sides."""
    place: int
    """The first capture of the new design."""


def time_spans(sketches: Iterable[Sketch]) -> list[list[Sketch]]:
    """The captures in time order, parted where the site was redesigned; those without a time, in one design or not,
    come last. The same in whatever order captures came.
    """
    ordered = sorted(sketches, key=lambda one: (one.time, one.page, one.id))
    undated = [one for one in ordered if not one.time]
    spans = _parted(ordered[len(undated) :])
    return [*spans, undated] if undated else spans


def _parted(captures: Sequence[Sketch]) -> list[list[Sketch]]:
    """Parted at the deepest cut, and each part again."""
    parts: list[list[Sketch]] = []
    waiting = [list(captures)]
    while waiting:
        part = waiting.pop()
        cut = _deepest(part)
        if cut and cut.crossing < _SAME_DESIGN:
            waiting += (part[cut.place :], part[: cut.place])
        elif part:
            parts.append(part)
    return parts


def _deepest(captures: Sequence[Sketch]) -> _Cut | None:
    """Where least crosses; None when there are too few captures for a design on either side.

    Each block counts as often as it is shown: the teasers of a week are many and short-lived, and would outnumber a
    menu of years.
    """
    shown = [{block.key for block in one.blocks} for one in captures]
    total = Counter(key for keys in shown for key in keys)
    for key in [key for key, count in total.items() if count < _LEAST]:
        del total[key]
    before: Counter[int] = Counter()
    all_before, all_after, crossing_before, crossing_after = 0, total.total(), 0, 0
    best: _Cut | None = None
    for place, keys in enumerate(shown):
        # Two captures of one moment are in one design.
        parts_here = place and captures[place].time != captures[place - 1].time
        if parts_here and _LEAST <= place <= len(shown) - _LEAST and all_before and all_after:
            cut = _Cut(max(crossing_before / all_before, crossing_after / all_after), place)
            best = cut if best is None or cut.crossing < best.crossing else best
        for key in keys & total.keys():
            all_before, all_after = all_before + 1, all_after - 1
            before[key] += 1
            if before[key] == total[key]:
                crossing_before -= before[key] - 1
                crossing_after -= 1
            else:
                crossing_before += 1
                crossing_after += total[key] - 1 if before[key] == 1 else -1
    return best
