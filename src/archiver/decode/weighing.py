"""Which charset a page's bytes read as a language in: candidates ranked by what their text costs.

The cost is `archiver.fluency`'s, in quarters of a bit: of two readings of the same bytes the one that costs less is
the likelier, whatever their lengths. Markup must not drown the text, and it is rare letters that tell charsets of
one language apart: so words are taken until each byte beyond ASCII has been met some times.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from archiver.charsets import read_as
from archiver.decode.untagged import NOT_ASCII, untagged
from archiver.fluency import BIT, cost_of

# The window over the page in which words are looked for: the first text of a page tells its charset.
_WINDOW_BYTES = 512 * 1024

# A byte beyond ASCII is met in so many words, so that a rare letter weighs, and a frequent one not for ever; words end
# with white space, which Chinese has little of: there a "word" is cut.
_MEETINGS, _MOST_WORDS, _LONGEST_WORD = 8, 120, 1000

# The words around each of so few tell the language, as far as the next tag: "Letís" is what the Mac reads for "Let’s",
# and as good a word in Icelandic.
_FEW_WORDS, _NEIGHBOURS = 12, 2

# All candidates are weighed by the first words, those that come near by more of them: 19 ms a page of bench.encoding in
# place of 24.
_ROUNDS = ((12, 16), (40, 6), (_MOST_WORDS, 1))

# A reading with more faults than one in ten characters is none (see decode: captures are cut and fields pasted).
_PER_FAULT = 10

# What a byte without a character costs beside its U+FFFD: 20 bits, more than any letter does.
_FAULT = 20 * BIT

# How much rarer than windows-1252, in bits, a charset is on the web. Estimates, not counted: about half of the pages in
# legacy charsets are windows-1252; those below it are some in a hundred, ISO's and KOI8 some in a thousand, the others
# fewer. It decides between readings of a word or two.
_PRIORS = (
    (0, "windows-1252"),
    (7, "windows-1251 gb18030 shift_jis windows-1256 windows-1250 windows-1254 euc-kr big5 euc-jp windows-1253"),
    (7, "windows-1255 windows-874 iso-8859-2 windows-1257"),
    (10, "koi8-r koi8-u iso-8859-5 iso-8859-7 iso-8859-6 iso-8859-8 iso-8859-15 iso-8859-13 iso-8859-4"),
    (11, "windows-1258 iso-8859-3 iso-8859-14 iso-8859-10 iso-8859-16"),
    (11, "ibm866 x-mac-cyrillic macintosh kz1048 viscii johab"),
    (16, "mac-latin2 mac-turkish mac-greek cp437 cp850 cp852 cp855 cp857 cp862 cp864 cp1125"),
)
_BITS_OF = {charset: bits for bits, charsets in _PRIORS for charset in charsets.split()} | {"gbk": 7}
_USUAL = tuple(charset for _, charsets in _PRIORS for charset in charsets.split())
_RAREST = 20

# A byte beyond ASCII beside another, or beside a letter.
_LETTERS = re.compile(rb"[A-Za-z\x80-\xff][\x80-\xff]|[\x80-\xff][A-Za-z]")
# What is read for letters of Latin words in the charsets of Thailand and East Asia, and in private use.
_NO_LETTER = re.compile(
    r"[A-Za-z](?=[^\0-\x7f])\d|(?=[^\0-\x7f])\d[A-Za-z]|[\ue000-\uf8ff]"
    r"|[A-Za-z](?=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])"
)
_CONTROLS = re.compile(rb"[\x80-\x9f]")
_WORD = re.compile(rb"[^\0- <>]+|<")
_TAG = b"<"


class Weight(NamedTuple):
    """A candidate, and what the page's words cost in it."""

    cost: int
    """In quarters of a bit, with how rare the charset is."""

    charset: str


def weigh(data: bytes, declared: Sequence[str], detected: Sequence[str] = ()) -> list[Weight]:
    """The charsets in which the page can be read, the likeliest first: those named, and the usual ones.

    What is declared is not held to be rare. Of charsets that cost the same, in the order given. [] for a page without
    a word to go by.
    """
    text = untagged(data, _WINDOW_BYTES, _TAG)
    words = _take_words(text, data)
    charsets = list(dict.fromkeys((*declared, *detected, *_USUAL)))
    ranking: list[Weight] = []
    for most, nearest in _ROUNDS:
        ranking = _rank(words[:most], charsets, declared)
        if len(words) <= most:
            break
        near = {weight.charset for weight in ranking[:nearest]} | {*declared, *detected}
        charsets = [charset for charset in charsets if charset in near]
    punished = (Weight(weight.cost + _cost_of_controls(text, weight.charset), weight.charset) for weight in ranking)
    return sorted(punished, key=lambda weight: weight.cost) if words else []


def _cost_of_controls(text: bytes, charset: str) -> int:
    """What the quotes and dashes of Windows cost in one of ISO's charsets, where they are control characters.

    They tell windows-1250 from ISO-8859-2 on pages whose words read alike in both, and stand alone as often as not.
    """
    return min(len(_CONTROLS.findall(text)), _MEETINGS) * _FAULT if charset.startswith("iso-8859-") else 0


def _rank(words: Sequence[bytes], charsets: Iterable[str], declared: Sequence[str]) -> list[Weight]:
    data = b" ".join(words)
    weights = []
    # Many charsets read a page's few letters alike.
    costs: dict[str, int] = {}
    for charset in charsets:
        text, replaced = read_as(data, charset)
        if replaced * _PER_FAULT > len(text):
            continue
        if text not in costs:
            costs[text] = cost_of(text) + len(_NO_LETTER.findall(text)) * _FAULT
        rarity = 0 if charset in declared else _BITS_OF.get(charset, _RAREST) * BIT
        weights.append(Weight(costs[text] + replaced * _FAULT + rarity, charset))
    # Sorting is stable: ties stay in the order of the candidates.
    return sorted(weights, key=lambda weight: weight.cost)


def _take_words(text: bytes, data: bytes) -> list[bytes]:
    """Words with bytes beyond ASCII, in the page's order, few of those that hold nothing new; of few, with neighbours.

    A byte alone is a sign as often as a letter (50× as well as 50Ч), and tells nothing; a word that is UTF-8 was
    pasted from elsewhere, and counts only where the whole page is.
    """
    met: Counter[int] = Counter()
    words = _WORD.findall(text)
    taken: list[int] = []
    pasted: list[int] = []
    for place, word in enumerate(words):
        if word.isascii() or not _LETTERS.search(word[:_LONGEST_WORD]):
            continue
        if _is_utf8(word):
            pasted.append(place)
            continue
        beyond = NOT_ASCII.findall(word[:_LONGEST_WORD])
        if any(met[byte[0]] < _MEETINGS for byte in beyond):
            met.update(byte[0] for byte in beyond)
            taken.append(place)
            if len(taken) == _MOST_WORDS:
                break
    if not taken and _is_utf8(data):
        taken = pasted[:_FEW_WORDS]
    if len(taken) < _FEW_WORDS:
        taken = sorted({near for place in taken for near in _find_neighbours(words, place)})
    return [words[place][:_LONGEST_WORD] for place in taken]


def _find_neighbours(words: Sequence[bytes], place: int) -> Iterator[int]:
    """The word's place, and those of the words next to it between two tags."""
    yield place
    for step in (-1, 1):
        for distance in range(1, _NEIGHBOURS + 1):
            near = place + step * distance
            if not 0 <= near < len(words) or words[near] == _TAG:
                break
            yield near


def _is_utf8(word: bytes) -> bool:
    try:
        word.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
