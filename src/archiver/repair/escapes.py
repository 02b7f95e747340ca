"""Characters that were written as escapes once too often, and stand as such in the text.

    reference    `&amp;eacute;` in the markup, which shows as `&eacute;`
    backslash    `\\u0627\\u0644` of JSON or a program
    utf-7        `caf+AOk-` of mail gateways
    surrogates   the two halves of a character beyond the basic plane, each by itself

Text about such escapes is left alone: what stands by itself, and a text that holds a bare `&` or a tag.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from html import unescape as read_reference
from typing import Final, NamedTuple


class Found(NamedTuple):
    """An escape in a text, and what it stands for."""

    start: int
    end: int
    after: str


_REFERENCE: Final = re.compile(r"&(?:#(?:[0-9]{2,7}|[xX][0-9a-fA-F]{2,6})|[a-zA-Z]{2,8}[0-9]{0,2});")
_REFERENCES: Final = re.compile(f"(?:{_REFERENCE.pattern})+")
_BARE: Final = re.compile(r"&(?![#a-zA-Z0-9]+;)|<[a-zA-Z/!]|/>|&lt;|&gt;")
_QUOTED: Final = re.compile(
    r"&(?:quot|ldquo|laquo|bdquo|#34|#8220);[^&\n]*[^&\n\s]&(?:quot|rdquo|raquo|ldquo|#34|#8221);"
)
_JOINING: Final = re.compile(r"(?<=[A-Z])[\w.]* ?&amp; ?(?=[A-Z])|(?<=[^\W_])&(?:nbsp|#160);(?=[^\W_])")
_BACKSLASHES: Final = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
_UTF_7: Final = re.compile(r"\+((?=[A-Za-z])(?:[A-Za-z0-9/]{8})*(?:[A-Za-z0-9/]{3}|[A-Za-z0-9/]{6}|[A-Za-z0-9/]{8}))-")
_SURROGATES: Final = re.compile(r"[\ud800-\udbff][\udc00-\udfff]")


def find_all(text: str) -> Iterator[tuple[str, list[Found]]]:
    """The escapes of each kind that has any, in the order they must be undone; each kind on the text as it stands."""
    for kind, mark in _MARKS.items():
        if mark in text if mark else not text.isascii():
            found = list(_KINDS[kind](text))
            if found:
                yield kind, found


def unescape(text: str, kind: str) -> str | None:
    """The text with its escapes of a kind undone, for the replay of a plan; None when there are none.

    >>> unescape("caf&eacute;", "reference")
    'café'
    """
    found = list(_READERS[kind](text))
    if not found:
        return None
    for escape in reversed(found):
        text = text[: escape.start] + escape.after + text[escape.end :]
    return text


def _find_references(text: str) -> Iterator[Found]:
    if _BARE.search(text):
        return
    certain = [match.span() for pattern in (_QUOTED, _JOINING) for match in pattern.finditer(text)]
    for match in _REFERENCES.finditer(text):
        after = read_reference(match[0])
        beside = text[match.start() - 1 : match.start()].isalpha() or text[match.end() : match.end() + 1].isalpha()
        letters = after.isalpha() and (beside or len(after) > 1)
        # An apostrophe has a letter on either side, or an "s" follows; quotes and ampersands are told by their pairs.
        apostrophe = after in "'’" and beside and text[match.end() : match.end() + 1].isalpha()
        if letters or apostrophe or any(start <= match.start() < end for start, end in certain):
            yield Found(match.start(), match.end(), after)


def _read_references(text: str) -> Iterator[Found]:
    for match in _REFERENCE.finditer(text):
        yield Found(match.start(), match.end(), read_reference(match[0]))


def _find_backslashes(text: str) -> Iterator[Found]:
    for found in _read_backslashes(text):
        beside = text[found.start - 1 : found.start].isalpha() or text[found.end : found.end + 1].isalpha()
        # A single escape between spaces is one that is talked about.
        if any(char.isalpha() for char in found.after) and (len(found.after) > 1 or beside):
            yield found


def _read_backslashes(text: str) -> Iterator[Found]:
    for match in _BACKSLASHES.finditer(text):
        codes = bytes.fromhex(match[0].replace("\\u", ""))
        after = codes.decode("utf-16-be", "replace")
        if "\ufffd" not in after and after.isprintable():
            yield Found(match.start(), match.end(), after)


def _read_utf_7(text: str) -> Iterator[Found]:
    for match in _UTF_7.finditer(text):
        code = match[1]
        data = base64.b64decode(code + "=" * (-len(code) % 4))
        after = data[: len(data) // 2 * 2].decode("utf-16-be", "replace")
        # RFC 2152: what is left over of the last character is zero bits, and ASCII letters are not encoded.
        exact = base64.b64encode(data).decode().rstrip("=") == code and len(data) % 2 == 0
        if exact and after.isprintable() and not any(char.isascii() and char.isalnum() for char in after):
            yield Found(match.start(), match.end(), after)


def _read_surrogates(text: str) -> Iterator[Found]:
    for match in _SURROGATES.finditer(text):
        after = match[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        yield Found(match.start(), match.end(), after)


_MARKS: Final = {"surrogates": "", "reference": ";", "backslash": "\\u", "utf-7": "+"}
_KINDS: Final[dict[str, Callable[[str], Iterator[Found]]]] = {
    "reference": _find_references, "backslash": _find_backslashes, "utf-7": _read_utf_7,
    "surrogates": _read_surrogates,
}  # fmt: skip
_READERS: Final = {**_KINDS, "reference": _read_references, "backslash": _read_backslashes}
