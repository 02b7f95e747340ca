"""Parameters of an address that name visitors and not pages: `tables/address-parameters`."""

from __future__ import annotations

import re
from functools import cache

from archiver.tables import read_table
from archiver.urlkeys.canonical import folded

# What a session's id looks like: PHP writes 22 letters and digits or more, phpBB and vBulletin 32 hexadecimal ones.
# Without a digit it is a word, and without a letter a number, which both name pages.
_SESSION_ID = rb"(?=[^&;]*[0-9])(?=[^&;]*[a-z])[0-9a-z,-]{22,}"


def without_parameters(path: bytes, query: bytes) -> tuple[bytes, bytes]:
    """A canonical path and query without what the table names.

    >>> without_parameters(b"/a;jsessionid=0a.node1", b"utm_source=feed&b=1")
    (b'/a', b'b=1')
    """
    in_query, in_path = _parameters()
    if b";" in path:
        # `/.;jsessionid=0A` has become `/.`.
        path = folded(in_path.sub(b"", path))
    # `/a?x=1;jsessionid=0A`: Java's form on an address that has a query already.
    kept = in_path.sub(b"", query).split(b"&")
    return path, b"&".join(part for part in kept if not in_query.fullmatch(part))


@cache
def _parameters() -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """A parameter of a query that is dropped, and one of a path with its `;`."""
    rows = read_table("address-parameters")
    in_query = b"|".join(_pattern(name, value, rb"[^&]*") for _, name, value in rows)
    in_path = b"|".join(_pattern(name, value, rb"[^;/&]*") for kind, name, value in rows if kind == "session")
    # `&amp;` of a page's source, taken for an address.
    return re.compile(rb"(?:amp;)?(?:%b)" % in_query), re.compile(rb";(?:%b)(?=[;/&]|$)" % in_path)


def _pattern(name: str, value: str, any_value: bytes) -> bytes:
    stem = re.escape(name.removesuffix("*").encode()) + (rb"[^=;/&]*" if name.endswith("*") else b"")
    # A name alone (`?fbclid`) says as little.
    return stem + (rb"(?:=%b)?" % any_value if value == "any" else rb"=%b" % _SESSION_ID)
