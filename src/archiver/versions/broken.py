"""Captures that do not show their page: errors, walls, shells, bodies cut short."""

from __future__ import annotations

import re
from functools import cache

from archiver.model import Record
from archiver.tables import read_table

# Only a page with so little text can be nothing but a notice; in code points without white space, of what was kept. The
# notices that were looked at on the development captures keep up to 180; the rest is room, and a choice.
_MOST_KEPT = 300

# With menus and cookie notices, 465 to 695 code points are all that the shells of the development captures show; twice
# that is a choice.
_MOST_SHOWN = 1500

_NOT_LETTERS = re.compile(r"[\W_]+")

WHY = {
    "blocked": "a check for robots, or a refusal",
    "error": "an error of the server",
    "login": "a login wall",
    "maintenance": "a notice of maintenance or overload",
    "moved": "a notice that it moved",
    "not-found": "a page that says that nothing was found",
    "shell": "an empty shell that a script should have filled",
}
"""The kinds of `tables/broken-pages` -> what such a capture shows."""


def why_broken(record: Record) -> str:
    """Why a capture does not show its page, as far as it tells by itself; "" when nothing tells so."""
    status = record.capture.http_status
    if status is not None and status >= 400:
        return f"the server answered {status}"
    if record.capture.truncated:
        return "its body was cut short"
    if not record.account.visible_characters:
        return WHY["shell"]
    kind = _kind_of_notice(record)
    return WHY[kind] if kind else ""


def _kind_of_notice(record: Record) -> str:
    if len("".join(record.text.split())) > _MOST_KEPT or record.account.visible_characters > _MOST_SHOWN:
        return ""
    shown = [record.title or "", record.text, *(entry.text for entry in record.removed)]
    return next((kind for text in shown if (kind := _kind_of(text))), "")


def _kind_of(text: str) -> str:
    folded = f" {_folded(text)} "
    return next((kind for kind, phrase in _phrases() if phrase in folded), "")


@cache
def _phrases() -> tuple[tuple[str, str], ...]:
    rows = ((kind, language, _folded(phrase)) for kind, language, phrase in read_table("broken-pages"))
    # Words end where phrases do, except where a script writes none.
    return tuple((kind, phrase if language in ("zh", "ja", "th") else f" {phrase} ") for kind, language, phrase in rows)


def _folded(text: str) -> str:
    return _NOT_LETTERS.sub(" ", text.casefold()).strip()
