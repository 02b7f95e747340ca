"""`parquet`: one table with typed columns, for DuckDB, pandas, Spark and whatever reads columns. Needs the extra
`parquet`.

Unknown is null here. `removed` (every block that was taken out), `repairs` and `links` are lists of structures; a
reader that does not ask for them does not read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from importlib import import_module
from operator import attrgetter
from types import ModuleType
from typing import BinaryIO

from archiver.errors import InputError
from archiver.exports.job import Job
from archiver.model import Link, Record, Removed, Repair, Restored

# What a row group holds at most, which readers take into memory at once, and the writer, several times as large, as
# Python's objects: 130 MB for 1,000 pages of the samples. Hugging Face's `datasets` writes groups of 1,000 rows too.
_GROUP_ROWS, _GROUP_CHARACTERS = 1_000, 16 * 1024 * 1024

# One format for every version of pyarrow, whose default moves on.
_FORMAT = "2.6"

# Name, type (`?` where it may be unknown), and where it stands in the record.
_COLUMNS = (
    ("id", "text", "id"),
    ("url", "text?", "url"),
    ("urlkey", "text?", "urlkey"),
    ("timestamp", "text?", "timestamp"),
    ("created", "moment?", "created"),
    ("source", "text", "source"),
    ("text", "text", "text"),
    ("title", "text?", "metadata.title"),
    ("authors", "texts", "metadata.authors"),
    ("published", "text?", "metadata.published"),
    ("modified", "text?", "metadata.modified"),
    ("language", "text?", "metadata.language"),
    ("direction", "text?", "metadata.direction"),
    ("site_name", "text?", "metadata.site_name"),
    ("description", "text?", "metadata.description"),
    ("canonical_url", "text?", "metadata.canonical_url"),
    ("page_type", "text?", "metadata.page_type"),
    ("format", "text", "capture.format"),
    ("container", "text?", "capture.container"),
    ("offset", "whole?", "capture.offset"),
    ("length", "whole?", "capture.length"),
    ("record_id", "text?", "capture.record_id"),
    ("http_status", "whole?", "capture.http_status"),
    ("content_type", "text?", "capture.content_type"),
    ("payload_digest", "text", "capture.payload_digest"),
    ("truncated", "text?", "capture.truncated"),
    ("replayed_by", "text?", "capture.replayed_by"),
    ("charset", "text?", "encoding.used"),
    ("charset_decided_by", "text?", "encoding.decided_by"),
    ("replacement_characters", "whole", "encoding.replacement_characters"),
    ("text_digest", "text", "content.text_digest"),
    ("fingerprint", "text", "content.fingerprint"),
    ("status", "text", "account.status"),
    ("doubts", "texts", "account.doubts"),
    ("kept_share", "real", "account.kept_share"),
    ("visible_characters", "whole", "account.visible_characters"),
    ("version", "text", "account.made_by.version"),
    ("rules_digest", "text", "account.made_by.rules_digest"),
    ("model_digest", "text?", "account.made_by.model_digest"),
    ("context_digest", "text?", "account.made_by.context_digest"),
    ("links", "links", "content.links"),
    ("repairs", "repairs", "encoding.repairs"),
    ("removed", "removed", "removed"),
    ("restored", "restored", "restored"),
)

_LINK = {"start": "whole", "end": "whole", "href": "text"}
_REPAIR = {
    "block": "whole",
    "start": "whole",
    "end": "whole",
    "name": "text",
    "before": "text",
    "after": "text",
    "lossy": "truth",
}
_REMOVED = {
    "index": "whole",
    "kind": "text",
    "rule": "text",
    "evidence": "text",
    "path": "text",
    "confidence": "real",
    "text": "text",
    "block": "text",
    "level": "whole",
    "gap": "truth",
    "links": "links",
}
_RESTORED = {
    "index": "whole",
    "kind": "text",
    "rule": "text",
    "evidence": "text",
    "path": "text",
    "confidence": "real",
    "by": "text",
    "because": "text",
}


def write_parquet(job: Job, stream: BinaryIO) -> int:
    """Writes the table. Leaves nothing out. Raises InputError when pyarrow is not installed."""
    pa, parquet = _arrow("pyarrow"), _arrow("pyarrow.parquet")
    types = _types(pa)
    fields = [pa.field(name, types[kind.rstrip("?")], nullable=kind.endswith("?")) for name, kind, _ in _COLUMNS]
    schema = pa.schema([*fields, pa.field("added", types["moment"], nullable=False)])
    added = datetime.fromisoformat(job.added)
    with parquet.ParquetWriter(stream, schema, compression="zstd", version=_FORMAT) as writer:
        for records in _groups(record for _, record in job.records):
            columns = [_values(records, kind, where) for _, kind, where in _COLUMNS] + [[added] * len(records)]
            arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema), row_group_size=_GROUP_ROWS)
    return 0


def _arrow(name: str) -> ModuleType:
    """A module of pyarrow, which takes 170 MB and so comes only when asked for."""
    try:
        return import_module(name)
    except ImportError as fault:
        what = "`parquet` is written with pyarrow, which is not installed"
        raise InputError(what, next_step="pip install 'archiver[parquet]'") from fault


def _groups(records: Iterable[Record]) -> Iterator[list[Record]]:
    """The records in lists of a bounded size, none of them empty."""
    group: list[Record] = []
    characters = 0
    for record in records:
        group.append(record)
        characters += len(record.text) + sum(len(entry.text) for entry in record.removed)
        if len(group) >= _GROUP_ROWS or characters >= _GROUP_CHARACTERS:
            yield group
            group, characters = [], 0
    if group:
        yield group


def _types(pa: ModuleType) -> dict[str, object]:
    """What Arrow calls the types of `_COLUMNS`."""
    types = {
        "text": pa.string(),
        "texts": pa.list_(pa.string()),
        "whole": pa.int64(),
        "real": pa.float64(),
        "truth": pa.bool_(),
        "moment": pa.timestamp("ms", "UTC"),
    }
    for name, members in (("links", _LINK), ("repairs", _REPAIR), ("removed", _REMOVED), ("restored", _RESTORED)):
        types[name] = pa.list_(pa.struct([(member, types[kind]) for member, kind in members.items()]))
    return types


def _values(records: Sequence[Record], kind: str, where: str) -> list[object]:
    """A column."""
    values = list(map(attrgetter(where), records))
    if kind == "moment?":
        return [value and datetime.fromisoformat(value) for value in values]
    return list(map(_plain, values))


def _plain(value: object) -> object:
    """A value of the record as Arrow takes it."""
    match value:
        case Link() | Restored():
            return value._asdict()
        case Removed():
            return {**value._asdict(), "links": list(map(_plain, value.links))}
        case Repair():
            return {name: getattr(value, name) for name in _REPAIR}
        case tuple():
            return list(map(_plain, value))
    return value
