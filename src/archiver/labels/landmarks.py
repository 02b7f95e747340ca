"""Regions of a site by its landmarks: tags and roles that say what they are, and words in class names and ids."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from archiver.labels.measured import Name
from archiver.labels.weights import measured, weigh
from archiver.model import Block, Document, Label
from archiver.tables import read_table

# Inside these a <header>, <footer> or <nav> belongs to the piece, not to the site.
_PIECES: Final = frozenset(("article", "main", "section"))

# On these a landmark's name tells of what stands inside ("has-sidebar").
_WHOLE: Final = frozenset(("html", "body", "main", "article"))

# A region that holds more of the page's prose than this is not furniture, whatever it is called.
MOST_OF_THE_PROSE: Final = 0.3

# `bench.rules`: of 201,532 blocks that landmarks removed from the development pages, 98.9 in 100 are not in the
# reference text.
CONFIDENCE: Final = 0.99

_WORD: Final = re.compile(r"[a-z]+")


class _Names(NamedTuple):
    """The table's rows: a name and the kind of region that it says."""

    roles: dict[str, str]
    tags: dict[str, str]
    words: dict[str, str]


@cache
def _names() -> _Names:
    rows = read_table("landmarks")
    return _Names(*[{name: kind for kind, where, name in rows if where == one} for one in ("role", "tag", "word")])


def _kind_of_token(token: str) -> str:
    """The kind that a class name or id speaks of, by the last of its words that is in the table; "" for none."""
    words = _names().words
    # In utility classes what stands before the colon is a condition: `toc-visible:md:grid-cols-9` on each paragraph of
    # OpenAI's terms (places them in a grid while a table of contents shows), which were removed as navigation.
    said = _WORD.findall(token.rpartition(":")[2])
    return "" if words.keys().isdisjoint(said) else next(words[word] for word in said[::-1] if word in words)


def _kinds_of(called: Sequence[Name]) -> list[tuple[str, str]]:
    """(kind, what says so) of the elements that are called so; two "" for those that are no landmark."""
    names = _names()
    # Each class name of the page once: kept from page to page they gain nothing where each is of another site.
    kinds: dict[str, str] = {}
    found = []
    for tag, identity, classes, role in called:
        told = ("", "")
        if tag in _WHOLE:
            pass
        elif role in names.roles:
            told = names.roles[role], f"role={role}"
        elif tag in names.tags:
            told = names.tags[tag], f"<{tag}>"
        else:
            for token in (identity, *classes) if identity else classes:
                kind = kinds.get(token)
                if kind is None:
                    kind = kinds[token] = _kind_of_token(token)
                if kind:
                    told = kind, f"<{tag}> named {token}"
                    break
        found.append(told)
    return found


def label_landmarks(document: Document, labels: Mapping[int, Label]) -> dict[int, Label]:
    """Labels for the blocks that stand in a region of the site. Raises nothing."""
    weights = weigh(document, labels)
    measures = measured(document).measures
    ends = measures.ends
    decided: list[Label | None] = [None] * len(ends)
    kinds = _kinds_of(measures.names)
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
