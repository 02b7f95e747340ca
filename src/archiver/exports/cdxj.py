"""`cdxj`: an index of the original captures, as pywb and its kin read it: `urlkey timestamp {json}`, sorted.

Each value of the JSON is a string, as pywb and cdxj-indexer write them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO

from archiver.exports.job import Job
from archiver.exports.output import compressed
from archiver.exports.sorting import sorted_lines
from archiver.exports.warc import uri_of
from archiver.model import Record
from archiver.urlkeys import index_key


def write_cdxj(job: Job, stream: BinaryIO) -> int:
    """Writes a line for each capture with an address and a time, by which the index is sorted; returns how many had
    none and were left out.
    """
    left_out = 0

    def lines() -> Iterator[bytes]:
        nonlocal left_out
        for _, record in job.records:
            if record.url and record.timestamp:
                key = key_of(uri_of(record.url))
                yield index_line(key, record.timestamp, _fields(record))
            else:
                left_out += 1

    with compressed(stream, job.name) as out:
        out.writelines(sorted_lines(lines()))
    return left_out


def key_of(uri: str) -> str:
    """The SURT key by which other programs find an address without spaces; what is no address of the web is its own.

    Not the record's, which leaves out tracking parameters: pywb would look for the page under the key with them.
    """
    return index_key(uri) or uri


def index_line(key: str, timestamp: str, fields: dict[str, str]) -> bytes:
    """One line of an index."""
    return f"{key} {timestamp} {json.dumps(fields)}\n".encode()


def _fields(record: Record) -> dict[str, str]:
    capture = record.capture
    mime = (capture.content_type or "").partition(";")[0].strip().lower()
    known = {
        "url": record.url,
        # What the field writes for a type that nobody knows.
        "mime": mime or "unk",
        "status": capture.http_status,
        "digest": capture.declared_digest if capture.digest_check == "equal" else capture.payload_digest,
        "length": capture.length,
        "offset": capture.offset,
        "filename": capture.container,
    }
    return {name: str(value) for name, value in known.items() if value is not None}
