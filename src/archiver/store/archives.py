"""The archives of a run: which line each capture gets, and the shard that is being filled.

Captures of one archive come one after another. What is done already is asked for ahead of the filling, which follows
in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from archiver.model import Capture
from archiver.store.catalogue import Catalogue, Row, ShardRow
from archiver.store.files import refused
from archiver.store.keys import Key, origin_of
from archiver.store.places import folder_of
from archiver.store.shards import ENDING, Archive, Keys, ShardWriter, Slot, digest_of_first, place_of_line


class Slots:
    """Gives each capture of a run its line, in the order in which they come."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._archive: Archive | None = None
        self._next = 0
        self._ended: set[str] = set()
        self._shard: tuple[str, ShardRow | None] = ("", None)

    def next(self, capture: Capture) -> Slot | None:
        """The capture's line; None when it is no archive's, and its record stands on its own.

        Raises ValueError when the archive's captures did not come together: a reader's fault.
        """
        if capture.archive is None:
            return None
        origin = origin_of(capture.source, capture.archive, None)
        if self._archive is None or self._archive.origin != origin:
            if origin in self._ended:
                raise ValueError(f"captures of {capture.archive} come after those of another file")
            self._ended.add(origin)
            self._archive, self._next = self._begin(capture, origin), 0
        slot = Slot(self._archive, self._next)
        self._next += 1
        return slot

    def may_stand(self, slot: Slot, maker: str) -> bool:
        """Whether the line may be that of a capture which is done: its shard stands, and this made it."""
        if self._shard[0] != slot.shard:
            self._shard = (slot.shard, self._shard_that_stands(slot.shard))
        shard = self._shard[1]
        return shard is not None and shard.maker == maker

    def standing(self, slot: Slot, key: Key) -> Row | None:
        """What is remembered of the record in the line, when it is this capture's, and its shard stands."""
        if not self.may_stand(slot, key.maker):
            return None
        shard = self._shard[1]
        return self._catalogue.row(slot.place) if shard and Keys(shard.keys).holds(slot.line, key.capture) else None

    def _begin(self, capture: Capture, origin: str) -> Archive:
        """Where its shards go. Another archive of that name has the place when its first capture was another one: two
        crawls of `warcs/rec-0.warc.gz`, cleaned into one folder. One that could not be read has no claim.
        """
        folder = folder_of(capture.source, capture.archive or "")
        first = digest_of_first(capture.body)
        there = self._catalogue.shard(Slot(Archive(folder, origin, first), 0).shard)
        if there and there.first not in ("", first):
            folder = f"{folder}~{first[:16]}"
        return Archive(folder, origin, first)

    def _shard_that_stands(self, path: str) -> ShardRow | None:
        """Its row, when the file is there in the length it had; `check` looks inside."""
        row = self._catalogue.shard(path)
        try:
            return row if row and (self._folder / path).stat().st_size == row.size else None
        except OSError:
            return None


@dataclass(slots=True)
class _Filling:
    """The shard at work."""

    path: str
    writer: ShardWriter
    standing: int
    """Lines of the file that stands there."""
    keys: Keys = field(default_factory=Keys)
    maker: str = ""


class Shards:
    """Fills the shards of one archive after the other. Its methods raise StoreError when the disk refuses, and
    RecordError when a line that should stand is damaged.
    """

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._archive: Archive | None = None
        self._filling: _Filling | None = None
        self._last = ""

    def keep(self, slot: Slot, key: Key) -> None:
        """The slot's line stands, as `Slots.standing` said."""
        filling = self._turn_to(slot)
        with _explained(self._folder / filling.path):
            filling.writer.keep()
        self._note(slot, filling, key)

    def add(self, slot: Slot, line: bytes, key: Key | None) -> None:
        """The slot's line is a new one. Without a key its capture is not done."""
        filling = self._turn_to(slot)
        with _explained(self._folder / filling.path):
            filling.writer.add(line)
        self._note(slot, filling, key)

    def end_archive(self) -> None:
        """All captures of the archive at work have come: takes away the shards after its last one, of an archive that
        was longer once, and finishes that.
        """
        if self._archive:
            self._remove_after(self._filling.path if self._filling else self._last)
        if self._filling:
            self._finish(self._filling)
        self._archive = None

    def abandon(self) -> None:
        """Leaves what stands there, and drops the shard that is not full: more of it may have been to come."""
        if self._filling:
            self._filling.writer.abandon()
        self._archive = self._filling = None

    def _turn_to(self, slot: Slot) -> _Filling:
        if self._archive != slot.archive:
            self.end_archive()
            self._archive = slot.archive
        if self._filling is None:
            known = self._catalogue.shard(slot.shard)
            standing = len(Keys(known.keys)) if known else 0
            self._filling = _Filling(slot.shard, ShardWriter(self._folder / slot.shard), standing)
        return self._filling

    def _note(self, slot: Slot, filling: _Filling, key: Key | None) -> None:
        filling.keys.add(key.capture if key else None)
        filling.maker = key.maker if key else filling.maker
        if slot.is_last:
            self._finish(filling)

    def _finish(self, filling: _Filling) -> None:
        assert self._archive is not None
        path = self._folder / filling.path
        with _explained(path):
            written = filling.writer.finish(filling.standing)
            size = path.stat().st_size
        self._filling, self._last = None, filling.path
        if not written:
            return
        there = {place_of_line(filling.path, line) for line in range(len(filling.keys))}
        for place in self._catalogue.places_in(filling.path):
            if place not in there:
                self._catalogue.forget(place)
        row = ShardRow(filling.path, filling.maker, size, self._archive.first, bytes(filling.keys))
        self._catalogue.remember_shard(row)
        self._catalogue.commit()

    def _remove_after(self, last: str) -> None:
        folder = (self._folder / last).parent
        for path in sorted(folder.glob(f"*{ENDING}")):
            if path.name > Path(last).name:
                with _explained(path):
                    path.unlink()
                self._catalogue.forget_shard(path.relative_to(self._folder).as_posix())


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise refused(path, fault) from fault
