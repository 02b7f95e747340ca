"""python -m bench.same: one digest over the records of many pages, to compare two installations of the same program.

A compiled one and one that runs as it stands, two machines, two versions of Python must print the same.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Sequence

import archiver
from archiver.blocks import walk
from archiver.record import to_json
from bench.data import EXTRACTION, Share, read
from bench.report import data_absent


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the digest; says on stderr of what, and whether the program is compiled. 0: done; 2: no data."""
    parser = argparse.ArgumentParser(prog="python -m bench.same", description=__doc__)
    parser.add_argument("--every", type=int, default=10, metavar="N", help="only every N-th page (10)")
    chosen = parser.parse_args(argv)
    if data_absent(list(EXTRACTION)):
        return 2
    digest, pages = hashlib.sha256(), 0
    for name in EXTRACTION:
        for sample in read(Share(name, chosen.every)):
            digest.update(to_json(archiver.clean(sample.html, url=sample.url)).encode())
            pages += 1
    form = "as it stands" if walk.__file__.endswith(".py") else "compiled"
    print(f"{pages} pages, archiver {archiver.__version__} {form}", file=sys.stderr)
    print(digest.hexdigest())
    return 0


if __name__ == "__main__":
    sys.exit(main())
