"""A record written out, with all that the catalogue remembers of it.

What a worker hands back: the process that stores has nothing left to compute.
"""

from __future__ import annotations

from typing import NamedTuple

from archiver.model import Record
from archiver.record import to_bytes
from archiver.store.catalogue import Row
from archiver.store.keys import Key, origin_of
from archiver.store.places import place_of


class Packed(NamedTuple):
    """A record as it is to be stored."""

    row: Row
    """At the place of a record on its own, at none for a line of a shard; made by nobody yet."""

    longer_place: str
    """The place with the whole id in it, should the other be taken; none for a line of a shard."""

    json: bytes
    """The record: a `.json` of many lines, or one line of a shard."""

    text: bytes
    """What the `.txt` beside a record on its own holds; nothing for a line of a shard."""

    def row_at(self, place: str, key: Key | None) -> Row:
        """What the catalogue remembers when it stands at `place`."""
        return self.row._replace(place=place, maker=key.maker if key else "")


def pack(record: Record, *, as_line: bool = False) -> Packed:
    """The record written out, on its own or as a line of a shard."""
    data = to_bytes(record, as_line=as_line)
    text = b"" if as_line else text_file(record)
    row = Row(
        place="" if as_line else place_of(record),
        id=record.id,
        urlkey=record.urlkey,
        timestamp=record.timestamp,
        origin=origin_of(record.source, record.capture.container, record.capture.offset),
        maker="",
        text_digest=record.content.text_digest,
        status=record.status,
        reason=record.account.doubts[0] if record.status == "failed" else "",
        json_bytes=len(data),
        text_bytes=len(text),
        url=record.url,
        http_status=record.capture.http_status,
        title=record.title,
        visible_digest=record.account.visible_digest,
        context_digest=record.account.made_by.context_digest,
    )
    return Packed(row, "" if as_line else place_of(record, whole_id=True), data, text)


def text_file(record: Record) -> bytes:
    """What the `.txt` beside the record holds: its text and a line end, UTF-8; nothing for an empty text."""
    return f"{record.text}\n".encode() if record.text else b""
