"""What stands in a container and is no page."""

from __future__ import annotations

from typing import NamedTuple


class Skipped(NamedTuple):
    """A record or a file that is none of this program's business: counted, with the reason, and not cleaned."""

    reason: str
    """In a few words that many share: `image/png`, `request record`, `redirect (HTTP 301)`."""
