"""`markdown`: each record as a document of its own: what is known of the page as YAML front matter, then its blocks as
CommonMark 0.31, tables as GitHub's extension writes them.

Whatever has a meaning in Markdown is escaped, so that a reader of Markdown shows the clean text to the letter (but for
NUL, which CommonMark itself replaces by U+FFFD). Tables have no head of their own in a record: their first row stands
there. Which lists were numbered the record does not say: all have bullets.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from archiver.exports.job import Job
from archiver.model import KeptBlock, Link, Record

# Characters with a meaning wherever they stand; `<` and `&` only before what could make a tag or a reference of them.
_ANYWHERE = re.compile(r"[\\`*_\[\]~]|<(?=[A-Za-z/!?])|&(?=[#A-Za-z])")
# At the beginning of a line: a number in a list; heading, quote, list, underline of a heading, row and rule of a table.
_AT_START = re.compile(r"^[0-9]{1,9}([.)])(?=\s|$)|^([#>+=|:-])", re.MULTILINE)
# White space that would be taken off a line. Parsers take off more than the spaces and tabs of the standard; what they
# do not let a reference stand for (controls) is no white space to the standard.
_WHITE = r"[ \t\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
_AT_EDGE = re.compile(rf"^{_WHITE}+|{_WHITE}+$|\r", re.MULTILINE)
_AT_EDGE_OF_CELL = re.compile(rf"(?:^|(?<=\t))(?:(?!\t){_WHITE})+|(?:(?!\t){_WHITE})+(?=\t|\n|$)|\r", re.MULTILINE)
# What ends an address in Markdown, opens a span of code, or parts the cells of a row.
_NOT_IN_ADDRESS = re.compile(r"[\s\x00-\x20\x7f<>()\\`|]")
_REFERENCE = re.compile(r"&(?=[#A-Za-z])")
# Addresses that renderers (markdown-it, GitHub) refuse to link, since a click would run them: their words stay words.
_UNSAFE = re.compile(r"(?:javascript|vbscript|file|data):", re.IGNORECASE)
# What YAML 1.1 and 1.2 do not let stand in a quoted text as it is.
_NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_BACKTICKS = re.compile("`+")


class _Piece(NamedTuple):
    """A block with its text and its links, their spans counted in that text."""

    kind: str
    level: int
    text: str
    links: Sequence[Link]


def write_markdown(job: Job, folder: Path) -> int:
    """Writes `<place>.md`, UTF-8. Leaves nothing out."""
    for place, record in job.records:
        path = folder / f"{place}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(f"{_front_matter(record)}\n{to_markdown(record)}".encode())
    return 0


def to_markdown(record: Record) -> str:
    """The record's text as Markdown, without front matter; "" for a record without a block."""
    starts = [link.start for link in record.content.links]
    pieces = [_piece(record, block, starts) for block in record.content.blocks]
    groups = groupby(pieces, lambda piece: (piece.kind, piece.level if piece.kind == "quote" else 0))
    parts = [_WRITERS.get(kind, _paragraphs)(list(group)) for (kind, _), group in groups]
    return "\n\n".join(parts) + "\n" if parts else ""


def _piece(record: Record, block: KeptBlock, starts: Sequence[int]) -> _Piece:
    links = record.content.links[bisect_left(starts, block.start) : bisect_left(starts, block.end)]
    moved = [link._replace(start=link.start - block.start, end=link.end - block.start) for link in links]
    return _Piece(block.kind, block.level, record.text[block.start : block.end], moved)


def _front_matter(record: Record) -> str:
    """What is known, a line each, values in quotes: JSON's strings and lists are YAML's."""
    page = record.metadata
    known: dict[str, object] = {
        "title": page.title,
        "authors": list(page.authors),
        "url": record.url,
        "captured": record.created,
        "published": page.published,
        "modified": page.modified,
        "language": page.language,
        "direction": page.direction,
        "site_name": page.site_name,
        "description": page.description,
        "source": record.source,
        "id": record.id,
    }
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in known.items() if value]
    body = _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", "\n".join(lines))
    return f"---\n{body}\n---\n"


def _paragraphs(pieces: Sequence[_Piece]) -> str:
    return "\n\n".join(_inline(piece) for piece in pieces)


def _headings(pieces: Sequence[_Piece]) -> str:
    return "\n\n".join(f"{'#' * min(max(piece.level, 1), 6)} {_inline(piece, '<br>')}" for piece in pieces)


def _list(pieces: Sequence[_Piece]) -> str:
    """One tight list; an item lies in the last one before it of a smaller level, so that no depth is skipped."""
    lines, open_levels = [], list[int]()
    for piece in pieces:
        while open_levels and open_levels[-1] >= piece.level:
            open_levels.pop()
        margin = "  " * len(open_levels)
        open_levels.append(piece.level)
        lines.append(f"{margin}- {_inline(piece)}".replace("\n", f"\n{margin}  "))
    return "\n".join(lines)


def _table(pieces: Sequence[_Piece]) -> str:
    """One table, as wide as its widest row."""
    width = max(piece.text.count("\t") for piece in pieces) + 1
    rows = [f"| {_inline(piece, '<br>')} |" + "  |" * (width - 1 - piece.text.count("\t")) for piece in pieces]
    return "\n".join([rows[0], "|" + " --- |" * width, *rows[1:]])


def _quotes(pieces: Sequence[_Piece]) -> str:
    """One quote of several paragraphs."""
    mark = ">" * max(pieces[0].level, 1)
    return "\n".join(f"{mark} {line}".rstrip(" ") for line in _paragraphs(pieces).split("\n"))


def _code(pieces: Sequence[_Piece]) -> str:
    """Fenced blocks; a fence is longer than any run of its mark inside."""
    return "\n\n".join(_fenced(piece.text) for piece in pieces)


def _fenced(text: str) -> str:
    fence = "`" * max(3, *(len(run) + 1 for run in [*_BACKTICKS.findall(text), ""]))
    return f"{fence}\n{text}\n{fence}"


_WRITERS: Mapping[str, Callable[[Sequence[_Piece]], str]] = {
    "heading": _headings,
    "list-item": _list,
    "table-row": _table,
    "quote": _quotes,
    "code": _code,
}


def _inline(piece: _Piece, line_break: str = "\\\n") -> str:
    """The text with its links, all else in it escaped."""
    text = piece.text
    marks = {position: f"\\{text[position]}" for position in _escaped(piece)}
    edges = _AT_EDGE_OF_CELL if piece.kind == "table-row" else _AT_EDGE
    for edge in edges.finditer(text):
        marks.update((position, f"&#{ord(text[position])};") for position in range(edge.start(), edge.end()))
    last = len(text.rstrip("\n"))
    for found in re.finditer("\n", text):
        # A backslash at the end of a block is one.
        marks[found.start()] = line_break if found.start() < last else "<br>"
    if piece.kind == "table-row":
        marks.update((found.start(), " | ") for found in re.finditer("\t", text))
    _link(marks, piece)
    return _marked(text, marks)


def _marked(text: str, marks: Mapping[int, str]) -> str:
    """The text with what stands in `marks` in the place of the characters there."""
    pieces, end = list[str](), 0
    for position in sorted(marks):
        pieces += [text[end:position], marks[position]]
        end = position + 1
    return "".join([*pieces, text[end:]])


def _escaped(piece: _Piece) -> Iterable[int]:
    """Where a backslash must stand before a character."""
    text = piece.text
    yield from (found.start() for found in _ANYWHERE.finditer(text))
    if piece.kind == "table-row":
        yield from (found.start() for found in re.finditer(r"\|", text))
        return
    yield from (found.start(found.lastindex or 0) for found in _AT_START.finditer(text))
    if piece.kind == "heading" and text.endswith("#"):
        yield len(text) - 1


def _link(marks: dict[int, str], piece: _Piece) -> None:
    """Puts the marks of the links around their words; a link without words, or inside another, has none."""
    text, end = piece.text, 0
    for link in piece.links:
        address = link.href.strip()
        if link.start < end or link.end <= link.start or _UNSAFE.match(address):
            continue
        end = link.end
        if text[link.start - 1 : link.start] == "!" and link.start - 1 not in marks:
            # `![` would be an image.
            marks[link.start - 1] = "\\!"
        marks[link.start] = f"[{marks.get(link.start, text[link.start])}"
        marks[link.end - 1] = f"{marks.get(link.end - 1, text[link.end - 1])}]({_address(address)})"


def _address(href: str) -> str:
    encoded = _NOT_IN_ADDRESS.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), href)
    return _REFERENCE.sub(r"\\&", encoded)
