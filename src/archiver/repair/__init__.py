"""Encoding faults undone, each repair recorded so that it can be judged, replayed and taken back; nothing else touched.

A text is repaired line by line and word by word, so that one odd word doesn't keep the others from being read.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import NamedTuple
from unicodedata import is_normalized, normalize

from archiver.fluency import cost_of
from archiver.model import Block, Document, Repair
from archiver.repair import escapes, misread, western
from archiver.repair.choice import Choice, choose
from archiver.repair.links import with_links
from archiver.repair.plans import Edit, History, replay
from archiver.repair.readings import CONTROLS
from archiver.repair.suspicion import has_odd_letters, is_suspect

__all__ = ["Repaired", "repair", "repair_document", "replay"]

# Text broken n times over is about 2^n times as long: more than this nobody has seen, and a line is not read for ever.
_MOST_ROUNDS = 8
# A step that repaired this many blocks of a page is the page's own fault, and needs less evidence in the others.
_KNOWN_FROM = 2


class _How(NamedTuple):
    """What is looked for in a text."""

    known: frozenset[str] = frozenset()
    """Steps that repaired other texts of the same page."""
    escaped: bool = True
    """Whether escapes are undone."""
    normalise: bool = False
    """Whether the text is put into NFC."""


@dataclass(frozen=True)
class Repaired:
    """A text with its encoding faults undone."""

    text: str
    """The text as it was meant; the same object when nothing was wrong."""

    repairs: tuple[Repair, ...] = ()
    """What was undone, in order; `block` is 0, spans count code points of the text as it came."""


def repair(text: str) -> Repaired:
    """The text with encoding faults undone, and every repair. Repairing the result again changes nothing.

    >>> repair("lâ€™annÃ©e").text, repair("ط³ظ„ط§ظ…").text, repair("Ïðèâåò, ìèð").text
    ('l’année', 'سلام', 'Привет, мир')
    """
    return _repair_text(text, 0, _How())


def repair_document(document: Document, *, normalise: bool = False) -> tuple[Document, tuple[Repair, ...]]:
    """The document with encoding faults undone in its blocks and its title, and every repair, title first.

    The same object comes back when nothing was wrong. Links of a repaired block lie around the same words as before.
    With `normalise` what is not in Unicode's composed form (NFC) counts as wrong too.
    """
    how = _How(normalise=normalise)
    suspects = [block for block in document.blocks if _may_change(block.text, how)]
    title = document.head.title or ""
    if not suspects and not _may_change(title, how):
        return document, ()
    repaired = {block.index: _repair_block(block, how) for block in suspects}
    known = _steps_of(repaired)
    how = how._replace(known=known)
    if known:
        for block in suspects:
            done = repaired[block.index]
            if not done.repairs or not known.issuperset(_steps_in(done)):
                repaired[block.index] = _repair_block(block, how)
    head = _repair_text(title, -1, how)
    blocks = list(document.blocks)
    for index, done in repaired.items():
        if done.repairs:
            blocks[index] = with_links(blocks[index], done.text, done.repairs)
    found = (*head.repairs, *(found for index in sorted(repaired) for found in repaired[index].repairs))
    if not found:
        return document, ()
    new_head = replace(document.head, title=head.text) if head.repairs else document.head
    return replace(document, blocks=tuple(blocks), head=new_head), found


def _steps_of(repaired: dict[int, Repaired]) -> frozenset[str]:
    """The wrong readings that many blocks of a page went through."""
    counts = Counter(step for done in repaired.values() for step in _steps_in(done))
    return frozenset(step for step, count in counts.items() if count >= _KNOWN_FROM)


def _steps_in(done: Repaired) -> set[str]:
    return {
        parameter.partition(" ")[0] for found in done.repairs for action, parameter in found.plan if action == "reread"
    }


def _repair_block(block: Block, how: _How) -> Repaired:
    # Code shows escapes because it is about them.
    return _repair_text(block.text, block.index, how._replace(escaped=block.kind != "code"))


def _may_change(text: str, how: _How) -> bool:
    return is_suspect(text) or (how.normalise and not is_normalized("NFC", text))


def _repair_text(text: str, block: int, how: _How) -> Repaired:
    if not _may_change(text, how):
        return Repaired(text)
    lines, repairs, start = [], [], 0
    for line in text.split("\n"):
        history = _repair_line(line, how)
        lines.append(history.text)
        repairs += history.repairs(block, start)
        start += len(line) + 1
    return Repaired("\n".join(lines), tuple(repairs)) if repairs else Repaired(text)


def _repair_line(line: str, how: _How) -> History:
    history = History(line)
    for _ in range(_MOST_ROUNDS):
        if not is_suspect(history.text):
            break
        edits = (
            _find_escapes(history.text, halves_only=not how.escaped)
            or _find_misread(history.text, how.known)
            or _find_western(history.text)
        )
        if not edits:
            break
        history.make(edits)
    if how.normalise and not is_normalized("NFC", history.text):
        history.make(_find_decomposed(history.text))
    return history


def _find_decomposed(text: str) -> list[Edit]:
    """The words that are not in NFC: a mark never reaches over a space."""
    edits, start = [], 0
    for word in text.split(" "):
        if not is_normalized("NFC", word):
            edits.append(Edit(start, start + len(word), normalize("NFC", word), "normalise", "NFC", "normalised"))
        start += len(word) + 1
    return edits


def _find_escapes(text: str, *, halves_only: bool) -> list[Edit]:
    for kind, found in escapes.find_all(text):
        if halves_only and kind != "surrogates":
            continue
        edits = [Edit(one.start, one.end, one.after, "unescape", kind, f"escaped-{kind}") for one in found]
        likely = [edit for edit in edits if kind == "surrogates" or _is_likelier(text, edit)]
        if likely:
            return likely
    return []


def _is_likelier(text: str, edit: Edit) -> bool:
    """Whether the word around an edit gets cheaper by it."""
    start = text.rfind(" ", 0, edit.start) + 1
    end = text.find(" ", edit.end)
    end = len(text) if end < 0 else end
    return cost_of(text[start : edit.start] + edit.after + text[edit.end : end]) < cost_of(text[start:end])


def _find_western(text: str) -> list[Edit]:
    found = western.find(text)
    if found is None:
        return []
    (start, end, after), parameter = found
    edit = Edit(start, end, after, "ftfy", parameter, "mojibake")
    # It takes "pĆ”gina", "página" as ISO-8859-13, for "pƔgina": a letter that no language of today has is no repair.
    new = "".join(set(after) - set(text))
    # And "4×Ø12", four bars of 12 mm, for "4ר12": where it is not windows-1252 no letter of another script is alone.
    enough = len(new) > 1 or new < "\u0250" or "windows-1252" in parameter
    return [edit] if enough and _is_likelier(text, edit) and not has_odd_letters(new) else []


def _find_misread(text: str, known: frozenset[str]) -> list[Edit]:
    choice = choose(text, known) if not text.isascii() else None
    return _edits_of(text, choice) if choice else []


def _edits_of(text: str, choice: Choice) -> list[Edit]:
    """The choice made on the words of a text; words beside one another, and ASCII between them, make one edit."""
    edits: list[Edit] = []
    start = 0
    for word in text.split(" "):
        after = choice.words.get(word)
        if after is not None:
            name = "c1-control" if choice.parameter == CONTROLS else "mojibake"
            edit = Edit(start, start + len(word), after, "reread", choice.parameter, name)
            joined = _join(text, edits[-1], edit) if edits else None
            if joined:
                edits[-1] = joined
            else:
                edits.append(edit)
        start += len(word) + 1
    return edits


def _join(text: str, one: Edit, other: Edit) -> Edit | None:
    between = text[one.end : other.start]
    after = one.after + between + other.after
    if not between.isascii() or misread.reread(text[one.start : other.end], one.parameter) != after:
        return None
    return Edit(one.start, other.end, after, one.action, one.parameter, one.name)
