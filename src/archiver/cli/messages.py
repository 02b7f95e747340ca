"""What every verb says in the same words: complaints on stderr, counts."""

from __future__ import annotations

import sys


def complain(what: str) -> None:
    """Says on stderr what went wrong, with the program's name before it."""
    print(f"archiver: {what}", file=sys.stderr)


def count_captures(count: int) -> str:
    """`1 capture`, `1,204 captures`."""
    return f"{count:,} capture{'' if count == 1 else 's'}"
