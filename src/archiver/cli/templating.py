"""`archiver template`: a site in a folder of clean records -> what its pages have in common."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from archiver.cli.verb import Verb
from archiver.context import LEAST_PAGES, Template, templates_to_json
from archiver.errors import InputError
from archiver.explain import harmless
from archiver.store import Store
from archiver.store.site_templates import learned, site_named, sites


def template_verb(arguments: argparse.Namespace) -> int:
    """Prints the templates of a site, one for each design it had."""
    store, site = Store(Path(arguments.clean)), site_named(arguments.site)
    found = learned(store, site)
    if not found:
        raise _nothing_learned(store, site)
    if arguments.json:
        sys.stdout.write(templates_to_json(site, found))
    else:
        print("\n\n".join(map(_told, found)))
    return 0


def _add_template(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("site", metavar="SITE", help="a host, as news.example.org, or an address of it")
    parser.add_argument("clean", metavar="CLEAN", help="the folder of clean records")
    parser.add_argument("--json", action="store_true", help="all of it, as it is kept for cleaning")


def _nothing_learned(store: Store, site: str) -> InputError:
    captured: Sequence[str] = sites(store)
    if site in captured:
        step = f"capture more: {LEAST_PAGES} distinct pages of one design are needed"
        return InputError("too few pages to tell what they have in common", where=site, next_step=step)
    near = [name for name in captured if name.endswith(f".{site}") or site.endswith(f".{name}")]
    shown = ", ".join((near or captured)[:5])
    step = f"captured are {shown}" if shown else "clean captures of it first"
    return InputError("nothing captured of this site", where=site, next_step=step)


def _told(template: Template) -> str:
    """`example.org, 2024-01-02 to 2024-05-31: 12 pages in 40 captures, 2 blocks`, then the blocks, one a line."""
    time = f"{_day(template.first)} to {_day(template.last)}" if template.first else "undated"
    counts = f"{template.pages:,} pages in {template.captures:,} captures, {len(template.blocks):,} blocks"
    rows = [f"{pages:>6,} pages  {harmless(text)}" for _, pages, _, text in template.blocks]
    return "\n".join([f"{template.site}, {time}: {counts}", *rows])


def _day(time: str) -> str:
    return f"{time[:4]}-{time[4:6]}-{time[6:8]}"


TEMPLATE = Verb(
    "template", template_verb, _add_template, "show what the pages of a site have in common", "news.example.org clean/"
)
"""The verb `template`."""
