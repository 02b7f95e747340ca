"""A capture's text."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Page:
    """A capture's text, and how its charset was found."""

    text: str
    """The decoded page, line ends as they stood, without a byte-order mark."""

    charset: str
    """The name of the charset used, as the WHATWG Encoding Standard spells it, lower case."""

    decided_by: str
    """The step of the ladder that decided: `bom`, `warc-identified`, `http`, `meta`, `utf8-valid`,
    `detected`, `default`, or `given` when the caller had text already."""

    candidates: tuple[tuple[str, str], ...] = ()
    """Every charset that a step proposed, (step, charset), in the ladder's order."""

    conflicts: tuple[str, ...] = ()
    """Where the steps disagreed, one sentence each; empty when they agree."""

    replacement_characters: int = 0
    """How many U+FFFD the decoding put in, not counting those the page itself held."""

    undecodable: tuple[int, ...] = ()
    """Where in the body they come from: byte offsets from its first byte, a byte-order mark included, ascending, at
    most the first 100; empty when the caller gave text."""

    encoded: bytes | None = field(default=None, repr=False, compare=False)
    """The text in UTF-8, which a parser reads, where it is at hand: 0.13 ms for 150 KB to make it again."""
