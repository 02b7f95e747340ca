"""Cleans captured web pages: the text without the site's boilerplate, and a record of everything done."""

from archiver.decode import decode
from archiver.diff import Difference, diff
from archiver.model import Capture, Options, Page, Record
from archiver.pipeline import clean
from archiver.readers import read
from archiver.repair import repair
from archiver.version import __version__

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
