"""See the package."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.classifier.forest import write_forest
from bench.classifier.pages import LabelledPage, label_pages
from bench.classifier.training import cross_validate, score_pages, train
from bench.data import EXTRACTION, Share, digest_of_set
from bench.pool import WORKERS, spread
from bench.report import data_absent, print_table
from bench.scoring import Score, mean

LIMITS = (30, 35, 40, 50)


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the table, and writes the model of all pages when asked to. 0: done; 2: no data."""
    parser = argparse.ArgumentParser(prog="python -m bench.classifier")
    parser.add_argument("--model", type=Path, metavar="FILE", help="also train on all pages and write the model")
    parser.add_argument(
        "--leave-out", choices=EXTRACTION, metavar="SET", help="train without a set, and test on it alone"
    )
    chosen = parser.parse_args(argv)
    if data_absent(list(EXTRACTION)):
        return 2
    jobs = [Share(name, 1, rest, WORKERS) for name in EXTRACTION for rest in range(WORKERS)]
    pages = [page for found in spread(label_pages, jobs) for page in found]
    pages.sort(key=lambda page: (page.set, page.id))
    if chosen.leave_out:
        forest = train([page for page in pages if page.set != chosen.leave_out])
        pages = [page for page in pages if page.set == chosen.leave_out]
        rows = (page.rows[[page.names.index(name) for name in forest.features]] for page in pages)
        percents = [forest.percents(forest.scores(some)) for some in rows]
    else:
        percents = cross_validate(pages)
    for limit in LIMITS:
        _print_scores(pages, score_pages(pages, percents, limit), limit)
    if chosen.model:
        card = [f"trained on {name}: {digest_of_set(name)}" for name in EXTRACTION]
        chosen.model.write_text(write_forest(train(pages), card), encoding="utf-8")
    return 0


def _print_scores(pages: Sequence[LabelledPage], scores: Sequence[Score], limit: int) -> None:
    groups: dict[str, list[Score]] = {}
    for page, one in zip(pages, scores, strict=True):
        groups.setdefault(page.set, []).append(one)
        if page.set == "wcxb":
            groups.setdefault(f"wcxb/{page.page_type}", []).append(one)
    rows = []
    for name, found in groups.items():
        whole = mean(found)
        rows.append([name, str(len(found)), f"{whole.f1:.3f}", f"{whole.precision:.3f}", f"{whole.recall:.3f}"])
    print_table([f"kept from {limit} % on", "pages", "F1", "precision", "recall"], sorted(rows))
    print()


if __name__ == "__main__":
    sys.exit(main())
