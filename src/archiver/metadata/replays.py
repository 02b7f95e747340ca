"""What replay and saving tools write into a page about its address and its time."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

from archiver.addresses import absolute_address, is_short_snapshot, is_web_address, unwrap_replay
from archiver.model import Head

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# JavaScript's Date.toString(), which SingleFile writes: Tue Jan 10 2023 10:00:00 GMT+0100 (...).
_SCRIPT_DATE = re.compile(
    r"(?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2}) (?P<year>\d{4}) (?P<clock>\d\d:\d\d:\d\d)"
    r" GMT(?P<sign>[+-])(?P<hours>\d\d)(?P<minutes>\d\d)"
)
# RFC 1123, which HTTrack writes: Fri, 10 Jan 2014 10:00:00 GMT.
_MAIL_DATE = re.compile(r"(?P<day>\d{1,2}) (?P<month>[A-Z][a-z]{2}) (?P<year>\d{4}) (?P<clock>\d\d:\d\d:\d\d) GMT")
# Wayback's trailing comment: 10:22:31 Mar 05, 2019, in 2014 also 8:14:30 Oct 7, 2014. Its times are UTC.
_WAYBACK_DATE = re.compile(
    r"(?P<clock>\d{1,2}:\d\d:\d\d) (?P<month>[A-Z][a-z]{2})[a-z]* (?P<day>\d{1,2}), (?P<year>\d{4})"
)
_SINGLEFILE = re.compile(r"(?:Page saved with|Archive processed by) SingleFile")
_SINGLEFILE_URL = re.compile(r"^\s*url:\s*(\S+)", re.MULTILINE)
_SINGLEFILE_DATE = re.compile(r"^\s*saved date:\s*(.+)$", re.MULTILINE)
# The number is the address's length; it is not needed, since no address that counts holds a space.
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(\S+)")
_HTTRACK = re.compile(r"Mirrored from (\S+) by HTTrack Website Copier/[^,]*(?:, (.+))?", re.DOTALL)
_WAYBACK_COMMENT = re.compile(r"FILE ARCHIVED ON ([^\n]{1,40}?)\s+AND RETRIEVED")
_WAYBACK_SCRIPT = re.compile(r"""__wm\.wombat\(\s*["']([^"']+)["']\s*,\s*["'](\d{14})["']""")
_WAYBACK_TOOLBAR = re.compile(r"""__wm\.bt\([^"']{0,80}["']\w+["']\s*,\s*["']([^"']+)["']\s*,\s*["'](\d{14})["']""")
# The toolbar of 2010 to 2016: var wbCurrentUrl = "http://example.org/";
_WAYBACK_CURRENT = re.compile(r"""\bwbCurrentUrl\s*=\s*["']([^"']+)["']""")
# The notice of 2007 to 2010: var wmNotice = "Wayback - ... Url: http://example.org/ time: 1:47:58 Mar 25, 2007";
_WAYBACK_NOTICE = re.compile(r"""\bwmNotice\s*=\s*"[^"]*? Url: (\S+),? time: ([^"]+)\"""")
# What rewrote links in the browser, before the server did: var sWayBackCGI = "http://host/web/20050305102231/";
_WAYBACK_CLIENT = re.compile(r"""\bsWayBackCGI\s*=\s*["'][^"']*/(\d{14})/["']""")
# What it prints over a page, in a plain-text dump: the address of the replay.
_WAYBACK_PRINTED = re.compile(r"The Wayback Machine - (https?://\S+)")
_PYWB_URL = re.compile(r"""wbinfo\.url\s*=\s*(?:decodeURI\()?["']([^"']+)["']""")
_PYWB_TIME = re.compile(r"""wbinfo\.(?:timestamp|wombat_ts)\s*=\s*["'](\d{14})["']""")


class Trace(NamedTuple):
    """What one tool says about the page it replayed or saved."""

    tool: str
    """`wayback`, `singlefile`, `httrack`, `browser`, `pywb` or the name of a web archive."""

    url: str | None
    """The address it names, a replay's prefix taken off; None when it names none."""

    time: datetime | None
    """The time it names, UTC; None when it names none."""


def find_traces(head: Head) -> tuple[Trace, ...]:
    """The traces that tools left in comments, scripts and rewritten links, the surest first.

    Sources: SingleFile's page header, HTTrack's footer, the mark of the web that browsers write, the Wayback
    Machine's trailing comment, its toolbar's script and its `__wm.wombat` call, pywb's `wbinfo`.
    """
    written = [trace for read in _READERS for comment in head.comments if (trace := read(comment))]
    # archive.today's canonical address is its own short one; <link rel=bookmark> holds the long one.
    bookmarks = [("bookmark", href) for rel, href in head.links if rel == "bookmark"]
    linked = [trace for _, address in (*declared_addresses(head), *bookmarks) if (trace := _from_replay(address))]
    return tuple(_unwrapped(trace) for trace in (*written, *linked))


def declared_addresses(head: Head) -> tuple[tuple[str, str], ...]:
    """(where, address) of the page's own address as it declares it: canonical, og:url; as it stood."""
    canonical = [("canonical", href) for rel, href in head.links if "canonical" in rel.split()]
    graph = [("og:url", content) for name, content in head.meta if name == "og:url"]
    return (*canonical, *graph)


def declared_address(head: Head, base: str | None) -> str | None:
    """The page's own address as it declares it, absolute and without a replay's prefix, or None.

    archive.today's short addresses, which name no original, do not count.
    """
    if base is None and head.base and is_web_address(head.base):
        base = unwrap_replay(head.base)[0]
    for _, address in declared_addresses(head):
        resolved = absolute_address(unwrap_replay(address.strip())[0], base)
        if resolved and not is_short_snapshot(resolved):
            return resolved
    return None


def _singlefile(comment: str) -> Trace | None:
    if not _SINGLEFILE.search(comment):
        return None
    url, date = _SINGLEFILE_URL.search(comment), _SINGLEFILE_DATE.search(comment)
    return Trace("singlefile", url and url[1], _time(_SCRIPT_DATE, date[1]) if date else None)


def _wayback(comment: str) -> Trace | None:
    call = _WAYBACK_SCRIPT.search(comment) or _WAYBACK_TOOLBAR.search(comment)
    if call:
        # Wayback writes the address with its ampersands as entities.
        return Trace("wayback", html.unescape(call[1]), _timestamp(call[2]))
    notice = _WAYBACK_NOTICE.search(comment)
    if notice:
        return Trace("wayback", html.unescape(notice[1]), _time(_WAYBACK_DATE, notice[2]))
    current, client = _WAYBACK_CURRENT.search(comment), _WAYBACK_CLIENT.search(comment)
    if current or client:
        return Trace("wayback", current and html.unescape(current[1]), _timestamp(client[1]) if client else None)
    trailing = _WAYBACK_COMMENT.search(comment)
    if trailing:
        return Trace("wayback", None, _time(_WAYBACK_DATE, trailing[1]))
    printed = _WAYBACK_PRINTED.match(comment)
    return Trace("wayback", printed[1], None) if printed else None


def _pywb(comment: str) -> Trace | None:
    url, time = _PYWB_URL.search(comment), _PYWB_TIME.search(comment)
    if url is None and time is None:
        return None
    return Trace("pywb", url and url[1], _timestamp(time[1]) if time else None)


def _browser(comment: str) -> Trace | None:
    match = _SAVED_FROM.search(comment)
    return Trace("browser", match[1], None) if match else None


def _httrack(comment: str) -> Trace | None:
    match = _HTTRACK.search(comment)
    if match is None:
        return None
    url = match[1] if "://" in match[1] else f"http://{match[1]}"
    return Trace("httrack", url, _time(_MAIL_DATE, match[2]) if match[2] else None)


_READERS: tuple[Callable[[str], Trace | None], ...] = (_singlefile, _browser, _httrack, _wayback, _pywb)


def _from_replay(address: str) -> Trace | None:
    url, time, tool = unwrap_replay(address.strip())
    if tool is not None:
        return Trace(tool, url, time)
    return Trace("archive.today", None, None) if is_short_snapshot(url) else None


def _unwrapped(trace: Trace) -> Trace:
    """A page saved from a replay names the replay's address: what counts is what lies behind it."""
    if trace.url is None:
        return trace
    url, time, tool = unwrap_replay(trace.url)
    if tool is not None:
        return Trace(tool, url, time or trace.time)
    return trace if is_web_address(url) else trace._replace(url=None)


def _time(pattern: re.Pattern[str], text: str) -> datetime | None:
    match = pattern.search(text)
    if match is None:
        return None
    found = match.groupdict()
    try:
        hour, minute, second = map(int, found["clock"].split(":"))
        month = _MONTHS.index(found["month"].lower()) + 1
        local = datetime(int(found["year"]), month, int(found["day"]), hour, minute, second, tzinfo=UTC)
        if found.get("sign"):
            offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"]))
            local = local.replace(tzinfo=timezone(-offset if found["sign"] == "-" else offset))
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        # Month names of another language ("Okt 20, 2014" was seen), impossible days and offsets.
        return None


def _timestamp(digits: str) -> datetime | None:
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
