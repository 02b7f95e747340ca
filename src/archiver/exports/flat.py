"""A record as one flat row, for tools that read rows: the names that Dolma's documents have, with all other facts in
`metadata`.

Nothing is null, and no list is empty: Hugging Face's `datasets` takes the types of all rows from the first ten
megabytes, and stops at the first text where it has seen only nulls, at the first name where it has seen only empty
lists (datasets 5.2, "Couldn't cast array of type string to null"). What is unknown is "" or 0, a list is one text.
"""

from __future__ import annotations

import json
from typing import NamedTuple, TypedDict

from archiver.model import Record

# str.splitlines, and so many a reader of lines, breaks at these too; JSON itself lets them stand.
_LINE_ENDS = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}


class FlatMetadata(TypedDict):
    """What is known of a page and of its cleaning, as texts and numbers."""

    urlkey: str
    title: str
    authors: str
    published: str
    modified: str
    site_name: str
    description: str
    canonical_url: str
    page_type: str
    direction: str
    http_status: int
    charset: str
    container: str
    offset: int
    payload_digest: str
    text_digest: str
    fingerprint: str
    status: str
    kept_share: float
    removed: int
    repairs: int
    replacement_characters: int
    version: str


class FlatRow(NamedTuple):
    """One row; the order of the fields is the order in the file."""

    id: str
    """The record's id."""
    text: str
    """The clean text, or what a format puts in its place."""
    source: str
    """The collection."""
    created: str
    """When it was captured, RFC 3339; `added` when nobody knows it, and `timestamp` is then empty."""
    added: str
    """When it was exported, RFC 3339."""
    url: str
    """The address; "" when unknown."""
    timestamp: str
    """When it was captured, 14 digits in UTC; "" when unknown."""
    language: str
    """BCP 47; "" when unknown."""
    metadata: FlatMetadata
    """Everything else."""


def flat_row(record: Record, added: str) -> FlatRow:
    """The record as a row."""
    return FlatRow(
        id=record.id,
        text=record.text,
        source=record.source,
        created=record.created or added,
        added=added,
        url=record.url or "",
        timestamp=record.timestamp or "",
        language=record.metadata.language or "",
        metadata=_metadata(record),
    )


def to_line(values: object) -> bytes:
    """The values as JSON on one line, UTF-8, with its line end: no reader of lines finds another one in it."""
    line = _encode(values)
    for character, escape in _LINE_ENDS.items():
        line = line.replace(character, escape)
    return f"{line}\n".encode()


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def _metadata(record: Record) -> FlatMetadata:
    page, capture = record.metadata, record.capture
    return FlatMetadata(
        urlkey=record.urlkey or "",
        title=page.title or "",
        authors="; ".join(page.authors),
        published=_basic(page.published),
        modified=_basic(page.modified),
        site_name=page.site_name or "",
        description=page.description or "",
        canonical_url=page.canonical_url or "",
        page_type=page.page_type or "",
        direction=page.direction or "",
        http_status=capture.http_status or 0,
        charset=record.encoding.used or "",
        container=capture.container or "",
        offset=capture.offset or 0,
        payload_digest=capture.payload_digest,
        text_digest=record.content.text_digest,
        fingerprint=record.content.fingerprint,
        status=record.status,
        kept_share=record.account.kept_share,
        removed=len(record.removed),
        repairs=len(record.encoding.repairs),
        replacement_characters=record.encoding.replacement_characters,
        version=record.account.made_by.version,
    )


def _basic(moment: str | None) -> str:
    """An ISO 8601 date in the basic form, `20240131T101500+0330`: written `2024-01-31` on all of the first pages it
    would be taken for a time stamp by Arrow, which then stops at the first "" (datasets 5.2).

    >>> _basic("2024-01-31T10:15:00-03:30"), _basic("2024-01"), _basic(None)
    ('20240131T101500-0330', '202401', '')
    """
    date, _, time = (moment or "").partition("T")
    return date.replace("-", "") + (f"T{time.replace(':', '')}" if time else "")
