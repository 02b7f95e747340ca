"""python -m bench.memory: the peak of memory of a process that runs one extractor and nothing else.

`bench.extraction` starts it once for each extractor; its imports are part of what an extractor costs.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from bench.data import EXTRACTION, Share, read
from bench.extractors import EXTRACTORS, answer, hush

NOTHING = "nothing"
"""The extractor that only reads the pages, for comparison."""


def measure_peak(name: str, set_name: str, pages: int) -> float | None:
    """MiB at the peak of a new process that runs the extractor on the first pages of a set.

    None where the system has no /proc. Raises CalledProcessError when the process does not end well.
    """
    command = [sys.executable, "-m", "bench.memory", name, "--set", set_name, "--pages", str(pages)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return int(told[-1]) / 1024 if told and told[-1].isdigit() else None


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the high-water mark of this process in KiB, or `unknown`. 0: done; 2: wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m bench.memory", description=__doc__)
    parser.add_argument("extractor", choices=[NOTHING, *EXTRACTORS])
    parser.add_argument("--set", choices=EXTRACTION, default="wcxb")
    parser.add_argument("--pages", type=int, default=200, metavar="N", help="only the first N pages (200)")
    chosen = parser.parse_args(argv)
    hush()
    for sample in islice(read(Share(chosen.set)), chosen.pages):
        if chosen.extractor != NOTHING:
            answer(chosen.extractor, sample.html)
    # Not `getrusage`: its figure is handed down from the parent process on Linux.
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    print(*[line.split()[1] for line in lines if line.startswith("VmHWM:")] or ["unknown"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
