"""`archiver clean`: captures -> clean records."""

from __future__ import annotations

import argparse
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from archiver.cli.arguments import add_options, number, options
from archiver.cli.messages import complain, count_captures
from archiver.cli.verb import Verb
from archiver.errors import InputError
from archiver.explain import one_line
from archiver.progress import progress_bar
from archiver.readers import read
from archiver.run import Limits, Summary, Workers, count_cores, run
from archiver.store import Store


def clean_verb(arguments: argparse.Namespace) -> int:
    """Cleans what is new in a folder or file of captures; 1 when a capture failed."""
    _refuse_overlap(arguments.input, arguments.clean)
    skipped: Counter[str] = Counter()
    captures = read(arguments.input, skipped)
    workers = Workers(arguments.workers, Limits(memory_bytes=int(arguments.memory * 1024**3)))
    bar = progress_bar(Path(arguments.input), Console(stderr=True))
    chosen = replace(options(arguments), site_templates=arguments.templates)
    with _terminable(), Store(Path(arguments.clean)) as store, bar as watch:
        summary = run(captures, store, chosen, watch, workers)
    print(_summed_up(summary, skipped))
    for failure in summary.failures:
        complain(f"{failure.where}: {one_line(failure.reason)}")
    return 1 if summary.failures else 0


def _add_clean(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", metavar="INPUT", help="a folder or file of captures; - for stdin")
    parser.add_argument("clean", metavar="CLEAN", help="the folder of clean records; made when missing")
    workers = "processes that clean; 0: in one process, which one bad page can take down (as many as there are cores)"
    parser.add_argument("--workers", metavar="N", type=number(int, 0), default=count_cores(), help=workers)
    memory = "the most memory that a worker may take for one capture, in GiB; Linux only (%(default)s)"
    parser.add_argument("--memory", metavar="GIB", type=number(float, 0.25), default=4, help=memory)
    what = "take out what stands on many pages of a site, too; reads the records of these sites once more"
    parser.add_argument("--templates", action="store_true", help=what)
    add_options(parser)


def _refuse_overlap(raw: str, clean: str) -> None:
    """Clean records inside the folder of captures would be taken for captures by the next run, and captures
    inside the clean folder for records.
    """
    if raw == "-":
        return
    raw_path, clean_path = Path(raw).resolve(), Path(clean).resolve()
    if clean_path.is_relative_to(raw_path) or raw_path.is_relative_to(clean_path):
        what = "captures and clean records would lie inside one another"
        raise InputError(what, where=clean, next_step="name a folder beside the captures")


@contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM stops a run as Ctrl-C does: what is done is kept. (Only the main thread may say so.)"""
    before = None
    with suppress(ValueError):
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)


def _summed_up(summary: Summary, skipped: Counter[str]) -> str:
    """`5 captures: 3 new, 1 changed, 1 failed; 2 to look at`, without what is nought; then what was no page."""
    columns = ("new", "unchanged", "changed", "failed", "duplicates", "done")
    names = {"duplicates": "duplicate", "done": "done before"}
    counts = [(getattr(summary, column), names.get(column, column)) for column in columns]
    told = ", ".join(f"{count:,} {name}" for count, name in counts if count)
    look = f"; {summary.partial:,} to look at (status partial)" if summary.partial else ""
    captures = f"{count_captures(summary.captures)}: {told}{look}" if told else "no captures"
    return f"{captures}\n{_skipped(skipped)}" if skipped.total() else captures


def _skipped(skipped: Counter[str]) -> str:
    """`skipped 1,204: 900 image/png, 300 redirect (HTTP 301), 4 robots.txt`, the most frequent first."""
    reasons = sorted(skipped.items(), key=lambda item: (-item[1], item[0]))
    told = ", ".join(f"{count:,} {one_line(reason)}" for reason, count in reasons if count)
    return f"skipped {skipped.total():,}: {told}"


CLEAN = Verb("clean", clean_verb, _add_clean, "clean captures that are new; skip what is done", "raw/ clean/")
"""The verb `clean`."""
