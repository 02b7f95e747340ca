"""`archiver show` and `archiver explain`: one capture or record -> what a person reads."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console

from archiver.cli.messages import complain
from archiver.cli.naming import add_capture, record_named
from archiver.cli.verb import Verb
from archiver.explain import explain, harmless, one_line
from archiver.model import Record
from archiver.record import to_json


def show_verb(arguments: argparse.Namespace) -> int:
    """Prints the clean text or the record of one capture; 1 when it failed."""
    record = record_named(arguments)
    if arguments.json:
        sys.stdout.write(to_json(record))
    elif record.text:
        # An escape sequence of the page stays in a pipe or file, and stays away from a terminal.
        sys.stdout.write(f"{harmless(record.text) if sys.stdout.isatty() else record.text}\n")
    return _failed(arguments, record)


def explain_verb(arguments: argparse.Namespace) -> int:
    """Prints what was kept, removed and repaired in one capture, and why; 1 when it failed."""
    record = record_named(arguments)
    console = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
    for line in explain(record):
        console.print(line)
    return _failed(arguments, record)


def _add_show(parser: argparse.ArgumentParser) -> None:
    add_capture(parser)
    parser.add_argument("--json", action="store_true", help="the whole record instead of the text")


def _failed(arguments: argparse.Namespace, record: Record) -> int:
    if record.status != "failed":
        return 0
    complain(f"{arguments.capture}: {one_line(record.account.doubts[0])}")
    return 1


SHOW = Verb("show", show_verb, _add_show, "print the clean text of one capture", "page.html")
"""The verb `show`."""

EXPLAIN = Verb(
    "explain",
    explain_verb,
    add_capture,
    "tell what was kept, removed and repaired, and why",
    "page.html --url https://example.org/",
)
"""The verb `explain`."""
