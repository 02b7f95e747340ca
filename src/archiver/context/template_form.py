"""The templates of a site <-> JSON, as `template.schema.json` beside this file describes it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archiver.context.template import Repeated, Template
from archiver.errors import RecordError
from archiver.record import Form, read_form

_SCHEMA = "archiver-templates/1"
_NEXT_STEP = "delete it; the next run learns the templates again"


def templates_to_json(site: str, templates: Sequence[Template]) -> str:
    """One object, a block a line, so that a line diff of two names what changed; ends with a line end."""
    parts = ",\n".join(map(_template, templates))
    between = f"\n{parts}\n " if parts else ""
    return f'{{\n "schema": "{_SCHEMA}",\n "site": {_compact(site)},\n "templates": [{between}]\n}}\n'


def templates_from_json(text: str) -> tuple[Template, ...]:
    """The templates that `templates_to_json` wrote.

    Raises RecordError, with the field and what is wrong there, for anything that the schema does not allow, and for a
    template that its digest does not fit.
    """
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise RecordError(f"not JSON: {fault}", next_step=_NEXT_STEP) from fault
    _form().hold(raw, "the templates", _NEXT_STEP)
    return tuple(_read(raw["site"], raw["templates"]))


def _read(site: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[Template]:
    for place, row in enumerate(rows):
        blocks = tuple(
            Repeated(int(block["key"], 16), block["pages"], block["kept"], block["text"]) for block in row["blocks"]
        )
        template = Template(site, row["first"], row["last"], row["pages"], row["captures"], blocks)
        if template.digest != row["digest"]:
            what = "does not fit what it is the digest of"
            raise RecordError(what, where=f"templates[{place}].digest", next_step=_NEXT_STEP)
        yield template


def _template(template: Template) -> str:
    facts = ("digest", "first", "last", "pages", "captures")
    lines = [f'   "{name}": {_compact(getattr(template, name))},\n' for name in facts]
    blocks = ",\n".join(f"    {_compact({**block._asdict(), 'key': f'{block.key:016x}'})}" for block in template.blocks)
    between = f"\n{blocks}\n   " if blocks else ""
    return f'  {{\n{"".join(lines)}   "blocks": [{between}]\n  }}'


def _form() -> Form:
    return read_form("archiver.context", "template.schema.json")


_compact = json.JSONEncoder(ensure_ascii=False).encode
