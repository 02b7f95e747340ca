"""A difference as JSON: `difference.schema.json` (draft 2020-12) is the form. Whoever has A can make B from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from archiver.diff.changes import Change, Side
from archiver.diff.difference import Difference
from archiver.diff.links import LinkChange, NamedLink, compare_links
from archiver.diff.sentences import Span

SCHEMA = "archiver-difference/1"
"""The version of the form."""


def to_json(difference: Difference, least: float = 0.0) -> str:
    """The difference with the changes of at least that significance, keys in fixed order, one change a line; ends with
    a line end. With `least` 0 every change is there, and they make B from A.
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


@cache
def schema() -> Mapping[str, Any]:
    """`difference.schema.json`, not to be changed."""
    loaded: dict[str, Any] = json.loads((files(__package__) / "difference.schema.json").read_text("utf-8"))
    return loaded


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
        "title": side.title,
        "language": side.language,
        "direction": side.direction,
        "characters": len(side.text),
        "blocks": len(side.blocks),
        "text_digest": f"sha256:{hashlib.sha256(side.text.encode('utf-8', 'surrogatepass')).hexdigest()}",
    }


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
