"""Whether a region that is named like one of the site is a part of the text: a box amid its paragraphs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from archiver.labels.measured import MeasuredDocument
from archiver.labels.weights import Weights
from archiver.model import Label

# Of its text so much reads as sentences, as that of boxes, quotes and legends does; what a site puts there is links and
# names. Of the 1,296 regions that are called a sidebar or are an <aside> on the development pages 41 read so and stand
# as `is_part_of_the_text` says: 67 % of their text is in the reference, of the others' 2 %. (In Debian's Handbook, made
# from DocBook, an eighth of the text stands in a <div class="sidebar">.)
_READS: Final = 0.8
# Enough with sentences on both sides.
_READS_BETWEEN: Final = 0.5

_NOTHING, _SOMETHING, _PROSE = range(3)


class Surroundings:
    """The blocks of a page that have no label, by the elements that hold them."""

    def __init__(self, document: MeasuredDocument, labels: Mapping[int, Label], weights: Weights) -> None:
        self._measures, self._weights = document.measures, weights
        self._free = [(block.index, block.element) for block in document.blocks if block.index not in labels]
        ends, parents = document.measures.ends, document.measures.parents
        self._first, self._last = [len(self._free)] * len(ends), [-1] * len(ends)
        for place, (_, element) in enumerate(self._free):
            if element >= 0:
                self._first[element] = min(self._first[element], place)
                self._last[element] = place
        for element in range(len(ends) - 1, 0, -1):
            parent = parents[element]
            self._first[parent] = min(self._first[parent], self._first[element])
            self._last[parent] = max(self._last[parent], self._last[element])

    def is_part_of_the_text(self, index: int, kind: str, removed: list[Label | None]) -> bool:
        """Whether the element reads as sentences and stands just behind a sentence of its parent, or a sidebar between
        anything and one. A sidebar may be the last there: an author puts it beside what it goes with.

        `removed` says of each element before it whether it is in a region of the site.
        """
        parent = self._measures.parents[index]
        before = self._kind_of(self._first[index] - 1, parent, removed)
        after = self._kind_of(self._last[index] + 1, parent, removed)
        if before == after == _PROSE:
            return self._weights.prose[index] >= _READS_BETWEEN * self._weights.text[index]
        if kind == "sidebar":
            stands = before == _PROSE or (before == _SOMETHING and after == _PROSE)
        else:
            stands = before == _PROSE and after == _SOMETHING
        return stands and self._weights.prose[index] >= _READS * self._weights.text[index]

    def _kind_of(self, place: int, parent: int, removed: list[Label | None]) -> int:
        """What the block is that stands there, if it stands in this parent."""
        if parent < 0 or not 0 <= place < len(self._free):
            return _NOTHING
        block, element = self._free[place]
        if not parent <= element < self._measures.ends[parent] or removed[element] is not None:
            return _NOTHING
        return _PROSE if self._measures.prose[block] else _SOMETHING
