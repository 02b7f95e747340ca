"""What ftfy knows: bytes that a later hand changed on the way, a no-break space to a space, a lost byte to "?".

Only its `fix_encoding_and_explain` is used, with every option written out: its other fixers straighten quotes, open
ligatures and turn full-width forms into ASCII, and a text that was right would change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import ftfy
from ftfy.chardata import CHARMAP_ENCODINGS

from archiver.repair.misread import Reread

# Measured 2026-11 on 126,000 clean lines (40 charset and language pairs of chardet's suite, WCXB, waddle, the
# names of languages and countries in 310 locales of CLDR): with the four options on nothing changed but what
# was mojibake, the same as with any of them off.
_CONFIG: Final = ftfy.TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,
    fix_encoding=True,
    restore_byte_a0=True,
    replace_lossy_sequences=True,
    # It takes Chinese that was read as Latin-1 for Greek ("õÎ£" for "õΣ"); `choice` looks at words of their own.
    decode_inconsistent_utf8=False,
    fix_c1_controls=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    fix_surrogates=False,
    remove_control_chars=False,
    normalization=None,
    max_decode_length=1_000_000,
    explain=True,
)


def _class_of(numbers: Iterable[int]) -> str:
    """A character class of what these bytes look like in the charsets that ftfy undoes."""
    seen = bytes(numbers)
    return "[" + re.escape("".join(sorted({char for name in CHARMAP_ENCODINGS for char in seen.decode(name)}))) + "]"


# UTF-8 read as something else shows as a lead byte and a byte that continues it, or what a later hand made
# of that byte: a question mark, or a space after one of the nine leads that ftfy looks at. windows-1252 read
# as Latin-1 shows as C1 controls. A line without any of these can't be repaired, and asking ftfy about it
# costs 0.2 s for a million characters of Polish.
_SUSPECT: Final = re.compile(
    f"{_class_of(range(0xC0, 0xF5))}(?:{_class_of(range(0x80, 0xC0))}|[?\ufffd])"
    f"|{_class_of((0xC2, 0xC3, 0xC5, 0xCE, 0xD0, 0xD9, 0xE2, 0xE3, 0xF0))} |[\x80-\x9f]"
)


def find(line: str) -> tuple[Reread, str] | None:
    """What ftfy would change in a line, and the parameter with which `replay` does the same; None for nothing."""
    if not _SUSPECT.search(line):
        return None
    fixed, explanation = ftfy.fix_encoding_and_explain(line, _CONFIG)
    if fixed == line or explanation is None:
        return None
    parameter = ",".join(f"{step.action}:{step.parameter}" for step in explanation)
    start, end = _narrow(line, fixed, parameter)
    return Reread(start, end, fixed[start : len(fixed) - (len(line) - end)]), parameter


def replay(text: str, parameter: str) -> str | None:
    """What the steps (`encode:sloppy-windows-1252,decode:utf-8`) make of a text; None when they do not fit."""
    plan = [(action, what) for action, _, what in (step.partition(":") for step in parameter.split(","))]
    try:
        done: str = ftfy.apply_plan(text, plan)
    except UnicodeError:
        return None
    return done


def _narrow(before: str, after: str, parameter: str) -> tuple[int, int]:
    """The shortest span of `before` around the change on which the steps still do what they did."""
    shortest = min(len(before), len(after))
    head = next((at for at in range(shortest) if before[at] != after[at]), shortest)
    tail = next((at for at in range(shortest - head) if before[-1 - at] != after[-1 - at]), shortest - head)
    # The last byte of a broken character can look like the character itself ("\u00c2\u00b3" for "\u00b3"), so
    # the span grows by up to three, the most that follow a lead byte.
    for more in range(min(4, tail + 1)):
        for less in range(min(4, head + 1)):
            start, end = head - less, len(before) - tail + more
            if replay(before[start:end], parameter) == after[start : len(after) - tail + more]:
                return start, end
    # A repair that looks at its surroundings (a space that was a no-break space) needs the whole line.
    return 0, len(before)
