"""A document with what the labellers measure on it; apart from the measuring, which is compiled (see setup.py)."""

from __future__ import annotations

from dataclasses import dataclass, field

from archiver.model import Document, Options


@dataclass(frozen=True, slots=True)
class Measures:
    """How each block reads, indexed as the blocks are, and where each element ends."""

    sizes: list[int]
    """Length of each block in Latin letters' worth."""

    prose: list[bool]
    """Whether it reads as sentences."""

    parents: list[int]
    """The parent of each element, -1 for the root."""

    ends: list[int]
    """For each element, one past the last element inside it: as they stand in document order, an element and all that
    it holds are `range(index, ends[index])`."""


@dataclass(frozen=True, slots=True)
class MeasuredDocument(Document):
    """A document with its measures beside it, so that the labellers take them once and not each for itself."""

    measures: Measures = field(default_factory=lambda: Measures([], [], [], []))
    """Of its blocks and elements."""

    options: Options = field(default_factory=Options)
    """What the caller chose."""
