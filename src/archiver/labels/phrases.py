"""Site furniture by its words: for plain-text dumps, and for markup that no rule of `widgets` knows.

A phrase of `tables/phrases.tsv` counts only when it is the whole block (one that ends with `…`: when
the block begins so). What then happens depends on its strength:

    strong   site furniture wherever it stands ("Close this search box.")
    weak     a short generic word ("Search") that counts only in its place: in a run, beside furniture of a
             fitting kind, or at an edge, before the first or after the last sentence of the page; and
             never right above a sentence, where it is the heading of that sentence
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from archiver.labels.phrasebook import Phrase, find_phrases, is_sentence
from archiver.model import Block, Document, Label

# A strong phrase was checked to stand for nothing else; a run has a witness beside it; at an edge only the
# place speaks. The three steps keep that order and leave a later labeller room below 0.7.
CONFIDENCE_STRONG = 0.95
CONFIDENCE_RUN = 0.8
CONFIDENCE_EDGE = 0.7

# The notice that Complianz ships has 317 code points, and sites add a sentence of their own to it; a longer
# block that begins so is prose about cookies.
LONGEST_PREFIXED = 400

# A title under "Related posts": below 8 it is a date or a number, above 140 prose.
SHORTEST_TITLE = 8
LONGEST_TITLE = 140

# WordPress lists 5 recent posts, Blogger at most 10 popular ones; a longer list is what the page is about.
MOST_TITLES = 12

TITLED = frozenset({"related-links", "sidebar"})
"""Kinds whose heading stands over a list of titles."""

FAMILIES = (
    frozenset({"comment-form", "comments", "login"}),
    frozenset({"navigation", "breadcrumb", "search-form", "skip-link", "login", "header", "archive-toolbar"}),
    frozenset({"footer", "navigation", "newsletter", "cookie-notice", "share-bar", "sidebar"}),
    frozenset({"related-links", "sidebar", "pagination", "author-box", "share-bar", "comments"}),
    frozenset({"advertisement", "paywall-notice", "newsletter", "login", "related-links"}),
)
"""Kinds that stand side by side on pages; a kind fits itself and its families."""


@dataclass
class _Reading:
    """One document while it is read; `found` and `removed` grow."""

    blocks: Sequence[Block]
    labels: Mapping[int, Label]
    hits: dict[int, tuple[Phrase, ...]]
    found: dict[int, Label] = field(default_factory=dict)

    def kind_at(self, index: int) -> str:
        """The kind for which the block is removed; "" when it is kept or not there."""
        label = self.labels.get(index) or self.found.get(index)
        return label.kind if label is not None and not label.keep else ""

    def is_body(self, index: int) -> bool:
        """True when the block stands, is no phrase and reads like a sentence."""
        if not 0 <= index < len(self.blocks) or index in self.hits:
            return False
        return not self.kind_at(index) and is_sentence(self.blocks[index].text)


def label_phrases(document: Document, labels: Mapping[int, Label]) -> dict[int, Label]:
    """Labels for the blocks that are site furniture by their words and have no label yet.

    A page that would keep no sentence loses no weak phrase, and a page that is half phrases (a list of
    interface words, a glossary) loses none at all. Raises nothing.
    """
    hits = {
        block.index: phrases
        for block in document.blocks
        if block.index not in labels and len(block.text) <= LONGEST_PREFIXED and (phrases := find_phrases(block.text))
    }
    if not hits:
        return {}
    reading = _Reading(document.blocks, labels, hits)
    body = _body_edges(reading)
    if body is None and 2 * len(hits) >= len(document.blocks):
        return {}
    for index, phrases in hits.items():
        if phrases[0].strong and index not in labels:
            reading.found[index] = _label(phrases[0], CONFIDENCE_STRONG, "strong")
    if body is not None:
        _take_edges(reading, *body)
        _take_runs(reading)
        _take_titles(reading, body[1])
    return reading.found


def _body_edges(reading: _Reading) -> tuple[int, int] | None:
    """First and last block that reads like a sentence; None when there is none."""
    count = len(reading.blocks)
    first = next((index for index in range(count) if reading.is_body(index)), None)
    if first is None:
        return None
    last = next(index for index in range(count - 1, -1, -1) if reading.is_body(index))
    return first, last


def _take_edges(reading: _Reading, first: int, last: int) -> None:
    """Weak phrases before the first and after the last sentence, where another one stands beside, a list of
    titles under it, or the page begins or ends there. (Without that company, "Contact", "Latest" or "Top"
    was taken out of 30 more of 2,243 reference texts, where it was a cell of a table or a title.)
    """
    for index in _open_hits(reading):
        if first - 1 <= index <= last:
            continue
        beside = any(other in reading.hits or reading.kind_at(other) for other in _neighbours(reading, index))
        if beside or _stands_alone(reading, index) or (index > last and _titles_under(reading, index)):
            place = "before the first sentence" if index < first else "after the last sentence"
            reading.found[index] = _label(
                _at_edge(reading, index, before=index < first), CONFIDENCE_EDGE, f"weak, {place}"
            )


def _at_edge(reading: _Reading, index: int, *, before: bool) -> Phrase:
    """Of the kinds that the words may be ("Email" is three), that of the block beside; else a menu stands
    before the text; else the first.
    """
    beside = {reading.kind_at(index - 1), reading.kind_at(index + 1)} - {""}
    phrases = reading.hits[index]
    likely = [phrase for phrase in phrases if phrase.kind in beside]
    menu = [phrase for phrase in phrases if before and phrase.kind == "navigation"]
    return (likely or menu or [*phrases])[0]


def _stands_alone(reading: _Reading, index: int) -> bool:
    """True for the last block, and for a first one that is no title: man pages begin with "NAME"."""
    if index == 0:
        return reading.hits[index][0].kind in ("search-form", "skip-link")
    return index == len(reading.blocks) - 1


def _take_runs(reading: _Reading) -> None:
    """Weak phrases beside furniture of a fitting kind, there and back, so that a run is taken whole."""
    forward = _open_hits(reading)
    for order in (forward, forward[::-1]):
        for index in order:
            heads_body = reading.is_body(index + 1) and not reading.kind_at(index - 1)
            if index in reading.found or heads_body:
                continue
            for neighbour in _neighbours(reading, index):
                phrase = _fitting(reading.hits[index], reading.kind_at(neighbour))
                if phrase is not None:
                    reading.found[index] = _label(phrase, CONFIDENCE_RUN, f"weak, beside {phrase.kind}")
                    break


def _take_titles(reading: _Reading, last: int) -> None:
    """The titles under "Related posts" and the like, after the last sentence of the page."""
    for index in [index for index in reading.hits if index > last and index in reading.found]:
        phrase = reading.hits[index][0]
        label = _label(phrase, CONFIDENCE_EDGE, "titles under it")
        reading.found.update(dict.fromkeys(_titles_under(reading, index), label))


def _titles_under(reading: _Reading, heading: int) -> list[int]:
    """The blocks of the list that the phrase is a heading of; none when it is no such phrase or list."""
    phrase = reading.hits[heading][0]
    if phrase.kind not in TITLED or phrase.text.endswith("…"):
        return []
    titles: list[int] = []
    for block in reading.blocks[heading + 1 :]:
        wider = bool(titles) and block.gap > max(1, reading.blocks[titles[0]].gap)
        if wider or block.index in reading.hits or block.index in reading.labels or block.kind == "heading":
            break
        if not SHORTEST_TITLE <= len(block.text) <= LONGEST_TITLE or len(titles) == MOST_TITLES:
            return []
        titles.append(block.index)
    # One line may be the caption of anything; two and more under such a heading are its list.
    return titles if len(titles) >= 2 else []


def _open_hits(reading: _Reading) -> list[int]:
    return [
        index
        for index in reading.hits
        if index not in reading.labels and index not in reading.found and not _is_own_title(reading, index)
    ]


def _is_own_title(reading: _Reading, index: int) -> bool:
    """Whether the words are the page's own title: "Privacy policy" stands in the footer of all pages of a site, and on
    top of that one as its <h1>.
    """
    block = reading.blocks[index]
    own = block.kind == "heading" and block.level == 1 and 2 * block.link_characters < len(block.text)
    return own and all(phrase.kind in ("footer", "navigation", "header") for phrase in reading.hits[index])


def _neighbours(reading: _Reading, index: int) -> Iterable[int]:
    """The blocks beside, and those one further when a short line (a counter, a name) stands between."""
    for step in (-1, 1):
        yield index + step
        between = index + step
        if 0 <= between < len(reading.blocks) and not reading.is_body(between):
            yield index + 2 * step


def _fitting(phrases: tuple[Phrase, ...], kind: str) -> Phrase | None:
    if not kind:
        return None
    same = next((phrase for phrase in phrases if phrase.kind == kind), None)
    if same is not None:
        return same
    return next((phrase for phrase in phrases if any({phrase.kind, kind} <= family for family in FAMILIES)), None)


def _label(phrase: Phrase, confidence: float, how: str) -> Label:
    evidence = f'"{phrase.text}" ({phrase.language}, {how})'
    return Label(
        keep=False,
        kind=phrase.kind,
        rule=f"phrases:{phrase.kind}",
        evidence=evidence,
        confidence=confidence,
    )
