"""Text -> tree: the one place that chooses and sets up the HTML parser.

lxml (libxml2) reads nearly every page, in about 2 ms for 150 KB. Where it loses text, BeautifulSoup with html5lib
reads the page as the HTML specification says, some fifty times slower.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree
from lxml.html import soupparser

from archiver.model import Format


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed page. It goes from here to `blocks` and no further."""

    root: etree._Element
    """The `<html>` element."""

    parser: str
    """`lxml` or `html5lib`."""

    doubts: tuple[str, ...] = ()
    """What went less than well, one sentence each."""


# Seen in plain-text dumps: "a < b", "<https://example.org>", "<name@example.org>", a tag named in a sentence. So a
# tag counts only by a name that pages really use; one structural tag, one at the very beginning, or three of any
# make a page.
_STRUCTURE = re.compile(r"<(?:!doctype\s+html|html|head|body|table|div|frameset|article|main)[\s>/]", re.I)
_TAG = re.compile(
    r"</?(?:p|br|a|span|b|i|em|strong|h[1-6]|ul|ol|li|font|img|td|tr|pre|title|meta|form)[\s>/]", re.I
)

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


def parse(text: str) -> Tree:
    """The page's tree. Never raises: a page that no parser can read gives an empty tree and a doubt."""
    root, too_deep = _parse_lxml(text)
    if too_deep:
        root, _ = _parse_lxml(_flatten(text))
    if root is None:
        return Tree(etree.Element("html"), "lxml", ("the parser found no element in the page",))
    if too_deep:
        return Tree(
            root, "lxml", (f"nested deeper than {_DEEPEST} elements; what lies deeper was read flat",)
        )
    if not _misses_elements(root, text):
        return Tree(root, "lxml")
    if len(text) > _LONGEST_LENIENT:
        return Tree(root, "lxml", ("the markup is damaged, and the page too long for the lenient parser",))
    lenient = _parse_html5lib(text)
    if lenient is None or _text_length(lenient) <= _text_length(root):
        return Tree(root, "lxml")
    return Tree(lenient, "html5lib")


def _parse_lxml(text: str) -> tuple[etree._Element | None, bool]:
    """(root, whether the parser stopped because the page is nested too deep)."""
    # huge_tree: libxml2 otherwise stops at a depth of 256 and at 10 MB of one text, without a word.
    # The encoding is given because the page's own <meta> speaks of bytes that are decoded by now.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True, no_network=True)
    try:
        root: etree._Element | None = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.ParserError:
        return None, False
    except etree.XMLSyntaxError:
        return None, False
    last = parser.error_log.last_error
    return root, last is not None and last.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT


# libxml2 2.14 stops for good at a depth of 2048. No page of the development data is nested deeper than 90.
_DEEPEST = 1_000
_ANY_TAG = re.compile(r"<(/?)[a-zA-Z][^\s/>]*[^>]*>")


def _flatten(text: str) -> str:
    """The page with the tags that would nest too deep taken out, a line break in the place of each that opens."""
    depth = dropped = 0

    def replace(tag: re.Match[str]) -> str:
        nonlocal depth, dropped
        if not tag[1]:
            if depth < _DEEPEST:
                depth += 1
                return tag[0]
            dropped += 1
            return "<br>"
        if dropped:
            dropped -= 1
            return ""
        depth = max(depth - 1, 0)
        return tag[0]

    return _ANY_TAG.sub(replace, text)


# html5lib reads 0.2 to 0.5 MB a second; longer pages would hold up a run.
_LONGEST_LENIENT = 1_000_000

_count_elements = etree.XPath("count(//div) + count(//p)")

# Seen on 1 of 2,243 development pages: a logo's unclosed attribute closes the body, libxml2 drops the rest, and 35 %
# of the elements are left. All other pages keep more than 90 %, once the markup in scripts is not counted.
_ELEMENTS_FOUND = 0.7
_SCRIPT = re.compile(r"<(script|style|textarea|template)\b.*?</\1\s*>|<!--.*?-->", re.I | re.S)


def _misses_elements(root: etree._Element, text: str) -> bool:
    """Whether the tree has far fewer elements than the text has end tags. Costs 0.1 ms for 150 KB."""
    found = float(_count_elements(root))
    return found < _ELEMENTS_FOUND * _count_ends(text) and found < _ELEMENTS_FOUND * _count_ends(
        _SCRIPT.sub("", text)
    )


def _count_ends(text: str) -> int:
    return text.count("</div>") + text.count("</p>")


def _parse_html5lib(text: str) -> etree._Element | None:
    try:
        root: etree._Element = soupparser.fromstring(text.replace("\0", "\ufffd"), features="html5lib")
    except (RecursionError, ValueError, AssertionError):
        return None
    return root


def _text_length(root: etree._Element) -> int:
    """Code points of text outside scripts and styles, white space not counted."""
    return sum(
        len("".join((node.text or "").split()))
        for node in root.iter()
        if isinstance(node.tag, str) and node.tag not in ("script", "style")
    ) + sum(len("".join((node.tail or "").split())) for node in root.iter())
