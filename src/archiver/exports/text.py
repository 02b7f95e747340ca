"""`text`: the clean text of each record in a file of its own, under the record's place."""

from __future__ import annotations

from pathlib import Path

from archiver.exports.job import Job


def write_text(job: Job, folder: Path) -> int:
    """Writes `<place>.txt`: the text and a line end, UTF-8; nothing for an empty text. Leaves nothing out."""
    for place, record in job.records:
        path = folder / f"{place}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(f"{record.text}\n".encode() if record.text else b"")
    return 0
