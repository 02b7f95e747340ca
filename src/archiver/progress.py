"""How far a run has come: captures, captures a second, bytes of the input a second, and the time left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.text import Text

from archiver.explain import shortened
from archiver.model import Capture
from archiver.readers.capture_file import Place
from archiver.readers.folder import walk
from archiver.run import Watch
from archiver.store import Outcome


class Reach:
    """How many bytes of the input lie behind the captures that are through, which come in the input's order."""

    def __init__(self, size_of: Callable[[str], int]) -> None:
        """`size_of` tells the bytes of a file by its path relative to what is read."""
        self._size_of = size_of
        self._file: str | None = None
        self._size = 0
        self._before = 0
        self._reached = 0

    def after(self, capture: Capture) -> int:
        """The bytes behind this capture and all before it. Within an archive as far as it knows its own place; one
        that lies in an archive inside the archive does not.
        """
        file = capture.archive or capture.container
        if file is not None and file != self._file:
            self._before += self._size
            self._file, self._size = file, self._size_of(file)
        self._reached = max(self._reached, self._before + min(self._within(capture), self._size))
        return self._reached

    def _within(self, capture: Capture) -> int:
        if capture.archive is None:
            return self._size
        if capture.container != capture.archive or capture.offset is None:
            return 0
        return capture.offset + (capture.length or 0)


def total_of(path: Path) -> int | None:
    """The bytes of all files that are read at a path; None when nobody knows: for stdin, or where it can't be read."""
    try:
        if not path.is_dir():
            return path.stat().st_size if str(path) != "-" else None
        return sum(_size(path / found.container) for found in walk(path, "") if isinstance(found, Place))
    except OSError:
        return None


@contextmanager
def progress_bar(path: Path, console: Console) -> Iterator[Watch | None]:
    """A bar on a terminal while the `with` lasts, and what moves it; None when it is no terminal."""
    if not console.is_terminal:
        yield None
        return
    total = total_of(path)
    reach = Reach(lambda file: _size(path / file if path.is_dir() else path))
    columns = (SpinnerColumn(), BarColumn(20), _CapturesColumn(), TransferSpeedColumn(), TimeElapsedColumn())
    left = (TextColumn("left"), TimeRemainingColumn()) if total else ()
    with Progress(*columns, *left, TextColumn("{task.description}"), console=console) as progress:
        task = progress.add_task("", total=total, captures=0)
        captures = 0

        def watch(capture: Capture, outcome: Outcome) -> None:
            nonlocal captures
            captures += 1
            name = shortened(capture.container or capture.url or outcome.place)[-60:].replace("[", r"\[")
            progress.update(task, completed=reach.after(capture), captures=captures, description=name)

        yield watch


class _CapturesColumn(TextColumn):
    """`1,204 captures (31.4/s)`."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: Task) -> Text:
        captures: int = task.fields["captures"]
        rate = f" ({captures / task.elapsed:.1f}/s)" if task.elapsed else ""
        return Text(f"{captures:,} captures{rate}")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
