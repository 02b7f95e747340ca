"""Where an export goes: a file or folder that is written whole or not at all, or stdout; compressed by its name."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from archiver.errors import InputError

# Hides what is not finished, and tells whose it is when a kill leaves it.
_UNFINISHED = ".unfinished"

# gzip's own default. The level of zstd at which its own manual says to begin.
_GZIP_LEVEL, _ZSTD_LEVEL = 6, 3


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of `path` when all went well; after an error nothing has changed.

    Raises InputError when the folder is missing or `path` is one, OSError when the disk refuses.
    """
    if path.is_dir():
        raise InputError("is a folder, and this format is one file", where=str(path), next_step="name a file with -o")
    unfinished = _beside(path)
    try:
        with unfinished.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder to fill, which becomes `path` when all went well; after an error nothing has changed.

    Raises InputError when something lies in `path`: a file can be replaced in one step, a folder cannot, and what it
    holds may be somebody's work.
    """
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        what = "holds files already" if path.is_dir() else "is a file, and this format is a folder of files"
        raise InputError(what, where=str(path), next_step="name a new or an empty folder with -o")
    unfinished = _beside(path)
    try:
        unfinished.mkdir()
        yield unfinished
        if path.exists():
            path.rmdir()
        unfinished.rename(path)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


@contextmanager
def compressed(stream: BinaryIO, name: str) -> Iterator[BinaryIO]:
    """The stream to write to for a file of that name: `.gz` and `.zst` compress, without a time or a name inside, so
    that equal data give equal bytes.
    """
    if name.endswith(".gz"):
        with gzip.GzipFile(filename="", mode="wb", compresslevel=_GZIP_LEVEL, fileobj=stream, mtime=0) as packed:
            yield cast(BinaryIO, packed)
    elif name.endswith(".zst"):
        compressor = zstandard.ZstdCompressor(level=_ZSTD_LEVEL, write_checksum=True)
        with compressor.stream_writer(stream, closefd=False) as packed_zst:
            yield cast(BinaryIO, packed_zst)
    else:
        yield stream


def _beside(path: Path) -> Path:
    if not path.absolute().parent.is_dir():
        raise InputError("its folder does not exist", where=str(path), next_step="make the folder, or name another")
    # The process's number: two exports to one place must not write into one another's file.
    return path.with_name(f".{path.name}.{os.getpid()}{_UNFINISHED}")
