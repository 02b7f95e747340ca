"""A page saved from a replay gives the text, the links, the address and the time of the page as captured."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import urljoin

import pytest

import archiver
from tests.replaying import FORMS, TIME, archive_today

PAGES = sorted((Path(__file__).parent / "cases" / "replay").glob("*.html"))


@cache
def page(path):
    markup = path.read_text(encoding="utf-8")
    return markup, re.search(r'rel="canonical" href="([^"]+)"', markup)[1]


@cache
def plain(path):
    markup, url = page(path)
    return archiver.clean(markup, url=url)


def links(record, base=None):
    """The content's links, made absolute: a replay makes "/about" so, and a browser that saves a page all of them."""
    return [(link.start, link.end, urljoin(base or record.url, link.href)) for link in record.content.links]


def base_of(path):
    """What the page's relative links are relative to."""
    markup, url = page(path)
    base = re.search(r'<base href="([^"]+)"', markup)
    return base[1] if base else url


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_replayed_page_gives_the_page(path, form):
    markup, url = page(path)
    replayed = form(markup, url)
    record = archiver.clean(replayed.html, url=replayed.address)
    assert record.text == plain(path).text
    assert record.content.text_digest == plain(path).content.text_digest
    assert links(record, base_of(path)) == links(plain(path), base_of(path))
    assert (record.url, record.timestamp) == (url, TIME)
