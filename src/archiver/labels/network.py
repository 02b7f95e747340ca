"""A small network that is scored with whole numbers alone, beside the trees: it errs elsewhere than they do.

Every number a network sees is brought to -127..127, its weights are whole numbers, and each layer's sums stay below
2^24: exact in 32-bit floats, whatever the order in which a machine adds. What a `#` begins in the file is the card:

    input: size 0 1523 77         one for each feature: name, 1 for a share, middle, factor (see `to_inputs`)
    layer: 12                     a layer begins; its sums are divided by 2^12
    layer: 12 4                   one that is fed what is known of the blocks 4 before and after, too (see `Layer`)
    unit: -321 4 -12 0 ...        one for each unit: its bias, then its weights
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from archiver.tables import TableError, to_numbers

Rows = NDArray[np.float32]
"""One row a feature, one column a block."""

MOST, MOST_HIDDEN = 127, 1023
"""What inputs and the hidden units' answers are cut at."""
EXACT = 1 << 24
"""Below this a 32-bit float holds every whole number."""
ONE = 0x3F800000
"""The bits of 1.0."""
OCTAVE = 8
"""Bits for the place within an octave, and for shares."""
FACTOR = 10
"""The inputs' factors are in 1024ths."""
_SMALL = 1 << 18
"""Products of no more multiplications OpenBLAS makes in one thread (65536 times its GEMM_MULTITHREAD_THRESHOLD, 4). Two
threads for what takes 0.05 ms wait for one another where the cores are busy: 11 ms a page instead of 4 were seen."""


@dataclass(frozen=True)
class Layer:
    """Arrays are not to be changed."""

    weights: NDArray[np.float32]
    """Units x inputs, whole numbers."""
    bias: NDArray[np.float32]
    """One a unit in a column, whole numbers."""
    shift: int
    """The sums are divided by 2^shift."""
    reach: int = 0
    """Beyond 0: the inputs are the answers for the block so far before, for itself, and for the block so far after;
    and what the units say is added to what was known of the block."""

    def answer(self, known: Rows) -> Rows:
        """What its units make of what is known of the blocks: whole numbers."""
        fed = _with_neighbours(known, self.reach) if self.reach else known
        step = max(_SMALL // self.weights.size, 1)
        answer: Rows = np.empty((len(self.weights), fed.shape[1]), np.float32)
        for start in range(0, fed.shape[1], step):
            np.matmul(self.weights, fed[:, start : start + step], out=answer[:, start : start + step])
        answer += self.bias
        # Exact: a power of two divides without rounding, and floor leaves a whole number.
        answer *= np.float32(2.0**-self.shift)
        np.floor(answer, out=answer)
        return answer


@dataclass(frozen=True)
class Network:
    """Layers, each fed by the one before; the last has one unit, whose answer is a score in 1000ths of a logit."""

    features: tuple[str, ...]
    """Names of the rows that it is scored on, in their order."""
    scales: NDArray[np.int32]
    """How each of them is brought to -127..127, see `to_inputs`: (1 for a share, middle, factor) x features."""
    layers: tuple[Layer, ...]
    """From the first to the last."""

    def arranged(self, names: tuple[str, ...]) -> Network:
        """The same network for rows in the order of these names. Raises ValueError when they are not its features'."""
        if set(names) != set(self.features):
            raise ValueError("a network is fed all features that it was taught with, and no other")
        places = [self.features.index(name) for name in names]
        first = replace(self.layers[0], weights=np.ascontiguousarray(self.layers[0].weights[:, places]))
        return Network(names, np.ascontiguousarray(self.scales[:, places]), (first, *self.layers[1:]))

    def scores(self, rows: Rows) -> NDArray[np.int64]:
        """The score of each block: the higher, the more like content."""
        answer = to_inputs(rows, self.scales)
        for layer in self.layers[:-1]:
            known, answer = answer, layer.answer(answer)
            np.maximum(answer, 0, out=answer)
            if layer.reach:
                answer += known
            np.minimum(answer, MOST_HIDDEN, out=answer)
        whole: NDArray[np.int64] = self.layers[-1].answer(answer)[0].astype(np.int64)
        return whole


def _with_neighbours(known: Rows, reach: int) -> Rows:
    """For each block what is known of the one so far before it, of itself, and of the one so far after it; 0 where
    there is none.
    """
    width, count = known.shape
    wide: Rows = np.zeros((3 * width, count), np.float32)
    wide[:width, reach:] = known[:, : max(count - reach, 0)]
    wide[width : 2 * width] = known
    wide[2 * width :, : max(count - reach, 0)] = known[:, reach:]
    return wide


def to_inputs(rows: Rows, scales: NDArray[np.int32]) -> Rows:
    """Counts on a scale of octaves, shares as they are, each around its middle and by its spread, from -127 to 127.

    The octaves are read off the bits of the float, whose upper part is a logarithm (exact on every machine, as no
    library's logarithm is).
    """
    is_share, middle, factor = scales
    scaled: NDArray[np.int32] = (np.abs(rows) + np.float32(1)).view(np.int32)
    scaled -= ONE
    scaled >>= 23 - OCTAVE
    np.negative(scaled, out=scaled, where=rows < 0)
    shares = np.flatnonzero(is_share)
    scaled[shares] = np.rint(rows[shares] * np.float32(1 << OCTAVE))
    scaled -= middle[:, None]
    scaled *= factor[:, None]
    scaled >>= FACTOR
    np.clip(scaled, -MOST, MOST, out=scaled)
    return scaled.astype(np.float32)


def read_network(text: str, where: str) -> Network:
    """The network of a model file. Raises TableError, with the line, when it is malformed or could be inexact."""
    names: list[str] = []
    scales: list[list[int]] = []
    found: list[tuple[list[int], list[list[int]]]] = []
    for number, line in enumerate(text.splitlines(), 1):
        name, _, rest = line.partition(": ")
        words = rest.split()
        if name == "input" and len(words) == 4:
            names.append(words[0])
            scales.append(to_numbers(int, words[1:], f"{where} line {number}"))
        elif name == "layer" and len(words) in (1, 2):
            found.append((to_numbers(int, words, f"{where} line {number}"), []))
        elif name == "unit" and found:
            found[-1][1].append(to_numbers(int, words, f"{where} line {number}"))
        elif line and not line.startswith("#"):
            raise TableError("a line of no known kind", where=f"{where} line {number}")
    layers: list[Layer] = []
    width = len(names)
    for (shift, *further), units in found:
        reach = further[0] if further else 0
        fed = (3 * width if reach else width, MOST_HIDDEN if layers else MOST)
        if reach < 0 or (reach and (not layers or len(units) != width)):
            raise TableError("a layer that reaches further does not fit the one before", where=where)
        layers.append(Layer(*_weights(units, fed, where), shift, reach))
        width = len(units)
    if not layers or width != 1:
        raise TableError("the last layer has not one unit", where=where)
    return Network(tuple(names), np.array(scales, np.int32).T, tuple(layers))


def _weights(
    units: list[list[int]], fed: tuple[int, int], where: str
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Of the units and their biases; `fed` is how many numbers they take, and their most."""
    width, most = fed
    if not units or any(len(unit) != width + 1 for unit in units):
        raise TableError("a layer does not fit the one before", where=where)
    if any(abs(unit[0]) + most * sum(map(abs, unit[1:])) >= EXACT for unit in units):
        raise TableError("a unit's sum could be inexact", where=where)
    table = np.array(units, np.float32)
    return np.ascontiguousarray(table[:, 1:]), table[:, :1].copy()


def write_network(network: Network, card: Iterable[str]) -> str:
    """The model file of a network, headed by its card. `read_network` gives the same network again."""
    lines = [f"# {line}".rstrip() for line in card]
    for name, scale in zip(network.features, network.scales.T.tolist(), strict=True):
        lines.append(f"input: {name} {' '.join(map(str, scale))}")
    for layer in network.layers:
        lines.append(f"layer: {layer.shift} {layer.reach}" if layer.reach else f"layer: {layer.shift}")
        for unit in np.concatenate((layer.bias, layer.weights), axis=1).astype(np.int64).tolist():
            lines.append(f"unit: {' '.join(map(str, unit))}")
    return "\n".join([*lines, ""])
