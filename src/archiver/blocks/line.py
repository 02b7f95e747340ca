"""The block that is being written, as a browser would set it: white space collapsed, breaks and links kept."""

from __future__ import annotations

import re
from typing import Final

from archiver.model import Link

# The constructor of a NamedTuple is a Python function, and takes three times as long.
_new_tuple: Final = tuple.__new__

# The white space that HTML collapses (https://infra.spec.whatwg.org/#ascii-whitespace). U+00A0 and the other spaces
# of Unicode are characters like any other inside a line.
_SPACES: Final = re.compile(r"[ \t\n\r\f]+")
_BLANK_LINES: Final = re.compile(r"\A(?:[ \t]*\n)+")


class Line:
    """Text nodes go in one by one; `take` gives the block's text and links and starts anew.

    A space or a break is only remembered, and written before the next word: so none stands at either
    end, and two breaks with nothing between are seen for what they are.
    """

    def __init__(self) -> None:
        self._href: str | None = None
        self._clear()

    def _clear(self) -> None:
        self._parts: list[str] = []
        self._links: list[Link] = []
        self._link = -1
        self.space = False
        """Whether white space, or a boundary that shows as such, comes before the next word."""
        self.breaks = 0
        """How many `<br>` do. From two on, with text before, a paragraph ends here."""
        self.length = 0
        self.linked = 0
        self.depth = 0
        """How deep the innermost element is that holds all of the text, or the outermost around it that has ended;
        0 while there is no text. Kept by the walk."""
        self.element = -1
        """The index of the innermost one, when it has ended; -1 while it is open. Kept by the walk."""

    def write(self, text: str) -> None:
        """A text node with a character in it that is no white space."""
        if "  " in text or not text.isprintable():
            # Of ten text nodes nine have no white space to collapse; this test costs a tenth of the substitution.
            text = _SPACES.sub(" ", text)
        if text[0] == " ":
            self.space = True
            text = text[1:]
        if text[-1] == " ":
            self.write_preformatted(text[:-1])
            self.space = True
        else:
            self.write_preformatted(text)

    def write_preformatted(self, text: str) -> None:
        """A text node whose white space is kept."""
        length = before = self.length
        if length and (self.breaks or self.space):
            self._parts.append("\n" if self.breaks else " ")
            length += 1
        self.space = False
        self.breaks = 0
        if self._href is not None:
            if self._link < 0:
                self._link = before = length
            self.linked += length - before + len(text)
        self._parts.append(text)
        self.length = length + len(text)

    def break_line(self) -> None:
        """A `<br>`."""
        self.breaks += 1

    def start_line(self) -> None:
        """The next word begins a line, but no new paragraph."""
        self.breaks = 1

    def open_link(self, href: str) -> None:
        """What is written from here on stands in a link."""
        self._href = href
        self._link = -1

    def close_link(self) -> None:
        """What is written from here on stands in no link."""
        self._end_link()
        self._href = None

    def _end_link(self) -> None:
        if self._href is not None and self._link >= 0:
            self._links.append(_new_tuple(Link, (self._link, self.length, self._href)))
        self._link = -1

    def take(self, *, preformatted: bool = False) -> tuple[str, tuple[Link, ...], int]:
        """(text, links, characters in links) of what was written, which must hold a character that is no white space.

        White space of any kind at the ends is dropped, in preformatted text only whole lines of it: the
        indentation of the first line stays.
        """
        if self._link >= 0:
            self._end_link()
        written = self._parts[0] if len(self._parts) == 1 else "".join(self._parts)
        text = written.rstrip()
        start = 0
        if preformatted:
            start = len(written) - len(_BLANK_LINES.sub("", written))
        elif text[0].isspace():
            start = len(written) - len(written.lstrip())
        text = text[start:]
        links: tuple[Link, ...] = ()
        if self._links:
            links = tuple(self._links)
            if start or len(text) < len(written):
                links = _shifted(links, start, len(text))
        linked = min(self.linked, len(text))
        self._clear()
        return text, links, linked


def _shifted(links: tuple[Link, ...], start: int, length: int) -> tuple[Link, ...]:
    """The links of a text of which `start` code points at its beginning are dropped, and all beyond `length`."""
    return tuple(
        Link(max(link.start - start, 0), min(link.end - start, length), link.href)
        for link in links
        if link.start - start < length and link.end > start
    )
