"""Mojibake is undone (cases as files), sound text never changes, plans replay, links stay on their words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.charsets import read_as
from archiver.model import Block, Document, Head, Link
from archiver.repair import repair, repair_document, replay
from archiver.repair.misread import MULTIBYTE
from archiver.repair.readings import READ_UTF8_IN

CASES = sorted((Path(__file__).parent / "cases" / "repair").glob("*.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_repair_case(path):
    case = json.loads(path.read_text(encoding="utf-8"))
    repaired = repair(case["input"])
    assert repaired.text == case["expected"]
    assert bool(repaired.repairs) == (case["input"] != case["expected"])
    assert any(done.lossy for done in repaired.repairs) == case.get("lossy", False)
    check_repairs(case["input"], repaired)


def check_repairs(text, repaired):
    """Each repair lies where it says, replays, and all of them together make the repaired text."""
    pieces, place = [], 0
    for done in repaired.repairs:
        assert text[done.start : done.end] == done.before
        assert replay(done.before, done.plan) == done.after
        pieces += [text[place : done.start], done.after]
        place = done.end
    assert "".join(pieces) + text[place:] == repaired.text
    assert repair(repaired.text).repairs == ()


SCRIPTS = st.characters(exclude_categories=["Cs", "Cc"], codec="utf-8", exclude_characters="\x85\u2028\u2029")


@settings(deadline=None)
@given(st.text(SCRIPTS), st.sampled_from([*READ_UTF8_IN, *MULTIBYTE]))
def test_repairs_hold_on_made_mojibake(text, charset):
    broken = read_as(text.encode("utf-8"), charset).text
    check_repairs(broken, repair(broken))


@settings(deadline=None)
@given(st.binary(max_size=40), st.sampled_from([*READ_UTF8_IN, *MULTIBYTE]))
def test_repairs_hold_on_any_bytes_in_any_charset(data, charset):
    check_repairs(read_as(data, charset).text, repair(read_as(data, charset).text))


@settings(deadline=None)
@given(st.text())
def test_repairs_hold_on_any_text(text):
    check_repairs(text, repair(text))


def block_of(text, *links):
    return Block(0, "paragraph", 0, text, 0, 0, sum(link.end - link.start for link in links), links)


def test_links_stay_around_their_words():
    before, after = "LÃ‰cole â€” plus dâ€™annÃ©es Ã©coulÃ©es", "LÉcole — plus d’années écoulées"
    words = [("LÃ‰cole", "LÉcole"), ("plus", "plus"), ("dâ€™annÃ©es", "d’années"), ("Ã©coulÃ©es", "écoulées")]
    links = tuple(Link(before.index(old), before.index(old) + len(old), "#") for old, _ in words)
    document, _ = repair_document(Document("html", (block_of(before, *links),)))
    block = document.blocks[0]
    assert block.text == after
    assert [block.text[link.start : link.end] for link in block.links] == [new for _, new in words]
    assert block.link_characters == sum(len(new) for _, new in words)


@settings(deadline=None)
@given(st.lists(st.text(SCRIPTS, min_size=1, max_size=6), min_size=1, max_size=6))
def test_links_stay_around_their_words_in_any_script(words):
    broken = [word.encode("utf-8").decode("sloppy-windows-1252") for word in words]
    links, text = [], ""
    for word in broken:
        text += " " if text else ""
        links.append(Link(len(text), len(text) + len(word), "#"))
        text += word
    document, repairs = repair_document(Document("html", (block_of(text, *links),)))
    block = document.blocks[0]
    ends = [place for link in block.links for place in link[:2]]
    assert ends == sorted(ends)
    assert ends[-1] == len(block.text)
    if len(repairs) == 1 and block.text == " ".join(words):
        assert [block.text[link.start : link.end] for link in block.links] == words


def test_title_is_block_minus_one():
    document, repairs = repair_document(Document("html", (block_of("sound"),), head=Head(title="Ã‰cole")))
    assert document.head.title == "École"
    assert [done.block for done in repairs] == [-1]


def test_a_sound_document_comes_back_itself():
    document = Document("html", (block_of("Größe"),), head=Head(title="Maß"))
    assert repair_document(document) == (document, ())
    assert repair_document(document)[0] is document


def test_spans_in_a_later_line_count_from_the_block():
    text = "Größe\nMaß\nabc Ã¶ def"
    repaired = repair(text)
    assert [(done.start, done.end, done.before, done.after) for done in repaired.repairs] == [(14, 16, "Ã¶", "ö")]


def test_normalising_is_asked_for_and_recorded():
    text = "Viê\u0323t Nam, cafe\u0301, Ἀ\u0345 e\u0301"
    document = Document("html", (block_of(text),))
    assert repair_document(document) == (document, ())
    done, repairs = repair_document(document, normalise=True)
    assert done.blocks[0].text == "Việt Nam, café, ᾈ é"
    assert {found.name for found in repairs} == {"normalised"}
    for found in repairs:
        assert text[found.start : found.end] == found.before
        assert replay(found.before, found.plan) == found.after
    assert repair_document(done, normalise=True) == (done, ())


def test_a_short_text_is_read_as_the_rest_of_the_page():
    """One word alone is left in doubt; where two blocks went through the same reading, it is believed of a third."""
    long = ["Ïàðîõîä îïîçäàë íà òðè äíÿ èç-çà øòîðìà", "Êóïöû æäàëè åãî âñþ íî÷ü íà ïðè÷àëå"]
    short = "Êîò"
    blocks = tuple(block_of(text)._replace(index=index) for index, text in enumerate([*long, short]))
    assert repair(short).text == short
    done, _ = repair_document(Document("html", blocks))
    assert [block.text for block in done.blocks] == [
        "Пароход опоздал на три дня из-за шторма",
        "Купцы ждали его всю ночь на причале",
        "Кот",
    ]
