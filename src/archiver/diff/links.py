"""The links of two records -> which were added, removed, led elsewhere or named otherwise."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from archiver.diff.changes import Side

LinkChangeKind = Literal["added", "removed", "retargeted", "renamed"]
"""`retargeted`: the same words lead elsewhere. `renamed`: other words lead to the same address."""


class NamedLink(NamedTuple):
    """A link as a reader meets it."""

    words: str
    """What it is written on, on one line; "" for a picture."""

    href: str
    """Where it leads, as it stood in the markup."""


class LinkChange(NamedTuple):
    """A link that differs."""

    kind: LinkChangeKind
    """What happened to it."""

    before: NamedLink | None
    """The link of A; None when it was added."""

    after: NamedLink | None
    """The link of B; None when it was removed."""


def compare_links(before: Side, after: Side) -> tuple[LinkChange, ...]:
    """The changes of links, in the order of B, what was removed last; a link that only stands elsewhere is the same."""
    links_a, links_b = _named(before), _named(after)
    lost, gained = _only(links_a, links_b), _only(links_b, links_a)
    changes: dict[int, LinkChange] = {}
    for i, j in _paired(lost, gained, lambda link: link.words):
        changes[j] = LinkChange("retargeted", lost.pop(i), gained.pop(j))
    for i, j in _paired(lost, gained, lambda link: link.href):
        changes[j] = LinkChange("renamed", lost.pop(i), gained.pop(j))
    changes |= {j: LinkChange("added", None, link) for j, link in gained.items()}
    removed = (LinkChange("removed", link, None) for link in lost.values())
    return (*(change for _, change in sorted(changes.items())), *removed)


def _named(side: Side) -> list[NamedLink]:
    return [NamedLink(" ".join(side.text[link.start : link.end].split()), link.href) for link in side.links]


def _only(links: list[NamedLink], others: list[NamedLink]) -> dict[int, NamedLink]:
    """The links that the other side has not, or less often, by their place."""
    left = Counter(others)
    only = {}
    for place, link in enumerate(links):
        if left[link]:
            left[link] -= 1
        else:
            only[place] = link
    return only


def _paired(
    lost: dict[int, NamedLink], gained: dict[int, NamedLink], shared: Callable[[NamedLink], str]
) -> Iterator[tuple[int, int]]:
    """(lost, gained) that have in common what is asked for, the first with the first."""
    places = defaultdict(list)
    for place, link in sorted(gained.items(), reverse=True):
        places[shared(link)].append(place)
    for place, link in list(lost.items()):
        if shared(link) and places[shared(link)]:
            yield place, places[shared(link)].pop()
