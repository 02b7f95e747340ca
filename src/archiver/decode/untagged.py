"""A page's bytes without its tags: markup is ASCII, and must not drown the words that tell a charset."""

from __future__ import annotations

import re

NOT_ASCII = re.compile(rb"[\x80-\xff]")
_TAGS = re.compile(rb"<(script|style)\b[^<>]*>.*?(?:</\1\b|\Z)|<!--.*?(?:-->|\Z)|<[^<>]*>", re.IGNORECASE | re.DOTALL)


def untagged(data: bytes, most: int, mark: bytes) -> bytes:
    """The page from the tag before its first byte beyond ASCII on, at most `most` bytes of it, `mark` for each tag.

    With the tags when no byte beyond ASCII is left: some pages have all their words in comments and scripts. b"" for a
    page in ASCII.
    """
    first = NOT_ASCII.search(data)
    if not first:
        return b""
    start = max(data.rfind(b"<", 0, first.start()), 0)
    window = data[start : start + most]
    text = _TAGS.sub(mark, window)
    return text if NOT_ASCII.search(text) else window
