"""A record -> a capture, or why it is none.

Sources: IIPC, "The WARC Format 1.1", 5 and 6; browsertrix's `urn:text:` resources; WET's `conversion` records.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from archiver.model import Capture, DigestCheck
from archiver.readers import body
from archiver.readers.capture_file import EMPTY, Place, explain, is_blank
from archiver.readers.sidecar import parse_time
from archiver.readers.skipped import Skipped
from archiver.readers.warc.digests import check_digest
from archiver.readers.warc.framing import Head, Record
from archiver.readers.warc.http import USED_HEADERS, Payload, Response, parse_response, read_payload
from archiver.readers.warc.originals import Original, Originals
from archiver.readers.warc.pages import media_type_of, why_no_body, why_no_page
from archiver.readers.warc.tape import Tape

# Kinds of record that hold what was got: the others are about it.
_WITH_PAYLOAD = ("response", "resource", "conversion")

# What is looked at before a block is read: most heads of HTTP are below 8 KiB, and a sniffer wants 4 KiB of the body.
_LOOK = 32 * 1024

_DATE = re.compile(r"\d{4}(?:-\d\d){0,2}")


class Faults(NamedTuple):
    """What is wrong with a block."""

    cuts: tuple[str, ...]
    """Why it is shorter than it was."""

    notes: tuple[str, ...] = ()
    """What else."""


class Block:
    """A record's block, or its beginning, taken apart when it is asked for."""

    def __init__(self, head: Head, data: bytes) -> None:
        self.head = head
        self.data = data

    @cached_property
    def response(self) -> Response | None:
        """The HTTP response in it; None for what was not got by HTTP."""
        return parse_response(self.data)

    @cached_property
    def payload(self) -> Payload:
        """What was got, everything undone that was done to it for the way."""
        return read_payload(self.response) if self.response else Payload(self.data, self.data)

    @property
    def content_type(self) -> str | None:
        """The media type as it stood; None when nobody tells."""
        if self.response:
            return self.response.header("content-type")
        told = self.head.fields.get("content-type")
        # An ARC, or a resource, of what is no HTTP has the type in the head; a response without a status line has
        # that of the message there.
        return None if told and told.lower().startswith("application/http") else told

    def why_no_page(self) -> str | None:
        """Why it is no page; None for a page."""
        if self.response and (reason := why_no_body(self.response)):
            return reason
        kind = media_type_of(self.content_type) or media_type_of(self.head.fields.get("warc-identified-payload-type"))
        return why_no_page(url_of(self.head) or "", kind, lambda: self.payload.data[:4096])


def read_capture(record: Record, place: Place, originals: Originals) -> Capture | Skipped:
    """What a record gives. Raises OSError."""
    if record.head.kind == "revisit":
        return _read_revisit(record, place, originals)
    if record.head.kind not in _WITH_PAYLOAD:
        return _skip(record, f"{record.head.kind or 'untyped'} record")
    looked = Block(record.head, record.read(_LOOK))
    if reason := looked.why_no_page():
        originals.remember(record, reason)
        return _skip(record, reason)
    block, faults = _read_block(record, looked)
    originals.remember(record)
    return _capture(_blank(record, place), faults, block, block)


def _skip(record: Record, reason: str) -> Skipped:
    return Skipped(f"{reason}, damaged" if record.close().fault else reason)


def _read_block(record: Record, looked: Block | None = None) -> tuple[Block, Faults]:
    """The whole block, as far as it fits into memory, of which `looked` is read already."""
    begun = looked.data if looked else b""
    data = begun + record.read(max(0, body.MAX_BYTES - len(begun)))
    extent = record.close()
    data = data[: extent.block]
    # What was taken apart when it was looked at is not taken apart again, if it was all.
    block = looked if looked and len(looked.data) == len(data) else Block(record.head, data)
    if len(data) < extent.block:
        return block, Faults((f"cut after {len(data)} bytes, the most that is read of one page",))
    if record.broken and extent.block == record.head.length:
        # The bytes are there, and the checksum behind them says that some are wrong.
        return block, Faults((), (record.broken,))
    return block, Faults((extent.fault,) if extent.fault else ())


def _read_revisit(record: Record, place: Place, originals: Originals) -> Capture | Skipped:
    """The page of a record that says "the same as that one", taken from that one."""
    own, faults = _read_block(record)
    original = originals.find(record)
    if original and original.skipped:
        return Skipped(f"revisit of {original.skipped}")
    blank = _blank(record, place)
    if original:
        try:
            holder, there = _reread(original)
        except OSError as error:
            return replace(
                blank, unreadable=f"a revisit of {_referred(record.head)}, which can't be read again: {explain(error)}"
            )
        return _capture(blank, Faults(faults.cuts + there.cuts, faults.notes + there.notes), own, holder)
    kind = media_type_of(own.content_type)
    if kind and (reason := why_no_page(url_of(record.head) or "", kind, lambda: b"")):
        return Skipped(f"revisit of {reason}")
    what = f"a revisit of {_referred(record.head)}, which does not come before it"
    return replace(blank, unreadable=f"{what} (read it together with the archive that holds the original)")


def _reread(original: Original) -> tuple[Block, Faults]:
    with original.place.open() as stream:
        tape = Tape(stream, original.syntax.first_line, original.syntax.anywhere)
        tape.rewind(original.start)
        return _read_block(Record(tape, original.syntax))


def _blank(record: Record, place: Place) -> Capture:
    """What is known of a record but its payload; to be asked for when the block is read."""
    fields, extent = record.head.fields, record.close()
    moment = time_of(record.head)
    notes = list(record.head.notes)
    if moment is None:
        notes.append(f"its time is none: {fields.get('warc-date', '')[:40]!r}")
    told = fields.get("warc-record-id", "").strip("<>")
    return Capture(
        body=b"",
        url=url_of(record.head),
        captured_at=moment,
        source=place.source,
        container=place.container,
        offset=extent.offset,
        length=extent.length,
        record_id=told or None,
        notes=tuple(notes),
        identified_type=fields.get("warc-identified-payload-type"),
        archive=place.archive or place.container,
        declared_digest=fields.get("warc-payload-digest") or fields.get("warc-block-digest"),
        revisit_of=_referred(record.head) if record.head.kind == "revisit" else None,
    )


def _capture(blank: Capture, faults: Faults, own: Block, holder: Block) -> Capture:
    """The capture of a record whose payload lies in `holder`: its own block, or for a revisit that of the original."""
    # The headers of a revisit are of its own time; many are written without.
    told = own.response and own.response.status != 304 and own.response.header("content-type")
    answer = own if told else holder
    cuts = [*_told_cuts(own.head), *faults.cuts, *_http_cuts(holder)]
    # Of what is not as the crawler stored it no digest can be checked.
    check: DigestCheck | None = _check_digest(own, holder)
    if faults.cuts:
        check = check and "unknown"
    known = replace(
        blank,
        content_type=answer.content_type,
        http_status=answer.response.status if answer.response else None,
        http_headers=_used_headers(answer),
        truncated="; ".join(cuts) or None,
        digest_check=check,
        notes=(*blank.notes, *faults.notes, *(() if faults.cuts else _block_notes(own))),
    )
    if holder.payload.unknown:
        return replace(known, unreadable=f"its body is {holder.payload.unknown} (get the page again without it)")
    if is_blank(holder.payload.data):
        return replace(known, unreadable=EMPTY)
    return replace(known, body=holder.payload.data)


def _told_cuts(head: Head) -> Iterator[str]:
    """What the crawler says was cut."""
    if reason := head.fields.get("warc-truncated"):
        yield f"cut by the crawler ({reason})"
    if head.fields.get("warc-segment-number"):
        yield "the rest lies in other records, which are not joined to it"


def _http_cuts(block: Block) -> Iterator[str]:
    """What the HTTP response shows to be missing."""
    if block.response is None:
        return
    told = block.response.header("content-length")
    if told and told.isascii() and told.isdigit() and len(told) <= 18 and int(told) > len(block.payload.joined):
        yield f"{len(block.payload.joined)} of {told} bytes of the HTTP body"
    if block.response.status == 206:
        yield "a part of the page (HTTP 206)"
    yield from block.payload.cuts


def _used_headers(block: Block) -> tuple[tuple[str, str], ...]:
    return tuple(header for header in block.response.headers if header[0] in USED_HEADERS) if block.response else ()


def _check_digest(own: Block, holder: Block) -> DigestCheck | None:
    """What came of the digest that the record tells of its payload, or else of its block; None without one."""
    declared = own.head.fields.get("warc-payload-digest")
    if declared:
        body = holder.response.body if holder.response else holder.data
        return check_digest(declared, (body, holder.payload.joined, holder.payload.data))
    declared = own.head.fields.get("warc-block-digest")
    return check_digest(declared, (own.data,)) if declared else None


def _block_notes(own: Block) -> tuple[str, ...]:
    """A sentence when the block's digest is wrong where the payload's is told as well."""
    declared = own.head.fields.get("warc-block-digest")
    if declared and "warc-payload-digest" in own.head.fields and check_digest(declared, (own.data,)) == "different":
        return (f"the record with its HTTP headers is not the one that {declared[:100]} was computed of",)
    return ()


def _referred(head: Head) -> str:
    """What a revisit says that it is the same as: an address and its time, else a record's id, else a digest."""
    address, time, name, digest = (
        head.fields.get(field, "").strip("<>")
        for field in ("warc-refers-to-target-uri", "warc-refers-to-date", "warc-refers-to", "warc-payload-digest")
    )
    return " ".join(filter(None, (address, time))) or name or digest or "an unnamed record"


def url_of(head: Head) -> str | None:
    """The address that was captured; None without one.

    wget wrote it between angle brackets until 2016. Spaces are written as browsers send them. browsertrix puts the
    text of a page under `urn:text:` and its address.
    """
    url = head.fields.get("warc-target-uri", "").strip().strip("<>").removeprefix("urn:text:")
    return url.replace(" ", "%20") or None


def time_of(head: Head) -> datetime | None:
    """When it was captured, UTC; None when unknown. WARC 1.1 allows less than seconds: the earliest moment counts."""
    text = head.fields.get("warc-date", "").strip()
    if _DATE.fullmatch(text):
        text = f"{text}{'-01-01'[len(text) - 4 :]}T00:00:00Z"
    # Times are UTC by the specification, whether they say so or not.
    return parse_time(text) or parse_time(f"{text}Z")
