"""What the page declares about itself, gathered on the walk: the parts of `Head`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from archiver.blocks.scripted import may_hold_body
from archiver.model import Head

# What a replay or a saving tool writes into comments of the page, in lower case; other comments are not kept.
_TOOL_MARKS: Final = (
    "singlefile", "saved from url", "httrack", "archived on", "wayback", "archive.today", "archive.ph", "archive.is",
    "archive.org", "__wm.", "wbinfo", "pywb",
)  # fmt: skip
# Scripts are long and many; replays write these into theirs, in these letters.
_TOOL_SCRIPT_MARKS: Final = ("__wm.", "wbinfo", "wbCurrentUrl", "wmNotice", "sWayBackCGI", "archive.org")
# The longest of these marks, Wayback's closing comment, has about 900 code points.
_TOOL_TEXT: Final = 2_000
# A microdata value is a name, a date, a headline; articleBody is not wanted here.
_ITEM_TEXT: Final = 500


class Declared:
    """Told of every element that may declare something; `head()` gives what was declared."""

    def __init__(self) -> None:
        self._once: dict[str, str] = {}
        self._meta: list[tuple[str, str]] = []
        self._links: list[tuple[str, str]] = []
        self._json_ld: list[str] = []
        self._items: list[tuple[str, str, int]] = []
        self._times: list[tuple[str, int]] = []
        self._comments: list[str] = []
        self.data: list[tuple[str, str]] = []
        """(name, code) of each script that may hold data."""

    def see_empty(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A `<meta>`, `<link>` or `<base>`."""
        if tag == "meta":
            content = attributes.get("content")
            name = next(
                (attributes[key] for key in ("property", "name", "itemprop", "http-equiv") if key in attributes), ""
            )
            if content is not None and name:
                self._meta.append((name.strip().lower(), content))
        elif "href" in attributes:
            if tag == "base":
                self._once.setdefault("base", attributes["href"])
            elif "rel" in attributes:
                self._links.append((attributes["rel"].lower(), attributes["href"]))

    def see_title(self, text: str) -> None:
        """The page's `<title>`; the first counts."""
        self._once.setdefault("title", text)

    def see_script(self, kind: str, name: str, code: str) -> None:
        """A script, with its `type` and `id`."""
        declares = "ld+json" in kind.lower()
        if may_hold_body(kind, code):
            self.data.append(("JSON-LD" if declares else name or "script", code))
        if declares:
            self._json_ld.append(code)
            return
        code = code[:_TOOL_TEXT]
        if any(mark in code for mark in _TOOL_SCRIPT_MARKS):
            self._comments.append(code)

    def see_element(self, tag: str, attributes: Mapping[str, str], index: int) -> str | None:
        """`<html>`, `<body>`, `<time>` or an element with `itemprop`; `index` is its place among the elements.

        Gives the `itemprop` whose value is the element's text, for `see_item` when that is known.
        """
        if tag in ("html", "body"):
            language = attributes.get("lang") or attributes.get("xml:lang")
            if language:
                self._once.setdefault("language", language)
            if attributes.get("dir"):
                self._once.setdefault("direction", attributes["dir"])
        if tag == "time" and "datetime" in attributes:
            self._times.append((attributes["datetime"], index))
        name = attributes.get("itemprop")
        if not name:
            return None
        value = next((attributes[key] for key in ("content", "datetime", "href", "src") if key in attributes), None)
        if value is None:
            return name
        self.see_item(name, value, index)
        return None

    def see_item(self, name: str, value: str, index: int) -> None:
        """A microdata property."""
        self._items.append((name.lower(), value.strip()[:_ITEM_TEXT], index))

    def see_comment(self, text: str) -> None:
        """A comment; kept when a replay or saving tool left it."""
        text = text[:_TOOL_TEXT]
        written = text.lower()
        if any(mark in written for mark in _TOOL_MARKS):
            self._comments.append(text)

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
