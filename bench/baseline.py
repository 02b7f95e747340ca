"""The floors: what F1 each set and page type must not fall below, in baseline.json, and how they move.

Of what is measured in texts that are right or wrong (`bench.encoding`), the share that is right stands for the F1.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BASELINE = Path(__file__).with_name("baseline.json")

# The program is deterministic: the same pages, packages and code give the same F1 to the last digit, so nothing
# here is for chance. It leaves room for what a rule mended elsewhere may cost: the floors stay where they are when
# a figure drops by less, so small drops cannot add up.
_MARGIN = 0.002
# In a small group one page is much: half a page going from right to wrong (0.007 of 71 pages) is let through.
_PAGES_LOST = 0.5

MARGIN_TOLD = (
    "A figure may lie below its floor by 0.002, or by half a page (0.5 / pages) where that is more. The same code on "
    "the same data gives the same figures to the last digit: the margin is room for trade-offs, not for chance."
)

Group = tuple[str, str]
"""(set, page type); the type `all` is the whole set."""


@dataclass(frozen=True, slots=True)
class Figure:
    """The mean F1 of a group of pages; as a floor or as measured."""

    pages: int
    f1: float


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the figures are held against."""

    floors: Mapping[Group, Figure]
    files: Mapping[str, str]
    """Set -> digest of its data file."""
    measured_with: Mapping[str, str]


def load() -> Baseline:
    """The floors as they stand. Raises OSError when there are none yet."""
    stored: dict[str, Any] = json.loads(BASELINE.read_text(encoding="utf-8"))
    floors = {
        (set_name, page_type): Figure(floor["pages"], floor["f1"])
        for set_name, types in stored["floors"].items()
        for page_type, floor in types.items()
    }
    return Baseline(floors, stored["files"], stored["measured_with"])


def save(baseline: Baseline) -> None:
    """Writes the floors. Raises OSError."""
    floors: dict[str, dict[str, dict[str, float]]] = {}
    for (set_name, page_type), floor in baseline.floors.items():
        floors.setdefault(set_name, {})[page_type] = {"pages": floor.pages, "f1": floor.f1}
    stored = {
        "margin": MARGIN_TOLD,
        "measured_with": dict(baseline.measured_with),
        "files": dict(baseline.files),
        "floors": floors,
    }
    BASELINE.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def margin(pages: int) -> float:
    """How far below its floor a figure over so many pages may lie.

    >>> margin(1497), round(margin(71), 4)
    (0.002, 0.007)
    """
    return max(_MARGIN, _PAGES_LOST / pages)


def round_down(f1: float) -> float:
    """Four decimals, never more than was measured.

    >>> round_down(0.85199)
    0.8519
    """
    return math.floor(f1 * 10_000) / 10_000


def find_fallen(baseline: Baseline, files: Mapping[str, str], figures: Mapping[Group, Figure]) -> list[str]:
    """A sentence for each thing that is less than it was: a figure, a group of pages, the data themselves."""
    fallen = [
        f"{name}: its data file is not the one that the floors were measured on"
        for name, digest in baseline.files.items()
        if files.get(name) != digest
    ]
    for group, floor in baseline.floors.items():
        name = name_of(group)
        now = figures.get(group)
        if now is None or now.pages != floor.pages:
            fallen.append(f"{name}: {now.pages if now else 0} pages where the floor has {floor.pages}")
        elif now.f1 < floor.f1 - margin(floor.pages):
            fallen.append(f"{name}: F1 {now.f1:.4f} is below its floor {floor.f1:.4f} by {floor.f1 - now.f1:.4f}")
    return fallen


def raise_floors(floors: Mapping[Group, Figure], figures: Mapping[Group, Figure]) -> dict[Group, Figure]:
    """The higher of each floor and figure; a new group begins with its figure."""
    return {
        group: Figure(now.pages, max(round_down(now.f1), floors[group].f1 if group in floors else 0.0))
        for group, now in figures.items()
    }


def name_of(group: Group) -> str:
    """`wcxb/article`, or `wcxb` for the whole set."""
    return group[0] if group[1] == "all" else "/".join(group)
