"""The development pages as numbers: features, targets and weights of the blocks that the rules leave open."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from archiver.blocks import segment
from archiver.labels import LABELLERS
from archiver.labels.features import view
from archiver.labels.features.reading import Blocks
from archiver.labels.features.regions import Tree
from archiver.labels.left_open import LeftOpen, left_open
from archiver.labels.weights import measured
from archiver.model import Document, Label
from bench.classifier.alignment import find_content
from bench.data import Share, read
from bench.scoring import words_of

# Below this share of the reference on the page the targets are guesses: bodies that came by script.
VISIBLE = 0.6
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
    blocks: Blocks
    """What the features are of."""
    tree: Tree | None
    """The elements around them."""
    reference: str
    """The text that a person wants of the page."""
    taught: bool
    """Whether its targets are sound enough to train on."""
    form: str = "markup"
    """How the page came: as markup, or as text by the renderer that is named."""

    def by_name(self) -> dict[str, NDArray[np.float32]]:
        """The features under their names."""
        return dict(zip(self.names, self.rows, strict=True))


def label_pages(share: Share) -> list[LabelledPage]:
    """The pages of a share that have an open block."""
    found = []
    for sample in read(share):
        page = read_left_open(segment(sample.html))
        if not page.blocks:
            continue
        seen = view(page)
        blocks = [words_of(block.text, sample.language) for block in page.blocks]
        reference = words_of(sample.reference, sample.language)
        target = find_content(blocks, reference)
        shown = len(set(reference) & {word for block in blocks for word in block})
        found.append(
            LabelledPage(
                sample.set, sample.id, sample.page_type or sample.set, site_of(sample.set, sample.url or ""),
                sample.language, seen.table.names, seen.table.rows().copy(), target,
                np.array([len(block) for block in blocks], np.int64), seen.blocks, seen.tree,
                sample.reference, bool(reference) and shown >= VISIBLE * len(set(reference)),
            )
        )  # fmt: skip
    return found


def read_left_open(document: Document) -> LeftOpen:
    """What the classifier looks at of a page, once all other labellers have spoken."""
    labels: dict[int, Label] = {}
    whole = measured(document)
    for name, labeller in LABELLERS:
        if name != "content":
            labels |= labeller(whole, labels)
    return left_open(whole, labels)


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
