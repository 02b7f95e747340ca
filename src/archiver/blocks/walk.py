"""The one walk over the page, as its parser tells it: elements become plain values, visible text is cut into blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from archiver.blocks.declared import Declared
from archiver.blocks.elements import make_element
from archiver.blocks.elsewhere import tell_elsewhere
from archiver.blocks.framed import Frames
from archiver.blocks.line import Line
from archiver.blocks.rows import LAYOUT, Row, lay_out, merge_row
from archiver.blocks.tags import (
    CELLS,
    CONTROLS,
    DECLARING,
    EDGED,
    EMPTY_DECLARING,
    HEADINGS,
    IS_BLOCK,
    IS_EDGED,
    IS_EMPTY,
    IS_ENTERED,
    IS_LEFT,
    IS_TABLED,
    IS_TIME,
    IS_UNSEEN,
    KINDS,
    LISTS,
    PREFORMATTED,
    TRAITS,
    input_control,
)
from archiver.model import Block, BlockKind, Element
from archiver.parse import tell

# A NamedTuple's own constructor is a Python function, and takes twice the time: 0.3 ms of a page.
_new_tuple: Final = tuple.__new__

# Of a `<tbody>` that the page leaves out, and of no other element.
_IMPLIED: Final[Mapping[str, str]] = {}


class Walk:
    """A parser's target (`archiver.parse.Target`): told of the page in document order.

    A page has a thousand elements and more, half of them without text (icons, spacers). So what is open is kept in
    plain lists side by side, and becomes an `Element` only when a block or a form control inside it is met.
    """

    def __init__(self, frames: Callable[[], Sequence[str]] = tuple) -> None:
        """`frames` gives the markup of pages in the page's frames that came along with it."""
        self.elements: list[Element] = []
        self.blocks: list[Block] = []
        self.seen: list[str] = []
        self.declared = Declared()
        self.elements_begun = 0
        self.body_from = ""
        self._line = Line()
        self._hidden: list[str] = []
        # The open elements: (tag, attributes, which of its parent's children of its tag it is); the indices of those of
        # them that are an Element already, which are the outer ones; at each depth, how many children of each tag.
        self._open: list[tuple[str, Mapping[str, str], int]] = []
        self._indices: list[int] = []
        self._counts: list[dict[str, int]] = [{}]
        # Inside an element whose text is not shown: how deep, its tag and `type`, its text.
        self._unseen = 0
        self._unseen_tag = ""
        self._unseen_kind = self._unseen_name = ""
        self._unseen_text: list[str] = []
        self._frameless = self._ended = False
        self._frames = Frames(frames)
        # The open elements that say what the text in them is: (kind, level).
        self._kinds: list[tuple[BlockKind, int]] = [("paragraph", 0)]
        self._rows: list[Row] = []
        self._lists = self._quotes = self._verbatim = self._selects = 0
        # Whether the last event was text, and whether a block ends here unless text comes next: see `EDGED`.
        self._touched = self._loose = False
        self._began_empty: list[bool] = []
        self._controls: dict[int, set[str]] = {}
        self._items: list[tuple[int, int, str, int]] = []

    @property
    def text_length(self) -> int:
        """Code points of visible text told so far."""
        return sum(map(len, self.seen))

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self.elements_begun += 1
        traits = TRAITS[tag]
        if self._unseen or traits & IS_UNSEEN:
            self._start_unseen(tag, attributes)
            return
        if traits & IS_EMPTY:
            self._pass_empty(tag, attributes)
            return
        if traits & IS_TABLED and self._open:
            self._imply_body(tag)
        if self._loose:
            self._boundary()
        if traits & IS_BLOCK:
            if self._line.depth:
                self._boundary()
        elif traits & IS_EDGED:
            self._start_edged(tag)
        self._touched = False
        opened = self._open
        depth = len(opened)
        counts = self._counts[depth]
        place = counts[tag] = counts.get(tag, 0) + 1
        opened.append((tag, attributes, place))
        try:
            self._counts[depth + 1].clear()
        except IndexError:
            self._counts.append({})
        if traits & IS_ENTERED:
            self._enter(tag, attributes)
        if traits & IS_TIME or (attributes and "itemprop" in attributes):
            self._make_elements(depth + 1)

    def end(self, tag: str) -> None:
        """The element that began last ends."""
        if self._unseen:
            self._end_unseen()
            return
        traits = TRAITS[tag]
        if traits & IS_EMPTY:
            return
        if traits & IS_TABLED and tag == "table" and self._open[-1][1] is _IMPLIED:
            self.end("tbody")
        line = self._line
        if self._loose:
            self._boundary()
        if traits & IS_BLOCK:
            if self._verbatim or self._selects:
                self._verbatim -= tag in PREFORMATTED
                self._selects -= tag == "select"
            if line.depth:
                self._boundary()
        elif traits & IS_EDGED:
            self._loose = self._began_empty.pop() and line.depth > 0
        self._touched = False
        depth = len(self._open)
        if line.depth >= depth:
            self._settle_line(depth)
        if traits & IS_LEFT:
            self._leave(tag)
        if self._items and self._items[-1][0] == depth:
            _, start, name, index = self._items.pop()
            self.declared.see_item(name, "".join(self.seen[start:]), index)
        self._open.pop()
        if len(self._indices) >= depth:
            self._indices.pop()

    def data(self, text: str) -> None:
        """Text, or a piece of one."""
        if self._unseen:
            self._unseen_text.append(text)
            return
        line = self._line
        if (text.isspace() and self._pass_space(text)) or not text:
            return
        if line.breaks > 1 and line.length:
            self._flush()
        self._loose = False
        self._touched = True
        self.seen.append(text)
        if line.depth == 0:
            # Text outside of everything is only in fragments of another form than HTML has.
            line.depth = len(self._open) or self._begin_page()
        elif line.element >= 0:
            # What held all of the text so far has ended: now an element around it does.
            line.depth = min(line.depth - 1, len(self._open))
            line.element = -1
        if self._verbatim:
            line.write_preformatted(text)
        else:
            line.write(text)

    def _pass_space(self, text: str) -> bool:
        """White space between tags; False when it is to be written like any other text."""
        line = self._line
        if not line.depth:
            # At the edge of a block the spaces of Unicode set nothing off either.
            return True
        if self._verbatim:
            line.write_preformatted(text)
            return True
        if text.isascii() or (line.breaks > 1 and line.length):
            line.space = True
            return True
        return False

    def comment(self, text: str) -> None:
        """A comment; the text before and after it is one."""
        if not self._unseen:
            self.declared.see_comment(text)

    def close(self) -> Walk:
        """The end of the page."""
        if self._line.depth:
            self._flush()
        for index, controls in self._controls.items():
            self.elements[index] = _new_tuple(Element, (*self.elements[index][:-1], frozenset(controls)))
        self._controls = {}
        return self

    def forget(self) -> None:
        """Lets go of what was gathered. lxml ties a parser and its target to one another, so the pages of a run lay
        there by the five until the garbage collector came: 0.7 ms of a page.
        """
        self.elements, self.blocks, self.seen, self.declared, self._frames = [], [], [], Declared(), Frames(tuple)

    def _start_unseen(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element whose text is not shown, or something inside one."""
        self._unseen += 1
        if self._unseen > 1:
            return
        self._unseen_tag = tag
        if tag == "iframe":
            self._frames.see(tag, attributes)
        self._unseen_kind, self._unseen_name = attributes.get("type", ""), attributes.get("id", "")
        self._unseen_text = []

    def _end_unseen(self) -> None:
        self._unseen -= 1
        if self._unseen:
            return
        if self._unseen_tag == "script":
            self.declared.see_script(self._unseen_kind, self._unseen_name, "".join(self._unseen_text))
        elif self._unseen_tag == "title" and not any(tag == "svg" for tag, _, _ in self._open):
            self.declared.see_title("".join(self._unseen_text))
        elif self._unseen_tag == "noframes":
            self._read_frameless("".join(self._unseen_text))

    def _read_frameless(self, markup: str) -> None:
        """The markup of a `<noframes>`; of one inside another, which no page means, only the text as it stands."""
        if self._frameless:
            self.data(markup)
            return
        self._frameless = True
        tell(markup, self)
        self._frameless = False

    def _read_elsewhere(self) -> None:
        """At the end of the page: what it does not show itself. The pages in it end here, too."""
        if not self._ended and not self._frameless:
            self._ended = True
            self.body_from = tell_elsewhere(self, self.blocks, self.declared.data, self._frames)

    def _pass_empty(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element that holds no text."""
        if tag == "br":
            self._break()
        elif tag == "input":
            control = input_control(attributes.get("type", "text").lower())
            if control:
                self._note_control(control)
        elif tag == "frame":
            self._frames.see(tag, attributes)
        elif tag in EMPTY_DECLARING:
            self.declared.see_empty(tag, attributes)

    def _start_edged(self, tag: str) -> None:
        """See `EDGED`: what the text before says of an element that may be part of a sentence."""
        if tag in EDGED and not self._touched and self._line.depth:
            self._boundary()
        self._began_empty.append(not self._line.depth)

    def _settle_line(self, depth: int) -> None:
        """The element that held all of the line's text ends, at this depth: what comes still may stand around it."""
        line = self._line
        if line.element < 0:
            line.element = self._make_elements(line.depth)
        line.depth = depth

    def _imply_body(self, tag: str) -> None:
        """Before a part of a table: a row in none gets a `<tbody>` around it, as in pages that browsers save."""
        around, attributes, _ = self._open[-1]
        if tag == "tr" and around == "table":
            self.start("tbody", _IMPLIED)
            # What the parser told is counted, to see whether it lost anything.
            self.elements_begun -= 1
        elif tag != "tr" and attributes is _IMPLIED:
            self.end("tbody")

    def _begin_page(self) -> int:
        """The depth of an `<html>` that the page leaves out."""
        self.start("html", {})
        return 1

    def _make_elements(self, depth: int) -> int:
        """The index of the open element at a depth, from 1, after those around it have become an `Element`, too."""
        indices = self._indices
        for outer in range(len(indices), depth):
            indices.append(self._make_element(outer, indices[-1] if outer else -1))
        return indices[depth - 1]

    def _make_element(self, depth: int, parent: int) -> int:
        tag, attributes, place = self._open[depth]
        index = len(self.elements)
        element = make_element(tag, attributes, place, parent)
        self._hidden.append(element.hidden or (self._hidden[parent] if parent >= 0 else ""))
        self.elements.append(element)
        if tag in DECLARING or "itemprop" in attributes:
            name = self.declared.see_element(tag, attributes, index)
            if name:
                self._items.append((depth + 1, len(self.seen), name, index))
        return index

    def _enter(self, tag: str, attributes: Mapping[str, str]) -> None:
        """What a tag changes for the text inside it."""
        if tag == "a":
            if "href" in attributes:
                self._line.open_link(attributes["href"])
        elif tag in KINDS:
            self._enter_kind(tag)
        elif tag in LISTS:
            self._lists += 1
        elif tag == "tr":
            self._rows.append(Row(len(self.blocks)))
        elif tag in ("option", "optgroup"):
            self._line.start_line()
        elif tag in ("object", "frameset"):
            self._frames.see(tag, attributes)
        elif tag in CONTROLS:
            self._selects += tag == "select"
            self._note_control(tag)
        if tag in LAYOUT:
            lay_out(self._rows)

    def _enter_kind(self, tag: str) -> None:
        kind, level = KINDS[tag], HEADINGS.get(tag, 0)
        if kind == "code":
            self._verbatim += 1
        elif kind == "quote":
            self._quotes += 1
            level = self._quotes
        elif kind == "list-item":
            level = self._lists
        self._kinds.append((kind, level))

    def _leave(self, tag: str) -> None:
        if tag == "a":
            self._line.close_link()
        elif tag == "html":
            self._read_elsewhere()
        elif tag in CELLS:
            if self._rows:
                self._rows[-1].edges.append(len(self.blocks))
        elif tag == "tr":
            row = self._rows.pop()
            if row.edges[0] < len(self.blocks):
                # A block in the row has made an Element of it.
                merge_row(row, self.blocks, self._indices[-1])
        elif tag in LISTS:
            self._lists -= 1
        else:
            self._kinds.pop()
            self._quotes -= tag == "blockquote"

    def _note_control(self, control: str) -> None:
        """Whatever is open holds this control."""
        self._make_elements(len(self._open))
        for index in reversed(self._indices):
            held = self._controls.setdefault(index, set())
            if control in held:
                break
            held.add(control)

    def _break(self) -> None:
        """A `<br>`."""
        self._loose = False
        if self._verbatim:
            self._line.write_preformatted("\n")
        elif self._selects:
            self._line.space = True
        else:
            self._line.break_line()

    def _boundary(self) -> None:
        """The edge of a block: inside a preformatted text or a <select> it only begins a line."""
        self._loose = False
        if self._verbatim or self._selects:
            self._line.start_line()
        elif self._line.depth:
            self._flush()

    def _flush(self) -> None:
        line = self._line
        element = line.element if line.element >= 0 else self._make_elements(line.depth)
        kind, level = self._kinds[-1]
        text, links, linked = line.take(preformatted=kind == "code")
        values = (len(self.blocks), kind, level, text, element, 0, linked, links, self._hidden[element], 0, 0)
        self.blocks.append(_new_tuple(Block, values))
        if kind == "list-item":
            # Only what comes first in an item is the item; a second paragraph is one.
            self._kinds[-1] = ("paragraph", 0)
