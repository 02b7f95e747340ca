"""python -m bench.encoding.charsets: is each page read to the letter, beside the peers in one run.

Declared right, not at all, and wrong. The pages are made of Django's message catalogues (`bench.encoding.pages`);
chardet's own test files come after them.
"""

from __future__ import annotations

import argparse
import logging
import re
import sys
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from archiver.charsets import find_charset, name_codec, read_as
from bench.data import find_data
from bench.encoding.decoders import DECODERS, OURS, answer, versions_of
from bench.encoding.pages import DECLARATIONS, SHAPES, EncodedPage, build_pages
from bench.encoding.texts import why_absent
from bench.report import digest_of_program, print_table, print_versions

_CHARDET_TESTS = "encoding/chardet-tests.tar.xz"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether each decoder read one page to the letter."""

    page: EncodedPage
    right: dict[str, bool]


def measure_charsets(decoders: Sequence[str], every: int = 1) -> list[Outcome]:
    """The outcome of every `every`-th page, in the order of `bench.encoding.pages`."""
    pages = [page for number, page in enumerate(build_pages()) if number % every == 0]
    return [Outcome(page, _try(page.data, page.content_type, (page.text,), decoders)) for page in pages]


def measure_chardet_tests(decoders: Sequence[str]) -> list[Outcome]:
    """The outcome of each of chardet's test files whose charset can be read here, without a header."""
    return [
        Outcome(page, _try(page.data, "", texts, decoders))
        for page, texts in read_chardet_tests()
    ]  # fmt: skip


def read_chardet_tests() -> Iterator[tuple[EncodedPage, tuple[str, ...]]]:
    """The test files, and the texts that count as right: by Python's codec, and as browsers read them.

    The charset is the folder's name; EUC-TW has no codec in Python. Raises OSError when the data are absent.
    """
    with tarfile.open(find_data() / _CHARDET_TESTS) as tests:
        for member in tests:
            folder, _, name = member.name.removeprefix("./").partition("/")
            file = tests.extractfile(member)
            if file is None or not name:
                continue
            codec, language = _split(folder)
            charset = find_charset(codec) or name_codec(codec)
            data = file.read()
            try:
                texts = tuple(text.removeprefix("\ufeff") for text in _texts(data, codec, charset))
            except LookupError:
                continue
            yield EncodedPage(language, charset, name, "none", folder, "", data, texts[0]), texts


def _texts(data: bytes, codec: str, charset: str) -> Iterator[str]:
    yield data.decode(codec, "replace")
    if not charset.startswith(("utf-16", "utf-32", "ascii")):
        yield read_as(data, charset).text


def _split(folder: str) -> tuple[str, str]:
    """`windows-1250-polish` -> its charset and language; "" where the folder names none."""
    name, _, last = folder.rpartition("-")
    return (name, last) if name and re.fullmatch("[a-z]{4,}", last) else (folder, "")


def _try(data: bytes, content_type: str, texts: Sequence[str], decoders: Sequence[str]) -> dict[str, bool]:
    return {name: answer(name, data, content_type) in texts for name in decoders}


def _print_outcomes(outcomes: Sequence[Outcome], decoders: Sequence[str]) -> None:
    """A table by declaration and charset, one by shape."""
    for declaration in DECLARATIONS:
        chosen = [outcome for outcome in outcomes if outcome.page.declaration == declaration]
        charsets = dict.fromkeys(outcome.page.charset for outcome in chosen)
        rows = [_row(name, [o for o in chosen if o.page.charset == name], decoders) for name in charsets]
        print(f"\ndeclared {declaration}")
        print_table(["charset", "pages", *decoders], [*rows, _row("all", chosen, decoders)])
    print("\nby shape, whatever is declared")
    rows = [_row(shape, [o for o in outcomes if o.page.shape == shape], decoders) for shape in SHAPES]
    print_table(["shape", "pages", *decoders], rows)


def _row(name: str, outcomes: Sequence[Outcome], decoders: Sequence[str]) -> list[str]:
    right = (sum(outcome.right[decoder] for outcome in outcomes) for decoder in decoders)
    return [name, str(len(outcomes)), *map(str, right)]


def _print_failures(outcomes: Iterable[Outcome]) -> None:
    for outcome in outcomes:
        if not outcome.right[OURS]:
            page, found = outcome.page, DECODERS[OURS]
            decided = found.decode(page.data, page.content_type)
            place = next((n for n, (a, b) in enumerate(zip(decided, page.text, strict=False)) if a != b), 0)
            print(f"{page.language} {page.charset} {page.shape} [{page.detail}]: "
                  f"{page.text[place : place + 20]!r} read as {decided[place : place + 20]!r}")  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the tables. 0: done; 2: wrong usage, or no texts."""
    parser = argparse.ArgumentParser(prog="python -m bench.encoding.charsets", description=__doc__)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th page")
    parser.add_argument("--without-peers", action="store_true", help="this program alone")
    parser.add_argument("--failures", action="store_true", help="also each page that this program read wrong")
    chosen = parser.parse_args(argv)
    if reason := why_absent():
        print(reason, file=sys.stderr)
        return 2
    logging.disable(logging.CRITICAL)
    begun_with = digest_of_program()
    decoders = [OURS] if chosen.without_peers else list(DECODERS)
    outcomes = measure_charsets(decoders, chosen.every)
    _print_outcomes(outcomes, decoders)
    files = measure_chardet_tests(decoders) if (find_data() / _CHARDET_TESTS).is_file() else []
    print("\nchardet's test files")
    print_table(["", "files", *decoders], [_row("all", files, decoders)])
    if chosen.failures:
        _print_failures([*outcomes, *files])
    print(", ".join(f"{package} {number}" for package, number in versions_of(decoders).items()))
    print_versions(begun_with)
    return 0


if __name__ == "__main__":
    sys.exit(main())
