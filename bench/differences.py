"""python -m bench.differences: how fast `archiver.diff` is and how exact, beside difflib and fast-diff-match-patch.

Speed: made pages of 10,000 and 200,000 words (sentences of 9 to 17 words, five a paragraph; or all in one line without
a full stop), of which 5 % are replaced, removed or followed by another. Processor time, the least of several runs.

Exactness: each answer is applied to A and must give B. Planted: in a page of 20,000 words one thing is changed, in
four languages. `archiver` must name it as what it is, and nothing else. The peers know insertions and deletions only:
of them it is told in how many places they see the one change.

Peers: difflib gets words with the white space after them, `autojunk` off, as exactness asks. fast-diff-match-patch gets
characters, its only unit, without a limit of time; and once as web-monitoring-diff calls it for the text of pages: no
more than two seconds, and what is left then is called replaced.
"""

from __future__ import annotations

import argparse
import difflib
import random
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.metadata import version
from time import process_time
from typing import TypeVar

from archiver import diff
from bench.planting import LANGUAGES, PLANTED, page, paragraphs, planted
from bench.report import digest_of_program, print_table, print_versions

_EDITED_SHARE = 0.05
_RUNS = 5
# Without a limit of time these take minutes with more: their time grows with the square.
_UNLIMITED = ("difflib", "fast-diff-match-patch")
_MOST_WORDS_UNLIMITED = 10_000

_Answer = TypeVar("_Answer")

Steps = list[tuple[str, str]]
"""(`=`, `-` or `+`, text): what a peer answers."""


@dataclass(frozen=True, slots=True)
class Made:
    """A pair of texts."""

    name: str
    a: str
    b: str
    words: int


def difflib_steps(a: str, b: str) -> Steps:
    """difflib's answer by words."""
    words_a, words_b = re.findall(r"\S+\s*|\s+", a), re.findall(r"\S+\s*|\s+", b)
    steps: Steps = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, words_a, words_b, autojunk=False).get_opcodes():
        if tag == "equal":
            steps.append(("=", "".join(words_a[i:j])))
        else:
            steps += [("-", "".join(words_a[i:j])), ("+", "".join(words_b[k:m]))]
    return [(sign, text) for sign, text in steps if text]


def dmp_steps(a: str, b: str, seconds: float = 0) -> Steps:
    """fast-diff-match-patch's answer by characters, cleaned up as its makers advise for people; 0: no limit of time."""
    answer = import_module("fast_diff_match_patch").diff(
        a, b, timelimit=seconds, checklines=False, cleanup="Semantic", counts_only=False
    )
    return [(sign, text) for sign, text in answer]


PEERS: dict[str, Callable[[str, str], Steps]] = {
    "difflib": difflib_steps,
    "fast-diff-match-patch": dmp_steps,
    "as web-monitoring-diff calls it": lambda a, b: dmp_steps(a, b, 2),
}


def edited(text: str, vocabulary: Sequence[str], seed: int) -> str:
    """The text with 5 % of its words replaced, removed or followed by another."""
    chance = random.Random(seed)
    pieces = re.split(r"(\s+)", text)
    for place in range(0, len(pieces), 2):
        if chance.random() < _EDITED_SHARE:
            other = chance.choice(vocabulary)
            pieces[place] = chance.choice([other, "", f"{pieces[place]} {other}"])
    return "".join(pieces)


def make_pairs(sizes: Sequence[int]) -> list[Made]:
    """Pairs in paragraphs, and in one line."""
    language = LANGUAGES["en"]
    made = []
    for size in sizes:
        text = page(language, paragraphs(language, size))
        line = re.sub(r"[.\n]+", " ", text).lower()
        for name, a in (("paragraphs", text), ("one line", line)):
            made.append(Made(f"{size:,} words, {name}", a, edited(a, language.words, size), size))
    return made


def measure_speed(pairs: Sequence[Made], runs: int) -> list[list[str]]:
    """A row for each pair and program: the least time, its changes, whether applying gives B."""
    rows = []
    for made in pairs:
        taken, difference = _least(partial(diff, made.a, made.b), runs)
        exact = difference.apply(made.a) == made.b
        rows.append([made.name, "archiver", _told(taken), f"{len(difference.weighing()):,}", "yes" if exact else "NO"])
        for name, peer in PEERS.items():
            if name in _UNLIMITED and made.words > _MOST_WORDS_UNLIMITED:
                rows.append(["", name, "not run", "-", "-"])
                continue
            taken, steps = _least(partial(peer, made.a, made.b), 1)
            rows.append(["", name, _told(taken), f"{_places(steps):,}", "yes" if _gives(steps, made) else "NO"])
    return rows


def measure_planted() -> list[list[str]]:
    """A row for each thing planted: in how many languages it is found as what it is, alone; the peer's places."""
    rows = []
    for what, expected in PLANTED.items():
        right = 0
        places: dict[str, list[int]] = {"fast-diff-match-patch": []}
        for language in LANGUAGES.values():
            a, b = planted(language, what)
            found = [(change.kind, change.whole, change.reasons[0].name) for change in diff(a, b).weighing()]
            right += found == [expected]
            for name, told in places.items():
                told.append(_places(PEERS[name](a, b)))
        rows.append([what, f"{right} of {len(LANGUAGES)}", *(" ".join(map(str, told)) for told in places.values())])
    return rows


def _least(function: Callable[[], _Answer], runs: int) -> tuple[float, _Answer]:
    """Seconds of processor time, the least, and the answer."""
    best = float("inf")
    for _ in range(runs):
        begun = process_time()
        answer = function()
        best = min(best, process_time() - begun)
    return best, answer


def _told(seconds: float) -> str:
    return f"{1000 * seconds:,.0f} ms"


def _places(steps: Steps) -> int:
    """How many separate stretches are marked."""
    signs = "".join("=" if sign == "=" else "x" for sign, _ in steps)
    return len(re.findall("x+", signs))


def _gives(steps: Steps, made: Made) -> bool:
    a = "".join(text for sign, text in steps if sign != "+")
    b = "".join(text for sign, text in steps if sign != "-")
    return (a, b) == (made.a, made.b)


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the tables. 0: done, and all exact; 1: an answer of this program was not; 2: wrong usage."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.differences", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--words", nargs="+", type=int, default=[10_000, 200_000], metavar="N", help="sizes of pages")
    parser.add_argument("--runs", type=int, default=_RUNS, help="of this program; the least counts (%(default)s)")
    chosen = parser.parse_args(argv)
    begun_with = digest_of_program()
    try:
        dmp_steps("a", "b")
    except ModuleNotFoundError:
        print("fast-diff-match-patch is not installed: pip install '.[bench]'", file=sys.stderr)
        for name in ("fast-diff-match-patch", "as web-monitoring-diff calls it"):
            del PEERS[name]
    speed = measure_speed(make_pairs(chosen.words), chosen.runs)
    print_table(["texts", "program", "time", "changes", "applying gives B"], speed)
    print()
    if "fast-diff-match-patch" in PEERS:
        found = measure_planted()
        print_table(["planted, 20,000 words", "archiver: found as it is", "fast-diff-match-patch: places"], found)
        print("languages of the places:", " ".join(LANGUAGES))
        print(f"fast-diff-match-patch {version('fast-diff-match-patch')}, rapidfuzz {version('rapidfuzz')}")
    print_versions(begun_with)
    return 1 if any(row[1] == "archiver" and row[4] != "yes" for row in speed) else 0


if __name__ == "__main__":
    sys.exit(main())
