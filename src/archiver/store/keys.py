"""What tells one capture from another before it is cleaned, and what became of it after."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from hashlib import sha256
from typing import Literal, NamedTuple

from archiver.model import Capture, Options, Status
from archiver.record import made_by

Change = Literal["cleaned", "duplicate", "done"]
"""What had to be done for a capture. `cleaned`: it has a record of this run; what that brought is known when others of
its address have had their say (`Brought`). `duplicate`: a capture of this run has the same address, time and bytes.
`done`: nothing."""


class Key(NamedTuple):
    """A capture as it came, and what it is to be cleaned with: known before it is cleaned."""

    capture: str
    """Digest over the capture's bytes and all its facts, 64 hex digits."""

    maker: str
    """Digest over program version, rules, model and options."""

    origin: str
    """Where it lay; sorts as the captures do."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one capture."""

    place: str
    """Where its record lies, under the folder: without ending, or a shard with `#` and the line, from 1."""

    change: Change
    """What had to be done."""

    status: Status
    """The record's status."""

    reason: str
    """Why it failed; "" when it did not."""


def key_of(capture: Capture, options: Options) -> Key:
    """The key of a capture; equal keys give equal records."""
    facts = {
        field.name: getattr(capture, field.name) for field in fields(capture) if field.name not in ("body", "text")
    }
    digest = sha256(capture.body)
    digest.update(json.dumps([facts, capture.text is None], default=_stable).encode())
    maker = json.dumps([asdict(made_by()), asdict(options)], default=_stable, sort_keys=True)
    return Key(
        digest.hexdigest(),
        sha256(maker.encode()).hexdigest(),
        origin_of(capture.source, capture.container, capture.offset),
    )


def origin_of(source: str, container: str | None, offset: int | None) -> str:
    """Sorts by source, then container, then offset; twelve digits of offset are a terabyte a file."""
    origin = f"{source}\n{container or ''}\n{offset or 0:012}"
    return origin.encode("utf-8", "backslashreplace").decode()


def _stable(value: object) -> object:
    """A value that JSON has no word for, the same on every run: a set's own order is not."""
    match value:
        case datetime():
            return value.isoformat()
        case set() | frozenset():
            return sorted(value)
        case bytes():
            return sha256(value).hexdigest()
    raise TypeError(f"no stable form for {type(value).__name__}")
