"""One WARC record as bytes (WARC 1.0, ISO 28500:2009)."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import uuid
from collections.abc import Iterable
from urllib.parse import quote

# Record ids that are the same in every export: name-based (RFC 9562, version 5), in a name space of their own.
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:archiver")

# RFC 3986: reserved, unreserved, and the sign of what is encoded already.
_URI_CHARACTERS = ":/?#[]@!$&'()*+,;=-._~%"

# A line end inside a value would begin another field.
_LINE_ENDS = re.compile(r"[\r\n\x00]+")


def warc_record(fields: Iterable[tuple[str, str | None]], block: bytes) -> bytes:
    """The record: the fields that are known, in their order, then length and digest of the block, and the block."""
    known = [(name, _LINE_ENDS.sub(" ", value)) for name, value in fields if value is not None]
    known += [("WARC-Block-Digest", digest(block)), ("Content-Length", str(len(block)))]
    head = "".join(f"{name}: {value}\r\n" for name, value in known)
    return f"WARC/1.0\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def member(record: bytes) -> bytes:
    """The record as a gzip member of its own, so that it can be read from its offset; no time inside."""
    return gzip.compress(record, mtime=0)


def digest(block: bytes) -> str:
    """`sha1:` and base32, as WARC files have it."""
    return f"sha1:{base64.b32encode(hashlib.sha1(block, usedforsecurity=False).digest()).decode()}"


def urn_of(*names: object) -> str:
    """`<urn:uuid:...>`, a function of the names."""
    return f"<{uuid.uuid5(_NAMESPACE, chr(10).join(map(str, names))).urn}>"


def uri_of(url: str) -> str:
    """The address with everything percent-encoded that no URI holds (RFC 3986)."""
    return quote(url, safe=_URI_CHARACTERS)
