"""Text -> the events of its markup: the one place that chooses and sets up the HTML parser.

lxml (libxml2) reads nearly every page, in about 2 ms for 150 KB; it calls the target as it goes, so that no tree is
built only to be walked once. Where it loses text, BeautifulSoup with html5lib reads the page as the HTML
specification says, some fifty times slower, and the events are told from its tree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from inspect import signature
from typing import Any, Generic, Protocol, TypeVar, cast

import numpy as np
from lxml import etree
from lxml.html import soupparser

from archiver.model import Format

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")


class Target(Protocol[T_co]):
    """What is told of the markup, in document order (the interface of lxml's parser targets)."""

    @property
    def elements_begun(self) -> int:
        """How many elements have begun."""

    @property
    def text_length(self) -> int:
        """Code points of the text that was told."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """The element that began last ends."""

    def data(self, text: str) -> None:
        """Text; one text may come in several pieces."""

    def comment(self, text: str) -> None:
        """A comment."""

    def close(self) -> T_co:
        """The end of the page; gives the result."""


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """What a target made of a page."""

    result: T
    """What the target gave."""

    parser: str
    """`lxml` or `html5lib`."""

    doubts: tuple[str, ...] = ()
    """What went less than well, one sentence each."""


# Seen in plain-text dumps: "a < b", "<https://example.org>", "<name@example.org>", a tag named in a sentence. So a
# tag counts only by a name that pages really use; one structural tag, one at the very beginning, or three of any
# make a page.
_STRUCTURE = re.compile(r"<(?:!doctype\s+html|html|head|body|table|div|frameset|article|main)[\s>/]", re.I)
_TAG = re.compile(r"</?(?:p|br|a|span|b|i|em|strong|h[1-6]|ul|ol|li|font|img|td|tr|pre|title|meta|form)[\s>/]", re.I)

# The first 64 KB tell: a page that has no tag in them has been seen only as a dump.
_SNIFFED = 65_536


def format_of(text: str, content_type: str | None) -> Format:
    """`html` or `text`. The content decides; the declared type only where the content is silent.

    >>> format_of("<p>One</p><p>Two</p>", "text/plain")
    'html'
    >>> format_of("<p>One", None)
    'html'
    >>> format_of("if a < b and c > d: see <https://example.org>", "text/html")
    'text'
    """
    head = text[:_SNIFFED]
    if _STRUCTURE.search(head):
        return "html"
    tags = len(_TAG.findall(head))
    if tags and _TAG.match(head.lstrip("\ufeff \t\r\n")):
        return "html"
    declared = (content_type or "").lower()
    if "html" in declared:
        return "html" if tags else "text"
    return "html" if tags >= 3 else "text"


def parse(text: str, new_target: Callable[[], Target[T]], encoded: bytes | None = None) -> Parsed[T]:
    """What a new target makes of the page. Never raises for a bad page: a target may be told of nothing at all.

    `encoded` is the text in UTF-8, where it is at hand.
    """
    if encoded is None:
        encoded = text.encode("utf-8", "replace")
    target = _tell(encoded, new_target())
    if _misses_elements(target, text, encoded):
        if len(text) > _LONGEST_LENIENT:
            doubt = "the markup is damaged, and the page too long for the lenient parser"
            return Parsed(target.close(), "lxml", (doubt,))
        lenient = _parse_html5lib(text, new_target())
        if lenient is not None and lenient.text_length > target.text_length:
            return Parsed(lenient.close(), "html5lib")
    return Parsed(target.close(), "lxml")


_START = signature(lambda tag, attributes: None)


class _Open(Generic[T]):
    """Hands everything on to a target, and leaves the closing to `parse`, which may prefer another."""

    def __init__(self, target: Target[T]) -> None:
        # lxml asks for the signature of `start`; that of a compiled method is parsed from its text each time, 0.4 ms.
        start = partial(target.start)
        start.__signature__ = _START  # type: ignore[attr-defined]
        self.start = start
        self.end = target.end
        self.data = target.data
        self.comment = target.comment

    def close(self) -> None:
        """Nothing yet."""


def tell(text: str, target: Target[T]) -> Target[T]:
    """Tells the target of the markup, as lxml reads it, and gives it back, not yet closed."""
    return _tell(text.encode("utf-8", "replace"), target)


def _tell(encoded: bytes, target: Target[T]) -> Target[T]:
    # huge_tree: libxml2 otherwise stops at a depth of 256 and at 10 MB of one text, without a word. As no tree is
    # built, it then reads to any depth.
    # The encoding is given because the page's own <meta> speaks of bytes that are decoded by now.
    # (lxml-stubs want a target that takes bytes too, which a parser never gives.)
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, target=cast(Any, _Open(target)))
    with suppress(etree.LxmlSyntaxError):
        # Raised for "no element found": what was there has been told.
        etree.fromstring(encoded, parser)
    return target


# html5lib reads 0.2 to 0.5 MB a second; longer pages would hold up a run.
_LONGEST_LENIENT = 1_000_000

# On the 2,243 development pages at least 1.03 elements begin for each end tag outside of scripts, and on the 94 of them
# that were read by both parsers lxml tells no less text than html5lib. (When it built a tree it dropped most of WCXB
# 0310.) What remains is rare damage, as in tests/cases/parse; 0.7 is well below all sound pages.
_ELEMENTS_FOUND = 0.7
_SCRIPT = re.compile(r"<(script|style|textarea|template)\b.*?</\1\s*>|<!--.*?-->", re.I | re.S)


def _misses_elements(target: Target[T], text: str, encoded: bytes) -> bool:
    """Whether far fewer elements were told than the text has end tags."""
    found = target.elements_begun / _ELEMENTS_FOUND
    return found < _count_end_tags(encoded) and found < _SCRIPT.sub("", text).count("</")


def _count_end_tags(encoded: bytes) -> int:
    """How often `</` stands there: in 0.07 ms for 150 KB, 0.4 of what `bytes.count` takes."""
    codes = np.frombuffer(encoded, np.uint8)
    return int(np.count_nonzero((codes[:-1] == ord("<")) & (codes[1:] == ord("/"))))


def _parse_html5lib(text: str, target: Target[T]) -> Target[T] | None:
    """The target, told by the lenient parser; None when that fails too."""
    try:
        root = soupparser.fromstring(text.replace("\0", "\ufffd"), features="html5lib")
    except (RecursionError, ValueError, AssertionError):
        return None
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "start":
            target.start(str(node.tag), {str(name): str(value) for name, value in node.items()})
            target.data(node.text or "")
            continue
        if event == "end":
            target.end(str(node.tag))
        elif event == "comment":
            target.comment(node.text or "")
        target.data(node.tail or "")
    return target
