"""Which blocks of a page are content: those that an alignment in order with the reference text covers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Half of its words must be aligned: a block is kept or removed as a whole, and less than half would cost more.
_COVERED = 0.5
# From four words on the words must also stand together: common words align by chance ("the", "of", "and").
_TOGETHER_FROM = 4
_TOGETHER = 0.4


def find_content(blocks: Sequence[Sequence[str]], reference: Sequence[str]) -> NDArray[np.bool_]:
    """For each block, given by its words, whether it is content.

    A block without a word (a line, a star) is content where those before and after it are.
    """
    words = [word for block in blocks for word in block]
    aligned = align(words, reference)
    ends = np.cumsum([len(block) for block in blocks])
    together = set(zip(reference, reference[1:], reference[2:], strict=False))
    content = np.zeros(len(blocks), bool)
    for index, block in enumerate(blocks):
        if block:
            covered = aligned[ends[index] - len(block) : ends[index]].mean() >= _COVERED
            content[index] = covered and _stands_together(block, together)
    for index in range(1, len(blocks) - 1):
        if not blocks[index]:
            content[index] = content[index - 1] and (content[index + 1] or not blocks[index + 1])
    return content


def _stands_together(block: Sequence[str], together: set[tuple[str, str, str]]) -> bool:
    if len(block) < _TOGETHER_FROM:
        return True
    runs = list(zip(block, block[1:], block[2:], strict=False))
    return sum(run in together for run in runs) >= _TOGETHER * len(runs)


def align(words: Sequence[str], reference: Sequence[str]) -> NDArray[np.bool_]:
    """For each word whether it is part of the longest common subsequence; of several the one that ends first.

    By bits: a row of the dynamic programme is one large number (Hyyrö, "Bit-Parallel LCS-length Computation Revisited",
    AWOCA 2004). All False when the rows would take more than some 300 MB.
    """
    found = np.zeros(len(words), bool)
    places: dict[str, int] = {}
    for place, word in enumerate(reference):
        places[word] = places.get(word, 0) | (1 << place)
    full = (1 << len(reference)) - 1
    row, rows, owners = full, [], []
    for index, word in enumerate(words):
        mask = places.get(word)
        if mask is not None:
            both = row & mask
            row = ((row + both) | (row - both)) & full
            rows.append(row)
            owners.append(index)
    width = (len(reference) + 7) // 8
    if not rows or len(rows) * width > 40_000_000:
        return found
    packed = b"".join(row.to_bytes(width, "little") for row in rows)
    # 1 where the subsequence does not grow.
    flat = np.unpackbits(np.frombuffer(packed, np.uint8).reshape(len(rows), width), axis=1, bitorder="little")
    above, place = len(rows), len(reference)
    while above and place:
        if flat[above - 1, place - 1]:
            place -= 1
        elif above > 1 and not flat[above - 2, place - 1]:
            above -= 1
        else:
            above -= 1
            place -= 1
            found[owners[above]] = True
    return found
