"""What a file is that holds no page, in words for the user."""

from __future__ import annotations

# First bytes of files that lie among saved pages (their formats' specifications; WHATWG MIME Sniffing).
# The first that fits counts.
_KINDS = (
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"BM", "a BMP image"),
    (b"\0\0\1\0", "an icon"),
    (b"RIFF", "a WebP image, a sound or a film"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound or film file"),
    (b"\x1aE\xdf\xa3", "a film file"),
    (b"PK\3\4", "a zip file"),
    (b"PK\5\6", "an empty zip file"),
    (b"\x1f\x8b", "a gzip file inside a gzip file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\0", "an xz file"),
    (b"(\xb5/\xfd", "a Zstandard file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z file"),
    (b"Rar!\x1a\x07", "a RAR file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
)


def find_kind(head: bytes) -> str | None:
    """What kind of file begins with these bytes (`a PDF file`); None when nobody knows."""
    if head[4:8] == b"ftyp":
        return "a film or image file"
    return next((kind for magic, kind in _KINDS if head.startswith(magic)), None)


def is_unmistakable(head: bytes) -> bool:
    """True for a first mark that no text has: a control byte in it, or that of PDF, whose head is text."""
    return any(head.startswith(magic) and (magic == b"%PDF-" or min(magic) < 0x20) for magic, _ in _KINDS)
