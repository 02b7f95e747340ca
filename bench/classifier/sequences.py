"""A network over the lines of texts in their order: trained in floats on stretches, then brought to whole numbers.

Each line is seen with lines ever further around it, as sounds are in van den Oord and others' WaveNet (2016); but both
ways, and added to what was known of it before (He and others, "Deep Residual Learning", CVPR 2016).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from archiver.labels.network import Network, to_inputs
from bench.classifier.examples import gather, weigh
from bench.classifier.networks import INPUT_UNIT, Adam, Floats, find_scales, mean_of
from bench.classifier.pages import LabelledPage


@dataclass(frozen=True, slots=True)
class Course:
    """Settings of the training; found by cross-validation."""

    units: int = 32
    reaches: tuple[int, ...] = (1, 2, 4, 8, 16)
    """How far before and after a line the layers look, from the second on."""
    epochs: int = 5
    rate: float = 2e-3
    dropped: float = 0.15
    decay: float = 1e-3
    lines: int = 2048
    """In a batch."""
    longest: int = 256
    """Lines of a stretch; a text gives so many stretches as it needs for its lines, but no more than `most`."""
    most: int = 3
    seeds: tuple[int, ...] = (3, 4)
    """One for each of the networks whose mean is taken."""


class _Text(NamedTuple):
    """What is learned from one text; one number or row a line."""

    inputs: NDArray[np.int8]
    goal: Floats
    share: Floats


class _Stretch(NamedTuple):
    """Some lines of a text that follow one another."""

    text: _Text
    lines: slice
    many: int
    """How many of its stretches are seen in an epoch."""


class _Batch(NamedTuple):
    """Stretches of texts one after another, with lines between them that are in none."""

    shown: Floats
    inside: Floats
    goal: Floats
    share: Floats


def train_sequences(pages: Sequence[LabelledPage], course: Course = Course()) -> Network:
    """A network of rectified units in whole numbers: the mean of several that differ in their seed alone."""
    names = pages[0].names
    scales = find_scales(gather(pages, [page.rows for page in pages], names).rows)
    texts = [
        _Text(to_inputs(page.rows, scales).T.astype(np.int8), page.target.astype(np.float32), _shares(page))
        for page in pages
        if page.taught
    ]
    trained = [_train(texts, course, seed) for seed in course.seeds]
    return Network(names, scales, mean_of(trained, (0, *course.reaches, 0)))


def _shares(page: LabelledPage) -> Floats:
    return weigh(page, np.arange(len(page.target))).astype(np.float32)


def _train(texts: Sequence[_Text], course: Course, seed: int) -> tuple[list[Floats], list[Floats]]:
    """Weights (inputs x units) and biases of each layer."""
    chance = np.random.default_rng(seed)
    width, count = texts[0].inputs.shape[1], course.units
    pairs = [(width, count), *[(3 * count, count)] * len(course.reaches), (count, 1)]
    # Half of what one layer alone would begin with: each adds to those before.
    spreads = [1.0, *[0.5] * len(course.reaches), 0.5]
    weights = [
        (chance.standard_normal(pair) * spread * np.sqrt(2 / pair[0])).astype(np.float32)
        for pair, spread in zip(pairs, spreads, strict=True)
    ]
    biases = [np.zeros(after, np.float32) for _, after in pairs]
    epochs = [list(_batches(texts, course, chance)) for _ in range(course.epochs)]
    adam = Adam([*weights, *biases], course.rate, course.decay, sum(map(len, epochs)))
    for batches in epochs:
        for stretches in batches:
            adam.step(_gradients(_lay_out(stretches, course, chance), weights, biases, course.reaches))
    return weights, biases


def _batches(texts: Sequence[_Text], course: Course, chance: np.random.Generator) -> Iterator[list[_Stretch]]:
    """All texts once, in an order of chance."""
    stretches: list[_Stretch] = []
    for text in texts:
        count = len(text.goal)
        many = min(-(-count // course.longest), course.most)
        starts = chance.integers(0, max(count - course.longest, 0) + 1, many).tolist()
        stretches += [_Stretch(text, slice(start, min(start + course.longest, count)), many) for start in starts]
    gathered: list[_Stretch] = []
    lines = 0
    for number in chance.permutation(len(stretches)).tolist():
        gathered.append(stretches[number])
        lines += len(stretches[number].text.goal[stretches[number].lines])
        if lines >= course.lines:
            yield gathered
            gathered, lines = [], 0


def _lay_out(stretches: Sequence[_Stretch], course: Course, chance: np.random.Generator) -> _Batch:
    """The batch of the stretches, so far apart that none sees another, and some of the inputs dropped by chance."""
    gap = max(course.reaches)
    sizes = [one.lines.stop - one.lines.start for one in stretches]
    count, width = sum(sizes) + gap * len(sizes), stretches[0].text.inputs.shape[1]
    inputs = np.zeros((count, width), np.int8)
    inside, goal, share = (np.zeros(count, np.float32) for _ in range(3))
    at = 0
    for (text, lines, many), size in zip(stretches, sizes, strict=True):
        here = slice(at, at + size)
        inputs[here], goal[here], inside[here] = text.inputs[lines], text.goal[lines], 1
        share[here] = text.share[lines] / np.float32(many * len(sizes))
        at += size + gap
    kept = chance.random(inputs.shape, dtype=np.float32) >= course.dropped
    shown = (inputs * kept).astype(np.float32) / np.float32(INPUT_UNIT * (1 - course.dropped))
    return _Batch(shown, inside[:, None], goal, share)


def _gradients(
    batch: _Batch, weights: Sequence[Floats], biases: Sequence[Floats], reaches: Sequence[int]
) -> list[Floats]:
    """Of the log loss, by the weights and then by the biases."""
    known = np.maximum(batch.shown @ weights[0] + biases[0], 0) * batch.inside
    fed, added = [batch.shown], [known]
    for table, bias, reach in zip(weights[1:-1], biases[1:-1], reaches, strict=True):
        fed.append(_with_neighbours(known, reach))
        added.append(np.maximum(fed[-1] @ table + bias, 0) * batch.inside)
        known = known + added[-1]
    logit = (known @ weights[-1] + biases[-1])[:, 0]
    error = ((1 / (1 + np.exp(-logit)) - batch.goal) * batch.share).astype(np.float32)[:, None]
    by_weights, by_biases = [known.T @ error], [error.sum(axis=0)]
    flow = error @ weights[-1].T
    for place in range(len(added) - 1, -1, -1):
        step = flow * (added[place] > 0)
        by_weights.append(fed[place].T @ step)
        by_biases.append(step.sum(axis=0))
        if place:
            flow += _to_neighbours(step @ weights[place].T, reaches[place - 1])
    return [*by_weights[::-1], *by_biases[::-1]]


def _with_neighbours(known: Floats, reach: int) -> Floats:
    """Of each line what is known of the line so far before it, of itself, and of the line so far after it."""
    count, width = known.shape
    wide = np.zeros((count, 3 * width), np.float32)
    wide[reach:, :width] = known[:-reach]
    wide[:, width : 2 * width] = known
    wide[:-reach, 2 * width :] = known[reach:]
    return wide


def _to_neighbours(wide: Floats, reach: int) -> Floats:
    """The way back: the sums of what the lines owe one another."""
    width = wide.shape[1] // 3
    known = wide[:, width : 2 * width].copy()
    known[:-reach] += wide[reach:, :width]
    known[reach:] += wide[:-reach, 2 * width :]
    return known
