"""Laws of the whole program: nothing is lost, nothing is made up, same in same out, and no input stops it."""

from __future__ import annotations

import gc
import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from html import escape
from importlib import import_module
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import archiver
from archiver import pipeline
from archiver.check import fault_in
from archiver.model import Capture, Options
from archiver.record import from_json, to_json

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((ROOT / "src" / "archiver" / "record" / "record.schema.json").read_text(encoding="utf-8"))
UNREPAIRED = Options(repair=False)

# Sentences and scraps in many scripts; joiners, marks and spaces that must survive; mojibake that must not close
# the books wrongly.
TEXTS = (
    "The harbour was dredged in the spring of 1911, and the spoil was carried to the far side of the bay.",
    "تالاب نی‌زار این هفته برای نخستین بار پس از یازده سال دوباره پر آب شد و پرندگان برگشتند.",
    "لا يزال صوت المطارق يسمع كل صباح في سوق النحاسين بمدينة واحة النخيل.",
    "Гавань углубили весной, а вынутый грунт отвезли на дальнюю сторону залива, к сетям рыбаков.",
    "一九一一年春天港口完成了疏浚，挖出的泥沙被运到了海湾的另一边。",
    "港の浚渫が行われ、土砂は湾の反対側へ運ばれました。",
    "항구는 봄에 준설되었고, 파낸 흙은 만의 반대편으로 옮겨졌다.",
    "הנמל הועמק באביב, והבוצה הובלה אל צידו המרוחק של המפרץ.",
    "बंदरगाह की खुदाई वसंत में हुई और गाद दूसरे किनारे पर डाल दी गई।",
    "ท่าเรือถูกขุดลอกในฤดูใบไม้ผลิ",
    "Search",
    "Leave a Reply",
    "جستجو",
    "© 2004",
    "12",
    "–",
    "a\u00a0b\u3000c",
    "\u200fשלום\u200e",
    "👩\u200d👧 𠮷",
    "cafÃ© dâ€™Ã©tÃ©",
    "<b> & \"quoted\" 'x'",
    "word",
)
NAMES = ("content", "menu", "sidebar", "comments", "related-posts", "modal", "footer-widgets", "entry", "joinchat", "x")
PHRASING = ("b", "i", "span", "em", "code", "font", "abbr", "sup", "mark", "q", "small", "x-word")
FLOW = (
    "div",
    "section",
    "article",
    "main",
    "nav",
    "aside",
    "header",
    "footer",
    "blockquote",
    "form",
    "center",
    "x-box",
)
HIDING = ("", ' hidden', ' style="display:none"', ' aria-hidden="true"', ' role="dialog"', ' dir="rtl"')  # fmt: skip


def attributes():
    named = st.sampled_from(NAMES).map(lambda name: f' class="{name}"')
    identified = st.sampled_from(NAMES).map(lambda name: f' id="{name}"')
    return st.one_of(st.just(""), named, identified, st.sampled_from(HIDING))


def joined(parts):
    return "".join(html for html, _ in parts), "".join(text for _, text in parts)


def wrapped(tag, given_attributes, inside):
    html, text = inside
    return f"<{tag}{given_attributes}>{html}</{tag}>", text


def several(part, most=4):
    return st.lists(part, min_size=1, max_size=most).map(joined)


# A part of a page: (its markup, the characters a reader sees in it).
WORDS = st.sampled_from(TEXTS).map(lambda text: (escape(text), text))
UNSEEN = (
    *("<br>", "<hr>", " \n\t", "<span></span>", "<img src=x alt='not shown'>", "<input type=search name=q>"),
    *("<!-- a <p>comment</p> -->", "<script>var a = '<p>x</p>';</script>", "<style>p { color: red }</style>"),
    "<svg><path d='M0 0'/></svg>",
)
NOTHING = st.sampled_from(UNSEEN).map(lambda html: (html, ""))
SENTENCE = st.recursive(
    WORDS | NOTHING.filter(lambda part: "<hr>" not in part[0]),
    lambda inner: st.builds(wrapped, st.sampled_from(PHRASING), attributes(), several(inner, 3)),
    max_leaves=5,
)
LINKED = st.builds(wrapped, st.just("a"), st.just(' href="/x"'), several(WORDS, 2))
PARAGRAPH = st.builds(
    wrapped, st.sampled_from(("p", "h1", "h2", "h3", "pre")), attributes(), several(SENTENCE | LINKED)
)
LIST = st.builds(
    lambda items, tag: (f"<{tag}>{items[0]}</{tag}>", items[1]),
    several(st.builds(wrapped, st.just("li"), attributes(), several(SENTENCE | LINKED, 2))),
    st.sampled_from(("ul", "ol")),
)
ROW = st.builds(
    wrapped,
    st.just("tr"),
    st.just(""),
    several(st.builds(wrapped, st.sampled_from(("td", "th")), st.just(""), several(SENTENCE | LINKED, 2))),
)
TABLE = st.builds(lambda rows: (f"<table><tbody>{rows[0]}</tbody></table>", rows[1]), several(ROW, 3))
CHOICE = st.builds(
    lambda options: (f"<select>{options[0]}</select>", options[1]),
    several(st.builds(wrapped, st.just("option"), st.just(""), WORDS), 3),
)
BODY = st.recursive(
    PARAGRAPH | LIST | TABLE | CHOICE | WORDS | NOTHING,
    lambda inner: st.builds(wrapped, st.sampled_from(FLOW), attributes(), several(inner)),
    max_leaves=12,
)


def one_form(html):
    """Forms do not nest in HTML: the parser would drop the inner tags, which no reader notices."""
    return html.count("<form") <= 1


PAGES = (
    several(BODY, 5)
    .filter(lambda page: one_form(page[0]))
    .map(
        lambda page: (f"<!doctype html><html><head><title>Harbour</title></head><body>{page[0]}</body></html>", page[1])
    )
)
QUICK = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def held(record):
    """Kept and removed together in the order of the page, white space left out."""
    texts = {block.index: record.text[block.start : block.end] for block in record.content.blocks}
    texts.update((entry.index, entry.text) for entry in record.removed)
    return "".join("".join(texts[index] for index in sorted(texts)).split())


@QUICK
@given(PAGES)
def test_kept_and_removed_are_what_was_written(page):
    """Counted by who wrote the page, not by the program."""
    html, text = page
    record = archiver.clean(html, options=UNREPAIRED)
    assert held(record) == "".join(text.split())
    assert record.account.visible_characters == len("".join(text.split()))
    assert fault_in(record) is None


@QUICK
@given(PAGES)
def test_kept_and_removed_are_what_another_parser_reads(page):
    """html5lib reads as browsers do."""
    html, _ = page
    soup = BeautifulSoup(html, "html5lib")
    for unseen in soup(["script", "style", "title"]):
        unseen.decompose()
    seen = "".join(soup.get_text().split())
    assert held(archiver.clean(html, options=UNREPAIRED)) == seen


@QUICK
@given(PAGES)
def test_books_close_with_repairs(page):
    assert fault_in(archiver.clean(page[0])) is None


# These end where they begin, which libxml2 does not know: it tells all that follows as if it stood inside.
VOIDS = (
    ("<p>Donau<wbr>dampf</p><p>After</p>", "DonaudampfAfter"),
    ("<audio><source src=x>No sound here.</audio><p>After</p>", "Nosoundhere.After"),
    ("<video><track src=x>No pictures.</video><p>After</p>", "Nopictures.After"),
    ("<p>One <embed src=x> two</p><p>After</p>", "OnetwoAfter"),
)


@pytest.mark.parametrize(
    "html, text",
    [
        *VOIDS,
        ("<html><body><p>One</p></body></html><p>Two</p>", "OneTwo"),
        ("<p>One</p><plaintext>Two", "OneTwo"),
        ("<p>One<p>Two<div>Three</p>Four", "OneTwoThreeFour"),
        ("<table><tr><td>One<p>Two</table>Three", "OneTwoThree"),
        ("<table>Loose<tr><td>One</table>", "LooseOne"),
        ("<ul>Loose<li>One</ul>", "LooseOne"),
        ("<select><option>One<option>Two</select>Three", "OneTwoThree"),
        ("<button>One</button><label>Two <input></label>", "OneTwo"),
        ("<a href=x>One<div>Two</a>Three</div>", "OneTwoThree"),
        ("<noscript>One</noscript><template>Two</template>", "OneTwo"),
        ("<noframes><p>One</p></noframes><p>Two</p>", "OneTwo"),
        ("<p>a&nbsp;b&zwnj;c&#8205;d&#x1F600;</p>", "ab\u200cc\u200dd\U0001f600"),
    ],
    ids=lambda value: value[:40] if value.startswith("<") else "",
)
def test_no_word_is_lost(html, text):
    assert held(archiver.clean(f"<!doctype html>{html}")) == text


@pytest.mark.parametrize("tag", ["noframes", "noscript", "template", "div", "b", "table><tr><td", "ul><li", "select"])
def test_any_depth_is_read(tag):
    """Python's own limit is 1,000 calls, libxml2's for a tree 2,048 elements."""
    record = archiver.clean(f"<html><body><p>Before</p>{f'<{tag}>' * 3_000}The deepest words")
    assert "Thedeepestwords" in held(record)


SCRAPS = st.text(
    st.sampled_from([*"<>/ =\"'-![]?&;#apdivbryhtmlscx01\n\t\0", "\u200c", "中", "\ud800", *"Ã©"]), max_size=150
)


@settings(deadline=None)
@given(st.text() | SCRAPS, st.none() | st.sampled_from(["text/html", "text/plain; charset=windows-1256", "\ud800"]))
def test_any_text_gives_a_sound_record(text, content_type):
    record = archiver.clean(text, content_type=content_type)
    assert fault_in(record) is None
    check_schema(record)


@settings(deadline=None)
@given(
    st.binary(max_size=300) | SCRAPS.map(lambda text: text.encode("utf-8", "replace")),
    st.none()
    | st.sampled_from(["text/html", "text/html; charset=gbk", "text/plain; charset=utf-16", "x/y; charset=x"]),
    st.none() | st.sampled_from(["https://example.org/a?b=c#d", "http://[::1", "نشانی", "", "file:///x"]),
)
def test_any_bytes_give_a_sound_record(data, content_type, url):
    record = archiver.clean(data, url, datetime(2024, 2, 29, tzinfo=UTC), content_type)
    assert fault_in(record) is None
    check_schema(record)


@cache
def validator():
    return Draft202012Validator(SCHEMA)


def check_schema(record):
    """The record's JSON is what the schema says, and comes back itself."""
    written = to_json(record)
    validator().validate(json.loads(written))
    assert from_json(written) == record
    assert to_json(from_json(written)) == written


@QUICK
@given(PAGES, PAGES)
def test_order_does_not_matter(one, other):
    """And a page cleaned twice gives the same bytes."""
    forward = [to_json(archiver.clean(page)) for page in (one[0], other[0])]
    backward = [to_json(archiver.clean(page)) for page in (other[0], one[0])]
    assert forward == backward[::-1]


@QUICK
@given(PAGES)
def test_repair_twice_changes_nothing(page):
    text = archiver.clean(page[0]).text
    once = archiver.repair(text)
    assert archiver.repair(once.text).repairs == ()


@cache
def samples():
    return {capture.container: capture for capture in archiver.read(ROOT / "raw")}


@cache
def stored(name):
    return to_json(archiver.clean(samples()[name]))


@pytest.mark.parametrize("name", sorted(samples()))
def test_sample_comes_back_from_json(name):
    record = archiver.clean(samples()[name])
    check_schema(record)
    assert to_json(record) == stored(name)


def test_samples_in_any_order():
    assert [to_json(archiver.clean(samples()[name])) for name in sorted(samples(), reverse=True)] == [
        stored(name) for name in sorted(samples(), reverse=True)
    ]


@pytest.mark.parametrize("name", sorted(samples()))
def test_repair_of_a_clean_sample_finds_nothing(name):
    """Sound text stays sound, and what was mended is whole."""
    assert archiver.repair(archiver.clean(samples()[name]).text).repairs == ()


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(samples())), st.floats(0, 1))
def test_a_capture_cut_anywhere_closes_its_books(name, share):
    capture = samples()[name]
    whole = replace(capture, body=capture.body[: int(share * len(capture.body))])
    record = archiver.clean(whole)
    assert fault_in(record) is None
    check_schema(record)


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(sorted(samples())), st.floats(0, 1), st.binary(min_size=1, max_size=8))
def test_a_damaged_capture_closes_its_books(name, share, noise):
    capture = samples()[name]
    place = int(share * len(capture.body))
    record = archiver.clean(replace(capture, body=capture.body[:place] + noise + capture.body[place + len(noise) :]))
    assert fault_in(record) is None
    check_schema(record)


def test_what_was_given_is_not_changed():
    capture = Capture(b"<p>The harbour was dredged in the spring of 1911.</p>", url="https://example.org/")
    assert archiver.clean(capture) == archiver.clean(replace(capture))
    assert capture == Capture(b"<p>The harbour was dredged in the spring of 1911.</p>", url="https://example.org/")


def test_same_page_as_bytes_and_as_text():
    html = "<title>Hafen</title><p>Der Schlick kam auf die andere Seite der Bucht, zu den Netzen.</p>"
    assert archiver.clean(html).text == archiver.clean(html.encode(), content_type="text/html; charset=utf-8").text


def test_unreadable_capture_is_a_failed_record():
    record = archiver.clean(Capture(b"", unreadable="the file is empty"))
    assert (record.status, record.account.doubts) == ("failed", ("the file is empty",))


@pytest.mark.parametrize("limit", [0, 1, 10, 60])
def test_a_page_beyond_the_limit_says_that_it_was_cut(limit):
    record = archiver.clean(f"<p>{'harbour ' * 20}</p>", options=Options(max_body_bytes=limit))
    assert record.status != "ok"
    assert fault_in(record) is None
    assert record.capture.truncated


EXACT = sorted((Path(__file__).parent / "cases" / "exact").glob("*.json"))


@pytest.mark.parametrize("path", EXACT, ids=lambda path: path.stem)
def test_what_is_easily_touched_passes_to_the_letter(path):
    text = json.loads(path.read_text(encoding="utf-8"))["text"]
    assert archiver.repair(text).text == text
    page = f"<!DOCTYPE html><title>x</title><main><h1>x</h1><p>{escape(text)}</p></main>"
    for body in (page.encode("utf-8"), page.encode("utf-16"), page):
        record = archiver.clean(body)
        assert record.encoding.repairs == ()
        everything = [record.text, *(removed.text for removed in record.removed)]
        assert any(text in one for one in everything), everything
    dump = archiver.clean(f"{text}\n")
    assert text in "\n".join([dump.text, *(removed.text for removed in dump.removed)])


@pytest.mark.parametrize("at_work", [True, False])
def test_the_collector_rests_while_a_page_is_cleaned_or_compared(monkeypatch, at_work):
    """And is then as it was, also when something is raised."""
    seen = []

    def watched(*given):
        seen.append(gc.isenabled())
        raise RuntimeError

    monkeypatch.setattr(pipeline, "decode_capture", watched)
    monkeypatch.setattr(import_module("archiver.diff"), "compare", watched)
    was = gc.isenabled()
    try:
        (gc.enable if at_work else gc.disable)()
        for work in (lambda: pipeline.clean("<p>Tea"), lambda: archiver.diff("a", "b")):
            with pytest.raises(RuntimeError):
                work()
            assert gc.isenabled() is at_work
    finally:
        (gc.enable if was else gc.disable)()
    assert seen == [False, False]
