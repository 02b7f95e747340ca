"""Pages saved as MHTML give the page, whoever wrote the file, and what stands before the damage of a broken one."""

from __future__ import annotations

import base64
import binascii
import gzip
import quopri
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import archiver
from archiver.cli import main
from archiver.model import Capture
from archiver.readers import READERS, mhtml, mime, read

PAGE = """<!DOCTYPE html><html lang="fa" dir="rtl"><head><title>بازار مسگرها</title></head><body>
<h1>بازار مسگرها</h1>
<p>صدای چکش از سپیده‌دم می‌آید؛ هر کارگاه = یک خانواده, and &ldquo;2+2=4&rdquo; stands on the wall.</p>
<pre>a = 1
	b</pre></body></html>
"""
SAVED = datetime(2023, 11, 21, 10, 22, 31, tzinfo=UTC)


def lines(text):
    """The text with the line ends of mail."""
    return text.replace("\n", "\r\n").encode()


def quoted(data):
    """Quoted-printable with the line ends of mail."""
    return binascii.b2a_qp(data.replace(b"\r\n", b"\n"), istext=True).replace(b"\n", b"\r\n")


def multipart(head, boundary, *parts):
    """A message of (headers, body) parts, each body still to be encoded by its own hand."""
    written = lines(head) + b"\r\n"
    for headers, body in parts:
        written += b"\r\n--" + boundary.encode() + b"\r\n" + lines(headers) + b"\r\n" + body
    return written + b"\r\n--" + boundary.encode() + b"--\r\n"


PNG = base64.encodebytes(b"\x89PNG\r\n\x1a\n" + bytes(range(200))).replace(b"\n", b"\r\n")

CHROMIUM = multipart(
    """From: <Saved by Blink>
Snapshot-Content-Location: https://souk.example.ir/copper?page=1
Subject: =?utf-8?Q?=D8=A8=D8=A7=D8=B2=D8=A7=D8=B1?=
Date: Tue, 21 Nov 2023 10:22:31 -0000
MIME-Version: 1.0
Content-Type: multipart/related;
	type="text/html";
	boundary="----MultipartBoundary--q1w2e3----"

""",
    "----MultipartBoundary--q1w2e3----",
    ("""Content-Type: text/html
Content-ID: <frame-0A1B@mhtml.blink>
Content-Transfer-Encoding: quoted-printable
Content-Location: https://souk.example.ir/copper?page=1
""", quoted(PAGE.encode())),
    ("""Content-Type: text/css
Content-Transfer-Encoding: quoted-printable
Content-Location: cid:css-77@mhtml.blink
""", b'@charset "utf-8";\r\n\r\np { margin: 0px; }'),
    ("""Content-Type: image/png
Content-Transfer-Encoding: base64
Content-Location: https://souk.example.ir/anvil.png
""", PNG),
    ("""Content-Type: text/html
Content-ID: <frame-2C3D@mhtml.blink>
Content-Transfer-Encoding: quoted-printable
Content-Location: https://ads.example.net/frame
""", b"<html><body><p>An advertisement in a frame</p></body></html>"),
)  # fmt: skip

EXPLORER = multipart(
    """From: <Saved by Microsoft Internet Explorer 5>
Subject: =?windows-1256?B?yMfSx9E=?=
Date: Tue, 21 Nov 2023 13:52:31 +0330
MIME-Version: 1.0
Content-Type: multipart/related;
	boundary="----=_NextPart_000_0000_01C7A5D1.3F2504E0";
	type="text/html"
X-MimeOLE: Produced By Microsoft MimeOLE V6.00.2900.3138

This is a multi-part message in MIME format.
""",
    "----=_NextPart_000_0000_01C7A5D1.3F2504E0",
    ("""Content-Type: text/html;
	charset="windows-1256"
Content-Transfer-Encoding: quoted-printable
Content-Location: http://souk.example.ir/copper.asp
""", quoted(PAGE.encode("windows-1256", "xmlcharrefreplace"))),
    ("""Content-Type: image/gif
Content-Transfer-Encoding: base64
Content-Location: http://souk.example.ir/anvil.gif
""", PNG),
)  # fmt: skip

EXPLORER_ALONE = lines("""From: <Saved by Microsoft Internet Explorer 5>
Subject:
Date: Tue, 21 Nov 2023 05:22:31 -0500
MIME-Version: 1.0
Content-Type: text/html;
	charset="utf-8"
Content-Transfer-Encoding: quoted-printable
Content-Location: http://souk.example.ir/copper.asp
X-MimeOLE: Produced By Microsoft MimeOLE V6.00.2900.3138

""") + quoted(PAGE.encode())

# From Internet Explorer in another language, and what Outlook makes of a page: a text beside it.
OUTLOOK = multipart(
    """From: <Сохранено Microsoft Internet Explorer 5>
Date: Tue, 21 Nov 2023 13:22:31 +0300
MIME-Version: 1.0
Content-Type: multipart/related; type="multipart/alternative"; boundary="outer=_1"

""",
    "outer=_1",
    ("""Content-Type: multipart/alternative; boundary="outer=_1_inner"
""", multipart(
        "",
        "outer=_1_inner",
        ("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n", "بازار مسگرها".encode()),
        ("""Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64
Content-Base: http://souk.example.ir/old/
Content-Location: ../copper.asp
""", base64.encodebytes(PAGE.encode()).replace(b"\n", b"\r\n")),
    )),
    ("Content-Type: image/png\nContent-Transfer-Encoding: base64\nContent-ID: <anvil>\n", PNG),
)  # fmt: skip

OPERA = multipart(
    """Content-Type: multipart/related; start=<op.mhtml.1239480310570.bbaead@10.10.1.36>; boundary=----------KvURt9R
Content-Location: http://souk.example.ir/copper.asp
Subject: =?utf-8?Q?=D8=A8?=
MIME-Version: 1.0

""",
    "----------KvURt9R",
    ("""Content-Disposition: inline; filename=frame.htm
Content-Type: text/html; charset=utf-8; name=frame.htm
Content-ID: <op.mhtml.1239480310599.0000@10.10.1.36>
Content-Location: http://souk.example.ir/frame.htm
Content-Transfer-Encoding: 8bit
""", b"<p>A frame before the page</p>"),
    ("""Content-Disposition: inline; filename=default.htm
Content-Type: text/html; charset=utf-8; name=default.htm
Content-ID: <op.mhtml.1239480310570.bbaead@10.10.1.36>
Content-Location: http://souk.example.ir/copper.asp
Content-Transfer-Encoding: 8bit
""", PAGE.encode()),
)  # fmt: skip

WORD = multipart(
    """MIME-Version: 1.0
Content-Type: multipart/related; boundary="----=_NextPart_01D0A3F2.8C5E1B40"

This document is a Single File Web Page, also known as a Web Archive file.
""",
    "----=_NextPart_01D0A3F2.8C5E1B40",
    ("""Content-Location: file:///C:/4F0A11B2/copper.htm
Content-Transfer-Encoding: quoted-printable
Content-Type: text/html; charset="utf-8"
""", quoted(PAGE.encode())),
    ("""Content-Location: file:///C:/4F0A11B2/copper_files/filelist.xml
Content-Transfer-Encoding: quoted-printable
Content-Type: text/xml; charset="utf-8"
""", b'<xml xmlns:o=3D"urn:schemas-microsoft-com:office:office"></xml>'),
)  # fmt: skip

UNMHT = multipart(
    """From: <Saved by UnMHT>
Subject: =?utf-8?Q?=D8=A8?=
Date: Tue, Nov 21 2023 19:22:31 GMT+0900
MIME-Version: 1.0
Content-Type: multipart/related;
	boundary="0123456789ABCDEF";
	type="text/html"

""",
    "0123456789ABCDEF",
    ("""Content-Type: application/xhtml+xml;charset=UTF-8
Content-Transfer-Encoding: base64
Content-Location: http://souk.example.ir/copper.asp
""", base64.b64encode(PAGE.encode())),
)  # fmt: skip

BARE = multipart(
    "Content-Type: multipart/mixed; boundary=x\n\n",
    "x",
    ("Content-Type: TEXT/HTML\nContent-Transfer-Encoding: BINARY\n", PAGE.encode()),
)

WEB = "http://souk.example.ir/copper.asp"
WRITERS = {
    "chromium": (CHROMIUM, "https://souk.example.ir/copper?page=1", SAVED, "text/html"),
    "internet-explorer": (EXPLORER, WEB, SAVED, 'text/html; charset="windows-1256"'),
    "internet-explorer-alone": (EXPLORER_ALONE, WEB, SAVED, 'text/html; charset="utf-8"'),
    "outlook": (OUTLOOK, WEB, SAVED, "text/html; charset=utf-8"),
    "opera": (OPERA, WEB, None, "text/html; charset=utf-8; name=default.htm"),
    "word": (WORD, None, None, 'text/html; charset="utf-8"'),
    "unmht": (UNMHT, WEB, SAVED, "application/xhtml+xml;charset=UTF-8"),
    "bare": (BARE, None, None, "TEXT/HTML"),
}


def read_bytes(tmp_path, data, name="page.mhtml"):
    path = tmp_path / name
    path.write_bytes(data)
    (capture,) = read(path)
    return capture


@pytest.mark.parametrize("writer", WRITERS)
def test_the_page_comes_out(tmp_path, writer):
    data, url, saved, content_type = WRITERS[writer]
    capture = read_bytes(tmp_path, data)
    assert (capture.url, capture.captured_at, capture.content_type) == (url, saved, content_type)
    assert (capture.unreadable, capture.truncated, capture.notes) == (None, None, ())
    assert (capture.container, capture.offset, capture.length) == ("page.mhtml", None, None)
    record, page = archiver.clean(capture), archiver.clean(PAGE)
    assert (record.text, record.title, record.status) == (page.text, page.title, "ok")
    assert record.content.text_digest == page.content.text_digest
    assert record.capture.format == "mhtml"
    assert not record.encoding.replacement_characters


@pytest.mark.parametrize("writer", WRITERS)
def test_bodies_are_exact(tmp_path, writer):
    charset = "windows-1256" if "1256" in WRITERS[writer][3] else "utf-8"
    body = read_bytes(tmp_path, WRITERS[writer][0]).body
    assert body.replace(b"\r\n", b"\n") == PAGE.encode(charset, "xmlcharrefreplace")


@pytest.mark.parametrize("writer", WRITERS)
def test_line_ends_of_unix_and_gzip_change_nothing(tmp_path, writer):
    data = WRITERS[writer][0]
    mailed = read_bytes(tmp_path, data)
    stored = read_bytes(tmp_path, gzip.compress(data.replace(b"\r\n", b"\n")), "page.mhtml.gz")
    assert stored.body.replace(b"\r\n", b"\n") == mailed.body.replace(b"\r\n", b"\n")
    assert (stored.url, stored.captured_at, stored.truncated) == (mailed.url, mailed.captured_at, None)


@pytest.mark.parametrize("name", ["page.html", "page.txt", "page", "page.eml"])
def test_mhtml_is_told_by_its_content(tmp_path, name):
    assert read_bytes(tmp_path, OPERA, name).format == "mhtml"


@pytest.mark.parametrize(
    "head",
    [
        b"<p>From: me</p>",
        b"From: the editor\nSubject: a letter\n\nContent-Type: multipart/related; boundary=x\n",
        b"Content-Type: text/plain\n\ntext",
        b"Content-Type: text/html\n\n<p>an answer of a server, not a message</p>",
        b"HTTP/1.1 200 OK\r\nContent-Type: multipart/related; boundary=x\r\n\r\n",
        b"",
        b"Content-Type",
    ],
)
def test_other_text_is_no_mhtml(head):
    assert not mhtml.sniff(head, "page.mhtml")


def test_a_title_longer_than_what_is_looked_at(tmp_path):
    title = b"Subject: " + b"\r\n\t".join([b"=?utf-8?Q?=D8=A8=D8=A7?="] * 300)
    capture = read_bytes(tmp_path, CHROMIUM.replace(b"Subject: =?utf-8?Q?=D8=A8=D8=A7=D8=B2=D8=A7=D8=B1?=", title))
    assert capture.url == "https://souk.example.ir/copper?page=1"
    explorer = EXPLORER.replace(b"Subject: =?windows-1256?B?yMfSx9E=?=", title)
    assert read_bytes(tmp_path, explorer).captured_at == SAVED


@pytest.mark.parametrize(
    ("date", "saved"),
    [
        ("Tue, 21 Nov 2023 10:22:31 +0000", SAVED),
        ("Tue, 21 Nov 2023 10:22:31 GMT", SAVED),
        ("Tue, 21 Nov 2023 10:22:31 -0000", SAVED),
        ("Tue, 21 Nov 2023 10:22:31", None),
        ("Tue, 21 Nov 2023 10:22:31 MSK", None),
        ("Tue, 31 Nov 2023 10:22:31 +0000", None),
        ("Tue, 21 Nov 2023 10:22:31 +9999", None),
        ("вторник", None),
        ("", None),
    ],
)
def test_the_time_is_never_guessed(tmp_path, date, saved):
    data = CHROMIUM.replace(b"Tue, 21 Nov 2023 10:22:31 -0000", date.encode())
    assert read_bytes(tmp_path, data).captured_at == saved


def test_what_stands_beside_the_file_goes_first(tmp_path):
    (tmp_path / "page.mhtml.meta.json").write_text('{"url": "https://a.example/", "content_type": "text/plain"}')
    capture = read_bytes(tmp_path, CHROMIUM)
    assert (capture.url, capture.captured_at, capture.content_type) == ("https://a.example/", SAVED, "text/html")


def test_a_folded_address_is_joined(tmp_path):
    data = CHROMIUM.replace(
        b"Location: https://souk.example.ir/copper", b"Location: https://souk.example.ir/\r\n copper"
    )
    assert read_bytes(tmp_path, data).url == "https://souk.example.ir/copper?page=1"


def test_the_page_of_the_snapshot_goes_before_a_page_above_it(tmp_path):
    frame = ("Content-Type: text/html\nContent-Location: https://ads.example.net/\n", b"<p>frame")
    page = ("Content-Type: text/html\nContent-Location: https://souk.example.ir/\n", PAGE.encode())
    head = "Snapshot-Content-Location: https://souk.example.ir/#top\nContent-Type: multipart/related; boundary=x\n\n"
    capture = read_bytes(tmp_path, multipart(head, "x", frame, page))
    assert (capture.body, capture.url) == (PAGE.encode(), "https://souk.example.ir/#top")


FRAMESET = """<html><head><title>Souk</title></head><FRAMESET cols="20%,*"><frame src="cid:frame-1@mhtml.blink">
<frame src="cid:frame-2@mhtml.blink"></FRAMESET></html>"""
MENU = '<ul><li><a href="copper.htm">Copper</a></li><li><a href="carpets.htm">Carpets</a></li></ul>'


def framed(*pages):
    """A file of pages, the first around the others: (charset, page)."""
    parts = [
        (f"Content-Type: text/html; charset={charset}\nContent-Transfer-Encoding: quoted-printable\n",
         quoted(page.encode(charset, "xmlcharrefreplace")))
        for charset, page in pages
    ]  # fmt: skip
    return multipart("Content-Type: multipart/related; boundary=x\n\n", "x", *parts)


def test_a_frameset_is_read_with_its_frames(tmp_path):
    data = framed(("utf-8", FRAMESET), ("utf-8", MENU), ("windows-1256", PAGE))
    capture = read_bytes(tmp_path, data)
    assert (capture.body.decode().split(), len(capture.frames), capture.notes) == (FRAMESET.split(), 2, ())
    record = archiver.clean(capture)
    assert record.title == "Souk"
    assert record.text.startswith("بازار مسگرها\n\nصدای چکش از سپیده‌دم می‌آید؛")
    assert record.account.doubts == ("the page shows no body of its own; this one is read from its frames",)
    assert [entry.text for entry in record.removed][:2] == ["Copper", "Carpets"]
    assert read_bytes(tmp_path, framed(("utf-8", FRAMESET))).frames == ()


def test_a_run_knows_a_page_by_its_frames(tmp_path, capsys):
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    raw.mkdir()
    for words, outcome in (("چکش", "1 new"), ("چکش", "1 done before"), ("سندان", "1 changed")):
        (raw / "souk.mht").write_bytes(framed(("utf-8", FRAMESET), ("utf-8", PAGE.replace("چکش", words))))
        assert main(["clean", str(raw), str(clean)]) == 0
        assert outcome in capsys.readouterr().out
        assert words in next(clean.rglob("*.txt")).read_text(encoding="utf-8")


def test_frames_are_read_no_longer_than_a_page(tmp_path):
    limit = 2 * len(FRAMESET)
    capture = read_bytes(tmp_path, framed(("utf-8", FRAMESET), ("utf-8", f"<!--{'.' * limit}-->{PAGE}")))
    page = archiver.clean(PAGE)
    assert archiver.clean(capture).account.visible_characters == page.account.visible_characters
    assert archiver.clean(capture, options=archiver.Options(max_body_bytes=limit)).account.visible_characters == 0


def test_a_text_is_read_where_there_is_no_page(tmp_path):
    text = ("Content-Type: text/plain; charset=utf-8\n", "نامه".encode())
    capture = read_bytes(tmp_path, multipart("Content-Type: multipart/mixed; boundary=x\n\n", "x", text))
    assert archiver.clean(capture).text == "نامه"


@pytest.mark.parametrize("writer", WRITERS)
def test_cut_at_any_byte_gives_what_stood_before(writer):
    data = WRITERS[writer][0]
    whole = mhtml.unwrap(Capture(data))
    reached = set()
    for length in range(len(data)):
        found = mhtml.unwrap(Capture(data[:length]))
        assert whole.body.startswith(found.body)
        assert bool(found.body) == (found.unreadable is None)
        reached.add(len(found.body))
        if writer != "internet-explorer-alone" and found.body:
            # Only a message of one part has no mark at its end.
            closed = length >= data.rindex(b"--\r\n") + 2
            assert (found.truncated is None) == closed
        if found.body and found.body != whole.body and found.truncated:
            assert "the page itself is whole" not in found.truncated
    assert len(reached) > len(whole.body) / 4


def test_cut_after_the_page_says_that_it_is_whole(tmp_path):
    capture = read_bytes(tmp_path, CHROMIUM[: CHROMIUM.index(b"Content-Type: image/png") + 120])
    assert capture.body == read_bytes(tmp_path, CHROMIUM).body
    assert capture.truncated == "MHTML: cut short in part 3 (the page itself is whole)"


def test_cut_in_the_page_says_so(tmp_path):
    record = archiver.clean(read_bytes(tmp_path, CHROMIUM[: CHROMIUM.index(b"<p>") + 40]))
    assert record.capture.truncated == "MHTML: cut short in part 1"
    assert record.status == "partial"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (CHROMIUM[:200], "cut short in its headers (save the page again)"),
        (CHROMIUM[: CHROMIUM.index(b"Content-ID")], "cut short in the headers of part 1 (save"),
        (OPERA[: OPERA.index(b"filename=default.htm")], "cut short in the headers of part 2 (save"),
        (CHROMIUM.replace(b"text/html", b"image/webp"), "MHTML without a page in it (save"),
        (multipart("Content-Type: multipart/related; boundary=y\n\n", "x"), "cut short in part 1 (save"),
        (BARE.replace(PAGE.encode(), b" \r\n"), "an empty page, no characters in it (save"),
    ],
)
def test_no_page_says_why(tmp_path, data, reason):
    capture = read_bytes(tmp_path, data)
    assert capture.unreadable.startswith(reason)
    assert archiver.clean(capture).status == "failed"


def message(encoding, body):
    head = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n"
    return multipart(head, "x", (f"Content-Type: text/html\nContent-Transfer-Encoding: {encoding}\n", body))


@pytest.mark.parametrize(
    ("encoding", "body", "read_as", "note"),
    [
        ("quoted-printable", b"<p>a=3Db", b"<p>a=b", None),
        ("quoted-printable", b"<p>a=3db =\r\nc= \t\r\nd=", b"<p>a=b cd", None),
        ("quoted-printable", b"<p>a==3D=b==\r\nc_d", b"<p>a===b=c_d", "MHTML: 3 signs in it are no"),
        ("quoted-printable", b"<p>x=\rkept", b"<p>x=\rkept", "MHTML: 1 signs in it are no"),
        ("quoted-printable", "<p>raw é".encode(), "<p>raw é".encode(), None),
        ("base64", b"PHA+YWJj", b"<p>abc", None),
        ("base64", b"PHA+Y!W-J\0j", b"<p>abc", "MHTML: 3 places in it are no base64"),
        ("base64", b"PHA+YQ==\r\nYmM=", b"<p>abc", None),
        ("base64", b"PHA+YQ", b"<p>a", None),
        ("base64", b"PHA+YWJjZ", b"<p>abc", "MHTML: its base64 is cut short"),
        ("x-uuencode", b"<p>abc", b"<p>abc", "MHTML: its transfer encoding is not known"),
        ("7bit ; comment", b"<p>a=3D", b"<p>a=3D", None),
    ],
)
def test_broken_transfer_encodings_are_read_leniently(tmp_path, encoding, body, read_as, note):
    capture = read_bytes(tmp_path, message(encoding, body))
    assert capture.body == read_as
    assert [fault.startswith(note) for fault in capture.notes] == ([True] if note else [])


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=400), st.sampled_from(["quoted-printable", "base64", "8bit"]))
def test_any_body_comes_out_as_it_went_in(body, encoding):
    body = b"<p>" + body.replace(b"\r", b"").replace(b"\n", b"")
    coded = {"quoted-printable": quopri.encodestring, "base64": base64.encodebytes, "8bit": bytes}[encoding](body)
    found = mhtml.unwrap(Capture(message(encoding, coded.replace(b"\n", b"\r\n") if encoding != "8bit" else coded)))
    assert (found.body, found.notes, found.truncated) == (body, (), None)


@settings(deadline=None)
@given(st.binary(max_size=60), st.data())
def test_any_damage_gives_one_capture(rubbish, data):
    whole = data.draw(st.sampled_from([CHROMIUM, OUTLOOK, OPERA, EXPLORER_ALONE]))
    place = data.draw(st.integers(0, len(whole)))
    found = mhtml.unwrap(Capture(whole[:place] + rubbish + whole[place + data.draw(st.integers(0, 60)) :]))
    assert bool(found.body) == (found.unreadable is None)


@settings(deadline=None)
@given(
    st.text("ab \u010d\u200d\u0d05\u4e0d\u4e0a\n\u0a0d\u06cc", max_size=60), st.sampled_from(["utf-16-le", "utf-16-be"])
)
def test_utf_16_as_chromium_breaks_it(text, charset):
    page = f"<!doctype html><p>{text}"
    whole = page.encode(charset)
    # Each byte 0A or 0D is a line break, whatever it is half of; all else here is an escape.
    coded = b"".join(b"\r\n" if byte in b"\r\n" else b"<" if byte == 0x3C else b"=%02X" % byte for byte in whole)
    found = mhtml.unwrap(Capture(message("quoted-printable", coded)))
    lost = [letter for letter in page if letter != "\n" and set(letter.encode(charset)) & set(b"\r\n")]
    told = "".join("\ufffd" if letter in lost else letter for letter in page)
    assert found.body.decode(charset) == told
    assert bool(found.notes) == bool(lost)
    if lost:
        assert found.notes[0].startswith(f"MHTML: {len(lost)} characters of its UTF-16")


def nested(depth):
    return b"".join(
        b"Content-Type: multipart/related; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level) for level in range(depth)
    ) + (
        b"Content-Type: text/html\r\n\r\n<p>deep\r\n" + b"".join(b"--b%d--\r\n" % level for level in range(depth)[::-1])
    )


@pytest.mark.parametrize(("depth", "reason"), [(8, None), (9, "nested more than 8 deep (save"), (20_000, "nested")])
def test_deep_nesting_is_bounded(depth, reason):
    found = mhtml.unwrap(Capture(nested(depth)))
    assert (found.unreadable or "").startswith(reason or "")
    assert found.body == (b"" if reason else b"<p>deep")


def test_the_number_of_parts_is_bounded(monkeypatch):
    monkeypatch.setattr(mime, "_MOST_PARTS", 3)
    rest = [("Content-Type: image/png\n", b"x")] * 5
    data = multipart(
        "Content-Type: multipart/related; boundary=x\n\n", "x", ("Content-Type: text/html\n", b"<p>a"), *rest
    )
    assert len(mime.parse_message(data).parts) == 3
    found = mhtml.unwrap(Capture(data))
    assert (found.body, found.truncated) == (
        b"<p>a",
        "MHTML: more than 3 parts, the rest left out (the page itself is whole)",
    )


def test_mhtml_is_asked_before_html():
    assert [reader.name for reader in READERS][:1] == ["mhtml"]
    assert mime.parse_message(b"").fault == "cut short in its headers"


def test_mhtml_in_a_zip_is_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "saved.zip", "w") as archive:
        archive.writestr("a/page.mhtml", CHROMIUM)
        archive.writestr("b.mht", EXPLORER)
    first, second = read(tmp_path / "saved.zip")
    assert (first.body, first.format) == (mhtml.unwrap(Capture(CHROMIUM)).body, "mhtml")
    assert (second.url, second.captured_at) == (WEB, SAVED)
    assert (first.archive, first.container) == ("saved.zip", "saved.zip/a/page.mhtml")
