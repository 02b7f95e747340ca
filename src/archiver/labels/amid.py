"""Whether a region that is named like one of the site is a part of the text: a box amid its paragraphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from archiver.labels.measured import MeasuredDocument
from archiver.labels.weights import Weights
from archiver.model import Label

# Of its text so much reads as sentences, as that of boxes, quotes and legends does; what a site puts there is links and
# names. Of the 1,296 regions that are called a sidebar or are an <aside> on the development pages 41 read so and stand
# as `is_part_of_the_text` says: 67 % of their text is in the reference, of the others' 2 %. (In Debian's Handbook, made
# from DocBook, 27 % of the text stands in a <div class="sidebar">.)
_READS: Final = 0.8
# Enough with sentences on both sides: 67 % of such text is in the reference, with other text behind it 35 %.
_READS_BETWEEN: Final = 0.5

_NOTHING, _SOMETHING, _PROSE = range(3)


class Surroundings:
    """What stands around the regions of a page, of the blocks without a label."""

    def __init__(
        self, document: MeasuredDocument, labels: Mapping[int, Label], weights: Weights, named: Sequence[bool]
    ) -> None:
        """`named` says of each of the measures' names whether it is that of a region of the site."""
        self._document, self._labels, self._weights, self._named = document, labels, weights, named
        self._free: list[tuple[int, int]] = []
        self._first: list[int] = []
        self._last: list[int] = []

    def is_part_of_the_text(self, index: int, kind: str, removed: Sequence[Label | None]) -> bool:
        """Whether the element reads as sentences and stands just behind a sentence of its parent, or a sidebar between
        anything and one. A sidebar may be the last there: an author puts it beside what it goes with.

        `removed` says of each element before it whether it is in a region of the site.
        """
        prose, text = self._weights.prose[index], self._weights.text[index]
        if not prose or prose < _READS_BETWEEN * text:
            return False
        if not self._first:
            self._look()
        parent = self._document.measures.parents[index]
        before, after = self._first[index] - 1, self._last[index] + 1
        stands = self._kind_of(before, parent), self._kind_of(after, parent)
        if stands[0] and removed[self._free[before][1]] is not None:
            return False
        if stands[1] and self._is_in_a_region(self._free[after][1], parent):
            stands = stands[0], _NOTHING
        if stands == (_PROSE, _PROSE):
            return True
        if kind == "sidebar":
            return prose >= _READS * text and (stands[0] == _PROSE or stands == (_SOMETHING, _PROSE))
        return prose >= _READS * text and stands == (_PROSE, _SOMETHING)

    def _look(self) -> None:
        """Which blocks are free, and for each element the first and the last of them inside."""
        measures = self._document.measures
        self._free = [
            (block.index, block.element) for block in self._document.blocks if block.index not in self._labels
        ]
        self._first, self._last = [len(self._free)] * len(measures.ends), [-1] * len(measures.ends)
        for place, (_, element) in enumerate(self._free):
            if element >= 0:
                self._first[element] = min(self._first[element], place)
                self._last[element] = place
        for element in range(len(measures.ends) - 1, 0, -1):
            parent = measures.parents[element]
            self._first[parent] = min(self._first[parent], self._first[element])
            self._last[parent] = max(self._last[parent], self._last[element])

    def _kind_of(self, place: int, parent: int) -> int:
        """What the free block is that stands there, if it stands in this parent."""
        if parent < 0 or not 0 <= place < len(self._free):
            return _NOTHING
        block, element = self._free[place]
        if not parent <= element < self._document.measures.ends[parent]:
            return _NOTHING
        return _PROSE if self._document.measures.prose[block] else _SOMETHING

    def _is_in_a_region(self, element: int, parent: int) -> bool:
        """Whether it, or what holds it within the parent, is named like one: two footers do not make a text."""
        measures = self._document.measures
        while element > parent:
            if self._named[measures.named[element]]:
                return True
            element = measures.parents[element]
        return False
