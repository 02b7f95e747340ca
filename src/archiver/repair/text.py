"""One text: its encoding faults undone line by line and word by word, so that one odd word doesn't keep the others from
being read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import is_normalized, normalize

from archiver.fluency import cost_of
from archiver.model import Repair
from archiver.repair import escapes, misread, western
from archiver.repair.choice import Choice, choose, choose_of
from archiver.repair.plans import Edit, History
from archiver.repair.readings import CONTROLS
from archiver.repair.suspicion import has_odd_letters, is_suspect

# Text broken n times over is about 2^n times as long: more than this nobody has seen, and a line is not read for ever.
_MOST_ROUNDS = 8


class How(NamedTuple):
    """What is looked for in a text."""

    known: frozenset[str] = frozenset()
    """Steps that repaired other texts of the same page, for which less evidence is enough here."""
    whole: frozenset[str] = frozenset()
    """Those of them that the page went through as a whole: they are looked for where nothing is suspect."""
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
    return repair_text(text, 0, How())


def may_change(text: str, how: How) -> bool:
    """Whether there is anything to look for; where there is not, the text is sound."""
    if is_suspect(text):
        return True
    return not text.isascii() and (bool(how.whole) or (how.normalise and not is_normalized("NFC", text)))


def repair_text(text: str, block: int, how: How) -> Repaired:
    """The text of a block with its faults undone; `block` is what its repairs have as theirs."""
    if not may_change(text, how):
        return Repaired(text)
    lines, repairs, start = [], [], 0
    for line in text.split("\n"):
        history = _repair_line(line, how)
        lines.append(history.text)
        repairs += history.repairs(block, start)
        start += len(line) + 1
    return Repaired("\n".join(lines), tuple(repairs)) if repairs else Repaired(text)


def _repair_line(line: str, how: How) -> History:
    history = History(line)
    for _ in range(_MOST_ROUNDS):
        edits = _find(history.text, how)
        if not edits:
            break
        history.make(edits)
    if how.normalise and not is_normalized("NFC", history.text):
        history.make(_find_decomposed(history.text))
    return history


def _find(text: str, how: How) -> list[Edit]:
    suspect = is_suspect(text)
    found = _find_escapes(text, halves_only=not how.escaped) if suspect else []
    if not found and how.whole and not text.isascii():
        choice = choose_of(how.whole, text)
        found = _edits_of(text, choice) if choice else []
    if not found and suspect:
        found = _find_misread(text, how.known) or _find_western(text)
    return found


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
