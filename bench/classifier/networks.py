"""A network from examples: rectified units, trained in floats, then brought to whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from archiver.labels.network import EXACT, FACTOR, MOST, MOST_HIDDEN, OCTAVE, ONE, Layer, Network, to_inputs
from bench.classifier.examples import Examples

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Units:
    """Settings of the training; found by cross-validation."""

    hidden: tuple[int, ...] = (64, 32)
    epochs: int = 8
    rate: float = 2e-3
    dropped: float = 0.15
    decay: float = 1e-3
    batch: int = 1024
    seeds: tuple[int, ...] = (3, 4, 5)
    """One for each of the networks whose mean is taken."""


def train_network(examples: Examples, settings: Units = Units()) -> Network:
    """A network of rectified units in whole numbers: the mean of several that differ in their seed alone, put side by
    side. It errs less than each of them does.
    """
    scales = find_scales(examples.rows)
    seen = to_inputs(examples.rows, scales).T.astype(np.int8)
    trained = [_train(examples, seen, settings, seed) for seed in settings.seeds]
    return Network(examples.names, scales, mean_of(trained, (0,) * (len(settings.hidden) + 1)))


def _train(examples: Examples, seen: NDArray[np.int8], settings: Units, seed: int) -> tuple[list[Floats], list[Floats]]:
    """Weights (inputs x units) and biases of each layer, by Adam with decoupled decay (Loshchilov and Hutter, ICLR
    2019).
    """
    chance = np.random.default_rng(seed)
    pairs = list(pairwise((len(examples.names), *settings.hidden, 1)))
    weights = [(chance.standard_normal(pair) * np.sqrt(2 / pair[0])).astype(np.float32) for pair in pairs]
    biases = [np.zeros(after, np.float32) for _, after in pairs]
    adam = Adam([*weights, *biases], settings.rate, settings.decay, settings.epochs * (len(seen) // settings.batch))
    goal, share = examples.target.astype(np.float32), examples.weight.astype(np.float32)
    for _ in range(settings.epochs):
        order = chance.permutation(len(seen))
        for start in range(0, len(seen) - settings.batch + 1, settings.batch):
            some = order[start : start + settings.batch]
            kept = chance.random((len(some), len(examples.names)), dtype=np.float32) >= settings.dropped
            shown = seen[some].astype(np.float32) * kept / np.float32(INPUT_UNIT * (1 - settings.dropped))
            adam.step(_gradients(shown, goal[some], share[some], weights, biases))
    return weights, biases


def mean_of(trained: Sequence[tuple[list[Floats], list[Floats]]], reaches: Sequence[int]) -> tuple[Layer, ...]:
    """The layers, in whole numbers, of networks side by side: the first sees what each of theirs sees, each unit after
    it the units of its own network, and the last one says what they say on the mean.
    """
    weights, biases = ([*zip(*parts, strict=True)] for parts in zip(*trained, strict=True))
    tables = [np.concatenate(weights[0], axis=1)]
    for some, reach in zip(weights[1:-1], reaches[1:-1], strict=True):
        tables.append(_side_by_side(some, 3 if reach else 1))
    tables.append(np.concatenate(weights[-1]) / np.float32(len(trained)))
    return _whole_layers(tables, [*map(np.concatenate, biases[:-1]), np.mean(biases[-1], axis=0)], reaches)


def _side_by_side(tables: Sequence[Floats], parts: int) -> Floats:
    """Each of the parts, for the units before, the same and after, has those of all networks."""
    split = [np.split(table, parts) for table in tables]
    return np.concatenate([_diagonal(part) for part in zip(*split, strict=True)])


def _diagonal(tables: Sequence[Floats]) -> Floats:
    """The tables as blocks on the diagonal of one, which is 0 elsewhere."""
    corners = np.cumsum([(0, 0), *(table.shape for table in tables)], axis=0)
    whole = np.zeros(corners[-1], np.float32)
    for (row, column), table in zip(corners[:-1], tables, strict=True):
        whole[row : row + len(table), column : column + table.shape[1]] = table
    return whole


INPUT_UNIT, _HIDDEN_UNIT, _SCORE_UNIT = 32, 64, 1000


def find_scales(rows: Floats) -> NDArray[np.int32]:
    """Middle and factor of each feature; what never exceeds 1 is a share."""
    is_share = np.abs(rows).max(axis=1) <= 1.001
    count = len(rows)
    middle, factor = np.zeros(count), np.zeros(count)
    for place, row in enumerate(rows):
        octaves = np.sign(row) * (((np.abs(row) + np.float32(1)).view(np.int32) - ONE) >> (23 - OCTAVE))
        plain = np.rint(row * np.float32(1 << OCTAVE)) if is_share[place] else octaves
        middle[place] = np.rint(plain.mean())
        factor[place] = min(np.rint((INPUT_UNIT << FACTOR) / (plain.std() + 0.5)), 32767)
    return np.array((is_share, middle, factor)).astype(np.int32)


def _gradients(
    shown: Floats, goal: Floats, share: Floats, weights: Sequence[Floats], biases: Sequence[Floats]
) -> list[Floats]:
    """Of the log loss, by the weights and then by the biases."""
    answers = [shown]
    for table, bias in zip(weights[:-1], biases[:-1], strict=True):
        answers.append(np.maximum(answers[-1] @ table + bias, 0))
    logit = (answers[-1] @ weights[-1] + biases[-1])[:, 0]
    error = ((1 / (1 + np.exp(-logit)) - goal) * share / len(shown)).astype(np.float32)[:, None]
    by_weights, by_biases = [], []
    for place in range(len(weights) - 1, -1, -1):
        by_weights.append(answers[place].T @ error)
        by_biases.append(error.sum(axis=0))
        if place:
            error = (error @ weights[place].T) * (answers[place] > 0)
    return [*by_weights[::-1], *by_biases[::-1]]


class Adam:
    """Changes the parameters in place; the rate falls as a half cosine."""

    def __init__(self, parameters: list[Floats], rate: float, decay: float, steps: int) -> None:
        self._parameters, self._rate, self._decay, self._steps = parameters, rate, decay, max(steps, 1)
        self._means = [np.zeros_like(one) for one in parameters]
        self._squares = [np.zeros_like(one) for one in parameters]
        self._done = 0

    def step(self, gradients: Sequence[Floats]) -> None:
        """One step against the gradients."""
        self._done += 1
        rate = self._rate * 0.5 * (1 + np.cos(np.pi * self._done / self._steps))
        first, second = 1 - 0.9**self._done, 1 - 0.999**self._done
        for place, gradient in enumerate(gradients):
            mean, square, one = self._means[place], self._squares[place], self._parameters[place]
            mean += 0.1 * (gradient - mean)
            square += 0.001 * (gradient * gradient - square)
            one -= rate * (mean / first / (np.sqrt(square / second) + 1e-8) + self._decay * one)


def _whole_layers(weights: Sequence[Floats], biases: Sequence[Floats], reaches: Sequence[int]) -> tuple[Layer, ...]:
    """Whole numbers for the weights, as fine as exact sums allow."""
    layers = []
    for place, (table, bias, reach) in enumerate(zip(weights, biases, reaches, strict=True)):
        before = _HIDDEN_UNIT if place else INPUT_UNIT
        after = _SCORE_UNIT if place == len(weights) - 1 else _HIDDEN_UNIT
        most = MOST_HIDDEN if place else MOST
        for shift in range(8, -1, -1):
            scaled = np.rint(table.T.astype(np.float64) * after / before * 2.0**shift)
            added = np.rint(bias.astype(np.float64) * after * 2.0**shift)
            if (np.abs(added) + most * np.abs(scaled).sum(axis=1)).max() < EXACT:
                whole = np.ascontiguousarray(scaled, np.float32)
                layers.append(Layer(whole, added.astype(np.float32)[:, None], shift, reach))
                break
        else:
            raise ValueError(f"the weights of layer {place} are too large for exact sums")
    return tuple(layers)
