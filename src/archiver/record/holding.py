"""A value read from JSON, held to a JSON Schema (draft 2020-12), with the few words of it that the program's own
schemas use: so each form has one description, and no second list of patterns that could differ.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from types import NoneType
from typing import Any

from archiver.errors import RecordError

Rule = Mapping[str, Any]
_Check = Callable[[Any], None]

# Half a surrogate pair has no UTF-8, so nothing that was written can hold one.
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")

# What JSON's own types are read as, to the letter: `True` is no integer.
_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "null": (NoneType,),
}


class _RefusedError(Exception):
    """What is wrong; where is told by each that it passes, from within outwards."""

    def __init__(self, what: str, *where: str | int) -> None:
        super().__init__(what)
        self.steps = list(where)

    def where(self) -> str:
        """The field, as `content.blocks[3].start`; "" for the whole."""
        told = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in reversed(self.steps))
        return told.removeprefix(".")


class Form:
    """A schema made ready, since many values are held to it. A record has some two thousand values: to read the rules
    anew at each took 6 ms of the 10 that it took to read one.
    """

    def __init__(self, schema: Rule) -> None:
        self.schema = schema
        """Not to be changed."""
        self._check = _check_of(schema, schema.get("$defs", {}))

    def hold(self, value: object, name: str, next_step: str) -> None:
        """Raises RecordError, with the field (`content.blocks[3].start`) and what is wrong there, for anything that the
        schema does not allow; `name` stands for the whole.
        """
        try:
            self._check(value)
        except _RefusedError as fault:
            raise RecordError(str(fault), where=fault.where() or name, next_step=next_step) from None


@cache
def read_form(package: str, name: str) -> Form:
    """The form that a schema beside the modules of a package describes."""
    return Form(json.loads((files(package) / name).read_text("utf-8")))


def _check_of(rule: Rule, named: Rule) -> _Check:
    """What raises _RefusedError at the first place where a value is not what `rule` allows."""
    if "$ref" in rule:
        rule = named[rule["$ref"].removeprefix("#/$defs/")]
    names = [rule["type"]] if isinstance(rule.get("type"), str) else rule.get("type", list(_TYPES))
    allowed = frozenset(kind for name in names for kind in _TYPES[name])
    within: Mapping[type, _Check] = {kind: check for kind, check in _checks(rule, named) if kind in allowed}
    chosen = [rule["const"]] if "const" in rule else rule.get("enum")

    def check(value: object) -> None:
        kind = type(value)
        if kind not in allowed:
            raise _RefusedError(f"{_shown(value)} where {' or '.join(names)} belongs")
        if chosen is not None and value not in chosen:
            belongs = f"where {_shown(chosen[0])} belongs" if "const" in rule else f"is not one of {_listed(chosen)}"
            raise _RefusedError(f"{_shown(value)} {belongs}")
        if kind in within:
            within[kind](value)

    return check


def _checks(rule: Rule, named: Rule) -> list[tuple[type, _Check]]:
    """What a rule says of each type beyond its name."""
    checks: list[tuple[type, _Check]] = [(str, _string_check(rule))]
    if "properties" in rule:
        checks.append((dict, _object_check(rule, named)))
    if "items" in rule:
        checks.append((list, _array_check(rule, named)))
    if "minimum" in rule or "maximum" in rule:
        checks += [(int, _number_check(rule)), (float, _number_check(rule))]
    return checks


def _string_check(rule: Rule) -> _Check:
    pattern = re.compile(rule["pattern"]) if "pattern" in rule else None

    def check(value: str) -> None:
        if not value.isascii() and _LONE_SURROGATE.search(value):
            raise _RefusedError("half of a surrogate pair")
        if pattern is not None and not pattern.fullmatch(value):
            raise _RefusedError(f"{_shown(value)} does not match {pattern.pattern}")

    return check


def _number_check(rule: Rule) -> _Check:
    least, most = rule.get("minimum", -float("inf")), rule.get("maximum", float("inf"))

    def check(value: float) -> None:
        if not least <= value <= most:
            raise _RefusedError(f"{_shown(value)} is out of range")

    return check


def _object_check(rule: Rule, named: Rule) -> _Check:
    members = {name: _check_of(member, named) for name, member in rule["properties"].items()}
    required = rule["required"]

    def check(value: Mapping[str, Any]) -> None:
        for name in required:
            if name not in value:
                raise _RefusedError("missing", name)
        for name, member in value.items():
            if name not in members:
                raise _RefusedError("unknown field", name)
            try:
                members[name](member)
            except _RefusedError as fault:
                fault.steps.append(name)
                raise

    return check


def _array_check(rule: Rule, named: Rule) -> _Check:
    check_item = _check_of(rule["items"], named)
    least, most = rule.get("minItems", 0), rule.get("maxItems", float("inf"))

    def check(value: list[Any]) -> None:
        if not least <= len(value) <= most:
            raise _RefusedError(f"{len(value)} items")
        for index, item in enumerate(value):
            try:
                check_item(item)
            except _RefusedError as fault:
                fault.steps.append(index)
                raise

    return check


def _listed(values: list[Any]) -> str:
    return ", ".join(map(str, values))


def _shown(value: object) -> str:
    """The value as JSON, at most 60 characters of it: enough to find it."""
    shown = json.dumps(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
