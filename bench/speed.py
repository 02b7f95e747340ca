"""python -m bench.speed: where the time of a page goes, beside a bare parse and a peer; and the peak of memory."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from lxml import etree

import archiver
from archiver import Capture, Options
from archiver.blocks import segment, segment_text
from archiver.decode import decode_capture
from archiver.labels import LABELLERS, label
from archiver.labels.weights import measured
from archiver.metadata import describe, identify
from archiver.model import Label, Record
from archiver.parse import format_of
from archiver.record import Decisions, build, to_json
from archiver.repair import repair_document
from bench.clock import Stopwatch, compare
from bench.data import EXTRACTION, Sample, Share, read
from bench.extractors import extract_archiver, extract_trafilatura
from bench.pool import spread
from bench.report import data_absent, digest_of_program, print_table, print_versions

STAGES = ("decode", "format", "blocks", "repair", "labels", "metadata", "record")
"""In the order of `archiver.pipeline`; `blocks` holds the parse, which calls it as it goes."""

# As many as the memory of a long run needs to level out; a page's own memory is given back after it.
_MEMORY_PAGES = 200
_WARM_UP = 3


@dataclass(frozen=True, slots=True)
class MemoryJob:
    """What a process of its own does before it is asked for its peak."""

    set: str
    pages: int
    clean: bool
    """Whether the pages are cleaned; otherwise they are only read, for comparison."""


def parse_bare(html: str) -> object:
    """The tree as lxml makes it and nothing else: the floor for any program that reads the page with lxml."""
    return etree.fromstring(html.encode("utf-8", "replace"), etree.HTMLParser(encoding="utf-8", huge_tree=True))


WHOLE: dict[str, Callable[[str], object]] = {
    "archiver.clean": extract_archiver,
    "lxml, parse only": parse_bare,
    "trafilatura": extract_trafilatura,
}
"""What is compared as a whole, page by page in turn."""


def clean_in_stages(html: str, watch: Stopwatch) -> Record:
    """What `archiver.clean(html)` gives, each stage timed."""
    options = Options()
    capture = Capture(html.encode("utf-8", "replace"), text=html)
    page = watch.run("decode", decode_capture, capture)
    if watch.run("format", format_of, page.text, None) == "text":
        document = watch.run("blocks", segment_text, page.text)
    else:
        document = watch.run("blocks", segment, page.text, page.encoded)
    document, repairs = watch.run("repair", repair_document, document)
    labels = watch.run("labels", label, document, options)
    identity = identify(capture, document.head)
    kept = [block for block in document.blocks if labels[block.index].keep]
    metadata = watch.run("metadata", describe, document, kept, identity)
    return watch.run("record", build, capture, page, document, Decisions(labels, repairs, metadata, identity))


def run_labellers(html: str, watch: Stopwatch) -> None:
    """Times each labeller alone; the stage `labels` holds them all."""
    document = segment_text(html) if format_of(html, None) == "text" else segment(html)
    document = watch.run("  measures", measured, document)
    labels: dict[int, Label] = {}
    for name, labeller in LABELLERS:
        labels = {**watch.run(f"  {name}", labeller, document, labels), **labels}


def measure_peak(job: MemoryJob) -> list[int]:
    """[peak of this process's memory in KiB], after the job. [] where the system has no /proc.

    Not `getrusage`: its figure is handed down from the parent process on Linux.
    """
    for sample in islice(read(Share(job.set)), job.pages):
        if job.clean:
            archiver.clean(sample.html)
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]


def take_times(sets: Sequence[str], every: int, whole: dict[str, Callable[[str], object]]) -> tuple[Stopwatch, int]:
    """The times, and how many million characters of markup the pages hold together.

    Raises AssertionError when the stages here give another record than the pipeline: then this file is out of date.
    """
    watch, turn, characters = Stopwatch(), 0, 0
    for name in sets:
        for sample in read(Share(name, every)):
            if turn < _WARM_UP:
                _time_page(sample, Stopwatch(), turn, whole)
            _time_page(sample, watch, turn, whole)
            turn += 1
            characters += len(sample.html)
    return watch, characters


def _time_page(sample: Sample, watch: Stopwatch, turn: int, whole: dict[str, Callable[[str], object]]) -> None:
    compare(watch, whole, sample.html, turn)
    record = watch.run("all stages", clean_in_stages, sample.html, watch)
    stored = watch.run("to JSON", to_json, record)
    run_labellers(sample.html, watch)
    assert stored == to_json(archiver.clean(sample.html)), f"the stages are not the pipeline's: {sample.id}"


def _print_times(watch: Stopwatch) -> None:
    labellers = ["  measures", *(f"  {name}" for name, _ in LABELLERS)]
    last = STAGES.index("labels") + 1
    _print_rows(watch, "whole", list(WHOLE))
    # The difference between `all stages` and their sum is memory given back: thousands of small values.
    _print_rows(watch, "stage", [*STAGES[:last], *labellers, *STAGES[last:], "all stages", "to JSON"])


def _print_rows(watch: Stopwatch, title: str, names: Sequence[str]) -> None:
    total = sum(watch.milliseconds["all stages"])
    rows = [
        [
            name,
            str(len(watch.milliseconds[name])),
            f"{watch.median(name):.2f}",
            f"{watch.mean(name):.2f}",
            f"{max(watch.milliseconds[name]):.0f}",
            f"{sum(watch.milliseconds[name]) / total:.0%}",
        ]
        for name in names
        if name in watch.milliseconds
    ]
    print_table([f"{title}, ms a page", "pages", "median", "mean", "longest", "of all stages"], rows)
    print()


def _print_summary(watch: Stopwatch, characters: int) -> None:
    for other in list(WHOLE)[1:]:
        if other in watch.milliseconds:
            print(f"median of archiver.clean / median of {other}: {watch.ratio('archiver.clean', other):.2f}")
    seconds = sum(watch.milliseconds["archiver.clean"]) / 1000
    pages = len(watch.milliseconds["archiver.clean"])
    print(f"archiver.clean, one process: {pages / seconds:.0f} pages or {characters / seconds / 1e6:.1f} million "
          "characters of markup a second")  # fmt: skip


def _print_memory(set_name: str) -> None:
    for clean, what in ((False, "only reads"), (True, "cleans")):
        for result in spread(measure_peak, [MemoryJob(set_name, _MEMORY_PAGES, clean)], workers=1):
            peak = f"{result[0] / 1024:.0f} MiB" if result else "not known on this system"
            print(f"peak memory of a process that {what} {_MEMORY_PAGES} pages of {set_name}: {peak}")


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the tables. 0: done; 2: wrong usage, or no data."""
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description=__doc__)
    parser.add_argument("--sets", nargs="+", choices=EXTRACTION, default=list(EXTRACTION), help="sets to time")
    parser.add_argument("--every", type=int, default=10, metavar="N", help="only every N-th page (10)")
    parser.add_argument("--without-peers", action="store_true", help="no trafilatura")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every time, in ms, to a file")
    chosen = parser.parse_args(argv)
    if data_absent(chosen.sets):
        return 2
    begun_with = digest_of_program()
    whole = {name: run for name, run in WHOLE.items() if not (chosen.without_peers and name == "trafilatura")}
    watch, characters = take_times(chosen.sets, chosen.every, whole)
    _print_times(watch)
    _print_summary(watch, characters)
    _print_memory(chosen.sets[0])
    print_versions(begun_with)
    if chosen.json:
        chosen.json.write_text(json.dumps(watch.milliseconds, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
