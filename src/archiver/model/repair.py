"""An undone encoding fault."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Repair:
    """One undone encoding fault. The plan, replayed on `before`, gives `after`."""

    block: int
    """Index of the block; -1 for the page's title."""

    start: int
    """First code point of `before` in the block's text as decoded."""

    end: int
    """One past the last."""

    name: str
    """The repair's name: `mojibake`, `c1-control`, `escaped-reference`, `escaped-backslash`, `escaped-utf-7`,
    `escaped-surrogates`, `normalised`."""

    before: str
    """The faulty characters."""

    after: str
    """What they were meant to be."""

    plan: tuple[tuple[str, str], ...]
    """(action, parameter) steps that `archiver.repair.replay` makes again: `reread` with `windows-1256>utf-8` (the
    bytes that windows-1256 reads so, read as UTF-8), `ftfy` with the steps of its `apply_plan`, `unescape` with the
    kind of escape, `normalise` with `NFC`. A parameter may end in a place: `windows-1256>utf-8 3:17`."""

    lossy: bool = False
    """True when a byte was lost on the way and `after` is not certain to the letter."""
