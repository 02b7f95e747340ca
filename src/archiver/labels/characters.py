"""What each text is made of: letters, digits, spaces, signs, ends of sentences, in any script; all blocks at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
"""One number a block."""


class Characters(NamedTuple):
    """Counts of code points, one a block in each."""

    length: Counts
    letters: Counts
    digits: Counts
    dense: Counts
    """In scripts written without spaces, where one says about as much as three Latin letters."""
    upper: Counts
    commas: Counts
    spaces: Counts
    stops: Counts
    """Ends of sentences."""
    ended: Counts
    """1 when the text ends as a sentence does, a closing quote or bracket aside; else 0."""
    first_upper: Counts
    """1 when it begins with a capital letter; else 0."""


# What a code point may be at the end of a sentence.
_STOP, _STOP_ALONE, _FOLLOWS, _CLOSES = 1, 2, 4, 8

_DENSE_RANGES = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7AF),
)  # fmt: skip
_COMMAS = ",;:、，،؛；·"
_STOPS = ".!?…؟۔।॥"
# Full-width stops end a sentence whatever follows.
_STOPS_ALONE = "。！？．"
_QUOTES = "\"'"
_LINE_ENDS = "\t\n\r"


class _Tables(NamedTuple):
    """Code points that count alike are one class; there are some twenty."""

    classes: NDArray[np.uint8]
    """The class of each code point of the basic plane (all beyond it count as its last one)."""

    counts: NDArray[np.float64]
    """What one of the class counts as: classes x letters, digits, dense, upper, commas, spaces."""

    ends: NDArray[np.uint8]
    """What it may be at the end of a sentence."""


@cache
def _tables() -> _Tables:
    size = 0x10000
    marks = np.zeros((7, size), np.uint8)
    letters, digits, dense, upper, commas, spaces, ends = marks
    categories = list(map(unicodedata.category, map(chr, range(size))))
    _mark(letters, categories, "L M", 1)
    _mark(digits, categories, "N", 1)
    for low, high in _DENSE_RANGES:
        dense[low : high + 1] = 1
    _mark(upper, categories, "Lu Lt", 1)
    commas[list(map(ord, _COMMAS))] = 1
    _mark(spaces, categories, "Z", 1)
    spaces[list(map(ord, _LINE_ENDS))] = 1
    _mark(ends, categories, "Pf Pe Pi Z", _FOLLOWS)
    ends[list(map(ord, _LINE_ENDS + _QUOTES))] |= _FOLLOWS
    _mark(ends, categories, "Pf Pe", _CLOSES)
    ends[list(map(ord, _QUOTES))] |= _CLOSES
    ends[list(map(ord, _STOPS))] |= _STOP
    ends[list(map(ord, _STOPS_ALONE))] |= _STOP | _STOP_ALONE
    # A code point's marks as one number, of which the last, `ends`, has four bits: told apart in a tenth of the time
    # that columns take.
    together = np.bitwise_or.reduce(marks.astype(np.uint32) << np.arange(7, dtype=np.uint32)[:, None])
    _, first, classes = np.unique(together, return_index=True, return_inverse=True)
    kinds = marks[:, first]
    return _Tables(classes.astype(np.uint8), kinds[:-1].T.astype(np.float64), kinds[-1])


def _mark(table: NDArray[np.uint8], categories: Iterable[str], wanted: str, value: int) -> None:
    """Marks the code points of the general categories, or of those that begin so."""
    beginnings = tuple(wanted.split())
    table[[code for code, category in enumerate(categories) if category.startswith(beginnings)]] |= np.uint8(value)


# A text takes a few hundred bytes while it is counted: a page of a million blocks is counted in parts.
_AT_ONCE = 20_000


def count_characters(texts: Sequence[str]) -> Characters:
    """The counts of each text, none of which may be empty."""
    if not texts:
        return Characters(*[np.zeros(0, np.int64)] * len(Characters._fields))
    parts = [_count(texts[start : start + _AT_ONCE]) for start in range(0, len(texts), _AT_ONCE)]
    return parts[0] if len(parts) == 1 else Characters(*map(np.concatenate, zip(*parts, strict=True)))


def _count(texts: Sequence[str]) -> Characters:
    tables = _tables()
    count, many = len(texts), len(tables.ends)
    length = np.fromiter(map(len, texts), np.int64, count)
    codes = np.frombuffer("\n".join([*texts, ""]).encode("utf-32-le", "surrogatepass"), np.uint32)
    classes = tables.classes.take(codes, mode="clip")
    ends = np.cumsum(length + 1) - 1
    starts = ends - length
    # How many of each class each text has: the place of the text's row and the class in it are one number.
    places = np.repeat(np.arange(0, count * many, many), length + 1)
    places += classes
    found = np.bincount(places, minlength=count * many).reshape(count, many)
    letters, digits, dense, upper, commas, spaces = (found @ tables.counts).T.astype(np.int64)
    sign = tables.ends.take(classes)
    # A stop counts at the end of the text, and before white space, a quote or a bracket.
    stop = sign[:-1] & _STOP & ((sign[:-1] // _STOP_ALONE) | (sign[1:] // _FOLLOWS))
    last, before = sign[ends - 1], sign[np.maximum(ends - 2, starts)]
    return Characters(
        length=length,
        letters=letters,
        digits=digits,
        dense=dense,
        upper=upper,
        commas=commas,
        # The line end behind each text was counted as one of its spaces.
        spaces=spaces - 1,
        stops=np.add.reduceat(stop, starts, dtype=np.int64),
        ended=((last & _STOP) | ((last // _CLOSES) & before & _STOP)).astype(np.int64),
        first_upper=tables.counts[classes[starts], 3].astype(np.int64),
    )
