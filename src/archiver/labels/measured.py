"""A document with what the labellers measure on it; apart from the measuring, which is compiled (see setup.py)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from archiver.labels.characters import Characters, Counts
from archiver.model import Document, Options

Name = tuple[str, str, tuple[str, ...], str]
"""What an element is called: its tag, id, classes and role."""


@dataclass(frozen=True, slots=True)
class Measures:
    """How each block reads, indexed as the blocks are; where each element ends, and what it is called.

    What the rules look at is in lists, what the classifier looks at in arrays, which are not to be changed.
    """

    characters: Characters
    """What the text of each block is made of."""

    in_links: Counts
    """How many of its code points stand in links."""

    size: Counts
    """Its length in Latin letters' worth."""

    reads: NDArray[np.bool_]
    """Whether it reads as sentences."""

    sizes: list[int]
    """`size` again."""

    prose: list[bool]
    """`reads` again."""

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

    measures: Measures = field(kw_only=True)
    """Of its blocks and elements."""

    options: Options = field(default_factory=Options)
    """What the caller chose."""
