"""Regions of a site by its landmarks: tags and roles that say what they are, and words in class names and ids."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from archiver.labels.amid import Surroundings
from archiver.labels.measured import Measures, Name
from archiver.labels.weights import Weights, measured, weigh
from archiver.model import Block, Document, Label
from archiver.tables import read_table

# Inside these a <header>, <footer> or <nav> belongs to the piece, not to the site.
_PIECES: Final = frozenset(("article", "main", "section"))

# On these a landmark's name tells of what stands inside ("has-sidebar").
_WHOLE: Final = frozenset(("html", "body", "main", "article"))

# A region that holds more of the page's prose than this is not furniture, whatever it is called.
MOST_OF_THE_PROSE: Final = 0.3

# Nor are regions that are named by one word and together hold more. With .3, the limit for one, F1 of WCXB's products
# falls by .0016 (menus with a text to each entry); with .6 it rises by as much.
TOGETHER: Final = 0.6

# `bench.rules`: of 198,243 blocks that landmarks removed from the development pages, 99.2 in 100 are not in the
# reference text.
CONFIDENCE: Final = 0.99

_WORD: Final = re.compile(r"[a-z]+")

# More words are a headline made an id ("menu-innovation-strategies-building-memorable-dining-experiences"): of the text
# under names of seven words and more 57 % is in the reference text, under those of five and six 8 %.
_MOST_WORDS: Final = 6
# What a name with them says is not there ("no_toc_section", "sidebar-enabled--false"), or somewhere else on the page.
_NOT_SO: Final = frozenset("no not without false has with".split())
# After a landmark's word they say that it is a part of one, or leads to it ("hidden-navigation-link", "dark-nav-btns").
_PARTS: Final = frozenset("link btn btns button buttons tab tabpanel".split())
# Before it they say that it is that of one thing among many on a list ("card__footer").
_LISTED: Final = frozenset("card story item tile".split())
# A heading is none.
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


class _Names(NamedTuple):
    """The table's rows: a name and the kind of region that it says."""

    roles: dict[str, str]
    tags: dict[str, str]
    words: dict[str, str]


@cache
def _names() -> _Names:
    rows = read_table("landmarks")
    return _Names(*[{name: kind for kind, where, name in rows if where == one} for one in ("role", "tag", "word")])


class _Told(NamedTuple):
    """What a name says."""

    kind: str = ""
    """The kind of region; "" for none."""
    evidence: str = ""
    """What says so."""
    word: str = ""
    """The word in a class name or id that does; "" for a tag or role."""


def _word_of(token: str) -> str:
    """The last word of a class name or id that the table has, where it speaks of the element itself; "" for none."""
    words = _names().words
    # In utility classes what stands before the colon is a condition: `toc-visible:md:grid-cols-9` on each paragraph of
    # OpenAI's terms (places them in a grid while a table of contents shows), which were removed as navigation.
    said = _WORD.findall(token.rpartition(":")[2])
    if words.keys().isdisjoint(said):
        return ""
    if len(said) > _MOST_WORDS or "[" in token or not _NOT_SO.isdisjoint(said):
        return ""
    place = max(place for place, word in enumerate(said) if word in words)
    of_another = not _PARTS.isdisjoint(said[place + 1 :]) or not _LISTED.isdisjoint(said[:place])
    return "" if of_another else str(said[place])


def _told(called: Sequence[Name]) -> list[_Told]:
    """What each of the names says."""
    names = _names()
    # Each class name of the page once: kept from page to page they gain nothing where each is of another site.
    words: dict[str, str] = {}
    found = []
    for tag, identity, classes, role in called:
        told = _Told()
        if tag in _WHOLE or tag in _HEADINGS:
            pass
        elif role in names.roles:
            told = _Told(names.roles[role], f"role={role}")
        elif tag in names.tags:
            told = _Told(names.tags[tag], f"<{tag}>")
        else:
            for token in (identity, *classes) if identity else classes:
                word = words.get(token)
                if word is None:
                    word = words[token] = _word_of(token)
                if word:
                    told = _Told(names.words[word], f"<{tag}> named {token}", word)
                    break
        found.append(told)
    return found


def label_landmarks(document: Document, labels: Mapping[int, Label]) -> dict[int, Label]:
    """Labels for the blocks that stand in a region of the site. Raises nothing."""
    weights = weigh(document, labels)
    measures = measured(document).measures
    ends = measures.ends
    decided: list[Label | None] = [None] * len(ends)
    told = _told(measures.names)
    pieces = [name[0] in _PIECES for name in measures.names]
    main = next((index for index, number in enumerate(measures.named) if measures.names[number][0] == "main"), -1)
    everywhere = _found_everywhere(told, measures, weights)
    surroundings = Surroundings(measured(document), labels, weights, [bool(one.kind) for one in told])
    # Until which element the innermost region and the outermost piece reach.
    region_end = piece_end = 0
    for index, number in enumerate(measures.named):
        if index < region_end:
            continue
        kind, evidence, word = told[number]
        if kind and word not in everywhere and not (kind == "header" and index < piece_end):
            heavy = weights.prose[index] > MOST_OF_THE_PROSE * weights.total
            # What holds the page's <main> is none: Genesis, under many WordPress themes, has both in one
            # `content-sidebar-wrap`.
            holds_main = index < main < ends[index]
            if not heavy and not holds_main and not surroundings.is_part_of_the_text(index, kind, decided):
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


def _found_everywhere(told: Sequence[_Told], measures: Measures, weights: Weights) -> set[str]:
    """The words of which the elements named so together hold too much of the page's prose: sections of a text, each
    with `toc_19421` as its id.
    """
    prose: dict[str, int] = {}
    reached: dict[str, int] = {}
    for index, number in enumerate(measures.named):
        word = told[number].word
        if word and weights.prose[index] and index >= reached.get(word, 0):
            prose[word] = prose.get(word, 0) + weights.prose[index]
            reached[word] = measures.ends[index]
    return {word for word, size in prose.items() if size > TOGETHER * weights.total}


def _is_title(block: Block) -> bool:
    return block.kind == "heading" and block.level == 1 and 2 * block.link_characters < len(block.text)
