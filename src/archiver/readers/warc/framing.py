"""A tape -> its records one after another: where each lies, what its head says, and its block to be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from archiver.readers.warc.tape import Mark, Tape


class Head(NamedTuple):
    """What stands before a record's block."""

    kind: str
    """WARC's type in lower case (`response`, `revisit` ...); for an ARC's records `response` or `warcinfo`."""

    fields: dict[str, str]
    """The named fields, names in lower case; the first where one is repeated. ARC's have WARC's names."""

    length: int | None
    """The bytes of the block as the head tells them; None when it doesn't, or tells nonsense."""

    notes: tuple[str, ...] = ()
    """What was wrong with it."""


class Syntax(NamedTuple):
    """How records are written."""

    first_line: re.Pattern[bytes]
    """A record's first line, with its end."""

    anywhere: re.Pattern[bytes]
    """The same where a record is looked for among bytes that belong to none."""

    name_of_file: re.Pattern[str]
    """What files are called that hold them."""

    read_head: Callable[[Tape], Head]
    """Reads a head that begins where the tape is."""

    trailer: int
    """The line ends that part a block from the next record, in bytes."""


class Extent(NamedTuple):
    """A record that was read to its end."""

    offset: int
    """Where it begins: stored bytes of the container where `stored`, decoded ones otherwise."""

    length: int | None
    """How many bytes it takes there, to the next record; None when damage hides its end."""

    block: int
    """The true length of the block, in bytes; what was read beyond belongs to other records."""

    fault: str | None
    """What is wrong with the block; None when nothing is."""

    stored: bool = True
    """Whether a reader can begin there; False for a record that shares a compressed member with others."""


class Damage(NamedTuple):
    """Bytes of the container that belong to no record."""

    start: Mark
    """Where they begin."""

    reason: str
    """What is wrong with them."""


# Of a block whose head tells no length, and of what is passed over.
_READ = 256 * 1024

# Where a length is wrong, the true end is found by a second reading. So much is read again in a container; after
# that no length is believed beyond the next line that begins a record (in a compressed one, where to look ahead
# is to decode again: every length is).
_MAX_READ_AGAIN = 4 * 1024 * 1024 * 1024


def frame(tape: Tape, syntax: Syntax) -> Iterator[Record | Damage]:
    """The records of a container in their order, and the damage between them. Raises OSError.

    A record is read before the next is asked for. After damage it goes on with the next line (or compressed
    member) that begins a record.
    """
    reread = 0
    told: str | None = None
    while True:
        gap = tape.find_record()
        if gap.passed or (gap.fault and gap.fault != told):
            passed = f"{gap.passed} bytes that belong to no record" if gap.passed else "a record that can't be read"
            yield Damage(gap.start, f"{passed}: {gap.fault}" if gap.fault else passed)
        if not gap.found:
            return
        record = Record(tape, syntax, trusted=reread < _MAX_READ_AGAIN)
        yield record
        record.close()
        if record.followed_by:
            yield record.followed_by
        reread += record.read_again
        told = record.broken


class Record:
    """A record on the tape; to be read before the next one is asked for."""

    def __init__(self, tape: Tape, syntax: Syntax, *, trusted: bool = True) -> None:
        self.start = tape.mark()
        """Where the record begins."""
        self.head = head = syntax.read_head(tape)
        """What stands before the block."""
        self.broken: str | None = None
        """After `close`: the damage at which the container could not be read on; None when it could."""
        self.followed_by: Damage | None = None
        """After `close`: bytes behind its block that belong to no record; None without them."""
        self.read_again = 0
        """After `close`: how many bytes were read twice."""
        self._tape = tape
        self._trusted = trusted
        self._trailer = syntax.trailer
        self._block = tape.mark()
        self._left = self._believed(head.length)
        self._extent: Extent | None = None

    def read(self, most: int) -> bytes:
        """The next bytes of the block, at most `most`, fewer only at its end. Raises OSError."""
        parts = []
        while most and (data := self._read(most)):
            parts.append(data)
            most -= len(data)
        return b"".join(parts)

    def close(self) -> Extent:
        """Where the record lies and how long it truly is; what is left of its block is passed over. Raises OSError."""
        if self._extent is None:
            while self._read(_READ):
                pass
            self._extent = self._measure()
        return self._extent

    def _read(self, most: int) -> bytes:
        if self._left is None:
            return b"" if self._tape.at_record() else self._tape.read_line(most)
        data = self._tape.read(min(most, self._left)) if self._left else b""
        self._left -= len(data)
        return data

    def _believed(self, length: int | None) -> int | None:
        if length is None or self._trusted or self._tape.codec:
            return length
        self._tape.find_record()
        distance = self._tape.mark().position - self._block.position - self._trailer
        self._tape.rewind(self._block)
        return max(0, min(length, distance))

    def _measure(self) -> Extent:
        tape, told = self._tape, self.head.length
        block = tape.mark().position - self._block.position
        tape.skip_blank()
        ended = tape.member_end() is not None
        self.broken = None if ended else tape.fault
        if self.broken:
            whole = f"{self.broken}, after {block} bytes of {'an unknown number' if told is None else told}"
            return self._extent_to_here(block, self.broken if block == told else whole)
        if told is None:
            return self._extent_to_here(block, "its head tells no length, so it was read up to the next record")
        if block == told and (ended or tape.at_record()):
            return self._extent_to_here(block, None)
        return self._find_end(block, told)

    def _find_end(self, block: int, told: int) -> Extent:
        """The extent of a record whose length is wrong, or which the end of the container cuts short."""
        tape, after = self._tape, self._tape.mark()
        if not tape.at_member() and (self._trusted or not tape.codec):
            self.read_again = block
            tape.rewind(self._block)
        found = tape.find_record().found
        true = max(0, tape.mark().position - self._block.position - (self._trailer if found else 0))
        what = "the next record begins" if found else "the container ends"
        fault = f"its head tells {told} bytes, but {what} after {true}"
        if true > told:
            # The length is too short, or what follows is a record whose first line is damaged: nobody can tell.
            self.followed_by = Damage(after, f"{true - told} bytes that belong to no record")
        # What was read beyond belongs to the records that come next.
        return self._extent_to_here(min(true, told), fault)

    def _extent_to_here(self, block: int, fault: str | None) -> Extent:
        """The extent of a record that ends where the tape is now."""
        start, end = self.start, self._tape.mark()
        if self._tape.codec is None:
            return Extent(start.inside, end.inside - start.inside, block, fault)
        stored_end = end.member if end.member != start.member else self._tape.member_end()
        if start.inside == 0 and (stored_end is not None or self.broken):
            return Extent(start.member, stored_end and stored_end - start.member, block, fault)
        return Extent(start.position, end.position - start.position, block, fault, stored=False)
