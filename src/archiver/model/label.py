"""What is decided about a block."""

from __future__ import annotations

from typing import NamedTuple

REMOVAL_KINDS = (
    "navigation", "breadcrumb", "search-form", "login", "comment-form", "comments", "chat-widget",
    "cookie-notice", "newsletter", "share-bar", "related-links", "author-box", "pagination",
    "advertisement", "header", "footer", "sidebar", "skip-link", "hidden", "archive-toolbar",
    "paywall-notice", "site-template", "boilerplate",
)  # fmt: skip
"""The closed list of what a removed block can be; `boilerplate` when no rule knows better."""


class Label(NamedTuple):
    """A decision about one block, and why."""

    keep: bool
    """True for content, False for what is removed."""

    kind: str
    """One of REMOVAL_KINDS when removed; `content` when kept."""

    rule: str
    """The rule that decided, `labeller:name`, as in the tables."""

    evidence: str
    """What it saw, in words a person understands."""

    confidence: float
    """0 to 1: how sure the rule is; two decimals."""

    @classmethod
    def content(cls, rule: str, evidence: str, confidence: float) -> Label:
        """The label of a block that is kept."""
        return tuple.__new__(cls, (True, "content", rule, evidence, confidence))

    @classmethod
    def removal(cls, kind: str, rule: str, evidence: str, confidence: float) -> Label:
        """The label of a block that is removed."""
        return tuple.__new__(cls, (False, kind, rule, evidence, confidence))
