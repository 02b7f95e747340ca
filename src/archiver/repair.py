"""Mojibake undone, each repair recorded so that it can be judged and replayed; nothing else touched.

Only ftfy's `fix_encoding_and_explain` is used, with every option written out: its other fixers straighten
quotes, open ligatures and turn full-width forms into ASCII, and a text that was right would change.
A text is repaired line by line, so that one odd line doesn't keep the others from being read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

import ftfy
from ftfy.chardata import CHARMAP_ENCODINGS

from archiver.model import Block, Document, Link, Repair

# Measured 2026-11 on 126,000 clean lines (40 charset and language pairs of chardet's suite, WCXB, waddle, the
# names of languages and countries in 310 locales of CLDR): with the four options on nothing changed but what
# was mojibake, the same as with any of them off.
_CONFIG = ftfy.TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,
    fix_encoding=True,
    restore_byte_a0=True,
    replace_lossy_sequences=True,
    decode_inconsistent_utf8=True,
    fix_c1_controls=True,
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
_SUSPECT = re.compile(
    f"{_class_of(range(0xC0, 0xF5))}(?:{_class_of(range(0x80, 0xC0))}|[?\ufffd])"
    f"|{_class_of((0xC2, 0xC3, 0xC5, 0xCE, 0xD0, 0xD9, 0xE2, 0xE3, 0xF0))} |[\x80-\x9f]"
)


@dataclass(frozen=True)
class Repaired:
    """A text with its mojibake undone."""

    text: str
    """The text as it was meant; the same object when nothing was wrong."""

    repairs: tuple[Repair, ...] = ()
    """What was undone, in order; `block` is 0, spans count code points of the text as it came."""


def repair(text: str) -> Repaired:
    """The text with mojibake undone, and every repair. Repairing the result again changes nothing.

    >>> repair("lâ€™annÃ©e").text
    'l’année'
    """
    return _repair_text(text, 0)


def repair_document(document: Document) -> tuple[Document, tuple[Repair, ...]]:
    """The document with mojibake undone in its blocks and its title, and every repair, title first.

    The same object comes back when nothing was wrong. Links of a repaired block lie around the same
    words as before.
    """
    found: list[Repair] = []
    head = document.head
    if head.title:
        title = _repair_text(head.title, -1)
        found.extend(title.repairs)
        head = replace(head, title=title.text) if title.repairs else head
    blocks = list(document.blocks)
    for block in [block for block in blocks if _is_suspect(block.text)]:
        repaired = _repair_text(block.text, block.index)
        if repaired.repairs:
            found.extend(repaired.repairs)
            blocks[block.index] = _with_repairs(block, repaired)
    if not found:
        return document, ()
    return replace(document, blocks=tuple(blocks), head=head), tuple(found)


def _is_suspect(text: str) -> bool:
    """Whether anything in it looks like mojibake; nearly all blocks are told by this."""
    return not text.isascii() and _SUSPECT.search(text) is not None


def _repair_text(text: str, block: int) -> Repaired:
    if not _is_suspect(text):
        return Repaired(text)
    lines, repairs, start = [], [], 0
    for line in text.split("\n"):
        found = _repair_line(line, block, start)
        if found:
            repairs.append(found)
            begin, end = found.start - start, found.end - start
            lines.append(line[:begin] + found.after + line[end:])
        else:
            lines.append(line)
        start += len(line) + 1
    return Repaired("\n".join(lines), tuple(repairs)) if repairs else Repaired(text)


def _repair_line(line: str, block: int, offset: int) -> Repair | None:
    """The repair of one line, which begins at `offset` in its block; None when it is sound."""
    if not _is_suspect(line):
        return None
    fixed, explanation = ftfy.fix_encoding_and_explain(line, _CONFIG)
    if fixed == line or explanation is None:
        return None
    plan = tuple((step.action, step.parameter) for step in explanation)
    start, end = _narrow(line, fixed, plan)
    after = fixed[start : len(fixed) - (len(line) - end)]
    return Repair(
        block=block,
        start=offset + start,
        end=offset + end,
        name="mojibake",
        before=line[start:end],
        after=after,
        plan=plan,
        # A byte that was lost comes back as U+FFFD: `after` has more of them than `before` had readable.
        lossy="\ufffd" in after,
    )


def _narrow(before: str, after: str, plan: tuple[tuple[str, str], ...]) -> tuple[int, int]:
    """The shortest span of `before` around the change on which the plan still does what it did."""
    shortest = min(len(before), len(after))
    head = next((at for at in range(shortest) if before[at] != after[at]), shortest)
    tail = next((at for at in range(shortest - head) if before[-1 - at] != after[-1 - at]), shortest - head)
    # The last byte of a broken character can look like the character itself ("\u00c2\u00b3" for "\u00b3"), so
    # the span grows by up to three, the most that follow a lead byte.
    for more in range(min(4, tail + 1)):
        for less in range(min(4, head + 1)):
            start, end = head - less, len(before) - tail + more
            if _replay(before[start:end], plan) == after[start : len(after) - tail + more]:
                return start, end
    # A repair that looks at its surroundings (a space that was a no-break space) needs the whole line.
    return 0, len(before)


def _replay(text: str, plan: tuple[tuple[str, str], ...]) -> str | None:
    """What the plan makes of a text; None when it doesn't fit."""
    try:
        return ftfy.apply_plan(text, list(plan))
    except UnicodeError:
        return None


def _with_repairs(block: Block, repaired: Repaired) -> Block:
    places = {place for link in block.links for place in (link.start, link.end)}
    moved = _move(sorted(places), repaired.repairs)
    links = tuple(Link(moved[link.start], moved[link.end], link.href) for link in block.links)
    grown = sum(new.end - new.start - old.end + old.start for new, old in zip(links, block.links, strict=True))
    linked = max(0, block.link_characters + grown)
    return block._replace(text=repaired.text, links=links, link_characters=linked)


def _move(places: list[int], repairs: tuple[Repair, ...]) -> dict[int, int]:
    """Where places between characters, in order, lie once the repairs are made."""
    moved: dict[int, int] = {}
    waiting = list(reversed(repairs))
    shift, old, new = 0, 0, 0
    for place in places:
        while waiting and waiting[-1].end <= place:
            done = waiting.pop()
            shift += len(done.after) - len(done.before)
            old, new = 0, 0
        if not waiting or place <= waiting[-1].start:
            moved[place] = place + shift
        else:
            start = waiting[-1].start
            old, new = _advance(waiting[-1], (old, new), place - start)
            moved[place] = start + shift + new
    return moved


def _advance(done: Repair, known: tuple[int, int], offset: int) -> tuple[int, int]:
    """The place in `before`, at or just before `offset`, and the one in `after` that matches it.

    The plan is replayed on what stands between the last matching places, `known`, and here. A place inside
    a broken character, where it can't be replayed, moves to the character's beginning: three characters
    back at most, twice that for text broken two times.
    """
    old, new = known
    for cut in range(offset, max(old, offset - 7), -1):
        made = _replay(done.before[old:cut], done.plan)
        if made is not None and done.after.startswith(made, new):
            return cut, new + len(made)
    return known
