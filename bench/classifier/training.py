"""The model from labelled pages, and its cross-validation by site."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from archiver.labels.content import KEPT, decide
from archiver.labels.evening import even_out
from archiver.labels.features import Table, View, add_chances
from archiver.labels.looks import FIRST_PERCENTS, Looks
from archiver.labels.network import Network
from archiver.model import Favour
from bench.classifier.examples import gather
from bench.classifier.forests import Trees, train_forest
from bench.classifier.networks import train_network
from bench.classifier.pages import LabelledPage
from bench.classifier.sequences import train_sequences
from bench.pool import WORKERS
from bench.scoring import Score, score

FOLDS = 5
SECOND = Trees(200)

Scores = NDArray[np.int64]


def fold_of(page: LabelledPage) -> int:
    """The fold in which a page is tested: pages of a site are in one."""
    return zlib.crc32(page.site.encode()) % FOLDS


def train_looks(pages: Sequence[LabelledPage]) -> tuple[list[Scores], Looks]:
    """For each page the scores of its blocks by looks that neither saw its site nor learned from one that did; and the
    looks that learned from all pages.

    16 first looks (with all folds, without one, without two) and 6 second ones, of which each learns from what first
    looks say that saw no page of the site.
    """
    left_out = [frozenset(some) for many in (0, 1, 2) for some in combinations(range(FOLDS), many)]
    firsts = dict(zip(left_out, _at_once(lambda some: _train_first(_without(pages, some)), left_out), strict=True))
    tested = [frozenset[int](), *(frozenset((fold,)) for fold in range(FOLDS))]
    whole, *parts = _at_once(lambda some: _train_second(_without(pages, some), some, firsts), tested)
    return [score_blocks(parts[fold_of(page)], page) for page in pages], whole


_Given = TypeVar("_Given")
_Made = TypeVar("_Made")


def _at_once(work: Callable[[_Given], _Made], jobs: Sequence[_Given]) -> list[_Made]:
    """What comes of the jobs, in their order: NumPy and CatBoost let other threads run while they compute."""
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(work, jobs))


def _without(pages: Sequence[LabelledPage], folds: frozenset[int]) -> list[LabelledPage]:
    return [page for page in pages if fold_of(page) not in folds]


def _train_first(pages: Sequence[LabelledPage]) -> Network:
    """What stands beside a line tells most of it in plain text; in markup, what stands around it in the tree does."""
    if pages[0].form != "markup":
        return train_sequences(pages)
    return train_network(gather(pages, [page.rows for page in pages], pages[0].names))


def _train_second(
    pages: Sequence[LabelledPage], left_out: frozenset[int], firsts: Mapping[frozenset[int], Network]
) -> Looks:
    def tell(page: LabelledPage) -> tuple[tuple[str, ...], NDArray[np.float32]]:
        return _with_chances(page, firsts[left_out | {fold_of(page)}])

    # One page at a time: with those of all texts at once the memory goes to 15 GB.
    forest = train_forest(gather(pages, (tell(page)[1] for page in pages), tell(pages[0])[0]), SECOND)
    return Looks(firsts[left_out], forest)


def _with_chances(page: LabelledPage, first: Network) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """The second look's features: the first's, and what the first look thinks."""
    added = View(Table(len(page.blocks.texts)), page.blocks, page.tree)
    places = [page.names.index(name) for name in first.features]
    add_chances(added, np.searchsorted(FIRST_PERCENTS, first.scores(page.rows[places]), side="right").tolist())
    return page.names + added.table.names, np.concatenate([page.rows, added.table.rows()])


def score_blocks(looks: Looks, page: LabelledPage) -> Scores:
    """The scores of a page's blocks."""
    names, rows = _with_chances(page, looks.first)
    return looks.second.scores(rows[[names.index(name) for name in looks.second.features]])


def calibrate(pages: Sequence[LabelledPage], scores: Sequence[Scores]) -> NDArray[np.int64]:
    """A forest's percents as shares: of all blocks that cross-validation gave a score, so many were content.

    By a logistic curve over the scores (Platt, "Probabilistic Outputs for Support Vector Machines", 1999).
    """
    target = np.concatenate([page.target for page in pages]).astype(float)
    score_of = np.concatenate(list(scores)) / 1000
    slope, offset = 1.0, 0.0
    for _ in range(20):
        chance = 1 / (1 + np.exp(-(slope * score_of + offset)))
        error, spread = target - chance, chance * (1 - chance)
        columns = np.stack((score_of, np.ones_like(score_of)))
        step = np.linalg.solve((columns * spread) @ columns.T, columns @ error)
        slope, offset = slope + float(step[0]), offset + float(step[1])
    percent: NDArray[np.int64] = np.rint((FIRST_PERCENTS - 1000 * offset) / slope).astype(np.int64)
    return percent


def score_pages(
    pages: Sequence[LabelledPage], percents: Sequence[Sequence[int]], favour: Favour = "balanced"
) -> list[Score]:
    """The score of each page when the program decides by these chances of being content."""
    found = []
    for page, chances in zip(pages, percents, strict=True):
        rows = page.by_name()
        evened = even_out(rows, page.blocks, page.tree, chances)
        kept = decide(rows, page.blocks.texts, evened, favour)
        text = "\n".join(block for block, name in zip(page.blocks.texts, kept, strict=True) if name in KEPT)
        found.append(score(text, page.reference, page.language))
    return found
