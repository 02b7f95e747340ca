"""Where on the tree the blocks stand: what is around them, how much of it is prose, what else is marked up alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from archiver.labels.characters import Counts
from archiver.labels.features.reading import (
    DIGITS,
    GOOD,
    HEADING,
    LINKED,
    OPEN_PROSE,
    RULED,
    SIZE,
    STRONG,
    Blocks,
)  # fmt: skip
from archiver.labels.features.table import Row, Table, named, share, sums_before
from archiver.labels.measured import MeasuredDocument, Measures
from archiver.model import Head

# How many ancestors are looked at, each holding more blocks than the one before.
LEVELS = 6
_LEVELS = "0 1 2 3 4 5"

# Families of tags, numbered so that a threshold parts like from like.
_FAMILIES = (
    "html", "body", "main", "article", "section", "div x", "p", "h1", "h2 h3", "h4 h5 h6", "blockquote q", "pre code",
    "figure figcaption caption", "ul ol dl menu", "li dd dt", "table tbody thead tfoot", "tr", "td th",
    "center font b strong i em u small", "span", "a", "label legend summary details", "form fieldset",
    "button select option textarea input", "header", "nav", "aside", "footer",
)  # fmt: skip
_TAGS = {tag: number for number, family in enumerate(_FAMILIES, 1) for tag in family.split()}
_OTHER_TAG = 5
ITEM = _TAGS["li"]
"""The family of list items."""

# What is inherited by all that stands inside: by tag, by role, by schema.org's property.
_FLAGS = (
    "footer header nav aside main article section form table list item a details dialog figure button quote pre "
    "heading p body review item-other"
)
FLAGS = _FLAGS.split()
_BIT = {name: 1 << place for place, name in enumerate(FLAGS)}
_TAG_FLAGS = {
    "footer": "footer", "header": "header", "nav": "nav menu", "aside": "aside", "main": "main", "article": "article",
    "section": "section", "form": "form fieldset", "table": "table", "list": "ul ol dl", "item": "li dd dt", "a": "a",
    "details": "details summary", "dialog": "dialog", "figure": "figure figcaption",
    "button": "button select option textarea label legend", "quote": "blockquote q", "pre": "pre code",
    "heading": "h1 h2 h3 h4 h5 h6", "p": "p",
}  # fmt: skip
_TAG_BITS = {tag: _BIT[flag] for flag, tags in _TAG_FLAGS.items() for tag in tags.split()}
_ROLE_FLAGS = {
    "footer": "contentinfo", "header": "banner", "nav": "navigation menu menubar tablist", "aside": "complementary",
    "main": "main", "article": "article", "section": "region", "form": "search form",
    "dialog": "dialog alertdialog tooltip",
    "list": "list", "item": "listitem", "button": "button", "heading": "heading",
}  # fmt: skip
_ROLE_BITS = {role: _BIT[flag] for flag, roles in _ROLE_FLAGS.items() for role in roles.split()}
_ITEM_FLAGS = {"body": "articlebody text description", "review": "reviewbody comment review"}
_ITEM_BITS = {name: _BIT[flag] for flag, names in _ITEM_FLAGS.items() for name in names.split()}


class Tree(NamedTuple):
    """The elements that hold a block, numbered in their order; the others may be a widget's, which comes and goes.

    One number an element in each array but the last five.
    """

    parents: Counts
    """The root is its own."""
    ends: Counts
    """One past the last element inside it."""
    tags: Counts
    """Their families."""
    flags: Counts
    """FLAGS that its tag and role raise."""
    look: Counts
    """The same number for the same tag and classes."""
    classed: NDArray[np.bool_]
    """Whether it has a class."""
    first: Counts
    """Where in `order` the blocks inside begin."""
    last: Counts
    """One past where they end."""
    order: Counts
    """The blocks by the element they stand in."""
    home: Counts
    """The element that each block stands in."""
    chain: Counts
    """For each block, LEVELS ancestors that hold more and more blocks: levels x blocks."""
    numbers: Counts
    """For each element of the document its number here; -1 when it holds no block."""
    alike: Counts
    """For each block its element's look."""
    alike_with_parent: Counts
    """The same for the looks of its element and that one's parent together."""
    under: NDArray[np.float64]
    """The sums of the basis (see SIZE and the others) over the blocks inside: sums x elements."""


def read_tree(document: MeasuredDocument, blocks: Blocks) -> Tree:
    """The elements that hold a block, of a document that has elements."""
    ends = np.array(document.measures.ends, np.int64)
    order = np.argsort(blocks.element, kind="stable")
    homes = blocks.element[order]
    first, last = np.searchsorted(homes, np.arange(len(ends))), np.searchsorted(homes, ends)
    inhabited = np.flatnonzero(last > first)
    before = np.concatenate(([0], np.cumsum(last > first)))
    numbers = np.where(last > first, before[:-1], -1)
    # A page has one root; of more, as broken markup may have, the first holds the others.
    parents = np.maximum(numbers[np.maximum(np.array(document.measures.parents, np.int64)[inhabited], 0)], 0)
    first, last, home = first[inhabited], last[inhabited], numbers[blocks.element]
    outermost = _outermost(last - first, parents)
    chain = np.empty((LEVELS, len(order)), np.int64)
    chain[0] = outermost[home]
    for level in range(1, LEVELS):
        chain[level] = outermost[parents[chain[level - 1]]]
    tags, flags, look, classed = _read_elements(document.measures, inhabited)
    looks = look[home]
    sums = sums_before([row[order] for row in blocks.basis])
    return Tree(
        parents, before[ends[inhabited]], tags, flags, look, classed, first, last, order, home, chain, numbers,
        looks, numbered(looks * (int(look.max()) + 2) + look[parents[home]]), sums[:, last] - sums[:, first],
    )  # fmt: skip


def numbered(keys: Counts) -> Counts:
    """The same number from 0 for the same key. (`np.unique` does more, in twice the time.)"""
    order = keys.argsort(kind="stable")
    ranked = keys[order]
    numbers = np.zeros(len(keys), np.int64)
    numbers[order[1:]] = np.cumsum(ranked[1:] != ranked[:-1])
    return numbers


def _read_elements(measures: Measures, inhabited: NDArray[np.intp]) -> tuple[Counts, Counts, Counts, NDArray[np.bool_]]:
    """Their tags' families, the flags they raise, the numbers of their looks, and whether they have a class."""
    numbers: dict[tuple[str, tuple[str, ...]], int] = {}
    names = measures.names
    look = [numbers.setdefault((tag, classes), len(numbers)) for tag, _, classes, _ in names]
    tags = [_TAGS.get(name[0], _OTHER_TAG) for name in names]
    flags = [_TAG_BITS.get(tag, 0) | _ROLE_BITS.get(role, 0) for tag, _, _, role in names]
    classed = [bool(name[2]) for name in names]
    read = np.array((tags, flags, look, classed), np.int64)[:, np.array(measures.named, np.int64)[inhabited]]
    return read[0], read[1], read[2], read[3].astype(np.bool_)


def _outermost(held: Counts, parents: Counts) -> Counts:
    """For each element the outermost one that holds exactly the same blocks."""
    outer = np.where(held[parents] == held, parents, np.arange(len(parents)))
    while True:
        further = outer[outer]
        if (further == outer).all():
            return outer
        outer = further


def add_ancestry(table: Table, head: Head, tree: Tree) -> None:
    """What kinds of element are around the block, and which tags next to it."""
    flags = tree.flags.copy()
    for name, _, index in head.items:
        if tree.numbers[index] >= 0:
            flags[tree.numbers[index]] |= _ITEM_BITS.get(name, _BIT["item-other"])
    depth = np.ones(len(flags), np.int64)
    depth[0] = 0
    # In each round every element learns from twice as far up.
    above = tree.parents
    while above.any():
        flags, depth, above = flags | flags[above], depth + depth[above], above[above]
    home = tree.home
    bits = (flags[home] >> np.arange(len(FLAGS))[:, None]) & 1
    table.add(named("in_{}", _FLAGS), bits)
    parent = tree.parents[home]
    table.add(
        "depth tag parent_tag grand_tag childless",
        (depth[home], tree.tags[home], tree.tags[parent], tree.tags[tree.parents[parent]], tree.ends[home] - home),
    )


def add_regions(table: Table, head: Head, blocks: Blocks, tree: Tree) -> None:
    """What stands under each of the ancestors that hold more and more blocks."""
    chain = tree.chain
    under = tree.under[:, chain]
    count = (tree.last - tree.first)[chain]
    total, size = max(int(blocks.good.sum()), 1), max(int(blocks.size.sum()), 1)
    alike = numbered(tree.parents * (int(tree.look.max()) + 2) + tree.look)
    siblings = np.bincount(alike)[alike]
    times = np.sort(tree.numbers[[index for _, index in head.times]])
    by_level = {
        "size good headings": under[[SIZE, GOOD, HEADING]],
        "link goodshare digits strong": share(under[[LINKED, GOOD, DIGITS, STRONG]], under[SIZE]),
        "mean goodcount ruled": under[[SIZE, OPEN_PROSE, RULED]] / count,
        "goodpage": under[GOOD] / total, "sizepage": under[SIZE] / size, "count": count,
        "tag": tree.tags[chain], "siblings": siblings[chain], "elements": (tree.ends[chain] - chain) / count,
        "times": np.searchsorted(times, tree.ends[chain]) - np.searchsorted(times, chain),
    }  # fmt: skip
    for names, rows in by_level.items():
        table.add(named("a{1}_{0}", names, _LEVELS), rows)


_OF_LIKES = "mean link goodshare ruled goodcount count good goodpage centre"


def add_likeness(table: Table, blocks: Blocks, tree: Tree) -> None:
    """The blocks marked up alike: in an element of the same tag and classes; with its parent's; in such a region."""
    count = len(tree.home)
    index = np.arange(count)
    total = max(int(blocks.good.sum()), 1)
    columns: Sequence[Row] = (blocks.size, blocks.linked, blocks.good, blocks.landmark, blocks.good > 0, index)
    around = tree.look[tree.chain[1]]
    for name, group in (("s", tree.alike), ("sp", tree.alike_with_parent), ("st", around)):
        size, linked, good, ruled, prose, places, many = _sums_by(group, columns)
        table.add(
            named(f"{name}_{{}}", _OF_LIKES),
            (
                size / many, share(linked, size), share(good, size), ruled / many, prose / many, many, good,
                good / total, np.abs(index - places / many) / count,
            ),
        )  # fmt: skip


def _sums_by(group: Counts, columns: Sequence[Row]) -> NDArray[np.float64]:
    """For each block the sums over the blocks of its group; as the last their number."""
    sums = np.array([*(np.bincount(group, column) for column in columns), np.bincount(group)])
    of_group: NDArray[np.float64] = sums[:, group]
    return of_group


def add_main(table: Table, blocks: Blocks, tree: Tree) -> None:
    """The part of the page that holds its prose, and how near the block stands to its neighbours on the tree."""
    size, linked, good = tree.under[:3]
    total, whole = int(blocks.good.sum()), max(int(blocks.size.sum()), 1)
    for percent in (50, 75, 90):
        main = int(np.flatnonzero(100 * good >= percent * total)[-1]) if total else 0
        inside = (tree.home >= main) & (tree.home < tree.ends[main])
        table.add(f"main{percent} main{percent}_size", (inside, float(size[main]) / whole))
        if percent == 75:
            held = int(tree.last[main] - tree.first[main])
            table.add("main_blocks main_link", (held, float(linked[main]) / max(float(size[main]), 1)))
    shared = (tree.chain[:, 1:] == tree.chain[:, :-1]).sum(axis=0)
    table.add("shared_before shared_after", (np.append(0, shared), np.append(shared, 0)))
