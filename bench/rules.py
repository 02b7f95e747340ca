"""python -m bench.rules: of what each rule removes from the development pages, how much is in the reference text."""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Sequence

from archiver.blocks import segment
from archiver.labels import LABELLERS
from archiver.labels.weights import measured
from archiver.model import Label
from bench.classifier.alignment import find_content
from bench.data import EXTRACTION, Share, read
from bench.pool import WORKERS, spread
from bench.report import data_absent, print_table
from bench.scoring import words_of

Counts = dict[str, tuple[int, int]]
"""Rule -> (blocks removed, those of them that are content)."""
# Rules that removed less say little.
_FEWEST = 30


def count(share: Share) -> list[Counts]:
    """What the rules, all but the classifier, remove from a share of the pages that have a reference."""
    found: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for sample in read(share):
        reference = words_of(sample.reference, sample.language)
        if not reference:
            continue
        document = measured(segment(sample.html))
        labels: dict[int, Label] = {}
        for name, labeller in LABELLERS:
            if name != "content":
                labels |= labeller(document, labels)
        words = [words_of(block.text, sample.language) for block in document.blocks]
        content = find_content(words, reference)
        for index, label in labels.items():
            for name in (label.rule.split(":")[0], label.rule):
                removed, wanted = found[name]
                found[name] = (removed + 1, wanted + bool(content[index]))
    return [dict(found)]


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the table. 0: done; 2: no data."""
    parser = argparse.ArgumentParser(prog="python -m bench.rules", description=__doc__)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th page")
    every = parser.parse_args(argv).every
    if data_absent(list(EXTRACTION)):
        return 2
    total: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    shares = [Share(name, every, rest, WORKERS) for name in EXTRACTION for rest in range(WORKERS)]
    for (counts,) in spread(count, shares):
        for name, (removed, wanted) in counts.items():
            total[name] = (total[name][0] + removed, total[name][1] + wanted)
    rows = [
        [name, str(removed), str(wanted), f"{wanted / removed:.1%}"]
        for name, (removed, wanted) in sorted(total.items())
        if removed >= _FEWEST
    ]
    print_table(["rule", "removed blocks", "of them content", "share"], rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
