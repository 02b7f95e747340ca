"""Which wrong reading a text went through: the one whose undoing makes it likeliest, if that is likely enough.

Words are judged, not lines: a line may be broken in one of them. All words of a text with a letter beyond ASCII are
weighed together in each reading that can be undone; a word takes the winner's reading when that makes it cheaper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple
from unicodedata import combining

from archiver.charsets import REPLACEMENT, read_as
from archiver.fluency import BIT, cost_of, is_out_of_place
from archiver.language import script_of
from archiver.repair import misread
from archiver.repair.readings import (
    ALL_LEGACY,
    ALL_READINGS,
    CONTROLS,
    CROSSED,
    LEGACY,
    LEGACY_ABROAD,
    LEGACY_WITH_EURO,
    READ_UTF8_IN,
    REGIONS,
    SINGLE_READINGS,
    UTF8_READINGS,
)
from archiver.repair.suspicion import OTHER_SCRIPT, has_odd_letters, is_suspect

# In quarters of a bit. Of 43,805 sound texts in 87 languages (Django's messages, the reference and version texts of
# the development data; 2026-11) none gained more than 6 bits by a reading of UTF-8, 16 by one of another script
# (half-width katakana aside), 8 by one of Latin script.
_ENOUGH_FOR_UTF8: Final = 12 * BIT
_ENOUGH_FOR_LEGACY: Final = 25 * BIT
_ENOUGH_FOR_LATIN: Final = 14 * BIT
# Words that look odd must get likelier by this before the others are looked at.
_ENOUGH_TO_GO_ON: Final = 1 * BIT
# Where UTF-8 brings in one character only; in windows-1252 it is so common that there it needs no more.
_ENOUGH_FOR_ONE: Final = 16 * BIT
# How many characters a legacy reading must bring in, letters or Chinese: "Êîò" may be "Кот", and may be three letters.
_FEWEST_LETTERS: Final = 5
_FEWEST_SIGNS: Final = 3
# Most pages were written on Windows: where the other charset of a script differs in a sign or two, it must gain more;
# "Đľ" is "о" read in windows-1250, and "е" in ISO-8859-2.
_LESS_USED: Final = 4 * BIT
# And few programs took UTF-8 for one of these: "ÃŸ" is "ß", and read back from ISO-8859-15 it would be "þ".
_LESS_USED_YET: Final = 8 * BIT
_RARELY_WRONG: Final = ("iso-8859-1", "macintosh", "cp4", "cp8")
# Where the same step has already repaired other blocks of the page.
_ENOUGH_WHEN_KNOWN: Final = 4 * BIT
# Where the whole page went through it, and nothing in the text itself need be suspect: of 5,808 sound blocks among as
# many broken ones none changes (`bench.encoding.broken_pages`). Letters of Latin script may even be less usual then:
# "þafaktan" and "şafaktan" cost the same, "građani" costs half a bit more than "graðani".
_ENOUGH_OF_THE_PAGE: Final = 1 * BIT
_ENOUGH_OF_THE_PAGE_FOR_LATIN: Final = -1 * BIT
# A charset explains a text when it explains so much of what could be bytes in it.
_COVERED: Final = 0.8
# Broken characters that are believed: one among so many sound ones.
_SOUND_PER_LOST: Final = 3
# Of a longer text this many different words decide.
_WORDS: Final = 300

# How far the best legacy charset must be ahead of the next: short words can be read in several.
_LEAD: Final = 6 * BIT
# What a character of running text costs at most, in an alphabet and among Chinese characters: "НшТі РВОЕ", which is no
# Russian, costs 7 bits a character.
_FLUENT: Final = 6 * BIT
_FLUENT_SIGNS: Final = 13 * BIT

_EURO: Final = re.compile("[ŠšŽžŒœŸ€]")
_CHINESE: Final = re.compile("[\u2e80-\u9fff\uac00-\ud7a3\uff61-\uff9f]")
_SIDE_BY_SIDE: Final = re.compile(f"[^\x00-\x7f]{{2}}|{_CHINESE.pattern}")
_LATIN_LETTER: Final = re.compile("[A-Za-z]")
_HALF_SEQUENCE: Final = re.compile("[\xc2-\xf4][\x80-\x9f]")
_DRAWN: Final = re.compile("[\u2500-\u259f\x00-@]*")
_CYRILLIC_LETTER: Final = re.compile("[\u0400-\u045f]")


class Choice(NamedTuple):
    """A reading to be undone."""

    gain: int
    """By how much the text gets likelier, in quarters of a bit."""

    parameter: str
    """The step's parameter: `windows-1256>utf-8`."""

    words: dict[str, str]
    """What becomes of which words."""


def choose(text: str, known: frozenset[str] = frozenset()) -> Choice | None:
    """The reading to undo in `text`, or None when none is likely enough.

    `known` are steps that repaired other texts of the same page: with them less evidence is enough.
    """
    words = [word for word in dict.fromkeys(text.split(" ")) if not word.isascii()]
    if _is_in_order(words):
        return None
    odd = [word for word in words if is_suspect(word)]
    # Nearly always what is odd is in order: "½ÖÐ" is weighed alone, and not the text around it. Letters that only
    # together are of no language can be of Latin script alone.
    readings = UTF8_READINGS if OTHER_SCRIPT.search(text) else SINGLE_READINGS
    if odd:
        readings = _promising(tuple(odd[:_WORDS]), known)
    best = _choose(words[:_WORDS], known, readings) if readings else None
    if best is None or not _is_enough(best, known):
        return None
    return best if len(words) <= _WORDS else best._replace(words=_apply_to(words, best))


def choose_of(readings: frozenset[str], text: str) -> Choice | None:
    """The one of these readings that makes the text likelier, or None: for a page that went through them as a whole."""
    words = [word for word in dict.fromkeys(text.split(" ")) if not word.isascii()][:_WORDS]
    if _is_in_order(words):
        return None
    sample = " ".join(words)
    before = cost_of(sample)
    found = list(_utf8_choices(sample, before, readings))
    # First what explains all: "Â²Ã¨" is "²è" before that is "茶".
    best = _best_of(choice for choice, whole in found if whole and _is_of_the_page(choice, text))
    others = (*(choice for choice, _ in found), *_legacy_choices(words, before, readings, readings))
    return best or _best_of(choice for choice in others if _is_of_the_page(choice, text))


def _is_of_the_page(choice: Choice, text: str) -> bool:
    """Whether enough speaks for it, and more than a letter among Latin words: "à" is "а" in Cyrillic, and French."""
    right = choice.parameter.partition(">")[2]
    if right in ("utf-8", "macintosh"):
        return choice.gain >= _ENOUGH_WHEN_KNOWN
    if right in REGIONS:
        return choice.gain >= _ENOUGH_OF_THE_PAGE_FOR_LATIN
    is_word = not _LATIN_LETTER.search(text) or any(len(word) > 1 and word.isalpha() for word in choice.words.values())
    return is_word and choice.gain >= _ENOUGH_OF_THE_PAGE


def _is_in_order(words: list[str]) -> bool:
    """Whether the letters are an alphabet, or a table of characters: what is in one charset's order is so in others."""
    codes = [ord(char) for word in words[:_WORDS] for char in word if char > "\x7f"]
    return 2 * sum(other - one == 1 for one, other in pairwise(codes)) >= len(codes) > 0


# A page of a trade says its few odd words over and over: "branży" 20 times in 491 blocks.
@lru_cache(maxsize=1 << 10)
def _promising(words: tuple[str, ...], known: frozenset[str]) -> frozenset[str]:
    """The readings that make the words likelier at all."""
    sample = " ".join(words)
    readings = ALL_READINGS if _SIDE_BY_SIDE.search(sample) else SINGLE_READINGS
    before = cost_of(sample)
    whole = (_weigh(sample, before, *reading, whole=True) for reading in _find_utf8(sample, readings))
    choices = [*(choice for choice in whole if choice), *_legacy_choices(words, before, readings, known)]
    return frozenset(choice.parameter for choice in choices if choice.gain >= _ENOUGH_TO_GO_ON)


def _choose(words: list[str], known: frozenset[str], readings: frozenset[str]) -> Choice | None:
    sample = " ".join(words)
    before = cost_of(sample)
    found = list(_utf8_choices(sample, before, readings))
    best = _best_of(choice for choice, whole in found if whole)
    partial = [choice for choice, whole in found if not whole]
    if best is not None and _is_enough(best, known):
        return best
    legacy = list(_legacy_choices(words, before, readings, known))
    usual = _best_of([choice for choice in (*partial, *legacy) if choice.parameter in known])
    if usual is not None and _is_enough(usual, known):
        return usual
    return _best_of([*([best] if best else []), *partial, *_clear_winner(legacy)])


def _clear_winner(legacy: list[Choice]) -> list[Choice]:
    """The best of the legacy readings, when it is fluent and well ahead of the others; else none."""
    ranked = sorted(legacy, key=lambda choice: -choice.gain)
    if not ranked:
        return []
    best = ranked[0]
    if best.parameter == CONTROLS:
        return [best]
    if best.parameter.partition(">")[2] not in REGIONS:
        length = sum(map(len, best.words.values()))
        if not _is_fluent(" ".join(best.words.values()), length):
            return []
    rivals = [other for other in ranked[1:] if _is_rival(best, other)]
    return [best] if not rivals or best.gain - rivals[0].gain >= _LEAD else []


def _is_rival(best: Choice, other: Choice) -> bool:
    """Whether two readings are of different languages, and not of two charsets for one of them."""
    one, two = (REGIONS.get(choice.parameter.partition(">")[2], "") for choice in (best, other))
    return one != two if one and two else _script_in(other) != _script_in(best)


def _script_in(choice: Choice) -> str:
    """The script of the first letter that the reading brought in."""
    for word, after in choice.words.items():
        for char in after:
            if char not in word and char.isalpha():
                return script_of(char)
    return ""


def _best_of(choices: Iterable[Choice]) -> Choice | None:
    best = None
    for choice in choices:
        if best is None or choice.gain > best.gain:
            best = choice
    return best


def _is_enough(choice: Choice, known: frozenset[str]) -> bool:
    wrong, _, right = choice.parameter.partition(">")
    if choice.parameter in known or choice.parameter == CONTROLS:
        return choice.gain >= _ENOUGH_WHEN_KNOWN
    after = [char for word, after in choice.words.items() for char in after if char > "\x7f" and char not in word]
    if right == "utf-8":
        single = len(after) == 1 and wrong != "windows-1252"
        if single and has_odd_letters(after[0]):
            return False
        return choice.gain >= (_ENOUGH_FOR_ONE if single else _ENOUGH_FOR_UTF8)
    if right in REGIONS:
        # "ΔRepro" is no "ÄRepro", and "ƒ" is the florin of Aruba before it is a Mac's "É".
        fewest = 1 if wrong == "windows-1252" and right != "macintosh" else 2
        return choice.gain >= _ENOUGH_FOR_LATIN and len(after) >= fewest
    # In Shift_JIS every byte of Latin letters is half-width katakana or part of a character.
    half_width = sum("\uff61" <= char < "\uffa0" for char in after)
    fewest = _FEWEST_SIGNS if _CHINESE.search("".join(after)) else _FEWEST_LETTERS
    return choice.gain >= _ENOUGH_FOR_LEGACY and len(after) - 2 * half_width >= fewest


def _utf8_choices(sample: str, before: int, readings: frozenset[str]) -> Iterable[tuple[Choice, bool]]:
    """What reading UTF-8 gives, and whether that explains the whole of the sample."""
    for parameter, found in _find_utf8(sample, readings):
        whole = _share_covered(sample, parameter, found) >= _COVERED
        choice = _weigh(sample, before, parameter, found, whole=whole)
        if choice:
            yield choice, whole


def _find_utf8(sample: str, readings: frozenset[str]) -> Iterable[tuple[str, list[misread.Reread]]]:
    charsets = (*READ_UTF8_IN, *misread.MULTIBYTE) if _CHINESE.search(sample) else READ_UTF8_IN
    seen: list[list[misread.Reread]] = []
    if readings.isdisjoint(UTF8_READINGS):
        return
    for wrong in charsets:
        if f"{wrong}>utf-8" not in readings:
            continue
        found = misread.find_utf8(sample, wrong)
        if found and found not in seen:
            seen.append(found)
            yield f"{wrong}>utf-8", found


def _legacy_choices(
    words: Sequence[str], before: int, readings: frozenset[str], known: frozenset[str]
) -> Iterable[Choice]:
    text = "".join(words)
    # Of readings that say the same of the words the first is named: what is known of the page comes first.
    parameters = [*(parameter for parameter in ALL_LEGACY if parameter in known), *LEGACY]
    if _EURO.search(text):
        parameters += LEGACY_WITH_EURO
    if _CYRILLIC_LETTER.search(text):
        parameters += CROSSED
    for letters, abroad in LEGACY_ABROAD:
        if letters.search(text):
            parameters += abroad
    written: dict[str, list[tuple[str, bytes]]] = {}
    seen = set()
    for parameter in parameters:
        if parameter not in readings:
            continue
        wrong, _, right = parameter.partition(">")
        if wrong not in written:
            found = ((word, misread.to_bytes(word, wrong)) for word in words)
            written[wrong] = [(word, data) for word, data in found if data]
        changed = _read_words(written[wrong], parameter, right)
        key = tuple(changed.items())
        if key and key not in seen:
            seen.add(key)
            choice = _weigh_words(words, before, parameter, changed)
            yield choice._replace(gain=choice.gain + _doubt(parameter)) if parameter in known else choice


def _read_words(written: list[tuple[str, bytes]], parameter: str, right: str) -> dict[str, str]:
    """What becomes of those words that can be read so; of none unless what they bring in is letters, mostly."""
    changed = {}
    for word, data in written:
        after = read_as(data, right)
        sound = after.text != word and not after.replaced
        # A no-break space is one byte or another in each charset: Mac Cyrillic has it where windows-1251 has "К".
        if sound and not any(char == "\xa0" or is_out_of_place(char) for char in after.text if char not in word):
            changed[word] = after.text
    if parameter == CONTROLS:
        # Half a sequence of UTF-8 is not mended by showing its bytes.
        return {word: after for word, after in changed.items() if not _HALF_SEQUENCE.search(word)}
    # "8ºC" is no more a word as "8؛C".
    new = set("".join(changed.values())) - set("".join(changed))
    return changed if sum(char.isalpha() or combining(char) > 0 for char in new) * 3 >= 2 * len(new) else {}


def _makes_sense(word: str, after: str, *, whole: bool) -> bool:
    """Whether a word that was read as UTF-8 may stand in a text, whatever it costs."""
    if any(is_out_of_place(char) for char in set(after) - set(word) if char > "\xa0"):
        return False
    # What a lost byte leaves is believed when most of the word is sound: of "锟斤拷" nothing is.
    if after.count(REPLACEMENT) * _SOUND_PER_LOST > sum(char > "\x7f" for char in after):
        return False
    # "─┤" is "Ĵ", and the edge of a table; "╨╜╨░" is "на". And where only some bytes are UTF-8, chance made them so
    # unless the word is one.
    if not whole or _DRAWN.fullmatch(word):
        return _is_fluent(after, len(after) + 1)
    return True


def _is_fluent(text: str, length: int) -> bool:
    """Whether the text costs no more than so many characters of running text do."""
    return cost_of(text) <= (_FLUENT_SIGNS if _CHINESE.search(text) else _FLUENT) * length


def _is_better(word: str, parameter: str, *, whole: bool) -> str | None:
    """What the word is, read again, when that is better; None else."""
    found = misread.find_utf8(word, parameter.partition(">")[0])
    if not found:
        return None
    outside = (
        word[: found[0].start]
        + "".join(word[one.end : other.start] for one, other in pairwise(found))
        + word[found[-1].end :]
    )
    whole = whole and outside.isascii()
    after = misread.apply(word, found)
    return after if _makes_sense(word, after, whole=whole) and cost_of(after) < cost_of(word) else None


def _weigh(sample: str, before: int, parameter: str, found: list[misread.Reread], *, whole: bool) -> Choice | None:
    changed = {}
    start = 0
    words = sample.split(" ")
    waiting = iter(found)
    stretch = next(waiting, None)
    # Stretches hold spaces only between whole characters, so that each word can be read by itself.
    for word in words:
        end = start + len(word)
        while stretch and stretch.end <= start:
            stretch = next(waiting, None)
        if stretch and stretch.start < end:
            after = _is_better(word, parameter, whole=whole)
            if after is not None:
                changed[word] = after
        start = end + 1
    return _weigh_words(words, before, parameter, changed) if changed else None


def _weigh_words(words: Sequence[str], before: int, parameter: str, changed: dict[str, str]) -> Choice:
    if parameter.partition(">")[2] in REGIONS:
        # "Molière" in Czech is not "Moličre": each word as it stands may be of a language of its own.
        alone = sum(map(cost_of, changed))
        after = cost_of(" ".join(changed.values())) - cost_of(" ") * (len(changed) - 1)
    else:
        alone, after = before, cost_of(" ".join(changed.get(word, word) for word in words))
    return Choice(alone - after - _doubt(parameter), parameter, changed)


def _doubt(parameter: str) -> int:
    """How much more a reading must gain for being rare."""
    doubt = _LESS_USED if ">iso-" in parameter or parameter.startswith("iso-8859-2>") else 0
    return doubt + _LESS_USED_YET if parameter.startswith(_RARELY_WRONG) else doubt


def _share_covered(sample: str, parameter: str, found: list[misread.Reread]) -> float:
    """How much of what are bytes of the charset, ASCII aside, lies in whole sequences."""
    wrong = parameter.partition(">")[0]
    inside = sum(len(sample[stretch.start : stretch.end].encode("ascii", "ignore")) for stretch in found)
    covered = sum(stretch.end - stretch.start for stretch in found) - inside
    return covered / misread.count_bytes(sample, wrong)


def _apply_to(words: list[str], choice: Choice) -> dict[str, str]:
    """The choice made on more words than it was found with."""
    changed = {}
    for word in words:
        after = (
            _is_better(word, choice.parameter, whole=True)
            if choice.parameter.endswith(">utf-8")
            else misread.reread(word, choice.parameter)
        )
        if after is not None and cost_of(after) < cost_of(word):
            changed[word] = after
    return changed
