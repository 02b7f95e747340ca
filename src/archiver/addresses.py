"""Web addresses: is this one, and what lies behind a replay's address.

A leaf: any stage may import it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from archiver.tables import read_table

# Longer addresses are data: scripts, inlined images. Browsers and servers give up at 2,048 to 8,192;
# Heritrix keeps at most 2,083 code points.
MAX_ADDRESS = 8192
# A replay of a replay happens (Wayback captured archive.today); deeper ones are loops.
MAX_REPLAY_DEPTH = 3

_WEB_ADDRESS = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)
_SPACE_OR_CONTROL = re.compile(r"[\s\x00-\x1f\x7f]")
# [host][/collection ...]/20190305102231id_/target. archive.today writes 2019.03.05-102231 as well. What looks like a
# time before a time is the collection: https://wayback.archive-it.org/2358/20120130161341/http://example.org/.
_REPLAY = re.compile(
    r"(?P<host>(?:https?:)?//[^/?#]+)?"
    r"(?P<collection>(?:/[^/?#]+){0,4}?)"
    r"/(?P<time>\d{4,14}|\d{4}\.\d\d\.\d\d-\d{6})(?:[a-z]{2}_)?"
    r"/(?P<target>(?!\d{4,14}(?:[a-z]{2}_)?/)[^/].*)",
    re.IGNORECASE | re.DOTALL,
)
# https://archive.ph/o/AbCdE/https://example.org/: a link out of a snapshot, without a time.
_OUTWARD = re.compile(r"(?P<host>(?:https?:)?//[^/?#]+)/o/\w+/(?P<target>[^/].*)", re.IGNORECASE | re.DOTALL)
# /save/https://example.org/: Wayback's links on a page that was shown while it was saved.
_SAVED = re.compile(
    r"(?P<host>(?:https?:)?//[^/?#]+)?/save/(?:_embed/)?(?P<target>https?:/.*)", re.IGNORECASE | re.DOTALL
)
# http://localhost:8080/coll/mp_/http://example.org/: pywb's newest capture.
_TIMELESS = re.compile(
    r"(?P<host>(?:https?:)?//[^/?#]+)?(?P<collection>(?:/[^/?#]+){1,4}?)/(?:bn|cs|fw|id|if|im|js|mp|oe)_/(?P<target>https?:/.*)",
    re.IGNORECASE | re.DOTALL,
)
# (form, tool, whether a host must be known to be that tool's) where no time tells a replay.
_TIMELESS_FORMS = ((_OUTWARD, "archive.today", True), (_SAVED, "wayback", True), (_TIMELESS, "pywb", False))
_SHORT_SNAPSHOT = re.compile(r"https?://[^/?#]+/[A-Za-z0-9]{4,6}/?(?:[?#].*)?", re.IGNORECASE)
_TARGET = re.compile(r"(?P<scheme>https?):/{0,2}(?=[^/])", re.IGNORECASE)
_BARE_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]|$)")


class Peeled(NamedTuple):
    """What one layer of a replay's address says."""

    tool: str
    """The web archive, as `tables/address-replays` names it; `wayback` or `pywb` by its form, where no host does."""

    host: str
    """The replay's host, lower case; "" for an address on the host that shows the page."""

    time: str
    """The digits of the time as they stand; "" where there are none."""

    target: str
    """The address behind it, which may be a replay's again; its scheme lower case and with both slashes."""


def is_web_address(url: str) -> bool:
    """True for an absolute http or https address with a host; never raises.

    >>> is_web_address("https://example.org/a"), is_web_address("/a"), is_web_address("about:internet")
    (True, False, False)
    """
    if len(url) > MAX_ADDRESS or not _WEB_ADDRESS.match(url) or _SPACE_OR_CONTROL.search(url):
        return False
    try:
        parts = urlsplit(url)
        # Reading the port is what finds http://example.org:x/.
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def host_of(url: str) -> str:
    """The host of an address in lower case, "" when it has none; never raises."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def absolute_address(url: str, base: str | None) -> str | None:
    """`url` resolved against `base`, when that gives an address of the web; None otherwise."""
    url = url.strip()
    if len(url) > MAX_ADDRESS:
        return None
    try:
        joined = urljoin(base, url) if base else url
    except ValueError:
        return None
    return joined if is_web_address(joined) else None


def unwrap_replay(url: str) -> tuple[str, datetime | None, str | None]:
    """The address behind a web archive's, the time of that capture in UTC, and the tool's name.

    An address that is no replay comes back as it is, with None and None. The time is None when the address
    holds less than a day. Never raises. Source: the archives' own address forms (`tables/address-replays`).

    >>> address, time, tool = unwrap_replay("https://web.archive.org/web/20190305102231id_/http://example.org/")
    >>> address, str(time), tool
    ('http://example.org/', '2019-03-05 10:22:31+00:00', 'wayback')
    """
    time: datetime | None = None
    tool: str | None = None
    for _ in range(MAX_REPLAY_DEPTH):
        peeled = peel_replay(url)
        if peeled is None or not is_web_address(peeled.target):
            break
        url, tool = peeled.target, peeled.tool
        time = _capture_time(peeled.time) or time
    return url, time, tool


def peel_replay(url: str) -> Peeled | None:
    """One layer of a replay's address taken off; None for an address that is no replay's. Never raises.

    >>> peel_replay("/web/20190305102231im_/http://example.org/a b.png")
    Peeled(tool='wayback', host='', time='20190305102231', target='http://example.org/a b.png')
    """
    if len(url) > MAX_ADDRESS:
        return None
    match = _REPLAY.fullmatch(url)
    return _peel_timeless(url) if match is None else _peel_timed(match)


def is_replay(tool: str | None) -> bool:
    """True for a tool that shows captures under addresses of its own, False for one that only saves pages.

    >>> is_replay("wayback"), is_replay("singlefile"), is_replay(None)
    (True, False, False)
    """
    return tool == "pywb" or tool in _replays().values()


def is_short_snapshot(url: str) -> bool:
    """True for archive.today's short addresses, which tell a replay but name no original.

    >>> is_short_snapshot("https://archive.ph/AbCdE"), is_short_snapshot("https://archive.org/about")
    (True, False)
    """
    return bool(_SHORT_SNAPSHOT.fullmatch(url)) and _replaying_host(url) == "archive.today"


def _replaying_host(url: str) -> str | None:
    host = host_of(url)
    while host:
        tool = _replays().get(host)
        if tool is not None:
            return tool
        host = host.partition(".")[2]
    return None


def _peel_timed(match: re.Match[str]) -> Peeled | None:
    host, digits = match["host"], re.sub(r"\D", "", match["time"])
    tool = _replaying_host(host) if host else None
    if host and tool is None and len(digits) < 14:
        # A path such as https://example.org/2019/http://... is an address of its own.
        return None
    target = _original(match["target"], scheme_needed=tool is None)
    if target is None:
        return None
    if tool is None:
        tool = "wayback" if not host and match["collection"].lower() == "/web" else "pywb"
    return Peeled(tool, host_of(host or ""), digits, target)


def _peel_timeless(url: str) -> Peeled | None:
    for form, tool, by_host in _TIMELESS_FORMS:
        match = form.fullmatch(url)
        if match is None:
            continue
        host = match["host"] or ""
        known = _replaying_host(host) if host else None
        target = _original(match["target"], scheme_needed=tool != "archive.today")
        if target is not None and (known == tool or not (by_host and host)):
            return Peeled(known or tool, host_of(host), "", target)
    return None


def _original(target: str, *, scheme_needed: bool) -> str | None:
    if target[:12].lower().startswith(("http%3a", "https%3a")):
        target = unquote(target)
    # Servers fold the double slash of http://: seen in Wayback links as /web/2019/http:/example.org.
    target, with_scheme = _TARGET.subn(lambda match: f"{match['scheme'].lower()}://", target, count=1)
    if not with_scheme or not _WEB_ADDRESS.match(target):
        if scheme_needed or not _BARE_HOST.match(target):
            return None
        target = f"http://{target}"
    return target


def _capture_time(digits: str) -> datetime | None:
    if len(digits) < 8:
        return None
    try:
        return datetime.strptime(digits.ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


@cache
def _replays() -> dict[str, str]:
    return {row[0]: row[1] for row in read_table("address-replays")}
