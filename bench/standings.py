"""The pages as each extractor did them, put together by set, page type and language, and printed side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import stdev

from bench.data import EXTRACTION
from bench.report import print_table
from bench.scoring import Score, mean

# Fewer pages than this say nothing about a language: one page is 0.1 of their mean.
_FEWEST_OF_A_LANGUAGE = 10
OURS = "archiver"


@dataclass(frozen=True, slots=True)
class PageScores:
    """One page as each extractor did it."""

    set: str
    id: str
    page_type: str
    language: str
    """As the data say; "" when they don't."""

    scores: dict[str, Score]
    """Extractor -> score; 0 where it raised."""

    raised: tuple[str, ...]
    """The extractors that raised an exception on the page."""


Groups = Mapping[tuple[str, str], Sequence[PageScores]]


def group(pages: Sequence[PageScores]) -> dict[tuple[str, str], list[PageScores]]:
    """(set, page type) -> pages; the type `all` holds the whole set. A set of one type has no other."""
    groups: defaultdict[tuple[str, str], list[PageScores]] = defaultdict(list)
    for page in pages:
        groups[page.set, "all"].append(page)
        if page.set == "wcxb":
            groups[page.set, page.page_type].append(page)
    return dict(sorted(groups.items(), key=lambda item: (list(EXTRACTION).index(item[0][0]), item[0][1])))


def group_by_language(pages: Sequence[PageScores]) -> dict[tuple[str, str], list[PageScores]]:
    """(set, language) -> pages: each that a set has ten pages of, and all pages told to be in another than English."""
    groups: defaultdict[tuple[str, str], list[PageScores]] = defaultdict(list)
    for page in pages:
        groups[page.set, page.language or "not told"].append(page)
        # Not those that tell none: 59 of WCXB, of which most are English, would drown its 4 in French.
        if page.language not in ("en", ""):
            groups[page.set, "all but en"].append(page)
    large = {key: members for key, members in groups.items() if len(members) >= _FEWEST_OF_A_LANGUAGE}
    # A set of one language that is not English would be told twice.
    return {
        key: members
        for key, members in sorted(large.items(), key=lambda item: (list(EXTRACTION).index(item[0][0]), item[0][1]))
        if key[1] != "all but en" or (key[0], "en") in groups
    }


def print_standings(pages: Sequence[PageScores], names: Sequence[str]) -> None:
    """A table each of F1, precision, recall and the lead, and one of the pages that a peer raised on."""
    named = {_name(set_name, kind): members for (set_name, kind), members in group(pages).items()}
    named |= {f"{set_name}, {language}": members for (set_name, language), members in group_by_language(pages).items()}
    for figure in ("f1", "precision", "recall"):
        rows = [
            [name, str(len(members)), *(f"{getattr(_mean(members, one), figure):.3f}" for one in names)]
            for name, members in named.items()
        ]
        print_table(["F1" if figure == "f1" else figure, "pages", *names], rows)
        print()
    others = [name for name in names if name != OURS]
    if others and OURS in names:
        rows = [
            [name, str(len(members)), *(lead(members, OURS, one) for one in others)] for name, members in named.items()
        ]
        print_table([f"F1 of {OURS} less that of", "pages", *others], rows)
        print()
    _print_raised(pages, names)


def lead(pages: Sequence[PageScores], one: str, other: str) -> str:
    """The mean difference of F1 on the same pages, with its 95 % interval (1.96 standard errors)."""
    differences = [page.scores[one].f1 - page.scores[other].f1 for page in pages]
    middle = sum(differences) / len(differences)
    if len(differences) < 2:
        return f"{middle:+.3f}"
    return f"{middle:+.3f} ±{1.96 * stdev(differences) / sqrt(len(differences)):.3f}"


def count_raised(pages: Sequence[PageScores], name: str) -> int:
    """On how many pages an extractor raised."""
    return sum(name in page.raised for page in pages)


def _print_raised(pages: Sequence[PageScores], names: Sequence[str]) -> None:
    counts = {name: count_raised(pages, name) for name in names}
    told = [f"{name} on {count}" for name, count in counts.items() if count]
    print(f"raised an exception, which scores 0: {', '.join(told) or 'none'} of {len(pages)} pages")


def _mean(pages: Sequence[PageScores], name: str) -> Score:
    return mean([page.scores[name] for page in pages])


def _name(set_name: str, page_type: str) -> str:
    return set_name if page_type == "all" else f"  {page_type}"
