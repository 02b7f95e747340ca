"""A page as replays serve it: links rewritten, scripts in the head, a toolbar in the body, comments at the end.

What each tool writes lies in `cases/replay/tools/`: the Wayback Machine's pages as saved from 2007 to 2025,
archive.today's of 2018, the templates of pywb 2, its frame saved by SingleFile, OpenWayback's time line, Archive-It's
banner; shortened where a part says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

TIME = "20190305102231"
NAME = "Qx7Zk"
_TOOLS = Path(__file__).parent / "cases" / "replay" / "tools"
_ATTRIBUTE = re.compile(
    r"""(<[^>]*?\s(?:href|src|action)=)(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE
)  # fmt: skip
_LEFT = re.compile(r"(?:#|mailto:|javascript:|tel:|data:)", re.IGNORECASE)


class Replayed(NamedTuple):
    """A page as a replay served it."""

    html: str
    address: str | None
    """What the capture names as its address; None where the page itself must tell."""


def rewrite(markup: str, link: Callable[[str], str]) -> str:
    """The markup with each address in it rewritten."""
    return _ATTRIBUTE.sub(lambda found: f'{found[1]}"{link(found[2] or found[3] or found[4] or "")}"', markup)


def prefixed(prefix: str, url: str, *, modifier: str = "") -> Callable[[str], str]:
    """How Wayback and pywb rewrite a link of the page at `url`: what is relative to its folder stays."""
    host = re.match(r"(?:https?:)?//[^/]+", prefix)
    path = prefix[host.end() :] if host else prefix
    relative_host = host[0].split(":", 1)[-1] if host else ""

    def link(href: str) -> str:
        if href.startswith("//"):
            return f"{relative_host}{path}{modifier}/{urlsplit(url).scheme}:{href}"
        if re.match(r"https?:", href):
            return f"{prefix}{modifier}/{href}"
        if href.startswith("/"):
            return f"{path}{modifier}/{urljoin(url, href)}"
        return href

    return link


def resolved(prefix: str, url: str) -> Callable[[str], str]:
    """How a browser saves a page of a replay: every address absolute."""
    return lambda href: href if _LEFT.match(href) else f"{prefix}/{urljoin(url, href)}"


def outward(url: str) -> Callable[[str], str]:
    """How archive.today rewrites a link of the page at `url`."""

    def link(href: str) -> str:
        if href.startswith("#"):
            return f"https://archive.ph/{NAME}{href}"
        return href if _LEFT.match(href) else f"https://archive.ph/o/{NAME}/{urljoin(url, href)}"

    return link


def without_classes(markup: str) -> str:
    """The markup as archive.today keeps it: what class names did is written into style attributes."""
    return re.sub(r"""\sclass=(?:"[^"]*"|'[^']*')""", "", markup, flags=re.IGNORECASE)


@cache
def _tool(name: str) -> str:
    return (_TOOLS / f"{name}.html").read_text(encoding="utf-8")


def filled(name: str, **values: str) -> str:
    """What a tool writes, with `{name}` replaced by the value of that name."""
    values = {"time": TIME, "name": NAME, **values}
    return re.sub(r"\{([a-z]+)\}", lambda found: values.get(found[1], found[0]), _tool(name))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;")


def _inserted(markup: str, place: str, insert: str) -> str:
    return re.sub(place, lambda found: found[0] + insert, markup, count=1, flags=re.IGNORECASE)


_HEAD, _BODY, _END = r"<head(?:\s[^>]*)?>", r"<body(?:\s[^>]*)?>", r"(?=</body>)"


def _wayback(markup: str, url: str, *, shadow: bool) -> str:
    toolbar = filled("wayback-2020-toolbar", url=_escaped(url))
    if shadow:
        toolbar = f'<template shadowrootmode="closed">{toolbar}</template>'
    body = filled("wayback-2020-body", url=_escaped(url), toolbar=toolbar)
    head = filled("wayback-2020-head", url=_escaped(url))
    shown = _inserted(_inserted(markup, _BODY, body), _HEAD, head)
    return shown + filled("wayback-closing") + filled("wayback-timings")


def wayback_2020(markup: str, url: str) -> Replayed:
    """The Wayback Machine as the server writes it."""
    rewritten = rewrite(markup, prefixed(f"https://web.archive.org/web/{TIME}", url))
    return Replayed(_wayback(rewritten, url, shadow=False), None)


def wayback_saved(markup: str, url: str) -> Replayed:
    """The same, saved with a browser: addresses absolute, the toolbar in a shadow root."""
    rewritten = rewrite(markup, resolved(f"https://web.archive.org/web/{TIME}", url))
    mark = f"<!-- saved from url=(0099)https://web.archive.org/web/{TIME}/{url} -->\n"
    return Replayed(_inserted(_wayback(rewritten, url, shadow=True), r"(?=<html)", mark), None)


def wayback_2013(markup: str, url: str) -> Replayed:
    """The toolbar of tables, links relative to the host."""
    rewritten = rewrite(markup, prefixed(f"/web/{TIME}", url))
    body = filled("wayback-2013-body", url=_escaped(url))
    return Replayed(_inserted(rewritten, _BODY, body) + filled("wayback-closing"), None)


def wayback_2008(markup: str, url: str) -> Replayed:
    """Links as they were, to be rewritten by a script, which has shown its notice when the page was saved."""
    notice = (
        "Wayback - External links, forms, and search boxes may not function within this collection."
        f" Url: {_escaped(url)} time: 10:22:31 Mar 05, 2019"
    )
    end = filled("wayback-closing") + filled("wayback-2008-end", notice=notice)
    return Replayed(_inserted(_inserted(markup, _END, end), _BODY, filled("wayback-2008-body", notice=notice)), None)


def archive_today(markup: str, url: str) -> Replayed:
    """archive.today: a head of its own, class names gone, every link absolute and led outward."""
    base = re.search(r'<base href="([^"]+)"', markup)
    attributes, body = re.search(
        r"<html([^>]*)>.*?<body[^>]*>(.*)</body>", without_classes(markup), re.DOTALL | re.IGNORECASE
    ).groups()
    return Replayed(
        filled(
            "archive-today",
            title=re.search(r"<title>(.*?)</title>", markup, re.DOTALL | re.IGNORECASE)[1],
            url=_escaped(url),
            host=urlsplit(url).hostname,
            wrap=" ".join(re.findall(r"""\b(?:dir|lang)=["']?[\w-]+["']?""", attributes)),
            page=rewrite(body, outward(base[1] if base else url)),
        ),
        None,
    )


def _pywb_head(url: str, prefix: str, *, modifier: str) -> str:
    parts = urlsplit(url)
    return filled(
        "pywb-head",
        url=url,
        prefix=prefix,
        modifier=modifier,
        framed="true" if modifier else "false",
        collection=prefix.rstrip("/").rpartition("/")[2],
        scheme=parts.scheme,
        host=parts.netloc,
    )


def pywb_frameless(markup: str, url: str) -> Replayed:
    """pywb on a machine of one's own, its banner drawn when the page was saved."""
    prefix = "http://localhost:8080/letters/"
    rewritten = rewrite(markup, prefixed(f"{prefix}{TIME}", url))
    shown = _inserted(rewritten, _BODY, filled("pywb-banner", url=_escaped(url)))
    return Replayed(_inserted(shown, _HEAD, _pywb_head(url, prefix, modifier="")), None)


def pywb_archive(markup: str, url: str) -> Replayed:
    """An archive that runs pywb, with the frame's content alone."""
    prefix = "https://arquivo.pt/noFrame/replay/"
    rewritten = rewrite(markup, prefixed(f"{prefix}{TIME}", url, modifier="mp_"))
    return Replayed(_inserted(rewritten, _HEAD, _pywb_head(url, prefix, modifier="mp_")), f"{prefix}{TIME}mp_/{url}")


def pywb_framed(markup: str, url: str) -> Replayed:
    """The same archive with its bar around the frame, saved by SingleFile: the page is in the frame's `srcdoc`."""
    prefix = "https://arquivo.pt/wayback/"
    page = rewrite(markup, prefixed(f"{prefix}{TIME}", url, modifier="mp_"))
    return Replayed(
        filled("pywb-frame", prefix=prefix, url=_escaped(url), page=_escaped(page).replace('"', "&quot;")), None
    )


def openwayback(markup: str, url: str) -> Replayed:
    """OpenWayback with its time line, under an address of its own."""
    prefix = f"http://wayback.library.example/wayback/{TIME}"
    rewritten = rewrite(markup, prefixed(prefix, url))
    shown = _inserted(rewritten, _END, filled("openwayback-body"))
    return Replayed(shown + filled("wayback-closing"), f"{prefix}/{url}")


def archive_it(markup: str, url: str) -> Replayed:
    """Archive-It with its yellow banner."""
    prefix = f"https://wayback.archive-it.org/2358/{TIME}"
    rewritten = rewrite(markup, prefixed(prefix, url))
    shown = _inserted(rewritten, _BODY, filled("archive-it-body", url=_escaped(url)))
    return Replayed(shown + filled("wayback-closing"), f"{prefix}/{url}")


FORMS = (
    wayback_2020, wayback_saved, wayback_2013, wayback_2008, archive_today, pywb_frameless, pywb_archive, pywb_framed,
    openwayback, archive_it,
)  # fmt: skip
