"""How likely a text is: its cost in quarters of a bit, by what letters follow one another in the likeliest language.

    fluency-letters    for alphabets, the cost of each letter after each, a language a row
    fluency-signs      for Chinese characters, kana and Hangul, the cost of each, by language

Of two readings of the same bytes the one that costs less is the likelier. A text is taken to be in one language a
script: that which makes it cheapest. A leaf: any stage may import it. Costs are whole numbers, so that they are the
same on any machine.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final, NamedTuple

from archiver.language import script_of
from archiver.tables import read_table

BIT: Final = 4
"""Costs are quarters of a bit."""

# What is no letter, in quarters of a bit: estimates, in the order of how often each is met, a space every sixth
# character, a control never. What was tuned on the development texts, until sound ones gained nothing by any reading:
# marks, rare scripts, half-width katakana, joiners and the signs of other scripts.
_SPACE: Final = 10
_DIGIT: Final = 16
_PLAIN: Final = 22
_RARE_ASCII: Final = 36
_TYPOGRAPHIC: Final = 30
_RARER: Final = 42
_SYMBOL: Final = 52
_BOX: Final = 56
_FORMAT: Final = 26
_REPEATED: Final = 4
_LOST: Final = 60
_CONTROL: Final = 88
_UNASSIGNED: Final = 96
# A sign between two letters, as in "cafÃ©s"; hyphens and apostrophes stand there by right.
_INSIDE_WORD: Final = 18
# "iPhone", "McDonald": words with a capital after a small letter.
_CAPITAL_INSIDE: Final = 22
# Letters of two scripts without a space between.
_SCRIPT_CHANGE: Final = 60
# Chinese and Japanese write foreign words so, and Korean puts its particles after them.
_CHINESE_CHANGE: Final = 10
# A letter that its language does not have; a Chinese character too rare for the tables; letters of scripts for which
# there are no tables because there was no charset for them before Unicode; those of scripts nobody writes today.
_FOREIGN: Final = 60
_RARE_SIGN: Final = 72
_HALF_WIDTH: Final = 28
_UNMODELLED: Final = 24
_OBSCURE: Final = 64
# A pair of letters that a language has hardly ever: it may be in a name.
_IMPLAUSIBLE: Final = 42
_IMPOSSIBLE: Final = 56
_COST_OF_MARK: Final = 22
_LOOSE_MARK: Final = 44
# A mark without a letter before it, or on a letter of another script.
_STRAY_MARK: Final = 60
# Enough to tell a text's language.
_ENOUGH_WORDS: Final = 150

_JOINING: Final = frozenset("'’-.·/&@_:\u200c\u200d\xad\u2010\u2011")
# They part or join letters of Arabic and Indic scripts.
_JOINERS: Final = frozenset("\u200c\u200d")
_COMMON: Final = frozenset(" \xa0\u3000\n\t")
_FREQUENT: Final = frozenset(".,-'\":()/!?")
_PUNCTUATION: Final = frozenset(
    "“”‘’«»–—…•·،؛؟。、「」『』，！？：；（）《》・‹›„‚¿¡°©®™§€£№٪٫٬۔་།༎၊။॰\u05be\u05f3\u05f4％＆"
)
_LESS_FREQUENT: Final = frozenset("।॥؋๏๚ºª±²³½¼¾×÷µ†‡¥¢¶→←▲▼►◄■□●○★☆♥♪【】〈〉〔〕～﹏‐‑―′″‰")

# What stands in Chinese and Japanese text as quotes and bullets do elsewhere, and in lists of any language.
_IN_LISTS: Final = frozenset("【】〈〉〔〕～―○●◎△▲▼□■☆★※→←↑↓①②③④⑤⑥⑦⑧⑨⑩ⅠⅡⅢⅣⅤⅥ")

# The marks that Unicode composes with letters; of the others in that block none is in an alphabet of today.
_ACCENTS: Final = frozenset(
    "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u0309\u030a\u030b\u030c\u030f\u0311\u0313\u0314\u031b"
    "\u0323\u0325\u0326\u0327\u0328\u032d\u032e\u0330\u0331\u0342\u0345"
)

_NAMED_SCRIPTS: Final = {
    "ARABIC": "Arab", "HEBREW": "Hebr", "THAI": "Thai", "DEVANAGARI": "Deva", "BENGALI": "Beng", "GURMUKHI": "Guru",
    "GUJARATI": "Gujr", "ORIYA": "Orya", "TAMIL": "Taml", "TELUGU": "Telu", "KANNADA": "Knda", "MALAYALAM": "Mlym",
    "SINHALA": "Sinh", "LAO": "Laoo", "TIBETAN": "Tibt", "MYANMAR": "Mymr", "KHMER": "Khmr", "ETHIOPIC": "Ethi",
    "THAANA": "Thaa",
}  # fmt: skip
"""The scripts whose marks are met, by the first word of the marks' names."""

_LETTER: Final = 0
_MARK: Final = 1
_SIGN: Final = 2


_RANGES: Final = (
    ("\u0300", "\u0345"), ("\u0531", "\u0587"), ("\u05b0", "\u05c7"), ("\u0610", "\u061a"), ("\u064b", "\u0669"),
    ("\u06f0", "\u06f9"), ("\u0780", "\u07b1"), ("\u0900", "\u0df3"), ("\u0e80", "\u0edf"), ("\u0f00", "\u109f"),
    ("\u10d0", "\u10ff"), ("\u1200", "\u137c"), ("\u1780", "\u17f9"), ("\uff01", "\uff5e"),
)  # fmt: skip
"""Blocks of scripts without tables, marks, digits and full-width forms: bytes that are read wrong do not give these."""


class Character(NamedTuple):
    """What is to be known about a character before it is weighed."""

    kind: int
    """A letter, a mark on one, or a sign."""

    script: str
    """Of a letter, one that has tables; "" for other letters and signs."""

    cost: int
    """Of what no table knows; 0 for letters of a script that has tables."""

    joins: bool
    """For a sign, whether it may stand between two letters of a word."""

    upper: bool
    """For a letter, whether it is a capital."""


class Alphabet(NamedTuple):
    """A language's letters and what follows what."""

    places: dict[str, int]
    """The letters, from 1."""

    costs: bytes
    """A square, row by row: the cost of the letter of the column after that of the row; place 0 is a word's end."""

    size: int
    """Of a row."""


def cost_of(text: str) -> int:
    """What the text costs in the likeliest languages of its scripts, in quarters of a bit; 0 for "". Never raises.

    >>> cost_of("Grüße aus Köln") < cost_of("GrĂĽĂźe aus KĂ¶ln")
    True
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    words: dict[str, list[str]] = {}
    total = _collect_words(text, words)
    for script, found in words.items():
        total += _cost_of_signs(found) if script == "Hani" else _cost_of_words(script, found)
    return total


def _collect_words(text: str, words: dict[str, list[str]]) -> int:
    """Puts the words by script into `words`, in lower case; the cost of all that is not in them."""
    total = 0
    word, script, in_word, small = "", "", False, False
    last_joins = True
    before = ""
    for char in text:
        kind, own, cost, joins, upper = describe(char)
        # A line drawn of one sign: each after the first is no news.
        total += cost if char != before or kind == _LETTER else _REPEATED
        before = char
        if kind == _MARK:
            if not in_word or (own != script if own else script == "Hani"):
                total += _STRAY_MARK
            continue
        if word and (kind == _SIGN or own != script or cost):
            words.setdefault(script, []).append(_small(word))
            word = ""
        if kind == _SIGN:
            if char in _JOINERS and (script == "Latn" or not in_word):
                total += _STRAY_MARK
            in_word, last_joins, small = in_word and not joins and char not in _COMMON, joins or not in_word, False
            continue
        if not last_joins:
            total += _INSIDE_WORD
        if in_word and own != script:
            total += _CHINESE_CHANGE if "Hani" in (own, script) else _SCRIPT_CHANGE
        if upper and small:
            total += _CAPITAL_INSIDE
        if not cost:
            word += char
        script, small, in_word, last_joins = own, not upper, True, True
    if word:
        words.setdefault(script, []).append(_small(word))
    return total


def _small(word: str) -> str:
    """The word in small letters. Python writes the small İ of Turkish with a dot of its own."""
    small = word.lower()
    return small if small.isascii() else small.replace("i\u0307", "i")


@cache
def describe(char: str) -> Character:
    """What the character is. Cached: a text has few different ones."""
    category = unicodedata.category(char)
    script = _script_of(char, category)
    if script == "Thai" and char in _alphabets()["Thai"][0].places:
        return Character(_LETTER, script, 0, joins=True, upper=False)
    if category[0] == "M" or char == "ـ":
        cost = _cost_of_mark(char, script)
        return Character(_MARK, script, cost, joins=True, upper=False)
    # µ and 𝕏 are signs by their use.
    drawn = char in "µªº" or "\U0001d400" <= char < "\U0001d800"
    if category[0] == "L" and (script or category != "Lm") and not drawn:
        cost = 0 if script in _alphabets() or script == "Hani" else _UNMODELLED if script else _OBSCURE
        return Character(_LETTER, script, cost, joins=True, upper=category in ("Lu", "Lt"))
    joins = char in _JOINING or char in _COMMON
    return Character(_SIGN, "", _cost_of_sign(char, category), joins=joins, upper=False)


def _cost_of_mark(char: str, script: str) -> int:
    if script:
        return _COST_OF_MARK
    if "\ufe00" <= char <= "\ufe0f":
        return _FORMAT  # chooses between two shapes of the emoji before it
    # What NFC leaves of these stands on a letter that has no form with it, hardly ever.
    return _LOOSE_MARK if char in _ACCENTS else _OBSCURE


def _script_of(char: str, category: str) -> str:
    if category[0] not in "LM":
        return ""
    script = script_of(char)
    if script in ("Kana", "Hang", "Bopo") or char in "ー々":
        return "Hani"
    # Marks stand in the blocks of their letters, and are named like them.
    return script or _NAMED_SCRIPTS.get(unicodedata.name(char, "").partition(" ")[0], "")


def is_out_of_place(char: str) -> bool:
    """Whether no text of today holds the character: a control, an unassigned code point, a script of scholars."""
    return describe(char).cost >= _OBSCURE


def _cost_of_sign(char: str, category: str) -> int:
    code = ord(char)
    if char in _COMMON:
        return _SPACE
    if category == "Nd":
        return _DIGIT if code < 0x80 else _TYPOGRAPHIC
    if code < 0x20 or 0x7F <= code < 0xA0 or category == "Co":
        return _CONTROL
    if code < 0x80:
        return _PLAIN if char in _FREQUENT else _RARE_ASCII
    if char in _PUNCTUATION:
        return _TYPOGRAPHIC
    if char in _LESS_FREQUENT or 0x1D400 <= code < 0x1D800 or 0x1F300 <= code < 0x1FB00 or 0xFF00 < code < 0xFF5F:
        return _RARER
    if 0x0600 <= code < 0x10A0 and category[0] in "PS":
        # Of the signs of these scripts those above are met: "؆", a cube root in Arabic, is two letters of Sorbian.
        return _OBSCURE
    if category == "Lm":
        return _SYMBOL
    if category in ("Cn", "Cs"):
        return _UNASSIGNED
    if category == "Cf":
        return _FORMAT
    if code == 0xFFFD:
        return _LOST
    return _BOX if 0x2500 <= code < 0x25A0 else _SYMBOL


def _cost_of_signs(words: list[str]) -> int:
    """Of Chinese, Japanese or Korean text: the least of the three."""
    text = "".join(words)
    best = -1
    for costs in _signs().values():
        total = 0
        for char in text:
            total += costs.get(char, _HALF_WIDTH if "\uff66" <= char < "\uffa0" else _RARE_SIGN)
        if best < 0 or total < best:
            best = total
    return best


def _cost_of_words(script: str, words: list[str]) -> int:
    alphabets = _alphabets()[script]
    sample = words[:_ENOUGH_WORDS]
    best, chosen = -1, alphabets[0]
    for alphabet in alphabets:
        total = _cost_in(alphabet, sample)
        if best < 0 or total < best:
            best, chosen = total, alphabet
    return best if len(words) <= _ENOUGH_WORDS else best + _cost_in(chosen, words[_ENOUGH_WORDS:])


def _cost_in(alphabet: Alphabet, words: list[str]) -> int:
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
def _alphabets() -> dict[str, list[Alphabet]]:
    found: dict[str, list[Alphabet]] = {}
    for _, script, letters, costs in read_table("fluency-letters"):
        places = {char: place for place, char in enumerate(letters, 1)}
        if "σ" in places:
            places["ς"] = places["σ"]  # the word lists have no form of its own for the end of a word
        numbers = bytes(ord(char) - ord("0") for char in costs)
        found.setdefault(script, []).append(Alphabet(places, numbers, len(letters) + 1))
    return found


@cache
def _signs() -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for language, cost, characters in read_table("fluency-signs"):
        found.setdefault(language, {}).update(dict.fromkeys(characters, int(cost)))
    return found


@cache
def ordinary_characters() -> str:
    """What stands in ordinary text of any language, as the inside of a character class of `re`.

    The letters of the tables, of scripts that have none, marks on letters, and signs that are not rare.
    """
    known: set[str] = set()
    for alphabets in _alphabets().values():
        known.update(char for alphabet in alphabets for letter in alphabet.places for char in (letter, letter.upper()))
    for costs in _signs().values():
        known.update(char for char, cost in costs.items() if cost < _RARE_SIGN)
    known.update(chr(code) for code in range(0x20, 0x7F))
    known.update(
        _COMMON
        | _FREQUENT
        | _PUNCTUATION
        | _IN_LISTS
        | _JOINING
        | set("ー々۔։֊․ـİ₽₹\r\u200e\u200f\u202a\u202b\u202c\ufeff")
    )
    single = {char for char in known if len(char) == 1 and not any(first <= char <= last for first, last in _RANGES)}
    return "".join(re.escape(char) for char in sorted(single)) + "".join(f"{first}-{last}" for first, last in _RANGES)


@cache
def letter_languages() -> dict[str, int]:
    """A letter of Latin script beyond ASCII -> the languages that have it, a bit each."""
    found: dict[str, int] = {}
    for number, alphabet in enumerate(_alphabets()["Latn"]):
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
    for number, alphabet in enumerate(_alphabets()["Latn"]):
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
