"""A folder of captures: every file in it, in one order on every machine."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from archiver.model import Capture
from archiver.readers.capture_file import Place, explain, file_place, readable_name, refuse
from archiver.readers.sidecar import SUFFIX


def walk(folder: Path, source: str) -> Iterator[Place | Capture]:
    """Every file below a folder, sorted by path as bytes; hidden files and descriptions are passed over.

    Links are followed to files inside the folder only. What can't be opened comes as a capture that says why.
    """
    root = folder.resolve()
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        place = file_place(path, source, readable_name(path.relative_to(folder).as_posix()))
        try:
            mode = path.stat().st_mode
            inside = not path.is_symlink() or path.resolve().is_relative_to(root)
            entries = _list(path) if stat.S_ISDIR(mode) and (path == folder or not path.is_symlink()) else []
        except OSError as error:
            yield refuse(place, explain(error))
            continue
        if not inside:
            yield refuse(place, "a link that leads out of the folder (copy what it points to into the folder)")
        elif stat.S_ISDIR(mode):
            # A linked folder inside is met at its own place. Last in, first out: so in reverse.
            waiting.extend(reversed(entries))
        elif stat.S_ISREG(mode):
            yield place
        else:
            yield refuse(place, "not a regular file (take it out of the folder)")


def _list(folder: Path) -> list[Path]:
    shown = [entry for entry in folder.iterdir()
             if not entry.name.startswith(".") and not entry.name.endswith(SUFFIX)]  # fmt: skip
    # A folder sorts as its name with "/", so that the order is that of the whole paths.
    return sorted(shown, key=lambda entry: os.fsencode(entry.name) + (b"/" if entry.is_dir() else b""))
