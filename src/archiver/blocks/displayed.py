"""A dump as a reader of it sees it: the text of a Markdown link in place of its mark-up."""

from __future__ import annotations

from dataclasses import replace

from archiver.blocks.dump import find_links
from archiver.model import Block, Document, Link

# An image in a link in a link: deeper nesting is no page's.
_DEEPEST = 3


def displayed(document: Document) -> Document:
    """The document with each link shown as its text; a block that shows nothing is two brackets.

    Blocks keep their places, so what is decided of one holds for that of the document itself.
    """
    if document.elements or not any(block.links for block in document.blocks):
        return document
    return replace(document, blocks=tuple(_show(block) if block.links else block for block in document.blocks))


def _show(block: Block) -> Block:
    parts: list[str] = []
    links: list[Link] = []
    at = length = 0
    for link in block.links:
        before = block.text[at : link.start]
        label = " ".join(_label(block.text[link.start : link.end], 0).split())
        parts += [before, label]
        start = length + len(before)
        length = start + len(label)
        links.append(Link(start, length, link.href))
        at = link.end
    shown = "".join([*parts, block.text[at:]])
    text = shown.strip()
    if not text:
        return block._replace(text="[]", links=(), link_characters=2)
    cut = len(shown) - len(shown.lstrip())
    moved = tuple(
        Link(min(max(link.start - cut, 0), len(text)), min(max(link.end - cut, 0), len(text)), link.href)
        for link in links
    )
    return block._replace(text=text, links=moved, link_characters=sum(link.end - link.start for link in moved))


def _label(mark: str, depth: int) -> str:
    """What a link shows, images in it as their descriptions."""
    label = mark.removeprefix("!")[1:]
    parts: list[str] = []
    at = 0
    for link in find_links(label) if depth < _DEEPEST else ():
        parts += [label[at : link.start], _label(label[link.start : link.end], depth + 1)]
        at = link.end
    rest = label[at:]
    cut = rest.find("](")
    return "".join([*parts, rest[:cut] if cut >= 0 else rest])
