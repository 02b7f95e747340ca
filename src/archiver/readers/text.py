"""Plain-text dumps of pages: one capture a file."""

from __future__ import annotations

from collections.abc import Iterator

from archiver.model import Capture
from archiver.readers.capture_file import Place, read_page

# Bytes that no text holds (WHATWG MIME Sniffing, "binary data byte", without ESC, which ISO-2022 needs).
_CONTROLS = bytes({*range(9), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)})

# Compressed data has one in ten, by chance alone; damaged pages with stray NULs or form codes have far fewer.
_CONTROLS_PER_BYTE = 1 / 20

_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")


def sniff(head: bytes, name: str) -> bool:
    """True for bytes that can be text in some charset, whatever the file is called."""
    if head.startswith(_MARKS) or _is_wide(head):
        return True
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls <= len(head) * _CONTROLS_PER_BYTE


def _is_wide(head: bytes) -> bool:
    """True when NULs stand where UTF-16 or UTF-32 without a mark has them; the shares are decode's."""
    quarter = len(head) // 4
    if not quarter:
        return False
    shares = [head[column::4].count(0) / quarter for column in range(4)]
    pairs = sorted((min(shares[::2]), min(shares[1::2])))
    is_utf16 = pairs[1] > 0.1 and min(max(shares[::2]), max(shares[1::2])) < 0.02
    is_utf32 = max(min(shares[:2]), min(shares[2:])) > 0.95 and min(shares) < 0.1
    return is_utf16 or is_utf32


def read(place: Place) -> Iterator[Capture]:
    """The one page in a file."""
    yield read_page(place)
