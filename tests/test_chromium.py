"""A page that a real Chromium saved as MHTML gives the same text as the page itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import archiver
from chromium import find_chromium, running, serving

# Where CI=true nothing may skip: there the tests fail, and the failure says what installs it.
pytestmark = pytest.mark.skipif(
    find_chromium() is None and os.environ.get("CI") != "true", reason="no Chromium (`make chromium` installs it)"
)

RAW = Path(__file__).parent.parent / "raw"
SAMPLES = {
    capture.container: (capture.content_type or "text/html", capture.body)
    for capture in archiver.read(RAW)
    if not capture.container.endswith(".txt")
}

PERSIAN = """<!DOCTYPE html><html lang="fa" dir="rtl"><head>{meta}<title>آسیاب آبی</title></head><body><article>
<h1>آسیاب آبی روستا</h1>
<p>آسیاب آبی روستا صد و بیست سال است که می‌چرخد؛ آسیابان پیر می‌گوید سنگ رویی را پدربزرگش از کوه آورده است.</p>
<p>هر پاییز خانواده‌ها گندم‌شان را نوبتی به آسیاب می‌آورند و تا شب‌هنگام کنار آب چای می‌نوشند.
سطر دوم همین پاراگراف با نیم‌فاصله‌های «می‌شود» و «خانه‌ها» ادامه دارد.</p>
<ul><li>گندم سفید</li><li>جو دوسر</li></ul></article></body></html>
"""
RUSSIAN = """<!DOCTYPE html><html lang="ru"><head>{meta}<title>Паром</title></head><body><article>
<h1>Паром через протоку</h1>
<p>Паром ходит с апреля по ноябрь, пока протока не встанет; зимой её переходят по льду, а весной ждут.</p>
<p>Паромщик помнит три троса &mdash; &laquo;старый&raquo;, &laquo;новый&raquo; и тот, что &#128674;
порвался в половодье.</p>
</article></body></html>
"""
SHADOW = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Kiln</title></head><body><main>
<h1>The kiln on the hill</h1>
<kiln-story><template shadowrootmode="open"><p>The kiln was built into the slope so that its draught needs no chimney
at all.</p><slot></slot><p>It burns for three days and three nights, and cools for a week before anyone opens it.</p>
</template><p>Potters from four villages share the wood and the watches, and draw lots for the upper shelf.</p>
</kiln-story>
<p id="scripted">The last firing of the year is in November, when the wood is dry and the nights are long.</p></main>
<script>
let host = document.createElement("div");
document.querySelector("main").append(host);
host.attachShadow({mode: "open"}).innerHTML = "";
</script></body></html>
"""
FRAMES = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Ferry</title></head><body><main>
<h1>The winter timetable</h1>
<p>From the first of December the ferry leaves the north pier on the hour, and the south pier at half past.</p>
<iframe src="/frame"></iframe>
<iframe srcdoc="<p>Words of a frame in an attribute, which are no part of the page around it.</p>"></iframe>
<p>When the wind is above eight the crossing is closed; a red ball at the mast of either pier says so.</p>
</main></body></html>
"""
LINES = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A recipe as code</title></head><body><main>
<h1>A recipe as code</h1><p>Trailing blanks, tabs, equals signs = and dots stand as they were written here:</p>
<pre>
def bake(loaf):  \n\theat = 220 = \n
.\n..\n--x\n\tturn(loaf)\t
    return loaf    # =3D is no sign
</pre>
<p>Break<br>and break, long line without an end: {long}</p></main></body></html>
""".replace("{long}", "kneadtheloaf" * 40)
# Chromium writes the <tbody> that the page leaves out.
TABLES = """<!DOCTYPE html><html lang="uk"><head><meta charset="utf-8"><title>Пором</title></head><body>
<table width="100%"><tr><td width="20%"><a href="javascript:history.back()">Назад</a> <a href="/">Головна</a>
<a href="javascript:void(0)">Друк</a></td><td><h1>Розклад порома</h1>
<p>Пором ходить щодня, крім днів, коли вітер сильніший за вісім балів; тоді на щоглі висить червона куля.</p>
<table border="1"><caption>Зимовий розклад</caption><tr><th>Пристань</th><th>Час</th></tr><tr><td>Північна</td>
<td>7:10</td></tr><tbody><tr><td>Південна</td><td>7:40</td></tr></table>
<p>Квитки продає поромник; дітям до шести років і собакам на повідку місце на палубі безкоштовне.</p>
<p><a href="#" onclick="show()">Показати мапу</a></p></td></tr></table></body></html>
"""
XHTML = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en"><head><title>Weir</title></head><body><div>
<h1>The weir</h1><p>The weir holds back a hand of water in summer, and in March nobody would know that it is there.</p>
<p>Its keeper writes the level of the river into a book twice a day, as five keepers before him did.<br/>Still.</p>
</div></body></html>
"""


def meta(charset):
    return f'<meta charset="{charset}">'


PAGES = {
    "persian": ("text/html", PERSIAN.format(meta=meta("utf-8")).encode()),
    "persian-in-windows-1256-by-header": (
        "text/html; charset=windows-1256",
        PERSIAN.format(meta="").translate({0x06CC: 0x0649}).encode("windows-1256"),
    ),
    "persian-in-utf-16": ("text/html", PERSIAN.format(meta="").encode("utf-16")),
    "persian-in-big-endian-utf-16": (
        "text/html",
        b"\xfe\xff" + PERSIAN.format(meta="").encode("utf-16-be"),
    ),
    "windows-1251": ("text/html", RUSSIAN.format(meta=meta("windows-1251")).encode("windows-1251")),
    "koi8-r-by-header": ("text/html; charset=koi8-r", RUSSIAN.format(meta="").encode("koi8-r")),
    "shadow-roots": ("text/html", SHADOW.encode()),
    "frames": ("text/html", FRAMES.encode()),
    "lines": ("text/html", LINES.encode()),
    "lines-of-dos": ("text/html", LINES.replace("\n", "\r\n").encode()),
    "tables": ("text/html", TABLES.encode()),
    "xhtml": ("application/xhtml+xml", XHTML.encode()),
}


@pytest.fixture(scope="module")
def browser():
    with running() as chromium:
        yield chromium


FRAME = ("text/html", b"<p>Words of a frame, which are no part of the page around it.</p>")


def saved(browser, tmp_path, content_type, body, frame=FRAME):
    """The record of a page after Chromium saved it."""
    with serving({"/page": (content_type, body), "/frame": frame}) as site:
        address = f"{site}/page"
        (tmp_path / "page.mhtml").write_bytes(browser.save(address))
    (capture,) = archiver.read(tmp_path / "page.mhtml")
    assert (capture.url, capture.truncated, capture.notes, capture.unreadable) == (address, None, (), None)
    assert capture.captured_at is not None
    return archiver.clean(capture)


@pytest.mark.parametrize("name", [*SAMPLES, *PAGES])
def test_mhtml_gives_the_text_of_the_page(browser, tmp_path, name):
    content_type, body = {**SAMPLES, **PAGES}[name]
    page = archiver.clean(body, content_type=content_type)
    record = saved(browser, tmp_path, content_type, body)
    assert record.text == page.text
    assert record.content.text_digest == page.content.text_digest
    assert len(record.text) > 100
    assert record.title == page.title
    assert (record.capture.format, page.capture.format) == ("mhtml", "html")
    assert record.encoding.replacement_characters == page.encoding.replacement_characters == 0


@pytest.mark.parametrize(
    "around",
    [
        '<body><div class="bar"><a href="/archive/">Web archive</a></div><iframe src="/frame"></iframe></body>',
        '<frameset cols="20%,*"><frame src="data:text/html,<a href=/a>Web archive</a>"><frame src="/frame"></frameset>',
    ],
)
def test_a_page_that_shows_its_frame_alone_is_read_with_it(browser, tmp_path, around):
    page = f"<!DOCTYPE html><html><head><title>Web archive</title></head>{around}</html>"
    frame = PAGES["persian-in-windows-1256-by-header"]
    record = saved(browser, tmp_path, "text/html", page.encode(), frame)
    assert record.text == archiver.clean(frame[1], content_type=frame[0]).text
    assert len(record.text) > 100
    assert record.account.doubts == ("the page shows no body of its own; this one is read from its frames",)


def test_a_shadow_root_that_a_script_made_is_read(browser, tmp_path):
    words = "Ask for the key at the house with the blue door, and bring it back before dark."
    page = SHADOW.replace('innerHTML = ""', f'innerHTML = "<p>{words}</p>"')
    assert words in saved(browser, tmp_path, "text/html", page.encode()).text
