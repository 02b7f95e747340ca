"""`archiver find`: addresses, times and words -> the captures in a folder of clean records."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import get_args

from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from archiver.cli.arguments import digits, number
from archiver.cli.messages import complain
from archiver.cli.verb import Verb
from archiver.errors import RecordError
from archiver.explain import harmless, one_line
from archiver.model import Status
from archiver.search.snippets import Snippet
from archiver.store import Found, Hit, Query, Store, path_of

# What a person looks through; without words the captures come in an order that ends nowhere.
_BEST = 20


def find_verb(arguments: argparse.Namespace) -> int:
    """Prints the captures that are asked for, a line each; 1 when the text of one could not be searched."""
    damaged: list[RecordError] = []
    hits = _hits(Store(Path(arguments.clean)), arguments, damaged)
    limit = arguments.limit if arguments.limit is not None else _BEST if arguments.words else 0
    if not _show(islice(hits, limit or None), arguments):
        complain("nothing found")
    elif limit and next(hits, None):
        complain(f"there are more than these {limit:,} (--limit 0 shows all)")
    for fault in damaged:
        complain(str(fault))
    return 1 if damaged else 0


def _show(hits: Iterable[Hit], arguments: argparse.Namespace) -> bool:
    """Prints them; whether there was one."""
    show = _print_json if arguments.json else _print_line
    console = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
    found = False
    for hit in hits:
        found = True
        show(console, hit, arguments.clean)
    return found


def _hits(store: Store, arguments: argparse.Namespace, damaged: list[RecordError]) -> Iterator[Hit]:
    query = Query(
        url=arguments.url,
        prefix=arguments.prefix,
        host=arguments.host,
        since=arguments.since or "",
        until=arguments.until or "",
        statuses=(arguments.status,) if arguments.status else (),
    )
    asked = " ".join(arguments.words)
    if not asked:
        return (Hit(found, Snippet(found.title or "", ())) for found in store.find(query))
    # The first search takes up the words of all texts.
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("new texts", visible=False)

        def watch(done: int, count: int) -> None:
            progress.update(task, completed=done, total=count, visible=True)

        return store.search(asked, query, damaged.append, watch)


def _print_line(console: Console, hit: Hit, clean: str) -> None:
    found, snippet = hit
    cells = [one_line(cell) for cell in (_time(found), found.status, found.url or "-", _path(clean, found))]
    if console.is_terminal:
        words = Text(harmless(snippet.text))
        for start, end in snippet.spans:
            words.stylize("bold", start, end)
        console.print(Text("  ".join([*cells, ""])) + words)
    else:
        # (By hand: rich would spread the tabs.)
        sys.stdout.write("\t".join([*cells, harmless(snippet.text).replace("\t", " ")]) + "\n")


def _print_json(_: Console, hit: Hit, clean: str) -> None:
    found, snippet = hit
    facts = {**found._asdict(), "path": _path(clean, found), "snippet": snippet.text, "spans": snippet.spans}
    sys.stdout.write(f"{json.dumps(facts, ensure_ascii=False)}\n")


def _path(clean: str, found: Found) -> str:
    """What `archiver show` takes."""
    return str(path_of(Path(clean), found.place))


def _time(found: Found) -> str:
    """`2024-05-31T10:00:00Z`; `-` when it is unknown."""
    if found.timestamp is None:
        return "-"
    return f"{datetime.strptime(found.timestamp, '%Y%m%d%H%M%S'):%Y-%m-%dT%H:%M:%SZ}"


def _add_find(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        f"{parser.description}\n\nA line holds, parted by tabs in a pipe: time, status, address, the record's path\n"
        "(which `show` takes), and the piece of the text that was found, or else the title. With\n"
        "words the best come first, else by address and time. The first search takes up the words\n"
        "of all texts, some 2 ms each."
    )
    parser.add_argument("clean", metavar="CLEAN", help="the folder of clean records; a run may be at work in it")
    what = "before any option: words that the clean text must have, all of them: tide '\"tide table\"' harbo*"
    parser.add_argument("words", metavar="WORDS", nargs="*", help=what)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--url", help="the captures of one address, in any spelling")
    where.add_argument("--prefix", help="addresses that begin so: https://example.org/news*, or org,example)/news")
    where.add_argument("--host", help="a host and all below it")
    time = "captured in that year, month, day, minute ... or {}: 2024, 2024-05-31, 20240531103000 (UTC)"
    parser.add_argument("--from", dest="since", metavar="TIME", type=digits, help=time.format("later"))
    parser.add_argument("--to", dest="until", metavar="TIME", type=digits, help=time.format("earlier"))
    parser.add_argument("--status", choices=get_args(Status), help="only records of that status")
    what = f"at most so many; 0: all (with words the best {_BEST}, else all)"
    parser.add_argument("--limit", metavar="N", type=number(int, 0), help=what)
    parser.add_argument("--json", action="store_true", help="a JSON object a line")


FIND = Verb(
    "find",
    find_verb,
    _add_find,
    "find captures by address, host, time and words",
    "clean/ tide '\"tide table\"' --host example.org --from 2023",
)
"""The verb `find`."""
