"""Two records or two texts -> what differs, block by block, sentence by sentence, word by word.

sides -> alignment (blocks, sentences, moves) -> edits (words) -> weights -> Difference -> terminal, unified, JSON, HTML
"""

from __future__ import annotations

from archiver.collector import collector_at_rest
from archiver.diff.changes import Change, Edit, Reason, Side
from archiver.diff.comparing import compare
from archiver.diff.difference import Difference
from archiver.diff.sentences import Span
from archiver.model import Record

__all__ = ["Change", "Difference", "Edit", "Reason", "Side", "Span", "diff"]


def diff(a: Record | str, b: Record | str) -> Difference:
    """What makes B of A. The blocks of a record are its own; those of a text are its lines.

    >>> difference = diff("Doors open at 12. Entry is free.", "Doors open at 14. Entry is free.")
    >>> [(change.kind, change.edits) for change in difference.changes]
    [('replaced', (Edit(a=14, b=14, before='12', after='14'),))]
    >>> difference.apply("Doors open at 12. Entry is free.")
    'Doors open at 14. Entry is free.'
    >>> difference.summary()
    '1 number changed (12 → 14)'
    """
    with collector_at_rest():
        return compare(Side.of(a), Side.of(b))
