"""Blocks -> one label a block.

A labeller looks at the document and at the labels given so far, and returns labels for blocks that have none yet.
It decides and edits nothing. The table's order is the order of trust: markup that means one thing, then landmarks,
then words, then what only an interface says, and last the classifier on what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from archiver.labels.content import label_content
from archiver.labels.interface import label_interface
from archiver.labels.landmarks import label_landmarks
from archiver.labels.phrases import label_phrases
from archiver.labels.toolbars import find_toolbar, without
from archiver.labels.weights import measured
from archiver.labels.widgets import label_widgets
from archiver.model import Document, Label, Options

Labeller = Callable[[Document, Mapping[int, Label]], dict[int, Label]]

LABELLERS: tuple[tuple[str, Labeller], ...] = (
    ("widgets", label_widgets),
    ("landmarks", label_landmarks),
    ("phrases", label_phrases),
    ("interface", label_interface),
    ("content", label_content),
)

_UNDECIDED = Label.content("none", "no labeller decided", 0.5)


def label(document: Document, options: Options) -> tuple[Label, ...]:
    """One label for each block, in the blocks' order. What no labeller decides is kept.

    Of a page saved from a replay the toolbar is set aside, and the others are labelled as if it were not there.
    """
    labels = _label(document, options)
    toolbar = find_toolbar(document, labels)
    if toolbar:
        page, places = without(document, toolbar)
        again = _label(page, options)
        labels = toolbar | {places[index]: found for index, found in again.items()}
    return tuple(labels.get(block.index, _UNDECIDED) for block in document.blocks)


def _label(document: Document, options: Options) -> dict[int, Label]:
    labels: dict[int, Label] = {}
    document = measured(document, options)
    for name, labeller in LABELLERS:
        if name not in options.rules_off:
            labels |= labeller(document, labels)
    return labels
