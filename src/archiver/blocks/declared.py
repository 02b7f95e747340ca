"""What the page declares about itself, gathered on the walk: the parts of `Head`."""

from __future__ import annotations

import re

from lxml import etree

from archiver.model import Head

# What a replay or a saving tool writes into comments and scripts of the page; other comments are not kept.
_TOOL_MARK = re.compile(
    r"SingleFile|saved from url|HTTrack|ARCHIVED ON|WAYBACK|archive\.(?:today|ph|is|org)|__wm\.|wbinfo|pywb",
    re.I,
)
# The longest of these marks, Wayback's closing comment, has about 900 code points.
_TOOL_TEXT = 2_000
# A microdata value is a name, a date, a headline; articleBody is not wanted here.
_ITEM_TEXT = 500


class Declared:
    """Fed with every element and comment; `head()` gives what was declared."""

    def __init__(self) -> None:
        self._once: dict[str, str] = {}
        self._meta: list[tuple[str, str]] = []
        self._links: list[tuple[str, str]] = []
        self._json_ld: list[str] = []
        self._items: list[tuple[str, str, int]] = []
        self._times: list[tuple[str, int]] = []
        self._comments: list[str] = []

    def see(self, node: etree._Element, tag: str, attributes: dict[str, str], index: int) -> None:
        """Takes from an element what it declares; `index` is its place in `Document.elements`."""
        if tag == "meta":
            self._see_meta(attributes)
        elif tag == "link":
            if "rel" in attributes and "href" in attributes:
                self._links.append((attributes["rel"].lower(), attributes["href"]))
        elif tag == "script":
            self._see_script(node, attributes)
        elif tag == "title":
            self._see_title(node)
        elif tag in ("html", "body"):
            self._see_root(attributes)
        elif tag == "base":
            if "href" in attributes:
                self._once.setdefault("base", attributes["href"])
        elif tag == "time" and "datetime" in attributes:
            self._times.append((attributes["datetime"], index))
        if "itemprop" in attributes and tag != "meta":
            self._see_item(node, attributes, index)

    def _see_title(self, node: etree._Element) -> None:
        # The <title> of an inline <svg> names a drawing.
        parent = node.getparent()
        if parent is not None and parent.tag in ("head", "html", "body"):
            self._once.setdefault("title", node.text or "")

    def _see_meta(self, attributes: dict[str, str]) -> None:
        content = attributes.get("content")
        if content is None:
            return
        for key in ("property", "name", "itemprop", "http-equiv"):
            if key in attributes:
                self._meta.append((attributes[key].strip().lower(), content))
                return

    def _see_script(self, node: etree._Element, attributes: dict[str, str]) -> None:
        code = node.text or ""
        if "ld+json" in attributes.get("type", "").lower():
            self._json_ld.append(code)
        elif _TOOL_MARK.search(code[:_TOOL_TEXT]):
            self._comments.append(code[:_TOOL_TEXT])

    def _see_root(self, attributes: dict[str, str]) -> None:
        language = attributes.get("lang") or attributes.get("xml:lang")
        if language:
            self._once.setdefault("language", language)
        if attributes.get("dir"):
            self._once.setdefault("direction", attributes["dir"])

    def _see_item(self, node: etree._Element, attributes: dict[str, str], index: int) -> None:
        value = next(
            (attributes[key] for key in ("content", "datetime", "href", "src") if key in attributes), None
        )
        if value is None:
            value = "".join(_first_text(node)).strip()
        self._items.append((attributes["itemprop"].lower(), value[:_ITEM_TEXT], index))

    def see_comment(self, text: str) -> None:
        """Takes a comment that a replay or saving tool left."""
        if _TOOL_MARK.search(text[:_TOOL_TEXT]):
            self._comments.append(text[:_TOOL_TEXT])

    def head(self) -> Head:
        """What was declared."""
        return Head(
            title=self._once.get("title"),
            language=self._once.get("language"),
            direction=self._once.get("direction"),
            base=self._once.get("base"),
            meta=tuple(self._meta),
            links=tuple(self._links),
            json_ld=tuple(self._json_ld),
            items=tuple(self._items),
            times=tuple(self._times),
            comments=tuple(self._comments),
        )


def _first_text(node: etree._Element) -> list[str]:
    """Text of the element up to about `_ITEM_TEXT` code points: it may be the whole article."""
    found: list[str] = []
    length = 0
    for text in node.itertext():
        found.append(str(text))
        length += len(text)
        if length > _ITEM_TEXT:
            break
    return found
