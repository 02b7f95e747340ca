"""The same page in every wrapper gives the same text: HTML, MHTML by a real Chromium, WARC, ARC, WACZ, SingleFile, a
replay's page.
"""

from __future__ import annotations

import gzip
import json
import re
from functools import cache
from pathlib import Path

import pytest

import archiver
import warcs
from replaying import wayback_2020

RAW = Path(__file__).parent.parent / "raw"


@cache
def pages():
    """The HTML pages of raw/ that no tool has saved yet, by their place there."""
    captures = [capture for capture in archiver.read(RAW) if capture.url and ".html" in capture.container]
    return {capture.container: capture for capture in captures}


def as_html(capture):
    return "page.html", capture.body


def as_warc(capture):
    return "page.warc", warcs.response(
        capture.url, warcs.http(capture.body, f"Content-Type: {capture.content_type or 'text/html'}")
    )


def as_warc_gz(capture):
    return "page.warc.gz", gzip.compress(as_warc(capture)[1])


def as_coded_warc_zst(capture):
    sent = gzip.compress(capture.body)
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(sent), sent)
    kind = f"Content-Type: {capture.content_type or 'text/html'}"
    headers = kind, "Content-Encoding: gzip", "Transfer-Encoding: chunked"
    return "page.warc.zst", warcs.packed([warcs.response(capture.url, warcs.http(chunks, *headers))], "zstd")


def as_arc(capture):
    block = warcs.http(capture.body, f"Content-Type: {capture.content_type or 'text/html'}")
    return "page.arc", f"{capture.url} 192.0.2.1 20240531100000 text/html {len(block)}\n".encode() + block + b"\n"


def as_wacz(capture):
    return "page.wacz", warcs.zipped({"datapackage.json": b"{}", "archive/data.warc.gz": as_warc_gz(capture)[1]})


def as_singlefile(capture):
    """As SingleFile writes it: its comment first in <html>, UTF-8 declared, scripts gone."""
    markup = archiver.decode(capture.body, capture.content_type).text
    markup = re.sub(r"<script(?![^>]*ld\+json).*?</script>", "", markup, flags=re.DOTALL | re.IGNORECASE)
    markup = re.sub(r"<meta[^>]*charset[^>]*>", "", markup, flags=re.IGNORECASE)
    told = f" url: {capture.url} \n saved date: Fri May 31 2024 10:00:00 GMT+0000 (UTC)\n"
    comment = f"<!--\n Page saved with SingleFile \n{told}-->"
    start = re.search(r"<html[^>]*>", markup, re.IGNORECASE)
    place = start.end() if start else 0
    return "page.html", f"{markup[:place]}{comment}<meta charset=utf-8>{markup[place:]}".encode()


def as_wayback(capture):
    markup = archiver.decode(capture.body, capture.content_type).text
    return "page.html", wayback_2020(markup, capture.url).html.encode()


WRAPPERS = (as_html, as_warc, as_warc_gz, as_coded_warc_zst, as_arc, as_wacz, as_singlefile, as_wayback)


def text_of(name, data, folder):
    path = folder / name
    path.write_bytes(data)
    (capture,) = archiver.read(path)
    record = archiver.clean(capture)
    return record.text, record.content.text_digest


@cache
def expected(name):
    capture = pages()[name]
    record = archiver.clean(capture)
    assert record.text
    return record.text, record.content.text_digest


def test_there_are_pages_to_wrap():
    assert len(pages()) >= 10


@pytest.mark.parametrize("wrap", WRAPPERS, ids=lambda wrap: wrap.__name__)
@pytest.mark.parametrize("name", pages())
def test_a_wrapped_page_gives_the_text_of_the_page(tmp_path, name, wrap):
    capture = pages()[name]
    if wrap is as_html and capture.content_type:
        # A file tells no type: the one beside it does.
        facts = {"content_type": capture.content_type}
        (tmp_path / "page.html.meta.json").write_text(json.dumps(facts))
    assert text_of(*wrap(capture), tmp_path) == expected(name)
