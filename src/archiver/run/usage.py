"""What a process takes of the machine, as the kernel counts it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple


class Usage(NamedTuple):
    """What a process has taken up to now."""

    memory_bytes: int
    """Resident, at this moment."""

    processor_seconds: float
    """In user and kernel mode, since it began."""


def usage_of(pid: int) -> Usage | None:
    """The usage of a process; None when it is gone, or the system has no /proc."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return None
    # proc(5): the name, in parentheses, may hold anything; `state` (3) is the first after it, then come utime (14),
    # stime (15) and rss (24, in pages).
    fields = stat.rpartition(b")")[2].split()
    ticks = int(fields[14 - 3]) + int(fields[15 - 3])
    return Usage(int(fields[24 - 3]) * os.sysconf("SC_PAGE_SIZE"), ticks / os.sysconf("SC_CLK_TCK"))
