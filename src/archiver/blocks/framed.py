"""Pages in frames whose markup stands in the page itself, where saving tools put it.

SingleFile writes the page of an `<iframe>` into `srcdoc`, that of a `<frame>` or an `<object>` into a `data:` address
(https://www.rfc-editor.org/rfc/rfc2397). A page is read without them, as it is where they are at addresses of their
own; only of a page that shows nothing but frames they are the body.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from urllib.parse import unquote_to_bytes

from archiver.blocks.scripted import shows_little, shows_no_sentence
from archiver.model import Block
from archiver.parse import Target, tell

# Framesets stand in framesets, and a replay's frame around them. Without an end a page of 1 MB, nothing but frames in
# frames, would be read 37,000 times.
_DEEPEST: Final = 3
# The attribute in which each of them names its page.
_ADDRESS: Final = {"iframe": "src", "frame": "src", "object": "data"}
_OF_LANGUAGE: Final = ("lang", "xml:lang", "dir")
_DATA: Final = re.compile(r"\s*data:text/html(;[^,]*)?,", re.I)


class Frames:
    """The pages in the frames of a page, as far as its markup or the file that it came in holds them."""

    def __init__(self, beside: Callable[[], Sequence[str]]) -> None:
        """`beside` gives the markup of those that came in the page's file."""
        self._beside = beside
        self._pages: list[str] = []
        self._alone = False

    def see(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An `<iframe>`, `<frame>` or `<object>`; or a `<frameset>`, which shows nothing else."""
        if tag == "frameset":
            self._alone = True
            return
        page = page_in(tag, attributes)
        if page:
            self._pages.append(page)

    def tell_pages(self, target: Target[object], blocks: Sequence[Block]) -> None:
        """Tells the target of them, if its `blocks` show nothing else; and of those in theirs, if they don't either."""
        for depth in range(_DEEPEST):
            if not self._alone and not (shows_little(blocks) and shows_no_sentence(blocks)):
                return
            pages = [*self._pages, *(() if depth else self._beside())]
            self._pages, self._alone = [], False
            for page in pages:
                tell(page, _Inside(target))


class _Inside:
    """Tells a target of a page in a frame as of one more `<body>` of the page around it, in which everything stands as
    deep as in that page by itself.
    """

    def __init__(self, target: Target[object]) -> None:
        self._target = target
        self._inherited: dict[str, str] = {}

    @property
    def elements_begun(self) -> int:
        """Those of the page around it."""
        return self._target.elements_begun

    @property
    def text_length(self) -> int:
        """That of the page around it."""
        return self._target.text_length

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """What its `<html>` says of the language is said of its `<body>`."""
        if tag == "html":
            self._inherited = {name: attributes[name] for name in _OF_LANGUAGE if name in attributes}
        else:
            self._target.start(tag, {**self._inherited, **attributes} if tag == "body" else attributes)

    def end(self, tag: str) -> None:
        """Its `<html>` does not end the page around it."""
        if tag != "html":
            self._target.end(tag)

    def data(self, text: str) -> None:
        """Text."""
        self._target.data(text)

    def comment(self, text: str) -> None:
        """A comment."""
        self._target.comment(text)

    def close(self) -> None:
        """The page around it goes on."""


def page_in(tag: str, attributes: Mapping[str, str]) -> str:
    """The markup of the page in an `<iframe>`, `<frame>` or `<object>`; "" when it is not in the page. Never raises."""
    if tag == "iframe" and attributes.get("srcdoc"):
        return attributes["srcdoc"]
    address = attributes.get(_ADDRESS[tag], "")
    data = _DATA.match(address)
    if data is None:
        return ""
    body = unquote_to_bytes(address[data.end() :])
    if (data[1] or "").lower().endswith("base64"):
        try:
            body = binascii.a2b_base64(body)
        except binascii.Error:
            return ""
    # What tools write is text, and so UTF-8, whatever charset the page in the frame had.
    return body.decode("utf-8", "replace")
