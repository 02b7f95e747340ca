"""See the package."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import get_args

from archiver.labels.forest import write_forest
from archiver.labels.looks import Looks
from archiver.labels.network import Network, write_network
from archiver.model import Favour
from bench.classifier.pages import LabelledPage, label_pages
from bench.classifier.training import calibrate, cross_validate, score_blocks, score_pages, train_looks
from bench.data import EXTRACTION, Share, digest_of_set
from bench.pool import WORKERS, spread
from bench.report import data_absent
from bench.scoring import Score, mean


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the table, and writes the model of all pages when asked to. 0: done; 2: no data."""
    parser = argparse.ArgumentParser(prog="python -m bench.classifier", description=__doc__)
    parser.add_argument("--tables", type=Path, metavar="FOLDER", help="also train on all pages, and write the model")
    parser.add_argument("--leave-out", choices=EXTRACTION, metavar="SET", help="train without a set, test on it alone")
    chosen = parser.parse_args(argv)
    if data_absent(list(EXTRACTION)):
        return 2
    jobs = [Share(name, 1, rest, WORKERS) for name in EXTRACTION for rest in range(WORKERS)]
    pages = [page for found in spread(label_pages, jobs) for page in found]
    pages.sort(key=lambda page: (page.set, page.id))
    if chosen.leave_out:
        rest = [page for page in pages if page.set != chosen.leave_out]
        looks = calibrate(train_looks(rest), rest, cross_validate(rest))
        pages = [page for page in pages if page.set == chosen.leave_out]
        scores = [score_blocks(looks, page) for page in pages]
    else:
        scores = cross_validate(pages)
        looks = calibrate(train_looks(pages), pages, scores)
    percents = [looks.second.percents(some) for some in scores]
    told = list(_tell(pages, percents))
    print("\n".join(told))
    if chosen.tables:
        _write(looks, chosen.tables, told)
    return 0


def _tell(pages: Sequence[LabelledPage], percents: Sequence[Sequence[int]]) -> Iterable[str]:
    """The tables: by favour, set and page type; then what the chances are worth."""
    for favour in get_args(Favour):
        groups: dict[str, list[Score]] = {}
        for page, one in zip(pages, score_pages(pages, percents, favour), strict=True):
            groups.setdefault(page.set, []).append(one)
            if page.set == "wcxb":
                groups.setdefault(f"wcxb {page.page_type}", []).append(one)
        for name, found in sorted(groups.items()):
            whole = mean(found)
            yield (
                f"{favour}, {name}, {len(found)} pages: F1 {whole.f1:.4f}, precision {whole.precision:.4f}, "
                f"recall {whole.recall:.4f}"
            )
    for low, high in pairwise((0, 1, 5, 10, 20, 40, 60, 80, 90, 95, 100)):
        yield _share_of(pages, percents, low, high)


def _share_of(pages: Sequence[LabelledPage], percents: Sequence[Sequence[int]], low: int, high: int) -> str:
    targets = [
        bool(target)
        for page, chances in zip(pages, percents, strict=True)
        for target, chance in zip(page.target, chances, strict=True)
        if low <= chance < high
    ]
    share = sum(targets) / max(len(targets), 1)
    return f"blocks of {low} to {high - 1} %: {len(targets)}, {share:.1%} of them content"


def _write(looks: Looks, folder: Path, told: Sequence[str]) -> None:
    """Both files, each headed by its card: what it is, of which data, and what cross-validation told of it."""
    assert isinstance(looks.first, Network)
    for what, features, write in (
        ("first", looks.first.features, partial(write_network, looks.first)),
        ("second", looks.second.features, partial(write_forest, looks.second)),
    ):
        card = [
            f"what: the {what} look of the content classifier at HTML pages (archiver.labels.looks)",
            f"source: python -m bench.classifier, catboost {version('catboost')}, numpy {version('numpy')}",
            f"features: {len(features)}, counts and shares without a word of any language (archiver.labels.features)",
            *(f"data: {name} {digest_of_set(name)}" for name in EXTRACTION),
            "figures: cross-validated by site, five folds",
            *told,
        ]
        (folder / f"content-markup-{what}.txt").write_text(write(card), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
