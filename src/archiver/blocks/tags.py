"""What each tag does to the flow of text, as browsers' default style sheets have it.

Source: https://html.spec.whatwg.org/multipage/rendering.html, sections "Flow content" to "Form controls".
"""

from __future__ import annotations

import re

from lxml import etree

from archiver.model import BlockKind

# Tags that hold no text, or none that is ever shown. `noscript` and `template` are not among them: whole forum
# threads stand there.
UNSEEN = frozenset(
    "br input img source track wbr param embed area col link meta base path circle rect ellipse line polygon polyline "
    "use stop script style title iframe noembed datalist annotation annotation-xml desc metadata".split()
)

# Tags that begin and end a block of their own.
BLOCK = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav noframes ol "
    "optgroup p plaintext pre search section select summary table tbody td textarea tfoot th thead tr ul xmp "
    "video audio canvas marquee".split()
)

# Tags that stand inside a sentence or hold whole sections; see `is_block`.
EITHER = frozenset(("button", "noscript", "template", "object", "ins", "del", "slot"))

HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = frozenset(("ul", "ol", "menu", "dir", "dl"))
PREFORMATTED = frozenset(("pre", "listing", "xmp", "plaintext"))
CELLS = frozenset(("td", "th"))

KINDS: dict[str, BlockKind] = {
    **dict.fromkeys(HEADINGS, "heading"),
    **dict.fromkeys(("li", "dt", "dd"), "list-item"),
    **dict.fromkeys(PREFORMATTED, "code"),
    **dict.fromkeys(("figcaption", "caption"), "caption"),
    "blockquote": "quote",
}

# Tags that change something for the text inside them; the others cost the walk nothing.
ENTERED = frozenset(("a", "tr", "select", "option", "optgroup", "textarea", "button", *KINDS, *LISTS))
# Tags whose end undoes what their beginning changed.
LEFT = frozenset(("a", "tr", "select", *KINDS, *LISTS, *CELLS))
# Tags that tell something of the page by themselves.
DECLARING = frozenset(("html", "body", "time"))
DECLARED_UNSEEN = frozenset(("meta", "link", "base", "script", "title"))

# What a browser that runs scripts and knows the element does not show.
UNSHOWN = {
    "noscript": "noscript",
    "template": "template",
    **dict.fromkeys(("video", "audio", "canvas", "rp", "noframes"), "fallback"),
}
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


def hiding(tag: str, attributes: dict[str, str]) -> str:
    """Why a browser would not show the element itself, as in `Element.hidden`; "" when it does.

    A declarative shadow root is shown although it is a template.
    """
    if "hidden" in attributes:
        return "hidden"
    if "style" in attributes and _HIDING_STYLE.search(attributes["style"]):
        return "style"
    if attributes.get("aria-hidden", "").lower() == "true":
        return "aria-hidden"
    if tag == "template" and ("shadowrootmode" in attributes or "shadowroot" in attributes):
        return ""
    return UNSHOWN.get(tag, "")


# How far into an element one looks for a block: beyond, it holds much and one has been met.
_LOOKED_AT = 30


def is_block(node: etree._Element, tag: str) -> bool:
    """Whether the element parts the text before it from the text after it.

    Custom elements, `<button>`, `<noscript>` do both: "press <g-emoji>x</g-emoji> now" and lazily loaded pictures
    stand inside sentences; whole articles stand in <shreddit-post>. They are blocks when a block is inside, or when
    no text touches them.
    """
    if tag in BLOCK:
        return True
    if tag not in EITHER and "-" not in tag:
        return False
    for count, inner in enumerate(node.iterdescendants()):
        if inner.tag in BLOCK:
            return True
        if count > _LOOKED_AT:
            break
    return not _touches_text(node)


def _touches_text(node: etree._Element) -> bool:
    before = node.getprevious()
    parent = node.getparent()
    around = (node.tail, before.tail if before is not None else parent.text if parent is not None else None)
    return any(text and not text.isspace() for text in around)


# A row whose cells hold these is laid out by its table, not listed in it.
_LAYOUT = frozenset(
    "table form iframe h1 h2 h3 h4 blockquote pre article section nav select textarea script".split()
)
# Paragraphs, items and breaks in one cell of a data table: seen up to three (a note, an address).
_MOST_PARTS = 3
# Pages of 2001 to 2008 put the whole article into a cell, parted by <br><br>; cells of the data tables looked at in
# the development pages stay under this many code points.
_LONGEST_CELL = 500
_PARTS = frozenset(("p", "div", "li", "br", "dd", "center"))


def is_data_row(row: etree._Element) -> bool:
    """Whether a `<tr>` lists data: two cells or more, each short and nearly flat. Such a row becomes one block."""
    cells = [cell for cell in row if cell.tag in CELLS]
    return len(cells) > 1 and all(_is_data_cell(cell) for cell in cells)


def _is_data_cell(cell: etree._Element) -> bool:
    parts = length = 0
    for node in cell.iter():
        tag = node.tag
        if tag in _LAYOUT:
            return False
        parts += tag in _PARTS
        length += len(node.text or "") + len(node.tail or "")
        if parts > _MOST_PARTS or length > _LONGEST_CELL:
            return False
    return True
