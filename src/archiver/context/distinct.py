"""The captures of a site -> its distinct pages: what was captured again, mirrored or printed counts once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from archiver.context.sketch import Sketch

# A capture of which another shows all but this share, by size, is that page again: with a paragraph edited, as a print
# version, under a second address. `python -m bench.templates`: from .1 to .3 F1 of the development pages is the same to
# .003; at .5 pages that keep much of their site's furniture are taken for one another (Chinese -.010).
_OWN = 0.3

# The same for a capture of the same address. Terms of use that are revised keep half of their clauses, and what they
# keep is no template; a column that holds another article each day keeps none. Four contracts of one company (the
# versions' data) lose .004 of F1 at .4 and .5, .001 at .6 and .7; but there pages that change altogether within much
# of their site's furniture are taken for the same (Chinese, each site told to be one address, wins .048, .045, .037
# and .029).
_OWN_AT_ONE_ADDRESS = 0.5


def distinct_pages(sketches: Iterable[Sketch]) -> list[Sketch]:
    """One capture of each distinct page: the one that keeps most. Those that keep nothing are none.

    An address whose body changes altogether counts once for each body. The same in whatever order captures came.
    """
    captures = [(one, kept) for one in sketches if (kept := _kept(one))]
    captures.sort(key=lambda pair: (-sum(pair[1].values()), sorted(pair[1]), pair[0][:3]))
    shown_by = Counter(key for _, kept in captures for key in kept)
    pages: list[Sketch] = []
    kept_of: list[Mapping[int, int]] = []
    showing: defaultdict[int, list[int]] = defaultdict(list)
    at_address: defaultdict[str, list[int]] = defaultdict(list)
    for one, kept in captures:
        size = sum(kept.values())
        elsewhere = dict.fromkeys(place for key in _needed(kept, shown_by, _OWN * size) for place in showing[key])
        if any(_lacking(kept, kept_of[place]) < _OWN * size for place in elsewhere):
            continue
        if any(_lacking(kept, kept_of[place]) < _OWN_AT_ONE_ADDRESS * size for place in at_address[one.page]):
            continue
        at_address[one.page].append(len(pages))
        for key in kept:
            showing[key].append(len(pages))
        pages.append(one)
        kept_of.append(kept)
    return pages


def _kept(one: Sketch) -> dict[int, int]:
    return {block.key: block.size for block in one.blocks if block.keep}


def _needed(kept: Mapping[int, int], shown_by: Mapping[int, int], may_lack: float) -> Iterator[int]:
    """Its rarest blocks, so many that whoever shows the page shows one of them: of the others there is no need to look
    at any page that shows them, which for a site's own are all.
    """
    size = 0
    for key in sorted(kept, key=lambda key: (shown_by[key], key)):
        yield key
        size += kept[key]
        if size >= may_lack:
            return


def _lacking(kept: Mapping[int, int], other: Mapping[int, int]) -> int:
    return sum(size for key, size in kept.items() if key not in other)
