"""Alphabets: the cost of each letter after each, by language."""

from __future__ import annotations

import struct
from functools import cache
from typing import Final, NamedTuple

from archiver.tables import read_table

# A letter that its language does not have.
_FOREIGN: Final = 60
# A pair of letters that a language has hardly ever: it may be in a name.
_IMPLAUSIBLE: Final = 42
_IMPOSSIBLE: Final = 56
# Enough to tell a text's language.
_ENOUGH_WORDS: Final = 150


class Alphabet(NamedTuple):
    """A language's letters and what follows what."""

    places: dict[str, int]
    """The letters, from 1."""

    costs: bytes
    """A square, row by row: the cost of the letter of the column after that of the row; place 0 is a word's end."""

    size: int
    """Of a row."""


class _Script:
    """The languages of a script side by side: what a letter costs after another in each of them is one number, 64 bits
    a language, so that one addition adds in all. A page of a wrong charset is weighed in 60 readings, and Latin letters
    are of 38 languages: one after the other they took two thirds of its time.
    """

    def __init__(self, alphabets: list[Alphabet]) -> None:
        self.alphabets = alphabets
        self._lanes = struct.Struct(f"<{len(alphabets)}Q")
        self._foreign = self._packed([_FOREIGN] * len(alphabets))
        letters = {letter for alphabet in alphabets for letter in alphabet.places}
        # Of each letter, and of a word's beginning: what costs which letter after it, as far as it was asked for, and
        # what the word's end.
        self._rows: dict[str, dict[str, int]] = {letter: {"": self._cost(letter, "")} for letter in ("", *letters)}

    def costs_of(self, words: list[str]) -> tuple[int, ...]:
        """What the words cost in each language."""
        total = 0
        for word in words:
            last, row = "", self._rows[""]
            for char in word:
                cost = row.get(char, -1)
                if cost >= 0:
                    total += cost
                elif char in self._rows:
                    row[char] = self._cost(last, char)
                    total += row[char]
                else:
                    # A letter of none of them is as a word's end to the next.
                    total += self._foreign
                    last, row = "", self._rows[""]
                    continue
                last, row = char, self._rows[char]
            total += row[""]
        return self._lanes.unpack(total.to_bytes(self._lanes.size, "little"))

    def _cost(self, one: str, other: str) -> int:
        return self._packed([_cost_in(alphabet, one, other) for alphabet in self.alphabets])

    def _packed(self, costs: list[int]) -> int:
        return int.from_bytes(self._lanes.pack(*costs), "little")


def cost_of_words(script: str, words: list[str]) -> int:
    """What words of this script, in small letters, cost in the language that makes them cheapest."""
    side_by_side = _script(script)
    costs = side_by_side.costs_of(words[:_ENOUGH_WORDS])
    best = min(costs)
    if len(words) <= _ENOUGH_WORDS:
        return best
    return best + _cost_of_words_in(side_by_side.alphabets[costs.index(best)], words[_ENOUGH_WORDS:])


@cache
def _script(name: str) -> _Script:
    return _Script(read_alphabets()[name])


def _cost_in(alphabet: Alphabet, one: str, other: str) -> int:
    """Of a letter after another; "" is a word's end, and so is a letter that the language does not have."""
    place = alphabet.places.get(other, 0)
    if other and not place:
        return _FOREIGN
    return alphabet.costs[alphabet.places.get(one, 0) * alphabet.size + place]


def _cost_of_words_in(alphabet: Alphabet, words: list[str]) -> int:
    places, costs = alphabet.places, alphabet.costs
    size = alphabet.size
    total = 0
    for word in words:
        last = 0
        for char in word:
            this = places.get(char, 0)
            total += costs[last * size + this] if this else _FOREIGN
            last = this
        total += costs[last * size]
    return total


@cache
def read_alphabets() -> dict[str, list[Alphabet]]:
    """The alphabets by script."""
    found: dict[str, list[Alphabet]] = {}
    for _, script, letters, costs in read_table("fluency-letters"):
        places = {char: place for place, char in enumerate(letters, 1)}
        if "σ" in places:
            places["ς"] = places["σ"]  # the word lists have no form of its own for the end of a word
        numbers = bytes(ord(char) - ord("0") for char in costs)
        found.setdefault(script, []).append(Alphabet(places, numbers, len(letters) + 1))
    return found


@cache
def letter_languages() -> dict[str, int]:
    """A letter of Latin script beyond ASCII -> the languages that have it, a bit each."""
    found: dict[str, int] = {}
    for number, alphabet in enumerate(read_alphabets()["Latn"]):
        for letter in _shown_letters(alphabet):
            if letter > "\x7f":
                for char in {letter, letter.upper()}:
                    found[char] = found.get(char, 0) | 1 << number
    return found


def _shown_letters(alphabet: Alphabet) -> dict[str, int]:
    """The letters and their places; in a language that has ı, İ in the place of i."""
    return alphabet.places | ({"İ": alphabet.places["i"]} if "ı" in alphabet.places else {})


@cache
def letter_pairs() -> dict[str, int]:
    """Two letters of Latin script side by side, one of them beyond ASCII -> the languages that may have it.

    A bit stands for each language, a space for a word's end. Pairs that are usual in no language are missing.
    """
    found: dict[str, int] = {}
    usual: set[str] = set()
    for number, alphabet in enumerate(read_alphabets()["Latn"]):
        places = {" ": 0, **_shown_letters(alphabet)}
        accented = {char: place for char, place in places.items() if char > "\x7f"}
        ascii_places = {char: place for char, place in places.items() if char <= "\x7f"}
        for one, row, other, column in (*_product(accented, places), *_product(ascii_places, accented)):
            cost = alphabet.costs[row * alphabet.size + column]
            if cost < _IMPOSSIBLE:
                for pair in {one + other, one.upper() + other.upper(), one.upper() + other}:
                    found[pair] = found.get(pair, 0) | 1 << number
                    if cost < _IMPLAUSIBLE:
                        usual.add(pair)
    return {pair: languages for pair, languages in found.items() if pair in usual}


def _product(ones: dict[str, int], others: dict[str, int]) -> list[tuple[str, int, str, int]]:
    return [(one, row, other, column) for one, row in ones.items() for other, column in others.items()]
