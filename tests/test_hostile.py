"""Pages made to hurt: each gives a sound record, whatever its size and shape, and nothing outside is asked."""

from __future__ import annotations

import socket
from collections.abc import Callable
from functools import partial
from hashlib import sha256

import pytest

from archiver import clean
from archiver.check import fault_in
from archiver.model import Options
from archiver.record import from_json, to_json

BODY = b"<p>Water boils at 100 degrees at the level of the sea, and earlier on high mountains.</p>"
TEXT = "Water boils at 100 degrees"


def nested(tag: str, times: int) -> bytes:
    return b"<html><body>" + f"<{tag}>".encode() * times + BODY


def laughing() -> bytes:
    entities = b"".join(b'<!ENTITY %c "%s">' % (97 + level, b"&%c;" % (96 + level) * 10) for level in range(1, 20))
    head = b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "haha">' + entities + b"]>"
    return head + b'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>&t;</p>' + BODY


PAGES: dict[str, Callable[[], bytes]] = {
    "100,000 elements deep": partial(nested, "div", 100_000),
    "100,000 elements deep, each open element formatting": partial(nested, "b", 100_000),
    "text at 20,000 depths of a hidden element": lambda: BODY + b"<div hidden>" + b"<div>a" * 20_000,
    "tables 30,000 deep": partial(nested, "table><tr><td", 30_000),
    "lists 20,000 deep": partial(nested, "ul><li", 20_000),
    "a million attributes": lambda: b"<div " + b" ".join(b"a%d=b" % n for n in range(1_000_000)) + b">" + BODY,
    "an attribute a million times": lambda: b"<div " + b"a=b " * 1_000_000 + b">" + BODY,
    "half a million classes": lambda: b'<div class="' + b" ".join(b"c%d" % n for n in range(500_000)) + b'">' + BODY,
    "colspan 9e15": lambda: b"<table><tr><td colspan=9000000000000000 rowspan=99999999999>a<td>b</table>" + BODY,
    "a list that counts from 1e21": lambda: b"<ol start=999999999999999999999><li value=-9e99>a</ol>" + BODY,
    "entities by the million": lambda: b"<p>" + b"&amp;&#x41;" * 500_000 + BODY,
    "entities that laugh": laughing,
    "60,000 list items": lambda: BODY + b"<ul>" + b"<li>a" * 60_000,
    "100,000 cells": lambda: BODY + b"<table>" + b"<tr><td>a<td>b" * 50_000,
    "a million line breaks": lambda: b"<br>" * 1_000_000 + BODY,
    "a million signs of less": lambda: b"<" * 1_000_000 + BODY,
    "comments that never end": lambda: BODY + b"<!--" * 1_000_000,
    "JSON-LD 500,000 deep": lambda: b'<script type="application/ld+json">' + b"[" * 500_000 + b"</script>" + BODY,
    "100,000 meta tags": lambda: b"<meta name=a content=b>" * 100_000 + BODY,
    "a million NULs": lambda: b"\0" * 1_000_000 + BODY,
    "a link of five megabytes": lambda: b"<a href='http://" + b"a" * 5_000_000 + b"'>" + BODY,
    "a million bidi controls": lambda: "\u202e".encode() * 1_000_000 + BODY,
    "times out of all calendars": lambda: b"<time datetime='-9999-99-99T99:99:99+99:99'>" + b"9" * 99_999 + BODY,
    "a million combining marks": lambda: BODY + ("a" + "\u0301" * 1_000_000).encode(),
    "text of 60,000 lines": lambda: b"Water boils at 100 degrees.\n" * 60_000,
}


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_page_gives_a_sound_record(name):
    record = clean(PAGES[name](), url="http://a.example/")
    assert record.status in ("ok", "partial")
    assert fault_in(record) is None
    assert TEXT in record.text or any(TEXT in removed.text for removed in record.removed)
    assert from_json(to_json(record)) == record


@pytest.mark.parametrize("data", [b"<p>" + b"water boils " * 17_000_000, b"w" * 200_000_000], ids=["words", "a word"])
def test_a_line_of_200_megabytes_is_cut_and_said(data):
    record = clean(data, options=Options(max_body_bytes=4_000_000))
    assert f"only the first 4000000 of {len(data)} bytes were read" in record.capture.truncated
    assert record.status == "partial"
    assert record.capture.payload_digest == f"sha256:{sha256(data).hexdigest()}"
    assert fault_in(record) is None


XML = b"""<?xml version="1.0"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://a.example/xhtml.dtd" [
<!ENTITY file SYSTEM "file:///etc/passwd"> <!ENTITY web SYSTEM "http://a.example/x"> <!ENTITY own "resolved">
<!ENTITY %% outside SYSTEM "http://a.example/y.dtd"> %%outside; ]>
<html xmlns="http://www.w3.org/1999/xhtml"><head><link rel="stylesheet" href="http://a.example/s.css"/>
<base href="http://a.example/"/></head><body><p>&file;&web;&own;</p>%s<img src="http://a.example/i.png"/>
<iframe src="http://a.example/f"></iframe><object data="http://a.example/o"></object></body></html>"""


@pytest.mark.parametrize("type_", ["text/html", "application/xhtml+xml", "application/xml", None])
def test_nothing_is_fetched_and_no_entity_of_xml_is_resolved(monkeypatch, type_):
    def refuse(*arguments, **named):
        raise AssertionError("the network was asked")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    record = clean(XML % BODY, url="http://a.example/", content_type=type_)
    assert TEXT in record.text
    everything = to_json(record)
    assert "root:" not in everything
    assert "resolved" not in record.text
