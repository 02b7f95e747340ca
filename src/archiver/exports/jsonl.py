"""`jsonl`: one row a record, as `datasets.load_dataset("json")`, datatrove's JsonlReader and many others read it."""

from __future__ import annotations

from typing import BinaryIO

from archiver.exports.flat import flat_row, to_line
from archiver.exports.job import Job
from archiver.exports.output import compressed


def write_jsonl(job: Job, stream: BinaryIO) -> int:
    """Writes one line a record (see `flat`), compressed when the name ends in `.gz` or `.zst`. Leaves nothing out."""
    with compressed(stream, job.name) as lines:
        for _, record in job.records:
            lines.write(to_line(flat_row(record, job.added)._asdict()))
    return 0
