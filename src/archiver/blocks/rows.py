"""Rows of a table: when one lists data, its cells become one block, parted by tabs."""

from __future__ import annotations

from itertools import pairwise

from archiver.model import Block, Link

# A row whose cells hold these is laid out by its table, not listed in it.
LAYOUT = frozenset("table form iframe h1 h2 h3 h4 blockquote pre article section nav select textarea".split())
# Blocks in one cell of a data table: seen up to three (a note, an address).
_MOST_PARTS = 3
# Pages of 2001 to 2008 put the whole article into a cell, parted by <br><br>; cells of the data tables looked at in
# the development pages stay under this many code points.
_LONGEST_CELL = 500


class Row:
    """An open `<tr>`: where the blocks of its cells begin and end."""

    def __init__(self, blocks: int) -> None:
        self.edges = [blocks]
        """The number of blocks before the first cell, and after each cell."""
        self.layout = False
        """Whether a cell holds something that no list of data holds."""


def lay_out(rows: list[Row]) -> None:
    """What no list of data holds stands in all open rows, the innermost of which comes last."""
    for row in reversed(rows):
        if row.layout:
            break
        row.layout = True


def merge_row(row: Row, blocks: list[Block], element: int) -> None:
    """Makes one block of the row's, at the end of `blocks`, if the row lists data in two cells or more."""
    cells = [blocks[start:end] for start, end in pairwise(row.edges)]
    # Text between cells, or after the last: misplaced markup, left as it is.
    whole = row.edges[-1] == len(blocks)
    if row.layout or len(cells) < 2 or not any(cells) or not whole or not all(map(_is_data, cells)):
        return
    first = blocks[row.edges[0]]
    parts: list[str] = []
    links: list[Link] = []
    length = 0
    for number, cell in enumerate(cells):
        for place, block in enumerate(cell):
            separator = " " if place else "\t" if number else ""
            length += len(separator)
            parts.append(separator + block.text.replace("\n", " "))
            links += [Link(length + link.start, length + link.end, link.href) for link in block.links]
            length += len(block.text)
        if not cell and number:
            parts.append("\t")
            length += 1
    linked = sum(block.link_characters for block in blocks[row.edges[0] :])
    text = "".join(parts).rstrip()
    hidden = first.hidden if all(block.hidden for block in blocks[row.edges[0] :]) else ""
    del blocks[row.edges[0] :]
    blocks.append(Block(first.index, "table-row", 0, text, element, 0, linked, tuple(links), hidden))


def _is_data(cell: list[Block]) -> bool:
    """Whether a cell, by the blocks in it, is short and nearly flat."""
    return (
        len(cell) <= _MOST_PARTS
        and sum(len(block.text) for block in cell) <= _LONGEST_CELL
        and all(block.kind in ("paragraph", "list-item", "table-row") for block in cell)
    )
