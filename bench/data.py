"""The development data as samples: where they lie, how a share of them is read."""

from __future__ import annotations

import hashlib
import json
import lzma
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

EXTRACTION = {
    "wcxb": "extraction/wcxb-dev.jsonl.xz",
    "waddle-zh": "extraction/waddle-zh.jsonl.xz",
    "waddle-pl": "extraction/waddle-pl.jsonl.xz",
    "cleanportal": "extraction/cleanportal.jsonl.xz",
}
"""Pages with a reference text: set -> file under the data folder."""

VERSIONS = {
    "ota-genai-eu": "versions/ota-genai-eu.jsonl.xz",
    "ota-sante": "versions/ota-sante-numerique-france.jsonl.xz",
}
"""Captures of the same addresses in time order: set -> file under the data folder."""

_PATHS = {**EXTRACTION, **VERSIONS}


@dataclass(frozen=True, slots=True)
class Sample:
    """One page of the data."""

    set: str
    """The set it belongs to, a key of EXTRACTION or VERSIONS."""

    id: str
    """Its name within the set; for captures the document, `#` and the sequence number."""

    page_type: str
    """`article`, `forum` ...; the data's word, "" for captures."""

    language: str
    """BCP 47, as the data say; "" when they don't."""

    url: str | None
    """The address it was captured from."""

    captured_at: datetime | None
    """When, in UTC; None for pages with a reference."""

    html: str
    """The page, decoded."""

    reference: str
    """The text that a person wants of it; "" for captures, and for pages without content."""


@dataclass(frozen=True, slots=True)
class Share:
    """Which samples of a set a worker reads: of every `every`-th one, those that leave `rest` by `workers`."""

    set: str
    every: int = 1
    rest: int = 0
    workers: int = 1


def find_data() -> Path:
    """The data folder: the environment's ARCHIVER_DATA, else `../shared/data` beside the repository."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    return Path(os.environ.get("ARCHIVER_DATA") or beside)


def find_missing(sets: list[str]) -> list[str]:
    """The sets whose file is not there."""
    return [name for name in sets if not path_of(name).is_file()]


def path_of(name: str) -> Path:
    """Where a set's file should lie."""
    return find_data() / _PATHS[name]


def digest_of_set(name: str) -> str:
    """`sha256:` of a set's file as it lies there, compressed. Raises OSError when it is absent."""
    with path_of(name).open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def read(share: Share) -> Iterator[Sample]:
    """The samples of a share, in the file's order. Raises OSError when the file is absent.

    Each worker reads the whole file and skips what is not its own: unpacking 2 GB takes 6 s, and no page has to be
    sent from process to process.
    """
    with lzma.open(path_of(share.set), "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % share.every == 0 and number // share.every % share.workers == share.rest:
                yield _to_sample(share.set, json.loads(line))


def _to_sample(name: str, row: dict[str, Any]) -> Sample:
    if name in VERSIONS:
        time = datetime.fromtimestamp(row["time"], UTC)
        return Sample(name, f"{row['doc']}#{row['seq']}", "", "", row["url"], time, row["html"], "")
    return Sample(name, str(row["id"]), row["page_type"], row["lang"], row["url"], None, row["html"], row["reference"])
