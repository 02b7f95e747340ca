"""Verdicts by key -> a context, and contexts joined."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from archiver.model import Context, Verdict


def context_of(verdicts: Mapping[int, Verdict]) -> Context:
    """The verdicts with a digest over them, the same in whatever order they were found."""
    ordered = {key: verdicts[key] for key in sorted(verdicts)}
    rows = json.dumps([[key, *verdict] for key, verdict in ordered.items()], ensure_ascii=False)
    return Context(ordered, f"sha256:{hashlib.sha256(rows.encode()).hexdigest()}")


def joined(first: Context, second: Context) -> Context:
    """Both; where they disagree `second` is right."""
    return context_of({**first.verdicts, **second.verdicts})
