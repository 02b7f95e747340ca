"""A record <-> its blocks in order, kept and removed alike: what can be decided anew without the page."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from archiver.model import BlockKind, Content, KeptBlock, Link, Record, Removed, Restored
from archiver.record import Inked, count_inked, digest_of, fingerprint

# What other captures decided: rules of these labellers.
_LABELLERS = ("history:", "template:")


class Piece(NamedTuple):
    """A block of a record."""

    index: int  # type: ignore[assignment]  # (hides the method of tuples, which nothing here wants)
    """Its place in reading order."""

    text: str
    """What it says."""

    kind: BlockKind
    """What it is by its markup."""

    level: int
    """As in `Block`."""

    gap: bool
    """In plain text, whether a blank line stands before it."""

    links: tuple[Link, ...]
    """The links in it."""

    removal: tuple[str, str, str, str, float] | None = None
    """Kind, rule, evidence, path and confidence of its removal; None when it is kept."""

    restoral: tuple[str, str] | None = None
    """Rule and evidence of other captures that kept it; its `removal` is then what was decided of it alone."""

    @property
    def keep(self) -> bool:
        """Whether it stands in the text."""
        return self.removal is None or self.restoral is not None


def pieces_of(record: Record) -> list[Piece]:
    """The blocks of a record in order."""
    found = [
        Piece(index, text, block, level, gap, links, (kind, rule, evidence, path, confidence))
        for index, kind, rule, evidence, path, confidence, text, block, level, gap, links in record.removed
    ]
    found += _kept(record)
    return sorted(found, key=lambda piece: piece.index)


def pieces_alone(record: Record) -> list[Piece]:
    """The same as the page was cleaned alone: what other captures decided is undone."""
    return [_alone(piece) for piece in pieces_of(record)]


def _alone(piece: Piece) -> Piece:
    if is_of_context(piece):
        return piece._replace(removal=None)
    return piece._replace(restoral=None) if piece.restoral else piece


def is_of_context(piece: Piece) -> bool:
    """Whether other captures removed it."""
    return piece.removal is not None and piece.removal[1].startswith(_LABELLERS)


def assemble(record: Record, pieces: Sequence[Piece], context_digest: str | None) -> Record:
    """The record with these blocks, kept and removed as they say."""
    kept = [piece for piece in pieces if piece.keep]
    text, blocks, links = _render(record, pieces)
    removed = tuple(
        Removed(piece.index, *piece.removal, piece.text, piece.kind, piece.level, piece.gap, piece.links)
        for piece in pieces
        if piece.removal and not piece.restoral
    )
    inked = Inked(count_inked(text), count_inked("".join(entry.text for entry in removed)))
    doubts = _doubts(record, nothing_kept=not kept)
    return replace(
        record,
        content=Content(
            text=text,
            text_digest=digest_of(text),
            fingerprint=fingerprint(text),
            blocks=blocks,
            links=links,
            comments=tuple(entry.text for entry in removed if entry.kind == "comments"),
        ),
        removed=removed,
        restored=tuple(
            Restored(piece.index, *piece.removal, *piece.restoral)
            for piece in pieces
            if piece.removal and piece.restoral
        ),
        account=replace(
            record.account,
            status="partial" if doubts else "ok",
            doubts=doubts,
            kept_share=inked.share(),
            made_by=replace(record.account.made_by, context_digest=context_digest),
        ),
    )


def _kept(record: Record) -> Iterator[Piece]:
    restored = {entry.index: entry for entry in record.restored}
    starts = [link.start for link in record.content.links]
    for index, kind, level, start, end, gap in record.content.blocks:
        # A link of no length may stand at the very end of a block; the next begins a line end later.
        inside = record.content.links[bisect_left(starts, start) : bisect_right(starts, end)]
        links = tuple(Link(link.start - start, link.end - start, link.href) for link in inside)
        piece = Piece(index, record.text[start:end], kind, level, gap, links)
        entry = restored.get(index)
        if entry:
            removal = (entry.kind, entry.rule, entry.evidence, entry.path, entry.confidence)
            piece = piece._replace(removal=removal, restoral=(entry.by, entry.because))
        yield piece


def _render(record: Record, pieces: Sequence[Piece]) -> tuple[str, tuple[KeptBlock, ...], tuple[Link, ...]]:
    """As `archiver.record` renders a page: text, spans, and the links moved into the text."""
    parts: list[str] = []
    blocks: list[KeptBlock] = []
    links: list[Link] = []
    length = 0
    for piece, between in _parted(pieces, plain=_is_plain(record)):
        parts += (between, piece.text)
        length += len(between)
        blocks.append(KeptBlock(piece.index, piece.kind, piece.level, length, length + len(piece.text), piece.gap))
        links += (Link(length + start, length + end, href) for start, end, href in piece.links)
        length += len(piece.text)
    return "".join(parts), tuple(blocks), tuple(links)


def _parted(pieces: Sequence[Piece], *, plain: bool) -> Iterator[tuple[Piece, str]]:
    """Each kept block and what stands before it."""
    before: Piece | None = None
    gap = False
    for piece in pieces:
        gap = gap or piece.gap
        if not piece.keep:
            continue
        if before is None:
            between = ""
        elif plain:
            between = "\n\n" if gap else "\n"
        else:
            between = "\n" if before.kind == piece.kind and piece.kind in ("list-item", "table-row") else "\n\n"
        yield piece, between
        before, gap = piece, False


def _is_plain(record: Record) -> bool:
    """Whether the page was plain text: its blocks are told by lines."""
    return any(entry.path.startswith("line ") for entry in record.removed) or record.capture.format == "text"


def _doubts(record: Record, *, nothing_kept: bool) -> tuple[str, ...]:
    visible = record.account.visible_characters
    nothing = f"nothing was kept though {visible} characters were visible"
    doubts = tuple(doubt for doubt in record.account.doubts if doubt != nothing)
    return (*doubts, nothing) if nothing_kept and visible else doubts
