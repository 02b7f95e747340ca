"""python -m bench.laws: what must hold on every page, on every page of the development data.

Each page is cleaned twice, in processes that know nothing of one another, in two orders, with two seeds for hashes
(drawn anew in each run and printed, so that a run can be done again). Laws:

    no-bug       clean() raises nothing
    readable     the status is not `failed`
    books        kept + removed = visible, and no part of the record contradicts another (archiver.check)
    round-trip   record -> JSON -> record gives the same record
    same-bytes   the second clean gives the same JSON, to the byte
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from archiver import Capture, Options
from archiver.check import fault_in
from archiver.errors import RecordError
from archiver.model import Record
from archiver.record import from_json, to_json
from archiver.run import clean_guarded
from bench.data import EXTRACTION, VERSIONS, Sample, Share, read
from bench.pool import WORKERS, spread
from bench.report import data_absent, digest_of_program, print_table, print_versions

LAWS = ("no-bug", "readable", "books", "round-trip", "same-bytes")

# The second time the pages come in reversed handfuls of this size: enough to notice state that is carried from page
# to page, few enough to hold in memory.
_HANDFUL = 64
# What PYTHONHASHSEED takes, and short to type.
_SEEDS = 10_000
# A fault of one rule breaks a thousand pages: the first few tell it.
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Job:
    """A worker's share of the pages, and whether this is the second time."""

    share: Share
    again: bool

    @property
    def set(self) -> str:
        """The set, for the progress line."""
        return f"{self.share.set}{' again' if self.again else ''}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one page."""

    set: str
    id: str
    digests: dict[str, str]
    """Of the record's JSON as a whole, under "", and of each of its parts, under its key."""
    status: str
    broken: tuple[tuple[str, str], ...]
    """(law, what was seen), of the laws that one clean can break; the second time only no-bug is asked."""


@dataclass(frozen=True, slots=True)
class Offence:
    """A law broken by a page."""

    law: str
    set: str
    id: str
    what: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The laws over many pages."""

    pages: Counter[str]
    """Set -> how many."""

    statuses: Counter[tuple[str, str]]
    """(set, status) -> how many."""

    offences: tuple[Offence, ...]
    """Ordered by set, then by id."""


def judge(sets: Sequence[str], every: int, seeds: Sequence[int]) -> Verdict:
    """The laws on every `every`-th page of the sets; the two seeds are those of the first and the second clean."""
    first = _clean_all([job for name in sets for job in _jobs(name, every, again=False)], seeds[0])
    # Handed out backwards, the second clean of a share falls to whichever process is free.
    second = _clean_all([job for name in sets[::-1] for job in _jobs(name, every, again=True)], seeds[1])
    offences = []
    for key, outcome in sorted(first.items()):
        seen = {**dict(second[key].broken), **dict(outcome.broken)}
        offences += [Offence(law, *key, what) for law, what in seen.items()]
        parts = [name for name, digest in outcome.digests.items() if second[key].digests.get(name) != digest]
        if parts:
            offences.append(Offence("same-bytes", *key, f"the second clean differs in {' '.join(parts)}".rstrip()))
    pages = Counter(outcome.set for outcome in first.values())
    statuses = Counter((outcome.set, outcome.status) for outcome in first.values())
    return Verdict(pages, statuses, tuple(offences))


def _jobs(name: str, every: int, *, again: bool) -> list[Job]:
    return [Job(Share(name, every, rest, WORKERS), again) for rest in range(WORKERS)]


def _clean_all(jobs: list[Job], seed: int) -> dict[tuple[str, str], Outcome]:
    results = spread(_clean_share, jobs, hash_seed=seed)
    return {(outcome.set, outcome.id): outcome for result in results for outcome in result}


def _clean_share(job: Job) -> list[Outcome]:
    samples: Iterable[Sample] = read(job.share)
    return [_clean_one(sample, job.again) for sample in (_reversed(samples) if job.again else samples)]


def _reversed(samples: Iterable[Sample]) -> Iterator[Sample]:
    waiting = iter(samples)
    while handful := list(islice(waiting, _HANDFUL)):
        yield from reversed(handful)


def _clean_one(sample: Sample, again: bool) -> Outcome:
    capture = Capture(
        sample.html.encode("utf-8", "replace"), sample.url, sample.captured_at, source=sample.set, text=sample.html
    )
    record, sound = clean_guarded(capture, Options())
    stored = to_json(record)
    broken = () if again and sound else tuple(_broken_by(record, sound, stored))
    return Outcome(sample.set, sample.id, _digests_of(stored), record.status, broken)


def _digests_of(stored: str) -> dict[str, str]:
    parts = {name: json.dumps(part) for name, part in json.loads(stored).items()}
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in (*parts.items(), ("", stored))}


def _broken_by(record: Record, sound: bool, stored: str) -> Iterator[tuple[str, str]]:
    if not sound:
        yield "no-bug", record.account.doubts[0]
    elif record.status == "failed":
        yield "readable", "; ".join(record.account.doubts)
    fault = fault_in(record)
    if fault:
        yield "books", fault
    try:
        if from_json(stored) != record:
            yield "round-trip", "the record read back is another"
    except RecordError as error:
        yield "round-trip", str(error)


def print_verdict(verdict: Verdict) -> None:
    """The counts, and the first offenders."""
    head = ["set", "pages", "ok", "partial", "failed", *LAWS]
    rows = []
    for name in (*EXTRACTION, *VERSIONS):
        if name not in verdict.pages:
            continue
        statuses = [str(verdict.statuses[name, status]) for status in ("ok", "partial", "failed")]
        broken = Counter(offence.law for offence in verdict.offences if offence.set == name)
        rows.append([name, str(verdict.pages[name]), *statuses, *(str(broken[law] or "holds") for law in LAWS)])
    print_table(head, rows)
    for offence in verdict.offences[:_SHOWN]:
        print(f"{offence.law} broken by {offence.set} {offence.id}: {offence.what}")
    if len(verdict.offences) > _SHOWN:
        print(f"... and {len(verdict.offences) - _SHOWN} more")


def main(argv: Sequence[str] | None = None) -> int:
    """Prints counts and offenders. 0: all laws hold; 1: one is broken; 2: wrong usage, or no data."""
    everything = [*EXTRACTION, *VERSIONS]
    parser = argparse.ArgumentParser(
        prog="python -m bench.laws", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", nargs="+", choices=everything, default=everything, help="sets to clean")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th page")
    parser.add_argument("--seeds", nargs=2, type=int, metavar=("A", "B"), help="for hashes; drawn when not given")
    chosen = parser.parse_args(argv)
    if data_absent(chosen.sets):
        return 2
    begun_with = digest_of_program()
    seeds = chosen.seeds or random.sample(range(1, _SEEDS), 2)
    verdict = judge(chosen.sets, chosen.every, seeds)
    print_verdict(verdict)
    print(f"--seeds {seeds[0]} {seeds[1]}")
    print_versions(begun_with)
    return 1 if verdict.offences else 0


if __name__ == "__main__":
    sys.exit(main())
