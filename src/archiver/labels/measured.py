"""A document with what the labellers measure on it; apart from the measuring, which is compiled (see setup.py)."""

from __future__ import annotations

from dataclasses import dataclass, field

from archiver.model import Document, Options

Name = tuple[str, str, tuple[str, ...], str]
"""What an element is called: its tag, id, classes and role."""


@dataclass(frozen=True, slots=True)
class Measures:
    """How each block reads, indexed as the blocks are; where each element ends, and what it is called."""

    sizes: list[int]
    """Length of each block in Latin letters' worth."""

    prose: list[bool]
    """Whether it reads as sentences."""

    parents: list[int]
    """The parent of each element, -1 for the root."""

    ends: list[int]
    """For each element, one past the last element inside it: as they stand in document order, an element and all that
    it holds are `range(index, ends[index])`."""

    names: list[Name]
    """What elements are called, each name once, in the order in which they are first met: a page has two elements a
    name, so labellers judge names."""

    named: list[int]
    """The name of each element, by its place in `names`."""

    attributed: list[int]
    """The elements with other attributes than these, ascending."""


@dataclass(frozen=True, slots=True)
class MeasuredDocument(Document):
    """A document with its measures beside it, so that the labellers take them once and not each for itself."""

    measures: Measures = field(default_factory=lambda: Measures([], [], [], [], [], [], []))
    """Of its blocks and elements."""

    options: Options = field(default_factory=Options)
    """What the caller chose."""
