"""A difference -> the lines that a terminal shows, in colour; without colour the marks of wdiff say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.text import Text

from archiver.diff.changes import Change, Reason
from archiver.diff.difference import Difference
from archiver.diff.links import LinkChange, compare_links
from archiver.diff.view import Mark, Row, Segment, rows

_STYLES: dict[Mark, str] = {
    "deleted": "red strike", "inserted": "bold green", "moved-away": "dim magenta strike", "moved-here": "magenta",
}  # fmt: skip
_SIGNS: dict[Mark, tuple[str, str]] = {
    "deleted": ("[-", "-]"), "inserted": ("{+", "+}"), "moved-away": ("[<", "<]"), "moved-here": ("{>", ">}"),
}  # fmt: skip
_LINK_STYLES = {"added": "green", "removed": "red", "retargeted": "yellow", "renamed": "yellow"}

# Of a long block the words around a change are shown: two lines of a terminal of 80 columns on either side.
_AROUND = 160

# An archived page must not steer the terminal.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def terminal_lines(difference: Difference, least: float, context: int, *, coloured: bool) -> Iterator[Text]:
    """What changed with at least that significance, with `context` unchanged blocks around it; last, the sum."""
    shown = difference.weighing(least)
    told: set[int] = set()
    place = -1
    for index, row in _near(rows(difference, least), context):
        if place >= 0 and index > place + 1:
            yield Text("⋯", "dim")
        place = index
        for number in row.changes:
            if number not in told:
                told.add(number)
                yield _heading(shown[number])
        yield _body(row, coloured=coloured)
    yield Text(
        difference.summary() if shown or difference.is_empty else f"nothing of significance {least} or more", "bold"
    )
    if len(shown) > 1:
        yield Text(f"{len(shown):,} changes, the weightiest of significance {difference.significance:.2f}", "dim")


def link_lines(difference: Difference) -> Iterator[Text]:
    """The links that were added, removed, led elsewhere or named otherwise, one a line."""
    changes = compare_links(difference.before, difference.after)
    for change in changes:
        yield Text.assemble((f"{change.kind:<10} ", _LINK_STYLES[change.kind]), _harmless(_told(change)))
    yield Text(
        f"{len(changes):,} link{'' if len(changes) == 1 else 's'} changed" if changes else "no link changed", "bold"
    )


def _told(change: LinkChange) -> str:
    before, after = change.before, change.after
    if before is None or after is None:
        link = before or after
        return f"{link.words} <{link.href}>" if link else ""
    if change.kind == "renamed":
        return f"{before.words} → {after.words} <{after.href}>"
    return f"{before.words} <{before.href}> → <{after.href}>"


def _near(all_rows: Sequence[Row], context: int) -> Iterator[tuple[int, Row]]:
    """The rows with a change and those around them, with their places."""
    last = -1
    for index, row in enumerate(all_rows):
        if row.changes:
            for near in range(max(last + 1, index - context), min(index + context + 1, len(all_rows))):
                yield near, all_rows[near]
                last = near


def _heading(change: Change) -> Text:
    places = [
        f"{side}{block + 1}" for side, block in (("A", change.a_block), ("B", change.b_block)) if block is not None
    ]
    reasons = ", ".join(map(_reason, change.reasons)) or "white space"
    return Text.assemble(
        (f"@ {' '.join(places)} ", "cyan"), (change.kind, "bold cyan"),
        (f" {change.significance:.2f} ", "cyan"), (_harmless(reasons), "dim"),
    )  # fmt: skip


def _reason(reason: Reason) -> str:
    if reason.name in ("number", "date", "negation", "name") and (reason.before or reason.after):
        return f"{reason.name} {reason.before or 'nothing'} → {reason.after or 'nothing'}"
    return reason.name


def _body(row: Row, *, coloured: bool) -> Text:
    line = Text("  ")
    segments = row.inline
    for index, segment in enumerate(segments):
        text = _harmless(_clipped(segment, index == 0, index == len(segments) - 1))
        if segment.mark and not coloured:
            opening, closing = _SIGNS[segment.mark]
            text = f"{opening}{text}{closing}"
        line.append(text, _STYLES.get(segment.mark, "" if row.changes else "dim"))
    return line


def _clipped(segment: Segment, first: bool, last: bool) -> str:
    """What is the same, without its middle when it is long: what stands beside a change is shown."""
    text = segment.text
    if segment.mark or len(text) <= 2 * _AROUND:
        return text
    beginning = text[:_AROUND].rstrip() if not first or last else ""
    ending = text[-_AROUND:].lstrip() if not last else ""
    return f"{beginning} … {ending}".strip()


def _harmless(text: str) -> str:
    return _CONTROL.sub("\ufffd", text)
