"""How the blocks read, each for itself, among its neighbours and on its page: what needs no tree."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from archiver.labels.characters import Characters, Counts
from archiver.labels.features.table import Row, Table, named, share, sums_before
from archiver.labels.left_open import LeftOpen

KINDS = {"heading": 1, "paragraph": 2, "list-item": 3, "table-row": 4, "quote": 5, "code": 6, "caption": 7}
_HIDDEN = {"": 0, "hidden": 1, "aria-hidden": 2, "style": 3, "noscript": 4, "template": 5, "fallback": 6}
_HIDDEN_OTHERWISE = 7
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
    blocks, measures = page.blocks, page.document.measures
    places = _numbers([block.index for block in blocks])
    characters = Characters(*[counts[places] for counts in measures.characters])
    in_links, size, prose = measures.in_links[places], measures.size[places], measures.reads[places]
    landmark = np.array(page.landmark, bool)
    kinds = _numbers([KINDS[block.kind] for block in blocks])
    linked = size * in_links // np.maximum(characters.length, 1)
    open_prose = prose & ~landmark
    good = np.where(open_prose, size, 0)
    strong = np.where(open_prose & ((characters.stops > 1) | (size > _LONG_PROSE)), size, 0)
    texts = tuple([block.text for block in blocks])
    return Blocks(
        texts, characters, kinds, _numbers([block.level for block in blocks]), size, linked,
        links=_numbers([len(block.links) for block in blocks]),
        hidden=_numbers([_HIDDEN.get(block.hidden, _HIDDEN_OTHERWISE) for block in blocks]),
        gap=_numbers([block.gap for block in blocks]), indent=_numbers([block.indent for block in blocks]),
        element=_numbers([block.element for block in blocks]),
        prose=prose, landmark=landmark, in_links=in_links, good=good, strong=strong,
        basis=(size, linked, good, open_prose, kinds == 1, landmark, characters.digits, characters.stops, strong),
    )  # fmt: skip


def _numbers(column: list[int]) -> Counts:
    return np.array(column, np.int64)


def add_own(table: Table, blocks: Blocks) -> None:
    """What the block is by itself, and how often its text stands on the page."""
    texts, characters, count = blocks.texts, blocks.characters, len(blocks.texts)
    seen: dict[str, int] = {}
    first = _numbers([seen.setdefault(text, index) for index, text in enumerate(texts)])
    length, letters, digits, _, upper, commas, spaces, stops, ended, first_upper = characters
    table.add(
        "kind level size linked nlinks link_share digits_share upper_share punct_share commas stops ended first_upper "
        "words word_length prose landmark dup_first dup_count hidden gap line_breaks",
        (
            blocks.kind, blocks.level, blocks.size, blocks.linked, blocks.links, share(blocks.linked, blocks.size),
            share(digits, length), share(upper, letters), share(length - letters - digits - spaces, length),
            commas, stops, ended, first_upper, spaces, letters / (spaces + 1), blocks.prose, blocks.landmark,
            np.arange(count) - first, np.bincount(first, minlength=count)[first], blocks.hidden, blocks.gap,
            _numbers([text.count("\n") for text in texts]),
        ),
    )  # fmt: skip


# How many blocks before and after it stand around a block.
_REACHES = np.array([[2], [5], [12]])


def add_neighbours(table: Table, blocks: Blocks, sums: NDArray[np.float64]) -> None:
    """What stands around the block in reading order; `sums` are those of the basis."""
    count = len(blocks.texts)
    index = np.arange(count)
    around = sums[:, np.minimum(index + _REACHES + 1, count)] - sums[:, np.maximum(index - _REACHES, 0)]
    table.add(
        named("w{1}_{0}", "size good headings ruled strong", "2 5 12"),
        around[[SIZE, GOOD, HEADING, RULED, STRONG]],
    )
    shares = share(around[[LINKED, GOOD, DIGITS]], around[SIZE])
    table.add(named("w{1}_{0}", "link goodshare digits", "2 5 12"), shares)
    beside = np.zeros((4, count + 6))
    beside[:, 3:-3] = (blocks.size, share(blocks.linked, blocks.size), blocks.good, blocks.kind * 10 + blocks.level)
    for step in (-3, -2, -1, 1, 2, 3):
        table.add(named(f"n{step}_{{}}", "size link good kind"), beside[:, 3 + step : 3 + step + count])
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
    masks = np.stack((blocks.good > 0, blocks.strong > 0, blocks.heading))
    since = index - np.maximum.accumulate(np.where(masks, index, -_FAR), axis=1)
    last = len(index) - 1 + _FAR
    until = np.minimum.accumulate(np.where(masks, index, last)[:, ::-1], axis=1)[:, ::-1] - index
    table.add("since_good since_strong since_heading", np.minimum(since, _FAR))
    table.add("until_good until_strong until_heading", np.minimum(until, _FAR))


def add_page(table: Table, blocks: Blocks, sums: NDArray[np.float64]) -> None:
    """Where on the page the block stands, and what page it is."""
    count = len(blocks.texts)
    index = np.arange(count)
    total, size = float(sums[GOOD, -1]), max(float(sums[SIZE, -1]), 1.0)
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
    of_page: dict[str, float] = {
        "blocks": count, "total": total, "total_size": sums[SIZE, -1], "good_of_page": total / size,
        "link_of_page": sums[LINKED, -1] / size, "prose_blocks": prose, "longest": longest,
        "longest_share": longest / max(total, 1), "headings": sums[HEADING, -1],
        "digits_of_page": sums[DIGITS, -1] / size, "h1s": int((blocks.heading & (blocks.level == 1)).sum()),
        "table_share": _share_of_kind(blocks, "table-row"), "item_share": _share_of_kind(blocks, "list-item"),
        "ruled_share": int(blocks.size[blocks.landmark].sum()) / size,
        "strong_of_page": sums[STRONG, -1] / size, "mean_good": total / max(prose, 1),
    }  # fmt: skip
    table.add(" ".join(of_page), list(of_page.values()))


def _share_of_kind(blocks: Blocks, kind: str) -> float:
    return int(blocks.size[blocks.kind == KINDS[kind]].sum()) / max(int(blocks.size.sum()), 1)


def sums_of(blocks: Blocks) -> NDArray[np.float64]:
    """The sums of the basis in reading order."""
    return sums_before(blocks.basis)
