"""A page: what repaired some of its blocks tells what happened to the others, short ones and those that nothing in
themselves makes suspect.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from archiver.model import Block, Document, Repair
from archiver.repair.links import with_links
from archiver.repair.readings import REGIONS
from archiver.repair.suspicion import is_suspect
from archiver.repair.text import How, Repaired, may_change, repair_text

# A step that repaired this many blocks of a page is the page's own fault, and needs less evidence in the others.
_KNOWN_FROM = 2
# So many repaired blocks tell what happened to the page; in the others its steps are tried first, which takes a tenth
# of the time that all readings take.
_TELLING = 8


def repair_document(document: Document, *, normalise: bool = False) -> tuple[Document, tuple[Repair, ...]]:
    """The document with encoding faults undone in its blocks and its title, and every repair, title first.

    The same object comes back when nothing was wrong. Links of a repaired block lie around the same words as before.
    With `normalise` what is not in Unicode's composed form (NFC) counts as wrong too.
    """
    how = How(normalise=normalise)
    suspects = [block for block in document.blocks if may_change(block.text, how)]
    title = document.head.title or ""
    if not suspects and not may_change(title, how):
        return document, ()
    repaired = _repair_some(suspects, how)
    how = _learn(how, suspects, repaired)
    for block in document.blocks if how.whole else suspects:
        done = repaired.get(block.index)
        if done is None or (how.known and not _is_settled(done, how.known)):
            repaired[block.index] = _repair_block(block, how)
    head = repair_text(title, -1, how)
    blocks = list(document.blocks)
    for index, done in repaired.items():
        if done.repairs:
            blocks[index] = with_links(blocks[index], done.text, done.repairs)
    found = (*head.repairs, *(found for index in sorted(repaired) for found in repaired[index].repairs))
    if not found:
        return document, ()
    new_head = replace(document.head, title=head.text) if head.repairs else document.head
    return replace(document, blocks=tuple(blocks), head=new_head), found


def _repair_block(block: Block, how: How) -> Repaired:
    # Code shows escapes because it is about them.
    return repair_text(block.text, block.index, how._replace(escaped=block.kind != "code"))


def _repair_some(suspects: Sequence[Block], how: How) -> dict[int, Repaired]:
    """The longest of the suspect blocks repaired, until there are enough to tell what happened to the page."""
    repaired: dict[int, Repaired] = {}
    telling = 0
    for block in sorted(suspects, key=_by_length):
        done = repaired[block.index] = _repair_block(block, how)
        telling += bool(done.repairs)
        if telling == _TELLING:
            break
    return repaired


def _by_length(block: Block) -> int:
    return -len(block.text)


def _learn(how: How, suspects: Sequence[Block], repaired: Mapping[int, Repaired]) -> How:
    """What the repaired blocks tell of the page."""
    tried = [block for block in suspects if block.index in repaired]
    if len(tried) < _KNOWN_FROM or not any(done.repairs for done in repaired.values()):
        return how
    # A short block can be read in several ways, all of them together in one: what "Øš" is tell the other words.
    together = repair_text(" ".join(block.text for block in tried), -1, how)
    starts = list(accumulate((len(block.text) + 1 for block in tried), initial=0))
    used: Counter[str] = Counter()
    touched = {step: set[int]() for done in (together, *repaired.values()) for step in _steps_in(done)}
    for found in together.repairs:
        for step in _steps_of(found):
            used[step] += len(found.before)
            touched[step].update(range(bisect_right(starts, found.start) - 1, bisect_left(starts, found.end)))
    for place, block in enumerate(tried):
        for step in _steps_in(repaired[block.index]):
            touched[step].add(place)
    usual = {_language_of(step): step for step, _ in reversed(used.most_common())}
    known = frozenset(
        step
        for step, places in touched.items()
        if len(places) >= _KNOWN_FROM and usual.get(_language_of(step), step) == step
    )
    reached = set[int]().union(*(touched[step] for step in known))
    return how._replace(known=known, whole=known if 2 * len(reached) >= len(tried) else frozenset())


def _is_settled(done: Repaired, known: frozenset[str]) -> bool:
    """Whether all steps of the page, and no others, made the whole of a block sound."""
    return _steps_in(done) == known and not is_suspect(done.text)


def _language_of(step: str) -> str:
    """The charset that a step leads to, or the languages that several such charsets are for."""
    right = step.partition(">")[2]
    return REGIONS.get(right, right)


def _steps_of(found: Repair) -> set[str]:
    return {parameter.partition(" ")[0] for action, parameter in found.plan if action == "reread"}


def _steps_in(done: Repaired) -> set[str]:
    return {step for found in done.repairs for step in _steps_of(found)}
