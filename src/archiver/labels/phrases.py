"""Site furniture by its words: for plain-text dumps, and for markup that no rule of `widgets` knows.

A phrase of `tables/phrases.tsv` counts only when it is the whole block (one that ends with `…`: when
the block begins so). What then happens depends on its strength:

    strong   site furniture wherever it stands ("Close this search box.")
    weak     a short generic word ("Search") that counts only in its place: in a run, beside furniture of a
             fitting kind, or at an edge, before the first or after the last sentence of the page; and
             never right above a sentence, where it is the heading of that sentence

The comparison forgets case, joiners, letters that keyboards mix up, white space, outer punctuation and
which digit stands where; the text of a block is never changed by it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from archiver.model import Block, Document, Label
from archiver.tables import read_table

# A strong phrase was checked to stand for nothing else; a run has a witness beside it; at an edge only the
# place speaks. The three steps keep that order and leave a later labeller room below 0.7.
CONFIDENCE_STRONG = 0.95
CONFIDENCE_RUN = 0.8
CONFIDENCE_EDGE = 0.7

# The notice that Complianz ships has 317 code points, and sites add a sentence of their own to it; a longer
# block that begins so is prose about cookies.
LONGEST_PREFIXED = 400

# Enough of a block to hold the longest `…` phrase (111 code points) with room for joiners and double spaces.
HEAD = 130

# Code points of a block's beginning that find the `…` phrases to compare; the shortest has three.
BUCKET = 3

# Enough of a long block to see that no phrase begins it: nearly all are told by this, at a third of the cost.
HEAD_START = 12

# Code points, a letter of a script without spaces counted as three (a Chinese or Thai sentence of 50 letters
# says what 150 Latin ones do). Search engines ask for headlines of at most 110: with 140 it is no title.
LONG_SENTENCE = 140

# With a full stop: "Names were read out in Doha yesterday." has 39; "No. 12 St. James Sq." has 20.
ENDED_SENTENCE = 36

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


class Phrase(NamedTuple):
    """A line of the table."""

    kind: str
    """What a block that says this is."""

    language: str
    """BCP 47."""

    strong: bool
    """True when its place does not matter."""

    text: str
    """As it stands in the table."""


class _Phrasebook(NamedTuple):
    exact: dict[str, tuple[Phrase, ...]]
    prefixes: dict[str, tuple[tuple[str, Phrase], ...]]
    longest: int


@dataclass(slots=True)
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
    return [index for index in reading.hits if index not in reading.labels and index not in reading.found]


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


# -- what a block says ---------------------------------------------------------------------------------

# Scripts written without spaces between words: Thai to Myanmar, Khmer, kana, ideographs.
_DENSE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")
_END = re.compile("[.!?…。．！？｡؟۔।॥։።][\"'”’»」』）)\\]\u200e\u200f]*$")


def is_sentence(text: str) -> bool:
    """True when the text reads like a sentence, in any script: long, or of several words with a full stop."""
    if len(text) >= LONG_SENTENCE:
        return True
    dense = len(_DENSE.findall(text)) if not text.isascii() else 0
    weight = len(text) + 2 * dense
    if weight >= LONG_SENTENCE:
        return True
    return weight >= ENDED_SENTENCE and (dense >= 10 or text.count(" ") >= 4) and bool(_END.search(text.rstrip()))


def find_phrases(text: str) -> tuple[Phrase, ...]:
    """The lines of the table that the whole text is, strong ones first; empty when there is none."""
    book = _phrasebook()
    if len(text) <= book.longest:
        key = comparable(text)
        exact = book.exact.get(key.replace(" ", "")) or _find_pair(book, key)
        if exact:
            return exact
    else:
        start = comparable(text[:HEAD_START])
        if len(start) >= BUCKET and start[:BUCKET] not in book.prefixes:
            return ()
        key = comparable(text[:HEAD])
    for prefix, phrase in book.prefixes.get(key[:BUCKET], ()):
        # "All rights reserved, it said on the last page": a comma after a footer's words makes a sentence.
        said_in_passing = phrase.kind == "footer" and key[len(prefix) :].startswith(", ")
        if key.startswith(prefix) and _ends_word(key, len(prefix)) and not said_in_passing:
            return (phrase,)
    return ()


# "Deixe um comentário Cancelar resposta" has five words, and no pair in the table's languages has more than eight.
_LONGEST_PAIR = 8


def _find_pair(book: _Phrasebook, key: str) -> tuple[Phrase, ...]:
    """The phrases of a block that is two of one kind: WordPress sets the link that cancels a reply into the heading of
    its form ("Leave a Reply Cancel reply"), and a dump has both on one line.
    """
    words = key.split(" ")
    if len(words) > _LONGEST_PAIR:
        return ()
    for middle in range(1, len(words)):
        first = book.exact.get("".join(words[:middle]))
        second = first and book.exact.get("".join(words[middle:]))
        if first and second and first[0].kind == second[0].kind and (first[0].strong or second[0].strong):
            return first if first[0].strong else second
    return ()


def _ends_word(key: str, end: int) -> bool:
    """True when a word ends there: "Share on" does not begin "Share one"."""
    return end >= len(key) or not key[end].isalpha() or not key[end - 1].isalpha() or bool(_DENSE.match(key[end - 1]))


# Yeh and kaf as Arabic and Persian keyboards type them, alef with and without hamza; tatweel, vowel signs and
# the dot that casefold leaves of "İ" go; Romanian comma and cedilla; quotes as typewriters have them. Other
# accents stay: without them Vietnamese "Thẻ" (tags) was the English word "The" at the head of lists.
_FOLDED = {
    **dict.fromkeys(map(ord, "يىې"), "ی"),
    **dict.fromkeys(map(ord, "أإآٱ"), "ا"),
    **dict.fromkeys(map(ord, "ةۀ"), "ه"),
    **dict(zip(map(ord, "كئؤıţşё"), "کیوițșе", strict=True)),
    **dict(zip(map(ord, "άέήίόύώ"), "αεηιουω", strict=True)),
    **dict.fromkeys((0x307, 0x640, *range(0x64B, 0x656), 0xAD, 0x200D, 0x200E, 0x200F, 0x2060, 0xFE0F, 0xFEFF)),
    0x200C: " ",
    **dict.fromkeys(map(ord, "‘’‚‛`´′ʼ׳"), "'"),
    **dict.fromkeys(map(ord, "“”„‟«»″״"), '"'),
    **dict.fromkeys(map(ord, "‐‑–—"), "-"),
    # A copyright sign is the word, so that one line of the table does for both.
    ord("©"): " copyright ",
}
_NUMBER = re.compile(r"\d+(?:[.,٬٫]\d+)*")
_LEADING = re.compile(r"^(?:[^\w]|_)+")
_TRAILING = re.compile(r"(?:[^\w\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]|_)+$")


def comparable(text: str) -> str:
    """The text as phrases are compared: folded, numbers as 0, outer punctuation gone, single spaces.

    >>> comparable("  » Leave  a Reply… "), comparable("12 Comments")
    ('leave a reply', '0 comments')
    """
    return _TRAILING.sub("", _LEADING.sub("", _folded(text)))


def _folded(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).casefold().translate(_FOLDED)
        text = text.replace("copyright  copyright", "copyright").replace("copyright copyright", "copyright")
    return " ".join(_NUMBER.sub("0", text.lower()).split())


@cache
def _phrasebook() -> _Phrasebook:
    exact: dict[str, list[Phrase]] = {}
    prefixes: dict[str, list[tuple[str, Phrase]]] = {}
    longest = 0
    for kind, language, strength, text in read_table("phrases"):
        phrase = Phrase(kind, language, strength == "strong", text)
        words = text.removesuffix("…").replace("#", "0")
        # "Read also:" alone is the heading of a list, and has a line of its own where it is one.
        if not text.endswith((":…", "：…")):
            exact.setdefault(comparable(words).replace(" ", ""), []).append(phrase)
        longest = max(longest, len(text) + 8)
        if text.endswith("…"):
            start = _LEADING.sub("", _folded(words))
            prefixes.setdefault(start[:BUCKET], []).append((start, phrase))
    return _Phrasebook(
        {key: tuple(sorted(found, key=lambda phrase: not phrase.strong)) for key, found in exact.items()},
        {key: tuple(sorted(found, key=lambda pair: -len(pair[0]))) for key, found in prefixes.items()},
        longest,
    )
