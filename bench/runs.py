"""python -m bench.runs: whole runs over a set, taken as one archive, with one worker and with more, side by side."""

from __future__ import annotations

import argparse
import os
import pickle
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice
from multiprocessing import active_children
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from archiver import Capture, Options
from archiver.run import Workers, run
from archiver.store import CATALOGUE, Outcome, Store
from bench.data import EXTRACTION, Share, read
from bench.report import data_absent, digest_of_program, print_table, print_versions

# How often the processes' memory is looked at, in captures. What is read is each one's own high-water mark.
_LOOK_CAPTURES = 20


@dataclass(frozen=True, slots=True)
class Measured:
    """One run."""

    workers: int
    captures: int
    seconds: float
    """On the wall."""
    own_seconds: float
    """Of the processor, in the process that reads, hands out and stores."""
    workers_seconds: float
    """Of the processor, in all workers together, their beginning included."""
    megabytes: tuple[int, int]
    """Peak memory of that process, and of all its workers together, each at its own highest."""
    digest: str
    """Over all files of the folder of clean records but the catalogue."""


def write_stream(set_name: str, pages: int, path: Path) -> None:
    """Writes the pages, one after the other as an archive's reader would give them."""
    with path.open("wb") as file:
        for sample in islice(read(Share(set_name)), pages):
            body = sample.html.encode("utf-8", "replace")
            capture = Capture(body, url=sample.url, content_type="text/html; charset=utf-8", source="bench")
            name = f"{set_name}.warc.gz"
            pickle.dump(replace(capture, container=name, archive=name, offset=file.tell()), file)


def read_stream(path: Path) -> Iterator[Capture]:
    """The captures of the stream; no more of them in memory than who reads them holds."""
    with path.open("rb") as file:
        while file.peek(1):
            yield pickle.load(file)


def measure(stream: Path, workers: int, *, loose: bool) -> Measured:
    """Cleans the whole stream into a folder that is gone afterwards. `loose`: with two files a page."""
    captures, workers_peak = 0, dict[int, int]()

    def watch(capture: Capture, outcome: Outcome) -> None:
        nonlocal captures
        captures += 1
        if captures % _LOOK_CAPTURES == 0:
            workers_peak.update({child.pid or 0: _peak_kib(child.pid or 0) for child in active_children()})

    given = (replace(capture, archive=None) if loose else capture for capture in read_stream(stream))
    with TemporaryDirectory() as folder:
        wall, own, theirs = perf_counter(), process_time(), _children_seconds()
        with Store(Path(folder)) as store:
            run(given, store, Options(), watch, Workers(workers))
        wall, own, theirs = perf_counter() - wall, process_time() - own, _children_seconds() - theirs
        peaks = _peak_kib(os.getpid()) // 1024, sum(workers_peak.values()) // 1024
        return Measured(workers, captures, wall, own, theirs, peaks, _digest(Path(folder)))


def _children_seconds() -> float:
    """Of the processor, in all children that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def _peak_kib(pid: int) -> int:
    """The high-water mark of a process; 0 where the system has no /proc, or the process is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def _digest(folder: Path) -> str:
    digest = sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith(CATALOGUE):
            digest.update(f"{path.relative_to(folder)}\n{sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:16]


def _row(measured: Measured) -> list[str]:
    return [
        str(measured.workers),
        f"{measured.seconds:.1f}",
        f"{measured.captures / measured.seconds:.1f}",
        f"{1000 * measured.own_seconds / measured.captures:.2f}",
        f"{1000 * measured.workers_seconds / measured.captures:.1f}",
        str(measured.megabytes[0]),
        str(measured.megabytes[1]),
        measured.digest,
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Prints a row a run, and the ratios of the medians. 0: done; 1: two runs gave other bytes; 2: wrong usage, or no
    data.
    """
    parser = argparse.ArgumentParser(prog="python -m bench.runs", description=__doc__)
    parser.add_argument("--set", choices=EXTRACTION, default="wcxb")
    parser.add_argument("--pages", type=int, default=600, metavar="N", help="only the first N pages (600)")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], metavar="N", help="side by side (1 2)")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="runs of each, in turn (3)")
    parser.add_argument("--loose", action="store_true", help="two files a page, as for pages that are files themselves")
    chosen = parser.parse_args(argv)
    if data_absent([chosen.set]):
        return 2
    begun_with = digest_of_program()
    results = []
    with TemporaryDirectory() as folder:
        stream = Path(folder, "stream")
        write_stream(chosen.set, chosen.pages, stream)
        for _ in range(chosen.rounds):
            for workers in chosen.workers:
                results.append(measure(stream, workers, loose=chosen.loose))
                print(*_row(results[-1]), file=sys.stderr, flush=True)
    columns = [
        "workers",
        "s",
        "captures a second",
        "ms in the run itself",
        "ms in workers",
        "MiB run",
        "MiB workers",
        "bytes",
    ]
    print_table(columns, [_row(result) for result in results])
    medians = {
        workers: median([result.seconds for result in results if result.workers == workers])
        for workers in chosen.workers
    }
    for workers in chosen.workers[1:]:
        ratio = medians[chosen.workers[0]] / medians[workers]
        print(f"{workers} workers: {ratio:.2f} times as fast as {chosen.workers[0]}, by the medians")
    print_versions(begun_with)
    return 0 if len({result.digest for result in results}) == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
