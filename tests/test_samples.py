"""The samples of raw/: what a person expects of each page (cases as files), and clean/ to the byte.

When a change of the program is meant to change clean/, delete the folder, run `archiver clean raw/ clean/`,
and read the difference before it is committed.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

import archiver
from archiver.check import fault_in
from archiver.cli import main
from archiver.model import REMOVAL_KINDS, Options
from archiver.store import Store

ROOT = Path(__file__).parent.parent
CASES = sorted((Path(__file__).parent / "cases" / "samples").glob("*.json"))


@cache
def records():
    """The record of each sample that is a page in a file of its own, by its place in raw/."""
    captures = [capture for capture in archiver.read(ROOT / "raw") if capture.archive is None]
    return {capture.container: archiver.clean(capture) for capture in captures}


def plain(text):
    """The text with white space of any kind as one space, to compare what two wrappers of a page say."""
    return " ".join(text.split())


def params():
    for path in CASES:
        case = json.loads(path.read_text(encoding="utf-8"))
        marks = [pytest.mark.xfail(strict=True)] if case["expect"] == "fail" else []
        yield pytest.param(case, id=path.stem, marks=marks)


def stated(record):
    """The facts of a record that a case may name, as the case writes them."""
    metadata = record.metadata
    return {
        "title": metadata.title,
        "language": (metadata.language or "").split("-")[0],
        "direction": metadata.direction,
        "authors": list(metadata.authors),
        "published": (metadata.published or "")[:10],
        "site_name": metadata.site_name,
        "charset": record.encoding.used,
        "url": record.url,
        "timestamp": record.timestamp,
    }


@pytest.mark.parametrize("case", list(params()))
def test_sample(case):
    record, expected = records()[case["input"]], case["expected"]
    facts = stated(record)
    assert {name: facts[name] for name in expected if name in facts} == {
        name: value for name, value in expected.items() if name in facts
    }
    kinds = {entry.kind for entry in record.removed}
    assert [kind for kind in expected.get("kinds", ()) if kind not in kinds] == []
    assert [words for words in expected.get("stays", ()) if words not in record.text] == []
    assert [words for words in expected.get("goes", ()) if words in record.text] == []
    texts = {entry.text for entry in record.removed}
    assert [words for words in expected.get("removed", ()) if words not in texts] == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case_is_sound(path):
    """Its words stand on the page, so that none passes because it was written wrong."""
    case = json.loads(path.read_text(encoding="utf-8"))
    assert list(case) == ["label", "comment", "input", "expected", "expect"]
    assert case["label"] == path.stem
    assert case["comment"]
    assert case["expect"] in ("pass", "fail")
    expected = case["expected"]
    assert set(expected) <= {*stated(records()[case["input"]]), "kinds", "stays", "goes", "removed"}
    assert set(expected.get("kinds", ())) <= set(REMOVAL_KINDS)
    record = records()[case["input"]]
    seen = plain("\n".join([record.text, *(entry.text for entry in record.removed)]))
    gone = [words for words in expected.get("goes", ()) if "Ã" not in words]
    for words in (*expected.get("stays", ()), *gone, *expected.get("removed", ())):
        assert plain(words) in seen, f"not on the page: {words!r}"


def test_every_sample_has_a_case():
    named = {json.loads(path.read_text(encoding="utf-8"))["input"] for path in CASES}
    assert named == set(records())


@pytest.mark.parametrize("container", sorted(records()))
def test_books_close(container):
    assert fault_in(records()[container]) is None
    assert records()[container].status == "ok"


def test_seed_gives_the_same_text_from_markup_and_dump():
    page, dump = records()["seed/un-meeting-in-qatar.html"], records()["seed/un-meeting-in-qatar.txt"]
    assert plain(page.text) == plain(dump.text)
    assert page.title == dump.title


def test_seed_is_kept_whole():
    """From the first sentence to the last name, every line of the dump is in its text."""
    lines = (ROOT / "raw" / "seed" / "un-meeting-in-qatar.txt").read_text(encoding="utf-8").splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith("The currents whose names"))
    last = next(place for place, line in enumerate(lines) if line.startswith("The Process to Protect"))
    body = [line for line in lines[first : last + 1] if line.strip()]
    assert len(body) == 22
    kept = records()["seed/un-meeting-in-qatar.txt"].text.splitlines()
    assert [line for line in kept if line.strip()][-len(body) :] == body


def test_forum_gives_the_same_text_in_both_charsets():
    name = "viewtopic-t7315.html"
    new, old = records()[f"forum.cherdak.example.ru/{name}"], records()[f"old.cherdak.example.ru/{name}"]
    assert new.text == old.text
    assert [entry.text for entry in new.removed] == [entry.text for entry in old.removed]


def test_persian_body_is_the_same_from_markup_and_dump():
    name = "news.example.ir/neyzar-wetland-returns"
    page, dump = records()[f"{name}.html"], records()[f"{name}.txt"]
    first, last = "تالاب نی‌زار در جنوب دشت سرخاب", "در چشمه‌سفید مراجعه کنند."
    bodies = []
    for record in (page, dump):
        start = record.text.index(first)
        bodies.append(plain(record.text[start : record.text.index(last) + len(last)]))
    assert bodies[0] == bodies[1]


def test_joiners_stand_in_the_persian_text_as_on_the_page():
    """Every word with a zero-width non-joiner of the article's paragraphs, letter for letter and in order."""
    source = (ROOT / "raw" / "news.example.ir" / "neyzar-wetland-returns.html").read_text(encoding="utf-8")
    paragraphs = [
        text
        for text in re.findall(r"^<(?:p|h2|li)>([^<]+)</", source, re.MULTILINE)
        if "\u200c" in text and len(text) > 40
    ]
    assert len(paragraphs) > 10
    kept = records()["news.example.ir/neyzar-wetland-returns.html"].text
    assert [text for text in paragraphs if text not in kept] == []


def stored(folder):
    """The bytes of each record and text under a folder, by their place."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".json", ".txt", ".zst")
    }


def test_raw_gives_clean_to_the_byte(tmp_path, capsys):
    assert main(["clean", str(ROOT / "raw"), str(tmp_path / "clean")]) == 0
    made, kept = stored(tmp_path / "clean"), stored(ROOT / "clean")
    assert kept, "clean/ is empty: run `archiver clean raw/ clean/` and commit it"
    assert sorted(made) == sorted(kept)
    assert [name for name in made if made[name] != kept[name]] == []


def test_made_records_are_sound(tmp_path, capsys):
    assert main(["clean", str(ROOT / "raw"), str(tmp_path / "clean")]) == 0
    assert main(["check", str(tmp_path / "clean")]) == 0
    # Two files a page, and a shard for the crawl and for the watched page.
    assert len(stored(tmp_path / "clean")) == 2 * len(records()) + 2


def test_the_crawl_shows_what_a_run_tells(tmp_path, capsys):
    assert main(["clean", str(ROOT / "raw" / "crawls"), str(tmp_path / "clean")]) == 0
    told = capsys.readouterr().out
    assert told.splitlines() == [
        "4 captures: 3 new, 1 unchanged; 1 to look at (status partial)",
        "skipped 5: 1 image/png, 1 redirect (HTTP 301), 1 request record, 1 robots.txt, 1 warcinfo record",
    ]
    # README shows the same.
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"$ archiver clean raw/crawls/ crawls-clean/\n{told}" in readme


def test_the_watched_page_has_the_versions_that_were_written(tmp_path, capsys):
    """Eight captures: a counter that rises, a banner that comes and goes, an error, a new fine, a new rule."""
    assert main(["clean", str(ROOT / "raw" / "watched"), str(tmp_path / "clean")]) == 0
    capsys.readouterr()
    assert main(["versions", "wharfside-library.example.org/rules", str(tmp_path / "clean")]) == 0
    told = capsys.readouterr().out.replace(f"{tmp_path}/", "").replace("clean/watched/", "clean/raw/watched/")
    assert "8 captures, 3 versions" in told
    # README shows the same.
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"$ archiver versions wharfside-library.example.org/rules clean/\n{told}" in readme
    texts = {archived.text for _, archived in Store(tmp_path / "clean").records()}
    assert not any("visitors" in text or "book fair" in text for text in texts)
    # Two versions before and after, and the error.
    assert len(texts) == 4


@pytest.mark.parametrize("name", sorted(name for name in records() if "html" in name))
def test_favour_only_moves_the_limit(name):
    """Precision keeps no block that balance removes, nor balance one that recall removes."""
    capture = next(capture for capture in archiver.read(ROOT / "raw") if capture.container == name)
    precise, recalling = (archiver.clean(capture, options=Options(favour=word)) for word in ("precision", "recall"))
    removed = [
        {block.path + block.text for block in record.removed} for record in (recalling, records()[name], precise)
    ]
    assert removed[0] <= removed[1] <= removed[2]
    assert [record.account.made_by.favour for record in (precise, records()[name])] == ["precision", "balanced"]


def test_favour_decides_where_there_is_doubt():
    kept = {
        word: sum(
            len(archiver.clean(capture, options=Options(favour=word)).text) for capture in archiver.read(ROOT / "raw")
        )
        for word in ("precision", "balanced", "recall")
    }
    assert kept["precision"] < kept["balanced"] < kept["recall"]


def test_explain_says_what_was_favoured(capsys):
    main(["explain", str(ROOT / "raw" / "seed" / "un-meeting-in-qatar.txt"), "--favour", "recall"])
    assert capsys.readouterr().out.rstrip().endswith(", favouring recall")
