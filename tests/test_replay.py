"""A page saved from a replay gives the text, the links, the address and the time of the page as captured."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

import archiver
from archiver.blocks import segment
from archiver.check import fault_in
from archiver.metadata import identify, unrewrite
from archiver.model import Block, Capture, Document, Element, Link
from replaying import FORMS, TIME, archive_today, prefixed, resolved, without_classes

ROOT = Path(__file__).parent.parent
WRITTEN = {path.stem: path for path in sorted((ROOT / "tests" / "cases" / "replay").glob("*.html"))}


@cache
def samples():
    """The pages of raw/ that no tool has saved yet: (markup, address) by their place there."""
    captures = [capture for capture in archiver.read(ROOT / "raw") if capture.url and ".html" in capture.container]
    return {
        capture.container: (archiver.decode(capture.body, capture.content_type).text, capture.url)
        for capture in captures
    }


PAGES = [*WRITTEN, *samples()]


@cache
def page(name):
    """(markup, address)"""
    if name not in WRITTEN:
        return samples()[name]
    markup = WRITTEN[name].read_text(encoding="utf-8")
    return markup, re.search(r'rel="canonical" href="([^"]+)"', markup)[1]


@cache
def plain(name, form):
    """The record of the page itself, as much of it as the form of replay keeps."""
    markup, url = page(name)
    return archiver.clean(without_classes(markup) if form is archive_today else markup, url=url)


def links(record, base):
    """The content's links, made absolute: a replay makes "/about" so, and a browser that saves a page all of them."""
    return [(link.start, link.end, urljoin(base, link.href)) for link in record.content.links]


def base_of(name):
    """What the page's relative links are relative to."""
    markup, url = page(name)
    base = re.search(r'<base href="([^"]+)"', markup)
    return base[1] if base else url


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
@pytest.mark.parametrize("name", PAGES)
def test_a_replayed_page_gives_the_page(name, form):
    markup, url = page(name)
    replayed = form(markup, url)
    record, expected = archiver.clean(replayed.html, url=replayed.address), plain(name, form)
    assert record.text == expected.text
    assert record.content.text_digest == expected.content.text_digest
    assert links(record, base_of(name)) == links(expected, base_of(name))
    assert (record.url, record.timestamp) == (url, TIME)
    # What the replay put there is in the record, and nothing of it was lost.
    assert fault_in(record) is None


def cases(name):
    path = ROOT / "tests" / "cases" / "replay" / f"{name}.json"
    return [pytest.param(case, id=case["label"]) for case in json.loads(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("case", cases("links"))
def test_a_link_is_put_back(case):
    page = f"<p>The minutes of the council, <a href='{case['input']}'>in full</a>, fill two volumes of the archive.</p>"
    document = segment(case.get("head", "") + page)
    capture = Capture(b"", url=case["page"])
    shown = unrewrite(document, capture, identify(capture, document.head))
    assert shown.blocks[0].links[0].href == case["expected"]


@pytest.mark.parametrize("case", cases("dumps"))
def test_a_dump_loses_the_toolbar(case):
    record = archiver.clean("\n".join([*case["toolbar"], *case["page"], *case.get("after", [])]))
    alone = archiver.clean("\n".join(case["page"]))
    assert record.text == alone.text
    removed = {entry.text: entry.kind for entry in record.removed}
    lines = [line.strip() for line in (*case["toolbar"], *case.get("after", [])) if line.strip()]
    assert {line: removed.get(line) for line in lines} == dict.fromkeys(lines, "archive-toolbar")


def test_a_dump_names_address_and_time():
    line = f"The Wayback Machine - https://web.archive.org/web/{TIME}/http://town.example/lock"
    linked = f"The gates of [the lock](https://web.archive.org/web/{TIME}/http://canal.example/) were closed at noon."
    record = archiver.clean(f"{line}\n\n{linked}")
    assert (record.url, record.timestamp, record.capture.replayed_by) == ("http://town.example/lock", TIME, "wayback")
    assert [link.href for link in record.content.links] == ["http://canal.example/"]


@pytest.mark.parametrize("case", cases("notices"))
def test_a_notice_in_place_of_a_page_is_a_doubt(case):
    doubts = [doubt for doubt in archiver.clean(case["input"]).account.doubts if "in place of the page" in doubt]
    assert len(doubts) == case["expected"]


def test_archive_today_says_nothing_of_the_page_in_its_head():
    markup, url = page("ru-museum")
    metadata = archiver.clean(archive_today(markup, url).html).metadata
    assert metadata.title == plain("ru-museum", None).metadata.title
    assert (metadata.published, metadata.modified, metadata.page_type) == (None, None, None)
    assert metadata.site_name != "archive.ph"


PAGE = "https://town.example.org/news/2019/lock.html"
ROOT_ELEMENT = Element(-1, "html", 1, "", (), "", {}, "", frozenset())
OTHER_SCHEME = re.compile(r"#|mailto:|javascript:|tel:|data:")
UNSEEN = ("Cs", "Cc", "Zs", "Zl", "Zp")
PATHS = st.text(st.characters(exclude_categories=UNSEEN, exclude_characters="\"'<>&"))
HOSTS = st.sampled_from(["a.example", "www.b.example:8080", "пример.example", "web.archive.org", "localhost"])
ABSOLUTE = st.builds("{}://{}/{}".format, st.sampled_from(["http", "https"]), HOSTS, PATHS)
# Pages link to archives themselves, and at other times than they were captured at.
TIMES = st.integers(19960101000000, 20241231235959).map(str).filter(lambda time: time != TIME)
ARCHIVED = st.builds("https://web.archive.org/web/{}/{}".format, TIMES, ABSOLUTE)
RELATIVE = st.from_regex(r"(?:\.\./|\./|[a-z]+/){0,3}[a-z]+\.html(?:\?[a-z]=[0-9]+)?(?:#[a-z]+)?", fullmatch=True)
OTHER = st.sampled_from(["#top", "mailto:a@b.example", "javascript:void(0)", "tel:+1", "data:text/plain,x", ""])
KEPT = ABSOLUTE | ARCHIVED | RELATIVE | OTHER
ROOTED = st.builds("/{}".format, st.from_regex(r"[a-z]+/[a-z]*", fullmatch=True))
SHOWN = {
    "wayback": (f"https://web.archive.org/web/{TIME}/{PAGE}", prefixed(f"https://web.archive.org/web/{TIME}", PAGE)),
    "host-relative": (f"https://web.archive.org/web/{TIME}/{PAGE}", prefixed(f"/web/{TIME}", PAGE)),
    "pywb": (
        f"http://localhost:80/a/{TIME}mp_/{PAGE}",
        prefixed(f"http://localhost:80/a/{TIME}", PAGE, modifier="mp_"),
    ),
    "archive-it": (f"https://wayback.archive-it.org/23/{TIME}/{PAGE}", prefixed(f"/23/{TIME}", PAGE)),
}
FORM = st.sampled_from(sorted(SHOWN))


def undone(hrefs, address):
    """The links of a page that a replay shows under the address, put back."""
    text = "x" * len(hrefs)
    links = tuple(Link(place, place + 1, href) for place, href in enumerate(hrefs))
    document = Document("html", (Block(0, "paragraph", 0, text, 0, 0, len(text), links),), (ROOT_ELEMENT,))
    capture = Capture(b"", url=address)
    shown = unrewrite(document, capture, identify(capture, document.head))
    again = unrewrite(shown, capture, identify(capture, shown.head))
    assert again == shown
    return [link.href for link in shown.blocks[0].links]


@given(FORM, st.lists(KEPT))
def test_what_was_rewritten_comes_back_to_the_letter(form, hrefs):
    address, rewritten = SHOWN[form]
    assert undone([rewritten(href) for href in hrefs], address) == hrefs


@given(FORM, st.lists(ROOTED))
def test_what_was_made_absolute_stays_so(form, hrefs):
    address, rewritten = SHOWN[form]
    assert undone([rewritten(href) for href in hrefs], address) == [urljoin(PAGE, href) for href in hrefs]


@given(st.lists(KEPT | ROOTED))
def test_a_page_saved_by_a_browser_has_absolute_links(hrefs):
    prefix = f"https://web.archive.org/web/{TIME}"
    saved = undone([resolved(prefix, PAGE)(href) for href in hrefs], f"{prefix}/{PAGE}")
    left = OTHER_SCHEME.match
    assert saved == [href if left(href) else urljoin(PAGE, href) for href in hrefs]


@given(st.lists(KEPT | ROOTED | st.text()))
def test_a_page_that_nobody_replayed_stays_the_same_object(hrefs):
    links = tuple(Link(0, 1, href) for href in hrefs)
    document = Document("html", (Block(0, "paragraph", 0, "x", 0, 0, 1, links),), (ROOT_ELEMENT,))
    capture = Capture(b"", url=PAGE)
    assert unrewrite(document, capture, identify(capture, document.head)) is document
