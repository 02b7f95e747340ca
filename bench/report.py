"""What the commands print: aligned tables, and what was measured with what."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import machine, python_version

import archiver
from bench.data import find_data, find_missing

_MEASURED_WITH = ("archiver", "lxml", "trafilatura")


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that move the figures, the program's digest, today's date (UTC)."""
    found = {"date": datetime.now(UTC).date().isoformat(), "python": python_version(), "machine": machine()}
    found["program"] = digest_of_program()
    for name in _MEASURED_WITH:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def digest_of_program() -> str:
    """12 hex digits of the sha256 over the names and bytes of this program's files: which state was measured.

    The commands look at it before and after. With an editable install, a run of the laws while others were editing
    once had 81 of 86 pages come out different the second time, and none when nobody was.
    """
    folder = Path(archiver.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def print_versions(begun_with: str) -> None:
    """One line with `versions()`; another on stderr when the program is not the one it was begun with."""
    found = versions()
    print(", ".join(f"{name} {value}" for name, value in found.items()))
    if found["program"] != begun_with:
        print(f"the program was edited during the run (it was {begun_with}): measure again", file=sys.stderr)


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as they need to be; the first is set left, the others right."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, ["-" * width for width in widths], *rows):
        cells = [
            row[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
        ]
        print("  ".join(cells).rstrip())


def data_absent(sets: Sequence[str]) -> bool:
    """Whether a set is missing; then says so in one line on stderr."""
    missing = find_missing(list(sets))
    if missing:
        print(f"no development data under {find_data()} for {', '.join(missing)}: "
              "name their folder in ARCHIVER_DATA", file=sys.stderr)  # fmt: skip
    return bool(missing)
