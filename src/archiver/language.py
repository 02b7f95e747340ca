"""The language of a text, from its script, its function words and its letters; and language tags.

A leaf: any stage may import it. No model and no dependency: tables of words that a person can read and mend.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from functools import cache
from typing import NamedTuple

from archiver.tables import read_table

RTL_LANGUAGES = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi", "arc", "syr", "prs"})
"""Primary language subtags written from right to left."""

# A Chinese character carries about what three letters do, kana and Hangul less: the sentence of
# tests/cases/metadata/languages.json has 101 letters in English, 40 in Korean, 45 in Japanese.
_WEIGHTS = {"Hani": 3.0, "Hang": 2.5, "Kana": 1.5}
# A script that holds less than half of the letters is not the text's own. Feeds in Russian and Bulgarian with
# markup left in them have 0.55 (chardet's tests).
MIN_SCRIPT_SHARE = 0.5
# To overrule a declaration the script must be clearer.
STRONG_SCRIPT_SHARE = 0.6
# Japanese prose has more than one kana in three characters; Chinese has one in a name at most.
MIN_KANA_SHARE = 0.1
# Letters below which nothing is said: a name, a date.
MIN_LETTERS = 20
# Letters from which on the text may overrule a declaration: some thirty words.
STRONG_LETTERS = 200
# Share of a text's words that are the language's function words: prose has 0.3 to 0.5, a list of names in
# Latin letters up to 0.05.
MIN_WORD_SHARE = 0.1
# Other scripts have fewer languages to confuse, and Hebrew, with its particles on the words, has 0.1.
MIN_WORD_SHARE_OUTSIDE_LATIN = 0.05
# How far the best must be ahead of the second, as a share of its own score. On 1,304 texts of 400 code
# points in 75 languages (Django's messages): 0.4 % no answer, 0.1 % wrong but for Croatian and Serbian.
MIN_LEAD = 0.12
# The same to overrule a declaration: on those texts 2.4 % do not reach it, and no more are wrong.
STRONG_LEAD = 0.2
# A letter beside a word: a text has five letters a word, and one of them in ten is a special one.
LETTER_WEIGHT = 0.5

# Three-letter, withdrawn and wrong codes that pages declare, and what BCP 47 writes (IANA subtag registry).
_PREFERRED = {
    "ara": "ar", "ben": "bn", "bul": "bg", "ces": "cs", "chi": "zh", "cze": "cs", "dan": "da", "deu": "de",
    "dut": "nl", "ell": "el", "eng": "en", "fas": "fa", "fin": "fi", "fra": "fr", "fre": "fr", "ger": "de",
    "gre": "el", "heb": "he", "hin": "hi", "hrv": "hr", "hun": "hu", "in": "id", "ind": "id", "ita": "it",
    "iw": "he", "ji": "yi", "jpn": "ja", "jw": "jv", "kor": "ko", "mo": "ro", "nld": "nl", "nor": "no",
    "per": "fa", "pol": "pl", "por": "pt", "ron": "ro", "rum": "ro", "rus": "ru", "slk": "sk", "slo": "sk",
    "spa": "es", "srp": "sr", "swe": "sv", "tha": "th", "tur": "tr", "ukr": "uk", "urd": "ur", "vie": "vi",
    "zho": "zh", "jp": "ja", "cz": "cs", "gr": "el", "kr": "ko", "cn": "zh", "ua": "uk", "fil": "tl",
}  # fmt: skip
# Languages that a text in one of them cannot tell apart, or that contain one another: no disagreement.
_ALIKE = (
    frozenset({"no", "nb", "nn"}),
    frozenset({"hr", "sr", "bs", "sh", "cnr"}),
    frozenset({"id", "ms"}),
    frozenset({"fa", "prs"}),
    frozenset({"zh", "yue", "cmn", "wuu", "lzh"}),
    frozenset({"ku", "ckb", "kmr"}),
    frozenset({"mk", "bg"}),
    frozenset({"gl", "pt"}),
    frozenset({"hi", "mai", "bho"}),
    frozenset({"en", "sco"}),
    frozenset({"de", "gsw", "lb", "nds"}),
    frozenset({"es", "ast", "an"}),
)
_TAG = re.compile(r"([a-z]{2,3})((?:-[a-z0-9]{1,8})*)")
_NOT_A_LANGUAGE = frozenset({"und", "mul", "zxx", "mis", "xx", "utf"})
# Apostrophes part words (l'homme), but not where they are letters (o'zbek).
_WORD = re.compile(r"[^\W\d_]+(?:(?<=[ogOG])['‘ʻ][^\W\d_]+)?")
_JOINED = re.compile("[oOgG]'[A-Za-z]")
# The same for ASCII where nothing is joined, at a fifth of the time.
_ASCII_LETTERS = {code: chr(code).lower() if chr(code).isalpha() else " " for code in range(128)}
_INDIC_WORD = re.compile(r"[^\s\d!-/:-@\[-`{-~।॥“”‘’–—…]+")


class Guess(NamedTuple):
    """What language a text is in."""

    language: str
    """A BCP 47 tag: a primary language, with a script for Serbian in Latin letters."""

    strong: bool
    """True when the text is long and clear enough to overrule a declaration."""


def guess_language(text: str) -> Guess | None:
    """The language of `text`, or None when in doubt; a few thousand code points suffice. Never raises.

    The script decides where one language uses it; else the language whose function words and letters
    (`tables/metadata-words`, `-letters`) are most frequent, words shared by n languages counting 1/n.
    """
    characters = Counter(text)
    scripts = _count_scripts(characters)
    total = sum(scripts.values())
    if total < MIN_LETTERS:
        return None
    script, amount = _dominant(scripts)
    if amount < MIN_SCRIPT_SHARE * total:
        return None
    strong = total >= STRONG_LETTERS and amount >= STRONG_SCRIPT_SHARE * total
    single = _single_language(script, scripts)
    if single:
        return Guess(single, strong)
    return _by_words(text, characters, script, strong=strong)


def choose_language(declared: str | None, text: str) -> str | None:
    """The declared tag, unless the text says clearly that it is in another language; else the text's.

    >>> choose_language("en-GB", "")
    'en-GB'
    """
    guess = guess_language(text)
    if declared is None:
        return guess.language if guess else None
    if guess is None or not guess.strong:
        return declared
    said, found = declared.partition("-")[0], guess.language.partition("-")[0]
    if said == found or any(said in group and found in group for group in _ALIKE):
        return declared
    return guess.language


def normalise_tag(value: str) -> str | None:
    """A declared language as a BCP 47 tag in its usual case, or None when it is none.

    Source: RFC 5646 section 2.1.1 for the case; the IANA registry for withdrawn and three-letter codes.

    >>> normalise_tag("zh_hans-cn"), normalise_tag("per"), normalise_tag("English")
    ('zh-Hans-CN', 'fa', None)
    """
    # og:locale writes fa_IR; content-language may be a list.
    first = re.split(r"[,;\s.@]", value.strip(), maxsplit=1)[0].replace("_", "-").lower().rstrip("-")
    match = _TAG.fullmatch(first)
    if match is None or match[1] in _NOT_A_LANGUAGE:
        return None
    primary = _PREFERRED.get(match[1], match[1])
    return "-".join([primary, *map(_subtag_case, match[2].split("-")[1:])])


def _subtag_case(subtag: str) -> str:
    if len(subtag) == 2:
        return subtag.upper()
    return subtag.title() if len(subtag) == 4 and subtag.isalpha() else subtag


def _count_scripts(characters: Counter[str]) -> dict[str, float]:
    scripts: dict[str, float] = {}
    for char, count in characters.items():
        script = script_of(char)
        if script:
            scripts[script] = scripts.get(script, 0) + count * _WEIGHTS.get(script, 1.0)
    return scripts


@cache
def script_of(char: str) -> str:
    """The script of a letter, as ISO 15924 writes it (`Arab`, `Hani` ...); "" for what is no letter of those known."""
    code = ord(char)
    starts, blocks = _script_blocks()
    last, script = blocks[bisect_right(starts, code) - 1] if code >= starts[0] else (-1, "")
    return script if code <= last else ""


@cache
def _script_blocks() -> tuple[list[int], list[tuple[int, str]]]:
    rows = sorted((int(row[0], 16), int(row[1], 16), row[2]) for row in read_table("metadata-scripts"))
    return [first for first, _, _ in rows], [(last, script) for _, last, script in rows]


@cache
def _script_languages() -> dict[str, str]:
    return {row[2]: row[3] for row in read_table("metadata-scripts") if row[3] != "-"}


def _dominant(scripts: dict[str, float]) -> tuple[str, float]:
    """The script with most letters; Chinese characters and kana count together, as Japanese mixes them."""
    merged = dict(scripts)
    han = merged.pop("Kana", 0) + merged.pop("Bopo", 0) + merged.pop("Hani", 0)
    if han:
        merged["Hani"] = han
    return max(merged.items(), key=lambda item: (item[1], item[0]))


def _single_language(script: str, scripts: dict[str, float]) -> str | None:
    if script == "Hani":
        kana = scripts.get("Kana", 0) / _WEIGHTS["Kana"]
        han = scripts.get("Hani", 0) / _WEIGHTS["Hani"]
        return "ja" if kana >= MIN_KANA_SHARE * (kana + han) else "zh"
    return _script_languages().get(script)


def _words_of(text: str, script: str) -> list[str]:
    if text.isascii() and not _JOINED.search(text):
        return text.translate(_ASCII_LETTERS).split()
    return (_INDIC_WORD if script in {"Deva", "Beng"} else _WORD).findall(text.casefold())


def _by_words(text: str, characters: Counter[str], script: str, *, strong: bool) -> Guess | None:
    found = _words_of(text, script)
    words, table = Counter(found), _words()
    total = len(found)
    scores: dict[str, float] = {}
    shares: dict[str, float] = {}
    # In the words' order, not a set's: floats add up to the same only then.
    for word in [word for word in words if word in table]:
        count, languages = words[word], table[word]
        for language in languages:
            scores[language] = scores.get(language, 0) + count / len(languages)
            shares[language] = shares.get(language, 0) + count
    for char, count in [(char, count) for char, count in characters.items() if char > "\x7f"]:
        languages = _letters().get(char.lower(), ())
        for language in languages:
            scores[language] = scores.get(language, 0) + LETTER_WEIGHT * count / len(languages)
            shares[language] = shares.get(language, 0) + LETTER_WEIGHT * count / len(languages)
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    needed = MIN_WORD_SHARE if script == "Latn" else MIN_WORD_SHARE_OUTSIDE_LATIN
    if not ranked or shares.get(ranked[0][0], 0) < needed * total:
        return None
    best, score = ranked[0]
    second = next((other for language, other in ranked[1:] if not _alike(best, language)), 0.0)
    lead = (score - second) / score
    if lead < MIN_LEAD:
        return None
    return Guess(best, strong and lead >= STRONG_LEAD)


def _alike(one: str, other: str) -> bool:
    one, other = one.partition("-")[0], other.partition("-")[0]
    return one == other or any(one in group and other in group for group in _ALIKE[:3])


@cache
def _words() -> dict[str, tuple[str, ...]]:
    return {row[0]: tuple(row[1].split()) for row in read_table("metadata-words")}


@cache
def _letters() -> dict[str, tuple[str, ...]]:
    return {row[0]: tuple(row[1].split()) for row in read_table("metadata-letters")}
