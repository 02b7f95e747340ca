"""Metadata: cases as files, the tables line by line, and the laws."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.blocks import segment, segment_text
from archiver.language import _WORD, _words_of, choose_language, guess_language, normalise_tag
from archiver.metadata import describe, identify
from archiver.metadata.dates import from_jalali, not_later, read_date
from archiver.metadata.names import clean_author
from archiver.metadata.structured import read_json_ld
from archiver.model import Block, Capture, Document, Head, Identity
from archiver.tables import read_table

CASES = Path(__file__).parent / "cases" / "metadata"
NOBODY = Identity(url=None, urlkey=None, captured_at=None)


def cases(name):
    found = json.loads((CASES / f"{name}.json").read_text("utf-8"))
    return [pytest.param(case, id=case["label"], marks=known_failure(case)) for case in found]


def known_failure(case):
    return [pytest.mark.xfail(strict=True)] if case.get("expect") == "fail" else []


def read_document(page):
    if "html" in page:
        return segment(page["html"])
    if "text" in page:
        return segment_text(page["text"])
    return Document("html", (), head=Head(comments=tuple(page["comments"])))


def captured(value):
    return datetime.fromisoformat(value) if value else None


@pytest.mark.parametrize("case", cases("pages"))
def test_page(case):
    given_page = case["input"]
    document = read_document(given_page)
    capture = Capture(b"", url=given_page["url"], captured_at=captured(given_page["captured_at"]))
    identity = identify(capture, document.head)
    found = {"identity": identity, "metadata": describe(document, document.blocks, identity)}
    for name, expected in case["expected"].items():
        stage, field = name.split(".")
        value = getattr(found[stage], field)
        if isinstance(value, datetime):
            value = value.isoformat()
        assert (list(value) if isinstance(value, tuple) else value) == expected, name


@pytest.mark.parametrize("case", cases("dates"))
def test_date(case):
    moment = read_date(case["input"]["value"], case["input"]["language"])
    found = not_later(moment, captured(case["input"]["captured_at"])) if moment else None
    assert found == case["expected"]


@pytest.mark.parametrize("case", cases("languages"))
def test_language_of_text(case):
    guess = guess_language(case["input"])
    assert (guess.language if guess else None) == case["expected"]


@pytest.mark.parametrize("case", cases("chosen-languages"))
def test_language_chosen(case):
    assert choose_language(case["input"]["declared"], case["input"]["text"]) == case["expected"]


@pytest.mark.parametrize("case", cases("tags"))
def test_language_tag(case):
    assert normalise_tag(case["input"]) == case["expected"]


def test_every_line_of_months_is_read():
    for name, month in read_table("months"):
        calendar, _, number = month.rpartition("-")
        if calendar:
            expected = from_jalali(1402, int(number), 5).isoformat()
            assert read_date(f"5 {name} 1402").text == expected, name
        else:
            assert read_date(f"5 {name} 2019").text == f"2019-{int(number):02}-05", name


def test_every_line_of_bylines_is_cut_off():
    for phrase, _ in read_table("metadata-bylines"):
        assert clean_author(f"{phrase}: Jane Roe") == "Jane Roe", phrase
        assert clean_author(f"{phrase.title()} Jane Roe") == "Jane Roe", phrase


VALUES = {
    "authors": ("Jane Roe", ("Jane Roe",)),
    "published": ("2019-03-05", "2019-03-05"),
    "modified": ("2019-03-05", "2019-03-05"),
    "language": ("fa_IR", "fa-IR"),
}


@pytest.mark.parametrize(("field", "rank", "place", "name"), read_table("metadata-names"))
def test_every_name_gives_its_field(field, rank, place, name):
    value, expected = VALUES.get(field, ("Some words", "Some words"))
    head = Head(meta=((name, value),)) if place == "meta" else Head(items=((name, value, 0),))
    assert getattr(describe(Document("html", (), head=head), (), NOBODY), field) == expected


@pytest.mark.parametrize(("name", "page_type"), read_table("metadata-types"))
def test_every_type_gives_a_page_type(name, page_type):
    for head in (Head(json_ld=(json.dumps({"@type": name.title()}),)), Head(meta=(("og:type", name),))):
        assert describe(Document("html", (), head=head), (), NOBODY).page_type == page_type


@pytest.mark.parametrize("language", sorted({code for row in read_table("metadata-words") for code in row[1].split()}))
def test_a_text_of_a_language_s_words_is_in_it(language):
    words = [word for word, codes in read_table("metadata-words") if language in codes.split()]
    guess = guess_language(" ".join(words * 3))
    assert guess is not None
    assert guess.language == language


def test_jalali_days_follow_one_another():
    day, expected = from_jalali(1300, 1, 1), date(1921, 3, 21)
    for year in range(1300, 1501):
        for month in range(1, 13):
            for number in range(1, 32):
                day = from_jalali(year, month, number)
                if day is not None:
                    assert day == expected
                    expected += timedelta(days=1)
    # Nowruz as astronomers give it: 20 March 2024, 21 March 2025, 20 March 2121.
    assert from_jalali(1403, 1, 1) == date(2024, 3, 20)
    assert from_jalali(1404, 1, 1) == date(2025, 3, 21)
    assert from_jalali(1500, 1, 1) == date(2121, 3, 21)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(
                ["@type", "@id", "@graph", "name", "author", "headline", "datePublished", "mainEntity", "x"]
            ),
            inner | st.sampled_from(["NewsArticle", "WebSite", "2019-03-05", "#a"]),
        )
    ),
    max_leaves=20,
).map(json.dumps)
DATES = st.datetimes(datetime(1980, 1, 1), datetime(2060, 1, 1)).map(lambda time: time.isoformat()) | st.text()
META = st.tuples(st.sampled_from([row[3] for row in read_table("metadata-names")]), DATES | st.text())
HEADS = st.builds(
    Head,
    title=st.none() | st.text(),
    language=st.none() | st.text(),
    meta=st.lists(META).map(tuple),
    links=st.lists(st.tuples(st.sampled_from(["canonical", "author"]), st.text())).map(tuple),
    json_ld=st.lists(JSON | st.text() | JSON.map(lambda text: text[:-1])).map(tuple),
    items=st.lists(st.tuples(st.sampled_from(["author", "datepublished", "headline"]), DATES, st.integers())).map(
        tuple
    ),
    times=st.lists(st.tuples(DATES, st.integers())).map(tuple),
    comments=st.lists(
        st.text()
        | st.text().map(lambda text: f"saved from url=(0020){text}")
        | st.text().map(lambda text: f"Page saved with SingleFile\n url: {text}\n saved date: {text}")
    ).map(tuple),
)
TIMES = st.datetimes(datetime(1996, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def earliest(text):
    if "T" not in text:
        return datetime.fromisoformat(text + "-01-01"[: 10 - len(text)] if len(text) < 10 else text).replace(tzinfo=UTC)
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


@settings(deadline=None)
@given(HEADS, st.text(), st.none() | TIMES)
def test_any_head_is_described_and_never_later_than_the_capture(head, text, captured_at):
    block = Block(0, "paragraph", 0, text, -1, 1)
    document = Document("html", (block,), head=head)
    identity = identify(Capture(b"", captured_at=captured_at), head)
    metadata = describe(document, (block,), identity)
    for date_text in (metadata.published, metadata.modified):
        if date_text and identity.captured_at:
            assert earliest(date_text) <= identity.captured_at
    assert describe(document, (block,), identity) == metadata


@settings(deadline=None)
@given(st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)), TIMES)
def test_a_published_date_after_the_capture_is_dropped(published, captured_at):
    head = Head(meta=(("article:published_time", published.isoformat() + "Z"),))
    identity = replace(NOBODY, captured_at=captured_at)
    found = describe(Document("html", (), head=head), (), identity).published
    assert (found is not None) == (published.replace(tzinfo=UTC) <= captured_at)


@settings(deadline=None)
@given(st.lists(st.text() | JSON).map(tuple))
def test_any_script_is_read(scripts):
    assert all(isinstance(node, dict) for node in read_json_ld(scripts))


@settings(deadline=None)
@given(st.text(), st.sampled_from(["fa", "th", "en", None]))
def test_any_text_as_a_date_is_a_date_or_none(text, language):
    moment = read_date(text, language)
    assert moment is None or read_date(moment.text).text == moment.text


@settings(deadline=None)
@given(st.text())
def test_any_text_as_a_tag_is_a_tag_or_none(text):
    tag = normalise_tag(text)
    assert tag is None or normalise_tag(tag) == tag


@given(st.text(st.sampled_from("aGzOé9_ '’‘ʻ.\n-"), max_size=30))
def test_words_of_ascii_are_those_of_the_pattern(text):
    """They go another way, but for the letters of Uzbek that an apostrophe joins."""
    assert _words_of(text, "Latn") == _WORD.findall(text.casefold())


@pytest.mark.parametrize("language, expected", [("fa", "rtl"), ("en", "ltr"), (None, None)])
def test_direction_of_digits_is_that_of_the_language(language, expected):
    head = Head(language=language)
    document = Document("html", (Block(0, "paragraph", 0, "12 34", -1, 0),), head=head)
    assert describe(document, document.blocks, NOBODY).direction == expected
