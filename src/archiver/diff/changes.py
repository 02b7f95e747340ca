"""The values of a difference, each one frozen, each field told. Spans count Unicode code points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from archiver.diff.sentences import Span, lines
from archiver.model import Link, Record

ChangeKind = Literal["inserted", "deleted", "replaced", "moved", "moved-edited", "whitespace"]
"""`replaced`: edited in its place. `moved`: the same words elsewhere. `moved-edited`: nearly the same words elsewhere.
`whitespace`: nothing but white space differs."""

ReasonName = Literal["negation", "number", "date", "name", "words", "letters", "marks", "place"]
"""`letters`: the case or the accents of letters alone. `marks`: punctuation, symbols and invisible characters alone.
`place`: the same words elsewhere."""


class Edit(NamedTuple):
    """Characters that stand in one text and not in the other."""

    a: int
    """Where in A `before` begins."""

    b: int
    """Where in B `after` begins."""

    before: str
    """What A has there; "" for an insertion."""

    after: str
    """What B has there; "" for a deletion."""


class Reason(NamedTuple):
    """Why a change has weight."""

    name: ReasonName
    """What changed."""

    weight: float
    """What it adds, 0 to 1: see `archiver.diff.significance`."""

    before: str
    """What A says, shortened; "" when nothing."""

    after: str
    """What B says, shortened; "" when nothing."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs: a block or sentences added, taken out, edited, moved, or white space.

    The spans of two changes never overlap, and A without the spans in A is B without those in B. So the changes are all
    that is needed to make B from A.
    """

    kind: ChangeKind
    """What happened."""

    a: Span
    """Where in A; empty for what was inserted: there it would stand."""

    b: Span
    """Where in B; empty for what was deleted."""

    a_block: int | None
    """The block of A that it begins in, from 0; None when A has nothing of it."""

    b_block: int | None
    """The same in B."""

    whole: bool
    """True for whole blocks, false for sentences of a block."""

    edits: tuple[Edit, ...]
    """What makes the one span the other, ascending; empty for what only moved."""

    significance: float
    """0 (white space) to 1: how much it can mean; two decimals."""

    reasons: tuple[Reason, ...]
    """Why, the heaviest first; empty for white space."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two texts, and what is known of it."""

    text: str
    """The text."""

    blocks: tuple[Span, ...]
    """Its blocks, ascending, with white space between them only."""

    url: str | None = None
    """The address it was captured from; None when unknown."""

    created: str | None = None
    """When it was captured, RFC 3339; None when unknown."""

    timestamp: str | None = None
    """The same with 14 digits."""

    title: str | None = None
    """The title of the page; None when it has none."""

    language: str | None = None
    """BCP 47; None when unknown."""

    direction: str | None = None
    """`ltr` or `rtl`; None when unknown."""

    links: tuple[Link, ...] = ()
    """The links in the text; empty for a text that was handed over as such."""

    @classmethod
    def of(cls, source: Record | str) -> Side:
        """A record's text with its blocks, or a text with its lines for blocks."""
        if isinstance(source, str):
            return cls(source, tuple(lines(source)))
        page, content = source.metadata, source.content
        return cls(
            content.text,
            tuple(Span(block.start, block.end) for block in content.blocks if block.start < block.end),
            source.url,
            source.created,
            source.timestamp,
            page.title,
            page.language,
            page.direction,
            content.links,
        )
