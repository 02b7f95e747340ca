"""python -m bench.versions: which changes are reported over time, beside those that people recorded by hand."""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from archiver import clean
from archiver.addresses import host_of
from archiver.context import Sketch, Template, context_for, history, in_context, joined, sketch, templates
from archiver.model import Record
from archiver.versions import timeline_of
from bench.data import VERSIONS, path_of
from bench.extraction import find_present
from bench.extractors import answer, hush, versions_of
from bench.pool import WORKERS, spread
from bench.report import data_absent, digest_of_program, print_table, print_versions
from bench.scoring import score, words_of

_PEERS = ("trafilatura", "resiliparse", "everything")
_ALONE, _HISTORY, _TIMELINE = "archiver, page alone", "archiver, with history", "archiver versions"
_TEMPLATES = "archiver, history and templates"
_OURS = (_ALONE, _HISTORY, _TEMPLATES, _TIMELINE)

# A version by hand of less than this share of the document's longest is a page that was still loading or refused
# ("Chargement en cours ..."): 154 of the 295 changes are to or from one.
_WHOLE = 0.1


@dataclass(frozen=True, slots=True)
class _Capture:
    """One capture of a document."""

    id: str
    time: datetime
    url: str
    html: str
    version: str | None


@dataclass(frozen=True, slots=True)
class Job:
    """The documents that a worker measures: of those of the set every `workers`-th from `rest`."""

    set: str
    rest: int
    workers: int
    peers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Reported and real changes over pairs of captures that follow one another, and F1 against the versions by hand."""

    true: int = 0
    false: int = 0
    missed: int = 0
    quiet: int = 0
    f1: tuple[float, ...] = ()

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.true + other.true,
            self.false + other.false,
            self.missed + other.missed,
            self.quiet + other.quiet,
            self.f1 + other.f1,
        )

    def row(self, name: str) -> list[str]:
        """The table's line."""
        reported, real = self.true + self.false, self.true + self.missed
        return [
            name,
            str(reported),
            str(self.true),
            f"{self.true / max(real, 1):.3f}",
            f"{self.true / max(reported, 1):.3f}",
            f"{100 * self.false / max(self.false + self.quiet, 1):.2f}",
            f"{sum(self.f1) / max(len(self.f1), 1):.4f}",
        ]


@dataclass(frozen=True, slots=True)
class Document:
    """What was counted of a document: program -> counts, against all versions by hand and against the whole ones."""

    set: str
    name: str
    captures: int
    every: dict[str, Counts]
    whole: dict[str, Counts]
    missed: dict[str, list[str]] = field(default_factory=dict)


def measure(sets: Sequence[str], peers: Sequence[str]) -> list[Document]:
    """The counts of each document of the sets, in the order of their names."""
    jobs = [Job(name, rest, WORKERS, tuple(peers)) for name in sets for rest in range(WORKERS)]
    found = [document for result in spread(_measure_share, jobs) for document in result]
    return sorted(found, key=lambda document: (document.set, document.name))


@dataclass(frozen=True, slots=True)
class _Cleaned:
    """A document, its captures cleaned and seen in each other's light."""

    name: str
    site: str
    versions: list[str | None]
    texts: dict[str, list[str]]
    seen: list[Record]


def _measure_share(job: Job) -> list[Document]:
    hush()
    cleaned = [_clean(job, name, captures) for name, captures in _documents(job)]
    sketches: defaultdict[str, list[Sketch]] = defaultdict(list)
    for document in cleaned:
        sketches[document.site] += map(sketch, document.seen)
    found = {site: templates(site, of_site) for site, of_site in sketches.items()}
    return [_measure(job, document, found[document.site]) for document in cleaned]


def _documents(job: Job) -> Iterator[tuple[str, list[_Capture]]]:
    """Each document with its captures in time order; those of one stand together in the file. All documents of a site
    are one worker's.
    """
    sites: dict[str, int] = {}
    numbers: dict[str, int] = {}
    captures: defaultdict[str, list[_Capture]] = defaultdict(list)
    with lzma.open(path_of(job.set), "rt", encoding="utf-8") as lines:
        for line in lines:
            row: dict[str, Any] = json.loads(line)
            if row["doc"] not in captures:
                yield from captures.items()
                captures.clear()
            # By the site of its first capture: a document may move.
            number = numbers.setdefault(row["doc"], sites.setdefault(host_of(row["url"]), len(sites)))
            if number % job.workers == job.rest:
                time = datetime.fromtimestamp(row["time"], UTC)
                capture = _Capture(f"{row['doc']}#{row['seq']}", time, row["url"], row["html"], row["version"])
                captures[row["doc"]].append(capture)
    yield from captures.items()


def _clean(job: Job, name: str, captures: Sequence[_Capture]) -> _Cleaned:
    texts = {peer: _texts_of(peer, captures) for peer in job.peers}
    records = [clean(capture.html, url=capture.url, captured_at=capture.time) for capture in captures]
    texts[_ALONE] = [record.text for record in records]
    # A document is one page here, though its address may have moved.
    context = history(map(sketch, records))
    seen = [in_context(record, context) for record in records]
    texts[_HISTORY] = texts[_TIMELINE] = [record.text for record in seen]
    return _Cleaned(name, host_of(captures[0].url), [capture.version for capture in captures], texts, seen)


def _measure(job: Job, document: _Cleaned, of_site: Sequence[Template]) -> Document:
    texts = document.texts
    # (What a capture says alone was forgotten by then; what its site says is added to what its page does.)
    of_page = history(map(sketch, document.seen))
    texts[_TEMPLATES] = [
        in_context(record, joined(of_page, context_for(of_site, record))).text for record in document.seen
    ]
    reported = {program: _differing(of) for program, of in texts.items()}
    reported[_TIMELINE] = _changes_in(document.seen)
    longest = max((len(version) for version in document.versions if version), default=0)
    whole = [version if version and len(version) >= _WHOLE * longest else None for version in document.versions]
    return Document(
        job.set,
        document.name,
        len(document.seen),
        {program: count(of, reported[program], document.versions) for program, of in texts.items()},
        {program: count(of, reported[program], whole) for program, of in texts.items()},
    )


def count(texts: Sequence[str], reported: Sequence[bool], versions: Sequence[str | None]) -> Counts:
    """A capture's version is None where nobody recorded one. The first capture has nothing to differ from.

    >>> count(["a", "b", "b", "c"], [False, True, False, True], ["a", "b", None, None])
    Counts(true=1, false=1, missed=0, quiet=1, f1=(1.0, 1.0))
    """
    table = {(reports, real): 0 for reports in (True, False) for real in (True, False)}
    last: list[str] | None = None
    scores = []
    for number, (text, reports, version) in enumerate(zip(texts, reported, versions, strict=True)):
        real = False
        if version is not None:
            words = words_of(version, "")
            real = last is not None and words != last
            last = words
            scores.append(score(text, version, "").f1)
        if number:
            table[reports, real] += 1
    return Counts(table[True, True], table[True, False], table[False, True], table[False, False], tuple(scores))


def _differing(texts: Sequence[str]) -> list[bool]:
    words = [words_of(text, "") for text in texts]
    return [number > 0 and words[number] != words[number - 1] for number in range(len(words))]


def _texts_of(peer: str, captures: Sequence[_Capture]) -> list[str]:
    """The peer's text of each; a page that comes again is not extracted again."""
    return _each_once(captures, lambda capture: answer(peer, capture.html) or "")


def _each_once(captures: Sequence[_Capture], work: Callable[[_Capture], str]) -> list[str]:
    known: dict[bytes, str] = {}
    found = []
    for capture in captures:
        digest = hashlib.sha256(capture.html.encode()).digest()
        if digest not in known:
            known[digest] = work(capture)
        found.append(known[digest])
    return found


def _changes_in(records: Sequence[Record]) -> list[bool]:
    """Whether each capture begins a version of its page, other than the first."""
    begun = {version.place for version in timeline_of(records).versions if version.change is not None}
    return [record.id in begun for record in records]


def _print(
    documents: Sequence[Document], programs: Sequence[str], part: Callable[[Document], dict[str, Counts]]
) -> None:
    rows = []
    for program in programs:
        total = Counts()
        for document in documents:
            total += part(document)[program]
        rows.append(total.row(program))
    print_table(["", "reported", "real ones", "recall", "precision", "false in 100", "F1 of the text"], rows)


def _print_documents(documents: Sequence[Document]) -> None:
    rows = [
        [
            f"{document.set} {document.name}",
            str(document.captures),
            str(counts.true),
            str(counts.false),
            str(counts.missed),
        ]
        for document in documents
        if (counts := document.whole[_TIMELINE]).false or counts.missed
    ]
    print_table([f"where {_TIMELINE} is not right", "captures", "real ones", "false", "missed"], rows)


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the tables. 0: done; 2: wrong usage, or no data."""
    parser = argparse.ArgumentParser(prog="python -m bench.versions", description=__doc__)
    parser.add_argument("--sets", nargs="+", choices=VERSIONS, default=list(VERSIONS), help="sets to measure")
    parser.add_argument("--without-peers", action="store_true", help="this program alone")
    parser.add_argument("--documents", action="store_true", help="also each document that is not right")
    chosen = parser.parse_args(argv)
    if data_absent(chosen.sets):
        return 2
    begun_with = digest_of_program()
    peers = [] if chosen.without_peers else find_present(_PEERS)
    documents = measure(chosen.sets, peers)
    captures = sum(document.captures for document in documents)
    print(f"{captures} captures of {len(documents)} documents; changes against all versions by hand")
    _print(documents, [*peers, *_OURS], lambda document: document.every)
    print("against whole versions (pages that were still loading, and refusals, left out)")
    _print(documents, [*peers, *_OURS], lambda document: document.whole)
    if chosen.documents:
        _print_documents(documents)
    print(", ".join(f"{package} {number}" for package, number in versions_of(peers).items()))
    print_versions(begun_with)
    return 0


if __name__ == "__main__":
    sys.exit(main())
