"""Site furniture is known by its words, and only as a whole block in its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.blocks import segment_text
from archiver.labels.phrasebook import HEAD, comparable, find_phrases, is_sentence
from archiver.labels.phrases import FAMILIES, LONGEST_PREFIXED, label_phrases
from archiver.model import REMOVAL_KINDS, Block, Document, Label
from archiver.tables import read_table

CASES = sorted((Path(__file__).parent / "cases" / "dumps").glob("*.json"))
TABLE = read_table("phrases")
ASKED = {
    *("fa", "ar", "ur", "he", "tr", "ru", "uk", "zh", "zh-Hant", "ja", "ko", "hi", "bn", "th", "vi", "id"),
    *("el", "pl", "cs", "hu", "ro", "de", "fr", "es", "pt", "pt-BR", "it", "nl", "sv", "en"),
}

BODY = (
    "The harbour was dredged in the spring of 1911, and the spoil was carried to the far side of the bay.",
    "Nobody had asked the fishermen, who found their grounds covered with mud when the herring came.",
)


def filled(phrase: str) -> str:
    """A block that the phrase stands for."""
    return phrase.replace("#", "12").replace("…", " 2019 Harbour")


def document(*lines: str) -> Document:
    blocks = [Block(index, "paragraph", 0, line, -1, index + 1) for index, line in enumerate(lines)]
    return Document("text", tuple(blocks))


def removed(page: Document, labels: dict[int, Label] | None = None) -> list[list[str]]:
    found = label_phrases(page, labels or {})
    return [[found[index].kind, page.blocks[index].text] for index in sorted(found)]


def params():
    for path in CASES:
        case = json.loads(path.read_text(encoding="utf-8"))
        marks = [pytest.mark.xfail(strict=True)] if case["expect"] == "fail" else []
        yield pytest.param(case, id=path.stem, marks=marks)


@pytest.mark.parametrize("case", list(params()))
def test_dump(case):
    assert removed(segment_text(case["input"])) == case["expected"]


def test_every_language_has_a_dump():
    languages = {language for language in ASKED if any(path.stem.startswith(f"{language}-") for path in CASES)}
    assert languages == ASKED


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case_is_sound(path):
    case = json.loads(path.read_text(encoding="utf-8"))
    assert list(case) == ["label", "comment", "input", "expected", "expect"]
    assert case["label"] == path.stem
    assert case["comment"].startswith("negative:") == (not case["expected"])
    assert {kind for kind, _ in case["expected"]} <= set(REMOVAL_KINDS)


def test_table_is_sorted_unique_and_well_formed():
    assert list(TABLE) == sorted(set(TABLE))
    for kind, _, strength, phrase in TABLE:
        assert kind in REMOVAL_KINDS
        assert strength in ("strong", "weak")
        assert phrase == " ".join(phrase.split())
        assert "…" not in phrase[:-1], phrase
        assert len(phrase) <= HEAD - 15, phrase


def test_table_covers_each_kind_in_each_language():
    found = {(kind, language) for kind, language, _, _ in TABLE}
    kinds = {kind for kind, _, _, _ in TABLE} - {"archive-toolbar"}
    assert {(kind, language) for kind in kinds for language in ASKED} <= found


def test_strong_phrase_has_one_kind_and_is_nowhere_weak():
    kinds: dict[str, set[tuple[str, str]]] = {}
    for kind, _, strength, phrase in TABLE:
        kinds.setdefault(comparable(phrase.replace("#", "0")).replace(" ", ""), set()).add((strength, kind))
    for key, ways in kinds.items():
        assert len(ways) == 1 or all(strength == "weak" for strength, _ in ways), (key, ways)


@pytest.mark.parametrize("strength", ["strong", "weak"])
def test_every_line_of_the_table_is_hit_in_its_place(strength):
    """In its place: a strong phrase between sentences, a weak one after them beside furniture of its kind."""
    for kind, language, given_strength, phrase in TABLE:
        if given_strength != strength:
            continue
        text = filled(phrase)
        if strength == "strong":
            page = document(BODY[0], text, BODY[1])
            assert removed(page) == [[kind, text]], (kind, language, phrase)
        else:
            page = document(*BODY, "Harbour 7", text)
            witness = {2: Label(keep=False, kind=kind, rule="test", evidence="", confidence=1.0)}
            assert [found for _, found in removed(page, witness)] == [text], (kind, language, phrase)
            assert kind in {phrase.kind for phrase in find_phrases(text)}


def test_weak_phrase_takes_the_kind_of_its_run():
    """ "Email" is a field of comment forms, of newsletter boxes and a way of sharing."""
    for kind in ("comment-form", "share-bar"):
        witness = {1: Label(keep=False, kind=kind, rule="test", evidence="", confidence=1.0)}
        assert removed(document(BODY[0], "Furniture", "Email", "Harbour", BODY[1]), witness) == [[kind, "Email"]]


def test_no_line_of_the_table_is_removed_inside_a_sentence():
    for kind, language, _, phrase in TABLE:
        sentence = f"On the door of the office stood: {filled(phrase)}, and nobody knew since when or for whom."
        assert removed(document(BODY[0], sentence, BODY[1])) == [], (kind, language, phrase)


def test_no_weak_phrase_is_removed_between_sentences():
    for kind, language, strength, phrase in TABLE:
        if strength == "weak":
            page = document(BODY[0], filled(phrase), BODY[1])
            assert removed(page) == [], (kind, language, phrase)


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("می‌توانم", "می توانم"),
        ("دیدگاه‌ها", "ديدگاه ها"),
        ("كوكي", "کوکی"),
        ("جميع الحقوق محفوظة", "جمیع الحقوق محفوظه"),
        ("J’aime ça :", "J'aime ça:"),
        ("您的位置：", "您的位置:"),
        ("İLETİŞİM", "iletişim"),
        ("HAKKIMIZDA", "Hakkımızda"),
        ("ΕΠΙΚΟΙΝΩΝΙΑ", "Επικοινωνία"),
        ("Conţinut şi", "Conținut și"),
        ("ещё", "еще"),
        ("١٢ تعليقات", "7 تعليقات"),
        ("© 2019", "Copyright © 2024"),
        ("» Older posts →", "Older posts"),
        ("🔍 Search …", "search"),
        ("ＦＡＱ", "faq"),
    ],
)
def test_spellings_that_are_one(written, other):
    assert comparable(written) == comparable(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Thẻ", "The"), ("Suche", "Süche"), ("Share", "Shared"), ("खोज", "खोजें"), ("แชร์", "แชร")],
)
def test_spellings_that_differ(one, other):
    assert comparable(one) != comparable(other)


@pytest.mark.parametrize(
    "text",
    [
        "They met in Doha on Sunday and signed the paper.",
        "守塔人在库房里找了整整一个月才找到当年的灯罩。",
        "ตลาดริมน้ำที่ปิดไปนานกว่าสิบปีกลับมาเปิดอีกครั้งเมื่อวันเสาร์ที่ผ่านมา",
        "وقال كبيرهم إن القوارب عادت كلها قبل المساء.",
        "शहर की पुरानी घड़ी बीस साल बाद फिर चलने लगी है।",
    ],
)
def test_sentence(text):
    assert is_sentence(text)


@pytest.mark.parametrize(
    "text",
    [
        "Afghanistan Freedom Front",
        "No. 12 St. James Sq.",
        "老码头的灯塔",
        "Search",
        "ตลาดริมน้ำ",
        "12. 3. 2019",
    ],
)
def test_no_sentence(text):
    assert not is_sentence(text)


def test_long_block_that_begins_like_a_notice_is_prose():
    prose = "We use cookies " + "and the reader wonders why that sentence is on every page. " * 8
    assert len(prose) > LONGEST_PREFIXED
    assert removed(document(BODY[0], prose, BODY[1])) == []


def test_prefix_ends_at_a_word():
    assert find_phrases("View all posts by Mary Ashdown")
    assert not find_phrases("Click to share one")


def test_block_with_a_label_is_left_alone():
    page = document(BODY[0], "Leave a Reply", BODY[1])
    kept = {1: Label(keep=True, kind="content", rule="test", evidence="", confidence=1.0)}
    assert label_phrases(page, kept) == {}


@pytest.mark.parametrize(
    "title", ["Privacy policy", "Politique de confidentialité", "سیاست حفظ حریم خصوصی", "联系我们"]
)
def test_the_title_of_a_page_is_not_the_link_to_it(title):
    """Terms, contact and privacy pages are called as the links in every footer of the site."""
    lines = ["Home", title, *BODY, title, "Cookies"]
    blocks = [Block(index, "paragraph", 0, line, -1, index + 1) for index, line in enumerate(lines)]
    assert 1 in label_phrases(Document("html", tuple(blocks)), {})
    blocks[1] = blocks[1]._replace(kind="heading", level=1)
    found = label_phrases(Document("html", tuple(blocks)), {})
    assert 1 not in found and 4 in found


def test_confidence_falls_from_strong_to_run_to_edge():
    page = document("Search", "Harbour", BODY[0], "Leave a Reply", "Website", "Harbour 7", BODY[1])
    found = label_phrases(page, {})
    assert [(index, found[index].confidence) for index in sorted(found)] == [(0, 0.7), (3, 0.95), (4, 0.8)]


def test_families_name_kinds():
    assert set().union(*FAMILIES) <= set(REMOVAL_KINDS)


LINES = st.lists(
    st.one_of(
        st.sampled_from([filled(phrase) for _, _, _, phrase in TABLE[::7]]),
        st.sampled_from(BODY),
        st.text(max_size=60),
    ),
    max_size=20,
)


@given(LINES)
def test_law_labels_are_well_formed_and_repeat(lines):
    page = document(*lines)
    found = label_phrases(page, {})
    assert found == label_phrases(page, {})
    for label in found.values():
        assert not label.keep
        assert label.rule == f"phrases:{label.kind}"
        assert label.kind in REMOVAL_KINDS


@given(LINES)
def test_law_a_page_without_a_sentence_left_loses_no_weak_phrase(lines):
    page = document(*lines)
    found = label_phrases(page, {})
    if any(label.confidence < 0.95 for label in found.values()):
        assert any(is_sentence(page.blocks[index].text) for index in range(len(lines)) if index not in found)
