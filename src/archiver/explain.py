"""A record told to a person: what was kept, removed and repaired, and why, in the order of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.text import Text

from archiver.model import KeptBlock, Record, Removed, Repair, Restored

# Two lines of a terminal of 80 columns, less the margin: enough to recognise a block.
_SHOWN_CHARACTERS = 140

# Control characters of an archived page must not reach the terminal: an escape sequence could recolour it,
# retitle it or worse.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def explain(record: Record) -> Iterator[Text]:
    """The lines of the account, styled; their `plain` is the same without colour.

    A kept block begins with `+`, a removed one with `-` and its kind, rule, confidence, place and evidence.
    """
    yield from _heading(record)
    yield from _encoding(record)
    blocks: list[KeptBlock | Removed] = [*record.content.blocks, *record.removed]
    restored = {entry.index: entry for entry in record.restored}
    if blocks:
        yield Text()
    for block in sorted(blocks, key=lambda block: block.index):
        if isinstance(block, Removed):
            yield from _removal(block)
        else:
            text = record.text[block.start : block.end]
            yield Text.assemble(("+ ", "green"), (f"{block.kind:<10} ", "dim"), shortened(text))
            if block.index in restored:
                yield _restoral(restored[block.index])
    yield from _closing(record)


def shortened(text: str) -> str:
    """The text on one line, at most 140 characters of it and how many there are, safe for a terminal."""
    line = one_line(text)
    if len(line) <= _SHOWN_CHARACTERS:
        return line
    return f"{line[:_SHOWN_CHARACTERS].rstrip()}… ({len(text):,} characters)"


def one_line(text: str) -> str:
    """The whole text on one line, safe for a terminal."""
    return harmless(" ".join(text.split()))


def harmless(text: str) -> str:
    """The text with U+FFFD for each control character but tab and line end."""
    return _CONTROL.sub("\ufffd", text)


def _heading(record: Record) -> Iterator[Text]:
    colour = {"ok": "green", "partial": "yellow", "failed": "red"}[record.status]
    yield Text(shortened(record.title or "(no title)"), "bold")
    yield Text(shortened(record.url or record.capture.container or "(no address)"))
    yield Text.assemble((record.status, colour), f", captured {record.created or 'at an unknown time'}")
    for doubt in record.account.doubts:
        yield Text(f"  {shortened(doubt)}", colour)


def _encoding(record: Record) -> Iterator[Text]:
    encoding = record.encoding
    if encoding.used:
        yield Text(f"charset {encoding.used}, decided by {encoding.decided_by}")
    for conflict in encoding.conflicts:
        yield Text(f"  {shortened(conflict)}", "yellow")
    for repair in encoding.repairs:
        yield from _repair(repair)


def _repair(repair: Repair) -> Iterator[Text]:
    place = "title" if repair.block < 0 else f"block {repair.block}"
    steps = ", ".join(" ".join(step) for step in repair.plan)
    certainty = "; a byte was lost, not certain to the letter" if repair.lossy else ""
    yield Text.assemble(
        ("~ ", "cyan"),
        (f"{repair.name} in {place} from {repair.start} to {repair.end}: ", "dim"),
        (shortened(repair.before), "red"),
        " -> ",
        (shortened(repair.after), "green"),
        (f" ({steps}{certainty})", "dim"),
    )


def _removal(block: Removed) -> Iterator[Text]:
    facts = f"by {block.rule}, sure to {block.confidence:.2f}, at {block.path}"
    yield Text.assemble(("- ", "red"), (block.kind, "bold red"), (f" {one_line(facts)}", "dim"))
    yield Text(f"    because {shortened(block.evidence)}", "dim")
    yield Text(f"    {shortened(block.text)}", "red")


def _restoral(entry: Restored) -> Text:
    alone = f"alone it would be {entry.kind} by {entry.rule}: {entry.evidence}"
    return Text(f"    kept by {entry.by}, because {entry.because}; {one_line(alone)}", "dim")


def _closing(record: Record) -> Iterator[Text]:
    account, made_by = record.account, record.account.made_by
    yield Text()
    yield Text(
        f"blocks: {len(record.content.blocks)} kept, {len(record.removed)} removed; "
        f"{account.kept_share:.1%} of {account.visible_characters:,} visible characters kept"
    )
    model = f", model {made_by.model_digest[7:15]}" if made_by.model_digest else ""
    favour = "" if made_by.favour == "balanced" else f", favouring {made_by.favour}"
    yield Text(f"made by archiver {made_by.version}, rules {made_by.rules_digest[7:15]}{model}{favour}", "dim")
