"""What a caller may choose of how pages are cleaned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from archiver.model.context import Context

Favour = Literal["balanced", "precision", "recall"]
"""What a caller would rather have than the other: less boilerplate, or less loss."""

DECIDING = ("widgets", "landmarks", "phrases", "interface", "content", "history", "template")
"""What decides about blocks: the labellers in their order, then other captures of the page, and the site."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a caller may choose. Same capture and same options give the same record."""

    repair: bool = True
    """Undo mojibake; when off, the text stands as it was decoded."""

    normalise: bool = False
    """Also put letters and their marks into Unicode's composed form (NFC), each change a repair; needs `repair`."""

    rules_off: frozenset[str] = frozenset()
    """Names out of `DECIDING` of what does not decide; of the last two also single rules (`history:flicker`)."""

    favour: Favour = "balanced"
    """Where the classifier is in doubt: `precision` removes, `recall` keeps."""

    max_body_bytes: int = 64 * 1024 * 1024
    """Bytes of a body that are read; what lies beyond is cut and the record says so."""

    context: Context | None = None
    """What is known of the page's blocks from other captures; None cleans the page alone."""

    site_templates: bool = False
    """Whether a run also learns what stands on many pages of a site, and takes it out. It reads the records of each
    site at which something is new once more."""
