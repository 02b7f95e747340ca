"""Record <-> JSON. `record.schema.json` is the one description of the form: `from_json` holds a text to it
with the few words of JSON Schema (draft 2020-12) that it uses, so that no second list of patterns can differ.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from operator import itemgetter
from typing import Any

from archiver.errors import RecordError
from archiver.model import (
    Account,
    CaptureFacts,
    Content,
    Encoding,
    KeptBlock,
    Link,
    MadeBy,
    Metadata,
    Record,
    Removed,
    Repair,
    Restored,
)
from archiver.record.holding import Form, read_form

_NEXT_STEP = "delete it and its .txt, and clean the capture again"


def to_json(record: Record) -> str:
    """The record as JSON: keys in the order of the model, one field a line, one block, link, repair or
    removal a line, so that a line diff of two records names what changed; ends with a line end.
    """
    return "".join(_pieces(record, _LINES)) + "\n"


def to_line(record: Record) -> str:
    """The same in one line, without its end, for JSON Lines; `from_json` reads it too."""
    return "".join(_pieces(record, _ONE_LINE))


def to_bytes(record: Record, *, as_line: bool) -> bytes:
    """What `to_line` or `to_json` writes, in UTF-8. Most pieces are ASCII: one by one takes half as long."""
    if as_line:
        return b"".join(map(str.encode, _pieces(record, _ONE_LINE)))
    return b"".join(map(str.encode, (*_pieces(record, _LINES), "\n")))


def from_json(text: str) -> Record:
    """The record that `to_json` wrote.

    Raises RecordError, with the field (`content.blocks[3].start`) and what is wrong there, for anything that
    the schema does not allow.
    """
    try:
        raw = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as fault:
        raise RecordError(f"not JSON: {fault}", next_step=_NEXT_STEP) from fault
    _form().hold(raw, "the record", _NEXT_STEP)
    return Record(
        **{name: raw[name] for name in ("schema", "id", "url", "urlkey", "timestamp", "created", "source")},
        capture=CaptureFacts(**{**raw["capture"], "http_headers": _pairs(raw["capture"]["http_headers"])}),
        encoding=_encoding(raw["encoding"]),
        metadata=Metadata(**{**raw["metadata"], "authors": tuple(raw["metadata"]["authors"])}),
        content=_content(raw["content"]),
        removed=tuple(map(_removed, raw["removed"])),
        restored=tuple(Restored(**{**row, "confidence": float(row["confidence"])}) for row in raw["restored"]),
        account=_account(raw["account"]),
    )


def schema() -> Mapping[str, Any]:
    """`record.schema.json`, not to be changed."""
    return _form().schema


def _form() -> Form:
    return read_form("archiver.record", "record.schema.json")


# What stands before the record's fields, before those of its parts and before the rows of their lists; the first before
# the record's end.
_LINES = ("\n", "\n ", "\n  ", "\n   ")
_ONE_LINE = ("", "", "", "")


def _pieces(record: Record, breaks: Sequence[str]) -> list[str]:
    pieces: list[str] = []
    _add(record, breaks, pieces)
    return pieces


def _add(value: object, breaks: Sequence[str], pieces: list[str]) -> None:
    """A value: a part of the record in lines of its own, a list with a line for each item. `breaks` begin with the one
    before the value's end.
    """
    around, within = breaks[0], breaks[1]
    # What lies deeper than a part's field is written as one value.
    fields_of = _FIELDS.get(type(value)) if len(breaks) > 2 else None
    if fields_of:
        beginning = "{"
        for name, opening in fields_of:
            pieces += (beginning, within, opening)
            _add(getattr(value, name), breaks[1:], pieces)
            beginning = ","
        pieces += (around, "}")
    elif isinstance(value, tuple) and value:
        beginning = f"[{within}"
        for row in map(_ROWS.get(type(value[0]), _compact), value):
            pieces += (beginning, row)
            beginning = f",{within}"
        pieces += (around, "]")
    else:
        pieces.append(_compact(value))


def _named(value: object) -> dict[str, object]:
    """A dataclass or named tuple of the record as a dictionary in field order."""
    return {name: getattr(value, name) for name, _ in _FIELDS[type(value)]}


# A page has a thousand blocks, links and removals: written out here they take a quarter of the encoder's time for a
# dictionary of each. `encode_basestring` is the encoder's own, in C, and it writes a float by its `repr`, too.
_quoted = json.encoder.encode_basestring


# Confidences have two decimals, and `repr` takes 0.4 µs for one. (Without 0 and 1: as well 0.0 and -0.0, 1.0.)
_HUNDREDTHS = {number / 100: repr(number / 100) for number in range(1, 100)}


def _write_link(row: Link) -> str:
    start, end, href = row
    return f'{{"start": {start}, "end": {end}, "href": {_quoted(href)}}}'


def _write_block(row: KeptBlock) -> str:
    index, kind, level, start, end, gap = row
    told = "true" if gap else "false"
    return f'{{"index": {index}, "kind": "{kind}", "level": {level}, "start": {start}, "end": {end}, "gap": {told}}}'


def _write_removed(row: Removed) -> str:
    index, kind, rule, evidence, path, confidence, text, block, level, gap, links = row
    told = ", ".join(map(_write_link, links)) if links else ""
    sure = _HUNDREDTHS.get(confidence) or repr(confidence)
    return (
        f'{{"index": {index}, "kind": "{kind}", "rule": {_quoted(rule)}, "evidence": {_quoted(evidence)},'
        f' "path": {_quoted(path)}, "confidence": {sure}, "text": {_quoted(text)}, "block": "{block}",'
        f' "level": {level}, "gap": {"true" if gap else "false"}, "links": [{told}]}}'
    )


def _write_restored(row: Restored) -> str:
    return _compact(row._asdict())


_ROWS: Mapping[type, Callable[[Any], str]] = {
    Link: _write_link,
    KeptBlock: _write_block,
    Removed: _write_removed,
    Restored: _write_restored,
}

# Each name, and what it begins its field with. Looked up once: `fields` takes 2 µs a call.
_FIELDS: Mapping[type, tuple[tuple[str, str], ...]] = {
    kind: tuple((field.name, f"{_quoted(field.name)}: ") for field in fields(kind))
    for kind in (
        Record,
        CaptureFacts,
        Encoding,
        Repair,
        Metadata,
        Content,
        Account,
        MadeBy,
    )
}

# Of rows as JSON has them, in whatever order, the values in that of the fields: a third of what `**` takes.
_block_fields, _removed_fields, _link_fields = (itemgetter(*row._fields) for row in (KeptBlock, Removed, Link))

_compact = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_named).encode


def _pairs(rows: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in rows)


def _encoding(raw: Mapping[str, Any]) -> Encoding:
    repairs = (Repair(**{**repair, "plan": tuple(map(tuple, repair["plan"]))}) for repair in raw["repairs"])
    lists = {name: tuple(raw[name]) for name in ("conflicts", "undecodable")}
    return Encoding(**{**raw, **lists, "candidates": _pairs(raw["candidates"]), "repairs": tuple(repairs)})


def _content(raw: Mapping[str, Any]) -> Content:
    blocks = tuple(KeptBlock(*_block_fields(block)) for block in raw["blocks"])
    return Content(**{**raw, "blocks": blocks, "links": _links(raw["links"]), "comments": tuple(raw["comments"])})


def _removed(raw: Mapping[str, Any]) -> Removed:
    index, kind, rule, evidence, path, confidence, text, block, level, gap, links = _removed_fields(raw)
    return Removed(
        index, kind, rule, evidence, path, float(confidence), text, block, level, gap, _links(links) if links else ()
    )


def _links(rows: list[Mapping[str, Any]]) -> tuple[Link, ...]:
    return tuple(Link(*_link_fields(row)) for row in rows)


def _account(raw: Mapping[str, Any]) -> Account:
    made_by = MadeBy(**raw["made_by"])
    doubts = tuple(raw["doubts"])
    return Account(**{**raw, "doubts": doubts, "kept_share": float(raw["kept_share"]), "made_by": made_by})


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
