"""Regions of a site by its landmarks: tags and roles that say what they are, and words in class names and ids."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from archiver.labels.weights import Weights, weigh
from archiver.model import Block, Document, Element, Label
from archiver.tables import read_table

# Inside these a <header>, <footer> or <nav> belongs to the piece, not to the site.
_PIECES = frozenset(("article", "main", "section"))

# A region that holds more of the page's prose than this is not furniture, whatever it is called.
MOST_OF_THE_PROSE = 0.3

_WORD = re.compile(r"[a-z]+")


@cache
def _names() -> dict[tuple[str, str], str]:
    return {(where, name): kind for kind, where, name in read_table("landmarks")}


@cache
def _kind_of_token(token: str) -> str:
    """The kind that a class name or id speaks of, by the last of its words that is in the table; "" for none."""
    names = _names()
    for word in reversed(_WORD.findall(token)):
        kind = names.get(("word", word))
        if kind:
            return kind
    return ""


def _kind_of(element: Element) -> tuple[str, str]:
    names = _names()
    kind = names.get(("role", element.role), "") if element.role else ""
    if kind:
        return kind, f"role={element.role}"
    kind = names.get(("tag", element.tag), "")
    if kind:
        return kind, f"<{element.tag}>"
    for token in (element.identity, *element.classes):
        if token:
            kind = _kind_of_token(token)
            if kind:
                return kind, f"<{element.tag}> named {token}"
    return "", ""


def label_landmarks(document: Document, labels: Mapping[int, Label]) -> dict[int, Label]:
    """Labels for the blocks that stand in a region of the site. Raises nothing."""
    elements = document.elements
    weights = weigh(document, labels)
    decided: list[tuple[str, str] | None] = [None] * len(elements)
    piece = [False] * len(elements)
    for index, element in enumerate(elements):
        parent = element.parent
        if parent >= 0:
            decided[index] = decided[parent]
            piece[index] = piece[parent] or elements[parent].tag in _PIECES
        if decided[index] is None and element.tag not in ("html", "body", "main", "article"):
            decided[index] = _decide(index, element, weights, piece[index])
    found = {}
    for block in document.blocks:
        decision = decided[block.element] if block.element >= 0 else None
        if decision and block.index not in labels and not _is_title(block):
            kind, evidence = decision
            found[block.index] = Label(False, kind, f"landmarks:{kind}", evidence, 0.9)
    return found


def _decide(index: int, element: Element, weights: Weights, in_piece: bool) -> tuple[str, str] | None:
    kind, evidence = _kind_of(element)
    if not kind:
        return None
    if in_piece and kind in ("header",):
        return None
    if weights.prose[index] > MOST_OF_THE_PROSE * weights.total:
        return None
    return kind, evidence


def _is_title(block: Block) -> bool:
    return block.kind == "heading" and block.level == 1 and 2 * block.link_characters < len(block.text)
