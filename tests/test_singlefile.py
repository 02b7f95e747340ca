"""A page that SingleFile saved gives the text of the page, and its address and time are in the record.

The saved forms are those of SingleFile 2.0: its comment, optional tags and quotes left out, styles and images in the
page, scripts gone, shadow roots as templates; with its info bar; and as a page that unpacks itself.
"""

from __future__ import annotations

import io
import zipfile

import pytest

import archiver
from archiver.model import Capture
from archiver.readers import body, read, singlefile

PAGE = """<!DOCTYPE html>
<html lang="fa" dir="rtl">
<head>
<meta charset="windows-1256">
<title>قنات کوه‌پایه دوباره جاری شد</title>
<link rel="stylesheet" href="/style.css">
<script>window.dataLayer = [];</script>
</head>
<body class="single">
<nav class="menu"><ul><li><a href="/">خانه</a></li><li><a href="/water">آب</a></li></ul></nav>
<article>
<h1>قنات کوه‌پایه دوباره جاری شد</h1>
<p>پس از نوزده سال خشکی، آب قنات کوه‌پایه دوباره به باغ‌های پایین روستا رسید و پیرمردها کنار مظهر آن چای دم کردند.</p>
<figure><img src="/qanat.jpg" alt="مظهر قنات"><figcaption>مظهر قنات در صبح نخستین روز</figcaption></figure>
<p>مقنی‌ها می‌گویند لایروبی چهل حلقه چاه سه تابستان طول کشید؛ هزینهٔ آن را خانواده‌ها «به سهم آب» پرداخته‌اند.</p>
<div class="modal" style="display:none"><p>عضو شوید</p></div>
<p>سهم هر باغ اکنون شش ساعت در هر دوازده روز است.</p>
</article>
<footer><p>کلیهٔ حقوق محفوظ است.</p></footer>
<script src="/tracker.js"></script>
</body>
</html>
"""

COMMENT = """<!--
 Page saved with SingleFile 
 url: https://kuhpaye.example.ir/water/qanat?id=12 
 saved date: Tue Nov 21 2023 13:52:31 GMT+0330 (Iran Standard Time)
-->"""

HEAD = f"""<!DOCTYPE html> <html lang=fa dir=rtl style>{COMMENT}<meta charset=utf-8>
<title>قنات کوه‌پایه دوباره جاری شد</title>
<style>:root{{--sf-img-1:url("data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><text>x</text></svg>")}}</style>
<style>.single{{margin:0;background:var(--sf-img-1)}}.menu>li{{float:right}}</style>
<meta name=referrer content=no-referrer><link rel=canonical href="https://kuhpaye.example.ir/water/qanat?id=12">
<meta http-equiv=content-security-policy content="default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'">
<style>.sf-hidden{{display:none!important}}</style>"""

BODY = """<body class=single>
<nav class=menu><ul><li><a href=https://kuhpaye.example.ir/>خانه</a><li><a href=https://kuhpaye.example.ir/water>آب</a></ul></nav>
<article>
<h1>قنات کوه‌پایه دوباره جاری شد</h1>
<p>پس از نوزده سال خشکی، آب قنات کوه‌پایه دوباره به باغ‌های پایین روستا رسید و پیرمردها کنار مظهر آن چای دم کردند.</p>
<figure><img src="data:image/svg+xml,<svg xmlns=&quot;http://www.w3.org/2000/svg&quot; width=&quot;9&quot;></svg>" alt="مظهر قنات" style="background:url(data:image/jpeg;base64,/9j/4AAQSkZJRg==)!important"><figcaption>مظهر قنات در صبح نخستین روز</figcaption></figure>
<p>مقنی‌ها می‌گویند لایروبی چهل حلقه چاه سه تابستان طول کشید؛ هزینهٔ آن را خانواده‌ها «به سهم آب» پرداخته‌اند.</p>
<div class="modal sf-hidden" style=display:none></div>
<p>سهم هر باغ اکنون شش ساعت در هر دوازده روز است.</p>
</article>
<footer><p>کلیهٔ حقوق محفوظ است.</p></footer>
"""  # noqa: E501  (one line, as SingleFile writes it)

INFOBAR = """<single-file-infobar><template shadowrootmode=open><div><style>.infobar{position:fixed}</style>
<form class=infobar><span tabindex=-1 class=infobar-icon></span><span tabindex=-1 class=infobar-content>
<input type=checkbox required class=infobar-close-icon title=Close><span>Tue Nov 21 2023 13:52:31 GMT+0330 (Iran
Standard Time)</span><a class=infobar-link-icon title="Open source URL: https://kuhpaye.example.ir/water/qanat?id=12"
href="https://kuhpaye.example.ir/water/qanat?id=12"></a></span></form><script>(function(e){})(document)</script></div>
</template></single-file-infobar>
"""

SHADOW_SCRIPT = """<script data-template-shadow-root>(()=>{document.currentScript.remove();processNode(document);
function processNode(node){node.querySelectorAll("template[shadowrootmode]").forEach(element=>{})}})()</script>"""

FRAME = """<iframe sandbox="allow-popups allow-scripts" srcdoc="<html><meta charset=utf-8><body><p>واژه‌های یک
قاب که جزو صفحه نیست"></iframe>"""


def in_shadow_root(markup):
    """The page with its story in a shadow root, in the form that each of the two has."""
    before, story = markup.split("<article>")
    story, after = story.split("</article>")
    return (
        f"{before}<water-story><template shadowrootmode=open><article>{story}</article></template></water-story>{after}"
    )


SAVED = {
    "plain": (PAGE, HEAD + BODY),
    "info-bar": (PAGE, HEAD + BODY + INFOBAR + SHADOW_SCRIPT),
    "frame": (PAGE.replace("</article>", '<iframe src="/f"></iframe></article>'),
              HEAD + BODY.replace("</article>", f"{FRAME}</article>")),
    "shadow-root": (in_shadow_root(PAGE), HEAD + in_shadow_root(BODY) + SHADOW_SCRIPT),
}  # fmt: skip


def packed(page, *, compression=zipfile.ZIP_DEFLATED, name="index.html", frames=("<p>frame",)):
    """A page that unpacks itself."""
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", compression) as archive:
        archive.writestr("manifest.json", "{}")
        for number, frame in enumerate(frames):
            archive.writestr(f"frames/{number}/index.html", frame)
        archive.writestr(name, page)
    head = f"<!DOCTYPE html> <html data-sfz>{COMMENT}<meta charset=windows-1252><title></title>"
    wait = "<body hidden><div id=sfz-wait-message>Please wait...</div><script>var zip=(()=>{})()</script><!--"
    end = "--><sfz-extra-data>AQCAAAEBB4AABAEagAAE</sfz-extra-data></body></html>"
    return (head + wait).encode() + zipped.getvalue() + end.encode()


@pytest.mark.parametrize("name", SAVED)
def test_the_saved_page_gives_the_text_of_the_page(tmp_path, name):
    page, saved = SAVED[name]
    (tmp_path / "page.html").write_text(saved, encoding="utf-8")
    (capture,) = read(tmp_path / "page.html")
    check(archiver.clean(capture), page, "html")


@pytest.mark.parametrize("name", SAVED)
@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_a_page_that_unpacks_itself_gives_the_text_of_the_page(tmp_path, name, compression):
    page, saved = SAVED[name]
    (tmp_path / "page.html").write_bytes(packed(saved, compression=compression))
    (capture,) = read(tmp_path / "page.html")
    assert (capture.body.decode(), capture.truncated, capture.notes) == (saved, None, ())
    check(archiver.clean(capture), page, "singlefile")


def check(record, page, form):
    original = archiver.clean(page.encode("windows-1256", "xmlcharrefreplace"))
    assert record.text == original.text
    assert len(record.text) > 300
    assert record.content.text_digest == original.content.text_digest
    assert record.title == original.title == "قنات کوه‌پایه دوباره جاری شد"
    assert (record.url, record.timestamp) == ("https://kuhpaye.example.ir/water/qanat?id=12", "20231121102231")
    assert (record.capture.replayed_by, record.capture.format) == ("singlefile", form)
    assert record.encoding.used == "utf-8"
    assert record.status == "ok"


AROUND = f"{HEAD}<body><div class=bar><a href=/web/>Web archive</a></div><iframe src=frames/0/index.html></iframe>"


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_a_page_that_shows_its_frame_alone_is_read_with_it(tmp_path, compression):
    (tmp_path / "page.html").write_bytes(packed(AROUND, compression=compression, frames=("", HEAD + BODY)))
    (capture,) = read(tmp_path / "page.html")
    assert [frame.body.decode() for frame in capture.frames] == [HEAD + BODY]
    record = archiver.clean(capture)
    assert record.text == archiver.clean(PAGE).text
    assert record.account.doubts == ("the page shows no body of its own; this one is read from its frames",)


def test_frames_that_cannot_be_unpacked_are_none(tmp_path):
    data = packed(AROUND, frames=(HEAD + BODY,))
    entry = data.index(b"frames/0/index.html") - 30
    locked = data[: entry + 6] + b"\1" + data[entry + 7 :]
    assert singlefile.unpack(Capture(locked)).frames == ()
    assert len(singlefile.unpack(Capture(data)).frames) == 1


def test_frames_together_stop_at_the_limit(monkeypatch):
    monkeypatch.setattr(body, "MAX_BYTES", 100_000)
    found = singlefile.unpack(Capture(packed(AROUND, frames=["<p>" + "x" * 60_000] * 5)))
    assert [len(frame.body) for frame in found.frames] == [60_003, 39_997]


def test_the_info_bar_is_removed_as_what_it_is():
    record = archiver.clean(SAVED["info-bar"][1])
    (bar,) = [entry for entry in record.removed if "GMT+0330" in entry.text]
    assert bar.kind == "archive-toolbar"


def test_a_packed_page_cut_at_any_byte_gives_what_stood_before():
    data = packed(HEAD + BODY)
    whole = (HEAD + BODY).encode()
    lengths = set()
    for length in range(len(data)):
        found = singlefile.unpack(Capture(data[:length]))
        if found.format:
            assert whole.startswith(found.body)
            assert (found.truncated or "").endswith("" if found.body == whole else "is cut short")
            lengths.add(len(found.body))
        else:
            assert found.body == data[:length]
            assert found.notes[0].startswith("the page that SingleFile packed can't be read: ")
    assert len(lengths) > 100


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda data, entry: data[:entry], "there is no index.html in it"),
        (lambda data, entry: data[: entry + 6] + b"\1" + data[entry + 7 :], "it is locked with a password"),
        (
            lambda data, entry: data[: entry + 8] + b"\x0c" + data[entry + 9 :],
            "its compression is not known (method 12)",
        ),
        (lambda data, entry: data[: entry + 40] + b"\xff" * 9, "the page that SingleFile packed is damaged: Error -3"),
    ],
)
def test_what_cannot_be_unpacked_says_why(change, reason):
    data = packed(HEAD + BODY)
    entry = data.rindex(b"PK\3\4")
    found = singlefile.unpack(Capture(change(data, entry)))
    assert found.notes[0].startswith(f"the page that SingleFile packed can't be read: {reason}")
    record = archiver.clean(found)
    assert record.status == "partial"
    assert record.url == "https://kuhpaye.example.ir/water/qanat?id=12"


def test_a_packed_bomb_stops_at_the_limit(monkeypatch):
    monkeypatch.setattr(body, "MAX_BYTES", 100_000)
    found = singlefile.unpack(Capture(packed("<p>" + "x" * 10_000_000)))
    assert (len(found.body), found.truncated) == (100_000, "cut after 100000 bytes")


def test_other_pages_are_not_unpacked():
    assert not singlefile.sniff((HEAD + BODY).encode(), "page.html")
    assert not singlefile.sniff(b"<html data-sfz><p>x", "page.html")
    assert singlefile.sniff(packed("")[:4096], "page.txt")
