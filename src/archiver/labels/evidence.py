"""Why the classifier removed a block, in words: the reasons that weighed most against it.

A tree's answer grows question by question: what the mean of the leaves that are still open moves by at a question is
that question's doing (Saabas, "Interpreting random forests", 2014). The questions are about features, the features
belong to reasons, and a reason is told with the block's own numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from archiver.labels.features.regions import FLAGS
from archiver.labels.features.table import NamedRows
from archiver.labels.forest import Forest
from archiver.model import Block, Element

# Of FLAGS, those that say something to a person.
_SPEAKING = frozenset("footer header nav aside form table list dialog figure button quote review".split())


class Seen(NamedTuple):
    """A block as the classifier saw it."""

    block: Block
    """The block."""

    element: Element | None
    """The element it stands in; None in plain text."""

    rows: NamedRows
    """The page's features by name."""

    place: int
    """Which column of them is the block's."""

    def value(self, name: str) -> float:
        """One feature of the block: the shortest decimal that its 32 bits may stand for, so that 0.015 is 2 %."""
        return float(str(self.rows[name][self.place]))


def _percent(share: float) -> str:
    return f"{round(100 * min(max(share, 0.0), 1.0))} %"


def _links(seen: Seen) -> str:
    return f"{_percent(seen.value('link_share'))} of it is links"


def _text(seen: Seen) -> str:
    size = int(seen.value("size"))
    return f"reads as sentences ({size} letters)" if seen.value("prose") else f"no sentence ({size} letters)"


def _markup(seen: Seen) -> str:
    hidden = f", not shown ({seen.block.hidden})" if seen.block.hidden else ""
    return f"a {seen.block.kind} in <{seen.element.tag}>{hidden}" if seen.element else f"a {seen.block.kind}"


def _neighbours(seen: Seen) -> str:
    return f"{_percent(seen.value('w5_goodshare'))} of the text around it is sentences"


def _place(seen: Seen) -> str:
    return f"{_percent(seen.value('good_before_share'))} of the page's sentences stand before it"


def _headline(seen: Seen) -> str:
    if not seen.value("has_headline"):
        return "the page has no headline"
    distance = int(seen.value("to_headline"))
    return f"{abs(distance)} blocks {'before' if distance < 0 else 'after'} the headline"


def _inside(seen: Seen) -> str:
    around = [flag for flag in FLAGS if flag in _SPEAKING and seen.value(f"in_{flag}")]
    return f"inside {', '.join(around)}" if around else "in no part that says what it is"


def _region(seen: Seen) -> str:
    share, links = seen.value("a2_goodpage"), seen.value("a2_link")
    return f"its part of the page holds {_percent(share)} of the sentences and is {_percent(links)} links"


def _alike(seen: Seen) -> str:
    count, links = int(seen.value("s_count")), seen.value("s_link")
    if count == 1:
        return "nothing else is marked up like it"
    return f"{count} blocks are marked up like it, {_percent(links)} of them links"


def _main(seen: Seen) -> str:
    side = "in" if seen.value("main75") else "outside"
    return f"{side} the part that holds three quarters of the sentences"


def _run(seen: Seen) -> str:
    lines, share = int(seen.value("rg1_count")), seen.value("rg1_good")
    return f"in a run of {lines} lines, {_percent(share)} of them sentences"


def _stretch(seen: Seen) -> str:
    side = "in" if seen.value("cs_inside") else "outside"
    return f"{side} the stretch of lines where sentences outweigh the rest"


def _shape(seen: Seen) -> str:
    return f"{int(seen.value('kgs_count'))} lines are of its length and shape"


def _first_look(seen: Seen) -> str:
    return f"looks {int(seen.value('p'))} % like content by itself"


def _look_beside(seen: Seen) -> str:
    return f"what stands beside it looks {round(seen.value('p_w4'))} % like content"


def _look_around(seen: Seen) -> str:
    return f"its part of the page looks {round(seen.value('p_region1'))} % like content"


def _look_main(seen: Seen) -> str:
    side = "in" if seen.value("p_main75") else "outside"
    return f"{side} the part that holds three quarters of what looks like content"


def _look_alike(seen: Seen) -> str:
    return f"what is marked up like it looks {round(seen.value('p_sp'))} % like content"


def _copy(seen: Seen) -> str:
    return f"its text stands {int(seen.value('dup_count'))} times on the page"


# The features of each reason, by the beginnings of their names: the longest that fits counts. What kind of page it is
# gives no reason to remove this block rather than that.
_REASONS: tuple[tuple[Callable[[Seen], str], str], ...] = (
    (_links, "linked nlinks link_share"),
    (
        _text,
        "size digits_share upper_share punct_share commas stops ended first_upper words word_length prose line_breaks "
        "colon capital_share short_share separators signs word_size",
    ),
    (_markup, "kind level hidden tag parent_tag grand_tag childless depth gap"),
    (_copy, "dup_ folded_count"),
    (
        _neighbours,
        "w2_ w5_ w12_ n- n1_ n2_ n3_ since_ until_ last_level good_since_heading section_ shared_ t8 t20 t40 gap_after",
    ),
    (_place, "place good_before good_after size_before index"),
    (_headline, "to_headline is_headline has_headline to_h1 good_since_headline"),
    (_inside, "in_ landmark"),
    (_region, "a0_ a1_ a2_ a3_ a4_ a5_"),
    (_alike, "s_ sp_ st_"),
    (_main, "main50 main75 main90"),
    (_run, "rg1 rsh rs30 rs100"),
    (_stretch, "c15_ c50_ c150_ c400_ cs_ cl_ to_longest same_indent"),
    (_shape, "ki_ kig_ kgs_ shape indent change l-1_ l1_"),
    (_first_look, "p"),
    (_look_beside, "p_n p_w p_most"),
    (_look_around, "p_region p_blocks"),
    (_look_main, "p_main"),
    (_look_alike, "p_s p_sp"),
)
# From here on they tell what the first look thought, which weighs most and explains least: one of each kind is told.
_FIRST_LOOK = len(_REASONS) - 5
_OF_THE_PAGE = "p_page p_decided prose_blocks ended_lines gaps indented"
_BEGINNINGS = [(beginning, group) for group, (_, names) in enumerate(_REASONS) for beginning in names.split()]
_BEGINNINGS += [(name, -1) for name in _OF_THE_PAGE.split()]


class Reasons:
    """How much each reason counts at each leaf of a forest: made once a forest, asked for every page."""

    def __init__(self, forest: Forest) -> None:
        groups = np.array([_reason_of(name) for name in forest.features], np.intp)[forest.asked]
        trees, depth = forest.asked.shape
        patterns = np.arange(1 << depth)
        # Per tree and leaf the doing of each reason; the last column is for questions without one.
        doing = np.zeros((trees, 1 << depth, len(_REASONS) + 1), np.int32)
        rows = np.arange(trees)
        before = np.broadcast_to(forest.leaves.sum(axis=1, dtype=np.int64)[:, None] >> depth, forest.leaves.shape)
        for question in range(depth):
            # The mean of the leaves that share the first answers, in whole numbers; leaves lie by the first lowest.
            known = question + 1
            grouped = forest.leaves.reshape(trees, -1, 1 << known).sum(axis=1, dtype=np.int64) >> (depth - known)
            after = grouped[:, patterns & ((1 << known) - 1)]
            doing[rows[:, None], patterns, groups[:, question, None]] += (after - before).astype(np.int32)
            before = after
        # In 16 bits where no sum over the trees is beyond them: half of the time that 32 take.
        most = int(np.abs(doing).max(axis=1).sum(axis=0).max())
        narrow = np.int16 if most <= np.iinfo(np.int16).max else np.int32
        self._doing = doing.reshape(-1, len(_REASONS) + 1).astype(narrow)

    def against(self, leaves: NDArray[np.intp]) -> list[list[int]]:
        """For each block the reason on the page and that of the first look that weighed most against it, if any did.

        By their numbers; `leaves` are `Forest.find_leaves` of the blocks.
        """
        doing = self._doing.take(leaves, axis=0)
        weights = np.add.reduce(doing, axis=0, dtype=doing.dtype)[:, :-1]
        of_page, of_look = weights[:, :_FIRST_LOOK].argmin(axis=1), weights[:, _FIRST_LOOK:].argmin(axis=1)
        heaviest = zip(of_page.tolist(), (of_look + _FIRST_LOOK).tolist(), weights.tolist(), strict=True)
        return [[number for number in (page, look) if weight[number] < 0] for page, look, weight in heaviest]


def _reason_of(name: str) -> int:
    """The reason of a feature, -1 for none.

    >>> _reason_of("link_share"), _reason_of("a1_link"), _reason_of("total")
    (0, 8, -1)
    """
    fitting = [(len(beginning), group) for beginning, group in _BEGINNINGS if name.startswith(beginning)]
    return max(fitting, default=(0, -1))[1]


def tell(numbers: Sequence[int], seen: Seen) -> str:
    """The reasons in words; without one the block goes as its list, table or run does (`evening`)."""
    return "; ".join(_REASONS[number][0](seen) for number in numbers) or "goes with its list, table or run of lines"
