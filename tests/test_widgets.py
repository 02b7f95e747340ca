"""Site furniture is known by its markup: cases as files, every line of the table is hit, guards hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.blocks import segment
from archiver.labels.widgets import (
    EVIDENCE_CHARACTERS,
    WHOLE_PAGE_TAGS,
    YIELDING_KINDS,
    label_widgets,
    parse_selector,
    widget_rules,
)
from archiver.model import REMOVAL_KINDS, Block, Document, Element
from archiver.tables import TableError

CASES = sorted((Path(__file__).parent / "cases" / "widgets").glob("*.json"))
KNOWN = {(rule.kind, rule.name) for rule in widget_rules()}

ARTICLE = (
    "The harbour was dredged in the spring of 1911, and the spoil was carried to the far side of the bay.",
    "Nobody had asked the fishermen, who found their grounds covered with mud when the herring came.",
    "A committee was formed, wrote four letters to the ministry, and was thanked for each of them in turn.",
)


def page_around(snippet):
    paragraphs = "".join(f"<p>{text}</p>" for text in ARTICLE)
    return (
        "<!doctype html><html><head><title>The harbour</title></head><body>"
        f"<article><h1>The harbour</h1>{paragraphs}</article><hr>{snippet}</body></html>"
    )


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_widget_case(path, request):
    case = json.loads(path.read_text(encoding="utf-8"))
    if case["expect"] == "fail":
        request.applymarker(pytest.mark.xfail(strict=True))
    document = segment(page_around(case["input"]))
    labels = label_widgets(document, {})
    planted = [block for block in document.blocks if block.text not in {"The harbour", *ARTICLE}]
    assert planted, "the snippet shows no text"
    kept = case.get("kept", [])
    for block in document.blocks:
        label = labels.get(block.index)
        if block in planted and block.text not in kept:
            expected = case.get("inside", {}).get(block.text, case["expected"])
            assert label is not None, f"not labelled: {block.text!r}"
            assert (label.kind, label.rule) == (expected["kind"], f"widgets:{expected['rule']}")
        else:
            assert label is None, f"taken from the content: {block.text!r} by {label}"


def element_for(rule):
    """An element that meets a rule's selector and has nothing besides."""
    selector = rule.selector
    attributes = {name: value for name, _, value in selector.attributes}
    return Element(
        parent=1,
        tag=selector.tag or "x",
        place=1,
        identity="".join(value for _, value in selector.ids),
        classes=tuple(value for _, value in selector.classes),
        role=attributes.pop("role", ""),
        attributes=attributes,
        hidden="",
        controls=selector.controls,
    )


def document_of(element, *, long_text=False):
    body = Element(0, "body", 1, "", (), "", {}, "", frozenset())
    article = Element(1, "article", 1, "", (), "", {}, "", frozenset())
    html = Element(-1, "html", 1, "", (), "", {}, "", frozenset())
    words = ARTICLE[0] * 20 if long_text else "Some words"
    blocks = (
        *(Block(index, "paragraph", 0, text, 2, 0) for index, text in enumerate(ARTICLE)),
        Block(3, "paragraph", 0, words, 3, 0),
    )
    return Document("html", blocks, (html, body, article, element))


@pytest.mark.parametrize("rule", widget_rules(), ids=lambda rule: f"{rule.kind}-{rule.name}-{rule.written}")
def test_each_line_of_the_table_is_hit(rule):
    labels = label_widgets(document_of(element_for(rule)), {})
    assert set(labels) == {3}
    label = labels[3]
    assert rule.kind in REMOVAL_KINDS
    assert (label.keep, label.kind, label.rule) == (False, rule.kind, f"widgets:{rule.name}")
    assert len(label.evidence) <= EVIDENCE_CHARACTERS


def test_a_selector_belongs_to_one_rule():
    written = [rule.written for rule in widget_rules()]
    assert len(written) == len(set(written))


def test_the_beginnings_are_long_enough_to_be_told_apart():
    stems = [
        token
        for rule in widget_rules()
        for operator, token in (*rule.selector.ids, *rule.selector.classes)
        if operator == "^="
    ]
    assert min(map(len, stems)) >= 4


def test_every_case_names_a_rule_of_the_table():
    for path in CASES:
        expected = json.loads(path.read_text(encoding="utf-8"))["expected"]
        if expected:
            assert (expected["kind"], expected["rule"]) in KNOWN
            assert path.stem.startswith(f"{expected['kind']}--")


@pytest.mark.parametrize("tag", sorted(WHOLE_PAGE_TAGS))
def test_no_rule_counts_on_the_whole_page(tag):
    assert label_widgets(segment(f"<{tag} class='joinchat breadcrumbs'>Words of a page"), {}) == {}


def test_a_form_around_the_whole_page_is_none():
    """ASP.NET wraps a page in one form, and a login box makes it a form with a password."""
    text = page_around("").replace("<article>", "<form><article><input type=password>")
    assert label_widgets(segment(text), {}) == {}


def test_posts_of_a_forum_are_no_comments():
    """Invision Community writes `<div id="comments">` around all posts of a thread."""
    text = page_around("").replace("<article>", "<div id=comments>").replace("</article>", "</div>")
    assert label_widgets(segment(text), {}) == {}


@pytest.mark.parametrize("posts", ["<div id=comments class=cTopic>", "<ul class='MessageList Comments'>"])
def test_posts_of_a_known_forum_are_no_comments(posts):
    """However much is written above them: a forum's own introduction, the first post."""
    text = page_around(f"{posts}<div class=comments><p>{ARTICLE[0]}</p></div>")
    assert label_widgets(segment(text), {}) == {}


def test_labels_given_before_stay():
    document = segment(page_around("<div id=joinchat><p>Open chat</p><p>Hello</p></div>"))
    first = label_widgets(document, {})
    assert len(first) == 2
    one = min(first)
    assert set(label_widgets(document, {one: first[one]})) == set(first) - {one}


@pytest.mark.parametrize("written", ["", "div p", "#", ".a>b", "[href", ":first-child", "a$b", "[a$=b]"])
def test_what_is_no_selector_is_refused(written):
    with pytest.raises(TableError):
        parse_selector(written)


@given(
    st.sampled_from([rule for rule in widget_rules() if rule.kind not in YIELDING_KINDS]),
    st.sampled_from(widget_rules()),
)
def test_the_outer_of_two_strong_widgets_decides(outer, inner):
    """And a rule that yields never decides inside one that does not."""
    document = document_of(element_for(outer))
    within = element_for(inner)._replace(parent=3)
    nested = Document(
        "html",
        (*document.blocks, Block(4, "paragraph", 0, "Inner words", 4, 0)),
        (*document.elements, within),
    )
    labels = label_widgets(nested, {})
    assert labels[3] == labels[4]
    assert labels[4].kind == outer.kind


@given(
    st.sampled_from([rule for rule in widget_rules() if rule.kind in YIELDING_KINDS]),
    st.sampled_from([rule for rule in widget_rules() if rule.kind not in YIELDING_KINDS]),
)
def test_a_strong_widget_inside_a_region_keeps_its_name(outer, inner):
    document = document_of(element_for(outer))
    within = element_for(inner)._replace(parent=3)
    nested = Document(
        "html",
        (*document.blocks, Block(4, "paragraph", 0, "Inner words", 4, 0)),
        (*document.elements, within),
    )
    labels = label_widgets(nested, {})
    assert (labels[3].kind, labels[4].kind) == (outer.kind, inner.kind)


@given(st.sampled_from([rule for rule in widget_rules() if rule.kind in ("share-bar", "breadcrumb", "footer")]))
def test_what_holds_most_of_the_prose_is_no_widget(rule):
    assert label_widgets(document_of(element_for(rule), long_text=True), {}) == {}


@given(st.text("<>div id=class'\"#. abc-_joinchat\u200c\u0001é中", max_size=200))
def test_any_markup_gives_labels_of_the_table(markup):
    document = segment(markup)
    for index, label in label_widgets(document, {}).items():
        assert document.blocks[index].index == index
        assert (label.kind, label.rule.removeprefix("widgets:")) in KNOWN
        assert not label.keep
