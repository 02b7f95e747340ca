"""Pages saved as markup: one capture a file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiver.model import Capture
from archiver.readers.capture_file import Place, read_page
from archiver.readers.text import sniff as sniff_text

# The tags that pages begin with (WHATWG MIME Sniffing, "identifying a resource with an unknown MIME type",
# and the sectioning tags that fragments from a clipboard begin with), anywhere in the head: pages have
# comments, PHP notices and byte-order marks before them.
_MARKUP = re.compile(
    rb"<(?:!doctype|\?xml|html|head|title|meta|body|script|style|link|table|div|article|main|section|p|a|h1)"
    rb"[\s>/]|<!--",
    re.IGNORECASE,
)


def sniff(head: bytes, name: str) -> bool:
    """True for bytes that hold markup, whatever the file is called."""
    # In UTF-16 and UTF-32 every other byte, or three of four, is NUL.
    return sniff_text(head, name) and _MARKUP.search(head.replace(b"\0", b"")) is not None


def read(place: Place) -> Iterator[Capture]:
    """The one page in a file."""
    yield read_page(place)
