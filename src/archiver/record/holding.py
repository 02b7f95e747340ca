"""A value read from JSON, held to a JSON Schema (draft 2020-12), with the few words of it that the program's own
schemas use: so each form has one description, and no second list of patterns that could differ.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from archiver.errors import RecordError

Rule = Mapping[str, Any]

# Half a surrogate pair has no UTF-8, so nothing that was written can hold one.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class _RefusedError(Exception):
    """What is wrong, and where."""


def hold(value: object, schema: Rule, name: str, next_step: str) -> None:
    """Raises RecordError, with the field (`content.blocks[3].start`) and what is wrong there, for anything that the
    schema does not allow; `name` stands for the whole.
    """
    try:
        _hold(value, schema, "", schema.get("$defs", {}))
    except _RefusedError as fault:
        what, where = fault.args
        raise RecordError(what, where=where or name, next_step=next_step) from None


def _hold(value: object, rule: Rule, where: str, named: Rule) -> None:
    """Raises _RefusedError at the first place where `value` is not what `rule` allows."""
    if "$ref" in rule:
        rule = named[rule["$ref"].removeprefix("#/$defs/")]
    if "type" in rule:
        names = [rule["type"]] if isinstance(rule["type"], str) else rule["type"]
        if not any(_TYPES[name](value) for name in names):
            _refuse(f"{_shown(value)} where {' or '.join(names)} belongs", where)
    if "const" in rule and value != rule["const"]:
        _refuse(f"{_shown(value)} where {_shown(rule['const'])} belongs", where)
    if "enum" in rule and value not in rule["enum"]:
        _refuse(f"{_shown(value)} is not one of {', '.join(map(str, rule['enum']))}", where)
    if isinstance(value, str):
        _hold_string(value, rule, where)
    elif isinstance(value, dict):
        _hold_object(value, rule, where, named)
    elif isinstance(value, list):
        _hold_array(value, rule, where, named)
    elif isinstance(value, int | float) and not rule.get("minimum", value) <= value <= rule.get("maximum", value):
        _refuse(f"{_shown(value)} is out of range", where)


def _hold_string(value: str, rule: Rule, where: str) -> None:
    if not value.isascii() and _LONE_SURROGATE.search(value):
        _refuse("half of a surrogate pair", where)
    if "pattern" in rule and not re.fullmatch(rule["pattern"], value):
        _refuse(f"{_shown(value)} does not match {rule['pattern']}", where)


def _hold_object(value: Mapping[str, Any], rule: Rule, where: str, named: Rule) -> None:
    members: Rule = rule["properties"]
    for name in rule["required"]:
        if name not in value:
            _refuse("missing", _below(where, name))
    for name, member in value.items():
        if name not in members:
            _refuse("unknown field", _below(where, name))
        _hold(member, members[name], _below(where, name), named)


def _hold_array(value: list[Any], rule: Rule, where: str, named: Rule) -> None:
    if not rule.get("minItems", 0) <= len(value) <= rule.get("maxItems", len(value)):
        _refuse(f"{len(value)} items", where)
    for index, item in enumerate(value):
        _hold(item, rule["items"], f"{where}[{index}]", named)


_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "null": lambda value: value is None,
}


def _below(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _shown(value: object) -> str:
    """The value as JSON, at most 60 characters of it: enough to find it."""
    shown = json.dumps(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


def _refuse(what: str, where: str) -> NoReturn:
    raise _RefusedError(what, where)
