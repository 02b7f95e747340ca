"""Trees that a machine can score with whole numbers alone, read from a text file: the same sums on every machine.

Each tree asks the same question of all blocks at one depth (oblivious trees: Kohavi and Li, "Oblivious Decision Trees,
Graphs, and Top-Down Pruning", IJCAI 1995; boosted as in Prokhorenkova et al., "CatBoost", NeurIPS 2018). So the answers
to its questions, written as bits, are the number of a block's leaf, and all blocks go through all trees in a handful of
array operations.

The file, line by line; what a `#` begins is the card, for people:

    features: size linked ...
    percent: -5321 -4890 ...      99 scores: from the k-th on, k of 100 blocks with that score are content
    tree: size > 12.5; w2_link > 0.3333; ...
    leaves: -12 40 ...            one for each pattern of answers, the first question as the lowest bit
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from archiver.tables import TableError, to_numbers

Rows = NDArray[np.float32]
"""One row a feature, one column a block."""


@dataclass(frozen=True)
class Forest:
    """Trees of one depth; arrays are not to be changed."""

    features: tuple[str, ...]
    """Names of the rows that it is scored on, in their order."""

    asked: NDArray[np.intp]
    """The row that each question is asked of: trees x depth."""

    limits: NDArray[np.float32]
    """What must be exceeded for a yes: trees x depth."""

    leaves: NDArray[np.int32]
    """Trees x 2^depth."""

    percent: NDArray[np.int64]
    """99 scores, rising: from the k-th on (from 1) a block is content in k of 100 cases or more."""

    def find_leaves(self, rows: Rows) -> NDArray[np.intp]:
        """The leaf of each block in each tree, numbered through all trees: trees x blocks."""
        trees, depth = self.asked.shape
        patterns = np.zeros((trees, rows.shape[1]), np.uint8)
        # Bit by bit, the highest first: packbits along an inner axis takes five times as long.
        for bit in reversed(range(depth)):
            patterns += patterns
            patterns |= (rows.take(self.asked[:, bit], axis=0) > self.limits[:, bit, None]).view(np.uint8)
        leaves: NDArray[np.intp] = patterns + (np.arange(trees, dtype=np.intp) << depth)[:, None]
        return leaves

    def arranged(self, names: tuple[str, ...]) -> Forest:
        """The same forest for rows in the order of these names. Raises ValueError when it asks for another."""
        places = np.array([names.index(name) for name in self.features], np.intp)
        return replace(self, features=names, asked=places[self.asked])

    def scores(self, rows: Rows) -> NDArray[np.int64]:
        """The score of each block: the higher, the more like content."""
        return self.sums(self.find_leaves(rows))

    def sums(self, found: NDArray[np.intp]) -> NDArray[np.int64]:
        """The sum of the leaves found for each block, which is its score."""
        total: NDArray[np.int64] = self.leaves.take(found).sum(axis=0, dtype=np.int64)
        return total

    def percents(self, scores: NDArray[np.int64]) -> list[int]:
        """How many blocks of 100 with each score are content, from 0 to 99."""
        found: list[int] = np.searchsorted(self.percent, scores, side="right").tolist()
        return found


def read_forest(text: str, where: str) -> Forest:
    """The forest of a model file. Raises TableError, with the line, when it is malformed."""
    lines: dict[str, list[tuple[int, str]]] = {"features": [], "percent": [], "tree": [], "leaves": []}
    for number, line in enumerate(text.splitlines(), 1):
        name, colon, rest = line.partition(": ")
        if line and not line.startswith("#"):
            if name not in lines or not colon:
                raise TableError("a line of no known kind", where=f"{where} line {number}")
            lines[name].append((number, rest))
    if len(lines["features"]) != 1 or len(lines["percent"]) != 1:
        raise TableError("not one line of features and one of percents", where=where)
    names = tuple(lines["features"][0][1].split())
    places = {name: place for place, name in enumerate(names)}
    asked, limits = [], []
    for number, rest in lines["tree"]:
        questions = [question.split(" > ") for question in rest.split("; ")]
        if any(len(parts) != 2 or parts[0] not in places for parts in questions):
            raise TableError("a question about no feature", where=f"{where} line {number}")
        asked.append([places[name] for name, _ in questions])
        limits.append(to_numbers(float, [limit for _, limit in questions], f"{where} line {number}"))
    leaves = [to_numbers(int, rest.split(), f"{where} line {number}") for number, rest in lines["leaves"]]
    number, rest = lines["percent"][0]
    percent = to_numbers(int, rest.split(), f"{where} line {number}")
    depth = len(asked[0]) if asked else 0
    shaped = all(len(tree) == depth for tree in asked) and all(len(tree) == 1 << depth for tree in leaves)
    if not shaped or len(asked) != len(leaves) or not 0 < depth <= 8 or len(percent) != 99:
        raise TableError("trees, leaves and percents do not fit together", where=where)
    return Forest(
        names, np.array(asked, np.intp), np.array(limits, np.float32), np.array(leaves, np.int32), np.array(percent)
    )


def write_forest(forest: Forest, card: Iterable[str]) -> str:
    """The model file of a forest, headed by its card. `read_forest` gives the same forest again."""
    lines = [f"# {line}".rstrip() for line in card]
    lines += [f"features: {' '.join(forest.features)}", f"percent: {_joined(forest.percent.tolist())}"]
    for asked, limits, leaves in zip(forest.asked, forest.limits, forest.leaves, strict=True):
        # The shortest decimal that is read as the same 32-bit number.
        questions = (f"{forest.features[row]} > {limit!s}" for row, limit in zip(asked, limits, strict=True))
        lines += [f"tree: {'; '.join(questions)}", f"leaves: {_joined(leaves.tolist())}"]
    return "\n".join([*lines, ""])


def _joined(numbers: Sequence[int]) -> str:
    return " ".join(map(str, numbers))
