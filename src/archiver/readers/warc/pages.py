"""A record's block -> whether it holds a page, and why not."""

from __future__ import annotations

import re
from collections.abc import Callable

from archiver.readers import html
from archiver.readers.refusal import find_kind, is_unmistakable
from archiver.readers.warc.http import Response

HTML_TYPES = frozenset(("text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"))
"""Media types of pages."""

# Types that say nothing: those of servers that don't know, and ARC's word for none.
_UNKNOWN_TYPES = frozenset(("", "application/octet-stream", "application/unknown", "unknown/unknown", "no-type", "*/*"))
# XHTML is served as XML too, and so are feeds.
_XML_TYPES = frozenset(("text/xml", "application/xml"))
_HTML_ROOT = re.compile(rb"<(?:\w+:)?html[\s>]", re.IGNORECASE)
_ROBOTS = re.compile(r"https?://[^/]+/robots\.txt(?:[?#]|$)", re.IGNORECASE)
# What crawlers write about themselves into records with a page's type: wget's manifest, arguments and log.
_OF_THE_CRAWLER = ("metadata:", "warcinfo:", "filedesc:")


def media_type_of(content_type: str | None) -> str:
    """The type without its parameters, in lower case; "" for none, and for what is no type.

    >>> media_type_of("Text/HTML; charset=utf-8"), media_type_of("html"), media_type_of(None)
    ('text/html', '', '')
    """
    bare = (content_type or "").partition(";")[0].strip().lower()
    return bare if "/" in bare or bare == "no-type" else ""


def why_no_page(url: str, kind: str, look: Callable[[], bytes]) -> str | None:
    """Why a payload is no page, in words that many share; None for a page of markup or plain text.

    `kind` is its media type without parameters, "" when nobody tells; `look` gives its first bytes.
    """
    if url.lower().startswith(_OF_THE_CRAWLER):
        return f"the crawler's own {url.partition(':')[0].lower()}"
    if kind in HTML_TYPES or kind == "text/plain":
        if _ROBOTS.match(url):
            return "robots.txt"
        return f"{find_kind(look())} sent as {kind}" if is_unmistakable(look()) else None
    if kind in _XML_TYPES:
        return None if _HTML_ROOT.search(look()) else kind
    if kind in _UNKNOWN_TYPES:
        head = look()
        if not is_unmistakable(head) and html.sniff(head, ""):
            return None
        return kind if kind not in ("", "no-type") else find_kind(head) or "no media type"
    return kind


def why_no_body(response: Response) -> str | None:
    """Why a response of this status has no page to show; None when it may have one."""
    status = response.status
    if status == 304:
        return "not modified (HTTP 304)"
    if 300 <= status < 400:
        return f"redirect (HTTP {status})"
    if status < 200 or status in (204, 205):
        return f"no content (HTTP {status})"
    return None
