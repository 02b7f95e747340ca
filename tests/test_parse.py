"""What is a page and what a dump; damaged, deep and odd markup loses no word: cases as files, and laws."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.blocks import segment
from archiver.parse import format_of

FOLDER = Path(__file__).parent / "cases" / "parse"


def params(group):
    for case in json.loads((FOLDER / f"{group}.json").read_text(encoding="utf-8")):
        marks = [pytest.mark.xfail(strict=True)] if case["expect"] == "fail" else []
        yield pytest.param(case, id=case["label"], marks=marks)


@pytest.mark.parametrize("case", list(params("formats")))
def test_format(case):
    assert format_of(case["input"], case["content_type"]) == case["expected"]


@pytest.mark.parametrize("case", list(params("pages")))
def test_page(case):
    document, expected = segment(case["input"]), case["expected"]
    texts = [block.text for block in document.blocks]
    if "texts" in expected:
        assert texts == expected["texts"]
    whole = "\n".join(texts)
    place = 0
    for words in expected.get("holds", ()):
        assert words in whole[place:], f"lost, or out of order: {words!r}"
        place = whole.index(words, place) + len(words)
    if "parser" in expected:
        assert document.parser == expected["parser"]
    if "doubts" in expected:
        assert len(document.doubts) == expected["doubts"]


@pytest.mark.parametrize("group", ["formats", "pages"])
def test_cases_are_sound(group):
    cases = json.loads((FOLDER / f"{group}.json").read_text(encoding="utf-8"))
    labels = [case["label"] for case in cases]
    assert len(labels) == len(set(labels))
    for case in cases:
        assert case["comment"]
        assert case["expect"] in ("pass", "fail")
        if group == "pages":
            assert case["expected"]
            assert set(case["expected"]) <= {"texts", "holds", "parser", "doubts"}


@pytest.mark.parametrize("tag", ["div", "span", "font", "blockquote", "x-box"])
@pytest.mark.parametrize("depth", [300, 3_000])
def test_deep_nesting_keeps_all_text(tag, depth):
    """libxml2 stops at a depth of 256 unless told otherwise, and at 2,048 for good."""
    words = [f"word{number}" for number in range(depth)]
    markup = "".join(f"<{tag}>{word} " for word in words) + f"</{tag}>" * depth + "<p>After.</p>"
    document = segment(f"<html><body>{markup}</body></html>")
    assert " ".join(block.text for block in document.blocks).split() == [*words, "After."]


def test_a_text_of_more_than_ten_megabytes_is_whole():
    """libxml2 stops there unless told otherwise, without a word."""
    text = "harbour " * 1_400_000
    blocks = segment(f"<p>{text}</p><p>After.</p>").blocks
    assert [len(block.text) for block in blocks] == [len(text) - 1, len("After.")]


def test_lone_surrogates_do_no_harm():
    """They come from names of files and from scripts; UTF-8 has no bytes for them."""
    assert [block.text for block in segment("<p>a\ud83db</p><p>c</p>").blocks][1:] == ["c"]


@pytest.mark.parametrize("text", ["", " ", "\0", "<", "</", "<!", "<!--", "<?", "&", "&#", "<a", "<a b='", "\ufeff"])
def test_scraps_give_a_page(text):
    assert segment(text).format == "html"


MARKUP = st.text(st.sampled_from([*"<>/ =\"'-![]?&;#apdivbryhtmlscx01\n\0", "\ud800", "\U0001f600"]), max_size=200)


@settings(deadline=None)
@given(MARKUP | st.text())
def test_parse_never_raises(text):
    assert segment(text).parser in ("lxml", "html5lib")


@settings(deadline=None)
@given(st.text(), st.none() | st.sampled_from(["text/html", "text/plain", "application/xhtml+xml"]) | st.text())
def test_format_is_one_of_two(text, content_type):
    assert format_of(text, content_type) in ("html", "text")


def test_lenient_parser_reads_what_lxml_loses():
    """A title inside a formula that never ends: libxml2 takes the rest of the page for the name of the page."""
    document = segment("<html><body><math><title>" + "<div>The harbour of 1911.</div>" * 6 + "</body></html>")
    assert document.parser == "html5lib"
    assert [block.text for block in document.blocks] == ["The harbour of 1911."] * 6
