"""The interface of a page: text not shown until something happens, windows over it, controls of its forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from archiver.labels.measured import MeasuredDocument
from archiver.labels.weights import measured
from archiver.model import Block, Document, Element, Label
from archiver.tables import read_table

# Hidden text goes only when the shown text holds at least this share of the prose: some pages hide all they have
# until a script has run (AMP, single-page applications).
SHOWN_SHARE = 0.5

# `bench.rules`: of 21,796 blocks that these rules removed from the development pages, 98.0 in 100 are not in the
# reference text (dialogs 99.2, noscript 98.3, controls 96.6, unshown 98.3).
CONFIDENCE = 0.98

_CONTROLS = frozenset(("select", "option", "textarea", "button", "label", "legend"))
_DIALOG_ROLES = frozenset(("dialog", "alertdialog"))
_DIALOG_CLASSES = frozenset(("modal", "popup"))
# What has `popover` is shown above the page when it is asked for (HTML Living Standard): how to allow notifications, in
# five browsers, on each page of a forum.
_DIALOG_ATTRIBUTES = frozenset(("aria-modal", "popover"))
_HIDDEN = frozenset(("style", "hidden", "template", "fallback"))


# The panel is named, or what holds it and its button, or the list of these. In hidden text of the development pages 51
# words in 100 that are told so are in the reference text, of the others 3.
_NAMED_WITHIN = 3
_PRESSED = frozenset(("button",))
_WORD = re.compile(r"[a-z]+")


class _Page(NamedTuple):
    document: MeasuredDocument
    all_shown: bool
    dialog: list[bool]
    disclosed: list[bool]


def label_interface(document: Document, labels: Mapping[int, Label]) -> dict[int, Label]:
    """Labels for the blocks without one that are part of the interface. Raises nothing."""
    if not document.elements:
        return {}
    document = measured(document)
    undecided = [block for block in document.blocks if block.index not in labels]
    disclosed = _mark_disclosed(document.elements) if any(block.hidden for block in undecided) else []
    page = _Page(document, _shows_most(document, undecided), _mark_dialogs(document), disclosed)
    found = {}
    for block in undecided:
        for name, kind, rule in RULES:
            evidence = rule(page, block)
            if evidence:
                found[block.index] = Label.removal(kind, f"interface:{name}", evidence, CONFIDENCE)
                break
    return found


def _shows_most(document: MeasuredDocument, undecided: list[Block]) -> bool:
    sizes, prose = document.measures.sizes, document.measures.prose
    shown = total = 0
    for block in undecided:
        if prose[block.index]:
            total += sizes[block.index]
            if not block.hidden or block.hidden == "aria-hidden":
                shown += sizes[block.index]
    return shown >= SHOWN_SHARE * total


def _mark_dialogs(document: MeasuredDocument) -> list[bool]:
    ends = document.measures.ends
    dialog = [False] * len(ends)
    measures, elements = document.measures, document.elements
    called = {
        number
        for number, (tag, _, classes, role) in enumerate(measures.names)
        if tag == "dialog" or role in _DIALOG_ROLES or (classes and not _DIALOG_CLASSES.isdisjoint(classes))
    }
    found = [index for index in measures.attributed if not _DIALOG_ATTRIBUTES.isdisjoint(elements[index].attributes)]
    if called:
        found += [index for index, number in enumerate(measures.named) if number in called]
    for index in found:
        dialog[index : ends[index]] = [True] * (ends[index] - index)
    return dialog


def _unshown(page: _Page, block: Block) -> str:
    if block.hidden in _HIDDEN and page.all_shown and not page.disclosed[block.element]:
        return f"not shown ({block.hidden}), and what is shown holds the prose"
    return ""


def _mark_disclosed(elements: Sequence[Element]) -> list[bool]:
    """For each element whether the nearest hidden one around it, or itself, is what a click unfolds. In one pass: a
    page may be 100,000 elements deep.
    """
    disclosed: list[bool] = []
    for index, element in enumerate(elements):
        around = element.parent >= 0 and disclosed[element.parent]
        disclosed.append(_is_disclosed(elements, index) if element.hidden else around)
    return disclosed


def _is_disclosed(elements: Sequence[Element], index: int) -> bool:
    """Whether a reader opens a hidden element with a click, as the panel of a tab or the answer to a question: its text
    is text of the page like any other, which the classifier may judge. A form that is hidden is none.

    It is a tab's panel by its role, or labelled by its heading, as ARIA's Authoring Practices have both; or named so.
    """
    hidden = elements[index]
    if not hidden.controls <= _PRESSED:
        return False
    if hidden.role in ("", "region") and "aria-labelledby" in hidden.attributes:
        return True
    for _ in range(_NAMED_WITHIN):
        element = elements[index]
        names = " ".join((element.identity, *element.classes))
        if element.role == "tabpanel" or not _disclosures().isdisjoint(_WORD.findall(names)):
            return True
        index = element.parent
        if index < 0:
            break
    return False


@cache
def _disclosures() -> frozenset[str]:
    return frozenset(name for (name,) in read_table("disclosure-words"))


def _noscript(page: _Page, block: Block) -> str:
    # Forums built of scripts (Discourse) have all their posts there, and nothing else that is shown.
    if block.hidden == "noscript" and page.all_shown:
        return "stands in for a script, and what is shown holds the prose"
    return ""


def _control(page: _Page, block: Block) -> str:
    # A heading may be a button: questions that unfold their answers.
    tag = page.document.elements[block.element].tag
    return f"text of a form's <{tag}>" if tag in _CONTROLS and block.kind != "heading" else ""


def _dialog(page: _Page, block: Block) -> str:
    return "stands in a dialog" if page.dialog[block.element] else ""


RULES: tuple[tuple[str, str, Callable[[_Page, Block], str]], ...] = (
    ("unshown", "hidden", _unshown),
    ("noscript", "hidden", _noscript),
    ("control", "boilerplate", _control),
    ("dialog", "boilerplate", _dialog),
)
"""(name, kind of removal, question): the question gives the evidence for removal, or "". Each one left out costs
WCXB .000 to .002 of F1, though the classifier could see the same."""
