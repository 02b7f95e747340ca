"""What became of the blocks: kept, removed, put back."""

from __future__ import annotations

from typing import NamedTuple

from archiver.model.document import BlockKind, Link


class Removed(NamedTuple):
    """A block that was taken out, with all that is needed to judge it and to put it back."""

    index: int  # type: ignore[assignment]  # (hides the method of tuples, which nothing here wants)
    """The block's place in reading order."""
    kind: str
    """One of REMOVAL_KINDS."""
    rule: str
    """As in `Label`."""
    evidence: str
    """As in `Label`."""
    path: str
    """Where it stood: `html/body/div[2]/p[1]`, or `line 12` in plain text."""
    confidence: float
    """As in `Label`."""
    text: str
    """The block's text, to the letter."""
    block: BlockKind
    """What it is by its markup, as in `Block`."""
    level: int
    """As in `Block`."""
    gap: bool
    """In plain text, whether a blank line stands before it; False in markup."""
    links: tuple[Link, ...] = ()
    """The links in it, as in `Block`."""


class Restored(NamedTuple):
    """A block that was removed when its page was cleaned alone, and kept in the light of others."""

    index: int  # type: ignore[assignment]  # (hides the method of tuples, which nothing here wants)
    """The block's place in reading order."""
    kind: str
    """As in `Removed`, with the next four: what was decided of the page alone."""
    rule: str
    """As in `Label`."""
    evidence: str
    """As in `Label`."""
    path: str
    """As in `Removed`."""
    confidence: float
    """As in `Label`."""
    by: str
    """The rule that kept it: `history:vote` ..."""
    because: str
    """What that rule saw."""


class KeptBlock(NamedTuple):
    """Where a kept block stands in the text."""

    index: int  # type: ignore[assignment]  # (hides the method of tuples, which nothing here wants)
    """The block's place in reading order."""
    kind: BlockKind
    """As in `Block`."""
    level: int
    """As in `Block`."""
    start: int
    """First code point in the clean text."""
    end: int
    """One past the last."""
    gap: bool = False
    """As in `Removed`."""
