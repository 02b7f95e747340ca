"""What captures of a page, or pages of a site, say of each other's blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Verdict(NamedTuple):
    """What other captures say of a block."""

    keep: bool
    """Whether it is content."""

    kind: str
    """One of REMOVAL_KINDS when it is not; `content` when it is."""

    rule: str
    """The rule that found it: `history:vote`, `template:repeated` ..."""

    evidence: str
    """What it saw, in words a person understands."""

    confidence: float
    """0 to 1: how sure the rule is; two decimals."""

    @classmethod
    def keeping(cls, rule: str, evidence: str, confidence: float) -> Verdict:
        """The verdict on a block that is content."""
        return tuple.__new__(cls, (True, "content", rule, evidence, confidence))

    @classmethod
    def removing(cls, kind: str, rule: str, evidence: str, confidence: float) -> Verdict:
        """The verdict on a block that is not."""
        return tuple.__new__(cls, (False, kind, rule, evidence, confidence))


@dataclass(frozen=True, slots=True)
class Context:
    """What captures of a page, or pages of a site, say of each other's blocks; see `archiver.context`."""

    verdicts: Mapping[int, Verdict]
    """By the block's key; in the order of the keys."""

    digest: str
    """`sha256:` over all of them."""
