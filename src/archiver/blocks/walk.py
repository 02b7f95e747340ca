"""The one walk over the tree: elements become plain values, visible text is cut into blocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from lxml import etree

from archiver.blocks.declared import Declared
from archiver.blocks.line import Line
from archiver.blocks.tags import (
    BLOCK,
    CELLS,
    DECLARED_UNSEEN,
    DECLARING,
    ENTERED,
    HEADINGS,
    KINDS,
    LEFT,
    LISTS,
    PREFORMATTED,
    UNSEEN,
    UNSHOWN,
    hiding,
    is_block,
    is_data_row,
)
from archiver.blocks.visible import count_visible
from archiver.model import Block, BlockKind, Document, Element
from archiver.parse import Tree


def segment(tree: Tree) -> Document:
    """The page as blocks. `Document.visible_characters` and `visible_digest` are counted from the text nodes."""
    walk = _Walk()
    events = etree.iterwalk(tree.root, events=("start", "end", "comment", "pi"))
    for event, node in events:
        if event == "start":
            if node.tag not in UNSEEN:
                walk.open(node)
            elif node.tag == "br":
                walk.pass_break()
            elif node.tag == "input":
                walk.pass_input(node)
            else:
                if node.tag in DECLARED_UNSEEN:
                    walk.declare(node)
                events.skip_subtree()
        elif event == "end":
            walk.close(node)
        else:
            walk.pass_comment(node)
    for outside in (*tree.root.itersiblings(preceding=True), *tree.root.itersiblings()):
        walk.pass_outside(outside)
    return walk.document(tree)


# lxml-stubs allow for names in bytes, which a parser never gives.
_items = cast(Callable[[etree._Element], list[tuple[str, str]]], etree._Element.items)

_NO_CONTROLS: frozenset[str] = frozenset()
# What a person fills in, by the `type` of an <input>; a type not named here counts as `text`.
_INPUTS = frozenset(("search", "password", "email", "tel", "checkbox"))
_NO_INPUTS = frozenset(("hidden", "image", "reset", "radio", "file"))


class _Walk:
    """Fed with the events of the walk in document order; `document` gives the result.

    A page has a thousand elements and more, so what is open is kept in plain lists side by side.
    """

    def __init__(self) -> None:
        self._line = Line()
        self._declared = Declared()
        self._elements: list[Element] = []
        self._hidden: list[str] = []
        self._blocks: list[Block] = []
        self._seen: list[str] = []
        # The open elements: index of each, how many children of each tag it has had, whether it is a block.
        self._open = [-1]
        self._counts: list[dict[str, int]] = [{}]
        self._is_block = [True]
        # The open elements that say what the text in them is: (kind, level).
        self._kinds: list[tuple[BlockKind, int]] = [("paragraph", 0)]
        self._lists = self._quotes = self._preformatted = self._rows = self._selects = 0
        self._controls: dict[int, set[str]] = {}

    def declare(self, node: etree._Element) -> None:
        """Passes an element that has no text to show."""
        self._declared.see(node, node.tag, dict(_items(node)), len(self._elements) - 1)

    def open(self, node: etree._Element) -> None:
        """Begins an element."""
        tag = node.tag
        attributes = dict(_items(node))
        block = tag in BLOCK or is_block(node, tag)
        if block:
            self._boundary()
        counts = self._counts[-1]
        place = counts[tag] = counts.get(tag, 0) + 1
        parent = self._open[-1]
        index = len(self._elements)
        hides = ""
        if tag in UNSHOWN or "style" in attributes or "hidden" in attributes or "aria-hidden" in attributes:
            hides = hiding(tag, attributes)
        self._hidden.append(hides or (self._hidden[parent] if index else ""))
        if attributes:
            get = attributes.get
            identity, role = get("id", "").lower(), get("role", "").lower()
            classes = tuple(get("class", "").lower().split())
            if tag in DECLARING or "itemprop" in attributes:
                self._declared.see(node, tag, attributes, index)
        else:
            identity, classes, role = "", (), ""
        self._elements.append(
            Element(parent, tag, place, identity, classes, role, attributes, hides, _NO_CONTROLS)
        )
        self._open.append(index)
        self._counts.append({})
        self._is_block.append(block)
        if tag in ENTERED:
            self._enter(node, tag, attributes)
        text = node.text
        if text:
            self._write(text)

    def _enter(self, node: etree._Element, tag: str, attributes: dict[str, str]) -> None:
        """What a tag changes for the text inside it."""
        if tag == "a":
            if "href" in attributes:
                self._line.open_link(attributes["href"])
        elif tag in KINDS:
            self._enter_kind(tag)
        elif tag in LISTS:
            self._lists += 1
        elif tag == "tr":
            if self._rows or is_data_row(node):
                self._rows += 1
                self._kinds.append(("table-row", 0))
            else:
                self._kinds.append(self._kinds[-1])
        elif tag in ("option", "optgroup"):
            self._line.start_line()
        else:
            self._selects += tag == "select"
            self.note_control(tag)

    def _enter_kind(self, tag: str) -> None:
        kind, level = KINDS[tag], HEADINGS.get(tag, 0)
        if kind == "code":
            self._preformatted += 1
        elif kind == "quote":
            self._quotes += 1
            level = self._quotes
        elif kind == "list-item":
            level = self._lists
        self._kinds.append((kind, level))

    def pass_input(self, node: etree._Element) -> None:
        """Passes an `<input>`."""
        kind = node.get("type", "text").lower()
        if kind in ("submit", "button"):
            self.note_control("button")
        elif kind not in _NO_INPUTS:
            self.note_control(kind if kind in _INPUTS else "text")

    def note_control(self, control: str) -> None:
        """Whatever is open holds this control."""
        for index in self._open:
            self._controls.setdefault(index, set()).add(control)

    def close(self, node: etree._Element) -> None:
        """Ends an element; what follows it goes on in its parent."""
        tag = node.tag
        if tag not in UNSEEN:
            if self._is_block.pop():
                self._boundary()
            if tag in LEFT:
                self._leave(tag)
            self._open.pop()
            self._counts.pop()
        tail = node.tail
        if tail:
            self._write(tail)

    def _leave(self, tag: str) -> None:
        if tag == "a":
            self._line.close_link()
        elif tag in CELLS:
            if self._rows:
                self._line.end_cell()
        elif tag in LISTS:
            self._lists -= 1
        elif tag == "select":
            self._selects -= 1
        else:
            kind, _ = self._kinds.pop()
            self._preformatted -= tag in PREFORMATTED
            self._quotes -= tag == "blockquote"
            self._rows -= tag == "tr" and kind == "table-row"

    def pass_break(self) -> None:
        """Passes a `<br>`."""
        if self._preformatted:
            self._line.write_preformatted("\n")
        elif self._rows or self._selects:
            self._line.space()
        else:
            self._line.break_line()

    def pass_comment(self, node: etree._Element) -> None:
        """Passes a comment or a processing instruction; the text after it goes on."""
        if node.text:
            self._declared.see_comment(node.text)
        if node.tail:
            self._write(node.tail)

    def pass_outside(self, node: etree._Element) -> None:
        """Passes a comment before or after `<html>`: browsers and replays write theirs there."""
        if node.text and node.tag is etree.Comment:
            self._declared.see_comment(node.text)

    def _write(self, text: str) -> None:
        line = self._line
        if text.isspace():
            if self._preformatted and line.length:
                line.write_preformatted(text)
            else:
                line.space()
            return
        if line.parts_next():
            self._flush()
        self._seen.append(text)
        index = self._open[-1]
        if line.element < 0:
            line.element = max(index, 0)
        elif line.element != index:
            line.element = self._common(line.element, index)
        if self._preformatted:
            line.write_preformatted(text)
        else:
            line.write(text)

    def _common(self, one: int, other: int) -> int:
        """The innermost element around both; a parent always has the smaller index."""
        elements = self._elements
        while one != other:
            if one > other:
                one = elements[one].parent
            else:
                other = elements[other].parent
        return one

    def _boundary(self) -> None:
        """The edge of a block-level element: inside a row or a preformatted text it only shows as white space."""
        if self._preformatted or self._selects:
            self._line.start_line()
        elif self._rows:
            self._line.space()
        elif self._line.element >= 0:
            self._flush()

    def _flush(self) -> None:
        line = self._line
        element = line.element
        kind, level = self._kinds[-1]
        text, links, linked = line.take(preformatted=kind == "code")
        self._blocks.append(
            Block(len(self._blocks), kind, level, text, element, 0, linked, links, self._hidden[element])
        )
        if kind == "list-item":
            # Only what comes first in an item is the item; a second paragraph is one.
            self._kinds[-1] = ("paragraph", 0)

    def document(self, tree: Tree) -> Document:
        """The page, after the last event."""
        if self._line.element >= 0:
            self._flush()
        for index, controls in self._controls.items():
            if index >= 0:
                self._elements[index] = self._elements[index]._replace(controls=frozenset(controls))
        characters, digest = count_visible(self._seen)
        return Document(
            format="html",
            blocks=tuple(self._blocks),
            elements=tuple(self._elements),
            head=self._declared.head(),
            visible_characters=characters,
            visible_digest=digest,
            parser=tree.parser,
            doubts=tree.doubts,
        )
