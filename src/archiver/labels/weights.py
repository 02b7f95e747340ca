"""How each block reads, and how much prose and text stands under each element: what rules weigh by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from itertools import accumulate

from archiver.labels.measured import MeasuredDocument, Measures, Name
from archiver.model import Block, Document, Label, Options

# Scripts written without spaces: one character says about as much as three Latin letters (a Chinese translation of an
# English text has about a third of its characters).
_DENSE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DENSE_WORTH = 3

_SENTENCE_END = re.compile(
    r"[.!?\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964\u0965\uff0e](?=[\s\"'»”’)\]\u300d\u300f\uff09]|$)"
)

# From this size on a block reads as prose without a full stop; headlines end near 110.
LONG = 140
# With a full stop inside or at its end: shorter is a label ("No. 12 St. James Sq.").
ENDED = 45
# More of its characters in links, and a block is a list of links.
LINKED = 0.4

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
    sizes = [size_of(block.text) for block in blocks]
    prose = [
        size >= ENDED and is_prose(block, size) and (block.element < 0 or elements[block.element].tag not in _FORM_TEXT)
        for block, size in zip(blocks, sizes, strict=True)
    ]
    parents: list[int] = []
    numbers: dict[Name, int] = {}
    named: list[int] = []
    attributed: list[int] = []
    for index, (parent, tag, _, identity, classes, role, attributes, _, _) in enumerate(elements):
        parents.append(parent)
        named.append(numbers.setdefault((tag, identity, classes, role), len(numbers)))
        if attributes:
            attributed.append(index)
    return Measures(sizes, prose, parents, _ends(parents), list(numbers), named, attributed)


def _ends(parents: list[int]) -> list[int]:
    ends = list(range(1, len(parents) + 1))
    for index in range(len(parents) - 1, 0, -1):
        parent = parents[index]
        ends[parent] = max(ends[parent], ends[index])
    return ends


def size_of(text: str) -> int:
    """The length of a text in Latin letters' worth."""
    if text.isascii():
        return len(text)
    return len(text) + (_DENSE_WORTH - 1) * len(_DENSE.findall(text))


def is_prose(block: Block, size: int) -> bool:
    """Whether a block reads as sentences, in any script."""
    if size < ENDED or block.link_characters > LINKED * len(block.text):
        return False
    return size >= LONG or _SENTENCE_END.search(block.text) is not None


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
