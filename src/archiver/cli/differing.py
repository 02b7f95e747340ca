"""`archiver diff`: two captures, records or texts -> what differs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from archiver.cli.arguments import add_options, number, options
from archiver.cli.naming import record_at
from archiver.cli.verb import Verb
from archiver.diff import Difference, diff
from archiver.diff.form import to_json
from archiver.diff.page import REPLAY, to_html
from archiver.diff.terminal import link_lines, terminal_lines
from archiver.diff.unified import to_unified
from archiver.errors import CaptureError, InputError
from archiver.explain import one_line
from archiver.model import Options, Record

# Unchanged blocks, or lines in a patch: as diff -u shows them.
_CONTEXT = 3


def diff_verb(arguments: argparse.Namespace) -> int:
    """Prints what differs between two captures, records or texts."""
    if arguments.a == "-" and arguments.b == "-":
        raise InputError("A and B cannot both be stdin", where="-", next_step="name a file for one of them")
    chosen = options(arguments)
    difference = diff(*(_source(place, chosen, as_text=arguments.text) for place in (arguments.a, arguments.b)))
    if arguments.format == "terminal":
        _print_lines(difference, arguments)
    else:
        _write(_FORMATS[arguments.format](difference, arguments), arguments.out)
    return 0


def _source(place: str, chosen: Options, *, as_text: bool) -> Record | str:
    """The record, or with `--text` what stands in the file, to the letter."""
    if as_text:
        data = sys.stdin.buffer.read() if place == "-" else Path(place).read_bytes()
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as fault:
            what = f"not UTF-8 at byte {fault.start}"
            raise InputError(what, where=place, next_step="leave --text out, and its charset is found") from fault
    record = record_at(place, chosen, {})
    if record.status == "failed":
        raise CaptureError(one_line(record.account.doubts[0]), where=place, next_step="a failed capture has no text")
    return record


def _print_lines(difference: Difference, arguments: argparse.Namespace) -> None:
    console = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
    coloured = arguments.out == "-" and console.color_system is not None and not console.no_color
    lines = [
        *terminal_lines(difference, arguments.least_significance, arguments.context, coloured=coloured),
        *(link_lines(difference) if arguments.links else ()),
    ]
    if arguments.out == "-":
        for line in lines:
            console.print(line)
    else:
        _write("".join(f"{line.plain}\n" for line in lines), arguments.out)


def _write(text: str, out: str) -> None:
    if out == "-":
        sys.stdout.write(text)
    else:
        Path(out).write_text(text, encoding="utf-8", newline="")


_FORMATS: dict[str, Callable[[Difference, argparse.Namespace], str]] = {
    "unified": lambda difference, arguments: to_unified(difference, arguments.context),
    "json": lambda difference, arguments: to_json(difference, arguments.least_significance),
    "html": lambda difference, arguments: to_html(
        difference, arguments.least_significance, arguments.context, arguments.replay
    ),
}


def _add_diff(parser: argparse.ArgumentParser) -> None:
    what = "a page as captured, a stored .json record, a shard's line (….jsonl.zst#17), a text file; - for stdin"
    parser.add_argument("a", metavar="A", help=f"the earlier one: {what}")
    parser.add_argument("b", metavar="B", help="the later one, likewise")
    forms = "terminal: in colour; unified: for patch, every line; json; html: one page that needs nothing else"
    parser.add_argument("--format", choices=("terminal", *_FORMATS), default="terminal", help=forms)
    least = "leave out changes of less significance, 0 to 1; 0 shows those of white space too (%(default)s)"
    parser.add_argument("--least-significance", metavar="X", type=number(float, 0), default=0.01, help=least)
    context = "unchanged blocks shown around a change; lines in unified (%(default)s)"
    parser.add_argument("--context", metavar="N", type=number(int, 0), default=_CONTEXT, help=context)
    parser.add_argument("--links", action="store_true", help="tell what links changed too (json and html always do)")
    text = "compare two texts to the letter as they stand, in UTF-8, and clean nothing"
    parser.add_argument("--text", action="store_true", help=text)
    replay = "what the links to the captures begin with in html (%(default)s)"
    parser.add_argument("--replay", metavar="URL", default=REPLAY, help=replay)
    parser.add_argument("-o", "--out", metavar="FILE", default="-", help="the file to write; - for stdout")
    add_options(parser)


DIFF = Verb(
    "diff",
    diff_verb,
    _add_diff,
    "tell what differs between two captures, words, sentences and moves",
    "before.html after.html --format html -o difference.html",
)
"""The verb `diff`."""
