"""The command line: one verb a function, which parses, calls and prints. `-` is stdin and stdout.

Exit codes: 0 done; 1 done, but captures failed or records are damaged (each named on stderr); 2 wrong usage,
or nothing could be done.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar, get_args

from rich.console import Console

from archiver.check import Report, check
from archiver.errors import ArchiverError, CaptureError, InputError, RecordError
from archiver.explain import explain, harmless, one_line
from archiver.exports import WRITERS, FileWriter, export
from archiver.exports import Summary as Exported
from archiver.model import Capture, Favour, Options, Record
from archiver.progress import progress_bar
from archiver.readers import read
from archiver.readers.sidecar import parse_time
from archiver.record import SCHEMA, from_json, to_json
from archiver.run import Limits, Summary, Workers, clean_guarded, count_cores, run
from archiver.store import Store, is_stored, read_record
from archiver.version import __version__

_N = TypeVar("_N", int, float)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the verb that `argv` names (the process's arguments by default); returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A page in Persian must pass a console that speaks only cp1252.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        arguments = _parser().parse_args(argv)
    except SystemExit as stop:
        # argparse has said what is wrong, or has shown the help.
        return int(stop.code or 0)
    verb: Callable[[argparse.Namespace], int] = arguments.verb
    try:
        code = verb(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # `archiver show page.html | head -1`: nobody reads on, which is no fault. What is buffered still must
        # not complain when Python closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        _complain("stopped; run it again to go on where it was")
        return 130
    except ArchiverError as fault:
        _complain(str(fault))
        return 1 if isinstance(fault, RecordError | CaptureError) else 2
    except OSError as fault:
        _complain(f"{fault.filename or 'a file'}: {fault.strerror or fault} (check its rights and the disk)")
        return 2
    return code


def clean_verb(arguments: argparse.Namespace) -> int:
    """Cleans what is new in a folder or file of captures; 1 when a capture failed."""
    _refuse_overlap(arguments.input, arguments.clean)
    skipped: Counter[str] = Counter()
    captures = read(arguments.input, skipped)
    workers = Workers(arguments.workers, Limits(memory_bytes=int(arguments.memory * 1024**3)))
    bar = progress_bar(Path(arguments.input), Console(stderr=True))
    with _terminable(), Store(Path(arguments.clean)) as store, bar as watch:
        summary = run(captures, store, _options(arguments), watch, workers)
    print(_summed_up(summary, skipped))
    for failure in summary.failures:
        _complain(f"{failure.where}: {one_line(failure.reason)}")
    return 1 if summary.failures else 0


def show_verb(arguments: argparse.Namespace) -> int:
    """Prints the clean text or the record of one capture; 1 when it failed."""
    record = _record(arguments)
    if arguments.json:
        sys.stdout.write(to_json(record))
    elif record.text:
        # An escape sequence of the page stays in a pipe or file, and stays away from a terminal.
        sys.stdout.write(f"{harmless(record.text) if sys.stdout.isatty() else record.text}\n")
    return _failed(arguments, record)


def explain_verb(arguments: argparse.Namespace) -> int:
    """Prints what was kept, removed and repaired in one capture, and why; 1 when it failed."""
    record = _record(arguments)
    console = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
    for line in explain(record):
        console.print(line)
    return _failed(arguments, record)


def check_verb(arguments: argparse.Namespace) -> int:
    """Verifies a folder of clean records; 1 when one is damaged."""
    report = check(Path(arguments.clean))
    print(_counted(report))
    for fault in report.faults:
        _complain(str(fault))
    return 1 if report.faults else 0


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
        _complain(str(fault))
    print(_told(exported, len(damaged)), file=sys.stderr)
    return 1 if damaged else 0


class _Verb(NamedTuple):
    name: str
    function: Callable[[argparse.Namespace], int]
    add_arguments: Callable[[argparse.ArgumentParser], None]
    help: str
    example: str


def _add_clean(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", metavar="INPUT", help="a folder or file of captures; - for stdin")
    parser.add_argument("clean", metavar="CLEAN", help="the folder of clean records; made when missing")
    workers = "processes that clean; 0: in one process, which one bad page can take down (as many as there are cores)"
    parser.add_argument("--workers", metavar="N", type=_number(int, 0), default=count_cores(), help=workers)
    memory = "the most memory that a worker may take for one capture, in GiB; Linux only (%(default)s)"
    parser.add_argument("--memory", metavar="GIB", type=_number(float, 0.25), default=4, help=memory)
    _add_options(parser)


def _add_capture(parser: argparse.ArgumentParser) -> None:
    what = "a page as captured, a folder with one, a stored .json record, a shard's line (….jsonl.zst#17); - for stdin"
    parser.add_argument("capture", metavar="CAPTURE", help=what)
    parser.add_argument("--url", help="the address it was captured from")
    time = "when it was captured: 2024-05-31T10:00:00Z, or 20240531100000 in UTC"
    parser.add_argument("--captured-at", metavar="TIME", type=_moment, help=time)
    parser.add_argument("--content-type", metavar="TYPE", help="the HTTP Content-Type it came with")
    _add_options(parser)


def _add_options(parser: argparse.ArgumentParser) -> None:
    what = "where the classifier is in doubt: precision removes, recall keeps"
    parser.add_argument("--favour", choices=get_args(Favour), default="balanced", help=what)
    parser.add_argument("--nfc", action="store_true", help="put letters and their marks into Unicode's composed form")


def _add_show(parser: argparse.ArgumentParser) -> None:
    _add_capture(parser)
    parser.add_argument("--json", action="store_true", help="the whole record instead of the text")


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("clean", metavar="CLEAN", help="the folder of clean records")


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
    parser.add_argument("--added", metavar="TIME", type=_moment, help=time)


VERBS = (
    _Verb("clean", clean_verb, _add_clean, "clean captures that are new; skip what is done", "raw/ clean/"),
    _Verb("show", show_verb, _add_show, "print the clean text of one capture", "page.html"),
    _Verb(
        "explain",
        explain_verb,
        _add_capture,
        "tell what was kept, removed and repaired, and why",
        "page.html --url https://example.org/",
    ),
    _Verb("check", check_verb, _add_check, "verify digests, spans, kept + removed = visible", "clean/"),
    _Verb(
        "export",
        export_verb,
        _add_export,
        "write the records as another program reads them",
        "clean/ --to jsonl -o texts.jsonl.gz",
    ),
)
"""The verbs, in the order of the help."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="archiver", description="Cleans captured web pages, and keeps a record of everything it did."
    )
    parser.add_argument("--version", action="version", version=f"archiver {__version__}")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    for verb in VERBS:
        example = f"example:\n  archiver {verb.name} {verb.example}"
        below = verbs.add_parser(
            verb.name,
            help=verb.help,
            description=f"{verb.help[0].upper()}{verb.help[1:]}.",
            epilog=example,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        verb.add_arguments(below)
        below.set_defaults(verb=verb.function)
    return parser


def _number(kind: Callable[[str], _N], least: float) -> Callable[[str], _N]:
    def parse(text: str) -> _N:
        with suppress(ValueError):
            if (number := kind(text)) >= least:
                return number
        raise argparse.ArgumentTypeError(f"{text!r} is no number from {least} up")

    return parse


def _moment(text: str) -> datetime:
    moment = parse_time(text)
    if moment is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no time with its zone; write 2024-05-31T10:00:00Z")
    return moment


def _options(arguments: argparse.Namespace) -> Options:
    return Options(favour=arguments.favour, normalise=arguments.nfc)


def _record(arguments: argparse.Namespace) -> Record:
    """The record of the one capture that was named: as stored, or cleaned now."""
    if is_stored(arguments.capture):
        return read_record(Path(arguments.capture))
    capture = _one_capture(arguments.capture)
    if capture.body.startswith(f'{{\n "schema": "{SCHEMA}"'.encode()):
        # `archiver show --json page.html | archiver explain -`
        return from_json(capture.body.decode("utf-8", "replace"))
    facts = {name: getattr(arguments, name) for name in ("url", "captured_at", "content_type")}
    named = {name: value for name, value in facts.items() if value is not None}
    return clean_guarded(replace(capture, **named), _options(arguments))[0]


def _one_capture(path: str) -> Capture:
    captures = list(islice(read(path), 2))
    if len(captures) != 1:
        what = "more than one capture" if captures else "no capture"
        raise InputError(what, where=path, next_step="name a file with one page; `clean` takes many")
    return captures[0]


def _refuse_overlap(raw: str, clean: str) -> None:
    """Clean records inside the folder of captures would be taken for captures by the next run, and captures
    inside the clean folder for records.
    """
    if raw == "-":
        return
    raw_path, clean_path = Path(raw).resolve(), Path(clean).resolve()
    if clean_path.is_relative_to(raw_path) or raw_path.is_relative_to(clean_path):
        what = "captures and clean records would lie inside one another"
        raise InputError(what, where=clean, next_step="name a folder beside the captures")


def _refuse_inside(out: str, clean: Path) -> None:
    """What lies in the folder of clean records is taken for records, and may be deleted with it."""
    if out != "-" and Path(out).resolve().is_relative_to(clean.resolve()):
        what = "the export would lie among the clean records"
        raise InputError(what, where=out, next_step="name a place beside the folder")


def _failed(arguments: argparse.Namespace, record: Record) -> int:
    if record.status != "failed":
        return 0
    _complain(f"{arguments.capture}: {one_line(record.account.doubts[0])}")
    return 1


@contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM stops a run as Ctrl-C does: what is done is kept. (Only the main thread may say so.)"""
    before = None
    with suppress(ValueError):
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)


def _summed_up(summary: Summary, skipped: Counter[str]) -> str:
    """`5 captures: 3 new, 1 changed, 1 failed; 2 to look at`, without what is nought; then what was no page."""
    columns = ("new", "unchanged", "changed", "failed", "duplicates", "done")
    names = {"duplicates": "duplicate", "done": "done before"}
    counts = [(getattr(summary, column), names.get(column, column)) for column in columns]
    told = ", ".join(f"{count:,} {name}" for count, name in counts if count)
    look = f"; {summary.partial:,} to look at (status partial)" if summary.partial else ""
    captures = f"{_captures(summary.captures)}: {told}{look}" if told else "no captures"
    return f"{captures}\n{_skipped(skipped)}" if skipped.total() else captures


def _skipped(skipped: Counter[str]) -> str:
    """`skipped 1,204: 900 image/png, 300 redirect (HTTP 301), 4 robots.txt`, the most frequent first."""
    reasons = sorted(skipped.items(), key=lambda item: (-item[1], item[0]))
    told = ", ".join(f"{count:,} {one_line(reason)}" for reason, count in reasons if count)
    return f"skipped {skipped.total():,}: {told}"


def _counted(report: Report) -> str:
    statuses = f"{report.ok:,} ok, {report.partial:,} partial, {report.failed:,} failed"
    return f"{report.records:,} records: {statuses}; {len(report.faults):,} damaged"


def _told(exported: Exported, damaged: int) -> str:
    """`3 records written; 1 failed, left out; 2 without address or time, left out`, without what is nought."""
    others = {
        "failed, left out": exported.failed,
        "without address or time, left out": exported.left_out,
        "damaged, left out": damaged,
    }
    written = f"{exported.written:,} record{'' if exported.written == 1 else 's'} written"
    return "; ".join([written, *(f"{count:,} {name}" for name, count in others.items() if count)])


def _captures(count: int) -> str:
    return f"{count:,} capture{'' if count == 1 else 's'}"


def _complain(what: str) -> None:
    print(f"archiver: {what}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
