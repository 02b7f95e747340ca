"""What a verb of the command line is: a row of the table in `archiver.cli`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import NamedTuple


class Verb(NamedTuple):
    """One verb: how it is called, what it does, how its help reads."""

    name: str
    """What a person types: `clean`."""

    function: Callable[[argparse.Namespace], int]
    """Does it; returns the exit code."""

    add_arguments: Callable[[argparse.ArgumentParser], None]
    """Adds its arguments and options to its parser."""

    help: str
    """What it does, a clause in lower case without its full stop."""

    example: str
    """What may stand after the name."""
