"""What a replay says in place of a page: a redirect that it follows in some seconds, a page that it has not."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from archiver.model import Document
from archiver.tables import read_table

# The notice is one sentence, with an address or two; the archive's own menu and footer around it have some 1,000
# characters. On a longer page the words are quoted.
_LONGEST_PAGE = 2_000
_NUMBER = re.compile(r"\d+")


def doubt_notice(document: Document) -> Document:
    """The document with a doubt when it is a replay's notice and no page of a site; itself otherwise. Never raises."""
    if document.visible_characters > _LONGEST_PAGE:
        return document
    for block in document.blocks:
        said = " ".join(block.text.split())
        if _is_notice(_NUMBER.sub("#", said.lower().replace("’", "'"))):
            doubt = f"this is what a replay says in place of the page: {said[:200]}"
            return replace(document, doubts=(*document.doubts, doubt))
    return document


def _is_notice(said: str) -> bool:
    begins, holds = _notices()
    return said.startswith(begins) or any(words in said for words in holds)


@cache
def _notices() -> tuple[tuple[str, ...], tuple[str, ...]]:
    notices = [notice.lower() for (notice,) in read_table("replay-notices")]
    return (
        tuple(notice[:-1] for notice in notices if notice.endswith("…")),
        tuple(notice[1:] for notice in notices if notice.startswith("…")),
    )
