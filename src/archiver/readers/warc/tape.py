"""A container as one run of decoded bytes that is read forward, with walls where a record surely ends."""

from __future__ import annotations

import re
from typing import BinaryIO, NamedTuple

from archiver.readers.compression import find_codec
from archiver.readers.members import Piece, find_codec_inside, read_pieces


class Mark(NamedTuple):
    """A place on the tape that can be found again."""

    member: int
    """Where a member is stored, from whose first byte on `inside` counts; 0 in a plain file."""

    inside: int
    """Decoded bytes from there to the place."""

    position: int
    """Decoded bytes of the whole container before it; where damage was, what came out before it counts."""


class Gap(NamedTuple):
    """What was passed over on the way to the next record."""

    start: Mark
    """Where it begins."""

    passed: int
    """Its bytes, white space and zeros not counted."""

    fault: str | None
    """Why the compression could not be undone there; None when it could."""

    found: bool
    """Whether a record begins after it; False at the end of the container."""


# Enough to tell a record by its first line: an ARC's is an address (2,083 bytes at most in Heritrix) and four fields.
_FIRST_LINE = 4096

_BLANK = b"\0\t\n\r "


class Tape:
    """Reads forward. Nothing is read over a wall: the end, damage, or a member that begins a record."""

    def __init__(self, stream: BinaryIO, first_line: re.Pattern[bytes], anywhere: re.Pattern[bytes]) -> None:
        """`stream` can seek; `first_line` matches the first line of a record, and `anywhere` does so among rubbish.

        A file whose very first bytes are damaged is taken for compressed where a member that begins a record is
        found in it. Raises OSError.
        """
        self._stream = stream
        self._first_line = first_line
        self._anywhere = anywhere
        self.codec, first = find_codec(stream)
        self._go(Mark(first, 0, 0))
        if self.codec is None and not self._is_record():
            self.codec = find_codec_inside(stream, self._begins_record)
            self._go(Mark(0, 0, 0))

    def _go(self, mark: Mark) -> None:
        """Makes `mark`, which must be a member's first byte or lie in a plain file, the place of the tape."""
        self._data, self._at, self._base = b"", 0, mark
        self._end: int | None = None
        self._held: Piece | None = None
        self._fault: str | None = None
        self._rubbish: int | None = None
        self._ended = False
        place = mark.member if self.codec else mark.inside
        self._pieces = read_pieces(self._stream, self.codec, place, self._begins_record)

    def rewind(self, mark: Mark) -> None:
        """Goes to a mark; in a compressed container the member is decoded again. Raises OSError."""
        if self.codec is None:
            self._go(mark)
            return
        self._go(Mark(mark.member, 0, mark.position - mark.inside))
        if self._more() is False and self._held:
            self._take_held()
        self.skip(mark.inside)

    def mark(self) -> Mark:
        """Where the tape is."""
        return Mark(self._base.member, self._base.inside + self._at, self._base.position + self._at)

    @property
    def fault(self) -> str | None:
        """At a wall of damage, what is damaged; None elsewhere."""
        return self._fault if self._at == len(self._data) else None

    def at_member(self) -> bool:
        """Whether a compressed member that begins a record comes next. Raises OSError."""
        while self._at == len(self._data) and self._more():
            pass
        return self._at == len(self._data) and self._held is not None

    def member_end(self) -> int | None:
        """At the end of a member (or of a plain file), one past its last stored byte; None elsewhere."""
        while self._at == len(self._data) and self._end is None and self._more():
            pass
        return self._end if self._at == len(self._data) else None

    def read(self, most: int) -> bytes:
        """The next bytes, as many as are at hand, at most `most`; b"" at a wall. Raises OSError."""
        while self._at == len(self._data):
            if not self._more():
                return b""
        data = self._data[self._at : self._at + most]
        self._at += len(data)
        return data

    def read_line(self, most: int) -> bytes:
        """The next line with its end; without one at a wall, or where it is longer than `most`. Raises OSError."""
        line = b""
        while len(line) < most and not line.endswith(b"\n"):
            if self._at == len(self._data) and not self._more():
                break
            end = self._data.find(b"\n", self._at) + 1 or len(self._data)
            line += self.read(min(end - self._at, most - len(line)))
        return line

    def skip(self, most: int) -> int:
        """Passes over at most `most` bytes, up to a wall; how many there were. Raises OSError."""
        left = most
        while left and (data := self.read(left)):
            left -= len(data)
        return most - left

    def skip_blank(self) -> None:
        """Passes over white space and zeros, up to the end of the member. Raises OSError."""
        while self._at < len(self._data) or (self._end is None and self._more()):
            rest = self._data[self._at :].lstrip(_BLANK)
            self._at = len(self._data) - len(rest)
            if rest:
                return

    def at_record(self) -> bool:
        """Whether a record begins here, or here is the end. Raises OSError."""
        if self._is_record():
            return True
        return self._at == len(self._data) and (self._held is not None or self._ended)

    def find_record(self) -> Gap:
        """Goes to the next record, from here on. Raises OSError."""
        self.skip_blank()
        start, passed = self.mark(), 0
        while not self._is_record():
            if self._at == len(self._data):
                return self._pass_wall(start, passed)
            passed += self._pass_to_line()
        return Gap(start, passed, None, found=True)

    def _pass_wall(self, start: Mark, passed: int) -> Gap:
        fault = self._fault
        if self._rubbish is not None and not passed:
            start = Mark(self._rubbish, 0, start.position)
        self._rubbish = None
        while not self._held and not self._ended:
            fault = fault or self._fault
            self._fault = None
            self._more()
        fault = fault or self._fault
        self._fault = None
        if self._held:
            self._take_held()
            return Gap(start, passed, fault, found=True)
        return Gap(start, passed, fault, found=False)

    def _pass_to_line(self) -> int:
        """Goes to the next line that begins a record, or nearer to it; how many bytes were not blank."""
        before = self._at
        found = self._anywhere.search(self._data, before)
        self._at = found.start() if found else max(before, len(self._data) - _FIRST_LINE)
        passed = len(self._data[before : self._at].translate(None, _BLANK))
        if not found and not self._more():
            passed += len(self._data[self._at :].translate(None, _BLANK))
            self._at = len(self._data)
        return passed

    def _is_record(self) -> bool:
        while len(self._data) - self._at < _FIRST_LINE and self._more():
            pass
        return self._first_line.match(self._data, self._at) is not None

    def _begins_record(self, data: bytes) -> bool:
        return self._first_line.match(data) is not None

    def _more(self) -> bool:
        """Puts the next piece behind what is not read yet; False at a wall."""
        if self._held or self._fault or self._ended:
            return False
        piece = next(self._pieces, None)
        if piece is None:
            self._ended = True
            return False
        if piece.begins and self.codec and self._begins_record(piece.data):
            self._held = piece
            return False
        self._base, self._data, self._at = self.mark(), self._data[self._at :] + piece.data, 0
        self._fault = piece.fault
        if piece.fault and piece.begins and not piece.data:
            # Rubbish between members leaves the end of the one before it as it is.
            self._rubbish = piece.member
        else:
            self._end = piece.end
        return True

    def _take_held(self) -> None:
        """Goes over the wall that a member is which begins a record."""
        assert self._held
        piece, self._held = self._held, None
        self._base = Mark(piece.member, 0, self.mark().position)
        self._data, self._at = piece.data, 0
        self._end, self._fault = piece.end, piece.fault
