"""Sorting more lines than memory holds."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import BinaryIO

# Bytes of lines that are sorted in memory at once; 300 MB with what Python adds to a line of 300 bytes. A thousand
# runs, all that most systems let a process hold open, are 64 GB of index: 200 million captures.
_RUN_BYTES = 64 * 1024 * 1024


def sorted_lines(lines: Iterable[bytes], run_bytes: int = _RUN_BYTES) -> Iterator[bytes]:
    """The lines, each with its line end, in the order of their bytes; more than `run_bytes` of them go through
    temporary files. Raises OSError when the disk refuses.
    """
    with ExitStack() as files:
        runs: list[BinaryIO] = []
        held: list[bytes] = []
        size = 0
        for line in lines:
            held.append(line)
            size += len(line)
            if size >= run_bytes:
                runs.append(_spilled(files.enter_context(TemporaryFile()), held))
                held, size = [], 0
        yield from heapq.merge(*runs, sorted(held))


def _spilled(file: BinaryIO, lines: list[bytes]) -> BinaryIO:
    file.writelines(sorted(lines))
    file.seek(0)
    return file
