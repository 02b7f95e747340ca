"""The two ways in which records are written: WARC and ARC.

Sources: IIPC, "The WARC Format 1.1" (ISO 28500:2017); Internet Archive, "Arc File Format" (1996), versions 1 and 2.
"""

from __future__ import annotations

import re

from archiver.readers.warc.framing import Head, Syntax
from archiver.readers.warc.tape import Tape

# Lines of a head with JSON in a field are long: ArchiveBot's and Webrecorder's. What is longer is damage.
_MAX_LINE = 1024 * 1024
_MAX_LINES = 1000

# 0.9 to 0.18 are drafts that Heritrix wrote until 2009.
_WARC_LINE = re.compile(rb"WARC/[01]\.\d{1,2}[ \t]*\r?\n")
_FIELD = re.compile(r"\s*([^\s:]+)\s*:(.*)", re.DOTALL)

# Address, IP address, time, type, length; in version 2 six fields stand between type and length. Spaces in addresses
# occur ("http://example.org/a b"), so the time is what is looked for; 18 digits of it, and lengths of -1 and "abc", in
# warcio's test data.
_ARC_LINE = re.compile(
    rb"(?P<url>[A-Za-z][A-Za-z0-9+.-]{0,30}:[^\r\n]{0,4000}) (?P<ip>[0-9A-Fa-f.:]{1,45}|-) (?P<time>\d{8,20})"
    rb" (?P<rest>[^\r\n]{0,1000}) (?P<length>[\w-]{1,20})[ \t]*\r?\n"
)


def read_warc_head(tape: Tape) -> Head:
    """The head of a WARC record: its version's line, and named fields up to an empty line. Raises OSError."""
    tape.read_line(_MAX_LINE)
    fields: dict[str, str] = {}
    notes: list[str] = []
    name = ""
    for _ in range(_MAX_LINES):
        line = tape.read_line(_MAX_LINE)
        if not line.strip():
            if not line:
                notes.append("its head breaks off")
            break
        text = line.decode("utf-8", "backslashreplace").rstrip("\r\n")
        if text[0] in " \t" and name:
            fields[name] += f" {text.strip()}"
            continue
        match = _FIELD.match(text)
        if match is None:
            notes.append(f"a line of its head is no field: {text[:60]!r}")
            continue
        name = match[1].lower()
        if name in fields:
            name = ""
        else:
            fields[name] = match[2].strip()
    else:
        notes.append(f"its head has more than {_MAX_LINES} lines")
    length = _length(fields.get("content-length"))
    return Head(fields.get("warc-type", "").lower(), fields, length, tuple(notes))


def read_arc_head(tape: Tape) -> Head:
    """The head of an ARC record, one line, with WARC's names for its fields. Raises OSError."""
    match = _ARC_LINE.match(tape.read_line(_MAX_LINE))
    assert match, "the tape is where a record begins"
    texts = {name: value.decode("utf-8", "backslashreplace") for name, value in match.groupdict().items()}
    digits = texts["time"][:14].ljust(14, "0")
    fields = {
        "warc-target-uri": texts["url"],
        "warc-date": digits,
        "warc-ip-address": texts["ip"],
        "content-type": texts["rest"].partition(" ")[0],
    }
    kind = "warcinfo" if texts["url"].startswith("filedesc:") else "response"
    return Head(kind, fields, _length(texts["length"]))


def _length(text: str | None) -> int | None:
    # More than 18 digits are no file's length: int() of a million digits takes seconds.
    return int(text) if text and len(text) <= 18 and text.isascii() and text.isdigit() else None


_NAME = r"\.%s(?:\.(?:gz|zst))?(?:\.open)?$"

WARC = Syntax(
    _WARC_LINE,
    # Rubbish before it need not end with a line; a field must follow.
    re.compile(_WARC_LINE.pattern + rb"(?=[A-Za-z][A-Za-z-]*[ \t]*:)"),
    re.compile(_NAME % "warc", re.IGNORECASE),
    read_warc_head,
    trailer=4,
)
ARC = Syntax(
    _ARC_LINE,
    re.compile(rb"(?<=\n)" + _ARC_LINE.pattern),
    re.compile(_NAME % "arc", re.IGNORECASE),
    read_arc_head,
    trailer=1,
)
