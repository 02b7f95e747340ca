"""Lists that are data: words, phrases, selectors. Each file is tab-separated, headed by comment lines
that say what it is, its source, its date and its columns:

    # what: phrases that stand as a block of their own in site furniture
    # source: WordPress core translations; seen on pages
    # date: 2026-11-24
    # columns: kind	language	strength	phrase

Lines are sorted and unique; a test holds every file to that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import TypeVar

from archiver.errors import ArchiverError

Number = TypeVar("Number", int, float)


class TableError(ArchiverError):
    """A table of the package is malformed: a fault of the installation, never of a capture."""


@cache
def read_table(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of `tables/<name>.tsv`, each with as many cells as the header names columns.

    Raises TableError, with the line, when a row has another number of cells.
    """
    lines = (files(__name__) / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    width = len(_columns(name, lines))
    rows = []
    for number, line in enumerate(lines, 1):
        if not line or line.startswith("# ") or line == "#":
            continue
        cells = tuple(line.split("\t"))
        if len(cells) != width:
            raise TableError(
                f"{len(cells)} cells where the header names {width}",
                where=f"tables/{name}.tsv line {number}",
                next_step="install the package again",
            )
        rows.append(cells)
    return tuple(rows)


def _columns(name: str, lines: list[str]) -> list[str]:
    for line in lines:
        if line.startswith("# columns: "):
            return line.removeprefix("# columns: ").split("\t")
    raise TableError("no '# columns:' line", where=f"tables/{name}.tsv")


@cache
def read_model(name: str) -> str:
    """The text of the trained model `tables/<name>.txt`."""
    return (files(__name__) / f"{name}.txt").read_text(encoding="utf-8")


def to_numbers(kind: Callable[[str], Number], words: Sequence[str], where: str) -> list[Number]:
    """The words of a model file as numbers. Raises TableError when one is none."""
    try:
        return list(map(kind, words))
    except ValueError as fault:
        raise TableError("what is no number where one should be", where=where) from fault


@cache
def model_digest() -> str:
    """`sha256:` over the names and bytes of all trained models."""
    return _digest_of(".txt")


@cache
def rules_digest() -> str:
    """`sha256:` over the names and bytes of all tables: two programs with one digest know the same rules."""
    return _digest_of(".tsv")


def table_digest(name: str) -> str:
    """`sha256:` over the bytes of one table."""
    return f"sha256:{hashlib.sha256((files(__name__) / f'{name}.tsv').read_bytes()).hexdigest()}"


def _digest_of(ending: str) -> str:
    digest = hashlib.sha256()
    for table in sorted(files(__name__).iterdir(), key=lambda entry: entry.name):
        if table.name.endswith(ending):
            digest.update(table.name.encode() + b"\0" + table.read_bytes())
    return f"sha256:{digest.hexdigest()}"
