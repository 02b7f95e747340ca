"""Arguments that several verbs take, and the kinds of value an argument can be."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TypeVar, get_args

from archiver.model import DECIDING, Favour, Options
from archiver.readers.sidecar import parse_time

_N = TypeVar("_N", int, float)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds what a caller of `clean` may choose; `options` reads it back."""
    what = "where the classifier is in doubt: precision removes, recall keeps"
    parser.add_argument("--favour", choices=get_args(Favour), default="balanced", help=what)
    parser.add_argument("--nfc", action="store_true", help="put letters and their marks into Unicode's composed form")
    what = (
        f"leave out what decides: {', '.join(DECIDING)}, or one rule of the last two, as history:flicker (repeatable)"
    )
    parser.add_argument("--without", metavar="NAME", type=_deciding, action="append", default=[], help=what)


def options(arguments: argparse.Namespace) -> Options:
    """The choices that `add_options` asked for."""
    off = frozenset(arguments.without)
    return Options(favour=arguments.favour, normalise=arguments.nfc, rules_off=off)


def _deciding(name: str) -> str:
    if name.partition(":")[0] not in (DECIDING[-2:] if ":" in name else DECIDING):
        raise argparse.ArgumentTypeError(f"{name!r} decides nothing; write one of {', '.join(DECIDING)}")
    return name


def number(kind: Callable[[str], _N], least: float) -> Callable[[str], _N]:
    """A parser of numbers from `least` up, for `type=`."""

    def parse(text: str) -> _N:
        with suppress(ValueError):
            if (parsed := kind(text)) >= least:
                return parsed
        raise argparse.ArgumentTypeError(f"{text!r} is no number from {least} up")

    return parse


def moment(text: str) -> datetime:
    """A time with its zone, for `type=`."""
    parsed = parse_time(text)
    if parsed is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no time with its zone; write 2024-05-31T10:00:00Z")
    return parsed


def digits(time: str) -> str:
    """The 4 to 14 digits of a time, for `type=`."""
    found = re.sub(r"[-:TZ ]", "", time)
    if not re.fullmatch(r"[0-9]{4}([0-9]{2}){0,5}", found):
        raise argparse.ArgumentTypeError(f"{time!r} is no time; write 2024, 2024-05-31 or 20240531103000")
    return found
