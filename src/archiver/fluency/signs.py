"""Chinese, Japanese and Korean text: the cost of each character by itself."""

from __future__ import annotations

from functools import cache
from typing import Final

from archiver.tables import read_table

RARE_SIGN: Final = 72
"""A character too rare for the tables."""
_HALF_WIDTH: Final = 28


def cost_of_signs(words: list[str]) -> int:
    """Of Chinese, Japanese or Korean text: the least of the three."""
    text = "".join(words)
    best = -1
    for costs in read_signs().values():
        total = 0
        for char in text:
            total += costs.get(char, _HALF_WIDTH if "\uff66" <= char < "\uffa0" else RARE_SIGN)
        if best < 0 or total < best:
            best = total
    return best


@cache
def read_signs() -> dict[str, dict[str, int]]:
    """The cost of each character, by language."""
    found: dict[str, dict[str, int]] = {}
    for language, cost, characters in read_table("fluency-signs"):
        found.setdefault(language, {}).update(dict.fromkeys(characters, int(cost)))
    return found
