"""A page saved from a replay -> the page as it was captured: the links that the replay rewrote, put back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from archiver.addresses import is_replay, is_short_snapshot, peel_replay
from archiver.metadata.replays import declared_addresses, find_traces
from archiver.model import Block, Capture, Document, Element, Head, Identity

# The attributes that replays rewrite and that a rule may look at; `srcset` and `style` no rule reads.
_ADDRESSES = ("href", "src", "action", "data", "poster", "background", "cite", "longdesc")
# pywb writes links with the time that was asked for, and shows the capture nearest to it.
_PYWB_TIMES = re.compile(r"""wbinfo\.(?:timestamp|request_ts|wombat_ts)\s*=\s*["'](\d{4,14})["']""")
# https://archive.ph/AbCdE, https://archive.ph/o/AbCdE/https://example.org/
_SNAPSHOT_NAME = re.compile(r"(?:https?:)?//[^/]+/(?:o/)?(\w+)")
# What wraps a page that archive.today shows; its head is archive.today's own.
_SNAPSHOT = "archive.today"


class Replay(NamedTuple):
    """What the links of one replayed page look like."""

    tool: str
    """As in `Identity.replayed_by`."""

    times: frozenset[str]
    """The digits that its rewritten links may bear. A link of the page's own to an archive bears others."""

    name: str | None
    """archive.today's name for the snapshot (`AbCdE`); None elsewhere."""


def unrewrite(document: Document, capture: Capture, identity: Identity) -> Document:
    """The document with every address that the replay rewrote put back; itself when no replay shows it.

    One layer is taken off, and only the one of this replay at this time: a page's own link to a web archive stays. What
    a replay made absolute ("/about") stays absolute. Doing it twice changes nothing. Never raises.
    """
    tool = identity.replayed_by
    if tool is None or not is_replay(tool):
        return document
    shown = Replay(tool, frozenset(_times(capture, document.head)), _name(document.head))

    def undo(href: str) -> str:
        return _undo(href, shown)

    head = _without_snapshot(document) if tool == _SNAPSHOT else document.head
    return replace(
        document,
        blocks=tuple(_block(block, undo) for block in document.blocks),
        elements=tuple(_element(element, undo) for element in document.elements),
        head=_head(head, undo),
    )


def _undo(href: str, shown: Replay) -> str:
    bare = href.strip()
    peeled = peel_replay(bare)
    if peeled is None:
        return _undo_fragment(bare, shown) if shown.name else href
    # pywb runs under any host, and other archives run pywb or Wayback: without a host only the form tells.
    if peeled.tool not in (shown.tool, "pywb") and peeled.host:
        return href
    return peeled.target if not peeled.time or peeled.time in shown.times else href


def _undo_fragment(href: str, shown: Replay) -> str:
    """archive.today writes `#part` as `https://archive.ph/AbCdE#part`."""
    address, mark, part = href.partition("#")
    own = mark and is_short_snapshot(address) and _SNAPSHOT_NAME.match(address)
    return f"#{part}" if own and own[1] == shown.name else href


def _times(capture: Capture, head: Head) -> Iterable[str]:
    peeled = peel_replay((capture.url or "").strip())
    if peeled is not None:
        yield peeled.time
    for trace in find_traces(head):
        if trace.time is not None and is_replay(trace.tool):
            yield f"{trace.time:%Y%m%d%H%M%S}"
    for comment in head.comments:
        yield from _PYWB_TIMES.findall(comment)


def _name(head: Head) -> str | None:
    named = (
        match[1]
        for _, address in declared_addresses(head)
        if is_short_snapshot(address) and (match := _SNAPSHOT_NAME.match(address))
    )
    return next(named, None)


def _block(block: Block, undo: Callable[[str], str]) -> Block:
    if not block.links:
        return block
    return block._replace(links=tuple(link._replace(href=undo(link.href)) for link in block.links))


def _element(element: Element, undo: Callable[[str], str]) -> Element:
    changed = {
        name: back
        for name in _ADDRESSES
        if (value := element.attributes.get(name)) is not None and (back := undo(value)) != value
    }
    return element._replace(attributes={**element.attributes, **changed}) if changed else element


def _head(head: Head, undo: Callable[[str], str]) -> Head:
    return replace(
        head,
        base=undo(head.base) if head.base else head.base,
        meta=tuple((name, undo(content)) for name, content in head.meta),
        links=tuple((rel, undo(href)) for rel, href in head.links),
        items=tuple((name, undo(value), element) for name, value, element in head.items),
    )


def _without_snapshot(document: Document) -> Head:
    """The head without what archive.today says of the snapshot: that it is an article, published when it was archived.

    Of the page's own head it leaves the title alone.
    """
    outside = _outside(document.elements)
    head = document.head
    return replace(
        head,
        meta=tuple((name, content) for name, content in head.meta if name == "og:url"),
        items=tuple(item for item in head.items if outside[item[2]]),
        times=tuple(time for time in head.times if outside[time[1]]),
    )


def _outside(elements: Sequence[Element]) -> list[bool]:
    """For each element whether it stands outside of archive.today's header, which comes before any of the page's."""
    outside: list[bool] = []
    seen = False
    for element in elements:
        begins = element.identity == "header" and not seen
        seen = seen or begins
        outside.append(not begins and (element.parent < 0 or outside[element.parent]))
    return outside
