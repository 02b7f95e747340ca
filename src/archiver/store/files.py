"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from archiver.errors import StoreError

UNFINISHED = ".unfinished"
"""The ending of a file that is still being written. A dot before its name hides it, the ending is nobody else's: what
bears both was left by a kill."""


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file whole or not at all: beside its place, flushed to the disk, then renamed.

    Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = unfinished_of(path)
    with unfinished.open("wb") as file:
        file.write(data)
        flush(file)
    unfinished.replace(path)


def unfinished_of(path: Path) -> Path:
    """Where the file lies while it is being written."""
    return path.with_name(f".{path.name}{UNFINISHED}")


def flush(file: BinaryIO) -> None:
    """Makes what was written last a power cut. Raises OSError."""
    file.flush()
    os.fsync(file.fileno())


def refused(path: Path, fault: OSError) -> StoreError:
    """What the user is told when the disk refuses."""
    return StoreError(
        f"cannot be written: {fault.strerror or fault}",
        where=str(path),
        next_step="check its rights and the space on the disk, and run again",
    )
