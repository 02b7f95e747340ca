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


# All that is known of a capture but what it holds.
_FACTS = tuple(field.name for field in fields(Capture) if field.name not in ("body", "text"))


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


def maker_of(options: Options) -> str:
    """`Key.maker`: what this program with these options is known by."""
    return sha256(_written([asdict(made_by()), asdict(options)]).encode()).hexdigest()


def key_of(capture: Capture, maker: str, payload_digest: str | None = None) -> Key:
    """The key of a capture; equal keys give equal records. `payload_digest` is the one that its record has, where that
    is known: to compute it takes 0.2 ms a page.
    """
    payload_digest = payload_digest or f"sha256:{sha256(capture.body).hexdigest()}"
    facts = [payload_digest, capture.text is None, {name: getattr(capture, name) for name in _FACTS}]
    return Key(
        sha256(_written(facts).encode()).hexdigest(),
        maker,
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
        case Capture():
            # A page in a frame.
            return {name: getattr(value, name) for name in ("body", *_FACTS)}
    raise TypeError(f"no stable form for {type(value).__name__}")


_written = json.JSONEncoder(default=_stable, sort_keys=True).encode
