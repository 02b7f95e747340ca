"""Words as they are compared, what is asked for, and the piece of a text that shows it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from archiver.errors import InputError
from archiver.record import digest_of
from archiver.search.expressions import parse
from archiver.search.snippets import snippet_of
from archiver.search.words import placed_words, words_of
from archiver.store.index import Index
from archiver.tables import read_table

CASES = json.loads((Path(__file__).parent / "cases" / "search" / "words.json").read_text("utf-8"))
# Letters, marks, digits and signs of the scripts that are spelled in a way of their own, and any other.
LETTERS = (
    "aAéßøİıёйЁΣςכתָ\"ابيیىكکةآؤئـَ\u200c\u200d\u200b۱٣中国のガハﾃﾞ한국\u1109\u1165ทยาังກາខ្មែမြन्दि\u0301\u3099 \n'.-*“”"
)
TEXTS = st.text(st.sampled_from(LETTERS) | st.characters(exclude_categories=["Cs"]))


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    with Index(tmp_path_factory.mktemp("index") / "words.sqlite") as index:
        yield index


def found(index, text, asked):
    index.change(index.digests(), [(digest_of(text), text)])
    return [match.digest for match in index.matches(parse(asked))] == [digest_of(text)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_what_is_found(index, case):
    assert found(index, **case["input"]) == case["expected"]


@pytest.mark.parametrize("case", [case for case in CASES if case["expected"]], ids=lambda case: case["label"])
def test_what_is_found_is_shown(case):
    expression = parse(case["input"]["asked"])
    snippet = snippet_of(case["input"]["text"], expression)
    assert len(snippet.spans) >= len(expression)
    shown = {tuple(words_of(snippet.text[start:end])) for start, end in snippet.spans}
    for phrases in expression:
        assert any(is_shown(phrase, words) for phrase in phrases for words in shown)


def is_shown(phrase, words):
    return phrase.ends(words) and (phrase.is_beginning or len(phrase.words) == len(words))


@pytest.mark.parametrize("row", read_table("search-letters"), ids=lambda row: row[0])
def test_letters_of_the_table_are_one(row):
    letter, compared = row
    assert words_of(letter) == words_of(compared) == [compared]


@settings(deadline=None)
@given(TEXTS)
@example("กำ")
@example("ນຳ")
def test_placed_words_are_the_words(text):
    placed = list(placed_words(text))
    assert [word.form for word in placed] == words_of(text)
    assert all(0 <= word.start < word.end <= len(text) for word in placed)
    assert [word.start for word in placed] == sorted(word.start for word in placed)


@settings(deadline=None)
@given(TEXTS)
def test_spelling_twice_changes_nothing(text):
    words = words_of(text)
    assert words_of(" ".join(words)) == words


@settings(deadline=None)
@given(text=TEXTS, data=st.data())
def test_a_text_is_found_by_each_run_of_its_words(index, text, data):
    words = words_of(text)
    assume(words)
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    phrase = " ".join(words[start:end])
    assert found(index, text, f'"{phrase}"')
    assert found(index, text, phrase)
    assert found(index, text, f"{words[start][:1]}*")


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_anything_can_be_asked(index, text, asked):
    try:
        expression = parse(asked)
    except InputError:
        assert not words_of(asked)
        return
    found(index, text, asked)
    snippet = snippet_of(text, expression)
    assert all(0 <= start < end <= len(snippet.text) for start, end in snippet.spans)


@pytest.mark.parametrize("asked", ["", " ", "*", '""', "... !", "\u064b"])
def test_no_word_is_refused(asked):
    with pytest.raises(InputError, match="no word"):
        parse(asked)


def test_a_snippet_is_cut_around_what_was_found():
    text = f"{'before ' * 200}the tide\n\n table {'after ' * 200}"
    snippet = snippet_of(text, parse('"tide table"'))
    ((start, end),) = snippet.spans
    assert snippet.text[start:end] == "tide table"
    assert snippet.text.startswith("…") and snippet.text.endswith("…")
    assert len(snippet.text) < 100


def test_a_snippet_of_what_is_not_there_is_the_beginning():
    assert snippet_of("a\nb", parse("c")) == ("a b", ())


def test_ranks_do_not_depend_on_what_was_there_before(index):
    """bm25: rarer words and shorter texts count for more; what went in and out before does not."""
    texts = ["tide", "tide tide harbour", "tide and the harbour and much else besides", "harbour"]
    ranks = []
    for order in (texts, texts[::-1]):
        index.change(index.digests(), [])
        index.change([], [(digest_of(text), text) for text in [*order, "gone tide"]])
        index.change([digest_of("gone tide")], [])
        ranks.append(sorted(index.matches(parse("tide"))))
    assert ranks[0] == ranks[1]
    assert [match.digest for match in ranks[0]][-1] == digest_of(texts[2])
