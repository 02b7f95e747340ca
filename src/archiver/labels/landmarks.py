"""Regions of a site by its landmarks: tags and roles that say what they are, and words in class names and ids."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from archiver.labels.weights import weigh
from archiver.model import Block, Document, Label
from archiver.tables import read_table

# Inside these a <header>, <footer> or <nav> belongs to the piece, not to the site.
_PIECES = frozenset(("article", "main", "section"))

# On these a landmark's name tells of what stands inside ("has-sidebar").
_WHOLE = frozenset(("html", "body", "main", "article"))
_TAGGED = frozenset(("header", "footer", "nav", "aside"))
_NOTHING = ("", "")

# A region that holds more of the page's prose than this is not furniture, whatever it is called.
MOST_OF_THE_PROSE = 0.3

# Below the 0.95 of a widget that is known by name; an order of trust and not yet a measured share.
CONFIDENCE = 0.9

_WORD = re.compile(r"[a-z]+")


@cache
def _names() -> dict[tuple[str, str], str]:
    return {(where, name): kind for kind, where, name in read_table("landmarks")}


@lru_cache(maxsize=1 << 14)
def _kind_of_token(token: str) -> str:
    """The kind that a class name or id speaks of, by the last of its words that is in the table; "" for none."""
    names = _names()
    for word in reversed(_WORD.findall(token)):
        kind = names.get(("word", word))
        if kind:
            return kind
    return ""


# Pages of a site share their tags and names; the bound keeps a run over many sites within some megabytes.
@lru_cache(maxsize=1 << 14)
def _kind_of(tag: str, role: str, identity: str, classes: tuple[str, ...]) -> tuple[str, str]:
    """(kind, what says so) of an element; two "" when it is no landmark."""
    names = _names()
    kind = names.get(("role", role), "")
    if kind:
        return kind, f"role={role}"
    kind = names.get(("tag", tag), "")
    if kind:
        return kind, f"<{tag}>"
    for token in (identity, *classes):
        kind = _kind_of_token(token)
        if kind:
            return kind, f"<{tag}> named {token}"
    return "", ""


def label_landmarks(document: Document, labels: Mapping[int, Label]) -> dict[int, Label]:
    """Labels for the blocks that stand in a region of the site. Raises nothing."""
    weights = weigh(document, labels)
    decided: list[tuple[str, str]] = []
    piece: list[bool] = []
    for index, (parent, tag, _, identity, classes, role, _, _, _) in enumerate(document.elements):
        inherited, inside = (decided[parent], piece[parent]) if parent >= 0 else (_NOTHING, False)
        if not inherited[0] and tag not in _WHOLE and (identity or classes or role or tag in _TAGGED):
            decision = _kind_of(tag, role, identity, classes)
            if decision[0] and not (inside and decision[0] == "header"):
                heavy = weights.prose[index] > MOST_OF_THE_PROSE * weights.total
                inherited = _NOTHING if heavy else decision
        decided.append(inherited)
        piece.append(inside or tag in _PIECES)
    found = {}
    for block in document.blocks:
        kind, evidence = decided[block.element] if block.element >= 0 else _NOTHING
        if kind and block.index not in labels and not _is_title(block):
            found[block.index] = Label.removal(kind, f"landmarks:{kind}", evidence, CONFIDENCE)
    return found


def _is_title(block: Block) -> bool:
    return block.kind == "heading" and block.level == 1 and 2 * block.link_characters < len(block.text)
