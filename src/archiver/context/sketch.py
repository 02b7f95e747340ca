"""A record -> its sketch: what other captures need to know of its blocks, without their texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from archiver.context.pieces import Piece, pieces_alone
from archiver.model import Record

_NUMBER = re.compile(r"\d+(?:[.,'’\u066b\u066c]\d+)*")


class Seen(NamedTuple):
    """A block as one capture shows it, cleaned alone."""

    key: int
    """64 bits of its text, and of how many blocks before it have the same; texts that differ in numbers and white
    space only are the same."""

    exact: int
    """64 bits of its text, numbers and all; the same for texts that differ in white space only."""

    keep: bool
    """Whether it was kept."""

    kind: str
    """As in `Label`."""

    size: int
    """Code points that are not white space."""


class Sketch(NamedTuple):
    """One capture of a page, for comparison with others."""

    time: str
    """The record's timestamp; "" when unknown."""

    id: str
    """The record's id."""

    page: str
    """The record's urlkey; "" when unknown."""

    blocks: tuple[Seen, ...]
    """In reading order, kept and removed; hidden ones, which no reader saw, left out."""

    def kept(self) -> int:
        """The size of all that was kept."""
        return sum(block.size for block in self.blocks if block.keep)


def sketch(record: Record) -> Sketch:
    """The sketch of a record, as if its page had been cleaned alone."""
    rows = ((piece.text, piece.keep, piece.removal[0] if piece.removal else "content") for piece in _shown(record))
    return Sketch(record.timestamp or "", record.id, record.urlkey or "", tuple(see(rows)))


def texts_of(record: Record) -> Iterator[tuple[int, str]]:
    """Key and text of each block of its sketch."""
    texts = [piece.text for piece in _shown(record)]
    return zip(keys_of(texts), texts, strict=True)


def _shown(record: Record) -> list[Piece]:
    return [piece for piece in pieces_alone(record) if not (piece.removal and piece.removal[0] == "hidden")]


def shared(one: Sketch, known: dict[Seen, Seen]) -> Sketch:
    """The same sketch, of the very blocks that are `known` where they are equal; the others are known from then on.
    Captures of a page share nearly all: without it ten thousand of them would be held ten thousand times.
    """
    return one._replace(blocks=tuple(known.setdefault(block, block) for block in one.blocks))


def see(rows: Iterable[tuple[str, bool, str]]) -> Iterator[Seen]:
    """(text, keep, kind) of each block of a page, in order -> the block as others see it."""
    rows = list(rows)
    read = [_read(text) for text, _, _ in rows]
    for (_, keep, kind), text, key in zip(rows, read, _keys(read), strict=True):
        yield Seen(key, text.exact, keep, kind, text.size)


def keys_of(texts: Iterable[str]) -> list[int]:
    """The keys of a page's blocks, given the texts of all in reading order.

    A heading that stands in the list of contents too has two keys: it is kept at one place and removed at the other.

    >>> one, two, again = keys_of(["Read  1,204 times", "Share", "Read 7 times"])
    >>> one == keys_of(["Read 1,388 times"])[0], one == again
    (True, False)
    """
    return list(_keys([_read(text) for text in texts]))


class _Text(NamedTuple):
    """What is seen of a text by itself."""

    plain: str
    """With single spaces, and 0 for each number."""

    key: int
    """Where no block before has the same."""

    exact: int
    """As in `Seen`."""

    size: int
    """As in `Seen`."""


# Captures of a page have nearly all texts in common, and are looked at one after the other: 60 captures of a statement
# of 1,200 blocks were seen in each other's light in two thirds of the time. Longer texts are few, and would fill the
# memory.
_REMEMBERED = 1000


def _read(text: str) -> _Text:
    return _remembered(text) if len(text) <= _REMEMBERED else _look_at(text)


@lru_cache(8192)
def _remembered(text: str) -> _Text:
    return _look_at(text)


def _look_at(text: str) -> _Text:
    words = " ".join(text.split())
    # The commas and dots inside numbers go with them.
    plain = _NUMBER.sub("0", words)
    key = _digest(plain)
    # Most texts have no number: both digests are of the same.
    return _Text(plain, key, key if plain == words else _digest(words), len(words) - words.count(" "))


def _keys(texts: Iterable[_Text]) -> Iterator[int]:
    before: Counter[str] = Counter()
    for text in texts:
        again = before[text.plain]
        before[text.plain] = again + 1
        yield _digest(f"{text.plain}\n{again}") if again else text.key


def _digest(text: str) -> int:
    # 64 bits: in a page of 10,000 blocks two texts share a key once in 370 billion pages.
    return int.from_bytes(blake2b(text.encode("utf-8", "backslashreplace"), digest_size=8).digest(), "big")
