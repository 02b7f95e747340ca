"""Records -> what other programs read. A writer packages and derives nothing: whatever it writes stands in the record.

export     the loop over the records, with the failed ones left out
WRITERS    the formats, in the order of the help
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from archiver.errors import InputError
from archiver.exports.cdxj import write_cdxj
from archiver.exports.dolma import write_dolma
from archiver.exports.job import Job
from archiver.exports.jsonl import write_jsonl
from archiver.exports.markdown import write_markdown
from archiver.exports.output import whole_file, whole_folder
from archiver.exports.parquet import write_parquet
from archiver.exports.text import write_text
from archiver.exports.wacz import write_wacz
from archiver.exports.wet import write_wet
from archiver.model import Record

__all__ = ["WRITERS", "FileWriter", "FolderWriter", "Summary", "export"]


class FileWriter(NamedTuple):
    """A format of one file, or of a stream."""

    what: str
    """What is in it, for the help."""

    write: Callable[[Job, BinaryIO], int]
    """Writes the records; returns how many have no place in the format and were left out."""

    compressions: tuple[str, ...] = ()
    """Endings of a name that make the writer compress."""


class FolderWriter(NamedTuple):
    """A format of many files."""

    what: str
    """As in `FileWriter`."""

    write: Callable[[Job, Path], int]
    """As in `FileWriter`, into an empty folder."""


WRITERS: Mapping[str, FileWriter | FolderWriter] = {
    "text": FolderWriter("a folder with the text of each record", write_text),
    "markdown": FolderWriter("a folder with each record in Markdown, front matter first", write_markdown),
    "jsonl": FileWriter("a row a record: datasets, datatrove, pandas", write_jsonl, (".gz", ".zst")),
    "dolma": FolderWriter("a folder of documents, what was removed as attributes", write_dolma),
    "parquet": FileWriter("a table with typed columns (needs pyarrow)", write_parquet),
    "wet": FileWriter("WARC conversion records, as Common Crawl has them", write_wet, (".gz",)),
    "wacz": FileWriter("a web archive collection with text to search in", write_wacz),
    "cdxj": FileWriter("a sorted index of the original captures", write_cdxj, (".gz", ".zst")),
}
"""Name of the format -> what writes it."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What an export did."""

    written: int
    """Records that are in it."""

    failed: int
    """Records of captures that gave no text, left out."""

    left_out: int
    """Records that the format has no place for: without address or time."""


def export(records: Iterable[tuple[str, Record]], to: str, out: str, added: str) -> Summary:
    """Writes the records, (place, record), to the file or folder `out` (`-` is stdout) in the format `to`, one of
    WRITERS; `added` is the time of export (RFC 3339, UTC). Equal records and arguments give equal bytes.

    A file that stood at `out` is replaced; a folder must be new or empty. Raises InputError when `out` does not suit
    the format, OSError when the disk refuses; then nothing has changed.
    """
    failed = written = 0

    def counted() -> Iterator[tuple[str, Record]]:
        nonlocal failed, written
        for place, record in records:
            if record.status == "failed":
                failed += 1
            else:
                written += 1
                yield place, record

    left_out = _write(Job(counted(), added, "" if out == "-" else Path(out).name), WRITERS[to], to, out)
    return Summary(written - left_out, failed, left_out)


def _write(job: Job, writer: FileWriter | FolderWriter, to: str, out: str) -> int:
    if isinstance(writer, FolderWriter):
        if out == "-":
            what = f"`{to}` is a folder of files and cannot go to stdout"
            raise InputError(what, next_step="name a new folder with -o; `jsonl` is one stream")
        with whole_folder(Path(out)) as folder:
            return writer.write(job, folder)
    for ending in (".gz", ".zst", ".bz2", ".xz"):
        if out.endswith(ending) and ending not in writer.compressions:
            allowed = " or ".join((*writer.compressions, "no such ending"))
            raise InputError(f"`{to}` is not written as {ending}", where=out, next_step=f"name a file with {allowed}")
    if out == "-":
        left_out = writer.write(job, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return left_out
    with whole_file(Path(out)) as stream:
        return writer.write(job, stream)
