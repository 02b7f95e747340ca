"""python -m bench.templates: what the templates of sites are worth, learned from their pages without the references."""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archiver import Options, clean
from archiver.context import LEAST_PAGES, Sketch, Template, context_for, in_context, site_of, sketch, templates
from archiver.labels import content
from archiver.labels.forest import read_forest
from archiver.labels.looks import Looks
from archiver.labels.network import read_network
from archiver.model import Record
from bench.data import EXTRACTION, Sample, Share, read
from bench.extractors import hush
from bench.pool import WORKERS, spread
from bench.report import data_absent, digest_of_program, print_table, print_versions
from bench.scoring import score

_FEW_SITES = ("waddle-zh", "waddle-pl", "cleanportal")

_CLASSIFIERS = {
    "as it is": Options(),
    "favouring recall": Options(favour="recall"),
    "none": Options(rules_off=frozenset(("content",))),
}
"""How the pages are cleaned alone: the better that is, the less is left to templates."""

# Sites by how many pages of them there are.
_SIZES = ((1, 2), (3, 4), (5, 9), (10, 19), (20, 1000))

_TAUGHT = (
    "archiver's classifier is trained on these very pages, which flatters what it does alone: what templates are worth "
    "on sites that it never saw is told with --model and what `python -m bench.classifier markup --leave-out` wrote"
)


@dataclass(frozen=True, slots=True)
class Job:
    """A worker's share of the pages, and the folder of the classifier that cleans them; None for the program's own."""

    share: Share
    model: Path | None

    @property
    def set(self) -> str:
        """The set, for the progress line."""
        return self.share.set


@dataclass(frozen=True, slots=True)
class Page:
    """One page, cleaned alone in several ways."""

    sample: Sample
    records: dict[str, Record]


@dataclass(frozen=True, slots=True)
class Gain:
    """F1 of one page: alone, with the templates of its site, and with those that all pages but this one teach."""

    set: str
    classifier: str
    of_site: int
    """How many pages of its site there are."""
    alone: float
    with_templates: float
    without_itself: float


def measure(sets: Sequence[str], model: Path | None, every: int) -> list[Gain]:
    """The gains of all pages of the sets, by each way of cleaning."""
    jobs = [Job(Share(name, every, rest, WORKERS), model) for name in sets for rest in range(WORKERS)]
    pages = [page for found in spread(_clean_share, jobs) for page in found]
    gains = []
    for name in sets:
        sites: defaultdict[str, list[Page]] = defaultdict(list)
        for page in sorted((page for page in pages if page.sample.set == name), key=lambda page: page.sample.id):
            sites[_site(page)].append(page)
        gains += [gain for members in sites.values() for way in _CLASSIFIERS for gain in _gains(members, way)]
    return gains


def _clean_share(job: Job) -> list[Page]:
    hush()
    if job.model:
        # In this process alone, which measures and ends.
        vars(content)["looks_at_markup"] = _read_looks(job.model)
    return [
        Page(one, {way: clean(one.html, url=one.url, options=options) for way, options in _CLASSIFIERS.items()})
        for one in read(job.share)
    ]


def _read_looks(folder: Path) -> Callable[[], Looks]:
    first, second = (folder / f"content-markup-{which}.txt" for which in ("first", "second"))
    looks = Looks(
        read_network(first.read_text(encoding="utf-8"), str(first)),
        read_forest(second.read_text(encoding="utf-8"), str(second)),
    )
    return lambda: looks


def _site(page: Page) -> str:
    return site_of(next(iter(page.records.values())).urlkey or "")


def _gains(pages: Sequence[Page], way: str) -> Iterator[Gain]:
    """Of the pages of one site."""
    site = _site(pages[0])
    # waddle tells of each page no more than its site: they are pages all the same.
    sketches = [sketch(page.records[way])._replace(page=page.sample.id) for page in pages]
    found = templates(site, sketches)
    for page, own in zip(pages, sketches, strict=True):
        others: Sequence[Sketch] = [one for one in sketches if one is not own]
        alone = page.records[way]
        texts = (
            alone.text,
            _with(found, alone).text,
            _with(templates(site, others) if len(pages) > LEAST_PAGES else (), alone).text,
        )
        scores = [score(text, page.sample.reference, page.sample.language).f1 for text in texts]
        yield Gain(page.sample.set, way, len(pages), *scores)


def _with(found: Sequence[Template], record: Record) -> Record:
    return in_context(record, context_for(found, record))


def _print(gains: Sequence[Gain], sets: Sequence[str]) -> None:
    rows = []
    for name in sets:
        for way in _CLASSIFIERS:
            members = [gain for gain in gains if (gain.set, gain.classifier) == (name, way)]
            rows.append([f"{name}, classifier {way}", *_cells(members)])
            for low, high in _SIZES:
                of_size = [gain for gain in members if low <= gain.of_site <= high]
                if of_size:
                    rows.append(
                        [f"  sites of {low}" + (f" to {high}" if high < 1000 else " or more"), *_cells(of_size)]
                    )
    print_table(["F1", "pages", "alone", "with templates", "gain", "gain, itself left out"], rows)


def _cells(gains: Sequence[Gain]) -> list[str]:
    count = len(gains)
    alone, together, left_out = (
        sum(getattr(gain, name) for gain in gains) / count for name in ("alone", "with_templates", "without_itself")
    )
    return [str(count), f"{alone:.4f}", f"{together:.4f}", f"{together - alone:+.4f}", f"{left_out - alone:+.4f}"]


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the table. 0: done; 2: wrong usage, or no data."""
    parser = argparse.ArgumentParser(prog="python -m bench.templates", description=__doc__)
    parser.add_argument("--sets", nargs="+", choices=EXTRACTION, default=list(_FEW_SITES), help="sets to measure")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th page")
    what = (
        "clean with the classifier in this folder (content-markup-first.txt and -second.txt) instead of the program's"
    )
    parser.add_argument("--model", type=Path, metavar="FOLDER", help=what)
    chosen = parser.parse_args(argv)
    if data_absent(chosen.sets):
        return 2
    begun_with = digest_of_program()
    _print(measure(chosen.sets, chosen.model, chosen.every), chosen.sets)
    print(f"classifier: {chosen.model}" if chosen.model else _TAUGHT)
    print_versions(begun_with)
    return 0


if __name__ == "__main__":
    sys.exit(main())
