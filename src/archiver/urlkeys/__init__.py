"""The key of a web address: what all spellings of it have in common, in the order of hosts (SURT).

The record keeps the address as it was captured; by the key its captures are found together.

canonical.py    the path and the query in their one spelling; hosts.py does the same for the host
parameters.py   parameters that name visitors and not pages
"""

from __future__ import annotations

import re

from archiver.addresses import is_web_address
from archiver.urlkeys.canonical import canonical_path, canonical_query, sorted_query, without_sessions
from archiver.urlkeys.hosts import canonical_host, in_surt_order
from archiver.urlkeys.parameters import without_parameters

__all__ = ["index_key", "urlkey"]

# RFC 3986, appendix B, for addresses of the web: `http://a[::1]/`, which Python 3.11 splits, is none.
_PARTS = re.compile(
    rb"(?P<scheme>https?)://(?:[^/?#]*@)?(?:\[(?P<literal>[^]]*)]|(?P<host>[^/?#:[]*))(?::(?P<port>[0-9]*))?"
    rb"(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?(?:#.*)?",
    re.IGNORECASE | re.DOTALL,
)
# `http://http://example.org/`, where a form has the scheme already and its user too: the last one counts.
_DOUBLED = re.compile(r"^(?:https?://)+(?=https?://)")
_DEFAULT_PORTS = {b"http": 80, b"https": 443}


def urlkey(url: str) -> str | None:
    """The SURT key that all spellings of a web address share, or None when it is none; never raises.

    Scheme, `www.`, default ports, users and fragments go (`#!` too: no server ever saw it), case is lowered, hosts are
    written as they go over the wire (UTS #46 as browsers use it), escapes are undone where they can be and the query is
    sorted: the rules of the Internet Archive's indexes. So do the parameters of `tables/address-parameters`,
    which name visitors and not pages; of these the Internet Archive's rules know some session ids. What is no parameter
    of one of these names stays.

    >>> urlkey("http://www.Example.org/path?b=1&utm_source=feed")
    'org,example)/path?b=1'
    """
    return _key(url, drop_parameters=True)


def index_key(url: str) -> str | None:
    """The SURT key as other programs' CDX indexes have it, with tracking parameters; never raises.

    The rules are those of `IAURLCanonicalizer` in webarchive-commons, the library of the Internet Archive and the IIPC
    (https://github.com/iipc/webarchive-commons), over those for addresses in Google's Safe Browsing (its Developer's
    Guide v2, "Canonicalization"); where its Python sister `surt` differs, `surt` is followed. Apart from that,
    international hosts are written as browsers write them, and there is no key for what is no address of the web nor
    for a host that ends in a number and is no IPv4 address.

    >>> index_key("http://www.Example.org/path?b=1&utm_source=feed")
    'org,example)/path?b=1&utm_source=feed'
    """
    return _key(url, drop_parameters=False)


def _key(url: str, *, drop_parameters: bool) -> str | None:
    url = _DOUBLED.sub("", url)
    if not is_web_address(url):
        return None
    try:
        parts = _PARTS.fullmatch(url.encode())
    except UnicodeEncodeError:
        return None
    host = canonical_host(parts["literal"] or parts["host"]) if parts else None
    if parts is None or host is None:
        return None
    path, query = canonical_path(parts["path"] or b""), canonical_query(parts["query"] or b"")
    if drop_parameters:
        path, query = without_parameters(path, query)
    path, query = without_sessions(path, query)
    asked = b"?" + sorted_query(query) if query else b""
    return b"".join([in_surt_order(host), _port(parts), b")", path, asked]).decode("ascii")


def _port(parts: re.Match[bytes]) -> bytes:
    """`:8080`; nothing for the port that the scheme has anyway."""
    port = int(parts["port"] or 0)
    return b":%d" % port if port and port != _DEFAULT_PORTS[parts["scheme"].lower()] else b""
