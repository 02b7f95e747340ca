"""The key of a web address: what all spellings of it have in common, in the order of hosts (SURT).

The record keeps the address as it was captured; by the key its captures are found together.
"""

from __future__ import annotations

import re
import socket
from functools import cache
from typing import Protocol
from urllib.parse import unquote_to_bytes

import idna

from archiver.addresses import is_web_address
from archiver.tables import read_table

# What a session's id looks like: PHP writes 22 letters and digits or more, phpBB and vBulletin 32 hexadecimal ones.
# Without a digit it is a word, and without a letter a number, which both name pages.
_SESSION_ID = rb"(?=[^&;]*[0-9])(?=[^&;]*[a-z])[0-9a-z,-]{22,}"

# `192.168.0.1`, and what else an IPv4 address may be written as (octal, in one number): its last label is a number.
_NUMERIC_HOST = re.compile(rb"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?", re.IGNORECASE | re.DOTALL)


class _Address(Protocol):
    """What is used of surt's parsed address."""

    host: bytes | None
    path: bytes | None
    query: bytes | None

    def geturl_bytes(self, *, surt: bool, with_scheme: bool) -> bytes:
        """The address written down."""


def urlkey(url: str) -> str | None:
    """The SURT key that all spellings of a web address share, or None when it is none; never raises.

    Scheme, `www.`, default ports, users and fragments go (`#!` too: no server ever saw it), case is lowered, hosts are
    written as they go over the wire (UTS #46 as browsers use it), escapes are undone where they can be and the query is
    sorted: the rules of the Internet Archive's `surt` library. So do the parameters of `tables/address-parameters`,
    which name visitors and not pages; of these surt knows some session ids. What is no parameter of one of these
    names stays.

    >>> urlkey("http://www.Example.org/path?b=1&utm_source=feed")
    'org,example)/path?b=1'
    """
    return _key(url, drop_parameters=True)


def index_key(url: str) -> str | None:
    """The SURT key as other programs' CDX indexes have it: `surt` alone, with tracking parameters; never raises.

    >>> index_key("http://www.Example.org/path?b=1&utm_source=feed")
    'org,example)/path?b=1&utm_source=feed'
    """
    return _key(url, drop_parameters=False)


def _key(url: str, *, drop_parameters: bool) -> str | None:
    if not is_web_address(url):
        return None
    # Only here: it brings a client for the web, 0.1 s and 6 MB, and most processes ask for no key.
    import surt  # noqa: PLC0415
    from surt import GoogleURLCanonicalizer, IAURLCanonicalizer  # noqa: PLC0415

    try:
        address: _Address = surt.handyurl.parse(url.encode())
        address.host = _host(address.host or b"")
        GoogleURLCanonicalizer.canonicalize(address)
        if drop_parameters and _drop_parameters(address):
            # `/.;jsessionid=0A` has become `/.`.
            GoogleURLCanonicalizer.canonicalize(address)
        IAURLCanonicalizer.canonicalize(address)
        key = address.geturl_bytes(surt=True, with_scheme=False).decode()
    except (ValueError, LookupError, TypeError, AttributeError):
        # surt has no error family of its own: bad escapes and hosts come up as any of these.
        return None
    return key or None


def _host(name: bytes) -> bytes:
    """The host in ASCII. Raises ValueError for a number that is no IPv4 address: surt would ask the network for it."""
    host = unquote_to_bytes(name)
    if _NUMERIC_HOST.fullmatch(host):
        try:
            socket.inet_aton(host.decode("ascii").rstrip("."))
        except OSError as fault:
            raise ValueError("no IPv4 address") from fault
    elif not host.isascii():
        try:
            # Not Python's own `idna` of 2003, which takes faß.de for fass.de, and the joiners out of Persian names.
            return idna.encode(host.decode("utf-8"), uts46=True)
        except (idna.IDNAError, UnicodeDecodeError):
            # surt has a form for it all the same.
            return name
    return name


def _drop_parameters(address: _Address) -> bool:
    """Takes out what `tables/address-parameters` names, and tells whether the path had any. Escapes are undone by
    now.
    """
    query, path = _parameters()
    before = address.path
    if address.path:
        address.path = path.sub(b"", address.path)
    if address.query:
        # `/a?x=1;jsessionid=0A`: Java's form on an address that has a query already.
        kept = path.sub(b"", address.query).split(b"&")
        address.query = b"&".join(part for part in kept if not query.fullmatch(part)) or None
    return address.path != before


@cache
def _parameters() -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """A parameter of a query that is dropped, and one of a path with its `;`."""
    rows = read_table("address-parameters")
    in_query = b"|".join(_pattern(name, value, rb"[^&]*") for _, name, value in rows)
    in_path = b"|".join(_pattern(name, value, rb"[^;/&]*") for kind, name, value in rows if kind == "session")
    # `&amp;` of a page's source, taken for an address.
    return re.compile(rb"(?:amp;)?(?:%b)" % in_query, re.IGNORECASE), re.compile(
        rb";(?:%b)(?=[;/&]|$)" % in_path, re.IGNORECASE
    )


def _pattern(name: str, value: str, any_value: bytes) -> bytes:
    stem = re.escape(name.removesuffix("*").encode()) + (rb"[^=;/&]*" if name.endswith("*") else b"")
    # A name alone (`?fbclid`) says as little.
    return stem + (rb"(?:=%b)?" % any_value if value == "any" else rb"=%b" % _SESSION_ID)
