"""How each block reads, and how much prose and text stands under each element: what rules weigh by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from itertools import accumulate

import numpy as np

from archiver.labels.characters import count_characters
from archiver.labels.measured import MeasuredDocument, Measures, Name
from archiver.model import Document, Label, Options

# Of scripts written without spaces one character says about as much as three Latin letters (a Chinese translation of an
# English text has about a third of its characters).
_DENSE_WORTH = 3

# From this size on a block reads as prose without a full stop; headlines end near 110.
LONG = 140
# With a full stop inside or at its end: shorter is a label ("No. 12 St. James Sq.").
ENDED = 45
# More tenths of its characters in links, and a block is a list of links.
LINKED = 4

# A list of all countries is long, but it is no prose.
_FORM_TEXT = frozenset(("select", "option", "optgroup", "textarea", "button"))


@dataclass(frozen=True)
class Weights:
    """Sums under each element, in the order of `Document.elements`, over the blocks that have no label yet."""

    prose: list[int]
    """Size of the prose under each element."""

    text: list[int]
    """Size of all text under each element."""

    total: int
    """Size of the prose of the page."""


def measured(document: Document, options: Options | None = None) -> MeasuredDocument:
    """The document with its measures and the options; itself when it has them."""
    if isinstance(document, MeasuredDocument):
        return document
    values = {part.name: getattr(document, part.name) for part in fields(Document)}
    return MeasuredDocument(**values, measures=_measure(document), options=options or Options())


def _measure(document: Document) -> Measures:
    blocks, elements = document.blocks, document.elements
    characters = count_characters([block.text for block in blocks])
    in_links = np.array([block.link_characters for block in blocks], np.int64)
    in_form = np.array([block.element >= 0 and elements[block.element].tag in _FORM_TEXT for block in blocks], np.bool_)
    size = characters.length + (_DENSE_WORTH - 1) * characters.dense
    sentences = (size >= LONG) | ((size >= ENDED) & (characters.stops > 0))
    reads = sentences & (10 * in_links <= LINKED * characters.length) & ~in_form
    parents: list[int] = []
    numbers: dict[Name, int] = {}
    named: list[int] = []
    attributed: list[int] = []
    for index, (parent, tag, _, identity, classes, role, attributes, _, _) in enumerate(elements):
        parents.append(parent)
        named.append(numbers.setdefault((tag, identity, classes, role), len(numbers)))
        if attributes:
            attributed.append(index)
    return Measures(
        characters, in_links, size, reads, size.tolist(), reads.tolist(), parents, _ends(parents), list(numbers), named,
        attributed,
    )  # fmt: skip


def _ends(parents: list[int]) -> list[int]:
    ends = list(range(1, len(parents) + 1))
    for index in range(len(parents) - 1, 0, -1):
        parent = parents[index]
        ends[parent] = max(ends[parent], ends[index])
    return ends


def weigh(document: Document, labels: Mapping[int, Label]) -> Weights:
    """The sums over the blocks without a label."""
    measures = measured(document).measures
    count = len(document.elements)
    prose, text = [0] * count, [0] * count
    for block in document.blocks:
        index, element = block.index, block.element
        if index in labels or element < 0:
            continue
        size = measures.sizes[index]
        text[element] += size
        if measures.prose[index]:
            prose[element] += size
    prose, text = _under(prose, measures.ends), _under(text, measures.ends)
    return Weights(prose, text, prose[0] if count else 0)


def _under(own: list[int], ends: list[int]) -> list[int]:
    """For each element the sum of what it and those inside it have of their own."""
    before = [0, *accumulate(own)]
    return [before[end] - start for start, end in zip(before, ends, strict=False)]
