"""python -m bench.extraction: is the right text kept, by set, page type and language, beside the peers in one run."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from bench.clock import Stopwatch, compare
from bench.data import EXTRACTION, Share, read
from bench.extractors import EXTRACTORS, answer, hush, versions_of, why_absent
from bench.memory import NOTHING, measure_peak
from bench.pool import WORKERS, spread
from bench.report import data_absent, digest_of_program, print_table, print_versions, versions
from bench.scoring import Score, mean, score
from bench.standings import OURS, PageScores, group, group_by_language, print_standings

# Time is taken on every tenth page, one process at a time: two at once share a cache and slow each other down.
_TIMED_EVERY = 10
# Pages run before the watch starts: tables are read and patterns compiled on the first.
_WARM_UP = 3
_TAUGHT = (
    "archiver's classifier is trained on these very pages, so its figures above are too high: those that can be held "
    "against the others', cross-validated by site, are printed by `python -m bench.classifier markup` and stand in the "
    "head of tables/content-markup-second.txt"
)
# As many as the memory of a long run needs to level out (bench.speed).
_MEMORY_PAGES = 200


@dataclass(frozen=True, slots=True)
class Job:
    """A worker's share of the pages, and whose text to score."""

    share: Share
    extractors: tuple[str, ...]

    @property
    def set(self) -> str:
        """The set, for the progress line."""
        return self.share.set


def measure(sets: Sequence[str], extractors: Sequence[str], every: int = 1) -> list[PageScores]:
    """The scores of every `every`-th page of the sets, ordered by set, then by id."""
    shares = [Share(name, every, rest, WORKERS) for name in sets for rest in range(WORKERS)]
    jobs = [Job(share, tuple(extractors)) for share in shares]
    pages = [page for result in spread(_score_share, jobs) for page in result]
    return sorted(pages, key=lambda page: (list(EXTRACTION).index(page.set), page.id))


def take_times(sets: Sequence[str], extractors: Sequence[str], every: int) -> Stopwatch:
    """The time of each extractor, page by page in one process; of those that raised, the time until then."""
    functions: dict[str, Callable[[str], object]] = {name: partial(answer, name) for name in extractors}
    hush()
    watch, turn = Stopwatch(), 0
    for name in sets:
        for sample in read(Share(name, every)):
            if turn < _WARM_UP:
                compare(Stopwatch(), functions, sample.html, turn)
            compare(watch, functions, sample.html, turn)
            turn += 1
    return watch


def take_peaks(set_name: str, extractors: Sequence[str], pages: int) -> dict[str, float]:
    """Extractor -> MiB at the peak of a process of its own; `nothing` only reads the pages. {} without /proc."""
    peaks = {name: measure_peak(name, set_name, pages) for name in (NOTHING, *extractors)}
    return {name: peak for name, peak in peaks.items() if peak is not None}


def _score_share(job: Job) -> list[PageScores]:
    hush()
    pages = []
    for sample in read(job.share):
        texts = {name: answer(name, sample.html) for name in job.extractors}
        scores = {
            name: Score(0.0, 0.0, 0.0) if text is None else score(text, sample.reference, sample.language)
            for name, text in texts.items()
        }
        raised = tuple(name for name, text in texts.items() if text is None)
        pages.append(PageScores(sample.set, sample.id, sample.page_type, sample.language, scores, raised))
    return pages


def _print_costs(watch: Stopwatch, peaks: dict[str, float]) -> None:
    rows = [
        [
            name,
            f"{watch.median(name):.1f}",
            f"{watch.mean(name):.1f}",
            f"{watch.ratio(name, OURS):.2f}",
            f"{peaks[name]:.0f}" if peaks else "not known",
            f"{peaks[name] - peaks[NOTHING]:+.0f}" if peaks else "not known",
        ]
        for name in EXTRACTORS
        if name in watch.milliseconds
    ]
    head = ["a page", "median ms", "mean ms", f"median / {OURS}'s", "peak MiB", "more than reading"]
    print_table(head, rows)


def _to_json(pages: Sequence[PageScores], watch: Stopwatch, peaks: dict[str, float]) -> str:
    names = list(watch.milliseconds)
    result = {
        "measured_with": versions() | versions_of(names),
        "summary": [
            {"set": of, kind: value, "pages": len(members)}
            | {name: asdict(mean([page.scores[name] for page in members])) for name in names}
            for kind, groups in (("page_type", group(pages)), ("language", group_by_language(pages)))
            for (of, value), members in groups.items()
        ],
        "milliseconds": {name: {"median": watch.median(name), "mean": watch.mean(name)} for name in names},
        "peak_mib": peaks,
        "pages": list(map(asdict, pages)),
    }
    return json.dumps(result, ensure_ascii=False, indent=1) + "\n"


def find_present(names: Sequence[str]) -> list[str]:
    """The extractors that can run here; says of each other one, on stdout, why not and what installs it."""
    reasons = {name: why_absent(name) for name in names}
    for reason in filter(None, reasons.values()):
        print(reason)
    return [name for name, reason in reasons.items() if reason is None]


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
    extractors = find_present([OURS] if chosen.without_peers else list(EXTRACTORS))
    pages = measure(chosen.sets, extractors, chosen.every)
    print_standings(pages, extractors)
    print(_TAUGHT)
    watch = take_times(chosen.sets, extractors, max(chosen.every, _TIMED_EVERY))
    peaks = take_peaks(chosen.sets[0], extractors, max(1, _MEMORY_PAGES // chosen.every))
    _print_costs(watch, peaks)
    print(", ".join(f"{package} {number}" for package, number in versions_of(extractors).items()))
    print_versions(begun_with)
    if chosen.json:
        chosen.json.write_text(_to_json(pages, watch, peaks), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
