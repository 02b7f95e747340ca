"""What A has lost and B has gained -> what only moved, to the letter or nearly so."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

from archiver.diff.pairing import similarity
from archiver.diff.passages import Pair, Reading, follows
from archiver.diff.sentences import Sentence, Span

# A sentence of fewer words that stands elsewhere can do so by chance ("Read more", "Yes."): it counts as moved only
# when it is the one thing of its kind that was lost, and the one that was gained.
LEAST_WORDS = 4

# Of the words of both sentences, how many must be shared for one to be the other, moved and edited. Higher than for
# neighbours, since any two sentences are compared here: of sentences of 10 to 20 words, 0 to 31 in a million pairs from
# different pages come up to it; and 97 % of those of which two words in ten were replaced, 82 % with three in ten. Of
# shorter ones too many do by chance (4 or 5 words: 41 in a million in English, 321 in Polish).
_SIMILAR_ELSEWHERE = 0.6
_LEAST_WORDS_EDITED = 6

# A word that more of the gained sentences have tells nothing of where a sentence went; and so the search stays within
# this many looks a word.
_MOST_PLACES = 32
# So many small sentences can together weigh less than a long one; beyond that it is no matter of one that moved.
_MOST_PASSED = 8

# Of the sentences that share its rare words, those with the most are compared.
_MOST_COMPARED = 3


def find_moved(lost: Sequence[Sentence], gained: Sequence[Sentence], a: Reading, b: Reading, least: int) -> list[Pair]:
    """Pairs of sentences with the same words and at least `least` of them, whatever white space is between, in the
    order of A. First what is lost once and gained once, then the first of a kind with the first; and each time what
    stands beside it on both sides, however short (Heckel 1978).
    """
    search = _Search(lost, gained, [a.key(sentence) for sentence in lost], [b.key(sentence) for sentence in gained])
    places_a, places_b = _places(search.keys_a), _places(search.keys_b)
    both = [(places, places_b[key]) for key, places in places_a.items() if key in places_b]
    single = [(ours[0], theirs[0]) for ours, theirs in both if len(ours) == len(theirs) == 1]
    repeated = chain.from_iterable(zip(ours, theirs, strict=False) for ours, theirs in both)
    for i, j in single:
        if len(a.spoken(lost[i])) >= least:
            search.grow(i, j)
    for i, j in repeated:
        if len(a.spoken(lost[i])) >= LEAST_WORDS:
            search.grow(i, j)
    return [Pair((lost[i],), (gained[j],)) for i, j in sorted(search.moved.items())]


def find_moved_edited(lost: Sequence[Sentence], gained: Sequence[Sentence], a: Reading, b: Reading) -> list[Pair]:
    """Pairs of sentences with most of their words in common, the most similar first chosen, in the order of A."""
    candidates = sorted(_candidates(lost, gained, a, b), key=lambda row: (-row[0], row[1], row[2]))
    moved: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in candidates:
        if i not in moved and j not in taken:
            moved[i] = j
            taken.add(j)
    return [Pair((lost[i],), (gained[j],)) for i, j in sorted(moved.items())]


def joined(pairs: Sequence[Pair]) -> list[Pair]:
    """Pairs that follow each other within a block on both sides as one."""
    groups: list[Pair] = []
    for pair in sorted(pairs):
        last = groups[-1] if groups else None
        if last and follows(pair.a[0], last.a[-1]) and follows(pair.b[0], last.b[-1]):
            groups[-1] = Pair(last.a + pair.a, last.b + pair.b)
        else:
            groups.append(pair)
    return groups


def lightest_moved(
    in_place: Sequence[Pair], moved: Sequence[Pair], blocks: Sequence[tuple[Span, Span]]
) -> tuple[list[Pair], list[Pair]]:
    """What stayed and what moved, with as little moved as can be had by turning single moves round.

    "Dogs are welcome." stayed to the letter, and the long sentence before it, edited, seems to have passed it: rather
    the short one has moved. `blocks`, which stayed whole, stay.
    """
    staying = sorted(in_place)
    starts_a, starts_b = [found.a[0].start for found in staying], [found.b[0].start for found in staying]
    block_starts = [start.start for start, _ in blocks], [start.start for _, start in blocks]
    turned: set[Pair] = set()
    passed: list[Pair] = []
    for found in sorted(moved, key=_weight, reverse=True):
        here, there = found.a[0].start, found.b[0].start
        if bisect_right(block_starts[0], here) != bisect_right(block_starts[1], there):
            continue
        first, last = sorted((bisect_right(starts_a, here), bisect_right(starts_b, there)))
        if last - first <= _MOST_PASSED and sum(map(_weight, staying[first:last])) < _weight(found):
            turned.add(found)
            passed += staying[first:last]
            staying[first:last] = [found]
            starts_a[first:last], starts_b[first:last] = [here], [there]
    return staying, [found for found in (*moved, *passed) if found not in turned]


def _weight(found: Pair) -> int:
    return sum(sentence.end - sentence.start for sentence in found.a)


class _Search:
    """Which of the lost is which of the gained, as far as it is known."""

    def __init__(
        self, lost: Sequence[Sentence], gained: Sequence[Sentence], keys_a: Sequence[int], keys_b: Sequence[int]
    ) -> None:
        self.lost, self.gained, self.keys_a, self.keys_b = lost, gained, keys_a, keys_b
        self.moved: dict[int, int] = {}
        self._taken: set[int] = set()

    def grow(self, i: int, j: int) -> None:
        """Takes the two as one, and their neighbours as far as they are equal too."""
        if self._take(i, j):
            for step in (1, -1):
                further_i, further_j = i + step, j + step
                while self._beside(further_i, further_j, step) and self._take(further_i, further_j):
                    further_i, further_j = further_i + step, further_j + step

    def _take(self, i: int, j: int) -> bool:
        if i in self.moved or j in self._taken or self.keys_a[i] != self.keys_b[j]:
            return False
        self.moved[i] = j
        self._taken.add(j)
        return True

    def _beside(self, i: int, j: int, step: int) -> bool:
        """Whether both are there and stand next to the one before in their texts."""
        if not (0 <= i < len(self.lost) and 0 <= j < len(self.gained)):
            return False
        return all(
            follows(*((part[place], part[place - step]) if step > 0 else (part[place - step], part[place])))
            for part, place in ((self.lost, i), (self.gained, j))
        )


def _places(keys: Sequence[int]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        places[key].append(place)
    return places


def _candidates(
    lost: Sequence[Sentence], gained: Sequence[Sentence], a: Reading, b: Reading
) -> Iterator[tuple[float, int, int]]:
    places: dict[int, list[int]] = defaultdict(list)
    for j, sentence in enumerate(gained):
        words = b.spoken(sentence)
        if len(words) >= _LEAST_WORDS_EDITED:
            for word in set(words):
                places[word].append(j)
    for i, sentence in enumerate(lost):
        words = a.spoken(sentence)
        if len(words) >= _LEAST_WORDS_EDITED:
            rare = (places[word] for word in set(words) if len(places.get(word, ())) in range(1, _MOST_PLACES + 1))
            for j, _ in Counter(chain.from_iterable(rare)).most_common(_MOST_COMPARED):
                score = similarity(words, b.spoken(gained[j]))
                if score >= _SIMILAR_ELSEWHERE:
                    yield score, i, j
