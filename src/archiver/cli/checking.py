"""`archiver check`: a folder of clean records -> what is damaged there."""

from __future__ import annotations

import argparse
from pathlib import Path

from archiver.check import Report, check
from archiver.cli.messages import complain
from archiver.cli.verb import Verb


def check_verb(arguments: argparse.Namespace) -> int:
    """Verifies a folder of clean records; 1 when one is damaged."""
    report = check(Path(arguments.clean))
    print(_counted(report))
    for fault in report.faults:
        complain(str(fault))
    return 1 if report.faults else 0


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("clean", metavar="CLEAN", help="the folder of clean records")


def _counted(report: Report) -> str:
    statuses = f"{report.ok:,} ok, {report.partial:,} partial, {report.failed:,} failed"
    return f"{report.records:,} records: {statuses}; {len(report.faults):,} damaged"


CHECK = Verb("check", check_verb, _add_check, "verify digests, spans, kept + removed = visible", "clean/")
"""The verb `check`."""
