"""A forest from examples: boosted oblivious trees, with whole numbers in their leaves."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from archiver.labels.forest import Forest
from archiver.labels.looks import FIRST_PERCENTS
from bench.classifier.examples import Examples

# Sums of leaves are whole numbers of this part of a logit.
_UNIT = 1000


class _Saved(Protocol):
    def save_model(self, path: str, format: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Trees:
    """Settings of the training; found by cross-validation."""

    count: int
    depth: int = 6
    rate: float = 0.1
    borders: int = 32


def train_forest(examples: Examples, trees: Trees) -> Forest:
    """The forest of the examples. The same ones give the same forest."""
    from catboost import CatBoostClassifier, Pool  # noqa: PLC0415  (an extra of its own: 100 MB)

    model = CatBoostClassifier(
        iterations=trees.count, depth=trees.depth, learning_rate=trees.rate, border_count=trees.borders,
        l2_leaf_reg=5, rsm=0.3, bootstrap_type="Bernoulli", subsample=0.66, score_function="L2", boosting_type="Plain",
        leaf_estimation_iterations=1, random_seed=1, thread_count=1, verbose=False, allow_writing_files=False,
    )  # fmt: skip
    model.fit(Pool(np.ascontiguousarray(examples.rows.T), examples.target, weight=examples.weight))
    return _in_whole_numbers(model, examples.names)


def _in_whole_numbers(model: _Saved, names: tuple[str, ...]) -> Forest:
    """CatBoost's trees; of the features only those that are asked for."""
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
    return Forest(tuple(names[row] for row in used), np.searchsorted(used, asked), limits, leaves, FIRST_PERCENTS)
