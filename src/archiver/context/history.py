"""The captures of one page -> what each of its blocks is, in the light of all.

Four things are learned, all from sketches and none from the order in which captures came in:

- *vote*: a block that some captures kept and others removed is kept where most kept it; a tie keeps it;
- *counter*: a short block whose numbers change from capture to capture (readers today, minutes ago) is removed;
- *flicker*: a block that comes and goes again and again (one of several banners, a quote of the day) is removed;
- *churn*: what stands in a place that always holds something else (related stories, latest headlines) is removed.

The last three need a page that otherwise stands still: they never take more than a small share of it, so a front page
or a ticker, which is nothing but change, is left alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from archiver.context.sketch import Seen, Sketch
from archiver.context.verdicts import context_of
from archiver.model import Context, Verdict

# Fewer pairs of captures than this say nothing about what changes each time: of two captures of a page that changed
# once everything that changed "changes each time".
_LEAST_PAIRS = 4

# A counter's numbers change in more than this share of the pairs of captures that follow one another.
_OFTEN = 0.5

# Longer blocks with a number in them are sentences, and the number is news ("The lake stands at 317 m").
_LONGEST_COUNTER = 120

# A text put in, taken out and put in again changed three times: an edit that was undone. Four is a pattern.
_LEAST_TURNS = 4

# What comes and goes may be this share of what a capture keeps, no more: beyond it the page itself is what changes. A
# choice, not a measurement: in the development captures only 32 blocks rotate.
_MOST_ROTATING = 0.2

# How sure the rules are. Of the characters that votes put back on the development captures 91 % stand in the versions
# that people cut out by hand. Those pages, terms and policies, show next to nothing that rotates: .7 is a guess.
_VOTE, _ROTATES = 0.91, 0.7

# A capture that shows less than this share of what most captures show is another page (an error, a login, a shell), and
# one that follows another design; nothing in it has come or gone.
_SAME_PAGE = 0.3

# In a place that churns nothing stays longer than this many captures in the middle.
_SHORT_LIVED = 2


def history(sketches: Iterable[Sketch]) -> Context:
    """What the captures of one page say of its blocks. Nothing from fewer than two."""
    ordered = sorted(set(sketches), key=lambda one: (one.time, one.id))
    if len(ordered) < 2:
        return context_of({})
    verdicts = _vote(ordered)
    dated = [one for one in ordered if one.time]
    for span in _spans(dated):
        verdicts.update(_rotating(span))
    return context_of(verdicts)


def _vote(sketches: Sequence[Sketch]) -> dict[int, Verdict]:
    present: Counter[int] = Counter()
    kept: Counter[int] = Counter()
    kinds: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for one in sketches:
        keeps: dict[int, bool] = {}
        for block in one.blocks:
            keeps[block.key] = keeps.get(block.key, False) or block.keep
            if not block.keep:
                kinds[block.key][block.kind] += 1
        present.update(keeps.keys())
        kept.update(key for key, keep in keeps.items() if keep)
    verdicts = {}
    for key, count in present.items():
        if count < 2:
            continue
        if 2 * kept[key] >= count:
            verdicts[key] = Verdict.keeping("history:vote", "most captures of this page keep it", _VOTE)
        else:
            # The most frequent kind; of equals the first by name, whatever the order of captures.
            kind = min(kinds[key].items(), key=lambda item: (-item[1], item[0]))[0]
            verdicts[key] = Verdict.removing(kind, "history:vote", "most captures of this page remove it", _VOTE)
    return verdicts


def _spans(sketches: Sequence[Sketch]) -> list[list[Sketch]]:
    """The captures that show the same page in the same design, in time order; others are in none."""
    spans: list[list[Sketch]] = []
    rest = list(sketches)
    while len(rest) > _LEAST_PAIRS:
        common = common_of(rest)
        span = [one for one in rest if share_shown(one, common) >= _SAME_PAGE]
        if len(span) <= _LEAST_PAIRS:
            break
        spans.append(span)
        held = set(span)
        rest = [one for one in rest if one not in held]
    return spans


def common_of(sketches: Sequence[Sketch]) -> dict[int, int]:
    """Key -> size of what the largest group of captures share: the kept blocks that most frequently stand there."""
    counts: Counter[int] = Counter()
    sizes: dict[int, int] = {}
    for one in sketches:
        kept = {block.key: block.size for block in one.blocks if block.keep}
        counts.update(kept.keys())
        sizes.update(kept)
    if not counts:
        return {}
    most = max(counts.values())
    return {key: sizes[key] for key, count in counts.items() if 2 * count >= most}


def share_shown(one: Sketch, common: Mapping[int, int]) -> float:
    """How much of the common a capture shows, by size."""
    total = sum(common.values())
    keys = {block.key for block in one.blocks}
    return sum(size for key, size in common.items() if key in keys) / total if total else 0.0


def _rotating(span: Sequence[Sketch]) -> dict[int, Verdict]:
    """What rotates in a span, when it is a small share of each capture."""
    found: dict[int, Verdict] = {}
    for name, keys in (("counter", _counters(span)), ("flicker", _flickers(span)), ("churn", _churns(span))):
        if keys and _is_small(span, keys | found.keys()):
            found.update(
                dict.fromkeys(keys, Verdict.removing("boilerplate", f"history:{name}", _EVIDENCE[name], _ROTATES))
            )
    return found


_EVIDENCE = {
    "counter": "its numbers change from capture to capture of this page",
    "flicker": "it comes and goes from capture to capture of this page",
    "churn": "its place holds something else in every other capture of this page",
}


def _is_small(span: Sequence[Sketch], keys: Iterable[int]) -> bool:
    wanted = set(keys)
    return all(
        sum(block.size for block in one.blocks if block.keep and block.key in wanted) <= _MOST_ROTATING * one.kept()
        for one in span
    )


def _counters(span: Sequence[Sketch]) -> set[int]:
    pairs: Counter[int] = Counter()
    changed: Counter[int] = Counter()
    short: set[int] = set()
    for before, after in pairwise(map(_by_key, span)):
        for key in before.keys() & after.keys():
            pairs[key] += 1
            changed[key] += before[key].exact != after[key].exact
            if after[key].size <= _LONGEST_COUNTER:
                short.add(key)
    return {key for key in short if pairs[key] >= _LEAST_PAIRS and changed[key] > _OFTEN * pairs[key]}


def _flickers(span: Sequence[Sketch]) -> set[int]:
    turns: Counter[int] = Counter()
    kept: set[int] = set()
    for before, after in pairwise(map(_by_key, span)):
        turns.update(before.keys() ^ after.keys())
    for one in span:
        kept.update(block.key for block in one.blocks if block.keep)
    return {key for key, count in turns.items() if count >= _LEAST_TURNS and key in kept}


def _churns(span: Sequence[Sketch]) -> set[int]:
    """The blocks of places that hold something else each time. A place is what follows a block that stays."""
    counts = Counter(key for one in span for key in _by_key(one))
    # Behind it something may churn: it stands in three of four captures.
    anchors = {key for key, count in counts.items() if 4 * count >= 3 * len(span)}
    places: defaultdict[int, list[set[int]]] = defaultdict(list)
    for one in span:
        held: defaultdict[int, set[int]] = defaultdict(set)
        place = 0
        for block in one.blocks:
            if block.key in anchors:
                place = block.key
                held[place] |= set()
            elif block.keep:
                held[place].add(block.key)
        for key, keys in held.items():
            places[key].append(keys)
    found: set[int] = set()
    for contents in places.values():
        changes = sum(before != after for before, after in pairwise(contents))
        if changes >= _LEAST_PAIRS and changes > _OFTEN * (len(contents) - 1) and _is_short_lived(contents):
            found |= set().union(*contents)
    return found


def _is_short_lived(contents: Sequence[set[int]]) -> bool:
    """Whether what came also went: in a live blog it stays, and the place only grows."""
    lives = Counter(key for keys in contents for key in keys)
    ended = [count for key, count in lives.items() if key not in contents[-1]]
    middle = sorted(lives.values())[len(lives) // 2]
    return 2 * len(ended) > len(lives) and middle <= _SHORT_LIVED


def _by_key(one: Sketch) -> dict[int, Seen]:
    """The blocks by key; of several the kept one."""
    found: dict[int, Seen] = {}
    for block in one.blocks:
        if block.key not in found or block.keep:
            found[block.key] = block
    return found
