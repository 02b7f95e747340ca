"""A page saved from a replay gives the text, the links, the address and the time of the page as captured."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import urljoin

import pytest

import archiver
from archiver.check import fault_in
from tests.replaying import FORMS, TIME, archive_today, without_classes

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
