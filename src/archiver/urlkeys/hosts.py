"""A host in its one spelling, and in SURT's order."""

from __future__ import annotations

import re

from archiver.urlkeys.canonical import escaped, unescaped

# Archives have long taken www2.example.org for a mirror of example.org.
_WWW = re.compile(rb"^www[0-9]*\.")
# The WHATWG URL Standard's "ends in a number": browsers take such a host for an IPv4 address or for none.
_NUMBER = re.compile(rb"[0-9]+|0x[0-9a-f]*")
# IPv4 addresses that the Internet Archive's rules write anew; `0xc0.0.0.1` and `0300.0.0.8` stay as they stand.
_WRITTEN_ANEW = re.compile(rb"[0-9]+|0[0-7.]*|[1-9][0-9.]*")


def canonical_host(host: bytes) -> bytes | None:
    """The host as it goes over the wire, without `www.`; None when nothing is left of it, or when it ends in a number
    and is no IPv4 address. `host` is UTF-8, escapes and all, an IPv6 address without its brackets.

    >>> canonical_host(b"WWW2.Example.org."), canonical_host("faß.de".encode()), canonical_host(b"127.1")
    (b'example.org', b'xn--fa-hia.de', b'127.0.0.1')
    """
    # Not of three: all indexes have `a...org` as `org,,a`.
    name = _in_ascii(unescaped(host)).strip(b".").replace(b"..", b".").lower()
    is_number = b":" not in name and _NUMBER.fullmatch(name.rpartition(b".")[2])
    return (_ipv4(name) if is_number else _WWW.sub(b"", escaped(name))) or None


def in_surt_order(host: bytes) -> bytes:
    """The labels from the last to the first.

    >>> in_surt_order(b"news.example.org")
    b'org,example,news'
    """
    return b",".join(reversed(host.split(b".")))


def _in_ascii(host: bytes) -> bytes:
    """International names as Punycode, without what is no UTF-8 in them; as it stands what has no such form."""
    if host.isascii():
        return host
    # Only here: it takes 18 ms, and few hosts need it.
    import idna  # noqa: PLC0415

    name = host.decode("utf-8", "ignore")
    try:
        # Not Python's own codec `idna`, of 2003, which takes faß.de for fass.de, and the joiners out of Persian names.
        return idna.encode(name, uts46=True)
    except idna.IDNAError:
        pass
    try:
        # But it has a form for what the newer rules refuse: `a_б.example`.
        return name.encode("idna")
    except UnicodeError:
        return host


def _ipv4(name: bytes) -> bytes | None:
    """Four decimal numbers for what C libraries read so (inet_aton): octal ones, and fewer, of which the last fills
    what is left. None when it is no address. A single number is decimal even with a leading zero, as in all indexes.
    """
    labels = name.split(b".")
    if len(labels) > 4 or not all(map(_NUMBER.fullmatch, labels)):
        return None
    try:
        *first, last = [int(labels[0])] if len(labels) == 1 and name.isdigit() else map(_number, labels)
    except ValueError:
        return None
    rest = 4 - len(first)
    if max(first, default=0) > 255 or last >= 256**rest:
        return None
    if not _WRITTEN_ANEW.fullmatch(name):
        return name
    return b".".join(b"%d" % byte for byte in (*first, *last.to_bytes(rest)))


def _number(label: bytes) -> int:
    """Raises ValueError for an octal number with an 8 or 9."""
    if label.startswith(b"0x"):
        return int(label[2:] or b"0", 16)
    return int(label, 8 if label.startswith(b"0") else 10)
