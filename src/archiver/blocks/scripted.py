"""A body that stands only in a script's data: JSON-LD, `__NEXT_DATA__` and the like, `window.__STATE__ = {...}`.

No key is known by name but for headings. Of everything that a script holds, the strings that read as sentences count;
the body is the innermost object or list that holds most of them.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from archiver.model import Block
from archiver.parse import Target, tell

# Latin letters' worth of all that a page shows: an empty shell that a script fills has its name, a notice that it needs
# JavaScript, a footer. (Listings and products show little more than that in sentences, and hold much in their scripts
# that no reader sees: judged by sentences, eleven pages of WCXB dev lost 0.4 of F1 each, by text outside of links one.)
SHOWN = 500
# The shortest text with a stop that counts as a sentence, in Latin letters' worth: as in `archiver.labels.weights`.
SENTENCE = 45
# A body that is worth the change: some two paragraphs.
SHORTEST_BODY = 500
# A string of the body, in Latin letters' worth (a character of a script without spaces counts as three): a sentence or
# two. Shorter ones are labels, descriptions of pictures, messages.
LONG = 140
# The part of a script that holds this share of its sentences is the body; what lies beside are other pages' teasers.
BODY_SHARE = 0.75
# Longer scripts are catalogues. 2 MB of JSON, all of it sentences, take 0.2 s.
LONGEST_SCRIPT = 5_000_000

SCRIPTED = "script-data"
"""The tag that stands in the tree for the script that a body was read from."""

_HEADINGS = ("headline", "title", "heading", "name")
# State that a page hands to its scripts: `window.__STATE__ = {`.
_ASSIGNED = re.compile(r"\s*(?:window|self|globalThis|var|let|const)\b[^={]{0,80}=\s*(?=[\[{])")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_LETTER_RUN = re.compile(r"[^\W_]+")
_DENSE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_STOP = re.compile(r"[.!?\u3002\uff01\uff1f\u061f\u06d4\u0964\u0965]")
# Not one in an address or a number ("http://town.example/lock Archived on 5.3.2019").
_END = re.compile(r"[.!?\u061f\u06d4\u0964\u0965](?![^\s\"'\u00bb\u2019\u201d)\]])|[\u3002\uff01\uff1f]")
# Of its code points that are no white space, what a sentence has in letters and digits; code, addresses and style
# sheets have less.
_LETTER_SHARE = 0.8


class Body(NamedTuple):
    """What was found."""

    source: str
    """The script, and where in it."""

    texts: tuple[tuple[str, str], ...]
    """(tag to set it in, text or markup) in the script's order; the tag is `h2`, `p` or "" for markup."""


class _String(NamedTuple):
    path: tuple[str | int, ...]
    text: str
    heading: str
    size: int
    """Length in Latin letters' worth when it reads as a sentence or more; else 0."""

    def key(self) -> str:
        return next((step for step in reversed(self.path) if isinstance(step, str)), "")


def may_hold_body(kind: str, code: str) -> bool:
    """Whether a script, by its `type` and its beginning, is data that may hold one."""
    return "json" in kind.lower() or (len(code) > SHORTEST_BODY and _ASSIGNED.match(code) is not None)


def shows_little(blocks: Sequence[Block]) -> bool:
    """Whether the page shows no body of its own."""
    shown = 0
    for block in blocks:
        shown += _size(block.text)
        if shown > SHOWN:
            return False
    return True


def shows_no_sentence(blocks: Sequence[Block]) -> bool:
    """Whether nothing that the page shows reads as a sentence."""
    return not any(_size(block.text) >= SENTENCE and _END.search(block.text) for block in blocks)


def find_body(scripts: Sequence[tuple[str, str]]) -> Body | None:
    """The body in the (name, code) of scripts; None when none of them has one. Never raises."""
    most, source, strings = SHORTEST_BODY, "", list[_String]()
    for name, code in scripts:
        found = list(_strings(_value(code)))
        size = sum(one.size for one in found)
        if size > most:
            most, source, strings = size, name, found
    if not strings:
        return None
    path = _narrow([one for one in strings if one.size])
    inside = [one for one in strings if one.path[: len(path)] == path]
    # Short paragraphs stand under the same key as the long ones.
    keys = {one.key() for one in inside if one.size}
    texts = _set([one for one in inside if one.size or (one.key() in keys and " " in one.text)])
    place = "/".join(str(step) for step in path if isinstance(step, str))
    return Body(f"{source} {place}".strip(), tuple(texts))


def tell_body(body: Body, target: Target[object]) -> None:
    """Tells the target of the body as of an element of the page: a line of text is a paragraph."""
    target.start(SCRIPTED, {})
    for tag, text in body.texts:
        if not tag:
            tell(text, target)
        for paragraph in text.split("\n") if tag else ():
            target.start(tag, {})
            target.data(paragraph)
            target.end(tag)
    target.end(SCRIPTED)


def _value(code: str) -> object:
    """The JSON of a script, or of what a script assigns; None when there is none."""
    if len(code) > LONGEST_SCRIPT:
        return None
    assigned = _ASSIGNED.match(code)
    start = assigned.end() if assigned else len(code) - len(code.lstrip())
    try:
        # Not strict: line ends stand in strings as they are.
        value: object = json.JSONDecoder(strict=False).raw_decode(code, start)[0]
    except (ValueError, RecursionError):
        return None
    return value


def _strings(value: object) -> Iterator[_String]:
    """The strings in the script's order, each with the heading beside it."""
    waiting: list[tuple[tuple[str | int, ...], object, str]] = [((), value, "")]
    while waiting:
        path, one, heading = waiting.pop()
        if isinstance(one, dict):
            named = [one[key] for key in _HEADINGS if isinstance(one.get(key), str)]
            inner = named[0].strip() if named else ""
            waiting += [((*path, key), one[key], inner) for key in reversed(one)]
        elif isinstance(one, list):
            waiting += [((*path, place), one[place], "") for place in range(len(one) - 1, -1, -1)]
        elif isinstance(one, str):
            yield _String(path, one, heading if heading != one else "", _sentence_size(one))


def _size(text: str) -> int:
    return len(text) + 2 * (0 if text.isascii() else len(_DENSE.findall(text)))


def _sentence_size(text: str) -> int:
    """See `_String.size`."""
    if 3 * len(text) < LONG:
        return 0
    plain = _TAG.sub(" ", text) if "<" in text else text
    size = _size(plain)
    dense = size > 2 * len(plain)
    if size < LONG or not (dense or _STOP.search(plain)):
        return 0
    letters = sum(map(len, _LETTER_RUN.findall(plain)))
    solid = len("".join(plain.split()))
    spaced = dense or plain.count(" ") >= len(plain) // 20
    return size if spaced and letters >= _LETTER_SHARE * solid else 0


def _narrow(found: list[_String]) -> tuple[str | int, ...]:
    """The path of the innermost part that holds most of the sentences."""
    needed = BODY_SHARE * sum(one.size for one in found)
    path: tuple[str | int, ...] = ()
    while True:
        sizes: Counter[str | int] = Counter()
        for one in found:
            if len(one.path) > len(path):
                sizes[one.path[len(path)]] += one.size
        step, size = sizes.most_common(1)[0] if sizes else ("", 0)
        if size < needed:
            return path
        path = (*path, step)
        found = [one for one in found if one.path[: len(path)] == path]


def _set(found: list[_String]) -> Iterator[tuple[str, str]]:
    """What of it becomes headings and paragraphs; nothing twice."""
    seen: set[str] = set()
    for one in found:
        for tag, text in (("h2", one.heading), ("" if _TAG.search(one.text) else "p", one.text)):
            if text and text not in seen:
                seen.add(text)
                yield tag, text
