"""`archiver versions`, `archiver changes`: what pages said over time, out of a folder of clean records."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.text import Text

from archiver.cli.arguments import digits, number
from archiver.cli.messages import complain, count_captures
from archiver.cli.verb import Verb
from archiver.errors import RecordError
from archiver.explain import one_line
from archiver.store import Query, Store, path_of
from archiver.versions import Aside, Timeline, Version, change_to_line, changes_in, timeline_in, timeline_to_json


def versions_verb(arguments: argparse.Namespace) -> int:
    """Prints the versions of a page; 1 when a record of it is damaged."""
    damaged: list[RecordError] = []
    line = timeline_in(Store(Path(arguments.clean)), arguments.url, damaged.append)
    if arguments.json:
        sys.stdout.write(timeline_to_json(line))
    else:
        _print(_told(line, arguments))
    return _complain_of(damaged)


def changes_verb(arguments: argparse.Namespace) -> int:
    """Prints what changed in a time, a line each; 1 when a record is damaged."""
    damaged: list[RecordError] = []
    since, until = arguments.since or "", arguments.until or ""
    query = Query(prefix=arguments.prefix, host=arguments.host, since=since, until=until)
    changes = changes_in(Store(Path(arguments.clean)), query, damaged.append)
    show = _print_json if arguments.json else _print_line
    if not sum(show(line, version) for line, version in changes if _weighs(version, arguments)):
        complain("no page changed in that time")
    return _complain_of(damaged)


def _weighs(version: Version, arguments: argparse.Namespace) -> bool:
    return version.change is None or version.change.significance >= arguments.least_significance


def _print_json(line: Timeline, version: Version) -> int:
    sys.stdout.write(f"{change_to_line(line, version)}\n")
    return 1


def _print_line(line: Timeline, version: Version) -> int:
    _print([Text.assemble(f"{_time(version.first_seen)}  {one_line(line.url or '-')}  ", _change(version))])
    return 1


def _told(line: Timeline, arguments: argparse.Namespace) -> Iterator[Text]:
    """The timeline, a line for each thing that happened, in time order."""
    yield Text(one_line(line.url or "-"), "bold")
    yield Text(f"{count_captures(line.captures)}, {len(line.versions)} version{'' if len(line.versions) == 1 else 's'}")
    events: list[Version | Aside] = [*line.versions, *line.asides]
    for event in sorted(events, key=lambda one: (one.first_seen, one.place)):
        span = f"{_time(event.first_seen)} – {_time(event.last_seen)}"
        count = count_captures(event.captures)
        if isinstance(event, Aside):
            if event.cause == "broken" or not arguments.pages_only:
                yield Text(f"   -  {span}  {event.cause}: {event.reason} ({count})", "dim")
        elif _weighs(event, arguments):
            where = f" ({count}; {path_of(Path(arguments.clean), event.place)})"
            yield Text.assemble((f"{event.number:>4}", "bold"), f"  {span}  ", _change(event), (where, "dim"))


def _change(version: Version) -> Text:
    if not version.change:
        return Text("first seen")
    change = version.change
    colour = "red" if change.significance >= 0.5 else "yellow" if change.significance else "dim"
    again = f", as in version {version.same_as}" if version.same_as else ""
    return Text.assemble((f"{change.significance:.2f}", colour), f"  {one_line(change.summary)}{again}")


def _print(lines: Iterator[Text] | list[Text]) -> None:
    console = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
    for line in lines:
        console.print(line)


def _time(digits: str) -> str:
    return f"{datetime.strptime(digits, '%Y%m%d%H%M%S'):%Y-%m-%d %H:%M}"


def _complain_of(damaged: list[RecordError]) -> int:
    for fault in damaged:
        complain(str(fault))
    return 1 if damaged else 0


def _add_significance(parser: argparse.ArgumentParser) -> None:
    least = "only changes that weigh so much, 0 to 1: punctuation 0.05, a word 0.32, a number 0.6, a negation 0.8"
    parser.add_argument("--least-significance", metavar="X", type=number(float, 0), default=0.0, help=least)


def _add_clean(parser: argparse.ArgumentParser) -> None:
    what = "the folder of clean records (%(default)s)"
    parser.add_argument("clean", metavar="CLEAN", nargs="?", default="clean", help=what)


def _add_versions(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("url", metavar="URL", help="the address, in any spelling")
    _add_clean(parser)
    _add_significance(parser)
    parser.add_argument("--pages-only", action="store_true", help="without what the program or a charset did")
    parser.add_argument("--json", action="store_true", help="the whole timeline as JSON")


def _add_changes(parser: argparse.ArgumentParser) -> None:
    _add_clean(parser)
    time = "changes that were first captured in that year, month, day ... or {}: 2024, 2024-05-31 (UTC)"
    parser.add_argument("--since", metavar="TIME", type=digits, help=time.format("later"))
    parser.add_argument("--until", metavar="TIME", type=digits, help=time.format("earlier"))
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--prefix", help="only addresses that begin so: https://example.org/terms*")
    where.add_argument("--host", help="only a host and all below it")
    _add_significance(parser)
    parser.add_argument("--json", action="store_true", help="a JSON object a line")


VERSIONS = Verb(
    "versions",
    versions_verb,
    _add_versions,
    "tell the versions of a page over time, and what was no change of it",
    "https://example.org/terms clean/",
)
"""The verb `versions`."""

CHANGES = Verb("changes", changes_verb, _add_changes, "tell which pages changed", "clean/ --since 2024-05-01")
"""The verb `changes`."""
