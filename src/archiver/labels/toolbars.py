"""What a replay put around the page is set aside, so that the page is labelled as if nobody had replayed it.

Where the toolbar is marked up, `widgets` knows it. In a plain-text dump of a replayed page it is a run of lines of
which `phrases` knows some; the others (months, numbers, names of collections) are told by standing among those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from functools import cache
from itertools import pairwise

from archiver.labels.phrasebook import comparable
from archiver.labels.phrases import CONFIDENCE_RUN, CONFIDENCE_STRONG
from archiver.model import Document, Element, Label
from archiver.tables import read_table

KIND = "archive-toolbar"

# Under COLLECTED BY stand an organisation and up to two collections, each with a name and a description of one to four
# paragraphs; TIMESTAMPS or the replay's address comes next.
_LONGEST_NOTICE = 15
# "05 Feb 2021 - 28 Jan 2026" is the longest line of dates.
_MOST_DATE_WORDS = 7
# From inside out.
_FRAME = ("body", "html", "html1")
# A longer line is no line of a toolbar: "These crawls are part of" begins those of the table.
_LONGEST_LINE = 400


def find_toolbar(document: Document, labels: Mapping[int, Label]) -> dict[int, Label]:
    """The labels of the replay's toolbar among those of a page, and of the lines between them."""
    found = {index: label for index, label in labels.items() if label.kind == KIND}
    said = [index for index, label in found.items() if label.rule.startswith("phrases:")]
    if any(found[index].confidence >= CONFIDENCE_STRONG for index in said):
        for index in (*_between(document, sorted(said)), *_around(document, said)):
            found.setdefault(index, _label(document.blocks[index].text))
    return found


def without(document: Document, toolbar: Mapping[int, Label]) -> tuple[Document, tuple[int, ...]]:
    """The document without those blocks, the others numbered anew, and what number each of them had."""
    kept = tuple(block.index for block in document.blocks if block.index not in toolbar)
    blocks = [document.blocks[index]._replace(index=place) for place, index in enumerate(kept)]
    if blocks and kept[0]:
        # The blank lines after the toolbar are its own.
        blocks[0] = blocks[0]._replace(gap=0)
    values = {part.name: getattr(document, part.name) for part in fields(Document)}
    return _unframed(Document(**values | {"blocks": tuple(blocks)})), kept


def _unframed(document: Document) -> Document:
    """The document without what archive.today puts around a page; itself when that is not there, or not around all."""
    elements = document.elements
    body = next((index for index, element in enumerate(elements) if _is_framed(elements, element)), 0)
    if not body:
        return document
    end = body + 1
    while end < len(elements) and elements[end].parent >= body:
        end += 1
    if not all(body <= block.element < end for block in document.blocks):
        return document
    # The root goes first, and what is shown as <div class="body"> is the page's body under it.
    moved = body - 1
    inside = [element._replace(parent=element.parent - moved) for element in elements[body + 1 : end]]
    head = document.head
    return replace(
        document,
        blocks=tuple(block._replace(element=block.element - moved) for block in document.blocks),
        elements=(elements[0], elements[body]._replace(tag="body", parent=0, classes=()), *inside),
        head=replace(
            head,
            items=tuple((name, value, at - moved) for name, value, at in head.items if body <= at < end),
            times=tuple((value, at - moved) for value, at in head.times if body <= at < end),
        ),
    )


def _is_framed(elements: Sequence[Element], element: Element) -> bool:
    """Whether it is archive.today's `<div class="html1"><div class="html"><div class="body">`."""
    for name in _FRAME:
        if element.classes != (name,) or element.parent < 0:
            return False
        element = elements[element.parent]
    return True


def _between(document: Document, said: list[int]) -> Iterator[int]:
    """The lines between two lines of the toolbar: under COLLECTED BY whatever stands there."""
    blocks = document.blocks
    for before, after in pairwise(said):
        inside = range(before + 1, after)
        notice = comparable(blocks[before].text) == "collected by" and len(inside) <= _LONGEST_NOTICE
        if notice or all(_is_line(blocks[index].text) for index in inside):
            yield from inside


def _around(document: Document, said: list[int]) -> Iterator[int]:
    """The lines before the first and after each line of the toolbar, as far as they read like more of it."""
    blocks = document.blocks
    for start in said:
        for step in (-1, 1):
            index = start + step
            while 0 <= index < len(blocks) and _is_line(blocks[index].text):
                yield index
                index += step


def _is_line(text: str) -> bool:
    if len(text) > _LONGEST_LINE:
        return False
    key = comparable(text)
    exact, prefixes = _lines()
    return key in exact or key.startswith(prefixes) or _is_dates(key)


def _is_dates(key: str) -> bool:
    """Months in a row, years in a row, a day, or the span of two dates; but no date, which may be the page's own."""
    words = key.replace("\u2013", "-").split()
    if not words or len(words) > _MOST_DATE_WORDS:
        return False
    months = [word in _months() for word in words]
    numbers = [word == "0" for word in words]
    if all(months) or all(numbers):
        return True
    return "-" in words and all(
        month or number or word == "-" for word, month, number in zip(words, months, numbers, strict=True)
    )


def _label(text: str) -> Label:
    shown = text if len(text) <= 60 else f"{text[:59]}…"
    return Label.removal(
        KIND, "toolbars:run", f'"{" ".join(shown.split())}" stands in a replay\'s toolbar', CONFIDENCE_RUN
    )


@cache
def _lines() -> tuple[frozenset[str], tuple[str, ...]]:
    rows = [line for _, line in read_table("toolbar-lines")]
    keys = {line: comparable(line.removesuffix("…").replace("#", "0")) for line in rows}
    exact = frozenset(key for line, key in keys.items() if not line.endswith("…"))
    return exact, tuple(key for line, key in keys.items() if line.endswith("…"))


@cache
def _months() -> frozenset[str]:
    return frozenset(name for name, month in read_table("months") if month.isdigit())
