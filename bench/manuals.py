"""python -m bench.manuals FOLDER...: manuals that packages of a Linux distribution bring, in many languages: how much
of their body is kept, and how much of what their generators put around it.

Nobody chose these pages for a benchmark, and the classifier learned from none of them. What is body the generator's own
class names tell. Debian's packages: `apt-get download NAME`, then `dpkg-deb -x FILE FOLDER/NAME`.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup
from bs4.element import PreformattedString

import archiver
from bench.pool import WORKERS, spread
from bench.report import digest_of_program, print_table, print_versions
from bench.scoring import Score, mean, score, words_of


@dataclass(frozen=True, slots=True)
class Generator:
    """A program that makes manuals. All are CSS selectors."""

    name: str
    sign: str
    """What is on its pages alone."""
    body: str
    """What holds the text."""
    around: str
    """What in it is for finding one's way: bars, tables of contents."""


GENERATORS = (
    Generator(
        "MediaWiki", "#mw-content-text", "h1, #mw-content-text",
        ".t-navbar, .toc, .printfooter, .editsection, .mw-editsection, .noprint",
    ),
    Generator("Publican", "ul.docnav", "body", "#banner, #title, ul.docnav, .toc"),
    Generator(
        "DocBook", ".navheader, meta[name=generator][content^=DocBook]", "body",
        ".navheader, .navfooter, .toc, .list-of-figures, .list-of-tables, .list-of-examples",
    ),
    Generator("Sphinx", "div.documentwrapper", "div.body", ".headerlink, .toctree-wrapper, .contents"),
    Generator("Asciidoctor", "meta[name=generator][content^=Asciidoctor]", "#header > h1, #content", "#toc"),
    Generator("Texinfo", "table.nav_table", "#main", ".nav_table, #footer, .menu"),
)  # fmt: skip

# Less is a table of contents, or a redirection.
_FEWEST_WORDS = 50
_LANGUAGE = re.compile(r"(?:.*\.)?([a-z]{2}(?:[-_][A-Za-z]{2})?)(?:\.html?)?")


@dataclass(frozen=True, slots=True)
class Manual:
    """Some pages of one package in one language."""

    set: str
    language: str
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One of them, cleaned."""

    package: str
    language: str
    generator: str
    score: Score
    partial: bool


def find_manuals(folders: Sequence[Path], most: int) -> list[Manual]:
    """Those under the folders, one a package: `most` of each one's pages in each language, evenly over their names.
    None for a folder that is not there.
    """
    found: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for package in (package for folder in folders for package in sorted(folder.glob("*"))):
        for path in sorted(package.rglob("*.htm*")):
            if path.is_file() and not path.is_symlink() and path.suffix in {".html", ".htm"}:
                found[package.name, _language_of(path.relative_to(package))].append(path)
    return [
        Manual(name, language, tuple(paths[:: max(len(paths) // most, 1)][:most]))
        for (name, language), paths in found.items()
    ]


def _language_of(path: Path) -> str:
    """By the first folder that is named like one, else by the file: `de` of `html/de/index.html`, `index.de.html`."""
    told = (_LANGUAGE.fullmatch(name) for name in path.parts)
    return next((one[1].replace("_", "-") for one in told if one), "")


def measure(manual: Manual) -> list[Page]:
    """Its pages that have a body."""
    found = []
    for path in manual.paths:
        data = path.read_bytes()
        told = _body_of(data)
        if told:
            record = archiver.clean(data)
            counted = record.metadata.language or manual.language
            found.append(
                Page(manual.set, manual.language, told[0], score(record.text, told[1], counted), record.status != "ok")
            )
    return found


def _body_of(data: bytes) -> tuple[str, str] | None:
    """The generator's name and the text of the body; None for a page of none of them, or without a body."""
    page = BeautifulSoup(archiver.decode(data).text, "lxml")
    generator = next((one for one in GENERATORS if page.select_one(one.sign)), None)
    if generator is None:
        return None
    for element in page.select(f"{generator.around}, script, style"):
        element.decompose()
    parts = [text for part in page.select(generator.body) for text in _texts(part)]
    text = "".join(parts)
    return (generator.name, text) if len(words_of(text, "")) >= _FEWEST_WORDS else None


_INLINE = frozenset("a abbr b code em font i kbd q s samp small span strong sub sup tt u var wbr".split())


def _texts(part: object) -> Iterator[str]:
    """The texts in their order, words apart where elements that stand on lines of their own begin and end."""
    for child in getattr(part, "children", ()):
        if isinstance(child, PreformattedString):
            continue
        if getattr(child, "name", None) is None:
            yield str(child)
        elif child.name in _INLINE:
            yield from _texts(child)
        else:
            yield "\n"
            yield from _texts(child)
            yield "\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Prints a row for each generator and each manual. 0: done; 2: no pages."""
    parser = argparse.ArgumentParser(prog="python -m bench.manuals", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER", help="a folder for each package in it")
    parser.add_argument("--most", type=int, default=40, metavar="N", help="pages of a manual and language (40)")
    chosen = parser.parse_args(argv)
    manuals = find_manuals(chosen.folders, chosen.most)
    begun_with = digest_of_program()
    groups: dict[tuple[str, str], list[Page]] = defaultdict(list)
    for pages in spread(measure, manuals, WORKERS):
        for page in pages:
            groups[page.generator, ""].append(page)
            groups[page.generator, f"{page.package} {page.language}"].append(page)
    if not groups:
        print("no page of a known generator there", file=sys.stderr)
        return 2
    print_table(
        ["manual", "pages", "F1", "precision", "recall", "partial"],
        [[f"  {manual}" if manual else generator, *_figures(pages)]
         for (generator, manual), pages in sorted(groups.items())],
    )  # fmt: skip
    print_versions(begun_with)
    return 0


def _figures(pages: Sequence[Page]) -> list[str]:
    whole = mean([page.score for page in pages])
    partial = sum(page.partial for page in pages) / len(pages)
    return [str(len(pages)), f"{whole.f1:.3f}", f"{whole.precision:.3f}", f"{whole.recall:.3f}", f"{partial:.0%}"]


if __name__ == "__main__":
    sys.exit(main())
