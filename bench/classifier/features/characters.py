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


# Three counts share a number, 21 bits each: a text of two million code points still fits.
_BITS = 21
_MASK = (1 << _BITS) - 1
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
    """By code point of the basic plane (all beyond it count as its last one)."""

    letters_digits_dense: Counts
    upper_commas_spaces: Counts
    ends: NDArray[np.uint8]


@cache
def _tables() -> _Tables:
    size = 0x10000
    first, second = np.zeros(size, np.int64), np.zeros(size, np.int64)
    ends = np.zeros(size, np.uint8)
    categories = list(map(unicodedata.category, map(chr, range(size))))
    _mark(first, categories, "L M", 1)
    _mark(first, categories, "N", 1 << _BITS)
    for low, high in _DENSE_RANGES:
        first[low : high + 1] += 1 << 2 * _BITS
    _mark(second, categories, "Lu Lt", 1)
    _mark(second, categories, "Z", 1 << 2 * _BITS)
    second[list(map(ord, _LINE_ENDS))] += 1 << 2 * _BITS
    second[list(map(ord, _COMMAS))] += 1 << _BITS
    _mark(ends, categories, "Pf Pe Pi Z", _FOLLOWS)
    ends[list(map(ord, _LINE_ENDS + _QUOTES))] |= _FOLLOWS
    _mark(ends, categories, "Pf Pe", _CLOSES)
    ends[list(map(ord, _QUOTES))] |= _CLOSES
    ends[list(map(ord, _STOPS))] |= _STOP
    ends[list(map(ord, _STOPS_ALONE))] |= _STOP | _STOP_ALONE
    return _Tables(first, second, ends)


def _mark(table: NDArray[np.int64] | NDArray[np.uint8], categories: Iterable[str], wanted: str, value: int) -> None:
    """Adds a value for the code points of the general categories, or of those that begin so."""
    beginnings = tuple(wanted.split())
    places = [code for code, category in enumerate(categories) if category.startswith(beginnings)]
    table[places] += table.dtype.type(value)


def count_characters(texts: Sequence[str]) -> Characters:
    """The counts of each text; there must be one at least, and none may be empty."""
    tables = _tables()
    length = np.fromiter(map(len, texts), np.int64, len(texts))
    codes = np.frombuffer("\n".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = np.minimum(codes, np.uint32(0xFFFF)).astype(np.intp)
    ends = np.cumsum(length + 1) - 1
    starts = ends - length
    sign = np.append(tables.ends.take(codes), np.uint8(_FOLLOWS))
    # A stop counts at the end of the text, and before white space, a quote or a bracket.
    stop = sign[:-1] & _STOP & ((sign[:-1] // _STOP_ALONE) | (sign[1:] // _FOLLOWS))
    first = np.add.reduceat(tables.letters_digits_dense.take(codes), starts)
    second = np.add.reduceat(tables.upper_commas_spaces.take(codes), starts)
    # The line end that parts two texts was counted as a space of the first.
    spaces = (second >> 2 * _BITS) - 1
    spaces[-1] += 1
    last, before = sign[ends - 1], sign[np.maximum(ends - 2, starts)]
    return Characters(
        length=length,
        letters=first & _MASK,
        digits=(first >> _BITS) & _MASK,
        dense=first >> 2 * _BITS,
        upper=second & _MASK,
        commas=(second >> _BITS) & _MASK,
        spaces=spaces,
        stops=np.add.reduceat(stop.astype(np.int64), starts),
        ended=((last & _STOP) | ((last // _CLOSES) & before & _STOP)).astype(np.int64),
        first_upper=tables.upper_commas_spaces.take(codes[starts]) & 1,
    )
