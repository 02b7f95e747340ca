"""A WACZ's list of pages: titles and times of what stands in its archives.

Source: Webrecorder, "Web Archive Collection Zipped (WACZ) 1.1.1", 5.2 (`pages.jsonl`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from archiver.model import Capture
from archiver.readers.archived import Member
from archiver.readers.sidecar import parse_time


class ListedPage(NamedTuple):
    """A line of the list."""

    time: datetime | None
    title: str | None


# Each takes some 300 bytes of memory; larger collections are split over many files by those who make them.
_MAX_PAGES = 200_000
# A line may hold the page's text.
_MAX_LINE = 16 * 1024 * 1024


def is_wacz(name: str, members: Sequence[str]) -> bool:
    """Whether a zip file is a WACZ: by its name, or by what the specification asks for in it."""
    if "datapackage.json" not in members:
        return False
    return name.lower().endswith(".wacz") or any(member.startswith("archive/") for member in members)


def read_page_list(members: Iterable[Member]) -> dict[str, list[ListedPage]]:
    """The listed pages by address: those of `pages/pages.jsonl` and of the lists beside it. Lines that are none, and
    lists that break off, are left out: they only add to what the archives say.
    """
    pages: dict[str, list[ListedPage]] = {}
    for member in members:
        if member.name.startswith("pages/") and member.name.endswith(".jsonl"):
            for address, page in _lines(member):
                if len(pages) < _MAX_PAGES:
                    pages.setdefault(address, []).append(page)
    return pages


def _lines(member: Member) -> Iterator[tuple[str, ListedPage]]:
    try:
        with member.open() as stream:
            while line := stream.readline(_MAX_LINE):
                try:
                    fields = json.loads(line)
                except (ValueError, RecursionError):
                    continue
                if isinstance(fields, dict) and isinstance(address := fields.get("url"), str):
                    title = fields.get("title")
                    yield address, ListedPage(parse_time(fields.get("ts")), title if isinstance(title, str) else None)
    except OSError:
        return


def with_page(capture: Capture, pages: dict[str, list[ListedPage]]) -> Capture:
    """The capture with the title and, where it has none, the time that the list gives: of several captures of an
    address those of the line whose time is nearest.
    """
    listed = pages.get(capture.url or "")
    if not listed:
        return capture
    moment = capture.captured_at or datetime.max.replace(tzinfo=UTC)
    page = min(listed, key=lambda page: abs((page.time or datetime.min.replace(tzinfo=UTC)) - moment))
    return replace(capture, title=page.title or None, captured_at=capture.captured_at or page.time)
