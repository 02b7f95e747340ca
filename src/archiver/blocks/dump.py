"""A plain-text dump of a page as blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiver.blocks.visible import count_visible
from archiver.model import Block, BlockKind, Document


def segment_text(text: str) -> Document:
    """A plain-text dump as blocks: a line each; lines that a tool wrapped at a width are one paragraph again.

    White space inside a line stays as it stands.
    """
    blocks: list[Block] = []
    gap = 0
    for number, paragraph in _paragraphs(re.split(r"\r\n|\r|\n", text)):
        if not paragraph:
            gap += 1
            continue
        kind: BlockKind = "table-row" if "\t" in paragraph else "paragraph"
        blocks.append(Block(len(blocks), kind, 0, paragraph, -1, number, gap=gap))
        gap = 0
    characters, digest = count_visible([text])
    return Document("text", tuple(blocks), visible_characters=characters, visible_digest=digest, parser="lines")


def _paragraphs(lines: list[str]) -> Iterator[tuple[int, str]]:
    """(number of its first line, text) of each paragraph; the text is "" for a blank line."""
    width = _wrap_width(lines)
    pending: list[str] = []
    first = 1
    for number, line in enumerate(lines, 1):
        stripped = line.strip()
        if pending and not (stripped and width and _was_wrapped(pending[-1], stripped, width)):
            yield first, " ".join(pending)
            pending = []
        if not stripped:
            yield number, ""
            continue
        if not pending:
            first = number
        pending.append(stripped)
    if pending:
        yield first, " ".join(pending)


# lynx wraps at 80 columns, w3m at 80, html2text at 78, e-mail at 72 to 76; beyond 120 no tool does.
_NARROWEST, _WIDEST = 60, 120
# How near its right edge a wrapped line ends: as far off as one long word.
_RAGGED = 12


def _wrap_width(lines: list[str]) -> int:
    """The column at which a tool wrapped the text, 0 when none did.

    A wrapped text has no line beyond its width, unless it is one long word, and many lines close to it.
    """
    lengths = [len(line.rstrip()) for line in lines if " " in line.strip()]
    width = max(lengths, default=0)
    near = sum(width - length <= _RAGGED for length in lengths)
    # Three lines end near one another by chance; of a wrapped text at least one line in five does.
    wrapped = _NARROWEST <= width <= _WIDEST and near > 3 and near * 5 >= len(lengths)
    return width if wrapped else 0


def _was_wrapped(line: str, following: str, width: int) -> bool:
    """Whether the first word of the following line would not have fitted on the line."""
    return len(line) + 1 + len(following.split(None, 1)[0]) > width
