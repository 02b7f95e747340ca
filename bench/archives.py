"""python -m bench.archives: WARC files of 10, 100 and 1,000 MB cleaned with one worker and two, beside peers that get
the pages from the same reader: pages and megabytes a second, processor time, the peak of memory, and whether the
records are the same bytes whoever made them. With --loose the pages are files in a folder.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

import archiver
from archiver.run.usage import usage_of
from archiver.store import CATALOGUE
from bench.data import EXTRACTION, Share, read
from bench.peers import extract_resiliparse, extract_trafilatura
from bench.report import data_absent, digest_of_program, print_table, print_versions

PEERS: dict[str, Callable[[str], str]] = {"trafilatura": extract_trafilatura, "resiliparse": extract_resiliparse}
"""What a peer does with a page that the program has read and decoded."""

_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Measured:
    """One program over one file, from its start to its end."""

    program: str
    megabytes: int
    """Of the file, or of all files."""
    pages: int
    seconds: float
    """On the wall, beginning and end of the processes included."""
    processor: tuple[float, float]
    """Seconds of the process that reads, hands out and stores, and of all below it (Linux)."""
    peak: int
    """MiB: the most that all its processes together held of the machine's memory at once; what they share counts once
    (Linux: the proportional set sizes of `smaps_rollup`)."""
    digest: str
    """Over all files of the folder of clean records but the catalogue; "" for a peer."""


def write_files(path: Path, size: int) -> int:
    """Writes a folder of pages, about `size` bytes, those of all sets over and over; how many pages it holds."""
    path.mkdir()
    written = 0
    for number, (_, body) in enumerate(_pages(), 1):
        written += (path / f"{number:06}.html").write_bytes(body)
        if written >= size:
            return number
    return 0


def write_warc(path: Path, size: int) -> int:
    """Writes a WARC of about `size` bytes, a response and its request a page, pages of all sets over and over; how many
    pages it holds.
    """
    written = 0
    with path.open("wb") as file:
        for number, (url, body) in enumerate(_pages(), 1):
            head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
            written += file.write(_record("response", url, head.encode() + body, number))
            written += file.write(_record("request", url, b"GET / HTTP/1.1\r\n\r\n", number))
            if written >= size:
                return number
    return 0


def _pages() -> Iterator[tuple[str, bytes]]:
    for turn in count():
        for name in EXTRACTION:
            for sample in read(Share(name)):
                url = sample.url or f"http://{name}.example/{sample.id}"
                yield f"{url}#{turn}" if turn else url, sample.html.encode("utf-8", "replace")


def _record(kind: str, url: str, block: bytes, number: int) -> bytes:
    moment = f"2024-{number // 86400 % 12 + 1:02}-01T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}Z"
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:{kind}:{number}>\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Date: {moment}\r\nContent-Type: application/http; msgtype={kind}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Source:
    """What is to be cleaned."""

    path: Path
    """A WARC, or a folder of pages."""
    megabytes: int
    pages: int


def measure(program: str, command: Sequence[str], source: Source, clean: Path | None = None) -> Measured:
    """Runs a command to its end; `clean` is where it puts records. Raises CalledProcessError when it fails."""
    begun, peak, taken = perf_counter(), 0, dict[int, float]()
    process = subprocess.Popen([sys.executable, "-m", *command], stdout=subprocess.DEVNULL)
    while process.poll() is None:
        held = 0
        for pid in _tree(process.pid):
            held += _held_kib(pid)
            usage = usage_of(pid)
            taken[pid] = usage.processor_seconds if usage else taken.get(pid, 0.0)
        peak = max(peak, held)
        sleep(_LOOK_SECONDS)
    seconds = perf_counter() - begun
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    own = taken.pop(process.pid, 0.0)
    processor = own, sum(taken.values())
    digest = _digest(clean) if clean else ""
    return Measured(program, source.megabytes, source.pages, seconds, processor, peak // 1024, digest)


def _digest(folder: Path) -> str:
    digest = sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith(CATALOGUE):
            digest.update(f"{path.relative_to(folder)}\n{sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:16]


def _tree(pid: int) -> Iterator[int]:
    """A process and all below it, as far as they are there."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return
    for child in children:
        yield from _tree(int(child))


def _held_kib(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def run_peer(name: str, path: Path) -> int:
    """Gives each page of an archive to a peer; how many there were."""
    extract, pages = PEERS[name], 0
    for capture in archiver.read(path):
        pages += 1
        try:
            extract(archiver.decode(capture.body, capture.content_type).text)
        except Exception as fault:  # noqa: BLE001  (what a peer raises is its own affair, and costs it nothing here)
            print(f"{name}: {capture.url}: {type(fault).__name__}", file=sys.stderr)
    return pages


def _measure_size(folder: Path, size: int, chosen: argparse.Namespace) -> list[Measured]:
    path = folder / (str(size) if chosen.loose else f"{size}.warc")
    pages = (write_files if chosen.loose else write_warc)(path, size * 1_000_000)
    source = Source(path, size, pages)
    found = []
    for number in chosen.workers:
        clean = folder / f"clean-{size}-{number}"
        command = ("archiver.cli", "clean", str(path), str(clean), "--workers", str(number))
        found.append(measure(f"archiver, {number} worker{'s' * (number > 1)}", command, source, clean))
        print(found[-1], file=sys.stderr, flush=True)
        shutil.rmtree(clean)
    for name in chosen.peers:
        found.append(measure(name, ("bench.archives", "--peer", name, "--file", str(path)), source))
        print(found[-1], file=sys.stderr, flush=True)
    if chosen.loose:
        shutil.rmtree(path)
    else:
        path.unlink()
    return found


def _row(measured: Measured, first: Measured) -> list[str]:
    return [
        measured.program,
        str(measured.megabytes),
        str(measured.pages),
        f"{measured.seconds:.1f}",
        f"{measured.pages / measured.seconds:.1f}",
        f"{measured.megabytes / measured.seconds:.2f}",
        f"{first.seconds / measured.seconds:.2f}",
        " + ".join(f"{seconds:.1f}" for seconds in measured.processor),
        str(measured.peak),
        measured.digest,
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Prints a row a program and size. 0: done; 1: two runs gave other bytes; 2: wrong usage, or no data."""
    parser = argparse.ArgumentParser(prog="python -m bench.archives", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1000], metavar="MB")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], metavar="N")
    parser.add_argument("--peers", choices=PEERS, nargs="*", default=list(PEERS))
    parser.add_argument("--loose", action="store_true", help="pages that are files, which get two files each")
    parser.add_argument("--peer", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args(argv)
    if chosen.peer:
        print(run_peer(chosen.peer, chosen.file))
        return 0
    if data_absent(list(EXTRACTION)):
        return 2
    begun_with = digest_of_program()
    rows, same = [], True
    with TemporaryDirectory() as folder:
        for size in chosen.sizes:
            found = _measure_size(Path(folder), size, chosen)
            rows += [_row(measured, found[0]) for measured in found]
            same = same and len({measured.digest for measured in found if measured.digest}) <= 1
    columns = [
        "program",
        "MB",
        "pages",
        "s",
        "pages a second",
        "MB a second",
        "times the first",
        "s of processors, run + below",
        "MiB at the peak",
        "bytes",
    ]
    print_table(columns, rows)
    print_versions(begun_with)
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
