"""A plain-text dump of a page as blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from archiver.blocks.visible import count_visible
from archiver.model import Block, BlockKind, Document, Head, Link


def segment_text(text: str) -> Document:
    """A plain-text dump as blocks: a line each; lines that a tool wrapped at a width are one paragraph again.

    White space inside a line stays as it stands. Links are found where they are written as Markdown writes them. The
    line that the Wayback Machine prints over a page is told as a comment of its own page would be.
    """
    blocks: list[Block] = []
    gap = 0
    for number, indent, paragraph in _paragraphs(re.split(r"\r\n|\r|\n", text)):
        if not paragraph:
            gap += 1
            continue
        kind: BlockKind = "table-row" if "\t" in paragraph else "paragraph"
        links = find_links(paragraph)
        linked = sum(link.end - link.start for link in links)
        blocks.append(Block(len(blocks), kind, 0, paragraph, -1, number, linked, links, gap=gap, indent=indent))
        gap = 0
    characters, digest = count_visible([text])
    head = Head(comments=tuple(block.text[:_TOOL_TEXT] for block in blocks if block.text.startswith(_PRINTED)))
    return Document("text", tuple(blocks), (), head, characters, digest, "lines")


# The Wayback Machine - https://web.archive.org/web/20190305102231/http://example.org/
_PRINTED = "The Wayback Machine - http"
# As much as is kept of a comment in markup.
_TOOL_TEXT = 2_000


# An address may hold brackets in pairs, and a space where a tool broke it at a hyphen; nothing in it is tried twice.
_PLAIN = r"(?>(?:[^()\s<>]|(?<=-)[ ])*)"
_TITLE = r"""(?>(?:\s+(?:"[^"]{0,2000}"|'[^']{0,2000}'))?)"""
_TARGET = re.compile(rf"\]\((?>\s?)<?({_PLAIN}(?>(?:\({_PLAIN}\){_PLAIN})*))>?{_TITLE}\s?\)")
_BRACKETS = re.compile(r"!?\[|\]")


def find_links(text: str) -> tuple[Link, ...]:
    """The links and images as Markdown writes them, `[text](address "title")`; of links in links the outermost."""
    if "](" not in text:
        return ()
    opened: list[int] = []
    links: list[Link] = []
    at = 0
    for bracket in _BRACKETS.finditer(text):
        if bracket.start() < at:
            continue
        if bracket[0] != "]":
            opened.append(bracket.start())
            continue
        if not opened:
            continue
        start = opened.pop()
        target = _TARGET.match(text, bracket.start())
        if target is not None:
            at = target.end()
            while links and links[-1].start > start:
                links.pop()
            links.append(Link(start, at, target[1]))
    return tuple(links)


def _paragraphs(lines: list[str]) -> Iterator[tuple[int, int, str]]:
    """(number of its first line, its indentation, text) of each paragraph; the text is "" for a blank line."""
    width, by_node = _wrap_width(lines), _is_by_node(lines)
    pending: list[str] = []
    first = indent = 1
    before = ""
    for number, line in enumerate(lines, 1):
        stripped = line.strip()
        if not pending:
            joint = None
        elif by_node:
            joint = _joint(before, line)
        else:
            joint = " " if stripped and _goes_on(before.rstrip(), pending[0], stripped, width) else None
        before = line
        if joint is not None:
            pending += [joint, stripped]
            continue
        if pending:
            yield first, indent, "".join(pending)
            pending = []
        if not stripped:
            yield number, 0, ""
            continue
        first, indent = number, len(line.expandtabs()) - len(line.expandtabs().lstrip())
        pending.append(stripped)
    if pending:
        yield first, indent, "".join(pending)


# Begins no line: what stands before it goes on.
_GOES_ON = re.compile("[,.;:!?)\\]’”»،؛؟、。！），：；？]")
_FEWEST_JOINTS = 4


def _is_by_node(lines: list[str]) -> bool:
    """Whether each line is a text node of a page, so that "a <b>bold</b> word" is three lines.

    Renderers leave spaces at the ends of lines or at their beginnings; text nodes have single ones at both.
    """
    ends = begins = 0
    for line, following in pairwise(lines):
        if line.strip() and following.strip():
            ends += _ends_with_space(line)
            begins += _ends_with_space(following[:2][::-1])
    return min(ends, begins) > 0 and ends + begins >= _FEWEST_JOINTS


def _ends_with_space(line: str) -> bool:
    return line[-1] == " " and not line[-2:-1].isspace()


def _joint(line: str, following: str) -> str | None:
    """What stands between two text nodes of one line of the page; None when they are two lines, or one is blank."""
    if not line.strip() or not following.strip():
        return None
    if _ends_with_space(line) or _ends_with_space(following[:2][::-1]):
        return " "
    return "" if _GOES_ON.match(following) else None


# lynx wraps at 80 columns, w3m at 80, html2text at 78, e-mail at 72 to 76; beyond 120 no tool does.
_NARROWEST, _WIDEST = 60, 120
# How near its right edge a wrapped line ends: as far off as one long word.
_RAGGED = 12
# Three lines end near one another by chance.
_FEWEST = 4
# A row of a list begins so, and was not wrapped (the second row of marks also stands inside of sentences).
_MARK = re.compile(r"[*+#|\u2022\u00b7\u25aa](?= )|\|")
_MARK_OF_RUN = re.compile(r"[-\u2013\u2014](?= )|\d{1,3}[.)](?= )")


def _wrap_width(lines: list[str]) -> int:
    """The column at which a tool wrapped the text, 0 when none did.

    Tools leave lists, tables and long words unwrapped, so longer lines say nothing. But where a text was wrapped, lines
    end close to the width, hardly one ends right behind it, and nearly each of them ends because the next word would
    not have fitted; of lines that end near one another by chance the next word would fit on half.
    """
    ended = [0] * (_WIDEST + _RAGGED + 1)
    followed: list[tuple[int, int]] = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        length = len(line.rstrip())
        if _NARROWEST - _RAGGED < length < len(ended) and " " in line.strip():
            ended[length] += 1
            if following.strip():
                followed.append((length, length + 1 + len(following.split(None, 1)[0])))
    best, most = 0, 0
    for width in sorted({length for length, _ in followed if _NARROWEST <= length <= _WIDEST}):
        near = [needed for length, needed in followed if width - _RAGGED < length <= width]
        forced = sum(needed > width for needed in near)
        behind = sum(ended[width + 1 : width + _RAGGED])
        if forced >= max(_FEWEST, 4 * behind) and 4 * forced >= 3 * len(near) and forced > most:
            best, most = width, forced
    return best


def _in_target(line: str) -> bool:
    """Whether the line ends within the address or the title of a Markdown link."""
    start = line.rfind("](")
    return start >= 0 and line.find(")", start) < 0


def _goes_on(line: str, first: str, following: str, width: int) -> bool:
    """Whether a line and the one that follows are of one paragraph, whose first line is `first`."""
    return _in_target(line) or (width > 0 and _was_wrapped(line, first, following, width))


def _was_wrapped(line: str, first: str, following: str, width: int) -> bool:
    """Whether the first word of the following line would not have fitted on the line, and begins no new row.

    `first` is the first line of the paragraph so far.
    """
    if len(line) > width and " " in line.strip():
        return False
    if _MARK.match(following) or (_MARK_OF_RUN.match(following) and _MARK_OF_RUN.match(first)):
        return False
    return len(line) + 1 + len(following.split(None, 1)[0]) > width
