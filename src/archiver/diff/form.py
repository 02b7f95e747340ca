"""Difference <-> JSON: `difference.schema.json` (draft 2020-12) is the form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from archiver.diff.changes import Change, Edit, Reason, Side
from archiver.diff.difference import Difference, applied
from archiver.diff.links import LinkChange, NamedLink, compare_links
from archiver.diff.sentences import Span
from archiver.errors import RecordError
from archiver.model import Link
from archiver.record import Form, read_form

SCHEMA = "archiver-difference/2"
"""The version of the form."""

_NEXT_STEP = "write it again: archiver diff A B --format json --least-significance 0"


def to_json(difference: Difference, least: float = 0.0) -> str:
    """The difference with the changes of at least that significance, keys in fixed order, one change a line; ends with
    a line end. With `least` 0 every change is there, and `from_json` reads it.
    """
    parts = {
        "schema": SCHEMA,
        "before": _side(difference.before),
        "after": _side(difference.after),
        "summary": difference.summary(),
        "significance": difference.significance,
        "least_significance": least,
        "changes": [_change(change) for change in difference.weighing(least)],
        "links": [_link_change(change) for change in compare_links(difference.before, difference.after)],
    }
    return "{\n" + ",\n".join(f' "{name}": {_member(value)}' for name, value in parts.items()) + "\n}\n"


def from_json(text: str) -> Difference:
    """The difference that `to_json` wrote.

    Raises RecordError, with the field (`changes[3].a.start`) and what is wrong there, for anything that the schema does
    not allow, for a text that is not that of its digest, and for changes that do not make B from A and A from B to the
    letter: because light ones were left out, or because the file is damaged.
    """
    try:
        raw = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as fault:
        raise RecordError(f"not JSON: {fault}", where="the difference", next_step=_NEXT_STEP) from fault
    _form().hold(raw, "the difference", _NEXT_STEP)
    changes = tuple(map(_read_change, raw["changes"]))
    difference = Difference(_read_side(raw["before"]), _read_side(raw["after"]), changes)
    _hold_to_texts(difference, raw)
    return difference


def schema() -> Mapping[str, Any]:
    """`difference.schema.json`, not to be changed."""
    return _form().schema


def _form() -> Form:
    return read_form("archiver.diff", "difference.schema.json")


def _member(value: object) -> str:
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(f"  {_written(entry)}" for entry in value) + "\n ]"
    return _written(value)


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _side(side: Side) -> dict[str, object]:
    return {
        "url": side.url,
        "created": side.created,
        "timestamp": side.timestamp,
        "title": side.title,
        "language": side.language,
        "direction": side.direction,
        "characters": len(side.text),
        "text_digest": _digest(side.text),
        "text": side.text,
        "blocks": side.blocks,
        "links": [link._asdict() for link in side.links],
    }


def _digest(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _change(change: Change) -> dict[str, object]:
    return {
        "kind": change.kind,
        "whole": change.whole,
        "a": _span(change.a, change.a_block),
        "b": _span(change.b, change.b_block),
        "significance": change.significance,
        "reasons": [reason._asdict() for reason in change.reasons],
        "edits": [edit._asdict() for edit in change.edits],
    }


def _span(span: Span, block: int | None) -> dict[str, int | None]:
    return {"start": span.start, "end": span.end, "block": block}


def _link_change(change: LinkChange) -> dict[str, object]:
    return {"kind": change.kind, "before": _link(change.before), "after": _link(change.after)}


def _link(link: NamedLink | None) -> dict[str, str] | None:
    return None if link is None else link._asdict()


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _hold_to_texts(difference: Difference, raw: Mapping[str, Any]) -> None:
    for side, name in ((difference.before, "before"), (difference.after, "after")):
        if _digest(side.text) != raw[name]["text_digest"]:
            raise RecordError("not that of the text", where=f"{name}.text_digest", next_step=_NEXT_STEP)
    least = raw["least_significance"]
    left_out = f" (those of less significance than {least} were left out)" if least else ""
    for one, name in ((difference, "after"), (difference.inverse(), "before")):
        if applied(one.changes, one.before.text) != one.after.text:
            what = f"they do not make the text of `{name}`{left_out}"
            raise RecordError(what, where="changes", next_step=_NEXT_STEP)


def _read_side(raw: Mapping[str, Any]) -> Side:
    return Side(
        **{name: raw[name] for name in ("text", "url", "created", "timestamp", "title", "language", "direction")},
        blocks=tuple(Span(*span) for span in raw["blocks"]),
        links=tuple(Link(**link) for link in raw["links"]),
    )


def _read_change(raw: Mapping[str, Any]) -> Change:
    a, b = raw["a"], raw["b"]
    return Change(
        kind=raw["kind"],
        a=Span(a["start"], a["end"]),
        b=Span(b["start"], b["end"]),
        a_block=a["block"],
        b_block=b["block"],
        whole=raw["whole"],
        edits=tuple(Edit(**edit) for edit in raw["edits"]),
        significance=float(raw["significance"]),
        reasons=tuple(Reason(**{**reason, "weight": float(reason["weight"])}) for reason in raw["reasons"]),
    )
