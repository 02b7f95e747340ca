"""WARC and ARC files, sound and damaged: every record is a capture or counted, and says where it lies."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import json
import lzma
import zlib
from collections import Counter
from pathlib import Path

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

import warcs
from archiver import clean, read
from archiver.readers import body, codings, members
from warcs import DATE, PAGES, body_of, http, packed, record, records, response, sha1

LAYOUTS = ("plain", "gzip", "whole-gzip", "whole-bzip2", "whole-xz", "zstd", "zstd-dictionary")


def one(found):
    (capture,), _ = found
    return capture


@pytest.mark.parametrize("how", LAYOUTS)
@pytest.mark.parametrize("write", [records, warcs.arc])
def test_every_layout_gives_the_same_pages(read_bytes, how, write):
    captures, skipped = read_bytes(packed(write(), how))
    assert [(capture.url, capture.content_type, capture.body) for capture in captures] == [
        (page[0], page[1], body_of(page)) for page in PAGES
    ]
    assert {capture.captured_at.isoformat() for capture in captures} == {"2024-05-31T10:00:00+00:00"}
    assert {capture.http_status for capture in captures} == {200}
    assert not any(capture.truncated or capture.unreadable for capture in captures)
    assert sum(skipped.values()) + len(captures) == len(write())
    assert [bool(capture.notes) for capture in captures] == [how.startswith("whole-"), False, False]
    assert {capture.archive for capture in captures} == {"x"}


@pytest.mark.parametrize("how", LAYOUTS)
@pytest.mark.parametrize("write", [records, warcs.arc])
def test_offset_and_length_are_those_of_the_record(read_bytes, how, write):
    data = packed(write(), how)
    captures, _ = read_bytes(data)
    stored = (
        {"whole-gzip": gzip, "whole-bzip2": bz2, "whole-xz": lzma}[how].decompress(data) if "whole" in how else data
    )
    dictionary = data[8 : 8 + int.from_bytes(data[4:8], "little")] if how == "zstd-dictionary" else b""
    for capture in captures:
        part = stored[capture.offset : capture.offset + capture.length]
        if how == "gzip":
            part = gzip.decompress(part)
        elif how.startswith("zstd"):
            words = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
            part = zstandard.ZstdDecompressor(dict_data=words).decompress(part)
        assert part in write()
        assert capture.body in part


def test_what_the_record_says_stands_in_the_capture(read_bytes):
    first = read_bytes(packed(records(), "gzip"))[0][0]
    assert first.record_id == "urn:uuid:00000000-0000-4000-8000-000000000001"
    assert first.declared_digest == sha1(first.body)
    assert first.digest_check == "equal"
    assert first.http_headers == (("content-type", "text/html; charset=utf-8"),)
    facts = clean(first).capture
    assert (facts.container, facts.offset, facts.length) == ("x", first.offset, first.length)
    assert facts.record_id == first.record_id


PAGE = b"<html><title>Tea</title><p>Water boils at 100 degrees at the level of the sea.</p></html>"
CODED = {
    "gzip": gzip.compress(PAGE),
    "x-gzip": gzip.compress(PAGE),
    "deflate": zlib.compress(PAGE),
    "deflate, bare": zlib.compress(PAGE, wbits=-15),
    "br": brotli.compress(PAGE),
    "zstd": zstandard.compress(PAGE),
    "identity": PAGE,
    "gzip, br": brotli.compress(gzip.compress(PAGE)),
    "gzip that is none": PAGE,
    "br that is none": PAGE,
}


def chunked(data, size=20):
    parts = [data[place : place + size] for place in range(0, len(data), size)]
    return b"".join(b"%x;ext=1\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\nTrailer: x\r\n\r\n"


@pytest.mark.parametrize("name", CODED)
@pytest.mark.parametrize("way", ["as it is", "chunked", "said to be chunked"])
def test_bodies_come_out_of_their_codings(read_bytes, name, way):
    coding = name.removesuffix(" that is none").removesuffix(", bare")
    sent = chunked(CODED[name]) if way == "chunked" else CODED[name]
    headers = ["Content-Type: text/html", f"Content-Encoding: {coding}"]
    if way != "as it is":
        headers.append("Transfer-Encoding: chunked")
    capture = one(read_bytes(response("http://a.example/", http(sent, *headers))))
    assert (capture.body, capture.truncated, capture.unreadable) == (PAGE, None, None)


@pytest.mark.parametrize("name", ["gzip", "deflate", "deflate, bare", "br", "zstd"])
def test_a_body_cut_short_says_so(read_bytes, name):
    long = PAGE * 500
    whole = {
        "gzip": gzip.compress(long),
        "deflate": zlib.compress(long),
        "deflate, bare": zlib.compress(long, wbits=-15),
        "br": brotli.compress(long),
        "zstd": zstandard.compress(long),
    }[name]
    for cut in range(10, len(whole)):
        headers = ("Content-Type: text/html", f"Content-Encoding: {name.partition(',')[0]}")
        capture = one(read_bytes(response("http://a.example/", http(whole[:cut], *headers))))
        assert capture.truncated
        assert long.startswith(capture.body)


@pytest.mark.parametrize("lost", [1, 3, 10, 40, 100])
def test_chunks_cut_short_say_so(read_bytes, lost):
    sent = chunked(PAGE).removesuffix(b"Trailer: x\r\n\r\n")
    block = http(sent[:-lost], "Content-Type: text/html", "Transfer-Encoding: chunked")
    capture = one(read_bytes(response("http://a.example/", block)))
    assert capture.truncated
    assert PAGE.startswith(capture.body)


def test_an_unknown_coding_is_told(read_bytes):
    block = http(b"\x01\x02", "Content-Type: text/html", "Content-Encoding: x-secret")
    capture = one(read_bytes(response("http://a.example/", block)))
    assert "in a coding that nobody knows: 'x-secret'" in capture.unreadable


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_bombs_stop_at_the_limit(read_bytes, monkeypatch, coding):
    for module in (body, codings):
        monkeypatch.setattr(module, "MAX_BYTES", 1_000_000)
    bomb = b"<p>" + b" boom" * 2_000_000
    sent = {"gzip": gzip.compress, "br": brotli.compress, "zstd": zstandard.compress}[coding](bomb)
    block = http(sent, "Content-Type: text/html", f"Content-Encoding: {coding}")
    capture = one(read_bytes(response("http://a.example/", block)))
    assert capture.body == bomb[:1_000_000]
    assert "cut after" in capture.truncated


def test_a_member_that_is_a_bomb_is_left(read_bytes, monkeypatch):
    monkeypatch.setattr(members, "_BOMB_BYTES", 1_000_000)
    bomb = response("http://a.example/bomb", http(b"\0" * 50_000_000, "Content-Type: video/mp4"))
    captures, skipped = read_bytes(packed([bomb, *records()], "gzip"))
    assert [capture.url for capture in captures] == [page[0] for page in PAGES]
    assert skipped["video/mp4, damaged"] == 1


NO_PAGES = [
    ("redirect (HTTP 301)", response("http://a.example/", http(b"", "Location: /b", status="301 Moved"))),
    ("not modified (HTTP 304)", response("http://a.example/", http(b"", status="304 Not Modified"))),
    ("no content (HTTP 204)", response("http://a.example/", http(b"", status="204 No Content"))),
    ("image/png", response("http://a.example/a.png", http(b"\x89PNG\r\n\x1a\n", "Content-Type: image/png"))),
    (
        "a PNG image sent as text/html",
        response("http://a.example/", http(b"\x89PNG\r\n\x1a\n\0", "content-type: text/html")),
    ),
    ("application/pdf", response("http://a.example/a.pdf", http(b"%PDF-1.4", "Content-Type: application/pdf;x=y"))),
    ("a PDF file", response("http://a.example/a.pdf", http(b"%PDF-1.4\n"))),
    (
        "application/octet-stream",
        response("http://a.example/a", http(b"\0\1", "Content-Type: application/octet-stream")),
    ),
    ("application/xml", response("http://a.example/feed", http(b"<rss>", "Content-Type: application/xml"))),
    ("no media type", response("http://a.example/a", http(b"{}"))),
    ("robots.txt", response("http://a.example/robots.txt", http(b"User-agent: *", "Content-Type: text/plain"))),
    ("request record", record("request", b"GET / HTTP/1.0\r\n\r\n")),
    ("metadata record", record("metadata", b"via: x")),
    ("warcinfo record", record("warcinfo", b"a: b")),
    ("untyped record", record("", b"a: b")),
    ("continuation record", record("continuation", b"...")),
    (
        "text/dns",
        record("response", b"20240531 example.org", "WARC-Target-URI: dns:example.org", "Content-Type: text/dns"),
    ),
    (
        "application/json",
        record("resource", b"{}", "WARC-Target-URI: urn:pageinfo:http://a/", "Content-Type: application/json"),
    ),
    (
        "the crawler's own metadata",
        record(
            "resource",
            b"x",
            "WARC-Target-URI: <metadata://gnu.org/software/wget/warc/wget.log>",
            "Content-Type: text/plain",
        ),
    ),
]


@pytest.mark.parametrize(("reason", "data"), NO_PAGES, ids=[reason for reason, _ in NO_PAGES])
def test_what_is_no_page_is_counted(read_bytes, reason, data):
    assert read_bytes(data) == ([], Counter({reason: 1}))


PAGES_ALL_THE_SAME = {
    "no type at all": response("http://a.example/", http(PAGE)),
    "octet-stream": response("http://a.example/", http(PAGE, "Content-Type: application/octet-stream")),
    "XHTML sent as XML": response("http://a.example/", http(PAGE, "Content-Type: application/xml")),
    "an error's page": response("http://a.example/", http(PAGE, "Content-Type: text/html", status="404 Not Found")),
    "a resource": record(
        "resource", PAGE, "WARC-Target-URI: http://a.example/", f"WARC-Date: {DATE}", "Content-Type: text/html"
    ),
    "no HTTP in a response": response("http://a.example/", PAGE),
    "line feeds alone": response("http://a.example/", b"HTTP/1.0 200 OK\nContent-Type: text/html\n\n" + PAGE),
    "address in brackets": response("<http://a.example/>", http(PAGE, "Content-Type: text/html")),
    "type identified": response("http://a.example/", http(PAGE), "WARC-Identified-Payload-Type: text/html"),
    "WARC 1.1": response("http://a.example/", http(PAGE, "Content-Type: text/html"), version="1.1"),
    "WARC 0.18": response("http://a.example/", http(PAGE, "Content-Type: text/html"), version="0.18"),
    "folded header": response("http://a.example/", http(PAGE, "Content-Type:\r\n text/html")),
    "Latin-1 in a header": response(
        "http://a.example/", http(PAGE, "Content-Type: text/html").replace(b"200 OK", b"200 tr\xe8s bien")
    ),
}


@pytest.mark.parametrize("name", PAGES_ALL_THE_SAME)
def test_pages_of_odd_records_are_read(read_bytes, name):
    capture = one(read_bytes(PAGES_ALL_THE_SAME[name]))
    assert (capture.url, capture.body, capture.truncated) == ("http://a.example/", PAGE, None)


def test_text_of_browsertrix_and_of_wet_is_plain_text(read_bytes):
    text = b"Tea\n\nWater boils at 100 degrees at the level of the sea, and earlier on mountains.\n"
    ways = [
        record(
            "resource",
            text,
            "WARC-Target-URI: urn:text:https://a.example/",
            f"WARC-Date: {DATE}",
            "Content-Type: text/plain",
        ),
        record(
            "conversion",
            text,
            "WARC-Target-URI: https://a.example/",
            f"WARC-Date: {DATE}",
            "Content-Type: text/plain",
            "WARC-Refers-To: <urn:uuid:1>",
        ),
    ]
    captures, skipped = read_bytes(packed(ways, "gzip"))
    assert [(capture.url, capture.body) for capture in captures] == [("https://a.example/", text)] * 2
    assert {clean(capture).capture.format for capture in captures} == {"text"}
    assert not skipped


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ("2024-05-31T10:00:00Z", "2024-05-31T10:00:00+00:00"),
        ("2024-05-31T10:00:00.123456Z", "2024-05-31T10:00:00.123456+00:00"),
        ("2024-05-31T10:00:00", "2024-05-31T10:00:00+00:00"),
        ("2024-05-31T12:00:00+02:00", "2024-05-31T10:00:00+00:00"),
        ("2024", "2024-01-01T00:00:00+00:00"),
        ("2024-05", "2024-05-01T00:00:00+00:00"),
        ("2024-05-31", "2024-05-31T00:00:00+00:00"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59+00:00"),
        ("-2024-05-31T10:00:00Z", None),
        ("0000-00-00T00:00:00Z", None),
        ("soon", None),
        ("", None),
    ],
)
def test_times(read_bytes, told, moment):
    data = record(
        "resource", PAGE, "WARC-Target-URI: http://a.example/", f"WARC-Date: {told}", "Content-Type: text/html"
    )
    capture = one(read_bytes(data))
    assert (capture.captured_at and capture.captured_at.isoformat()) == moment
    assert bool(capture.notes) == (moment is None)
    assert clean(capture).status in ("ok", "partial")


DIGESTS = {
    sha1(PAGE): "equal",
    sha1(PAGE).lower(): "equal",
    "sha1:" + hashlib.sha1(PAGE).hexdigest().upper(): "equal",
    "sha-256:" + hashlib.sha256(PAGE).hexdigest(): "equal",
    "md5:" + hashlib.md5(PAGE).hexdigest(): "equal",
    sha1(b"another"): "different",
    "sha1:short": "unknown",
    "crc32:00000000": "unknown",
    "nonsense": "unknown",
}


@pytest.mark.parametrize("declared", DIGESTS)
@pytest.mark.parametrize("field", ["WARC-Payload-Digest", "WARC-Block-Digest"])
def test_digests_are_checked(read_bytes, declared, field):
    data = record(
        "resource",
        PAGE,
        "WARC-Target-URI: http://a.example/",
        f"WARC-Date: {DATE}",
        "Content-Type: text/html",
        f"{field}: {declared}",
    )
    capture = one(read_bytes(data))
    assert (capture.declared_digest, capture.digest_check) == (declared, DIGESTS[declared])
    assert any("was computed of" in doubt for doubt in clean(capture).account.doubts) == (
        DIGESTS[declared] == "different"
    )


@pytest.mark.parametrize("of", ["stored", "joined"])
def test_payload_digests_of_chunks_are_taken_in_both_ways(read_bytes, of):
    sent = gzip.compress(PAGE)
    block = http(chunked(sent), "Content-Type: text/html", "Content-Encoding: gzip", "Transfer-Encoding: chunked")
    digest = sha1(chunked(sent) if of == "stored" else sent)
    capture = one(read_bytes(response("http://a.example/", block, f"WARC-Payload-Digest: {digest}")))
    assert capture.digest_check == "equal"


def test_a_wrong_block_digest_is_told_beside_a_right_payload_digest(read_bytes):
    fields = (f"WARC-Payload-Digest: {sha1(PAGE)}", f"WARC-Block-Digest: {sha1(b'other')}")
    capture = one(read_bytes(response("http://a.example/", http(PAGE, "Content-Type: text/html"), *fields)))
    assert capture.digest_check == "equal"
    assert "the record with its HTTP headers is not the one" in capture.notes[0]


CUTS = {
    "cut by the crawler (length)": response(
        "http://a.example/", http(PAGE, "Content-Type: text/html"), "WARC-Truncated: length"
    ),
    "the rest lies in other records": response(
        "http://a.example/", http(PAGE, "Content-Type: text/html"), "WARC-Segment-Number: 1"
    ),
    f"{len(PAGE)} of 5000 bytes": response(
        "http://a.example/", http(PAGE, "Content-Type: text/html", "Content-Length: 5000")
    ),
    "a part of the page (HTTP 206)": response(
        "http://a.example/", http(PAGE, "Content-Type: text/html", status="206 Partial")
    ),
}


@pytest.mark.parametrize("words", CUTS)
def test_what_was_cut_before_says_so(read_bytes, words):
    assert words in one(read_bytes(CUTS[words])).truncated


def test_an_empty_page_is_told(read_bytes):
    capture = one(read_bytes(response("http://a.example/", http(b" \r\n", "Content-Type: text/html"))))
    assert capture.unreadable.startswith("empty:")


def revisit(url, *fields, headers=(), status="200 OK"):
    return record(
        "revisit",
        http(b"", *headers, status=status),
        f"WARC-Target-URI: {url}",
        "WARC-Date: 2024-06-30T10:00:00Z",
        "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest",
        "Content-Type: application/http; msgtype=response",
        "WARC-Record-ID: <urn:uuid:9>",
        *fields,
    )


REFERENCES = {
    "id": ["WARC-Refers-To: <urn:uuid:00000000-0000-4000-8000-000000000002>"],
    "address and time": [f"WARC-Refers-To-Target-URI: {PAGES[1][0]}", f"WARC-Refers-To-Date: {DATE}"],
    "digest": [f"WARC-Payload-Digest: {sha1(body_of(PAGES[1]))}"],
}


@pytest.mark.parametrize("how", LAYOUTS)
@pytest.mark.parametrize("reference", REFERENCES)
def test_revisits_get_the_body_of_the_original(read_bytes, how, reference):
    again = revisit(PAGES[1][0], *REFERENCES[reference])
    captures, _ = read_bytes(packed([*records(), again], how))
    capture = captures[-1]
    assert capture.body == body_of(PAGES[1])
    assert capture.content_type == PAGES[1][1]
    assert capture.captured_at.isoformat() == "2024-06-30T10:00:00+00:00"
    assert capture.record_id == "urn:uuid:9"
    assert capture.revisit_of
    assert capture.digest_check == ("equal" if reference == "digest" else None)
    assert clean(capture).text == clean(captures[1]).text


def test_revisits_reach_into_files_read_before(tmp_path):
    (tmp_path / "1.warc.gz").write_bytes(packed(records(), "gzip"))
    (tmp_path / "2.warc").write_bytes(packed([revisit(PAGES[1][0], *REFERENCES["digest"])], "plain"))
    assert list(read(tmp_path))[-1].body == body_of(PAGES[1])
    (alone,) = read(tmp_path / "2.warc")
    assert alone.unreadable.startswith("a revisit of sha1:")
    assert "read it together with the archive that holds the original" in alone.unreadable


def test_a_revisit_that_was_not_modified_has_the_status_of_the_original(read_bytes):
    again = revisit(PAGES[1][0], *REFERENCES["id"], headers=[f"Content-Type: {PAGES[1][1]}"], status="304 Not Modified")
    captures, _ = read_bytes(packed([*records(), again], "plain"))
    assert (captures[-1].http_status, captures[-1].body) == (200, body_of(PAGES[1]))


def test_a_damaged_record_that_is_no_page_says_so(read_bytes):
    data = packed(records(), "plain")
    # The last record is a request, and lacks its end.
    assert read_bytes(data[:-10])[1]["request record, damaged"] == 1


def test_a_revisit_of_an_image_is_counted(read_bytes):
    image = response("http://a.example/a.png", http(b"\x89PNG", "Content-Type: image/png"))
    refers = ("WARC-Refers-To-Target-URI: http://a.example/a.png", f"WARC-Refers-To-Date: {DATE}")
    captures, skipped = read_bytes(image + revisit("http://a.example/a.png", *refers))
    assert (captures, skipped) == ([], {"image/png": 1, "revisit of image/png": 1})
    alone = revisit("http://a.example/a.png", *refers, headers=["Content-Type: image/png"])
    assert read_bytes(alone) == ([], {"revisit of image/png": 1})


def urls(captures):
    return [capture.url for capture in captures if not capture.unreadable]


@pytest.mark.parametrize("how", LAYOUTS)
def test_a_cut_at_any_byte_loses_nothing_before_it(read_bytes, how):
    data = packed(records(), how)
    whole, _ = read_bytes(data)
    ends = [capture.offset + capture.length for capture in whole]
    for cut in range(0, len(data), 7):
        captures, _ = read_bytes(data[:cut], "x.warc")
        sound = sum(end <= cut for end in ends) if "whole" not in how else 0
        assert [capture.body for capture in captures[:sound]] == [capture.body for capture in whole[:sound]]
        for capture in captures[sound:]:
            # A record that lacks nothing but the line ends behind it is whole.
            index = whole[[page[0] for page in PAGES].index(capture.url)] if capture.url else None
            assert capture.unreadable or capture.truncated or (index and capture.body == index.body)


LIES = {
    "too long": (5_000_000, None),
    "too long by little": (30, None),
    "too short": (-60, None),
    "none": ("", None),
    "negative": ("-5", None),
    "no number": ("many", None),
    "enormous": ("9" * 30, None),
}


@pytest.mark.parametrize("how", LAYOUTS)
@pytest.mark.parametrize("lie", LIES)
def test_a_record_that_lies_about_its_length_costs_no_other(read_bytes, how, lie):
    told = LIES[lie][0]
    block = http(body_of(PAGES[0]), f"Content-Type: {PAGES[0][1]}")
    length = len(block) + told if isinstance(told, int) else told
    parts = [warcs.INFO, response(PAGES[0][0], block, length=length), *records()[3:]]
    captures, _ = read_bytes(packed(parts, how))
    assert urls(captures) == [page[0] for page in PAGES]
    assert captures[0].truncated
    assert [capture.body for capture in captures if not capture.unreadable][1:] == [body_of(page) for page in PAGES[1:]]
    assert body_of(PAGES[0]).startswith(captures[0].body[: len(body_of(PAGES[0]))])
    assert len(captures[0].body) <= len(body_of(PAGES[0])) + 4


@pytest.mark.parametrize("how", ["plain", "gzip"])
def test_many_lies_take_no_longer(read_bytes, monkeypatch, how):
    monkeypatch.setattr("archiver.readers.warc.framing._MAX_READ_AGAIN", 1000)
    liars = [
        response(f"http://a.example/{number}", http(PAGE, "Content-Type: text/html"), length=10_000_000, number=number)
        for number in range(200)
    ]
    captures, _ = read_bytes(packed(liars, how))
    assert len(captures) == 200
    # Behind the last record nothing tells its line ends from the page's.
    assert {capture.body for capture in captures[:-1]} == {PAGE}
    assert captures[-1].body.rstrip() == PAGE


def test_a_warc_in_a_warc_is_no_lie(read_bytes):
    inner = packed(records(), "plain")
    outer = response("http://a.example/x.warc", http(inner, "Content-Type: application/warc"))
    captures, skipped = read_bytes(outer + records()[1])
    assert urls(captures) == [PAGES[0][0]]
    assert skipped["application/warc"] == 1


@pytest.mark.parametrize("how", ["gzip", "zstd", "plain"])
def test_rubbish_between_records_is_told(read_bytes, how):
    parts = [packed([part], how) for part in records()]
    parts[3:3] = [b"\xde\xad\xbe\xef" * 20]
    captures, _ = read_bytes(b"".join(parts))
    assert urls(captures) == [page[0] for page in PAGES]
    (told,) = [capture for capture in captures if capture.unreadable]
    assert told.offset == len(b"".join(parts[:3]))
    assert "look at the file from byte" in told.unreadable


@pytest.mark.parametrize("how", ["gzip", "zstd"])
@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_flipped_bytes_cost_only_the_records_they_hit(how, tmp_path_factory, data):
    parts = [packed([part], how) for part in records()]
    whole = b"".join(parts)
    place = data.draw(st.integers(0, len(whole) - 1))
    flipped = bytearray(whole)
    flipped[place] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.mktemp("flip") / "x.warc.gz"
    path.write_bytes(flipped)
    captures = list(read(path))
    begin = 0
    for number, part in enumerate(parts):
        if number in (1, 3, 5) and not begin <= place < begin + len(part):
            page = PAGES[number // 2]
            assert body_of(page) in [capture.body for capture in captures if capture.url == page[0]]
        begin += len(part)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.tuples(st.integers(0, 3000), st.binary(max_size=40), st.integers(0, 60)), max_size=6),
    st.sampled_from(LAYOUTS),
)
def test_no_damage_stops_the_reading(tmp_path_factory, edits, how):
    data = packed(records(), how)
    for place, put, out in edits:
        data = data[:place] + put + data[place + out :]
    path = tmp_path_factory.mktemp("any") / "x.warc"
    path.write_bytes(data)
    for capture in read(path):
        assert capture.unreadable is None or "(" in capture.unreadable


def test_a_long_head_is_no_bomb(read_bytes):
    captures, _ = read_bytes(b"WARC/1.0\r\n" + b"a: b\r\n" * 1_000_000 + b"\r\n" + records()[1])
    assert urls(captures) == [PAGES[0][0]]


def test_reading_is_the_same_through_a_pipe(read_bytes, monkeypatch):
    data = packed(records(), "gzip")

    class Stdin:
        buffer = io.BytesIO(data)

    monkeypatch.setattr("sys.stdin", Stdin)
    piped = list(read("-"))
    assert [capture.body for capture in piped] == [body_of(page) for page in PAGES]
    assert {(capture.source, capture.container, capture.archive) for capture in piped} == {("-", "-", "-")}


SHARED_DATA = Path(__file__).parents[2] / "shared" / "data" / "captures"


@pytest.mark.skipif(not SHARED_DATA.is_dir(), reason="the development data are not beside the project")
def test_every_file_of_the_development_data_is_read_or_refused_with_its_reason():
    expected = json.loads((Path(__file__).parent / "cases" / "development_captures.json").read_text())
    found = {}
    for path in sorted(SHARED_DATA.rglob("*")):
        if path.is_file():
            skipped = Counter()
            captures = list(read(path, skipped))
            told = [
                [capture.url, bool(capture.body), capture.digest_check, bool(capture.truncated), capture.unreadable]
                for capture in captures
            ]
            found[path.relative_to(SHARED_DATA).as_posix()] = {
                "captures": told,
                "skipped": dict(sorted(skipped.items())),
            }
    assert found == expected
