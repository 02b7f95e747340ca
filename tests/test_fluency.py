"""What words cost in the languages of a script: the same side by side as in one language after the other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.fluency import cost_of
from archiver.fluency.alphabets import _cost_of_words_in, _Script, cost_of_words, read_alphabets

SCRIPTS = sorted(read_alphabets())
# A letter of no language (Deseret) and two of other scripts, beside those of the script itself.
STRANGERS = {"\U00010428", "я", "þ"}
LETTERS = {
    script: sorted(STRANGERS.union(*(alphabet.places for alphabet in read_alphabets()[script]))) for script in SCRIPTS
}


@pytest.mark.parametrize("script", SCRIPTS)
@given(data=st.data())
def test_all_languages_at_once_are_each_by_itself(script: str, data: st.DataObject) -> None:
    words = data.draw(st.lists(st.text(st.sampled_from(LETTERS[script]), max_size=12), max_size=8))
    alphabets = read_alphabets()[script]
    expected = tuple(_cost_of_words_in(alphabet, words) for alphabet in alphabets)
    side_by_side = _Script(alphabets)
    assert side_by_side.costs_of(words) == expected
    # And once more, when it knows the pairs.
    assert side_by_side.costs_of(words) == expected
    assert cost_of_words(script, words) == min(expected)


def test_a_long_text_is_of_the_language_that_its_beginning_is_of() -> None:
    english, polish = ["the", "water", "boils", "there"] * 40, ["wrze", "szczęście", "źdźbło"] * 500
    latin = read_alphabets()["Latn"]
    beginning = [_cost_of_words_in(alphabet, english[:150]) for alphabet in latin]
    chosen = latin[beginning.index(min(beginning))]
    assert cost_of_words("Latn", english + polish) == _cost_of_words_in(chosen, english + polish)
    assert cost_of_words("Latn", english + polish) > min(_cost_of_words_in(one, english + polish) for one in latin)


@pytest.mark.parametrize("text", ["Grüße aus Köln", "Щедрий вечір", "کتاب‌خانه", "水在海平面的沸點"], ids=str)
def test_what_is_in_order_costs_less_than_when_it_was_read_wrong(text: str) -> None:
    assert cost_of(text) < cost_of(text.encode().decode("cp1252", "replace"))
