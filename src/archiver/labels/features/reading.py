"""How the blocks read, each for itself, among its neighbours and on its page: what needs no tree."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from archiver.labels.features.characters import Characters, Counts, count_characters
from archiver.labels.features.table import Row, Table, named, share, sums_before
from archiver.labels.left_open import LeftOpen
from archiver.labels.weights import ENDED, LONG

KINDS = {"heading": 1, "paragraph": 2, "list-item": 3, "table-row": 4, "quote": 5, "code": 6, "caption": 7}
_HIDDEN = {"": 0, "hidden": 1, "aria-hidden": 2, "style": 3, "noscript": 4, "template": 5, "fallback": 6}
_HIDDEN_OTHERWISE = 7
_FORM_TEXT = frozenset(("select", "option", "optgroup", "textarea", "button"))
# From two stops or this size on there is no doubt that it is prose.
_LONG_PROSE = 200

# The places of the sums in `Blocks.sums`.
SIZE, LINKED, GOOD, OPEN_PROSE, HEADING, RULED, DIGITS, STOPS, STRONG = range(9)


class Blocks(NamedTuple):
    """One number a block in each array."""

    texts: tuple[str, ...]
    characters: Characters
    kind: Counts
    level: Counts
    size: Counts
    """Length in Latin letters' worth."""
    linked: Counts
    """How much of it stands in links."""
    links: Counts
    """How many links."""
    hidden: Counts
    gap: Counts
    indent: Counts
    element: Counts
    prose: NDArray[np.bool_]
    landmark: NDArray[np.bool_]
    """Whether a landmark has removed it."""
    in_links: Counts
    """How many code points stand in links."""
    good: Counts
    """The size, where it reads as prose and no landmark has removed it; else 0."""
    strong: Counts
    """Likewise, where it surely is prose."""
    basis: tuple[Row, ...]
    """The rows whose sums are taken over many blocks; see SIZE and the others."""

    @property
    def heading(self) -> NDArray[np.bool_]:
        """Whether it is a heading."""
        heading: NDArray[np.bool_] = self.kind == KINDS["heading"]
        return heading


def read_blocks(page: LeftOpen) -> Blocks:
    """The blocks left open, of which there must be one, as arrays."""
    _, kind, level, texts, element, _, link_characters, links, hidden, gap, indent = zip(*page.blocks, strict=True)
    characters = count_characters(texts)
    count = len(texts)
    levels, in_links = np.array(level, np.int64), np.array(link_characters, np.int64)
    elements = np.array(element, np.int64)
    size = characters.length + 2 * characters.dense
    in_form = np.zeros(count, bool)
    tree = page.document.elements
    if tree:
        in_form = np.fromiter((one[1] in _FORM_TEXT for one in tree), bool, len(tree))
        in_form = in_form[elements]
    unlinked = 10 * in_links <= 4 * characters.length
    prose = (size >= ENDED) & unlinked & ((size >= LONG) | (characters.stops > 0)) & ~in_form
    landmark = np.array(page.landmark, bool)
    kinds = np.fromiter(map(KINDS.__getitem__, kind), np.int64, count)
    linked = size * in_links // np.maximum(characters.length, 1)
    open_prose = prose & ~landmark
    good = np.where(open_prose, size, 0)
    strong = np.where(open_prose & ((characters.stops > 1) | (size > _LONG_PROSE)), size, 0)
    return Blocks(
        texts, characters, kinds, levels, size, linked,
        links=np.fromiter(map(len, links), np.int64, count),
        hidden=np.fromiter((_HIDDEN.get(one, _HIDDEN_OTHERWISE) for one in hidden), np.int64, count),
        gap=np.array(gap, np.int64), indent=np.array(indent, np.int64),
        element=elements, prose=prose, landmark=landmark, in_links=in_links,
        good=good, strong=strong,
        basis=(size, linked, good, open_prose, kinds == 1, landmark, characters.digits, characters.stops, strong),
    )  # fmt: skip


def add_own(table: Table, blocks: Blocks) -> None:
    """What the block is by itself, and how often its text stands on the page."""
    texts, characters, count = blocks.texts, blocks.characters, len(blocks.texts)
    seen: dict[str, int] = {}
    first = np.fromiter((seen.setdefault(text, index) for index, text in enumerate(texts)), np.int64, count)
    length, letters, digits, _, upper, commas, spaces, stops, ended, first_upper = characters
    table.add(
        "kind level size linked nlinks link_share digits_share upper_share punct_share commas stops ended first_upper "
        "words word_length prose landmark dup_first dup_count hidden gap line_breaks",
        (
            blocks.kind, blocks.level, blocks.size, blocks.linked, blocks.links, share(blocks.linked, blocks.size),
            share(digits, length), share(upper, letters), share(length - letters - digits - spaces, length),
            commas, stops, ended, first_upper, spaces, letters / (spaces + 1), blocks.prose, blocks.landmark,
            np.arange(count) - first, np.bincount(first, minlength=count)[first], blocks.hidden, blocks.gap,
            np.fromiter((text.count("\n") for text in texts), np.int64, count),
        ),
    )  # fmt: skip


def add_neighbours(table: Table, blocks: Blocks, sums: NDArray[np.float64]) -> None:
    """What stands around the block in reading order; `sums` are those of the basis."""
    count = len(blocks.texts)
    index = np.arange(count)
    for reach in (2, 5, 12):
        around = sums[:, np.minimum(index + reach + 1, count)] - sums[:, np.maximum(index - reach, 0)]
        table.add(
            named(f"w{reach}_{{}}", "size link good goodshare headings ruled digits strong"),
            (
                around[SIZE], share(around[LINKED], around[SIZE]), around[GOOD], share(around[GOOD], around[SIZE]),
                around[HEADING], around[RULED], share(around[DIGITS], around[SIZE]), around[STRONG],
            ),
        )  # fmt: skip
    beside = np.zeros((4, count + 6))
    beside[:, 3:-3] = (blocks.size, share(blocks.linked, blocks.size), blocks.good, blocks.kind * 10 + blocks.level)
    for step in (-3, -2, -1, 1, 2, 3):
        table.add(named(f"n{step}_{{}}", "size link good kind"), tuple(beside[:, 3 + step : 3 + step + count]))
    _add_distances(table, blocks)
    heading = np.maximum.accumulate(np.where(blocks.heading, index, 0))
    inside = sums[:, index + 1] - sums[:, heading]
    table.add(
        "last_level good_since_heading section_link",
        (blocks.level[heading], sums[GOOD, index] - sums[GOOD, heading], share(inside[LINKED], inside[SIZE])),
    )


# Further away is as good as nowhere.
_FAR = 100


def _add_distances(table: Table, blocks: Blocks) -> None:
    index = np.arange(len(blocks.texts))
    for name, mask in (("good", blocks.good > 0), ("strong", blocks.strong > 0), ("heading", blocks.heading)):
        since = index - np.maximum.accumulate(np.where(mask, index, -_FAR))
        until = np.minimum.accumulate(np.where(mask, index, len(index) - 1 + _FAR)[::-1])[::-1] - index
        table.add(f"since_{name} until_{name}", (np.minimum(since, _FAR), np.minimum(until, _FAR)))


def add_page(table: Table, blocks: Blocks, sums: NDArray[np.float64]) -> None:
    """Where on the page the block stands, and what page it is."""
    count = len(blocks.texts)
    index, ones = np.arange(count), np.ones(count)
    total, size = sums[GOOD, -1], max(sums[SIZE, -1], 1)
    before = sums[:, :-1]
    table.add(
        "place good_before good_after size_before good_before_share index index_end",
        (
            index / count, before[GOOD], total - sums[GOOD, 1:], before[SIZE] / size, before[GOOD] / max(total, 1),
            index, count - index,
        ),
    )  # fmt: skip
    prose = int((blocks.good > 0).sum())
    longest = int(blocks.good.max())
    of_page = {
        "blocks": count, "total": total, "total_size": sums[SIZE, -1], "good_of_page": total / size,
        "link_of_page": sums[LINKED, -1] / size, "prose_blocks": prose, "longest": longest,
        "longest_share": longest / max(total, 1), "headings": sums[HEADING, -1],
        "digits_of_page": sums[DIGITS, -1] / size, "h1s": int((blocks.heading & (blocks.level == 1)).sum()),
        "table_share": _share_of_kind(blocks, "table-row"), "item_share": _share_of_kind(blocks, "list-item"),
        "ruled_share": int(blocks.size[blocks.landmark].sum()) / size,
        "strong_of_page": sums[STRONG, -1] / size, "mean_good": total / max(prose, 1),
    }  # fmt: skip
    table.add(" ".join(of_page), [ones * value for value in of_page.values()])


def _share_of_kind(blocks: Blocks, kind: str) -> float:
    return int(blocks.size[blocks.kind == KINDS[kind]].sum()) / max(int(blocks.size.sum()), 1)


def sums_of(blocks: Blocks) -> NDArray[np.float64]:
    """The sums of the basis in reading order."""
    return sums_before(blocks.basis)
