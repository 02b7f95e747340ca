"""Where the links of a block lie once its text is repaired."""

from __future__ import annotations

from archiver.model import Block, Link, Repair
from archiver.repair.plans import ACTIONS, read_place


def with_links(block: Block, text: str, repairs: tuple[Repair, ...]) -> Block:
    """The block with its repaired text; its links lie around the same words as before."""
    places = {place for link in block.links for place in (link.start, link.end)}
    moved = _move(sorted(places), repairs)
    links = tuple(Link(moved[link.start], moved[link.end], link.href) for link in block.links)
    grown = sum(new.end - new.start - old.end + old.start for new, old in zip(links, block.links, strict=True))
    linked = max(0, block.link_characters + grown)
    return block._replace(text=text, links=links, link_characters=linked)


def _move(places: list[int], repairs: tuple[Repair, ...]) -> dict[int, int]:
    """Where places between characters, in order, lie once the repairs are made."""
    moved: dict[int, int] = {}
    waiting = places
    shift = 0
    for done in repairs:
        moved |= {place: place + shift for place in waiting if place <= done.start}
        inside = [place for place in waiting if done.start < place < done.end]
        for place, new in zip(inside, _move_inside([place - done.start for place in inside], done), strict=True):
            moved[place] = done.start + shift + new
        waiting = [place for place in waiting if place >= done.end]
        shift += len(done.after) - len(done.before)
    return moved | {place: place + shift for place in waiting}


def _move_inside(offsets: list[int], done: Repair) -> list[int]:
    """Where offsets in `done.before` lie in `done.after`: through one step of the plan after the other."""
    text = done.before
    for action, parameter in done.plan:
        start, end, bare = read_place(parameter, len(text))
        after = ACTIONS[action](text[start:end], bare) or text[start:end]
        moved, known = [], (0, 0)
        for offset in offsets:
            if offset <= start or offset >= end:
                moved.append(offset if offset <= start else offset - (end - start) + len(after))
            else:
                known = _advance((text[start:end], after), (action, bare), known, offset - start)
                moved.append(start + known[1])
        text = text[:start] + after + text[end:]
        offsets = moved
    return offsets


def _advance(texts: tuple[str, str], step: tuple[str, str], known: tuple[int, int], offset: int) -> tuple[int, int]:
    """The place before the step, at or just before `offset`, and the one after it that matches.

    The step is made on what stands between the last matching places, `known`, and here. A place inside a broken
    character, where it cannot be made, moves to the character's beginning: three characters back at most.
    """
    (before, after), (old, new) = texts, known
    for cut in range(offset, max(old, offset - 4), -1):
        piece = before[old:cut]
        made = ACTIONS[step[0]](piece, step[1]) or piece
        if after.startswith(made, new):
            return cut, new + len(made)
    return known
