"""What a block says, compared with the lines of `tables/phrases.tsv`; and whether it reads like a sentence.

The comparison forgets case, joiners, letters that keyboards mix up, white space, outer punctuation and
which digit stands where; the text of a block is never changed by it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final, NamedTuple

from archiver.tables import read_table

# Enough of a block to hold the longest `…` phrase (111 code points) with room for joiners and double spaces.
HEAD: Final = 130

# Code points of a block's beginning that find the `…` phrases to compare; the shortest has three.
BUCKET: Final = 3

# Enough of a long block to see that no phrase begins it: nearly all are told by this, at a third of the cost.
HEAD_START: Final = 12

# Code points, a letter of a script without spaces counted as three (a Chinese or Thai sentence of 50 letters
# says what 150 Latin ones do). Search engines ask for headlines of at most 110: with 140 it is no title.
LONG_SENTENCE: Final = 140

# With a full stop: "Names were read out in Doha yesterday." has 39; "No. 12 St. James Sq." has 20.
ENDED_SENTENCE: Final = 36


class Phrase(NamedTuple):
    """A line of the table."""

    kind: str
    """What a block that says this is."""

    language: str
    """BCP 47."""

    strong: bool
    """True when its place does not matter."""

    text: str
    """As it stands in the table."""


class _Phrasebook(NamedTuple):
    exact: dict[str, tuple[Phrase, ...]]
    prefixes: dict[str, tuple[tuple[str, Phrase], ...]]
    longest: int
    beginnings: frozenset[str]
    """The first letters of all of them, without spaces: `BEGINNING` of each, or the whole of a shorter one."""
    lengths: tuple[int, ...]
    """How many letters these have."""


# Scripts written without spaces between words: Thai to Myanmar, Khmer, kana, ideographs.
_DENSE: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")
_END: Final = re.compile("[.!?…。．！？｡؟۔।॥։።][\"'”’»」』）)\\]\u200e\u200f]*$")


def is_sentence(text: str) -> bool:
    """True when the text reads like a sentence, in any script: long, or of several words with a full stop."""
    if len(text) >= LONG_SENTENCE:
        return True
    dense = len(_DENSE.findall(text)) if not text.isascii() else 0
    weight = len(text) + 2 * dense
    if weight >= LONG_SENTENCE:
        return True
    return weight >= ENDED_SENTENCE and (dense >= 10 or text.count(" ") >= 4) and bool(_END.search(text.rstrip()))


# Of the shorter texts 40 in 100 stood before on one of 227 pages of as many sites, of the others 8 in 100.
_OFTEN_SAID: Final = 50


def find_phrases(text: str) -> tuple[Phrase, ...]:
    """The lines of the table that the whole text is, strong ones first; empty when there is none."""
    return _find_again(text) if len(text) < _OFTEN_SAID else _find(text)


# The bound keeps a run over many sites within some megabytes.
@lru_cache(maxsize=1 << 12)
def _find_again(text: str) -> tuple[Phrase, ...]:
    return _find(text)


def _find(text: str) -> tuple[Phrase, ...]:
    book = _phrasebook()
    if text.isascii() and not _may_begin(book, text[:HEAD_START].lower()):
        return ()
    if len(text) <= book.longest:
        key = comparable(text)
        exact = book.exact.get(key.replace(" ", "")) or _find_pair(book, key)
        if exact:
            return exact
    else:
        start = comparable(text[:HEAD_START])
        if len(start) >= BUCKET and start[:BUCKET] not in book.prefixes:
            return ()
        key = comparable(text[:HEAD])
    for prefix, phrase in book.prefixes.get(key[:BUCKET], ()):
        # "All rights reserved, it said on the last page": a comma after a footer's words makes a sentence.
        said_in_passing = phrase.kind == "footer" and key[len(prefix) :].startswith(", ")
        if key.startswith(prefix) and _ends_word(key, len(prefix)) and not said_in_passing:
            return (phrase,)
    return ()


# A letter, then letters and signs other than digits: what the comparison leaves as it stands. With six of them 38 of
# 100 blocks of English pages are compared in full (most begin with a number), with four 49; more than six gain nothing.
_PLAIN_START: Final = re.compile(r"[a-z](?: ?[^\s\d]){5}")
BEGINNING: Final = 6


def _may_begin(book: _Phrasebook, start: str) -> bool:
    """False when no phrase begins as a text of ASCII does. `start` is the text's, in lower case, and not folded: so
    one with a digit or a double space in it may always.
    """
    plain = _PLAIN_START.match(start)
    if plain is None:
        return True
    letters = plain[0].replace(" ", "")
    return any(letters[:length] in book.beginnings for length in book.lengths)


# "Deixe um comentário Cancelar resposta" has five words, and no pair in the table's languages has more than eight.
_LONGEST_PAIR: Final = 8


def _find_pair(book: _Phrasebook, key: str) -> tuple[Phrase, ...]:
    """The phrases of a block that is two of one kind: WordPress sets the link that cancels a reply into the heading of
    its form ("Leave a Reply Cancel reply"), and a dump has both on one line.
    """
    words = key.split(" ")
    if len(words) > _LONGEST_PAIR:
        return ()
    for middle in range(1, len(words)):
        first = book.exact.get("".join(words[:middle]))
        second = first and book.exact.get("".join(words[middle:]))
        if first and second and first[0].kind == second[0].kind and (first[0].strong or second[0].strong):
            return first if first[0].strong else second
    return ()


def _ends_word(key: str, end: int) -> bool:
    """True when a word ends there: "Share on" does not begin "Share one"."""
    return end >= len(key) or not key[end].isalpha() or not key[end - 1].isalpha() or bool(_DENSE.match(key[end - 1]))


# Yeh and kaf as Arabic and Persian keyboards type them, alef with and without hamza; tatweel, vowel signs and
# the dot that casefold leaves of "İ" go; Romanian comma and cedilla; quotes as typewriters have them. Other
# accents stay: without them Vietnamese "Thẻ" (tags) was the English word "The" at the head of lists.
_FOLDED: Final = {
    **dict.fromkeys(map(ord, "يىې"), "ی"),
    **dict.fromkeys(map(ord, "أإآٱ"), "ا"),
    **dict.fromkeys(map(ord, "ةۀ"), "ه"),
    **dict(zip(map(ord, "كئؤıţşё"), "کیوițșе", strict=True)),
    **dict(zip(map(ord, "άέήίόύώ"), "αεηιουω", strict=True)),
    **dict.fromkeys((0x307, 0x640, *range(0x64B, 0x656), 0xAD, 0x200D, 0x200E, 0x200F, 0x2060, 0xFE0F, 0xFEFF)),
    0x200C: " ",
    **dict.fromkeys(map(ord, "‘’‚‛`´′ʼ׳"), "'"),
    **dict.fromkeys(map(ord, "“”„‟«»″״"), '"'),
    **dict.fromkeys(map(ord, "‐‑–—"), "-"),
    # A copyright sign is the word, so that one line of the table does for both.
    ord("©"): " copyright ",
}
_NUMBER: Final = re.compile(r"\d+(?:[.,٬٫]\d+)*")
_LEADING: Final = re.compile(r"^(?:[^\w]|_)+")
# Up to the last letter, digit or vowel sign. (A pattern for what stands after it is tried at every sign of the text.)
_TO_LAST: Final = re.compile(r".*(?:[^\W_]|[\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])", re.S)
_ASCII_SIGNS: Final = "".join(sign for sign in map(chr, range(128)) if not sign.isalnum())


def comparable(text: str) -> str:
    """The text as phrases are compared: folded, numbers as 0, outer punctuation gone, single spaces.

    >>> comparable("  » Leave  a Reply… "), comparable("12 Comments")
    ('leave a reply', '0 comments')
    """
    folded = _folded(text)
    if folded.isascii():
        return folded.strip(_ASCII_SIGNS)
    last = _TO_LAST.match(folded)
    return _LEADING.sub("", last[0]) if last else ""


def _folded(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).casefold().translate(_FOLDED)
        text = text.replace("copyright  copyright", "copyright").replace("copyright copyright", "copyright")
    return " ".join(_NUMBER.sub("0", text.lower()).split())


@cache
def _phrasebook() -> _Phrasebook:
    exact: dict[str, list[Phrase]] = {}
    prefixes: dict[str, list[tuple[str, Phrase]]] = {}
    longest = 0
    for kind, language, strength, text in read_table("phrases"):
        phrase = Phrase(kind, language, strength == "strong", text)
        words = text.removesuffix("…").replace("#", "0")
        # "Read also:" alone is the heading of a list, and has a line of its own where it is one.
        if not text.endswith((":…", "：…")):
            exact.setdefault(comparable(words).replace(" ", ""), []).append(phrase)
        longest = max(longest, len(text) + 8)
        if text.endswith("…"):
            start = _LEADING.sub("", _folded(words))
            prefixes.setdefault(start[:BUCKET], []).append((start, phrase))
    starts = (start.replace(" ", "") for found in prefixes.values() for start, _ in found)
    beginnings = frozenset(start[:BEGINNING] for start in (*exact, *starts))
    return _Phrasebook(
        {key: tuple(sorted(found, key=lambda phrase: not phrase.strong)) for key, found in exact.items()},
        {key: tuple(sorted(found, key=lambda pair: -len(pair[0]))) for key, found in prefixes.items()},
        longest,
        beginnings,
        tuple(sorted({len(start) for start in beginnings}, reverse=True)),
    )
