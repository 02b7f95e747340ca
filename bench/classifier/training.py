"""Trees from labelled pages, and their cross-validation by site."""

from __future__ import annotations

import json
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bench.classifier.forest import Forest
from bench.classifier.pages import LabelledPage
from bench.scoring import Score, score

FOLDS = 5
# A listing of a thousand rows says no more than two hundred of them.
_BLOCKS_A_PAGE = 200
# Sums of leaves are whole numbers of this part of a logit.
_UNIT = 1000
# A page weighs as much as any other; a Polish one, of which there are few, half as much again.
_PAGE_WEIGHT = {"waddle-pl": 1.5}


class _Saved(Protocol):
    def save_model(self, path: str, format: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Settings:
    """Of the training; found by cross-validation."""

    trees: int = 150
    depth: int = 6
    rate: float = 0.15
    borders: int = 32


def fold_of(page: LabelledPage) -> int:
    """The fold in which a page is tested: pages of a site are in one."""
    return zlib.crc32(page.site.encode()) % FOLDS


def train(pages: Sequence[LabelledPage], settings: Settings = Settings()) -> Forest:
    """The forest of the pages whose targets are sound. The same pages give the same forest."""
    from catboost import CatBoostClassifier, Pool  # noqa: PLC0415  (an extra of its own: 100 MB)

    taught = [page for page in pages if page.taught]
    names = taught[0].names
    chosen = [_chosen(page) for page in taught]
    rows = np.concatenate([page.rows[:, some] for page, some in zip(taught, chosen, strict=True)], axis=1).T
    target = np.concatenate([page.target[some] for page, some in zip(taught, chosen, strict=True)])
    weight = np.concatenate([_weights(page, some) for page, some in zip(taught, chosen, strict=True)])
    model = CatBoostClassifier(
        iterations=settings.trees, depth=settings.depth, learning_rate=settings.rate, border_count=settings.borders,
        l2_leaf_reg=5, rsm=0.3, bootstrap_type="Bernoulli", subsample=0.66, score_function="L2", boosting_type="Plain",
        leaf_estimation_iterations=1, random_seed=1, thread_count=1, verbose=False, allow_writing_files=False,
    )  # fmt: skip
    model.fit(Pool(np.ascontiguousarray(rows), target, weight=weight * len(weight) / weight.sum()))
    return _forest(model, names)


def _chosen(page: LabelledPage) -> NDArray[np.int64]:
    count = len(page.target)
    return np.unique(np.linspace(0, count - 1, min(count, _BLOCKS_A_PAGE)).astype(np.int64))


def _weights(page: LabelledPage, chosen: NDArray[np.int64]) -> NDArray[np.float64]:
    """Long blocks count for more, since F1 is over words, but by the root of their length; a page counts as one."""
    weights: NDArray[np.float64] = np.sqrt(page.words[chosen] + 1.0)
    weights *= _PAGE_WEIGHT.get(page.set, 1.0) / weights.sum()
    return weights


def _forest(model: _Saved, names: tuple[str, ...]) -> Forest:
    """CatBoost's trees with whole numbers in the leaves; of the features only those that are asked for."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        told = json.loads(path.read_text(encoding="utf-8"))
    trees = told["oblivious_trees"]
    scale, (bias,) = told["scale_and_bias"]
    depth = max(len(tree["splits"]) for tree in trees)
    asked = np.zeros((len(trees), depth), np.intp)
    limits = np.full((len(trees), depth), np.inf, np.float32)
    leaves = np.zeros((len(trees), 1 << depth), np.int32)
    for number, tree in enumerate(trees):
        for place, split in enumerate(tree["splits"]):
            asked[number, place], limits[number, place] = split["float_feature_index"], split["border"]
        values = np.array(tree["leaf_values"]) * scale + bias / len(trees)
        # A shallower tree asks questions that none answers with yes.
        leaves[number] = np.rint(np.tile(values, (1 << depth) // len(values)) * _UNIT)
    used = np.unique(asked)
    chance = np.arange(1, 100) / 100
    return Forest(
        tuple(names[row] for row in used), np.searchsorted(used, asked), limits, leaves,
        np.rint(_UNIT * np.log(chance / (1 - chance))).astype(np.int64),
    )  # fmt: skip


def cross_validate(pages: Sequence[LabelledPage], settings: Settings = Settings()) -> list[list[int]]:
    """For each page the chance in percent that each block is content, by a forest that saw no page of its site."""
    percents: list[list[int]] = [[] for _ in pages]
    for fold in range(FOLDS):
        forest = train([page for page in pages if fold_of(page) != fold], settings)
        for index, page in enumerate(pages):
            if fold_of(page) == fold:
                places = [page.names.index(name) for name in forest.features]
                percents[index] = forest.percents(forest.scores(page.rows[places]))
    return percents


def score_pages(pages: Sequence[LabelledPage], percents: Sequence[Sequence[int]], limit: int) -> list[Score]:
    """The score of each page when the blocks are kept from a chance in percent on."""
    return [
        score(
            "\n".join(text for text, chance in zip(page.texts, chances, strict=True) if chance >= limit),
            page.reference,
            page.language,
        )
        for page, chances in zip(pages, percents, strict=True)
    ]
