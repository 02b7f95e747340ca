"""python -m bench.catalogue: a catalogue of 200,000 captures: how long it takes to make and how large it is, how fast
timelines, prefixes, hosts and words are found; and that of 20,000 captures and ten more only the ten are cleaned.

The captures are made: pages of real sentences, the same ones on every machine with the same data.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import archiver
from archiver import Capture, Options, Record
from archiver.record import digest_of, identifier
from archiver.run import run
from archiver.run.cleaning import Cleaning
from archiver.store import CATALOGUE, INDEX, Query, Store, key_of, maker_of, pack
from archiver.urlkeys import urlkey
from bench.data import Share, read
from bench.encoding.texts import sentences, why_absent
from bench.report import data_absent, digest_of_program, print_table, print_versions

_SETS = {"en": "wcxb", "zh": "waddle-zh", "pl": "waddle-pl"}
_CATALOGUES = ("fa", "ar", "ru", "he", "th", "ja")
"""Languages whose sentences are those of Django's message catalogues."""

# A page of a site is captured ten times, and half of the captures find its text unchanged: shares as in the captures of
# Open Terms Archive, where it is more than nine in ten, would make the index smaller.
_CAPTURES_A_PAGE, _UNCHANGED = 10, 0.5
_PAGES_A_HOST = 100
# Characters of a text: between short news and the 7,000 of WCXB's mean.
_SHORTEST, _LONGEST = 500, 6000
_ARCHIVE_CAPTURES = 10_000


@cache
def pools() -> dict[str, list[str]]:
    """Sentences by language."""
    found = {
        language: sorted(
            {line for sample in read(Share(name)) for line in sample.reference.split("\n") if line.strip()}
        )
        for language, name in _SETS.items()
    }
    return found | {language: sentences(language, "utf-8") for language in _CATALOGUES}


def texts_of(page: int, pool: Sequence[str]) -> Iterator[str]:
    """The text of a page at each of its captures."""
    chance = random.Random(page)
    text = ""
    while True:
        if not text or chance.random() >= _UNCHANGED:
            parts, wanted = list[str](), chance.randint(_SHORTEST, _LONGEST)
            while sum(map(len, parts)) < wanted:
                parts.append(chance.choice(pool))
            text = "\n".join(parts)
        yield text


def captures(number: int) -> Iterator[tuple[Capture, str]]:
    """So many captures with their clean texts, as crawls bring them: page by page, once over all sites a month."""
    languages = pools()
    pages = max(1, number // _CAPTURES_A_PAGE)
    texts = [texts_of(page, languages[list(languages)[page % len(languages)]]) for page in range(pages)]
    for position in range(number):
        crawl, page = divmod(position, pages)
        moment = datetime(2015, 1, 1, tzinfo=UTC) + timedelta(days=30 * crawl, seconds=page)
        url = f"https://site-{page // _PAGES_A_HOST}.example.org/section-{page % 7}/{page}.html"
        archive = f"crawl-{position // _ARCHIVE_CAPTURES}.warc.gz"
        text = next(texts[page])
        body = f"{moment} {text[:100]}".encode()
        capture = Capture(body, url=url, captured_at=moment, source="bench", container=archive, offset=position)
        yield replace(capture, archive=archive), text


def record_of(capture: Capture, text: str, pattern: Record) -> Record:
    """The record of such a capture, as the pipeline's but for its blocks: made in a tenth of the time."""
    assert capture.url and capture.captured_at
    timestamp, payload = f"{capture.captured_at:%Y%m%d%H%M%S}", digest_of(capture.body.decode())
    facts = replace(
        pattern.capture, container=capture.container, offset=capture.offset, payload_digest=payload, http_status=200
    )
    key = urlkey(capture.url)
    return replace(
        pattern,
        id=identifier(key, timestamp, payload),
        url=capture.url,
        urlkey=key,
        timestamp=timestamp,
        created=f"{capture.captured_at:%Y-%m-%dT%H:%M:%SZ}",
        source=capture.source,
        capture=facts,
        content=replace(pattern.content, text=text, text_digest=digest_of(text)),
    )


def fill(folder: Path, number: int) -> tuple[float, float, int]:
    """Puts so many records into a store; seconds on the wall and of the processor, and bytes of all texts."""
    pattern = archiver.clean("<title>A page</title><p>A page of a site, as long as it has to be.")
    wall, own, size, maker = 0.0, 0.0, 0, maker_of(Options())
    with Store(folder) as store:
        slots = store.slots()
        for capture, text in captures(number):
            record, key = record_of(capture, text, pattern), key_of(capture, maker)
            size += len(text.encode())
            packed = pack(record, as_line=True)
            begun = perf_counter(), process_time()
            store.enter(packed, key, slots.next(capture))
            wall, own = wall + perf_counter() - begun[0], own + process_time() - begun[1]
        store.end_archive()
    return wall, own, size


def timed(ask: Callable[[str], Iterable[object]], questions: Sequence[str], most: int | None) -> list[str]:
    """A row: how often asked, what the last answer held, milliseconds in the median and at worst."""
    times, found = [], 0
    for question in questions:
        begun = perf_counter()
        found = sum(1 for _ in islice(ask(question), most))
        times.append(1000 * (perf_counter() - begun))
    return [str(len(times)), str(found), f"{median(times):.1f}", f"{max(times):.1f}"]


def ask_all(store: Store, number: int) -> list[list[str]]:
    """A row a kind of question."""
    chance = random.Random(0)
    pages = number // _CAPTURES_A_PAGE
    some = [chance.randrange(pages) for _ in range(200)]
    addresses = [f"www.site-{page // _PAGES_A_HOST}.example.org/section-{page % 7}/{page}.html" for page in some]
    hosts = [f"site-{page // _PAGES_A_HOST}.example.org" for page in some[:50]]
    month = "201503"
    words = {
        "a word of many texts": ["information", "的", "که", "в"],
        "two words": ["water energy", "город сайт", "پایگاه داده"],
        "a rare word": ["zebra", "Gdańsk", "harbour"],
        "a phrase": ['"climate change"', '"one of the"', '"na przykład"'],
        "Chinese, two characters": ["北京", "中国", "经济"],
        "Thai": ["รหัสผ่าน", "ข้อมูล"],
        "a beginning": ["archiv*", "inter*", "прав*"],
    }
    rows = [
        ["timeline of an address", *timed(store.timeline, addresses, None)],
        ["host, all", *timed(lambda host: store.find(Query(host=host)), hosts, None)],
        ["prefix, all", *timed(lambda host: store.find(Query(prefix=f"{host}/section-1*")), hosts, None)],
        ["host, in a month", *timed(lambda host: store.find(Query(host=host, since=month, until=month)), hosts, None)],
        ["everything in a month", *timed(lambda at: store.find(Query(since=at, until=at)), [month], None)],
    ]
    for name, asked in words.items():
        rows.append([f"{name}, best 20", *timed(store.search, asked, 20)])
    of_a_host = Query(host=hosts[0])
    asked = ["information", "的"]
    return [*rows, ["a word, of a host", *timed(lambda word: store.search(word, of_a_host), asked, 20)]]


def _megabytes(path: Path) -> str:
    files = [path] if path.is_file() else [file for file in path.rglob("*.zst") if file.is_file()]
    return f"{sum(file.stat().st_size for file in files) / 1e6:.0f}"


def _step(name: str, wall: float, own: float, number: int) -> list[str]:
    return [name, f"{wall:.1f}", f"{own:.1f}", f"{1000 * own / number:.3f}"]


def measure_catalogue(folder: Path, number: int) -> None:
    """Prints what a catalogue of so many captures takes, and what it gives."""
    store = Store(folder)
    wall, own, size = fill(folder, number)
    steps = [_step("records entered", wall, own, number)]
    catalogue = _megabytes(folder / CATALOGUE)
    (folder / CATALOGUE).unlink()
    for name, ask in (
        ("catalogue made again", lambda: store.timeline("https://site-0.example.org/")),
        ("words indexed", lambda: store.search("harbour")),
    ):
        wall, own = perf_counter(), process_time()
        ask()
        steps.append(_step(name, perf_counter() - wall, process_time() - own, number))
    print_table(["step", "s", "s of the processor", "ms a capture"], steps)
    texts = len({found.text_digest for found in store.find()})
    print(f"{number:,} captures, {texts:,} texts; all texts {size / 1e6:.0f} MB, records {_megabytes(folder)} MB, "
          f"catalogue {catalogue} MB, index of words {_megabytes(folder / INDEX)} MB")  # fmt: skip
    print_table(["question", "asked", "captures", "ms, median", "ms, worst"], ask_all(store, number))


def measure_increment(folder: Path, number: int) -> bool:
    """Cleans so many pages, then as many and ten more; prints what was cleaned, and returns whether it was the ten."""
    cleaned = Counter[str]()

    def counting(source: Capture, /, *, options: Options) -> Record:
        cleaned["pages"] += 1
        return archiver.clean(source, options=options)

    def pages(wanted: int) -> Iterator[Capture]:
        for capture, text in islice(captures(number + 10), wanted):
            # A file of its own, as two files a page are the slower way.
            body = f"<title>A page</title><article><p>{text[:1500]}</article>".encode()
            name = f"{capture.offset}.html"
            yield replace(capture, body=body, archive=None, container=name, content_type="text/html; charset=utf-8")

    rows, before = [], 0
    for wanted in (number, number + 10):
        begun = perf_counter()
        with Store(folder) as store:
            summary = run(pages(wanted), store, Cleaning(Options(), counting))
        seconds, total = perf_counter() - begun, cleaned.total()
        rows.append([f"{wanted:,}", str(total - before), str(summary.done), f"{seconds:.1f}"])
        before = total
    print_table(["captures", "cleaned", "done before", "s"], rows)
    return [row[1] for row in rows] == [str(number), "10"]


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the tables. 0: done; 1: more than what was new was cleaned; 2: wrong usage, or no data."""
    parser = argparse.ArgumentParser(prog="python -m bench.catalogue", description=__doc__)
    parser.add_argument("--captures", type=int, default=200_000, metavar="N", help="in the catalogue (200000)")
    parser.add_argument("--cleaned", type=int, default=20_000, metavar="N", help="cleaned before the ten (20000)")
    chosen = parser.parse_args(argv)
    if absent := why_absent():
        print(absent, file=sys.stderr)
    if absent or data_absent(list(_SETS.values())):
        return 2
    begun_with = digest_of_program()
    # Read once, and not while something else is timed.
    pools()
    with TemporaryDirectory() as folder:
        if chosen.captures:
            measure_catalogue(Path(folder, "catalogue"), chosen.captures)
            sys.stdout.flush()
        right = not chosen.cleaned or measure_increment(Path(folder, "cleaned"), chosen.cleaned)
    print_versions(begun_with)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
