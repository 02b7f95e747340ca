"""What a person names on the command line -> the record: as stored, or cleaned now."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from archiver.cli.arguments import add_options, moment, options
from archiver.errors import InputError
from archiver.model import Capture, Options, Record
from archiver.readers import read
from archiver.record import SCHEMA, from_json
from archiver.run import clean_guarded
from archiver.store import is_stored, read_record


def add_capture(parser: argparse.ArgumentParser) -> None:
    """Adds the capture and what is known of it; `record_named` reads them back."""
    what = "a page as captured, a folder with one, a stored .json record, a shard's line (….jsonl.zst#17); - for stdin"
    parser.add_argument("capture", metavar="CAPTURE", help=what)
    parser.add_argument("--url", help="the address it was captured from")
    time = "when it was captured: 2024-05-31T10:00:00Z, or 20240531100000 in UTC"
    parser.add_argument("--captured-at", metavar="TIME", type=moment, help=time)
    parser.add_argument("--content-type", metavar="TYPE", help="the HTTP Content-Type it came with")
    add_options(parser)


def record_named(arguments: argparse.Namespace) -> Record:
    """The record of the one capture that was named, with what `add_capture` asked about it."""
    facts = {name: getattr(arguments, name) for name in ("url", "captured_at", "content_type")}
    known = {name: value for name, value in facts.items() if value is not None}
    return record_at(arguments.capture, options(arguments), known)


def record_at(place: str, chosen: Options, known: Mapping[str, Any]) -> Record:
    """The record that is stored at a place, or that of the one capture there, cleaned now.

    `known`: fields of the capture that the person knows better. Raises InputError when there is not one capture.
    """
    if is_stored(place):
        return read_record(Path(place))
    capture = _one_capture(place)
    if capture.body.startswith(f'{{\n "schema": "{SCHEMA}"'.encode()):
        # `archiver show --json page.html | archiver explain -`
        return from_json(capture.body.decode("utf-8", "replace"))
    return clean_guarded(replace(capture, **known), chosen)[0]


def _one_capture(path: str) -> Capture:
    captures = list(islice(read(path), 2))
    if len(captures) != 1:
        what = "more than one capture" if captures else "no capture"
        raise InputError(what, where=path, next_step="name a file with one page; `clean` takes many")
    return captures[0]
