"""Where a record lies in clean/: `<host>/<path>/<time>-<id>`, a name that a person can read and every file
system can hold.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import SplitResult, unquote, urlsplit

from archiver.model import Record

# Bytes of a host's or a path's part of a name. Two of them, a time, an id and an ending stay under 200, which
# leaves Windows 60 of its 260 characters a path for the folder above; Linux allows 255 bytes a name.
_NAME_BYTES = 80

# Hex digits of an id in a name: two captures of one path in one second meet once in four billion. When they
# do, the store takes the whole id.
_SHORT = 8

# Nothing looks after two archives whose folders have equal digits, so there are more of them.
_LONG = 16

# What no name may hold: ASCII but letters, digits, `.`, `_`, `~`, `-`; C1 controls, no-break and ogham space, soft
# hyphen; general punctuation with its bidi controls, ideographic space, surrogates and private use,
# variation selectors, byte-order mark, specials, tags.
_REFUSED = (
    r"\x00-\x2c/:-@\[-^`{-}\x7f-\xa0\xad\u1680\u2000-\u206f\u3000\ud800-\uf8ff\ufe00-\ufe0f\ufeff\ufff0-\uffff"
    r"\U000e0000-\U0010ffff"
)
# The hyphens around it go with it; those of `xn--p1ai` stay.
_UNSAFE = re.compile(rf"-*[{_REFUSED}][{_REFUSED}-]*")

# Addresses of 100,000 characters exist; one of hyphens only would take the pattern above seconds.
_READ_CHARACTERS = 1000

# Names that Windows gives to devices, with any ending (Microsoft, "Naming Files, Paths, and Namespaces").
_DEVICE = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9¹²³])(\.|$)")


def place_of(record: Record, *, whole_id: bool = False) -> str:
    """The record's place under clean/, with `/` and without an ending: a function of the record alone.

    A capture without address lies under `_no-address`, by the name of the file it came in. With `whole_id`
    the name ends in all 64 digits of the id.
    """
    address = _parsed(record.url)
    if address is None:
        name = safe_name(record.capture.container or "page")
        return f"_no-address/{name}-{_own_digits(record, whole=whole_id)}"
    host = safe_name(_ascii_host(address)) if address.netloc else "_no-host"
    path = address.path.strip("/") + (f"?{address.query}" if address.query else "")
    digits = record.id if whole_id else record.id[:_SHORT]
    return f"{host}/{safe_name(unquote(path) or 'index')}/{record.timestamp or 'undated'}-{digits}"


def folder_of(source: str, archive: str) -> str:
    """The folder of an archive's shards under clean/: its path, each part a safe name. One that had to be changed ends
    in 16 digits of its digest, so that no two archives of a collection share a folder.

    >>> folder_of("crawls", "2024/part-01.warc.gz")
    'crawls/2024/part-01.warc.gz'
    >>> folder_of("crawls", "2024/Part 01.warc.gz")
    'crawls/2024/part-01.warc.gz~297049077587aff8'
    """
    return "/".join(_own_name(part) for part in (source, *archive.split("/")))


def _own_name(name: str) -> str:
    safe = safe_name(name)
    return safe if safe == name and "~" not in name else f"{safe}~{_digest(name)[:_LONG]}"


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "backslashreplace")).hexdigest()


def safe_name(name: str) -> str:
    """`name` as one name of a file or folder: lower case, `-` for what some system refuses, at most 80 bytes
    of UTF-8. A longer one ends in `~` and eight digits of its digest, so that cutting merges no two.

    >>> safe_name("../Shop/?q=a:b")
    'shop-q-a-b'
    >>> safe_name("CON.html")
    '_con.html'
    """
    safe = _UNSAFE.sub("-", name[:_READ_CHARACTERS].lower()).strip("-._~") or "index"
    if _DEVICE.match(safe):
        safe = f"_{safe}"
    if len(safe.encode()) <= _NAME_BYTES:
        return safe
    tail = f"~{_digest(name)[:_SHORT]}"
    return safe.encode()[: _NAME_BYTES - len(tail)].decode(errors="ignore").rstrip("-._~") + tail


def _parsed(url: str | None) -> SplitResult | None:
    try:
        return urlsplit(url) if url else None
    except ValueError:
        # `http://[::1` and the like; a capture with such an address is stored all the same.
        return None


def _ascii_host(address: SplitResult) -> str:
    """The host as it goes over the wire, `xn--` for a name in another script, with a port that was named."""
    host = address.netloc.rpartition("@")[2]
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _own_digits(record: Record, *, whole: bool) -> str:
    """Digits of the record and of where it came from: without an address and a time, two equal files are two
    captures, and two empty ones must both be accounted for.
    """
    facts = record.capture
    own = hashlib.sha256(f"{record.id}\n{record.source}\n{facts.container}\n{facts.offset}".encode()).hexdigest()
    return own if whole else own[:_SHORT]
