"""Lines that tell when a page was last revised: all that changes in many a new version of terms and statutes."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from archiver.tables import read_table

# Longer lines are sentences, and the classifier knows these. "This page was last edited on 5 March 2024, at 10:22." has
# 50 code points.
_LONGEST: Final = 80

# How far from the content such a line may stand, in blocks: above it are title, byline and "View previous terms", below
# it a signature. Of 176 on every third page of WCXB and every 30th or 60th development capture 4 stand farther off, 11
# to 20 blocks.
REVISED_BEFORE: Final = 6
REVISED_AFTER: Final = 4

# A year, or a date with two digits of it; not "Last updated 1 year ago".
_DATE: Final = re.compile(r"\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d\d")


def is_revision_line(text: str) -> bool:
    """Whether a block tells when its page was last revised, or since when it holds: by its first words, and a date.

    >>> is_revision_line("Last updated: 16 July 2026"), is_revision_line("آخرین به‌روزرسانی: ۲۵ تیر ۱۴۰۵")
    (True, True)
    >>> is_revision_line("Updated terms of service"), is_revision_line("Effective altruists met in 2013")
    (False, False)
    """
    if len(text) > _LONGEST or not _DATE.search(text):
        return False
    return _beginning().match(" ".join(text.casefold().split())) is not None


@cache
def _beginning() -> re.Pattern[str]:
    # The longest first, so that "updated on" is not read as "updated" and a word.
    phrases = sorted((phrase.casefold() for _, phrase in read_table("revision-words")), key=len, reverse=True)
    # Between the words and the date stand signs and at most one short word ("as of", "le", "am").
    return re.compile(rf"\W*(?:{'|'.join(map(re.escape, phrases))})(?:\W+\w{{1,5}}){{0,2}}?\W*(?:\d|\w+\W{{1,2}}\d)")
