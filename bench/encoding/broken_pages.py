"""python -m bench.encoding.broken_pages: do pages whose bytes were all read wrong come back to the letter?

    utf-8      UTF-8 read in one of many charsets; twice: in windows-1252, two times over
    legacy     a charset of another script read as windows-1252, Latin-1 or ISO-8859-15
    latin      a charset of Latin script read as windows-1252 or Latin-1
    double     a legacy charset read as ISO-8859-15, and the UTF-8 of that as windows-1252
    sound      sound blocks, in several languages, among as many broken ones: what changes is a false repair

A page has sentences (Django's messages) and, two for each, one or two words as the entries of a menu are.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from archiver.charsets import write_as
from archiver.model import Block, Document
from archiver.repair import repair_document
from archiver.repair.misread import MULTIBYTE
from archiver.repair.readings import READ_UTF8_IN
from bench.encoding.mojibake import LANGUAGES, LATIN, LOST, NOT_AS_LATIN_1, REPAIRERS, misread
from bench.encoding.pages import PAIRS
from bench.encoding.texts import sentences, why_absent
from bench.report import digest_of_program, print_table, print_versions

# As many as a front page has; each third is a sentence.
_BLOCKS = 60
_SPACELESS = ("zh_Hans", "zh_Hant", "ja", "ko")
_FOREIGN = ("fr", "de", "es", "pl", "cs", "ru", "zh_Hans", "ar", "tr", "lt", "vi", "hu")
# Sound blocks beside as many broken ones, on every fifth page.
_BESIDE = 16


class Page(NamedTuple):
    """The blocks of a page, and what became of them."""

    kind: str
    language: str
    sound: list[str]
    broken: list[str]


def _blocks_in(language: str, charset: str) -> list[str]:
    blocks = []
    for place, message in enumerate(sentences(language, charset)[:_BLOCKS]):
        words = message if language in _SPACELESS else message.split()
        short = words[: 2 + place % 4] if language in _SPACELESS else " ".join(words[: 1 + place % 2])
        blocks.append(str(short) if place % 3 else message)
    return list(dict.fromkeys(block for block in blocks if not block.isascii() and block == block.strip()))


def _broken_pages() -> Iterator[Page]:
    for language in LANGUAGES:
        sound = _blocks_in(language, "utf-8")
        for wrong in (*READ_UTF8_IN, *MULTIBYTE):
            yield Page("utf-8", language, sound, [misread(text, "utf-8", wrong) for text in sound])
        twice = [misread(misread(text, "utf-8", "windows-1252"), "utf-8", "windows-1252") for text in sound]
        yield Page("twice", language, sound, twice)
    for language, charset in (pair.split(":") for pair in PAIRS):
        if charset.startswith(NOT_AS_LATIN_1):
            continue
        kind = "latin" if language in LATIN else "legacy"
        sound = _blocks_in(language, charset)
        yield Page(kind, language, sound, [misread(text, charset, "windows-1252") for text in sound])
        yield Page(kind, language, sound, [(write_as(text, charset) or b"").decode("latin-1") for text in sound])
        if kind == "legacy":
            broken = [misread(text, charset, "iso-8859-15") for text in sound]
            yield Page("legacy", language, sound, broken)
            yield Page("double", language, sound, [misread(text, "utf-8", "windows-1252") for text in broken])


def _repaired(texts: Sequence[str]) -> list[str]:
    blocks = (Block(index, "paragraph", 0, text, 0, 0, 0, ()) for index, text in enumerate(texts))
    return [block.text for block in repair_document(Document("html", tuple(blocks)))[0].blocks]


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the table. 0: done; 2: wrong usage, or no texts."""
    parser = argparse.ArgumentParser(prog="python -m bench.encoding.broken_pages", description=__doc__)
    parser.add_argument("--without-peers", action="store_true", help="this program alone")
    chosen = parser.parse_args(argv)
    if reason := why_absent():
        print(reason, file=sys.stderr)
        return 2
    begun_with = digest_of_program()
    alone = {name: repairer for name, repairer in REPAIRERS.items() if not chosen.without_peers or name == "archiver"}
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * (2 + len(alone)))
    foreign = [message for language in _FOREIGN for message in sentences(language, "utf-8")[5:25]]
    for number, page in enumerate(_broken_pages()):
        pairs = [(sound, broken) for sound, broken in zip(page.sound, page.broken, strict=True) if LOST not in broken]
        texts = [broken for _, broken in pairs]
        results = [_repaired(texts), *([repairer(text) for text in texts] for repairer in alone.values())]
        _count(counts[page.kind], [sound for sound, _ in pairs], results)
        if not number % 5:
            beside = [foreign[(number + 7 * place) % len(foreign)] for place in range(_BESIDE)]
            whole = _repaired([*texts[:_BESIDE], *beside])[-_BESIDE:]
            _count(
                counts["sound"], beside, [whole, *([repairer(text) for text in beside] for repairer in alone.values())]
            )
    rows = [
        [kind, str(found[0]), *(f"{right / found[0]:.4f}" for right in found[1:])] for kind, found in counts.items()
    ]
    print_table(["", "blocks", "archiver, the page", *(f"{name}, block by block" for name in alone)], rows)
    print_versions(begun_with)
    return 0


def _count(counts: list[int], sound: Sequence[str], results: Sequence[Sequence[str]]) -> None:
    counts[0] += len(sound)
    for place, texts in enumerate(results, 1):
        counts[place] += sum(one == other for one, other in zip(sound, texts, strict=True))


if __name__ == "__main__":
    sys.exit(main())
