"""`wacz`: a Web Archive Collection Zipped 1.1.1 of the clean texts: a list of pages with their text, to search in, and
the same WARC records as in `wet`, with their index.

Every file has the time of export, so that equal records and an equal time give equal bytes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from tempfile import TemporaryFile
from typing import BinaryIO, NamedTuple, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from archiver.exports.cdxj import index_line, key_of
from archiver.exports.flat import to_line
from archiver.exports.job import Job
from archiver.exports.sorting import sorted_lines
from archiver.exports.warc import digest
from archiver.exports.wet import Conversion, conversions
from archiver.version import __version__

_ARCHIVE = "archive/texts.warc.gz"
# A zip cannot hold an earlier time.
_FIRST_YEAR = 1980


def write_wacz(job: Job, stream: BinaryIO) -> int:
    """Writes the package. Leaves nothing out: a page without an address or a time has what `wet` puts there."""
    with ZipFile(stream, "w", allowZip64=True) as archive, TemporaryFile() as pages, TemporaryFile() as index:
        package = _Package(archive, job.added, [])
        with package.file(_ARCHIVE, ZIP_STORED) as warc:
            pages.write(to_line({"format": "json-pages-1.0", "id": "pages", "title": "All pages", "hasText": True}))
            for conversion in conversions(replace(job, name=_ARCHIVE.rpartition("/")[2]), warc):
                pages.write(_page(conversion))
                index.write(_entry(conversion))
        index.seek(0)
        with package.file("indexes/index.cdxj", ZIP_DEFLATED) as out:
            out.writelines(sorted_lines(index))
        pages.seek(0)
        with package.file("pages/pages.jsonl", ZIP_DEFLATED) as out:
            shutil.copyfileobj(pages, out)
        package.close()
    return 0


def _page(conversion: Conversion) -> bytes:
    record = conversion.record
    page = {"id": record.id, "url": conversion.uri, "ts": conversion.date}
    return to_line({**page, **({"title": record.title} if record.title else {}), "text": record.text})


def _entry(conversion: Conversion) -> bytes:
    fields = {
        "url": conversion.uri,
        "mime": "text/plain",
        "status": "200",
        "digest": digest(conversion.block),
        "length": str(conversion.length),
        "offset": str(conversion.offset),
        "filename": _ARCHIVE.rpartition("/")[2],
    }
    timestamp = "".join(filter(str.isdigit, conversion.date))
    return index_line(key_of(conversion.uri), timestamp, fields)


class _Resource(NamedTuple):
    """A file of the package, as its list of contents has it."""

    name: str
    path: str
    hash: str
    bytes: int


class _Package(NamedTuple):
    """A package that is being written."""

    archive: ZipFile
    created: str
    resources: list[_Resource]

    @contextmanager
    def file(self, path: str, compression: int) -> Iterator[BinaryIO]:
        """A file in it to write to; counted and hashed on the way."""
        with self.archive.open(self._entry(path, compression), "w", force_zip64=True) as entry:
            counted = _Counted(cast(BinaryIO, entry))
            yield cast(BinaryIO, counted)
        name = path.rpartition("/")[2]
        self.resources.append(_Resource(name, path, f"sha256:{counted.hash.hexdigest()}", counted.bytes))

    def close(self) -> None:
        """Writes the list of contents, and its digest."""
        contents = {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "title": "Clean texts of captured pages",
            "created": self.created,
            "software": f"archiver {__version__}",
            "resources": [resource._asdict() for resource in self.resources],
        }
        data = json.dumps(contents, indent=2).encode()
        seal = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
        self.archive.writestr(self._entry("datapackage.json", ZIP_DEFLATED), data)
        self.archive.writestr(self._entry("datapackage-digest.json", ZIP_DEFLATED), json.dumps(seal, indent=2))

    def _entry(self, path: str, compression: int) -> ZipInfo:
        moment = datetime.fromisoformat(self.created)
        entry = ZipInfo(path, (max(moment.year, _FIRST_YEAR), *moment.timetuple()[1:6]))
        entry.compress_type = compression
        # Unix, a file that all may read; the default is what the machine is.
        entry.create_system, entry.external_attr = 3, 0o100644 << 16
        return entry


class _Counted:
    """Counts and hashes what goes into a stream."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.hash = hashlib.sha256()
        self.bytes = 0

    def write(self, data: bytes) -> int:
        """Writes the bytes; returns how many."""
        self.hash.update(data)
        self.bytes += len(data)
        return self._stream.write(data)

    def writelines(self, lines: Iterator[bytes]) -> None:
        """Writes them all."""
        for line in lines:
            self.write(line)
