"""A digest as a container tells it, against the bytes.

Sources: IIPC, "The WARC Format 1.1", 5.8 and 5.9 (`algorithm:value`, no alphabet named; SHA-1 in base32 is the custom);
RFC 4648 (base32, base64).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable

from archiver.model import DigestCheck

# Names as they are written, without `-` and in lower case -> hashlib's.
_ALGORITHMS = {
    "md5": "md5", "sha1": "sha1", "sha224": "sha224", "sha256": "sha256", "sha384": "sha384", "sha512": "sha512",
    "blake2b": "blake2b", "blake2s": "blake2s", "sha3256": "sha3_256", "sha3512": "sha3_512",
}  # fmt: skip


def check_digest(declared: str, candidates: Iterable[bytes]) -> DigestCheck:
    """Whether a declared digest is that of one of the candidates; `unknown` for one that nobody can read.

    There are candidates since writers differ in what they count as the payload: with or without chunks' lengths.

    >>> check_digest("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", [b""])
    'equal'
    >>> check_digest("md5:D41D8CD98F00B204E9800998ECF8427E", [b"a"])
    'different'
    >>> check_digest("crc32:00000000", [b""])
    'unknown'
    """
    name, _, value = declared.strip().partition(":")
    algorithm = _ALGORITHMS.get(name.strip().lower().replace("-", "").replace("_", ""))
    if algorithm is None:
        return "unknown"
    expected = _bytes_of(value.strip(), hashlib.new(algorithm, usedforsecurity=False).digest_size)
    if expected is None:
        return "unknown"
    found = any(hashlib.new(algorithm, data, usedforsecurity=False).digest() == expected for data in candidates)
    return "equal" if found else "different"


def _bytes_of(value: str, size: int) -> bytes | None:
    """The digest's bytes, from hexadecimal, base32 or base64; the lengths never agree. None when it is none of them."""
    try:
        if len(value) == 2 * size:
            return bytes.fromhex(value)
        bare = value.rstrip("=")
        if len(bare) == -(-size * 8 // 5):
            return base64.b32decode(bare.upper() + "=" * (-len(bare) % 8))
        if len(bare) == -(-size * 8 // 6):
            return base64.b64decode(bare.replace("-", "+").replace("_", "/") + "=" * (-len(bare) % 4), validate=True)
    except (ValueError, binascii.Error):
        pass
    return None
