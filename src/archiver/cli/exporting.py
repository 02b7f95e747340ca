"""`archiver export`: a folder of clean records -> files of other programs."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from archiver.cli.arguments import moment
from archiver.cli.messages import complain
from archiver.cli.verb import Verb
from archiver.errors import InputError, RecordError
from archiver.exports import WRITERS, FileWriter, Summary, export
from archiver.store import Store


def export_verb(arguments: argparse.Namespace) -> int:
    """Writes the records of a folder as another program reads them; 1 when one is damaged."""
    folder = Path(arguments.clean)
    if not folder.is_dir():
        raise InputError("no such folder", where=arguments.clean, next_step="name the folder of clean records")
    _refuse_inside(arguments.out, folder)
    added = (arguments.added or datetime.now(UTC)).astimezone(UTC)
    damaged: list[RecordError] = []
    records = Store(folder).records(damaged.append)
    exported = export(records, arguments.to, arguments.out, f"{added:%Y-%m-%dT%H:%M:%SZ}")
    for fault in damaged:
        complain(str(fault))
    print(_told(exported, len(damaged)), file=sys.stderr)
    return 1 if damaged else 0


def _add_export(parser: argparse.ArgumentParser) -> None:
    rows = (
        f"  {name:9} {writer.what}{', '.join(('', *writer.compressions)) if isinstance(writer, FileWriter) else ''}"
        for name, writer in WRITERS.items()
    )
    parser.description = f"{parser.description}\n\nformats, with the endings of OUT that compress:\n" + "\n".join(rows)
    parser.add_argument("clean", metavar="CLEAN", help="the folder of clean records; failed ones are left out")
    parser.add_argument("--to", metavar="FORMAT", choices=WRITERS, required=True, help="one of the formats above")
    what = "the file to write, replaced when it is there; for a format of many files a new folder; - for stdout"
    parser.add_argument("-o", "--out", metavar="OUT", default="-", help=what)
    time = "the time of export that is written down (now); the same time gives the same bytes"
    parser.add_argument("--added", metavar="TIME", type=moment, help=time)


def _refuse_inside(out: str, clean: Path) -> None:
    """What lies in the folder of clean records is taken for records, and may be deleted with it."""
    if out != "-" and Path(out).resolve().is_relative_to(clean.resolve()):
        what = "the export would lie among the clean records"
        raise InputError(what, where=out, next_step="name a place beside the folder")


def _told(exported: Summary, damaged: int) -> str:
    """`3 records written; 1 failed, left out; 2 without address or time, left out`, without what is nought."""
    others = {
        "failed, left out": exported.failed,
        "without address or time, left out": exported.left_out,
        "damaged, left out": damaged,
    }
    written = f"{exported.written:,} record{'' if exported.written == 1 else 's'} written"
    return "; ".join([written, *(f"{count:,} {name}" for name, count in others.items() if count)])


EXPORT = Verb(
    "export",
    export_verb,
    _add_export,
    "write the records as another program reads them",
    "clean/ --to jsonl -o texts.jsonl.gz",
)
"""The verb `export`."""
