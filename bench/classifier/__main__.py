"""See the package."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import get_args

from archiver.labels.forest import write_forest
from archiver.labels.looks import Looks
from archiver.labels.network import write_network
from archiver.model import Favour
from bench.classifier.pages import LabelledPage, label_pages
from bench.classifier.texts import label_texts
from bench.classifier.training import Scores, calibrate, score_blocks, score_pages, train_looks
from bench.data import EXTRACTION, Share, digest_of_set
from bench.pool import WORKERS, spread
from bench.report import data_absent
from bench.scoring import Score, mean

FORMS = {"markup": label_pages, "text": label_texts}
_PAGES = {"markup": "HTML pages", "text": "plain text"}


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the figures, and writes the model of all pages when asked to. 0: done; 2: no data."""
    parser = argparse.ArgumentParser(prog="python -m bench.classifier", description=__doc__)
    parser.add_argument("form", choices=FORMS, help="of the pages: HTML, or plain text by several renderers")
    parser.add_argument("--tables", type=Path, metavar="FOLDER", help="write the model there")
    parser.add_argument("--leave-out", choices=EXTRACTION, metavar="SET", help="train without a set, test on it alone")
    chosen = parser.parse_args(argv)
    if data_absent(list(EXTRACTION)):
        return 2
    jobs = [Share(name, 1, rest, WORKERS) for name in EXTRACTION for rest in range(WORKERS)]
    pages = [page for found in spread(FORMS[chosen.form], jobs) for page in found]
    pages.sort(key=lambda page: (page.set, page.id, page.form))
    looks, scores = _learn([page for page in pages if page.set != chosen.leave_out])
    if chosen.leave_out:
        pages = [page for page in pages if page.set == chosen.leave_out]
        scores = [score_blocks(looks, page) for page in pages]
    told = list(_tell(pages, [looks.second.percents(some) for some in scores]))
    print("\n".join(told))
    if chosen.tables:
        _write(looks, chosen.form, chosen.tables, told)
    return 0


def _learn(pages: Sequence[LabelledPage]) -> tuple[Looks, list[Scores]]:
    """The model of the pages, and the scores of each by models that never saw its site."""
    scores, looks = train_looks(pages)
    return replace(looks, second=replace(looks.second, percent=calibrate(pages, scores))), scores


def _tell(pages: Sequence[LabelledPage], percents: Sequence[Sequence[int]]) -> Iterable[str]:
    """By favour, form, set and page type; then what the chances are worth."""
    for favour in get_args(Favour):
        groups: dict[str, list[Score]] = {}
        for page, one in zip(pages, score_pages(pages, percents, favour), strict=True):
            groups.setdefault(f"{page.form}, {page.set}", []).append(one)
            if page.set == "wcxb":
                groups.setdefault(f"{page.form}, {page.set} {page.page_type}", []).append(one)
        for name, found in sorted(groups.items()):
            whole = mean(found)
            figures = f"F1 {whole.f1:.4f}, precision {whole.precision:.4f}, recall {whole.recall:.4f}"
            yield f"{favour}, {name}, {len(found)} pages: {figures}"
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


def _write(looks: Looks, form: str, folder: Path, told: Sequence[str]) -> None:
    """The model's files, each headed by its card: what it is, of which data, and what cross-validation told of it."""
    first, second = (folder / f"content-{form}-{look}.txt" for look in ("first", "second"))
    what = f"look of the content classifier of {_PAGES[form]}"
    card = _card(
        f"the second {what}", len(looks.second.features), ["figures: cross-validated by site, five folds", *told]
    )
    second.write_text(write_forest(looks.second, card), encoding="utf-8")
    card = _card(f"the first {what}", len(looks.first.features), [f"figures: see {second.name}"])
    first.write_text(write_network(looks.first, card), encoding="utf-8")


def _card(what: str, features: int, figures: Sequence[str]) -> list[str]:
    return [
        f"what: {what} (archiver.labels.looks)",
        f"source: python -m bench.classifier, catboost {version('catboost')}, numpy {version('numpy')}",
        f"features: {features}, counts and shares without a word of any language (archiver.labels.features)",
        *(f"data: {name} {digest_of_set(name)}" for name in EXTRACTION),
        *figures,
    ]


if __name__ == "__main__":
    sys.exit(main())
