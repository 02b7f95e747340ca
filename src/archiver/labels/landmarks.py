"""Regions of a site by its landmarks: tags and roles that say what they are, and words in class names and ids."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

from archiver.labels.weights import measured, weigh
from archiver.model import Block, Document, Label
from archiver.tables import read_table

# Inside these a <header>, <footer> or <nav> belongs to the piece, not to the site.
_PIECES: Final = frozenset(("article", "main", "section"))

# On these a landmark's name tells of what stands inside ("has-sidebar").
_WHOLE: Final = frozenset(("html", "body", "main", "article"))
_TAGGED: Final = frozenset(("header", "footer", "nav", "aside"))

# A region that holds more of the page's prose than this is not furniture, whatever it is called.
MOST_OF_THE_PROSE: Final = 0.3

# `bench.rules`: of 201,532 blocks that landmarks removed from the development pages, 98.9 in 100 are not in the
# reference text.
CONFIDENCE: Final = 0.99

_WORD: Final = re.compile(r"[a-z]+")


@cache
def _names() -> dict[tuple[str, str], str]:
    return {(where, name): kind for kind, where, name in read_table("landmarks")}


@lru_cache(maxsize=1 << 12)
def _kind_of_token(token: str) -> str:
    """The kind that a class name or id speaks of, by the last of its words that is in the table; "" for none."""
    names = _names()
    # In utility classes what stands before the colon is a condition: `toc-visible:md:grid-cols-9` on each paragraph of
    # OpenAI's terms (places them in a grid while a table of contents shows), which were removed as navigation.
    for word in _WORD.findall(token.rpartition(":")[2])[::-1]:
        kind = names.get(("word", word))
        if kind:
            return kind
    return ""


# Pages of a site share their tags and names; the bound keeps a run over many sites within some megabytes.
@lru_cache(maxsize=1 << 12)
def _kind_of(tag: str, identity: str, classes: tuple[str, ...], role: str) -> tuple[str, str]:
    """(kind, what says so) of an element; two "" when it is no landmark."""
    if tag in _WHOLE:
        return "", ""
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
    measures = measured(document).measures
    ends = measures.ends
    decided: list[Label | None] = [None] * len(ends)
    kinds = [_kind_of(*name) for name in measures.names]
    pieces = [name[0] in _PIECES for name in measures.names]
    # Until which element the innermost region and the outermost piece reach.
    region_end = piece_end = 0
    for index, number in enumerate(measures.named):
        if index < region_end:
            continue
        kind, evidence = kinds[number]
        if kind and not (kind == "header" and index < piece_end):
            heavy = weights.prose[index] > MOST_OF_THE_PROSE * weights.total
            if not heavy:
                region_end = ends[index]
                label = Label.removal(kind, f"landmarks:{kind}", evidence, CONFIDENCE)
                decided[index:region_end] = [label] * (region_end - index)
        if pieces[number]:
            piece_end = max(piece_end, ends[index])
    found = {}
    for block in document.blocks:
        inside = decided[block.element] if block.element >= 0 else None
        if inside is not None and block.index not in labels and not _is_title(block):
            found[block.index] = inside
    return found


def _is_title(block: Block) -> bool:
    return block.kind == "heading" and block.level == 1 and 2 * block.link_characters < len(block.text)
