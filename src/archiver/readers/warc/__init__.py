"""WARC and ARC files: many captures one after another, plain or compressed, sound or damaged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from archiver.model import Capture
from archiver.readers import text
from archiver.readers.body import read_head
from archiver.readers.capture_file import Place, explain, refuse
from archiver.readers.reading import Reading
from archiver.readers.skipped import Skipped
from archiver.readers.warc.captures import read_capture
from archiver.readers.warc.framing import Damage, Record, Syntax, frame
from archiver.readers.warc.originals import Originals
from archiver.readers.warc.syntax import ARC, WARC
from archiver.readers.warc.tape import Tape

__all__ = ["Originals", "read", "sniff"]


def sniff(head: bytes, name: str) -> bool:
    """True for bytes that begin a record, whatever the file is called; and by the file's name for bytes that a damaged
    one could begin with.
    """
    if any(syntax.first_line.match(head) for syntax in _SYNTAXES):
        return True
    named = any(syntax.name_of_file.search(name) for syntax in _SYNTAXES)
    return named and (not text.sniff(head, "") or len(head) < _LINE or _FIELD.search(head) is not None)


def read(place: Place, reading: Reading) -> Iterator[Capture | Skipped]:
    """The pages of a container in their order, and what stands among them: one item a record or damaged stretch.

    What can't be read any more comes last, as a capture with the reason.
    """
    try:
        with place.open() as stream:
            syntax = _syntax_of(place, stream)
            tape = Tape(stream, syntax.first_line, syntax.anywhere)
            reading.originals.enter(place, syntax)
            shared = False
            for item in frame(tape, syntax):
                found = (
                    _damaged(place, item, tape)
                    if isinstance(item, Damage)
                    else read_capture(item, place, reading.originals)
                )
                if isinstance(found, Capture) and isinstance(item, Record) and not item.close().stored and not shared:
                    shared = True
                    found = replace(found, notes=(*found.notes, _SHARED))
                yield found
    except OSError as error:
        yield _at_end(place, explain(error))


_SYNTAXES = (WARC, ARC)

# What a WARC shows whose first line is damaged.
_FIELD = re.compile(rb"^(?:WARC-(?:Type|Date|Record-ID|Target-URI)[ \t]*:|WARC/\d)", re.MULTILINE)
# Enough for the first line of an ARC.
_LINE = 4096

# Told once a container, with its first page.
_SHARED = (
    "the archive is not compressed record by record: offsets and lengths count its decoded bytes"
    " (compress it again record by record, so that others can read single records)"
)


def _syntax_of(place: Place, stream: BinaryIO) -> Syntax:
    """By the first line; where that is damaged, by the name."""
    head = read_head(stream, _LINE)
    by_line = next((syntax for syntax in _SYNTAXES if syntax.first_line.match(head)), None)
    return by_line or next(syntax for syntax in _SYNTAXES if syntax.name_of_file.search(place.container))


def _damaged(place: Place, damage: Damage, tape: Tape) -> Capture:
    """The capture that stands for bytes that no record holds."""
    start = damage.start
    offset = start.inside if tape.codec is None else start.member if start.inside == 0 else start.position
    reason = f"{damage.reason} (look at the file from byte {offset} on; what stands before and after it is read)"
    return replace(_at_end(place, reason), offset=offset)


def _at_end(place: Place, reason: str) -> Capture:
    return replace(refuse(place, reason), archive=place.archive or place.container)
