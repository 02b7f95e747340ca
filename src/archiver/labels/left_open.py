"""What the classifier looks at: the blocks that no rule but a landmark removed.

What a widget is known by is not there for it, so one more of them on the page changes none of its numbers. What a
landmark removed is: how much of a region is landmarks is one of the numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from archiver.labels.measured import MeasuredDocument
from archiver.labels.weights import measured
from archiver.model import Block, Document, Label

_LANDMARK = "landmarks:"


class LeftOpen(NamedTuple):
    """A page without its widgets, phrases and interface."""

    document: MeasuredDocument
    """The whole page."""

    blocks: tuple[Block, ...]
    """In reading order; their `index` is that of the whole page."""

    landmark: list[bool]
    """Which of them a landmark removed; the others are to be decided."""


def left_open(document: Document, labels: Mapping[int, Label]) -> LeftOpen:
    """The blocks of a page without a label, and those that only a landmark has labelled."""
    blocks, landmark = [], []
    for block in document.blocks:
        label = labels.get(block.index)
        if label is None or label.rule.startswith(_LANDMARK):
            blocks.append(block)
            landmark.append(label is not None)
    return LeftOpen(measured(document), tuple(blocks), landmark)
