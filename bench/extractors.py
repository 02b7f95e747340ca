"""This program, its peers, and a cleaner that removes nothing: whose text is scored, and how each is installed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from bench import peers
from bench.peers import extract_trafilatura

__all__ = ["EXTRACTORS", "Extractor", "answer", "extract_archiver", "extract_everything", "extract_trafilatura"]

_EXTRA = "pip install '.[bench]'"


@dataclass(frozen=True, slots=True)
class Extractor:
    """A program that makes text of a page."""

    extract: Callable[[str], str]
    """Page -> text."""

    package: str
    """The distribution whose version is told."""

    module: str
    """What must be importable for it to run."""

    install: str = _EXTRA
    """The command that installs it."""

    peer: bool = True
    """Whether it is somebody else's."""


def extract_archiver(html: str) -> str:
    """The text that this program keeps."""
    return str(import_module("archiver").clean(html).text)


def extract_everything(html: str) -> str:
    """All blocks of the page, hidden ones too: what a cleaner that removes nothing would score."""
    blocks, parse = import_module("archiver.blocks"), import_module("archiver.parse")
    document = blocks.segment_text(html) if parse.format_of(html, None) == "text" else blocks.segment(html)
    return "\n".join(block.text for block in document.blocks)


# This program too is imported by name and late, or the memory of each peer would hold it.
EXTRACTORS: dict[str, Extractor] = {
    "archiver": Extractor(extract_archiver, "archiver", "archiver", "pip install .", peer=False),
    "trafilatura": Extractor(extract_trafilatura, "trafilatura", "trafilatura"),
    "trafilatura-fast": Extractor(peers.extract_trafilatura_fast, "trafilatura", "trafilatura"),
    "rs-trafilatura": Extractor(
        peers.extract_rs_trafilatura,
        "rs-trafilatura",
        "rs_trafilatura",
        f"{_EXTRA}, with Python 3.12 on x86-64 Linux; elsewhere pip install rs-trafilatura, which builds with cargo",
    ),
    "resiliparse": Extractor(peers.extract_resiliparse, "resiliparse", "resiliparse.extract.html2text"),
    "readability": Extractor(peers.extract_readability, "readability-lxml", "readability"),
    "justext": Extractor(peers.extract_justext, "justext", "justext"),
    "magic-html": Extractor(
        peers.extract_magic_html, "magic-html", "magic_html", f"{_EXTRA}, with Python 3.12 or newer"
    ),
    "everything": Extractor(extract_everything, "archiver", "archiver", "pip install .", peer=False),
}
"""Name -> extractor, in the order of the tables."""


def why_absent(name: str) -> str | None:
    """A sentence when an extractor cannot run here, with the command that installs it; None when it can."""
    extractor = EXTRACTORS[name]
    try:
        import_module(extractor.module)
    except ImportError as error:
        return f"{name} is absent ({error}): {extractor.install}"
    return None


def answer(name: str, html: str) -> str | None:
    """The extractor's text of a page; None when a peer raised. What this program raises is not caught."""
    extractor = EXTRACTORS[name]
    if not extractor.peer:
        return extractor.extract(html)
    try:
        return extractor.extract(html)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001
        # Each peer raises its own: readability its Unparseable, lxml ParserError, regular expressions RecursionError;
        # a panic in Rust comes as pyo3's PanicException, which is no Exception.
        return None


def hush() -> None:
    """Turns logging off in this process: readability-lxml logs a traceback for each page that it gives up on."""
    logging.disable(logging.CRITICAL)


def versions_of(names: Sequence[str]) -> dict[str, str]:
    """Package -> version of the peers named, those only that have one."""
    found = {}
    for package in dict.fromkeys(EXTRACTORS[name].package for name in names if EXTRACTORS[name].peer):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "version not known"
    return found
