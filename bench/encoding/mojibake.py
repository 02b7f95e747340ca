"""python -m bench.encoding.mojibake: is each paragraph brought back to the letter, and each sound one left alone.

    utf-8      a paragraph's UTF-8 read in the wrong charset, where no byte was lost
    legacy     bytes of a charset of another script read as windows-1252 or Latin-1
    latin      the same for languages of Latin script
    abroad     bytes of a charset read in that of another country: windows-1251, windows-1253, Mac Roman ...
    twice      UTF-8 read as windows-1252 two times over
    sound      as it came: what changes is a false repair

The paragraphs are joined of Django's messages (`bench.encoding.texts`). Of the languages in IN_SAMPLE the letters'
tables were built from the same messages; the sums leave them out.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from itertools import islice
from time import process_time
from typing import NamedTuple

from archiver.charsets import read_as, write_as
from archiver.repair import repair
from archiver.repair.misread import MULTIBYTE
from archiver.repair.readings import READ_ABROAD_IN, READ_UTF8_IN
from bench.encoding.pages import PAIRS
from bench.encoding.texts import sentences, why_absent
from bench.report import digest_of_program, print_table, print_versions

LANGUAGES = (
    "ar bg ca cs da de el es fa fi fr he hi hr hu id is it ja ka ko lt lv mk nl pl pt ro ru sk sl sv ta th tr uk ur vi "
    "zh_Hans zh_Hant az be et hy kk sr"
).split()
"""Django's names; a language without messages there (ur is short) gives few paragraphs or none."""

IN_SAMPLE = frozenset({"az", "be", "et", "kk", "sr"})
LATIN = frozenset("cs de fr es pt it sv fi nl is da ca hu ro hr sk tr lt lv et vi pl sl eo cy".split())
# What Western Europe wrote is windows-1252 itself, and ISO-2022 and wide charsets do not show as Latin-1.
NOT_AS_LATIN_1 = (
    "windows-1252",
    "iso-8859-15",
    "iso-8859-14",
    "macintosh",
    "iso-2022",
    "utf-",
    "hz-",
    "viscii",
    "johab",
)
# Of the charsets of a page those that most pages of the time were in.
_LEGACY = ("windows-", "koi8-r", "gbk", "big5", "shift_jis", "euc-", "macintosh")
LOST = "\ufffd"
_ROUNDS = 5
_TIMED = 30
"""Sound paragraphs a language that the time is taken on, whatever `--most` says: with few, one odd name decides."""
_LENGTH = 200
"""Code points that a paragraph has at least; a third of that for Chinese, Japanese and Korean."""


class Broken(NamedTuple):
    """A paragraph and what became of it."""

    kind: str
    language: str
    charset: str
    text: str
    broken: str


REPAIRERS: dict[str, Callable[[str], str]] = {
    "archiver": lambda text: repair(text).text,
    "ftfy, safe form": lambda text: str(import_module("ftfy").fix_encoding(text)),
    "ftfy, defaults": lambda text: str(import_module("ftfy").fix_text(text)),
}


def paragraphs(language: str, charset: str, most: int) -> Iterator[str]:
    """Up to `most` paragraphs of messages that can be written in the charset."""
    length = _LENGTH // 3 if language in ("zh_Hans", "zh_Hant", "ja", "ko") else _LENGTH
    found, text = 0, ""
    for message in sentences(language, charset):
        text = f"{text} {message}".strip()
        if len(text) >= length and found < most:
            yield text
            found, text = found + 1, ""


def broken_paragraphs(most: int) -> Iterator[Broken]:
    """Every paragraph in every way that it can be broken without losing a byte; the sound ones as they are."""
    for language in LANGUAGES:
        for text in paragraphs(language, "utf-8", most):
            yield Broken("sound", language, "utf-8", text, text)
            data = text.encode("utf-8")
            for wrong in (*READ_UTF8_IN, *MULTIBYTE):
                yield Broken("utf-8", language, wrong, text, read_as(data, wrong).text)
            twice = read_as(read_as(data, "windows-1252").text.encode("utf-8"), "windows-1252").text
            yield Broken("twice", language, "windows-1252", text, twice)
    for language, charset in (pair.split(":") for pair in PAIRS):
        if not charset.startswith(NOT_AS_LATIN_1):
            kind = "latin" if language in LATIN else "legacy"
            for text in paragraphs(language, charset, most):
                data = write_as(text, charset) or b""
                yield Broken(kind, language, charset, text, read_as(data, "windows-1252").text)
                yield Broken(kind, language, charset, text, data.decode("latin-1"))
    for language, charset in (pair.split(":") for pair in PAIRS):
        for wrong in READ_ABROAD_IN if charset.startswith(_LEGACY) else ():
            for text in paragraphs(language, charset, most):
                yield Broken("abroad", language, f"{charset} as {wrong}", text, misread(text, charset, wrong))


def misread(text: str, right: str, wrong: str) -> str:
    """What a text shows as when its bytes in one charset are read in another; "" when it cannot be written in it."""
    return read_as(write_as(text, right) or b"", wrong).text


def measure(names: Sequence[str], most: int) -> list[tuple[Broken, dict[str, bool]]]:
    """Whether each repairer brought each paragraph back."""
    return [
        (item, {name: REPAIRERS[name](item.broken) == item.text for name in names})
        for item in broken_paragraphs(most)
        if LOST not in item.broken and (item.kind == "sound" or item.broken != item.text)
    ]


def time_on(texts: Sequence[str], names: Sequence[str]) -> dict[str, float]:
    """Repairer -> microseconds of processor time a text, the least of some rounds over all of them, in turn."""
    least = dict.fromkeys(names, float("inf"))
    for _ in range(_ROUNDS):
        for name in names:
            start = process_time()
            for text in texts:
                REPAIRERS[name](text)
            least[name] = min(least[name], 1e6 * (process_time() - start) / len(texts))
    return least


def _print_shares(outcomes: Sequence[tuple[Broken, dict[str, bool]]], names: Sequence[str], key: str) -> None:
    """A table of what came back, by kind and one more field of `Broken`; in the sums, languages held out only."""
    cells: dict[tuple[str, str], list[dict[str, bool]]] = defaultdict(list)
    for item, right in outcomes:
        cells[item.kind, getattr(item, key)].append(right)
        if item.language not in IN_SAMPLE:
            cells[item.kind, "all"].append(right)
    rows = []
    for (kind, value), found in sorted(cells.items()):
        shares = (f"{sum(right[name] for right in found) / len(found):.3f}" for name in names)
        rows.append([f"{kind} {value}", str(len(found)), *shares])
    print(f"\nto the letter, by {key}")
    print_table(["", "texts", *names], rows)


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the tables. 0: done; 2: wrong usage, or no texts."""
    parser = argparse.ArgumentParser(prog="python -m bench.encoding.mojibake", description=__doc__)
    parser.add_argument("--most", type=int, default=10, metavar="N", help="paragraphs a language (10)")
    parser.add_argument("--without-peers", action="store_true", help="this program alone")
    parser.add_argument("--failures", type=int, default=0, metavar="N", help="also N texts that did not come back")
    chosen = parser.parse_args(argv)
    if reason := why_absent():
        print(reason, file=sys.stderr)
        return 2
    begun_with = digest_of_program()
    names = list(islice(REPAIRERS, 1)) if chosen.without_peers else list(REPAIRERS)
    outcomes = measure(names, chosen.most)
    for key in ("language", "charset"):
        _print_shares(outcomes, names, key)
    times = time_on([text for language in LANGUAGES for text in paragraphs(language, "utf-8", _TIMED)], names)
    for name in names:
        print(
            f"sound paragraphs: {name} {times[name]:.1f} µs each, {times[name] / times[names[0]]:.1f} times {names[0]}"
        )
    failed = [item for item, right in outcomes if not right[names[0]]]
    for item in failed[: chosen.failures]:
        print(f"{item.kind} {item.language} {item.charset}: {item.broken[:60]!r} -> {repair(item.broken).text[:60]!r}")
    print_versions(begun_with)
    return 0


if __name__ == "__main__":
    sys.exit(main())
