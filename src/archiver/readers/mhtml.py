"""Pages saved as MHTML (RFC 2557): one capture a file, the page without what it embeds.

Chromium, Internet Explorer, Outlook, Word, Opera and UnMHT write them. The capture is the root of the archive, as its
server sent it or its browser rewrote it. The pages in its frames are other pages, of other addresses: they come along
with it, for a page that shows nothing but frames; of any other they are left out, as they are from the same page saved
as HTML, so that both give the same text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urldefrag

from archiver.addresses import absolute_address
from archiver.model import Capture
from archiver.readers.capture_file import Place, is_blank, read_page
from archiver.readers.mime import Message, Part, decode_part, media_type_of, parse_headers, parse_message

_HEADER_LINE = re.compile(rb"\s*[!-9;-~]+[ \t]*:")
_HEAD_END = re.compile(rb"\n\r?\n")
_PAGES = ("text/html", "application/xhtml+xml")
# RFC 5322 section 3.3: UTC, by a clock whose own zone is not told. Chromium wrote it for years.
_ZONELESS_UTC = re.compile(r"\s-0000\b")
# UnMHT writes JavaScript's form: Tue, Jan 10 2012 10:00:00 GMT+0900.
_SCRIPT_ZONE = re.compile(r"\bGMT(?=[+-]\d{4}\b)")


def sniff(head: bytes, name: str) -> bool:
    """True for bytes that begin with the headers of a MIME message that can hold a page, whatever the file is called.

    A long title may push `Content-Type` out of the head; `Snapshot-Content-Location` and the name of the browser
    stand before it.
    """
    if not _HEADER_LINE.match(head):
        return False
    end = _HEAD_END.search(head.lstrip())
    headers = parse_headers(head.lstrip()[: end.start() if end else None])
    if "content-type" not in headers:
        return "snapshot-content-location" in headers or headers.get("from", "").startswith("<Saved by")
    media_type = media_type_of(headers)
    # Internet Explorer saves a page without images as a message of one part.
    return media_type.startswith("multipart/") or (media_type in _PAGES and "mime-version" in headers)


def read(place: Place) -> Iterator[Capture]:
    """The one page in a file; when there is none that can be read, the reason."""
    capture = read_page(place)
    yield capture if capture.unreadable else unwrap(capture)


def unwrap(capture: Capture) -> Capture:
    """The page out of a capture whose body is an MHTML file, or the reason why there is none.

    What is written beside the file goes before what is in it, but for the type of the page.
    """
    message = parse_message(capture.body)
    part = _find_page(message)
    if part is None:
        return _refuse(capture, f"{message.fault or 'MHTML without a page in it'} (save the page again)")
    page = decode_part(capture.body, part)
    if is_blank(page.data):
        return _refuse(capture, f"{message.fault or 'an empty page'}, no characters in it (save the page again)")
    where = "" if not part.ended else " (the page itself is whole)"
    cut = f"MHTML: {message.fault}{where}" if message.fault else None
    return replace(
        capture,
        body=page.data,
        url=capture.url or _find_address(message, part),
        captured_at=capture.captured_at or _find_time(message.headers),
        content_type=part.headers.get("content-type") or capture.content_type,
        truncated="; ".join(filter(None, (capture.truncated, cut))) or None,
        notes=(*capture.notes, *(f"MHTML: {fault}" for fault in page.faults)),
        frames=tuple(_read_frames(capture.body, message, part)),
        format="mhtml",
    )


def _read_frames(data: bytes, message: Message, page: Part) -> Iterator[Capture]:
    """All other pages of the file, in its order."""
    for part in message.parts:
        if part is not page and part.media_type in _PAGES:
            yield Capture(decode_part(data, part).data, content_type=part.headers.get("content-type"))


def _refuse(capture: Capture, reason: str) -> Capture:
    return replace(capture, body=b"", truncated=None, unreadable=reason)


def _find_page(message: Message) -> Part | None:
    """The root: what `start` names, else the page of the snapshot's address, else the first page; None without one.

    Of a message that was cut before its root, no other part is taken for it.
    """
    parts: Sequence[Part] = message.parts
    if message.start:
        named = [part for part in parts if message.start in part.within]
        if message.fault and not named:
            return None
        parts = named or parts
    pages = [part for part in parts if part.media_type in _PAGES]
    address = urldefrag(_address(message.headers, "snapshot-content-location") or "")[0]
    at_address = [page for page in pages if urldefrag(_address(page.headers, "content-location") or "")[0] == address]
    texts = [] if message.fault else [part for part in parts if part.media_type == "text/plain"]
    return next(iter((at_address if address else []) or pages or texts), None)


def _find_address(message: Message, part: Part) -> str | None:
    """The page's address on the web; None for a page of a disk or of nowhere (`file:`, `cid:`)."""
    base = next(filter(None, (_address(each, "content-base") for each in (part.headers, message.headers))), None)
    for headers, name in (
        (message.headers, "snapshot-content-location"),
        (part.headers, "content-location"),
        (message.headers, "content-location"),
    ):
        written = _address(headers, name)
        address = absolute_address(written, base) if written else None
        if address:
            return address
    return None


def _address(headers: Mapping[str, str], name: str) -> str | None:
    """An address in a header; long ones were folded, and white space is no part of any (RFC 2557 section 4.4)."""
    return "".join(headers.get(name, "").split()) or None


def _find_time(headers: Mapping[str, str]) -> datetime | None:
    """When the page was saved, UTC; None without a `Date`, or for one that tells no zone."""
    written = _SCRIPT_ZONE.sub("", headers.get("date", ""))
    try:
        moment = parsedate_to_datetime(written)
        if moment.tzinfo is None and _ZONELESS_UTC.search(written):
            return moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
