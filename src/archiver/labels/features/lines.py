"""What the lines of a plain-text dump show that no tree is needed for: marks, indentation, runs, clusters of prose."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from archiver.labels.characters import Counts
from archiver.labels.features.reading import DIGITS, GOOD, SIZE, Blocks
from archiver.labels.features.table import Row, Table, share, sums_before

_BULLETS = "*-+\u2022\u00b7\u25aa\u25cf\u2013\u2014\u203a\u00bb"
# Signs between the steps of a path, the items of a menu or the parts of a byline.
_SEPARATORS = "|/>\u00bb\u203a\u2192\u00b7\u2022\u2013\u2014"
_SIGNS = "@\u00a9$\u20ac\u00a3%#&+=*_"
_BULLET, _NUMBER, _HEADING, _ROW, _BRACKET, _CAPITAL, _SMALL, _LETTER, _OTHER = range(1, 10)
# Up to here a word is short: articles, prepositions and the like in most scripts with spaces.
_SHORT_WORD = 3
# The site's name takes the other part of a title.
_TITLE_SHARE = 0.3
# A line below is short: an item of a menu, a label; headlines end near 110.
_SHORT_LINES = (30, 100)


class Lines(NamedTuple):
    """One number a block in each array."""

    shape: Counts
    """What it begins with: see _BULLET and the others."""
    indent: Counts
    """In columns."""
    gap: Counts
    """Blank lines before it, 3 for more."""
    first: Counts
    """The first block with the same text, digits aside."""
    words: Counts
    capitals: Counts
    """Words that begin with a capital letter."""
    short_words: Counts
    separators: Counts
    signs: Counts
    ended: Counts
    rows: tuple[Row, ...]
    """What is summed over runs: size, linked, good, prose, digits, stops, ended, bullets, repeated, one."""


def read_lines(blocks: Blocks) -> Lines:
    """The lines as arrays."""
    texts, count = blocks.texts, len(blocks.texts)
    shape = np.fromiter(map(_shape, texts), np.int64, count)
    seen: dict[str, int] = {}
    folded = list(texts)
    for index in np.flatnonzero(blocks.characters.digits).tolist():
        folded[index] = _DIGITS.sub("0", texts[index])
    first = np.fromiter((seen.setdefault(text, index) for index, text in enumerate(folded)), np.int64, count)
    repeated = (np.bincount(first, minlength=count) > 1)[first]
    words, capitals, short_words, separators, signs = _count_words(texts)
    ended = blocks.characters.ended
    rows = (
        blocks.size, blocks.linked, blocks.good, blocks.good > 0, blocks.characters.digits, blocks.characters.stops,
        ended, shape == _BULLET, repeated, np.ones(count), capitals, words,
    )  # fmt: skip
    return Lines(
        shape,
        blocks.indent,
        np.minimum(blocks.gap, 3),
        first,
        words,
        capitals,
        short_words,
        separators,
        signs,
        ended,
        rows,
    )


_DIGITS = re.compile(r"\d+")
_BEGINS = {**dict.fromkeys(_BULLETS, _BULLET), "#": _HEADING, "|": _ROW, **dict.fromkeys("[(<{\"'", _BRACKET)}


def _shape(text: str) -> int:
    first = text[0]
    known = _BEGINS.get(first)
    if known is not None:
        return known
    if first.isupper():
        return _CAPITAL
    if first.islower():
        return _SMALL
    return _LETTER if first.isalpha() else _NUMBER if first.isdigit() else _OTHER


_WORD_END, _UPPER, _SEPARATOR, _SIGN = 1, 2, 4, 8


@cache
def _classes() -> NDArray[np.uint8]:
    classes = np.zeros(0x10000, np.uint8)
    for code in range(0x10000):
        sign = chr(code)
        classes[code] = (
            _WORD_END * sign.isspace() + _UPPER * sign.isupper() + _SEPARATOR * (sign in _SEPARATORS)
            + _SIGN * (sign in _SIGNS)
        )  # fmt: skip
    return classes


def _count_words(texts: tuple[str, ...]) -> tuple[Counts, ...]:
    """(words, those that begin with a capital, short ones, separators, signs) of each text."""
    joined = "\n".join(texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    classes = _classes().take(codes, mode="clip")
    length = np.fromiter(map(len, texts), np.int64, len(texts))
    starts = np.cumsum(length + 1) - 1 - length
    space = (classes & _WORD_END).astype(bool)
    before = np.empty(len(space), bool)
    before[0], before[1:] = True, space[:-1]
    begins = np.flatnonzero(before & ~space)
    ends = np.flatnonzero(~before & space)
    ends = np.append(ends, len(space))[: len(begins)]
    owner = np.searchsorted(starts, begins, side="right") - 1
    count = len(texts)
    return (
        np.bincount(owner, minlength=count),
        np.bincount(owner[(classes[begins] & _UPPER) > 0], minlength=count),
        np.bincount(owner[ends - begins <= _SHORT_WORD], minlength=count),
        np.add.reduceat((classes & _SEPARATOR) // _SEPARATOR, starts, dtype=np.int64),
        np.add.reduceat((classes & _SIGN) // _SIGN, starts, dtype=np.int64),
    )


def add_lines(table: Table, blocks: Blocks, sums: NDArray[np.float64]) -> None:
    """All of this module; `sums` are those of the basis."""
    lines = read_lines(blocks)
    _add_shapes(table, blocks, lines)
    whole = sums_before(lines.rows)
    _add_sides(table, whole)
    count = len(lines.gap)
    start = np.arange(count) == 0
    breaks = {
        "g1": lines.gap > 0,
        "sh": np.diff(lines.shape, prepend=-1) != 0,
    }
    for limit in _SHORT_LINES:
        breaks[f"s{limit}"] = np.diff(blocks.size < limit, prepend=False)
    for name, broken in breaks.items():
        _add_runs(table, name, whole, broken | start)
    _add_alike(table, blocks, lines)
    _add_clusters(table, blocks, lines, sums)
    _add_page(table, blocks, lines)


def _add_shapes(table: Table, blocks: Blocks, lines: Lines) -> None:
    size, texts = blocks.size, blocks.texts
    ranked = np.sort(size)
    typical = max(int(ranked[len(ranked) * 9 // 10]), 1)
    folded = np.bincount(lines.first, minlength=len(size))[lines.first]
    table.add(
        "shape indent gap_after folded_count colon capital_share short_share separators signs size_typical size_rank "
        "word_size",
        (
            lines.shape, lines.indent, np.append(lines.gap[1:], 9), folded,
            np.fromiter((text[-1] in ":\uff1a" for text in texts), bool, len(texts)),
            share(lines.capitals, lines.words), share(lines.short_words, lines.words),
            lines.separators, lines.signs, size / typical,
            np.searchsorted(ranked, size) / len(size), share(size, lines.words),
        ),
    )  # fmt: skip
    beside = np.zeros((5, len(size) + 4))
    beside[:, 2:-2] = (lines.shape, lines.gap, lines.indent, lines.ended, share(lines.capitals, lines.words))
    for step in (-1, 1):
        names = " ".join(f"l{step}_{name}" for name in ("shape", "gap", "indent", "ended", "capitals"))
        table.add(names, beside[:, 2 + step : 2 + step + len(size)])


def _add_sides(table: Table, whole: NDArray[np.float64]) -> None:
    """What stands before and after, within some lines."""
    count = whole.shape[1] - 1
    index = np.arange(count)
    for reach in (8, 20, 40):
        low, high = np.maximum(index - reach, 0), np.minimum(index + reach + 1, count)
        for side, sums, lines in (
            ("b", whole[:, index] - whole[:, low], index - low),
            ("a", whole[:, high] - whole[:, index + 1], high - index - 1),
        ):
            table.add(
                " ".join(f"t{reach}{side}_{name}" for name in "mean good ended digits bullets dup capitals".split()),
                (
                    share(sums[0], lines), share(sums[2], sums[0]), share(sums[6], lines), share(sums[4], sums[0]),
                    share(sums[7], lines), share(sums[8], lines), share(sums[10], sums[11]),
                ),
            )  # fmt: skip


def _add_runs(table: Table, name: str, whole: NDArray[np.float64], breaks: NDArray[np.bool_]) -> None:
    """Runs of lines, each from a break to the next."""
    starts = np.flatnonzero(breaks)
    run = np.cumsum(breaks) - 1
    ends = np.append(starts[1:], len(breaks))
    sums = whole[:, ends] - whole[:, starts]
    count = sums[9]
    values = np.stack(
        (
            sums[0], count, sums[0] / count, share(sums[2], sums[0]), share(sums[4], sums[0]), sums[6] / count,
            sums[7] / count, sums[8] / count, share(sums[10], sums[11]), share(sums[1], sums[0]),
        )
    )  # fmt: skip
    names = "size count mean good digits ended bullets dup capitals link".split()
    table.add(" ".join(f"r{name}_{one}" for one in names), values[:, run])
    padded = np.zeros((4, len(starts) + 2))
    padded[:, 1:-1] = values[[0, 1, 2, 3]]
    for step in (-1, 1):
        beside = " ".join(f"r{name}{step}_{one}" for one in ("size", "count", "mean", "good"))
        table.add(beside, padded[:, run + 1 + step])
    index = np.arange(len(breaks))
    table.add(f"r{name}_place r{name}_left", (index - starts[run], ends[run] - index))


def _add_alike(table: Table, blocks: Blocks, lines: Lines) -> None:
    """Lines of the page that look alike, wherever they stand."""
    total, page = max(int(blocks.good.sum()), 1), max(int(blocks.size.sum()), 1)
    indent, gap = np.minimum(lines.indent, 99), lines.gap
    looks = {
        "i": indent,
        "ig": (indent * 4 + gap) * 10 + lines.shape,
        "gs": (gap * 10 + lines.shape) * 16 + np.minimum(np.frexp(blocks.size + 1.0)[1], 16),
    }
    for name, look in looks.items():
        _, inverse = np.unique(look, return_inverse=True)
        groups = int(inverse.max()) + 1
        size, good, count, ended, repeated = (
            np.bincount(inverse, lines.rows[row], groups)[inverse] for row in (0, 2, 9, 6, 8)
        )
        table.add(
            " ".join(f"k{name}_{one}" for one in "count mean size goodpage good ended dup".split()),
            (count, size / count, size / page, good / total, share(good, size), ended / count, repeated / count),
        )
    change = np.abs(np.diff(blocks.size, prepend=0)) / np.maximum(blocks.size, 1)
    padded = np.append(change, (9, 9))
    table.add("change change_next change_after", (change, padded[1:-1], padded[2:]))


def _add_clusters(table: Table, blocks: Blocks, lines: Lines, sums: NDArray[np.float64]) -> None:
    """The stretch of lines in which prose outweighs the rest (Pasternack and Roth, "Extracting Article Text from the
    Web with Maximum Subsequence Segmentation", WWW 2009), for several prices of a line that is no prose.
    """
    count = len(blocks.texts)
    index = np.arange(count)
    total = max(int(blocks.good.sum()), 1)
    prose = blocks.good > 0
    prices = {str(price): np.where(prose, blocks.good, -price) for price in (15, 50, 150, 400)}
    prices["s"] = np.where(prose, blocks.good, -blocks.size)
    prices["l"] = np.where(prose, 3, -1)
    for price, worth in prices.items():
        running = np.concatenate(([0], np.cumsum(worth)))
        lowest = np.minimum.accumulate(running)
        end = int(np.argmax(running[1:] - lowest[:-1]))
        start = int(np.argmin(running[: end + 1]))
        held = sums[:, end + 1] - sums[:, start]
        table.add(
            " ".join(f"c{price}_{name}" for name in "inside from to share lines good digits".split()),
            (
                (index >= start) & (index <= end), np.clip(index - start, -60, 200), np.clip(index - end, -200, 60),
                held[GOOD] / total, end + 1 - start, held[GOOD] / max(held[SIZE], 1), held[DIGITS] / max(held[SIZE], 1),
            ),
        )  # fmt: skip
    longest = int(np.argmax(blocks.good))
    table.add("to_longest same_indent", (np.clip(index - longest, -100, 100), lines.indent - lines.indent[longest]))


def _add_page(table: Table, blocks: Blocks, lines: Lines) -> None:
    """What the whole text looks like, and where it repeats its first line."""
    count = len(blocks.texts)
    of_page = {
        "gaps": (lines.gap > 0).mean(), "wide_gaps": (lines.gap > 1).mean(), "indented": (lines.indent > 0).mean(),
        "bullets": (lines.shape == _BULLET).mean(), "marked": (lines.shape == _HEADING).mean(),
        "repeats": (np.bincount(lines.first, minlength=count)[lines.first] > 1).mean(),
        "ended_lines": lines.ended.mean(),
        "capitals_of_page": int(lines.capitals.sum()) / max(int(lines.words.sum()), 1),
    }  # fmt: skip
    table.add(" ".join(of_page), [float(value) for value in of_page.values()])
    title = blocks.texts[0].casefold()
    near = range(int(len(title) * _TITLE_SHARE), len(title) + 4)
    said = [
        index
        for index, text in enumerate(blocks.texts)
        if index and len(text) in near and text.lstrip("# *").casefold() in title
    ]
    index = np.arange(count)
    at = said[0] if said else -1
    table.add(
        "title_said to_title to_last_title",
        (
            np.isin(index, said), np.clip(index - at, -60, 200) if said else 201,
            np.clip(index - said[-1], -60, 200) if said else 201,
        ),
    )  # fmt: skip
