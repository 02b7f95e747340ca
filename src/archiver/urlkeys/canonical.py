"""A path and a query in their one spelling: the Internet Archive's rules, over those of Google's Safe Browsing.

Paths and queries are bytes, lower case, ASCII once they are canonical.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

_TO_ESCAPE = re.compile(rb"[^!-~]|[#%]")

# ASP.NET's sessions without cookies: `/(S(4hqa0555fwsecu455xqckv45))/a.aspx`, `/(4hqa0555fwsecu455xqckv45)/a.aspx`.
_PATH_SESSIONS = (
    re.compile(rb"(.*/)\((?:[a-z]\([0-9a-z]{24}\))+\)/([^?]+\.aspx.*)"),
    re.compile(rb"(.*/)\([0-9a-z]{24}\)/([^?]+\.aspx.*)"),
)
# Java, PHP, phpBB, ASP, ColdFusion, the last of each in a query. What stands before the name is not looked at: `xsid=`
# is taken for `sid=`, and the `&` before it stays. Wrong, and what all indexes have.
_QUERY_SESSIONS = {
    name: re.compile(rb"(.*)%b(?:&(.*))?" % parameter)
    for name, parameter in (
        (b"jsessionid=", rb"jsessionid=[0-9a-z]{32}"),
        (b"phpsessid=", rb"phpsessid=[0-9a-z]{32}"),
        (b"sid=", rb"sid=[0-9a-z]{32}"),
        (b"aspsessionid", rb"aspsessionid[a-z]{8}=[a-z]{24}"),
        (b"cftoken=", rb"cfid=[^&]+&cftoken=[^&]+"),
    )
}
"""By what a query must have for the pattern to be worth a try."""


def unescaped(part: bytes) -> bytes:
    """All `%41` undone, again and again: `%2541` is A too.

    >>> unescaped(b"%2541%"), unescaped(b"100%25")
    (b'A%', b'100%')
    """
    while b"%" in part:
        once = unquote_to_bytes(part)
        if once == part:
            break
        part = once
    return part


def escaped(part: bytes) -> bytes:
    """What is not printable ASCII as `%0a`, and `#` and `%`; lower case.

    >>> escaped("é 100%".encode())
    b'%c3%a9%20100%25'
    """
    return _TO_ESCAPE.sub(lambda match: b"%%%02x" % match[0][0], part)


def canonical_path(path: bytes) -> bytes:
    """The path in its one spelling, from its first slash on and without its last.

    >>> canonical_path(b"/A//b/./c/../%7Ed/")
    b'/a/b/~d'
    """
    return escaped(folded(unescaped(path).lower()))


def folded(path: bytes) -> bytes:
    """The path without `.`, without `..` and what it goes back over, and without empty segments."""
    if b"//" not in path and b"/." not in path:
        return path.rstrip(b"/") or b"/"
    segments: list[bytes] = []
    for segment in path.split(b"/")[1:]:
        # At the root it stays, and goes with the next one.
        if segment == b".." and segments:
            segments.pop()
        elif segment != b".":
            segments.append(segment)
    return b"/" + b"/".join(filter(None, segments))


def canonical_query(query: bytes) -> bytes:
    """The query in its one spelling, in the order in which it stood.

    >>> canonical_query(b"B=%7E&a=%C3%89")
    b'b=~&a=%c3%89'
    """
    return escaped(unescaped(query).lower())


def sorted_query(query: bytes) -> bytes:
    """Its parameters by their names, then their values; a name alone comes first.

    >>> sorted_query(b"b=2&a=1&a")
    b'a&a=1&b=2'
    """
    parts = sorted(query.split(b"&"), key=lambda part: part.partition(b"="))
    return b"&".join(parts)


def without_sessions(path: bytes, query: bytes) -> tuple[bytes, bytes]:
    """A canonical path and query without the session ids that the Internet Archive's rules know."""
    if b".aspx" in path:
        for pattern in _PATH_SESSIONS:
            path = pattern.sub(rb"\1\2", path)
    for name, pattern in _QUERY_SESSIONS.items():
        match = pattern.fullmatch(query) if name in query else None
        if match:
            query = match[1] + (match[2] or b"")
    return path, query
