"""`wet`: the clean text as WARC `conversion` records, as Common Crawl's WET files have it; after each the whole JSON
record, in a `metadata` record that refers to it.

A conversion must have an address and a date (WARC 1.0, 5.1). Where nobody knows the address, `urn:archiver:` with the
record's id stands in its place; where nobody knows the time, the time of export. The JSON record says what is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from archiver.exports.job import Job
from archiver.exports.warc import member, uri_of, urn_of, warc_record
from archiver.model import Record
from archiver.record import to_json
from archiver.version import __version__

# `WARC-Record-ID` is a URI in angle brackets; what stood otherwise in a file is no reference to anything.
_RECORD_ID = re.compile(r"<[^<>\s]+>")


class Conversion(NamedTuple):
    """A record's conversion as it stands in the file."""

    record: Record
    uri: str
    """What it was captured from."""
    date: str
    """When, RFC 3339."""
    offset: int
    """First byte in the file."""
    length: int
    """Bytes in the file."""
    block: bytes
    """The clean text, UTF-8."""


def write_wet(job: Job, stream: BinaryIO) -> int:
    """Writes the file, one gzip member a record when its name ends in `.gz`. Leaves nothing out."""
    for _ in conversions(job, stream):
        pass
    return 0


def conversions(job: Job, stream: BinaryIO) -> Iterator[Conversion]:
    """Writes the file record by record, and tells of each where it came to stand."""
    packed = member if job.name.endswith(".gz") else bytes
    info = _warcinfo(job)
    position = stream.write(packed(info.record))
    for _, record in job.records:
        uri = uri_of(record.url) if record.url else f"urn:archiver:{record.id}"
        date = record.created or job.added
        block = record.text.encode()
        # Two equal files without an address have one id, and are two records.
        own = urn_of(record.id, record.source, record.capture.container, record.capture.offset)
        shared = [("WARC-Target-URI", uri), ("WARC-Date", date), ("WARC-Warcinfo-ID", info.id)]
        conversion = packed(warc_record([*_conversion(record, own), *shared], block))
        metadata = packed(warc_record([*_metadata(own), *shared], to_json(record).encode()))
        stream.write(conversion)
        stream.write(metadata)
        yield Conversion(record, uri, date, position, len(conversion), block)
        position += len(conversion) + len(metadata)


class _Warcinfo(NamedTuple):
    id: str
    record: bytes


def _warcinfo(job: Job) -> _Warcinfo:
    lines = {
        "software": f"archiver/{__version__}",
        "format": "WARC File Format 1.0",
        "conformsTo": "http://bibnum.bnf.fr/WARC/WARC_ISO_28500_version1_latestdraft.pdf",
        "description": "Clean texts of captured pages (conversion), and the record of each (metadata, JSON)",
    }
    block = "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode()
    own = urn_of("warcinfo", job.name, job.added, __version__)
    fields = [
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", own),
        ("WARC-Date", job.added),
        ("WARC-Filename", job.name or None),
        ("Content-Type", "application/warc-fields"),
    ]
    return _Warcinfo(own, warc_record(fields, block))


def _conversion(record: Record, own: str) -> list[tuple[str, str | None]]:
    original = record.capture.record_id
    return [
        ("WARC-Type", "conversion"),
        ("WARC-Record-ID", own),
        ("WARC-Refers-To", original if original and _RECORD_ID.fullmatch(original) else None),
        ("WARC-Identified-Content-Language", record.metadata.language),
        ("Content-Type", "text/plain; charset=utf-8"),
    ]


def _metadata(conversion: str) -> list[tuple[str, str | None]]:
    return [
        ("WARC-Type", "metadata"),
        ("WARC-Record-ID", urn_of("metadata", conversion)),
        ("WARC-Refers-To", conversion),
        ("Content-Type", "application/json"),
    ]
