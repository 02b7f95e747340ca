"""The command line. Each file beside this one holds the verbs of one job: a function that parses, calls and prints,
and a row for the table `VERBS`. `-` is stdin and stdout.

Exit codes: 0 done; 1 done, but captures failed or records are damaged (each named on stderr); 2 wrong usage,
or nothing could be done.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper

from archiver.cli.checking import CHECK
from archiver.cli.cleaning import CLEAN
from archiver.cli.comparing import CHANGES, VERSIONS
from archiver.cli.differing import DIFF
from archiver.cli.exporting import EXPORT
from archiver.cli.finding import FIND
from archiver.cli.messages import complain
from archiver.cli.showing import EXPLAIN, SHOW
from archiver.cli.templating import TEMPLATE
from archiver.errors import ArchiverError, CaptureError, RecordError
from archiver.version import __version__

VERBS = (CLEAN, SHOW, EXPLAIN, DIFF, VERSIONS, CHANGES, FIND, TEMPLATE, CHECK, EXPORT)
"""The verbs, in the order of the help."""


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
        complain("stopped; run it again to go on where it was")
        return 130
    except ArchiverError as fault:
        complain(str(fault))
        return 1 if isinstance(fault, RecordError | CaptureError) else 2
    except OSError as fault:
        complain(f"{fault.filename or 'a file'}: {fault.strerror or fault} (check its rights and the disk)")
        return 2
    return code


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
