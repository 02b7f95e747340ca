"""Changes -> one line for a person: `2 paragraphs added, 1 number changed (12 → 14)`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archiver.diff.changes import Change, ReasonName

_VERBS = {"inserted": "added", "deleted": "removed", "moved": "moved", "moved-edited": "moved and edited"}

# What an edit in place is called by the heaviest thing it changes, one and many.
_EDITED: dict[ReasonName, tuple[str, str]] = {
    "negation": ("negation changed", "negations changed"),
    "date": ("date changed", "dates changed"),
    "number": ("number changed", "numbers changed"),
    "name": ("name changed", "names changed"),
    "words": ("passage reworded", "passages reworded"),
    "letters": ("spelling changed", "spellings changed"),
    "marks": ("punctuation mark changed", "punctuation marks changed"),
}


def summarise(changes: Sequence[Change]) -> str:
    """The line; `no difference`, or `only white space differs`, where that is so."""
    if not changes:
        return "no difference"
    told = [*_blocks(changes), *_edits(changes)]
    return ", ".join(told) or "only white space differs"


def _blocks(changes: Sequence[Change]) -> Iterator[str]:
    for kind, verb in _VERBS.items():
        for whole, noun in ((True, "paragraph"), (False, "passage")):
            count = sum(change.kind == kind and change.whole == whole for change in changes)
            if count:
                yield f"{count:,} {noun}{'' if count == 1 else 's'} {verb}"


def _edits(changes: Sequence[Change]) -> Iterator[str]:
    reasons = [change.reasons[0] for change in changes if change.kind == "replaced" and change.reasons]
    for name, (one, many) in _EDITED.items():
        found = [reason for reason in reasons if reason.name == name]
        if not found:
            continue
        before, after = found[0].before, found[0].after
        example = f" ({before or 'nothing'} → {after or 'nothing'})" if len(found) == 1 else ""
        yield f"{len(found):,} {one if len(found) == 1 else many}{example}"
