"""Records that change in the light of others, and are put back where they stand."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from archiver.store.catalogue import Catalogue
from archiver.store.files import refused, write_whole
from archiver.store.packed import Packed
from archiver.store.shards import rewrite, split_place

# What may wait to be written, in bytes: each shard is packed anew once for all that changed in it,
# however many addresses they belong to.
_MOST_WAITING = 64 * 1024 * 1024


class Settling:
    """Collects changed records, address by address, and writes them shard by shard."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._changed: dict[str, Packed] = {}
        self._urlkeys: list[str] = []
        self._bytes = 0

    def settle(self, urlkey: str, changed: dict[str, Packed]) -> None:
        """These records, by place, are all that change at the address. Raises StoreError when the disk refuses, and
        RecordError when a shard is damaged.
        """
        self._changed.update(changed)
        self._urlkeys.append(urlkey)
        self._bytes += sum(len(packed.json) + len(packed.text) for packed in changed.values())
        if self._bytes >= _MOST_WAITING:
            self.flush()

    def flush(self) -> None:
        """Writes what waits. An address is settled when its records are. Raises as `settle` does."""
        shards: defaultdict[str, dict[int, Packed]] = defaultdict(dict)
        for place, packed in self._changed.items():
            line = split_place(place)
            if line:
                shards[line[0]][line[1]] = packed
            else:
                self._write_files(place, packed)
                self._remember(place, packed)
        for shard in sorted(shards):
            self._write_lines(shard, shards[shard])
        self._catalogue.settle(self._urlkeys)
        self._catalogue.commit()
        self._changed, self._urlkeys, self._bytes = {}, [], 0

    def _write_files(self, place: str, packed: Packed) -> None:
        path = self._folder / f"{place}.txt"
        try:
            write_whole(path, packed.text)
            write_whole(path.with_name(path.name.removesuffix(".txt") + ".json"), packed.json)
        except OSError as fault:
            raise refused(path, fault) from fault

    def _write_lines(self, shard: str, lines: dict[int, Packed]) -> None:
        path = self._folder / shard
        try:
            rewrite(path, {line: packed.json for line, packed in lines.items()})
            size = path.stat().st_size
        except OSError as fault:
            raise refused(path, fault) from fault
        for line, packed in lines.items():
            self._remember(f"{shard}#{line + 1}", packed)
        known = self._catalogue.shard(shard)
        if known:
            self._catalogue.remember_shard(known._replace(size=size))

    def _remember(self, place: str, packed: Packed) -> None:
        before = self._catalogue.row(place)
        if before:
            self._catalogue.replace(packed.row._replace(place=place, maker=before.maker))
