"""python -m bench.fluency: builds the tables of `archiver.fluency` from word lists that packages ship.

    wordfreq      words with frequencies in 40 languages, from encyclopaedias, subtitles, news, books and the web
    pythainlp     the words of the Thai National Corpus, with counts
    Django        its messages, for languages that the others lack
    Babel (CLDR)  names of languages and territories, for those that have few messages as well

None of the texts goes into the tables: only how often letters follow one another. `pip install .[train]` installs them.
"""

from __future__ import annotations

import argparse
import gzip
import math
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from archiver.language import script_of

TABLES = Path("src/archiver/tables")

# A letter is in the alphabet when it makes up so much of the language's letters: French has œ at 5 in 10,000, and the
# foreign letters of names, for which any other language's will do, come below.
_RAREST_LETTER = 1 / 50_000
# What follows a letter that was met rarely: so many of its successors are taken to be as letters are anywhere.
_PRIOR = 40.0
# Words that are rare tell more of a language's letters than their share of its text: frequencies count to this power.
_POWER = 0.75
# Costs are quarters of a bit, written as one character each from "0" on; none is above 15 bits.
_DEAREST = 60
_RAREST_SIGN = 1 / 2_000_000

_WORDFREQ = (
    "ar bg ca cs da de el en es fa fi fil fr he hu id is it lt lv mk ms nb nl pl pt ro ru sh sk sl sv tr uk ur vi"
).split()
_DJANGO = "af ast az be br cy eo et eu fy ga gd gl kk ky lb mn nn os sq sr sw tg tk tt uz".split()
_CLDR = "ckb fo ps sd ug yi".split()
_WITHOUT_SPACES = frozenset({"th"})
# wordfreq writes ss for every ß: three of ten are taken to be one.
_SHARP_S = 0.3
# Old pages that were read wrong are among wordfreq's sources: Romanian has no such letter.
_MISREAD = {"ro": "ã"}
# In no charset before Unicode is there a comma below: what was written in them has cedillas.
_CEDILLAS = str.maketrans("șț", "şţ")
_SIGNS = ("ja", "ko", "zh")


def main(argv: Sequence[str] | None = None) -> int:
    """Writes the two tables; 0 when done."""
    parser = argparse.ArgumentParser(prog="python -m bench.fluency", description=__doc__)
    parser.add_argument("--tables", type=Path, default=TABLES, metavar="DIR", help="where to (src/archiver/tables)")
    chosen = parser.parse_args(argv)
    letters = []
    for language in sorted((*_WORDFREQ, *_DJANGO, *_CLDR, "th")):
        letters.extend(_describe_letters(language, _count_words(language)))
    _write(chosen.tables / "fluency-letters.tsv", letters, (
        "what letter follows what in a language, in quarters of a bit from '0' on",
        "language\tscript\tletters\tcosts"))  # fmt: skip
    signs = [row for language in _SIGNS for row in _describe_signs(language, _count_words(language))]
    _write(chosen.tables / "fluency-signs.tsv", signs, (
        "Chinese characters, kana and Hangul syllables by how rare they are in a language, in quarters of a bit",
        "language\tcost\tcharacters"))  # fmt: skip
    return 0


def _write(path: Path, rows: list[tuple[str, ...]], heading: tuple[str, str]) -> None:
    what, columns = heading
    sources = ", ".join(f"{name} {version(name)}" for name in ("wordfreq", "pythainlp", "django", "babel"))
    lines = [f"# what: {what}", f"# source: python -m bench.fluency, from word lists of {sources}",
             "# date: 2026-11-24", f"# columns: {columns}", *sorted("\t".join(row) for row in rows)]  # fmt: skip
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stderr.write(f"{path}: {len(rows)} rows, {path.stat().st_size} bytes\n")


def _count_words(language: str) -> dict[str, float]:
    """The language's words in lower case, with their weight."""
    words: dict[str, float] = defaultdict(float)
    for text, weight in _read_source(language):
        for word in _split(text, "LM" if language in _WITHOUT_SPACES else "L"):
            words[word] += weight**_POWER
            if language == "de" and "ss" in word:
                words[word.replace("ss", "ß")] += _SHARP_S * weight**_POWER
    return words


def _split(text: str, letters: str) -> Iterator[str]:
    # Joiners between letters part no words, and neither do marks, which count as letters in Thai.
    text = unicodedata.normalize("NFC", text).lower().replace("i̇", "i").replace("\u200c", "").replace("\u200d", "")
    word = ""
    for char in text + " ":
        kind = unicodedata.category(char)[0]
        if kind in letters:
            word += char
        elif word and kind != "M":
            yield word
            word = ""


def _read_source(language: str) -> Iterator[tuple[str, float]]:
    if language == "th":
        for line in (files("pythainlp") / "corpus/tnc_freq.txt").read_text(encoding="utf-8").splitlines():
            word, _, count = line.partition("\t")
            yield word, float(count)
    elif language in _DJANGO:
        yield from ((text, 1.0) for text in _read_messages(language))
    elif language in _CLDR:
        yield from ((text, 1.0) for text in _read_names(language))
    else:
        yield from _read_frequencies(language)


def _read_frequencies(language: str) -> Iterator[tuple[str, float]]:
    folder = files("wordfreq") / "data"
    named = (folder / f"{size}_{language}.msgpack.gz" for size in ("large", "small"))
    path = next(path for path in named if path.is_file())
    # A header, then a list of words for each centibel below 1.
    buckets = _unpack(path.read_bytes())[1:]
    for centibels, words in enumerate(buckets):
        yield from ((word, 10 ** (8 - centibels / 100)) for word in words)


def _unpack(packed: bytes) -> Any:  # noqa: ANN401  (lists and maps of what the word lists hold)
    import msgpack  # noqa: PLC0415  (comes with wordfreq, which only this command needs)

    return msgpack.loads(gzip.decompress(packed), strict_map_key=False)


def _read_messages(language: str) -> Iterator[str]:
    for path in sorted(Path(str(files("django"))).rglob(f"locale/{language}/LC_MESSAGES/*.po")):
        for text in re.findall(
            r'^msgstr(?:\[\d\])? ((?:"(?:[^"\\]|\\.)*"\s*)+)', path.read_text("utf-8"), re.MULTILINE
        ):
            # Placeholders (%(name)s, {count}) are English.
            yield re.sub(r'%\(\w+\)\w?|\{\w*\}|\\.|<[^>]*>|"\s*"', " ", text)


def _read_names(language: str) -> Iterator[str]:
    from babel import Locale  # noqa: PLC0415  (only this command needs it)

    locale = Locale.parse(language)
    for names in (locale.languages, locale.territories, locale.scripts):
        yield from (str(name) for name in names.values())


def _describe_letters(language: str, words: dict[str, float]) -> list[tuple[str, ...]]:
    """One row for the language's script: its letters, and the cost of each after each; place 0 is a word's end."""
    scripts: dict[str, float] = defaultdict(float)
    for word, weight in words.items():
        scripts[script_of(word[0])] += weight
    script = max(scripts, key=lambda name: scripts[name] if name else 0)
    own = {word: weight for word, weight in words.items() if script_of(word[0]) == script}
    counts: dict[str, float] = defaultdict(float)
    for word, weight in own.items():
        for char in word:
            counts[char] += weight
    least = sum(counts.values()) * _RAREST_LETTER
    chosen = {char for char, weight in counts.items() if weight >= least and script_of(char) in (script, "")}
    letters = "".join(sorted(chosen - set(_MISREAD.get(language, ""))))
    pairs = _count_pairs(own, letters, joined=language in _WITHOUT_SPACES)
    costs = _write_costs(pairs, len(letters) + 1)
    spellings = {letters, letters.translate(_CEDILLAS)} if language == "ro" else {letters}
    return [(language, script, spelling, costs) for spelling in sorted(spellings)]


def _count_pairs(words: dict[str, float], letters: str, *, joined: bool) -> list[list[float]]:
    place = {char: index for index, char in enumerate(letters, 1)}
    size = len(letters) + 1
    pairs = [[0.0] * size for _ in range(size)]
    for word, weight in words.items():
        last = 0
        for char in word:
            this = place.get(char, 0)
            pairs[last][this] += weight
            last = this
        pairs[last][0] += weight
    if joined:
        # Where words are written without spaces, any may follow any.
        total = sum(pairs[0])
        for one in range(1, size):
            for other in range(1, size):
                pairs[one][other] += pairs[one][0] * pairs[0][other] / total
    return pairs


def _write_costs(pairs: list[list[float]], size: int) -> str:
    total = sum(map(sum, pairs))
    anywhere = [sum(pairs[one][other] for one in range(size)) / total for other in range(size)]
    # Weights are frequencies to a power: scaled to a million letters, of which a prior of forty is a trifle.
    scale = 1_000_000 / total
    costs = []
    for one in range(size):
        row = sum(pairs[one]) * scale + _PRIOR
        for other in range(size):
            share = (pairs[one][other] * scale + _PRIOR * anywhere[other]) / row
            costs.append(min(_DEAREST, round(-4 * math.log2(max(share, 1e-9)))))
    return "".join(chr(ord("0") + cost) for cost in costs)


def _describe_signs(language: str, words: dict[str, float]) -> list[tuple[str, ...]]:
    counts: dict[str, float] = defaultdict(float)
    for word, weight in words.items():
        for char in word:
            if script_of(char) in ("Hani", "Kana", "Hang"):
                counts[char] += weight
    if language == "zh":
        _add_traditional(counts)
    total = sum(counts.values())
    by_cost: dict[int, list[str]] = {}
    for char, weight in counts.items():
        if weight / total >= _RAREST_SIGN:
            by_cost.setdefault(round(-4 * math.log2(weight / total)), []).append(char)
    return [(language, f"{cost:02}", "".join(sorted(chars))) for cost, chars in by_cost.items()]


def _add_traditional(counts: dict[str, float]) -> None:
    """wordfreq writes all Chinese in simplified characters; the other form of each is taken to be as frequent."""
    mapping = _unpack((files("wordfreq") / "data/_chinese_mapping.msgpack.gz").read_bytes())
    forms: dict[str, list[str]] = {}
    for code, simplified in mapping.items():
        forms.setdefault(simplified, []).append(chr(code))
    for simplified, others in forms.items():
        if simplified in counts:
            for other in others:
                counts[other] = max(counts[other], counts[simplified] / len(others))


if __name__ == "__main__":
    sys.exit(main())
