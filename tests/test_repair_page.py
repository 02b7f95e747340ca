"""A page whose bytes were all read wrong in one way comes back to its last menu entry; what is sound on it stays."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.charsets import read_as
from archiver.model import Block, Document, Head
from archiver.repair import repair, repair_document
from test_mojibake import FOLDER, LOST, SENTENCES, read_wrong, write_legacy

KNOWN_FAILURES = set(json.loads((FOLDER / "known-failures.json").read_text("utf-8"))["pages"])
READ_AS = ("windows-1252", "windows-1251", "windows-1250", "iso-8859-15", "macintosh", "gb18030")


def page_of(texts, title=None):
    blocks = (Block(index, "paragraph", 0, text, 0, 0, 0, ()) for index, text in enumerate(texts))
    return Document("html", tuple(blocks), head=Head(title=title))


def texts_of(document):
    return [block.text for block in document.blocks]


def pieces_of(text):
    """A sentence as a page has text: two halves, and pieces as short as the entries of a menu."""
    words = text.split(" ")
    if len(words) < 8:
        return [text[: len(text) // 2], text[len(text) // 2 :], *(text[at : at + 4] for at in range(0, len(text), 4))]
    middle = len(words) // 2
    halves = [" ".join(words[:middle]), " ".join(words[middle:])]
    return [*halves, *(" ".join(words[at : at + 2]) for at in range(0, len(words), 2))]


def broken_pages():
    for name, case in SENTENCES.items():
        for wrong in READ_AS:
            yield f"{name}-utf-8-as-{wrong}", [(piece, read_wrong(piece, wrong)) for piece in pieces_of(case["text"])]
        for charset in case["legacy"]:
            for wrong in ("windows-1252", "iso-8859-15"):
                written = (write_legacy(piece, charset) for piece in pieces_of(case["text"]))
                pairs = [(piece, read_as(data, wrong).text) for piece, data in written if data]
                yield f"{name}-{charset}-as-{wrong}", pairs
                yield (
                    f"{name}-{charset}-as-{wrong}-twice",
                    [(one, read_wrong(two, "windows-1252")) for one, two in pairs],
                )


WAYS = {name: pairs for name, pairs in broken_pages() if not any(LOST in broken for _, broken in pairs)}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.xfail(strict=True)) if name in KNOWN_FAILURES else name for name in WAYS],
)
def test_a_page_comes_back_to_the_letter(name):
    sound, broken = zip(*WAYS[name], strict=True)
    repaired, _ = repair_document(page_of(broken))
    assert texts_of(repaired) == list(sound)
    assert repair_document(repaired) == (repaired, ())


def test_known_failures_are_ways():
    assert set(WAYS) >= KNOWN_FAILURES


def test_of_two_readings_the_page_has_one():
    """Read as windows-1252 "Œ" and "Ž" would be other bytes: what they stand for is told by the page's other words."""
    sound = ["国内新闻 国际新闻", "能源危机影响各国经济", "北京西直门附近的购物中心发生火灾，消防队赶到现场", "访谈"]
    broken = [read_wrong(read_as(text.encode("gb18030"), "iso-8859-15").text, "windows-1252") for text in sound]
    repaired, repairs = repair_document(page_of(broken))
    assert texts_of(repaired) == sound
    assert {done.plan[1] for done in repairs} == {("reread", "iso-8859-15>gb18030")}
    assert repair(broken[3]).text != "访谈"


def test_what_nothing_makes_suspect_is_read_as_the_page_is():
    sound = ["Parník měl kvůli bouři zpoždění", "Příští loď odplouvá v neděli večer", "Odstraňte", "Přístav"]
    broken = [read_as(text.encode("iso8859-2"), "windows-1252").text for text in sound]
    repaired, _ = repair_document(page_of(broken, title=broken[1]))
    assert texts_of(repaired) == sound
    assert repaired.head.title == sound[1]
    assert repair(broken[2]).text == broken[2]


FOREIGN = [
    "Retour à la documentation",
    "São Paulo",
    "El niño sueña",
    "Größe",
    "voilà",
    "Århus",
    "日本語",
    "Πειραιάς",
    "شعر",
]


@pytest.mark.parametrize("charset", ["windows-1251", "windows-1255", "windows-1253"])
def test_sound_blocks_of_a_broken_page_stay(charset):
    language = {"windows-1251": "ru", "windows-1255": "he", "windows-1253": "el"}[charset]
    sound = pieces_of(SENTENCES[language]["text"])[:4]
    broken = [read_as(write_legacy(text, charset)[1], "windows-1252").text for text in sound]
    repaired, _ = repair_document(page_of([*broken, *FOREIGN]))
    assert texts_of(repaired) == [*sound, *FOREIGN]


RUSSIAN = ["Ïàðîõîä îïîçäàë íà òðè äíÿ èç-çà øòîðìà", "Êóïöû æäàëè åãî âñþ íî÷ü íà ïðè÷àëå"]
SUSPECT = ["Inżynier z kopalń", "źródła branży", "Branża", "Inżynier", "kopalń"]


def test_only_what_most_of_the_page_went_through_is_looked_for_everywhere():
    assert texts_of(repair_document(page_of([*RUSSIAN, "à"]))[0])[2:] == ["а"]
    assert texts_of(repair_document(page_of([*RUSSIAN, *SUSPECT, "à"]))[0])[2:] == [*SUSPECT, "à"]


def test_sound_quotes_stay_on_a_page_of_a_mac():
    """By one byte "’" is "í" there, which in "canít" costs less."""
    french = ["La préfecture a annoncé une enquête après l’été", "Les élèves étaient déjà arrivés à l’école"]
    sound = ["The keeper can’t change the boar’s hair", "It’s the captain’s own"]
    broken = [read_as(text.encode("mac_roman"), "windows-1252").text for text in french]
    assert texts_of(repair_document(page_of([*broken, *sound]))[0]) == [*french, *sound]


def test_chance_sequences_of_utf8_stay_on_a_broken_page():
    """In Shift_JIS the bytes of "站点" are two sequences of UTF-8."""
    pieces = [read_wrong(piece, "shift_jis") for piece in pieces_of(SENTENCES["zh-Hans"]["text"])]
    broken = [piece for piece in pieces if LOST not in piece]
    sound = ["这是由于HTTPS站点需要浏览器发送", "码头上的HTTPS站点"]
    assert texts_of(repair_document(page_of([*broken, *sound]))[0])[len(broken) :] == sound


@pytest.mark.parametrize("text", ["the column `ΔRepro`: difference in percent", "Aruba (AWG ƒ)"])
def test_a_letter_of_another_charset_may_stand_alone(text):
    """The first would be "ÄRepro" in Western Europe, the second "AWG É" on a Mac."""
    assert repair(text).text == text
    texts = [text, text.upper(), "beard oil can’t change the boar’s hair"]
    assert texts_of(repair_document(page_of(texts))[0]) == texts


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([piece for case in SENTENCES.values() for piece in pieces_of(case["text"])]), max_size=12),
    st.sampled_from(READ_AS),
)
def test_a_page_repaired_twice_is_as_repaired_once(pieces, wrong):
    once, _ = repair_document(page_of([read_wrong(piece, wrong) for piece in pieces]))
    assert repair_document(once) == (once, ())
