"""What is content of what the rules left: the trained classifier.

It sees counts and shares alone (`archiver.labels.features`), so it knows no language, and its model is a table like the
others: `tables/content-*.txt`, each headed by its card. `python -m bench.classifier` makes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from archiver.labels.dated import REVISED_AFTER, REVISED_BEFORE, is_revision_line
from archiver.labels.evening import even_out
from archiver.labels.evidence import Reasons, Seen, tell
from archiver.labels.features import view
from archiver.labels.features.reading import KINDS
from archiver.labels.features.table import NamedRows
from archiver.labels.left_open import left_open
from archiver.labels.looks import Looks, looks_at_markup, looks_at_text
from archiver.model import Document, Favour, Label


class Favouring(NamedTuple):
    """How the limit is sought from which on blocks are kept."""

    lowest: int
    highest: int
    """Between these chances of being content, in percent."""
    recall: float
    """How many times as much what is wanted and lost counts as what is kept and not wanted (the square of F's beta)."""


# Cross-validated F1 of WCXB, of Chinese and of Polish news: from 25 to 35 .879, .954, .900; to 50 .879, .956, .903, but
# on the pages that it was taught by half a hundredth less of recall; one limit for all pages, 40: .878, .956, .905, and
# documentation .920 in place of .934.
FAVOURING: dict[Favour, Favouring] = {
    "precision": Favouring(50, 80, 0.25),
    "balanced": Favouring(25, 35, 1),
    "recall": Favouring(6, 20, 4),
}

# What keeps a block, and how the record says so. People who select a page's text leave out most headlines and captions
# (of 1,392 headlines in WCXB 219 are in the reference, of 1,569 captions 175), so the model does. An archive wants
# them: keeping them costs WCXB .002 of F1.
KEPT = {
    "model": "{} % sure to be content",
    "headline": "the page's title, or its first <h1>",
    "caption": "a caption amid the content",
    "revised": "tells when the page was last revised",
}
# Pages carry a copy for print or for narrow screens; short lines may well stand twice.
_REPEATED = "stands on the page before, word for word"
# The features of a block take 5 KB: beyond this a page of a few megabytes ("<li>" a million times) would fill the
# memory. The longest of 2,243 development pages has 2,641. Such a page is kept whole, and its record doubts it.
_MOST_BLOCKS = 50_000
# An order of trust: what these rules say is not in doubt, whether it is wanted is.
_SURE = 0.9

# Why a browser does not show a text: such a text is removed as `hidden`, not as boilerplate.
_UNSHOWN = frozenset(("hidden", "style", "noscript", "template", "fallback"))


_UNJUDGED = Label.content("content:unjudged", f"more than {_MOST_BLOCKS} blocks on the page: too many to judge", 0.5)


@cache
def _reasons(looks: Looks) -> Reasons:
    return Reasons(looks.second)


def label_content(document: Document, labels: Mapping[int, Label]) -> dict[int, Label]:
    """A label for every block that has none yet. Raises nothing."""
    page = left_open(document, labels)
    undecided = [place for place, landmark in enumerate(page.landmark) if not landmark]
    if not undecided:
        return {}
    if len(page.blocks) > _MOST_BLOCKS:
        return {page.blocks[place].index: _UNJUDGED for place in undecided}
    seen = view(page)
    looks = looks_at_markup() if seen.tree else looks_at_text()
    judged, leaves = looks.judge(seen)
    rows = seen.table
    percents = even_out(rows, seen.blocks, seen.tree, judged)
    names = decide(rows, seen.blocks.texts, percents, page.document.options.favour)
    removed = [place for place in undecided if names[place] == "removed"]
    reasons = _reasons(looks).against(leaves[:, removed])
    found = {page.blocks[place].index: _by_rule(names[place], percents[place]) for place in undecided}
    for place, numbers in zip(removed, reasons, strict=True):
        block = page.blocks[place]
        element = document.elements[block.element] if seen.tree else None
        removal = Seen(block, element, rows, place)
        found[block.index] = _removal(removal, percents[place], numbers)
    return found


def find_limit(percents: NDArray[np.int64], sizes: NDArray[np.float64], favouring: Favouring) -> int:
    """The chance in percent from which on blocks are kept so that the page's expected F is highest.

    Expected is as much of each block as its chance says (Lipton, Elkan and Naryanaswamy, "Optimal Thresholding of
    Classifiers to Maximize F1 Measure", ECML 2014).
    """
    expected = percents * sizes
    total = int(expected.sum())
    order = np.argsort(-percents, kind="stable")
    wanted = 100 * np.cumsum(sizes[order]) + favouring.recall * total
    best = int(np.argmax(np.cumsum(expected[order]) / wanted))
    return min(max(int(percents[order[best]]), favouring.lowest), favouring.highest)


def decide(rows: NamedRows, texts: Sequence[str], percents: Sequence[int], favour: Favour) -> list[str]:
    """For each block what keeps it, a key of KEPT, or else `removed` or `repeated`.

    `rows` are the page's features, `percents` the chances of being content.
    """
    undecided = rows["landmark"] == 0
    chances = np.array(percents, np.int64) * undecided
    kept = undecided & (chances >= find_limit(chances, rows["size"].astype(np.float64), FAVOURING[favour]))
    found = ["removed"] * len(kept)
    places = np.flatnonzero(kept).tolist()
    if not places:
        return found
    # Plain text has no headline that says that it is one.
    headline = np.flatnonzero((rows["is_headline"] > 0) & undecided).tolist() if "is_headline" in rows else []
    first, last = min(places + headline), max(places + headline)
    for place in np.flatnonzero(rows["kind"] == KINDS["caption"]).tolist():
        if first < place < last and undecided[place]:
            found[place] = "caption"
    # A date has digits.
    dated = slice(max(0, first - REVISED_BEFORE), last + REVISED_AFTER)
    for place in (np.flatnonzero((rows["digits_share"] > 0)[dated] & undecided[dated]) + dated.start).tolist():
        if is_revision_line(texts[place]):
            found[place] = "revised"
    # The second copy has other spaces, at times: a Polish weekly of 2012 has one with no-break spaces behind short
    # words, for print, and one without.
    copies = _find_copies([" ".join(texts[place].split()) for place in places], (rows["prose"][kept] > 0).tolist())
    for place, is_copy in zip(places, copies, strict=True):
        found[place] = "repeated" if is_copy else "model"
    for place in headline:
        found[place] = "headline"
    return found


def _find_copies(texts: Sequence[str], prose: Sequence[bool]) -> list[bool]:
    """Which of the texts belong to a copy of others: prose that stands before, right before or with the same text
    beside it in both places.

    A sentence that is said of two things is none ("This option is available only when ...", in Exim's manual): to take
    all that stand before for copies costs documentation .0008 of F1, Chinese .0004, CleanPortalEval .0011.

    >>> _find_copies("once more again once other once more once once".split(), [True] * 9)
    [False, False, False, False, False, True, True, False, True]
    """
    first: dict[str, int] = {}
    found = []
    for place, text in enumerate(texts):
        earlier = first.setdefault(text, place)
        beside = any(
            texts[earlier + step] == texts[place + step]
            for step in (-1, 1)
            if earlier + step >= 0 and place + step < len(texts)
        )
        found.append(prose[place] and earlier < place and (beside or texts[place - 1] == text))
    return found


@cache
def _by_rule(name: str, percent: int) -> Label:
    if name in KEPT:
        return Label.content(f"content:{name}", KEPT[name].format(percent), percent / 100 if name == "model" else _SURE)
    return Label.removal("boilerplate", f"content:{name}", _REPEATED, _SURE)


def _removal(seen: Seen, percent: int, reasons: list[int]) -> Label:
    kind = "hidden" if seen.block.hidden in _UNSHOWN else "boilerplate"
    return Label.removal(kind, "content:model", f"{percent} % content: {tell(reasons, seen)}", (100 - percent) / 100)
