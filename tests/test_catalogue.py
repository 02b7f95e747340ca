"""Captures found by address, host, time and words: of a whole catalogue, a lost one, and one that is being written."""

from __future__ import annotations

import json
import random
import sqlite3
from datetime import UTC, datetime

import pytest

from archiver.cli import main
from archiver.errors import InputError, RecordError, StoreError
from archiver.model import Capture, Options
from archiver.run import run
from archiver.run.cleaning import Cleaning
from archiver.store import CATALOGUE, INDEX, Query, Store
from archiver.store.index import Index
from sample_captures import archived, capture_of, clean

CLEANING = Cleaning(Options(), clean)


def page(url, text, time="20240101100000", **facts):
    moment = datetime.strptime(time, "%Y%m%d%H%M%S").replace(tzinfo=UTC) if time else None
    container = facts.pop("container", f"{len(text)}-{time}.txt")
    return Capture(
        text.encode(),
        url=url,
        captured_at=moment,
        content_type="text/plain",
        source="raw",
        container=container,
        **facts,
    )


PAGES = [
    page("http://example.org/news", "The tide tables\n- menu", "20230101000000"),
    page("https://www.example.org/news?utm_source=feed", "The tide tables\n- other menu", "20230601000000"),
    page("https://example.org/news/", "The tide tables are out of print", "20240101000000"),
    page("https://example.org/news/2024/a", "Harbour news", "20240102000000"),
    page("https://example.org/newsletter", "Write to us", "20240103000000"),
    page("https://example.org:8080/admin", "A door", "20240104000000"),
    page("https://blog.example.org/", "کتاب‌های تازه در کتابخانه ملی", "20240105000000"),
    page("https://example.org.uk/news", "Another harbour", "20240106000000"),
    page("https://notexample.org/news", "今天北京市下雨了", "20240107000000"),
    page("https://news.example.ir/a", "การประชุมจังหวัดเชียงใหม่", None),
    page(None, "A page without an address, at the harbour", None, container="lost.txt"),
    page("https://example.ir/empty", "- nothing but a menu", "20240108000000"),
    page("https://example.ir/broken", "", "20240109000000", unreadable="not a page"),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return filled(tmp_path_factory.mktemp("clean"), PAGES)


def filled(folder, captures):
    with Store(folder) as store:
        run(captures, store, CLEANING)
    return store


def urls(found):
    return [row.url for row in found]


# By address -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/news",
        "https://www.example.org:443/News/?fbclid=1#top",
        "example.org/news",
        "https://web.archive.org/web/2023/http://example.org/news",
    ],
)
def test_a_timeline_is_found_by_any_spelling(store, url):
    timeline = store.timeline(url)
    assert [(row.timestamp, row.url) for row in timeline] == [
        ("20230101000000", "http://example.org/news"),
        ("20230601000000", "https://www.example.org/news?utm_source=feed"),
        ("20240101000000", "https://example.org/news/"),
    ]
    assert timeline[0].text_digest == timeline[1].text_digest != timeline[2].text_digest
    assert [store.get(row.place).content.text_digest for row in timeline] == [row.text_digest for row in timeline]
    assert {row.status for row in timeline} == {"ok"}


def test_an_address_without_captures_has_an_empty_timeline(store):
    assert store.timeline("https://example.org/new") == []


HOST = ["https://example.org/news/2024/a", "https://example.org/newsletter"]
QUERIES = {
    "prefix": (Query(prefix="https://example.org/news*", since="2024"), ["https://example.org/news/", *HOST]),
    "prefix-of-a-folder": (Query(prefix="example.org/news/", since="2024"), ["https://example.org/news/", HOST[0]]),
    "prefix-as-a-key": (Query(prefix="org,example)/news", since="2024"), ["https://example.org/news/", *HOST]),
    "prefix-key-of-hosts": (Query(prefix="org,example,"), ["https://blog.example.org/"]),
    "prefix-of-nothing": (Query(prefix="org,exemple)"), []),
    "host": (
        Query(host="www.Example.org", since="2024"),
        ["https://example.org/news/", *HOST, "https://blog.example.org/", "https://example.org:8080/admin"],
    ),
    "host-with-a-port": (Query(host="example.org:8080"), ["https://example.org:8080/admin"]),
    "host-as-a-pattern": (
        Query(host="*.example.ir", until="9999"),
        ["https://example.ir/broken", "https://example.ir/empty"],
    ),
    "host-below": (Query(host="blog.example.org"), ["https://blog.example.org/"]),
    "domain": (Query(host="uk"), ["https://example.org.uk/news"]),
    "undated": (Query(host="news.example.ir"), ["https://news.example.ir/a"]),
    "since": (Query(since="20240108"), ["https://example.ir/broken", "https://example.ir/empty"]),
    "until": (Query(until="2023"), ["http://example.org/news", "https://www.example.org/news?utm_source=feed"]),
    "day": (Query(since="20240107", until="20240107"), ["https://notexample.org/news"]),
    "moment": (Query(since="20240107000000", until="20240107000000"), ["https://notexample.org/news"]),
    "failed": (Query(statuses=("failed",)), ["https://example.ir/broken"]),
}


@pytest.mark.parametrize("name", QUERIES)
def test_what_a_query_finds(store, name):
    query, expected = QUERIES[name]
    assert urls(store.find(query)) == expected


def test_everything_comes_in_the_order_of_keys_and_times(store):
    found = list(store.find())
    assert len(found) == len(PAGES)
    assert found == sorted(found, key=lambda row: (row.urlkey or "", row.timestamp or "", row.place))
    assert found[0].url is None


@pytest.mark.parametrize(
    "query",
    [
        Query(url="https://a.example/", host="a.example"),
        Query(url="mailto:a@example.org"),
        Query(host=""),
        Query(prefix="http://"),
        Query(since="yesterday"),
        Query(since="24"),
        Query(until="202405311"),
    ],
    ids=str,
)
def test_a_query_that_says_nothing_is_refused(store, query):
    with pytest.raises(InputError):
        list(store.find(query))
    with pytest.raises(InputError):
        list(store.search("harbour", query))


# By words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("كتابخانه ملي", ["https://blog.example.org/"]),
        ("کتاب", ["https://blog.example.org/"]),
        ("北京", ["https://notexample.org/news"]),
        ("京城", []),
        ("จังหวัด", ["https://news.example.ir/a"]),
        ('"tide tables"', ["http://example.org/news", "https://www.example.org/news?utm_source=feed", "https://example.org/news/"]),
        ('"tables tide"', []),
        ("tabl*", ["http://example.org/news", "https://www.example.org/news?utm_source=feed", "https://example.org/news/"]),
        ("menu", []),
    ],
)  # fmt: skip
def test_words_find_clean_texts(store, asked, expected):
    assert urls(hit.found for hit in store.search(asked)) == expected


def test_words_and_a_query_go_together(store):
    hits = list(store.search("harbour", Query(host="example.org")))
    assert [(hit.found.url, hit.snippet.text, hit.snippet.spans) for hit in hits] == [
        ("https://example.org/news/2024/a", "Harbour news", ((0, 7),))
    ]
    assert urls(hit.found for hit in store.search("tide", Query(until="202305"))) == ["http://example.org/news"]


def test_equal_texts_stand_once(store):
    list(store.search("tide"))
    with Index(store.folder / INDEX) as index:
        texts = {row.text_digest for row in store.find() if row.status != "failed"}
        empty = {row.text_digest for row in store.timeline("https://example.ir/empty")}
        assert index.digests() == texts - empty
    assert len(texts) == 11


def test_what_is_new_is_found_and_what_is_gone_is_not(tmp_path):
    store = filled(tmp_path, [capture_of("old words", day=1), capture_of("they stay", day=2)])
    taken = []
    assert len(list(store.search("words", watch=lambda done, count: taken.append((done, count))))) == 1
    assert taken == [(1, 2), (2, 2)]
    taken.clear()
    assert len(list(store.search("words", watch=lambda done, count: taken.append((done, count))))) == 1
    assert taken == []
    with store:
        store.put(clean(capture_of("new words", day=3), options=Options()))
        (tmp_path / f"{store.timeline('https://example.org/a')[0].place}.txt").unlink()
    (tmp_path / CATALOGUE).unlink()
    lost = next(path for path in tmp_path.rglob("20240101*.json"))
    lost.unlink()
    hits = list(store.search("words", watch=lambda done, count: taken.append((done, count))))
    assert [hit.snippet.text for hit in hits] == ["new words"]
    assert taken == [(1, 1)]


@pytest.mark.parametrize("damage", ["missing", "empty", "garbage", "of another spelling"])
def test_a_lost_index_is_made_again(tmp_path, damage):
    store = filled(tmp_path, PAGES)
    before = list(store.search("harbour"))
    index = tmp_path / INDEX
    if damage == "missing":
        index.unlink()
    elif damage == "of another spelling":
        connection = sqlite3.connect(index)
        connection.execute("UPDATE state SET spelling = 'another'")
        connection.commit()
        connection.close()
    else:
        index.write_bytes({"empty": b"", "garbage": b"x" * 5000}[damage])
    assert len(before) == 3
    assert list(store.search("harbour")) == before


def test_a_text_that_cannot_be_read_is_told_each_time(tmp_path):
    store = filled(tmp_path, PAGES)
    (found,) = store.find(Query(host="uk"))
    (tmp_path / f"{found.place}.txt").write_text("Another herbour\n")
    for _ in range(2):
        faults = []
        assert len(list(store.search("harbour", damaged=faults.append))) == 2
        assert [fault.where for fault in faults] == [f"{found.place}.txt"]
        with pytest.raises(RecordError, match="check"):
            store.search("harbour")


@pytest.mark.parametrize("damage", ["cut", "missing"])
def test_a_damaged_shard_costs_its_own_texts(tmp_path, damage):
    store = filled(
        tmp_path, [capture_of("the harbour"), *(archived(f"harbour {number}", number) for number in range(3))]
    )
    (shard,) = tmp_path.rglob("*.jsonl.zst")
    if damage == "cut":
        shard.write_bytes(shard.read_bytes()[:-10])
    else:
        shard.unlink()
    faults = []
    assert "the harbour" in [hit.snippet.text for hit in store.search("harbour", damaged=faults.append)]
    assert [fault.where for fault in faults] == [shard.relative_to(tmp_path).as_posix()]


def test_without_fts5_it_is_said(tmp_path, monkeypatch):
    store = filled(tmp_path, PAGES)

    class Connection(sqlite3.Connection):
        def execute(self, sql, *values):
            if "fts5" in sql:
                raise sqlite3.OperationalError("no such module: fts5")
            return super().execute(sql, *values)

    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, **more: real(path, factory=Connection, **more))
    with pytest.raises(StoreError, match="no FTS5"):
        store.search("harbour")
    assert len(list(store.find())) == len(PAGES)


def test_an_index_that_cannot_be_written_is_told(tmp_path):
    store = filled(tmp_path, PAGES)
    (tmp_path / INDEX).mkdir()
    with pytest.raises(StoreError, match="cannot be written"):
        store.search("harbour")


# A catalogue that is lost, or being written -------------------------------------------------------------------


@pytest.mark.parametrize("damage", ["missing", "empty", "garbage", "old"])
def test_a_lost_catalogue_is_made_from_the_records(tmp_path, damage):
    captures = [*PAGES, *(archived(f"harbour {number}", number) for number in range(5))]
    store = filled(tmp_path, captures)
    before = list(store.find()), list(store.search("harbour"))
    catalogue = tmp_path / CATALOGUE
    if damage == "missing":
        catalogue.unlink()
    elif damage == "old":
        connection = sqlite3.connect(catalogue)
        connection.execute("PRAGMA user_version = 2")
        connection.close()
    else:
        catalogue.write_bytes({"empty": b"", "garbage": b"x" * 5000}[damage])
    assert len(before[0]) == len(captures)
    assert (list(store.find()), list(store.search("harbour"))) == before


def test_a_run_is_read_while_it_writes(tmp_path):
    """What it has committed is found, whoever reads keeps it from nothing, and nobody is kept waiting."""
    filled(tmp_path, PAGES[:3])
    reader = Store(tmp_path)
    with Store(tmp_path) as writer:
        writer.put(clean(PAGES[3], options=Options()))
        found = reader.find()
        assert next(found).timestamp == "20230101000000"
        for number in range(250):
            writer.put(clean(page(f"https://example.org/{number}", "The tide"), options=Options()))
        assert len(list(found)) == 2
        assert len(list(reader.find())) >= 203
        assert len(list(reader.search("tide"))) >= 202
    assert len(list(reader.find())) == 254
    assert len(list(reader.search("tide"))) == 253


def test_no_file_is_left_by_reading(tmp_path):
    store = filled(tmp_path, PAGES)
    list(store.find())
    list(store.search("harbour"))
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [CATALOGUE, INDEX]


def test_a_folder_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        Store(tmp_path / "none").find()
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_page_of_the_catalogue_is_told(tmp_path):
    filled(tmp_path, [page(f"https://example.org/{number}", "text") for number in range(100)])
    path = tmp_path / CATALOGUE
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    with pytest.raises(StoreError, match="delete this file"):
        list(Store(tmp_path).find())


# Order ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_ingest_does_not_matter(tmp_path, seed):
    """One run after another, in other orders: the same answers to everything."""
    shuffled = random.Random(seed).sample(PAGES, len(PAGES))
    filled(tmp_path / "whole", PAGES)
    for number in range(0, len(PAGES), 4):
        store = filled(tmp_path / "parts", shuffled[number : number + 4])
        list(store.search("harbour"))
    stores = [Store(tmp_path / name) for name in ("whole", "parts")]
    answers = [
        (list(store.find()), [list(store.search(asked)) for asked in ("harbour", "the", "tide*", "北京", "a")])
        for store in stores
    ]
    assert answers[0] == answers[1]


# The verb ---------------------------------------------------------------------------------------------------


def test_find_prints_a_line_a_capture(store, capsys):
    assert main(["find", str(store.folder), "tide", "--from", "2023-01-01", "--to", "2023-05"]) == 0
    (found,) = store.find(Query(until="202305"))
    line = f"2023-01-01T00:00:00Z\tok\thttp://example.org/news\t{store.folder / found.place}.json\tThe tide tables\n"
    assert capsys.readouterr() == (line, "")


def test_find_prints_json(store, capsys):
    assert main(["find", str(store.folder), "كتاب", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["url"] == "https://blog.example.org/"
    assert [told["snippet"][start:end] for start, end in told["spans"]] == ["کتاب"]
    assert main(["show", told["path"]]) == 0
    assert capsys.readouterr().out == "کتاب‌های تازه در کتابخانه ملی\n"


def test_find_without_words_prints_all_with_their_titles(store, capsys):
    assert main(["find", str(store.folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(PAGES)
    assert all(len(line.split("\t")) == 5 for line in lines)
    assert lines[0].startswith("-\tok\t-\t") and lines[0].endswith("\tA page")


def test_find_says_when_there_is_more(store, capsys):
    assert main(["find", str(store.folder), "--limit", "2", "--host", "example.org"]) == 0
    out, complaints = capsys.readouterr()
    assert (len(out.splitlines()), complaints) == (
        2,
        "archiver: there are more than these 2 (--limit 0 shows all)\n",
    )
    assert main(["find", str(store.folder), "--limit", "3", "--url", "example.org/news"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (["nowhere"], 0, "nothing found"),
        (["..."], 2, "no word"),
        (["--from", "soon"], 2, "no time"),
        (["--url", "mailto:a@example.org"], 2, "no address"),
        (["--host", "a.example", "--url", "a.example"], 2, "not allowed"),
    ],
    ids=str,
)
def test_find_says_what_is_wrong(store, capsys, asked, code, said):
    assert main(["find", str(store.folder), *asked]) == code
    out, complaints = capsys.readouterr()
    assert out == ""
    assert said in complaints


def test_find_names_what_it_could_not_read(tmp_path, capsys):
    store = filled(tmp_path, PAGES)
    (found,) = store.find(Query(host="uk"))
    (tmp_path / f"{found.place}.txt").unlink()
    assert main(["find", str(tmp_path), "harbour"]) == 1
    out, complaints = capsys.readouterr()
    assert len(out.splitlines()) == 2
    assert f"{found.place}.txt: cannot be read" in complaints
