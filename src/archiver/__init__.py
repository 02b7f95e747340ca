"""Cleans captured web pages: the text without the site's boilerplate, and a record of everything done."""

from typing import TYPE_CHECKING

from archiver.decode import decode
from archiver.diff import Difference, diff
from archiver.model import Capture, Options, Page, Record
from archiver.readers import read
from archiver.repair import repair
from archiver.version import __version__

if TYPE_CHECKING:
    from archiver.pipeline import clean

__all__ = [
    "Capture",
    "Difference",
    "Options",
    "Page",
    "Record",
    "__version__",
    "clean",
    "decode",
    "diff",
    "read",
    "repair",
]


def __getattr__(name: str) -> object:
    """`clean`, when it is asked for: a run whose workers clean does without all that a page takes, 0.5 s and 25 MB."""
    if name == "clean":
        from archiver.pipeline import clean  # noqa: PLC0415

        return clean
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
