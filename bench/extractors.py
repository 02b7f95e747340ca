"""This program and its peers, each as a function from a page to its text."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import ModuleType

import archiver
from archiver.blocks import segment, segment_text
from archiver.parse import format_of


def extract_archiver(html: str) -> str:
    """The text that this program keeps."""
    return archiver.clean(html).text


def extract_trafilatura(html: str) -> str:
    """Trafilatura's text with its default options; "" when it finds none. Raises ModuleNotFoundError without it."""
    return _trafilatura().extract(html) or ""


def extract_everything(html: str) -> str:
    """All blocks of the page, hidden ones too: what a cleaner that removes nothing would score."""
    document = segment_text(html) if format_of(html, None) == "text" else segment(html)
    return "\n".join(block.text for block in document.blocks)


EXTRACTORS: dict[str, Callable[[str], str]] = {
    "archiver": extract_archiver,
    "trafilatura": extract_trafilatura,
    "everything": extract_everything,
}
"""Name -> function, in the order of the tables."""


@cache
def _trafilatura() -> ModuleType:
    # Imported by name: the floors can be checked without the peer being installed.
    return import_module("trafilatura")
