"""A difference -> the unified format that `patch` applies (POSIX diff, option -u), line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archiver.diff.changes import Side
from archiver.diff.difference import Difference
from archiver.diff.matching import Run, match


def to_unified(difference: Difference, context: int = 3) -> str:
    """The patch from A to B with `context` unchanged lines around, white space and all; "" when there is none."""
    a, b = _lines(difference.before.text), _lines(difference.after.text)
    numbers: dict[str, int] = {}
    ids = [[numbers.setdefault(line, len(numbers)) for line in lines] for lines in (a, b)]
    hunks = _hunks([*match(*ids), Run(len(a), len(b), 0)], context)
    told = [line for hunk in hunks for line in _told(hunk, a, b, context)]
    if not told:
        return ""
    return f"--- {_name(difference.before, 'a')}\n+++ {_name(difference.after, 'b')}\n" + "".join(told)


def _lines(text: str) -> list[str]:
    """With their ends; a last line without one is told as such."""
    lines = [f"{line}\n" for line in text.split("\n")]
    if text.endswith("\n") or not text:
        return lines[:-1]
    return [*lines[:-1], f"{lines[-1]}\\ No newline at end of file\n"]


def _hunks(runs: Sequence[Run], context: int) -> Iterator[list[tuple[int, int, int, int]]]:
    """The changed stretches (from, to in A; from, to in B), those whose contexts would touch together."""
    hunk: list[tuple[int, int, int, int]] = []
    done_a = done_b = 0
    for i, j, length in runs:
        if i > done_a or j > done_b:
            if hunk and done_a - hunk[-1][1] > 2 * context:
                yield hunk
                hunk = []
            hunk.append((done_a, i, done_b, j))
        done_a, done_b = i + length, j + length
    if hunk:
        yield hunk


def _told(hunk: Sequence[tuple[int, int, int, int]], a: Sequence[str], b: Sequence[str], context: int) -> Iterator[str]:
    before = min(context, hunk[0][0], hunk[0][2])
    start_a, start_b = hunk[0][0] - before, hunk[0][2] - before
    after = min(context, len(a) - hunk[-1][1])
    end_a, end_b = hunk[-1][1] + after, hunk[-1][3] + after
    yield f"@@ -{_range(start_a, end_a)} +{_range(start_b, end_b)} @@\n"
    place = start_a
    for from_a, to_a, from_b, to_b in hunk:
        yield from (f" {line}" for line in a[place:from_a])
        yield from (f"-{line}" for line in a[from_a:to_a])
        yield from (f"+{line}" for line in b[from_b:to_b])
        place = to_a
    yield from (f" {line}" for line in a[place:end_a])


def _range(start: int, end: int) -> str:
    """First line and count; of no lines the line before them is named."""
    return f"{start + 1 if end > start else start},{end - start}"


def _name(side: Side, otherwise: str) -> str:
    """The address, which no tab or line end may break off, and the time."""
    name = "".join((side.url or otherwise).split())
    return f"{name}\t{side.created}" if side.created else name
