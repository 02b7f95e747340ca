"""What is content of what the other labellers left, by the structure of the page alone: no word is read.

The page is looked at from afar first: which part holds its prose (`_find_main`), is it a page of prose or a listing.
Then each block is asked the questions of `RULES` in their order; the first that removes it is named in its label, and
what none removes is content. The trained classifier takes this file's place when it comes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from archiver.labels.weights import Weights, measured, weigh
from archiver.model import Block, Document, Label

# A page with less prose than this share of its text is a listing: its links are its content. Measured on the
# development pages in steps of 0.1 from 0.2 to 0.5: products and listings gain until 0.4, news lose from there.
LISTING = 0.4

# The part that holds the prose: the deepest element with this share of it. Measured likewise: 0.7 loses the second
# half of service pages, 0.85 lets teasers in.
MAIN_SHARE = 0.75
# A listing's prose lies scattered; a deeper cut costs it less than teasers cost news portals (Chinese pages: +0.04).
LISTING_SHARE = 0.7
# In a listing <main> is believed when it holds this share of the text: single-page applications leave it empty.
MAIN_TAG_TEXT = 0.4

# In a page of prose a block with more of its characters in links leads elsewhere.
LINKED_BLOCK = 0.55
# A part without prose is a list of links from this share on; shorter than 40 letters it is a byline.
LINKED_PART = 0.5
SHORT_PART = 40

# Hidden text goes only when the shown text holds at least this share of the prose: some pages hide all they have
# until a script has run (AMP, single-page applications).
SHOWN_SHARE = 0.5

# The site's name takes the other part of a title; a logo's words alone are shorter.
HEADLINE_SHARE = 0.3

# Confidences: an order of trust below the named rules' 0.9 and 0.95, not measured shares; the trained classifier brings
# those. An edge is judged by its place alone.
SURE, LIKELY, LIKELY_KEPT, EDGE = 0.9, 0.75, 0.7, 0.6

_FORM_TEXT = frozenset(("select", "option", "textarea", "button", "label", "legend"))
_DIALOG_ROLES = frozenset(("dialog", "alertdialog"))
_DIALOG_CLASSES = frozenset(("modal", "popup"))
# Kinds of block in which a text ends as naturally as in a paragraph.
_ENDING_KINDS = frozenset(("list-item", "table-row", "code", "quote", "caption"))
_BEGINNING_KINDS = frozenset(("heading", "caption"))


@dataclass
class _View:
    """The page from afar."""

    document: Document
    weights: Weights
    listing: bool
    main: int
    inside: list[bool]
    linked: list[bool]
    dialog: list[bool]
    all_shown: bool
    headline: int
    texts: set[str] = field(default_factory=set)


def label_content(document: Document, labels: Mapping[int, Label]) -> dict[int, Label]:
    """A label for every block that has none yet. Raises nothing."""
    open_blocks = [block for block in document.blocks if block.index not in labels]
    if not document.elements or not open_blocks:
        return {block.index: _keep("line") for block in open_blocks}
    view = _view(document, labels, open_blocks)
    found = {block.index: _ask(view, block) for block in open_blocks}
    if not view.listing:
        found.update(_trim_edges(view, [block for block in open_blocks if found[block.index].keep]))
    return found


def _find_headline(document: Document, open_blocks: list[Block]) -> int:
    """Index of the heading that says what the page's <title> says, or else of its only <h1>; -1 when there is none.

    Themes set it apart from the text it heads, in a banner of its own (Elementor, most documentation).
    """
    headings = [block for block in open_blocks if block.kind == "heading"]
    title = " ".join((document.head.title or "").split()).casefold()
    for block in headings if title else ():
        words = " ".join(block.text.split()).casefold()
        if words in title and len(words) >= HEADLINE_SHARE * len(title):
            return block.index
    # A linked one is the site's name.
    first = [block.index for block in headings if block.level == 1 and 2 * block.link_characters < len(block.text)]
    return first[0] if len(first) == 1 else -1


def _ask(view: _View, block: Block) -> Label:
    if block.index == view.headline:
        return Label.content("content:headline", "the page's title, or its only <h1>", SURE)
    for name, kind, rule in RULES:
        evidence = rule(view, block)
        if evidence:
            return Label.removal(kind, f"content:{name}", evidence, LIKELY)
    return _keep("prose" if view.weights.is_prose[block.index] else "within")


_KEPT = {
    "prose": ("reads as prose", SURE),
    "within": ("stands with the prose", LIKELY_KEPT),
    "line": ("a line of text", LIKELY_KEPT),
}


def _keep(name: str) -> Label:
    return Label.content(f"content:{name}", *_KEPT[name])


def _view(document: Document, labels: Mapping[int, Label], open_blocks: list[Block]) -> _View:
    weights = weigh(document, labels)
    listing = weights.total < LISTING * weights.text[0]
    main = _find_main(document, weights, LISTING_SHARE if listing else MAIN_SHARE)
    main = _find_main_tag(document, weights, main) if listing else _find_article(document, main)
    shown = sum(
        weights.sizes[block.index]
        for block in open_blocks
        if weights.is_prose[block.index] and not (block.hidden and block.hidden != "aria-hidden")
    )
    inside, linked, dialog = _mark_parts(document, weights, main)
    return _View(
        document,
        weights,
        listing,
        main,
        inside,
        linked,
        dialog,
        shown >= SHOWN_SHARE * weights.total,
        _find_headline(document, open_blocks),
    )


def _mark_parts(document: Document, weights: Weights, main: int) -> tuple[list[bool], list[bool], list[bool]]:
    """For each element: whether it stands in the main part, in a part that is a list of links, in a dialog."""
    ends = measured(document).measures.ends
    inside, linked, dialog = [False] * len(ends), [False] * len(ends), [False] * len(ends)
    inside[main : ends[main]] = [True] * (ends[main] - main)
    for index, (size, prose, links) in enumerate(zip(weights.text, weights.prose, weights.linked, strict=True)):
        if size > SHORT_PART and not prose and links > LINKED_PART * size and not linked[index]:
            linked[index : ends[index]] = [True] * (ends[index] - index)
    for index, (_, tag, _, _, classes, role, attributes, _, _) in enumerate(document.elements):
        if (
            (tag == "dialog" or role in _DIALOG_ROLES)
            or "aria-modal" in attributes
            or (classes and not _DIALOG_CLASSES.isdisjoint(classes))
        ):
            dialog[index : ends[index]] = [True] * (ends[index] - index)
    return inside, linked, dialog


def _find_main(document: Document, weights: Weights, share: float) -> int:
    """The deepest element that holds the share of the page's prose."""
    main = 0
    for index, element in enumerate(document.elements):
        # Parents stand before children, so each one that still holds the share lies deeper on one and the same path.
        if element.parent == main and weights.prose[index] >= share * weights.total > 0:
            main = index
    return main


def _find_article(document: Document, main: int) -> int:
    """The innermost <article> around the main part, else the part itself.

    Leads, captions and standfirsts stand beside the text's own element. On the development pages that costs 0.0007 of
    F1 (bylines and tags come with them), and no reader misses those.
    """
    index = main
    while index >= 0:
        if document.elements[index].tag == "article":
            return index
        index = document.elements[index].parent
    return main


def _find_main_tag(document: Document, weights: Weights, otherwise: int) -> int:
    for index, element in enumerate(document.elements):
        if element.tag == "main" or element.role == "main":
            return index if weights.text[index] > MAIN_TAG_TEXT * weights.text[0] else otherwise
    return otherwise


def _unshown(view: _View, block: Block) -> str:
    if block.hidden in ("style", "hidden", "template", "fallback") and view.all_shown:
        return f"not shown ({block.hidden}), and what is shown holds the prose"
    return ""


def _noscript(view: _View, block: Block) -> str:
    # Forums built of scripts (Discourse) have all their posts there, and nothing else that is shown.
    if block.hidden == "noscript" and view.all_shown:
        return "stands in for a script, and what is shown holds the prose"
    return ""


def _form_text(view: _View, block: Block) -> str:
    # A heading may be a button: questions that unfold their answers.
    tag = view.document.elements[block.element].tag
    return f"text of a form's <{tag}>" if tag in _FORM_TEXT and block.kind != "heading" else ""


def _dialog(view: _View, block: Block) -> str:
    return "stands in a dialog" if view.dialog[block.element] else ""


def _outside(view: _View, block: Block) -> str:
    if view.inside[block.element]:
        return ""
    share = 100 * view.weights.prose[view.main] // max(view.weights.total, 1)
    return f"outside the part that holds {share} % of the prose"


def _linked_block(view: _View, block: Block) -> str:
    if view.listing or view.weights.is_prose[block.index] or _heads_prose(view, block):
        return ""
    share = block.link_characters / len(block.text)
    if share >= LINKED_BLOCK:
        return f"{share:.0%} of it is links, on a page of prose"
    return "in a list of links, on a page of prose" if view.linked[block.element] else ""


def _heads_prose(view: _View, block: Block) -> bool:
    """Whether it is the heading of a card: announcements and their summaries, each headline a link.

    Three elements up, since cards wrap their headings; listings gain 0.013 of F1 by it, Polish news lose 0.001.
    """
    if block.kind != "heading":
        return False
    index = block.element
    for _ in range(3):
        index = view.document.elements[index].parent
        if index < 0 or view.weights.prose[index]:
            return index >= 0
    return False


def _repeated(view: _View, block: Block) -> str:
    # Pages carry a copy for print or for narrow screens; one letter or two ("–", "5") may well stand twice.
    if block.text in view.texts:
        return "stands on the page before, to the letter"
    if len(block.text) > 1 and block.kind not in ("code", "table-row"):
        view.texts.add(block.text)
    return ""


RULES: tuple[tuple[str, str, Callable[[_View, Block], str]], ...] = (
    ("unshown", "hidden", _unshown),
    ("noscript", "hidden", _noscript),
    ("form-text", "boilerplate", _form_text),
    ("dialog", "boilerplate", _dialog),
    ("outside", "boilerplate", _outside),
    ("linked", "boilerplate", _linked_block),
    ("repeated", "boilerplate", _repeated),
)
"""(name, kind of removal, question): the question gives the evidence for removal, or ""."""


def _trim_edges(view: _View, kept: list[Block]) -> dict[int, Label]:
    """What stands before the first and after the last prose of the main part: dates, tags, buttons.

    What has prose for a sibling stays: the names under a declaration, the verses between two paragraphs.
    """
    prose = [place for place, block in enumerate(kept) if view.weights.is_prose[block.index]]
    if not prose:
        return {}
    elements = view.document.elements
    homes = {elements[kept[place].element].parent for place in prose}
    removed = partial(Label.removal, "boilerplate", "content:edge")
    before = {
        block.index: removed("stands before the first prose, and is no heading or caption", EDGE)
        for block in kept[: prose[0]]
        if block.kind not in _BEGINNING_KINDS and elements[block.element].parent not in homes
    }
    after = {
        block.index: removed("stands after the last prose", EDGE)
        for block in kept[prose[-1] + 1 :]
        if block.kind not in _ENDING_KINDS and elements[block.element].parent not in homes
    }
    return before | after
