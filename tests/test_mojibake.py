"""A sentence in each of many languages, broken in each way that it can be, comes back; and stays when it is sound."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from archiver.charsets import read_as, write_as
from archiver.repair import repair, replay
from archiver.repair.misread import MULTIBYTE
from archiver.repair.readings import READ_UTF8_IN
from archiver.repair.suspicion import is_suspect

FOLDER = Path(__file__).parent / "cases" / "mojibake"
SENTENCES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}
KNOWN_FAILURES = set(SENTENCES.pop("known-failures")["names"])
LOST = "\ufffd"
# Where a page was read in another country: in Poland, Russia, Greece, Egypt, on a Mac.
ABROAD = ("windows-1250", "windows-1251", "windows-1253", "windows-1256", "macintosh")


def read_wrong(text, wrong):
    return read_as(text.encode("utf-8"), wrong).text


def write_legacy(text, charset):
    if charset == "windows-1258":
        text = decompose_tones(text)
    return text, write_as(text, charset)


def decompose_tones(text):
    """As windows-1258 has Vietnamese: vowels in one piece, their tones as marks after them."""
    pieces = []
    for char in text:
        marks = [mark for mark in unicodedata.normalize("NFD", char)[1:] if mark in "\u0300\u0301\u0303\u0309\u0323"]
        rest = "".join(mark for mark in unicodedata.normalize("NFD", char) if mark not in marks)
        pieces += [unicodedata.normalize("NFC", rest), *marks]
    return "".join(pieces)


def broken_ways():
    for name, case in SENTENCES.items():
        for wrong in (*READ_UTF8_IN, *MULTIBYTE):
            broken = read_wrong(case["text"], wrong)
            if LOST not in broken:
                yield f"{name}-utf-8-as-{wrong}", case["text"], broken
        yield f"{name}-twice", case["text"], read_wrong(read_wrong(case["text"], "windows-1252"), "windows-1252")
        for charset in case["legacy"]:
            text, data = write_legacy(case["text"], charset)
            yield f"{name}-{charset}-as-windows-1252", text, read_as(data, "windows-1252").text
            yield f"{name}-{charset}-as-latin-1", text, data.decode("latin-1")
            for wrong in ABROAD:
                broken = read_as(data, wrong).text
                if wrong != charset and LOST not in broken:
                    yield f"{name}-{charset}-as-{wrong}", text, broken


WAYS = {name: (text, broken) for name, text, broken in broken_ways() if text != broken}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.xfail(strict=True)) if name in KNOWN_FAILURES else name for name in WAYS],
)
def test_it_comes_back_to_the_letter(name):
    text, broken = WAYS[name]
    repaired = repair(broken)
    assert repaired.text == text
    for done in repaired.repairs:
        assert broken[done.start : done.end] == done.before
        assert replay(done.before, done.plan) == done.after
        assert not done.lossy


def test_known_failures_are_ways():
    assert set(WAYS) >= KNOWN_FAILURES


@pytest.mark.parametrize("name", SENTENCES)
def test_sound_text_stays_and_costs_nothing(name):
    text = SENTENCES[name]["text"]
    assert not is_suspect(text)
    assert repair(text).text is text


@pytest.mark.parametrize("text", ["A flat of 54 m² with a view", "鵺は市長の家の庭で見た鼬とちがう"])
def test_what_is_rare_but_sound_costs_nothing(text):
    assert not is_suspect(text)


@pytest.mark.parametrize("name", SENTENCES)
def test_a_sound_sentence_stays_beside_a_broken_one(name):
    text = SENTENCES[name]["text"]
    broken = read_wrong("« Déjà vu, naïveté, œuvre »", "windows-1252")
    assert repair(f"{text}\n{broken}").text == f"{text}\n« Déjà vu, naïveté, œuvre »"
