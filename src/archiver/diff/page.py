"""A difference -> one HTML file that needs nothing else: both texts side by side, or in one, without scripts.

The captures are linked as Robust Links (https://robustlinks.mementoweb.org/spec/): the address, and beside it the
capture and its time, so that a reader can follow either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from archiver.diff.changes import Change, Reason, Side
from archiver.diff.difference import Difference
from archiver.diff.links import LinkChange, NamedLink, compare_links
from archiver.diff.view import Row, Segment, rows

# Web archives answer at this form of address; the one that holds captures of most pages stands where none is named.
REPLAY = "https://web.archive.org/web/"
"""What the time and address of a capture follow."""

_KINDS = {
    "inserted": "added", "deleted": "removed", "replaced": "edited", "moved": "moved",
    "moved-edited": "moved and edited", "whitespace": "white space in",
}  # fmt: skip
# The views are named `a` and `b`, side by side, and `i`, inline: what moved stands in the other column, or in the same.
_OTHER_VIEW = {"a": "b", "b": "a", "i": "i"}
_TELLING = ("number", "date", "negation", "name")


def to_html(difference: Difference, least: float = 0.01, context: int | None = None, replay: str = REPLAY) -> str:
    """The page, with the changes of at least that significance; `context`: how many unchanged blocks are shown around
    one, None for all of them. `replay` is what the links to the captures begin with.
    """
    shown = difference.weighing(least)
    before, after = difference.before, difference.after
    all_rows = rows(difference, least)
    folded = [*_folded(all_rows, context)]
    direction = "rtl" if before.direction == after.direction == "rtl" else "ltr"
    title = after.title or before.title or after.url or "Difference"
    return "\n".join(
        [
            f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{_text(title)}</title>',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<style>\n{(files(__package__) / 'page.css').read_text('utf-8')}</style>\n</head>\n<body>",
            f'<h1 dir="auto">{_text(title)}</h1>\n<p class="summary" dir="auto">{_text(difference.summary())}</p>',
            # In a page from right to left the earlier text stands on the right.
            f'<div class="sides" dir="{direction}">',
            f"{_side('Before', before, replay)}{_side('After', after, replay)}</div>",
            '<input type="radio" name="view" id="beside" checked><label for="beside">Side by side</label>',
            '<input type="radio" name="view" id="within"><label for="within">Inline</label>',
            f'<table class="beside" dir="{direction}">{"".join(_beside(folded, before, after))}</table>',
            f'<div class="within"><div>{"".join(_within(folded, after))}</div></div>',
            *_change_list(shown),
            *_link_list(compare_links(before, after)),
            "</body>\n</html>\n",
        ]
    )


def _text(text: str) -> str:
    return escape(text).replace("\0", "\ufffd")


def _side(name: str, side: Side, replay: str) -> str:
    when = f'<time datetime="{side.created}">{side.created}</time>' if side.created else "at an unknown time"
    return f'<p dir="ltr"><b>{name}</b>{_robust_link(side, replay)}<br>{when}</p>'


def _robust_link(side: Side, replay: str) -> str:
    if side.url is None:
        return '<span class="faint">no address</span>'
    url = escape(side.url)
    if not side.url.lower().startswith(("http://", "https://")):
        return url
    attributes = f'href="{url}" data-originalurl="{url}"'
    if side.timestamp and side.created:
        version = escape(f"{replay}{side.timestamp}/{side.url}")
        attributes += f' data-versionurl="{version}" data-versiondate="{side.created}"'
        return f'<a dir="ltr" {attributes}>{url}</a> (<a href="{version}">the capture</a>)'
    return f'<a dir="ltr" {attributes}>{url}</a>'


def _folded(all_rows: Sequence[Row], context: int | None) -> Iterator[Row | int]:
    """The rows, with the number of those that are left out where some are."""
    if context is None:
        yield from all_rows
        return
    near = {
        index
        for place, row in enumerate(all_rows)
        if row.changes
        for index in range(place - context, place + context + 1)
    }
    hidden = 0
    for place, row in enumerate(all_rows):
        if place in near:
            if hidden:
                yield hidden
            hidden = 0
            yield row
        else:
            hidden += 1
    if hidden:
        yield hidden


def _beside(folded: Sequence[Row | int], before: Side, after: Side) -> Iterator[str]:
    seen: set[str] = set()
    for row in folded:
        if isinstance(row, int):
            yield f'<tr><td class="gap" colspan="2">{_left_out(row)}</td></tr>\n'
        else:
            yield f"<tr>{_cell(row.a, before, 'a', seen)}{_cell(row.b, after, 'b', seen)}</tr>\n"


def _within(folded: Sequence[Row | int], after: Side) -> Iterator[str]:
    seen: set[str] = set()
    for row in folded:
        if isinstance(row, int):
            yield f'<p class="gap">{_left_out(row)}</p>\n'
        else:
            text = "".join(_marked(segment, "i", seen) for segment in row.inline)
            yield f'<p dir="auto"{_language(after)}>{text}</p>\n'


def _left_out(count: int) -> str:
    return f"{count:,} unchanged block{'' if count == 1 else 's'}"


def _cell(segments: Sequence[Segment] | None, side: Side, name: str, seen: set[str]) -> str:
    if segments is None:
        return '<td class="none"></td>'
    return f'<td dir="auto"{_language(side)}>{"".join(_marked(segment, name, seen) for segment in segments)}</td>'


def _language(side: Side) -> str:
    return f' lang="{escape(side.language)}"' if side.language else ""


def _marked(segment: Segment, view: str, seen: set[str]) -> str:
    """A stretch, in `del` or `ins` when it is marked. The first stretch of what moved leads to its other place; `seen`
    holds the names of those that were written.
    """
    text, mark = _text(segment.text), segment.mark
    if not mark:
        return text
    name = "del" if mark in ("deleted", "moved-away") else "ins"
    number = (segment.change or 0) + 1
    if mark in ("deleted", "inserted"):
        return f"<{name}>{text}</{name}>"
    here, there = ("from", "to") if name == "del" else ("to", "from")
    place = f"{view}-{here}-{number}"
    if place in seen:
        return f'<{name} class="moved">{text}</{name}>'
    seen.add(place)
    target = f"{_OTHER_VIEW[view]}-{there}-{number}"
    link = f'<a class="other" href="#{target}" title="where it moved {there}">{"↷" if name == "del" else "↶"}</a>'
    return f'<{name} class="moved" id="{place}">{link}{text}</{name}>'


def _change_list(shown: Sequence[Change]) -> Iterator[str]:
    if not shown:
        return
    yield '<h2>Changes</h2>\n<ol class="changes">'
    for change in shown:
        reasons = ", ".join(map(_reason, change.reasons)) or "white space"
        what = f"{_KINDS[change.kind]} {'paragraph' if change.whole else 'passage'}"
        yield f'<li><span class="weight">{change.significance:.2f}</span> {what}: {reasons}</li>'
    yield "</ol>"


def _reason(reason: Reason) -> str:
    if reason.name in _TELLING and (reason.before or reason.after):
        before, after = (f"<bdi>{_text(said)}</bdi>" if said else "nothing" for said in (reason.before, reason.after))
        return f"{reason.name} {before} → {after}"
    return reason.name


def _link_list(changes: Sequence[LinkChange]) -> Iterator[str]:
    if not changes:
        return
    yield '<h2>Links</h2>\n<ul class="links">'
    for change in changes:
        links = [_named(link) for link in (change.before, change.after) if link is not None]
        yield f"<li>{change.kind}: {' → '.join(links)}</li>"
    yield "</ul>"


def _named(link: NamedLink) -> str:
    words = f"<bdi>{_text(link.words)}</bdi> " if link.words else ""
    return f'{words}<span class="faint" dir="ltr">{_text(link.href)}</span>'
