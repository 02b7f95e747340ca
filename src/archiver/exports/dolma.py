"""`dolma`: documents and attributes as the Dolma toolkit keeps them apart (its docs/data-format.md).

A document's text is all that was visible, kept and removed in order, repairs done. The attributes say which spans of it
were removed, by kind and all together, with the confidence of the rule as score, and which were repaired. So whoever
mixes decides what goes: `span_replacement` of `archiver__removed__all` with an empty replacement gives the clean text
to the letter; with a `min_score` only what is sure goes, with a kind in the place of `all` only that kind.
"""

from __future__ import annotations

from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from archiver.exports.flat import flat_row, to_line
from archiver.exports.job import Job
from archiver.exports.output import compressed
from archiver.model import REMOVAL_KINDS, KeptBlock, Record, Removed

Span = tuple[int, int, float]
"""First code point in the document's text, one past the last, score."""

# Its tools take a file as the unit of work. Pages of 5,000 characters give files of some 100 MB.
_RECORDS_A_FILE = 50_000

# Those of `Repair.name`. Each document has a list of spans for each of these names, if only an empty one, as Dolma's
# own taggers write them.
_REPAIRS = (
    "mojibake", "c1-control", "escaped-reference", "escaped-backslash", "escaped-utf-7", "escaped-surrogates",
    "normalised",
)  # fmt: skip


class Tagged(NamedTuple):
    """A document's text and what is said of it."""

    text: str
    attributes: dict[str, list[Span]]


def write_dolma(job: Job, folder: Path) -> int:
    """Writes `documents/00000.jsonl.gz` and, line by line for the same records, `attributes/archiver/00000.jsonl.gz`;
    the next number for every 50,000 of them. Leaves nothing out.
    """
    places = [folder / "documents", folder / "attributes" / "archiver"]
    for place in places:
        place.mkdir(parents=True)
    records = (record for _, record in job.records)
    for number, first in enumerate(records):
        with ExitStack() as files:
            documents, attributes = (_opened(files, place / f"{number:05}.jsonl.gz") for place in places)
            for record in chain([first], islice(records, _RECORDS_A_FILE - 1)):
                tagged = tag(record)
                documents.write(to_line(flat_row(record, job.added)._replace(text=tagged.text)._asdict()))
                named = {"id": record.id, "source": record.source, "attributes": tagged.attributes}
                attributes.write(to_line(named))
    return 0


def tag(record: Record) -> Tagged:
    """The visible text of a record, and the spans of what was removed and repaired in it.

    What parts a removed block from its neighbours belongs to its span: what is left without the spans is the clean
    text.
    """
    attributes: dict[str, list[Span]] = {f"archiver__removed__{kind}": [] for kind in ("all", *REMOVAL_KINDS)}
    attributes |= {f"archiver__repaired__{name}": [] for name in _REPAIRS}
    pieces: list[str] = []
    starts: dict[int, int] = {}
    length = clean = 0
    blocks: list[KeptBlock | Removed] = sorted([*record.content.blocks, *record.removed], key=lambda block: block.index)
    for block in blocks:
        if isinstance(block, KeptBlock):
            piece = record.text[clean : block.end]
            starts[block.index] = length + block.start - clean
            clean = block.end
        else:
            # Before the first kept block the line ends stand behind, since the clean text begins with that block.
            piece = f"\n\n{block.text}" if clean else f"{block.text}\n\n"
            starts[block.index] = length + (2 if clean else 0)
            span = (length, length + len(piece), block.confidence)
            attributes["archiver__removed__all"].append(span)
            attributes[f"archiver__removed__{block.kind}"].append(span)
        pieces.append(piece)
        length += len(piece)
    _tag_repairs(record, starts, attributes)
    return Tagged("".join(pieces), attributes)


def _tag_repairs(record: Record, starts: dict[int, int], attributes: dict[str, list[Span]]) -> None:
    """Adds the spans of the repairs: score 1 for one that is certain to the letter, 0 for one that lost a byte."""
    shifts = dict.fromkeys(starts, 0)
    for repair in sorted(record.encoding.repairs, key=lambda repair: (repair.block, repair.start)):
        if repair.block in starts:
            # A repair's own span counts in the text as it was before any was done.
            start = starts[repair.block] + repair.start + shifts[repair.block]
            shifts[repair.block] += len(repair.after) - len(repair.before)
            span = (start, start + len(repair.after), 0.0 if repair.lossy else 1.0)
            attributes.setdefault(f"archiver__repaired__{repair.name}", []).append(span)


def _opened(files: ExitStack, path: Path) -> BinaryIO:
    return files.enter_context(compressed(files.enter_context(path.open("wb")), path.name))
