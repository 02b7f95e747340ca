"""What a person asks for: words that must all stand in a text, "phrases", beginnings*."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from archiver.errors import InputError
from archiver.search.words import words_of

# A quotation mark inside a word is its own: צה"ל.
_PART = re.compile(r'(?<!\S)["“”„](?P<phrase>[^"“”„]+)["“”„](?P<star>\*?)(?!\S)|(?P<word>\S+)')
_ZERO_WIDTH_NON_JOINER = "\u200c"


class Phrase(NamedTuple):
    """Words that follow one another."""

    words: tuple[str, ...]
    """As `words_of` spells them; at least one."""
    is_beginning: bool = False
    """Whether the last one may go on."""

    def ends(self, words: Sequence[str]) -> bool:
        """Whether these words end in the phrase."""
        *first, last = self.words
        if not words or not (words[-1].startswith(last) if self.is_beginning else words[-1] == last):
            return False
        return len(words) > len(first) and [*words[len(words) - len(self.words) : -1]] == first


Expression = tuple[tuple[Phrase, ...], ...]
"""A text answers it when it has, of each member, one of the phrases."""


def parse(asked: str) -> Expression:
    """What is asked for. Raises InputError when there is no word in it.

    >>> parse('"clean text" archiv*')
    ((Phrase(words=('clean', 'text'), is_beginning=False),), (Phrase(words=('archiv',), is_beginning=True),))
    """
    members = []
    for part in _PART.finditer(asked):
        said = part["phrase"] or part["word"]
        is_beginning = bool(part["star"]) or (part["phrase"] is None and said.endswith("*"))
        # می‌روم is found where it is written میروم, too.
        spellings = dict.fromkeys((said, said.replace(_ZERO_WIDTH_NON_JOINER, "")))
        phrases = dict.fromkeys(Phrase(tuple(words_of(spelling)), is_beginning) for spelling in spellings)
        members.append(tuple(phrase for phrase in phrases if phrase.words))
    expression = tuple(member for member in members if member)
    if not expression:
        raise InputError("no word to search for", where=asked, next_step="name a word that has letters or digits")
    return expression
