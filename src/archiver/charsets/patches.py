"""Where a charset's standard and Python's codec for it differ: `tables/charset-characters.tsv`."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from archiver.tables import read_table

REPLACEMENT = "\ufffd"


def read_patches(charset: str) -> dict[bytes, str]:
    """The bytes that Python's codec reads wrong, or not at all, and what they are; {} for most charsets."""
    return _all_patches().get(charset, {})


@cache
def _all_patches() -> dict[str, dict[bytes, str]]:
    patches: dict[str, dict[bytes, str]] = defaultdict(dict)
    for charset, data, codes in read_table("charset-characters"):
        patches[charset][bytes.fromhex(data)] = "".join(chr(int(code, 16)) for code in codes.split())
    return dict(patches)
