"""What is known about a page: its metadata, its address and time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about the page itself. Dates are ISO 8601 and never later than the capture."""

    title: str | None = None
    """The headline of the page, the site's name cut off; None when it has none."""
    authors: tuple[str, ...] = ()
    """Names of persons or bodies, in the page's order."""
    published: str | None = None
    """When it first came out, as precisely as the page says; None when it does not say."""
    modified: str | None = None
    """When it was last changed, likewise."""
    language: str | None = None
    """BCP 47; where declaration and text disagree, the text's."""
    direction: str | None = None
    """`ltr` or `rtl`."""
    site_name: str | None = None
    """What the site calls itself."""
    description: str | None = None
    """The page's own summary."""
    canonical_url: str | None = None
    """The address the page itself gives, absolute, replay prefixes undone."""
    page_type: str | None = None
    """What the page declares to be: `article`, `product`, `forum` ...; None when it does not say."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Address and time of a capture, from the capture itself or else from the page."""

    url: str | None
    """The address; None when neither knows it."""

    urlkey: str | None
    """Its SURT key; None without an address."""

    captured_at: datetime | None
    """UTC; None when neither knows it."""

    replayed_by: str | None = None
    """The replay or saving tool the page went through (`wayback`, `singlefile` ...), when it shows."""
