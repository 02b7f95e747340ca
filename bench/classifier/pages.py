"""The development pages as numbers: features, targets and weights of the blocks that the rules leave open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from archiver.blocks import segment
from archiver.labels import LABELLERS
from archiver.labels.weights import measured
from archiver.model import Document, Label
from bench.classifier.alignment import find_content
from bench.classifier.features import features
from bench.data import Share, read
from bench.scoring import words_of

# Labellers that stand before the classifier and are not overruled; a landmark is one of its features.
_FIRM = ("widgets", "phrases")
# Below this share of the reference on the page the targets are guesses: bodies that came by script.
_VISIBLE = 0.6
# Hosts that are registries: a site below them is named by one label more.
_SECOND_LEVEL = frozenset("ac co com edu go gob gouv gov ne net or org".split())


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """One page with a reference; the arrays have one number for each block left open."""

    set: str
    """The set that it belongs to."""
    id: str
    """Its name there."""
    page_type: str
    """The data's word; the set's name where there is none."""
    site: str
    """What folds are made by."""
    language: str
    """BCP 47; "" when nobody said."""
    names: tuple[str, ...]
    """Of the features."""
    rows: NDArray[np.float32]
    """Features x blocks."""
    target: NDArray[np.bool_]
    """Whether the block is content."""
    words: NDArray[np.int64]
    """How many words it has."""
    texts: tuple[str, ...]
    """What it says."""
    reference: str
    """The text that a person wants of the page."""
    taught: bool
    """Whether its targets are sound enough to train on."""


def label_pages(share: Share) -> list[LabelledPage]:
    """The pages of a share that have an open block."""
    found = []
    for sample in read(share):
        document, labels = left_open(segment(sample.html))
        if not document.blocks:
            continue
        table = features(document, labels)
        blocks = [words_of(block.text, sample.language) for block in document.blocks]
        reference = words_of(sample.reference, sample.language)
        target = find_content(blocks, reference)
        shown = len(set(reference) & {word for block in blocks for word in block})
        found.append(
            LabelledPage(
                sample.set, sample.id, sample.page_type or sample.set, site_of(sample.set, sample.url or ""),
                sample.language, tuple(table.names), table.rows(), target,
                np.array([len(block) for block in blocks], np.int64), tuple(block.text for block in document.blocks),
                sample.reference, bool(reference) and shown >= _VISIBLE * len(set(reference)),
            )
        )  # fmt: skip
    return found


def left_open(document: Document) -> tuple[Document, dict[int, Label]]:
    """The document without the blocks that a firm rule removed, and the landmarks' labels of those that are left.

    So what a rule knows is not there for the classifier, and a widget more on the page changes none of its numbers.
    """
    whole = measured(document)
    labels: dict[int, Label] = {}
    for name, labeller in LABELLERS:
        if name != "content":
            labels |= labeller(whole, labels)
    firm = {index for index, label in labels.items() if label.rule.startswith(_FIRM) and not label.keep}
    kept = [block for block in document.blocks if block.index not in firm]
    renamed = {block.index: index for index, block in enumerate(kept)}
    blocks = tuple(block._replace(index=index) for index, block in enumerate(kept))
    left = {renamed[index]: label for index, label in labels.items() if index in renamed}
    return measured(replace(document, blocks=blocks)), left


def site_of(set_name: str, url: str) -> str:
    """The registered domain of an address, by a rule of thumb; for news portals of one set the host.

    >>> site_of("wcxb", "https://news.bbc.co.uk/1"), site_of("waddle-zh", "http://news.example.cn/1")
    ('bbc.co.uk', 'news.example.cn')
    """
    host = urlsplit(url).hostname or url
    if set_name != "wcxb":
        return host
    labels = host.split(".")
    many = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-many:])
