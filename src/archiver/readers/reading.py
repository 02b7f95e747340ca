"""What one call of `read` shares among the containers that it meets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from archiver.model import Capture
from archiver.readers.capture_file import Place
from archiver.readers.skipped import Skipped

if TYPE_CHECKING:
    from archiver.readers.warc.originals import Originals


class Reading(NamedTuple):
    """Handed down from container to container."""

    originals: Originals
    """The records that revisits can refer to."""

    read_file: Callable[[Place], Iterator[Capture | Skipped]]
    """Reads a file of any kind."""
