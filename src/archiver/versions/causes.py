"""Two captures whose clean texts differ -> what made them differ: the page, or something else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Literal

from archiver.model import MadeBy, Record

Cause = Literal["page", "program", "cleaning", "charset"]
"""`page`: it says something else. `program`: another version of this program, or other options, decided otherwise about
what both show. `cleaning`: the same program did. `charset`: the same was read, or repaired, as other characters."""

# Letters that ASCII has, or others: a misread letter may stand for any sign, so the two never make one word.
_WORD = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")

# A page that went over to another charset and was read right in both shares nearly all words; one that was misread,
# hardly any: KOI8-R read as windows-1251 shares none.
_FEW = 0.5


def cause_of(before: Record, after: Record) -> Cause:
    """What made the texts of two captures of a page differ."""
    if _is_charset(before, after):
        return "charset"
    if _is_decided_otherwise(before, after):
        return "cleaning" if _maker(before) == _maker(after) else "program"
    return "page"


def _is_charset(before: Record, after: Record) -> bool:
    """Whether they were decoded or repaired in different ways, and agree in the words of ASCII, which every charset
    has, and hardly in others.
    """
    ways = [(record.encoding.used, [repair.plan for repair in record.encoding.repairs]) for record in (before, after)]
    if ways[0] == ways[1]:
        return False
    words = [_WORD.findall(record.text.lower()) for record in (before, after)]
    ascii_words = [[word for word in found if word.isascii()] for found in words]
    others = [Counter(word for word in found if not word.isascii()) for found in words]
    most = max(others[0].total(), others[1].total())
    return ascii_words[0] == ascii_words[1] and (others[0] & others[1]).total() < _FEW * most


def _is_decided_otherwise(before: Record, after: Record) -> bool:
    """Whether whatever one of the texts lacks stands in its page all the same, removed."""
    if before.account.visible_digest == after.account.visible_digest:
        return True
    kept, shown = zip(*(_blocks(record) for record in (before, after)), strict=True)
    return not (kept[0] - kept[1]) - (shown[1] - kept[1]) and not (kept[1] - kept[0]) - (shown[0] - kept[0])


def _blocks(record: Record) -> tuple[Counter[str], Counter[str]]:
    """The blocks that were kept, and all: their texts, white space apart."""
    kept = _texts(record.text[block.start : block.end] for block in record.content.blocks)
    return kept, kept + _texts(entry.text for entry in record.removed)


def _texts(texts: Iterable[str]) -> Counter[str]:
    return Counter(" ".join(text.split()) for text in texts)


def _maker(record: Record) -> tuple[str, ...]:
    made_by: MadeBy = record.account.made_by
    return made_by.version, made_by.rules_digest, made_by.model_digest or "", made_by.favour
