"""A record -> a take: the little that a timeline needs of each of thousands of captures."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from archiver.context import Sketch, sketch
from archiver.model import Record
from archiver.versions.broken import why_broken


@dataclass(frozen=True, slots=True)
class Take:
    """One capture of a page, as its timeline sees it."""

    place: str
    """Where its record lies; for records from memory their id."""

    time: str
    """Its timestamp, 14 digits."""

    id: str
    """Its record's id."""

    words: str
    """A digest over its clean text, white space apart: equal for captures that say the same."""

    sketch: Sketch
    """Its blocks by their keys."""

    broken: str
    """Why it does not show the page, as far as itself tells; "" when nothing tells so."""


def take(record: Record, place: str) -> Take:
    """What a timeline needs of a record that has a time and did not fail."""
    words = hashlib.sha256(" ".join(record.text.split()).encode()).hexdigest()
    return Take(place, record.timestamp or "", record.id, words, sketch(record), why_broken(record))
