"""How much prose, text and linked text stands under each element: what the rules weigh regions by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from archiver.model import Block, Document, Label

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


@dataclass(frozen=True, slots=True)
class Weights:
    """Sums under each element, in the order of `Document.elements`, over the blocks that have no label yet."""

    size: list[int]
    """Size of each block, indexed as the blocks are."""

    is_prose: list[bool]
    """Whether each block reads as prose."""

    prose: list[int]
    """Size of the prose under each element."""

    text: list[int]
    """Size of all text under each element."""

    linked: list[int]
    """Characters in links under each element, scaled as the size is."""

    total: int
    """Size of the prose of the page."""


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
    count = len(document.elements)
    prose, text, linked = [0] * count, [0] * count, [0] * count
    sizes, prosaic = [], []
    total = 0
    for block in document.blocks:
        size = size_of(block.text)
        reads = is_prose(block, size) and (
            block.element < 0 or document.elements[block.element].tag not in _FORM_TEXT
        )
        sizes.append(size)
        prosaic.append(reads)
        if block.index in labels or block.element < 0:
            continue
        text[block.element] += size
        linked[block.element] += size * block.link_characters // max(len(block.text), 1)
        if reads:
            prose[block.element] += size
            total += size
    for index in range(count - 1, 0, -1):
        if text[index]:
            parent = document.elements[index].parent
            prose[parent] += prose[index]
            text[parent] += text[index]
            linked[parent] += linked[index]
    return Weights(sizes, prosaic, prose, text, linked, total)
