"""python -m bench.extraction: is the right text kept, by set and page type, beside the peers in one run."""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from pathlib import Path
from statistics import stdev

from bench.clock import Stopwatch, compare
from bench.data import EXTRACTION, Share, read
from bench.extractors import EXTRACTORS
from bench.pool import WORKERS, spread
from bench.report import data_absent, digest_of_program, print_table, print_versions, versions
from bench.scoring import Score, mean, score

# Time is taken on every tenth page, one process at a time: two at once share a cache and slow each other down.
_TIMED_EVERY = 10
# Pages run before the watch starts: tables are read and patterns compiled on the first.
_WARM_UP = 3


@dataclass(frozen=True, slots=True)
class Job:
    """A worker's share of the pages, and whose text to score."""

    share: Share
    extractors: tuple[str, ...]

    @property
    def set(self) -> str:
        """The set, for the progress line."""
        return self.share.set


@dataclass(frozen=True, slots=True)
class PageScores:
    """One page as each extractor did it."""

    set: str
    id: str
    page_type: str
    scores: dict[str, Score]


def measure(sets: Sequence[str], extractors: Sequence[str], every: int = 1) -> list[PageScores]:
    """The scores of every `every`-th page of the sets, ordered by set, then by id."""
    shares = [Share(name, every, rest, WORKERS) for name in sets for rest in range(WORKERS)]
    jobs = [Job(share, tuple(extractors)) for share in shares]
    pages = [page for result in spread(_score_share, jobs) for page in result]
    return sorted(pages, key=lambda page: (list(EXTRACTION).index(page.set), page.id))


def group(pages: Sequence[PageScores]) -> dict[tuple[str, str], list[PageScores]]:
    """(set, page type) -> pages; the type `all` holds the whole set. A set of one type has no other."""
    groups: defaultdict[tuple[str, str], list[PageScores]] = defaultdict(list)
    for page in pages:
        groups[page.set, "all"].append(page)
        if page.set == "wcxb":
            groups[page.set, page.page_type].append(page)
    return dict(sorted(groups.items(), key=lambda item: (list(EXTRACTION).index(item[0][0]), item[0][1])))


def take_times(sets: Sequence[str], extractors: Sequence[str], every: int) -> Stopwatch:
    """The time of each extractor, page by page in one process."""
    functions = {name: EXTRACTORS[name] for name in extractors}
    watch, turn = Stopwatch(), 0
    for name in sets:
        for sample in read(Share(name, every)):
            if turn < _WARM_UP:
                compare(Stopwatch(), functions, sample.html, turn)
            compare(watch, functions, sample.html, turn)
            turn += 1
    return watch


def _score_share(job: Job) -> list[PageScores]:
    return [
        PageScores(
            sample.set,
            sample.id,
            sample.page_type,
            {name: score(EXTRACTORS[name](sample.html), sample.reference, sample.language) for name in job.extractors},
        )
        for sample in read(job.share)
    ]


def _print_quality(pages: Sequence[PageScores], extractors: Sequence[str]) -> None:
    head = ["set", "pages"]
    for name in extractors:
        head += [f"{name} F1", "P", "R"]
    if "trafilatura" in extractors:
        head.append("ahead of trafilatura")
    rows = []
    for (set_name, page_type), members in group(pages).items():
        row = [set_name if page_type == "all" else f"  {page_type}", str(len(members))]
        for name in extractors:
            figures = mean([page.scores[name] for page in members])
            row += [f"{figures.f1:.3f}", f"{figures.precision:.3f}", f"{figures.recall:.3f}"]
        if "trafilatura" in extractors:
            row.append(_lead(members, "archiver", "trafilatura"))
        rows.append(row)
    print_table(head, rows)


def _lead(pages: Sequence[PageScores], one: str, other: str) -> str:
    """The mean difference of F1 on the same pages, with its 95 % interval (1.96 standard errors)."""
    differences = [page.scores[one].f1 - page.scores[other].f1 for page in pages]
    middle = sum(differences) / len(differences)
    if len(differences) < 2:
        return f"{middle:+.3f}"
    return f"{middle:+.3f} ±{1.96 * stdev(differences) / sqrt(len(differences)):.3f}"


def _print_times(watch: Stopwatch) -> None:
    names = list(watch.milliseconds)
    rows = [
        [name, str(len(watch.milliseconds[name])), f"{watch.median(name):.1f}", f"{watch.mean(name):.1f}"]
        for name in sorted(names, key=list(EXTRACTORS).index)
    ]
    print_table(["processor time a page, ms", "pages", "median", "mean"], rows)
    if "trafilatura" in names:
        print(f"median of archiver / median of trafilatura: {watch.ratio('archiver', 'trafilatura'):.2f}")


def _to_json(pages: Sequence[PageScores], watch: Stopwatch, extractors: Sequence[str]) -> str:
    summary = [
        {
            "set": set_name,
            "page_type": page_type,
            "pages": len(members),
            **{name: asdict(mean([page.scores[name] for page in members])) for name in extractors},
        }
        for (set_name, page_type), members in group(pages).items()
    ]
    times = {name: {"median": watch.median(name), "mean": watch.mean(name)} for name in watch.milliseconds}
    result = {
        "measured_with": versions(),
        "summary": summary,
        "milliseconds": times,
        "pages": list(map(asdict, pages)),
    }
    return json.dumps(result, ensure_ascii=False, indent=1) + "\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the tables. 0: done; 2: wrong usage, or no data."""
    parser = argparse.ArgumentParser(prog="python -m bench.extraction", description=__doc__)
    parser.add_argument("--sets", nargs="+", choices=EXTRACTION, default=list(EXTRACTION), help="sets to measure")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th page")
    parser.add_argument("--without-peers", action="store_true", help="this program alone")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all figures, page by page, to a file")
    chosen = parser.parse_args(argv)
    if data_absent(chosen.sets):
        return 2
    begun_with = digest_of_program()
    extractors = ["archiver"] if chosen.without_peers else list(EXTRACTORS)
    pages = measure(chosen.sets, extractors, chosen.every)
    _print_quality(pages, extractors)
    watch = take_times(chosen.sets, extractors, max(chosen.every, _TIMED_EVERY))
    _print_times(watch)
    print_versions(begun_with)
    if chosen.json:
        chosen.json.write_text(_to_json(pages, watch, extractors), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
