"""Each rule of `content` and `interface` and each region of `landmarks` decides its case, and only with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.blocks import segment, segment_text
from archiver.labels import LABELLERS, content, interface, label, landmarks
from archiver.model import DECIDING, REMOVAL_KINDS, Block, Document, Element, Label, Options
from archiver.tables import read_table

FOLDER = Path(__file__).parent / "cases" / "labels"
GROUPS = ("content", "interface", "landmarks")
FIELDS = ["label", "comment", "rule", "input", "expected", "kept", "expect"]
# What decides beside the model; see `content.decide`.
BESIDE = ("headline", "caption", "repeated")
# The labeller of the group and those that stand before it are not in question here: widgets and phrases know
# some of the same furniture by other signs.
ALONE = Options(rules_off=frozenset({"widgets", "phrases"}))


def cases():
    for group in GROUPS:
        for case in json.loads((FOLDER / f"{group}.json").read_text(encoding="utf-8")):
            yield group, case


def params(*, ruled=False):
    for group, case in cases():
        if ruled and (not case["rule"] or case["expect"] == "fail"):
            continue
        marks = [pytest.mark.xfail(strict=True)] if case["expect"] == "fail" else []
        yield pytest.param(case, id=f"{group}: {case['label']}", marks=marks)


def decided(markup, options=ALONE):
    """What was removed as [kind, rule, text], and the texts that were kept."""
    document = segment(markup)
    labels = label(document, options)
    both = list(zip(document.blocks, labels, strict=True))
    removed = [[given.kind, given.rule, block.text] for block, given in both if not given.keep]
    return removed, [block.text for block, given in both if given.keep]


@pytest.mark.parametrize("case", list(params()))
def test_case(case):
    removed, kept = decided(case["input"])
    assert removed == case["expected"]
    assert [text for text in case["kept"] if text not in kept] == []


@pytest.mark.parametrize("case", list(params()))
def test_all_labellers_agree(case):
    """With widgets and phrases at work the same words stay; what goes may go by another rule."""
    removed, kept = decided(case["input"], Options())
    assert {text for _, _, text in removed} == {text for _, _, text in case["expected"]}
    assert [text for text in case["kept"] if text not in kept] == []


def decide_without(name):
    """`content.decide` where one of its rules finds nothing to speak of."""
    whole = content.decide

    def decide(rows, texts, percents, favour):
        if name == "model":
            return whole(rows, texts, [99] * len(texts), favour)
        if name == "repeated":
            return whole(rows, [f"{text} {place}" for place, text in enumerate(texts)], percents, favour)
        blank = {"headline": "is_headline", "caption": "kind"}[name]
        return whole({**rows.by_name, blank: 0 * rows[blank]}, texts, percents, favour)

    return decide


def take_out(monkeypatch, rule):
    """The program without one rule."""
    labeller, name = rule.split(":")
    if labeller == "content":
        monkeypatch.setattr(content, "decide", decide_without(name))
    elif labeller == "interface":
        assert name in {known for known, _, _ in interface.RULES}
        monkeypatch.setattr(interface, "RULES", tuple(row for row in interface.RULES if row[0] != name))
    else:
        whole = landmarks._names()
        left = [{said: kind for said, kind in names.items() if kind != name} for names in whole]
        assert sum(map(len, left)) < sum(map(len, whole))
        monkeypatch.setattr(landmarks, "_names", lambda: type(whole)(*left))


@pytest.mark.parametrize("case", list(params(ruled=True)))
def test_case_needs_its_rule(case, monkeypatch):
    """Taken out of the table, the rule is missed: so no case passes by another."""
    with_rule = decided(case["input"])
    take_out(monkeypatch, case["rule"])
    assert decided(case["input"]) != with_rule


def test_every_rule_has_a_case():
    ruled = {case["rule"] for _, case in cases() if case["rule"]}
    rules = {f"interface:{name}" for name, _, _ in interface.RULES} | {f"content:{name}" for name in (*BESIDE, "model")}
    regions = {f"landmarks:{kind}" for kind, _, _ in read_table("landmarks")}
    assert ruled == rules | regions


def test_every_rule_has_a_counter_case():
    """A page where the rule could go wrong and must not: named `<rule>: ...` and without a rule of its own."""
    spared = {case["label"].split(":")[0] for _, case in cases() if not case["rule"]}
    asked = {name for name, _, _ in interface.RULES} | {*BESIDE, "model"}
    assert asked - spared <= {"dialog"}


@pytest.mark.parametrize("group", GROUPS)
def test_cases_are_sound(group):
    listed = [case for name, case in cases() if name == group]
    labels = [case["label"] for case in listed]
    assert len(labels) == len(set(labels))
    for case in listed:
        assert list(case) == FIELDS
        assert case["comment"]
        assert case["kept"]
        assert case["rule"] is None or case["rule"].startswith(f"{group}:")
        assert {kind for kind, _, _ in case["expected"]} <= set(REMOVAL_KINDS)


PROSE = "The harbour was dredged in the spring of 1911, and the spoil was carried to the far side of the bay."


def region(where, name):
    """A page of prose beside an element that bears a landmark's name, with two words in it."""
    html = Element(-1, "html", 1, "", (), "", {}, "", frozenset())
    named = Element(
        0,
        name if where == "tag" else "div",
        1,
        "",
        (f"x-{name}",) if where == "word" else (),
        name if where == "role" else "",
        {},
        "",
        frozenset(),
    )
    main = Element(0, "main", 1, "", (), "", {}, "", frozenset())
    blocks = (Block(0, "paragraph", 0, "Two words", 1, 0), Block(1, "paragraph", 0, PROSE, 2, 0))
    return Document("html", blocks, (html, named, main))


@pytest.mark.parametrize("kind, where, name", read_table("landmarks"))
def test_each_line_of_the_table_is_hit(kind, where, name):
    labels = landmarks.label_landmarks(region(where, name), {})
    assert set(labels) == {0}
    assert (labels[0].keep, labels[0].kind, labels[0].rule) == (False, kind, f"landmarks:{kind}")
    assert name in labels[0].evidence


def test_a_label_given_before_stays():
    document = region("tag", "nav")
    given_before = Label(keep=True, kind="content", rule="x:y", evidence="", confidence=1.0)
    assert landmarks.label_landmarks(document, {0: given_before}) == {}


def test_labellers_that_are_off_decide_nothing():
    document = segment(f"<nav>Menu</nav><p>{PROSE}</p>")
    every = frozenset(name for name, _ in LABELLERS)
    labels = label(document, Options(rules_off=every))
    assert {given.rule for given in labels} == {"none"}
    assert all(given.keep for given in labels)


def test_a_dump_is_kept_where_no_phrase_speaks():
    labels = label(segment_text(f"{PROSE}\n\nHafen\n\nУтюг"), Options())
    assert [given.keep for given in labels] == [True, True, True]


MARKUP = st.lists(
    st.sampled_from(
        [
            *("<nav>", "</nav>", "<main>", "</main>", "<aside>", "</aside>", "<div hidden>", "<div class=modal>"),
            *("</div>", "<h1>", "</h1>", "<a href=/>", "</a>", "<p>", "<select><option>", "</select>", "<noscript>"),
            *(
                "</noscript>",
                PROSE,
                "Words ",
                "一九一一年春天港口完成了疏浚。",
                "خانه ",
                "<li>",
                "<footer>",
                "</footer>",
            ),
        ]
    ),
    max_size=40,
).map("".join)


@settings(deadline=None)
@given(MARKUP)
def test_every_block_has_one_label_that_says_why(markup):
    document = segment(markup)
    labels = label(document, Options())
    assert len(labels) == len(document.blocks)
    names = {name for name, _ in LABELLERS}
    for given_label in labels:
        assert given_label.kind in (REMOVAL_KINDS if not given_label.keep else ("content",))
        assert given_label.rule.split(":")[0] in names
        assert given_label.evidence
        assert 0 <= given_label.confidence <= 1


def test_what_can_be_switched_off_is_what_decides() -> None:
    assert (*(name for name, _ in LABELLERS), "history", "template") == DECIDING
