"""Versions: what a page said, from when to when; real changes, and what only looks like one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver import Capture, Options, Record, clean
from archiver.cli import main
from archiver.context import context_of, in_context, keys_of
from archiver.labels.dated import is_revision_line
from archiver.model import Verdict
from archiver.run import run
from archiver.store import Query, Store
from archiver.tables import read_table
from archiver.versions import Timeline, cause_of, changes_in, timeline_in, timeline_of
from archiver.versions.broken import WHY, why_broken

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)

TERMS = (
    "The reader may borrow four books at a time, and keeps each of them for no longer than three weeks.",
    "A book that is late costs the reader ten pence a day, which the librarian puts into the roof fund.",
    "Maps and newspapers stay in the reading room; a magnifying glass is lent against a hat or a coat.",
    "The library closes on feast days, and whenever the river stands higher than the step of the door.",
)


def page(*paragraphs: str, title: str = "Rules") -> str:
    inner = "".join(f"<p>{text}</p>" for text in paragraphs)
    return f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{inner}</article></body></html>"


def captured(html: str | bytes, day: int, **facts: object) -> Record:
    body = html if isinstance(html, bytes) else html.encode()
    known = {"url": "https://library.example/rules", "captured_at": BEGIN + timedelta(days=day),
             "content_type": "text/html; charset=utf-8", **facts}  # fmt: skip
    return clean(Capture(body, **known))  # type: ignore[arg-type]


def line(*pages: str | bytes) -> Timeline:
    return timeline_of(captured(html, day) for day, html in enumerate(pages))


def spans(timeline: Timeline) -> list[tuple[str, str, int]]:
    return [(version.first_seen[6:8], version.last_seen[6:8], version.captures) for version in timeline.versions]


WITH_FINE = page(*TERMS)
DEARER = page(TERMS[0], TERMS[1].replace("ten", "fifteen"), *TERMS[2:])


def test_a_page_that_never_changes_has_one_version() -> None:
    timeline = line(WITH_FINE, WITH_FINE, WITH_FINE)
    assert spans(timeline) == [("01", "03", 3)]
    assert timeline.asides == ()
    assert timeline.versions[0].change is None


def test_a_change_begins_a_version_and_is_told() -> None:
    timeline = line(WITH_FINE, WITH_FINE, DEARER)
    assert spans(timeline) == [("01", "02", 2), ("03", "03", 1)]
    change = timeline.versions[1].change
    assert change is not None
    assert (change.inserted, change.deleted) == (1, 1)
    assert "ten → fifteen" in change.summary
    assert change.significance >= 0.3


def test_a_change_that_was_taken_back_is_told() -> None:
    timeline = line(WITH_FINE, DEARER, WITH_FINE)
    assert [version.same_as for version in timeline.versions] == [None, None, 1]


def test_white_space_is_no_change() -> None:
    spread = WITH_FINE.replace("four books", "four\n\n   books").replace("</p><p>", "</p>\n\n<p>")
    assert len(line(WITH_FINE, spread, WITH_FINE).versions) == 1


def test_what_is_broken_is_no_version() -> None:
    gone = page("Sorry, the page you requested could not be found.", title="Page not found")
    timeline = line(WITH_FINE, gone, gone, WITH_FINE)
    assert spans(timeline) == [("01", "04", 2)]
    assert [(aside.cause, aside.first_seen[6:8], aside.last_seen[6:8], aside.reason) for aside in timeline.asides] == [
        ("broken", "02", "03", WHY["not-found"])
    ]


def test_a_page_that_is_gone_for_good_is_an_aside_to_the_end() -> None:
    timeline = timeline_of(
        [captured(WITH_FINE, 0), *(captured(page("Gone fishing."), day, http_status=410) for day in (1, 2))]
    )
    assert [(aside.reason, aside.captures) for aside in timeline.asides] == [("the server answered 410", 2)]


def test_a_page_that_is_nothing_but_an_error_has_versions_all_the_same() -> None:
    assert len(line(page("Error 404"), page("Error 404")).versions) == 1


def test_a_stump_is_told_by_the_others() -> None:
    timeline = line(WITH_FINE, page("Welcome to Whitby.", title="Whitby"), WITH_FINE, WITH_FINE)
    assert [aside.reason for aside in timeline.asides] == ["next to nothing of the page"]


def test_a_capture_cut_short_is_no_change() -> None:
    records = [captured(WITH_FINE, 0), captured(page(*TERMS[:2]), 1, truncated="length"), captured(WITH_FINE, 2)]
    timeline = timeline_of(records)
    assert len(timeline.versions) == 1
    assert [aside.reason for aside in timeline.asides] == ["its body was cut short"]


def test_another_program_is_no_change() -> None:
    before = captured(WITH_FINE, 0)
    newer = replace(
        clean(
            Capture(WITH_FINE.encode(), url=before.url, captured_at=BEGIN + timedelta(days=1)),
            options=Options(favour="precision"),
        )
    )
    cut = without_last_block(newer)
    assert cause_of(before, cut) == "program"
    timeline = timeline_of([before, cut])
    assert len(timeline.versions) == 1
    assert [aside.cause for aside in timeline.asides] == ["program"]


def test_the_same_program_that_decides_otherwise_is_no_change() -> None:
    assert cause_of(captured(WITH_FINE, 0), without_last_block(captured(WITH_FINE, 1))) == "cleaning"


def test_another_decision_and_another_word_are_a_change() -> None:
    assert cause_of(captured(WITH_FINE, 0), without_last_block(captured(DEARER, 1))) == "page"


def without_last_block(record: Record) -> Record:
    last = record.content.blocks[-1]
    verdict = Verdict.removing("boilerplate", "history:vote", "for this test", 0.9)
    seen = in_context(record, context_of({keys_of([record.text[last.start : last.end]])[0]: verdict}))
    assert seen.text != record.text
    return seen


RUSSIAN = page(
    "Читатель может взять 4 книги сразу и держит каждую из них не дольше 21 дня, если река не вышла из берегов.",
    "За каждый день опоздания с читателя берут 10 копеек, которые идут на починку крыши библиотеки (ISBN 5-02).",
)


def test_another_charset_is_no_change() -> None:
    right = captured(RUSSIAN.encode("windows-1251"), 0, content_type="text/html; charset=windows-1251")
    # What the program made of it when it trusted the header, and did not look for mojibake.
    misread = RUSSIAN.encode("windows-1251").decode("koi8-r")
    wrong = clean(misread, url=right.url, captured_at=BEGIN + timedelta(days=1), options=Options(repair=False))
    assert wrong.text != right.text
    assert cause_of(right, wrong) == "charset"
    assert len(timeline_of([right, wrong]).versions) == 1


def test_a_page_that_went_over_to_utf_8_and_changed_is_a_change() -> None:
    right = captured(RUSSIAN.encode("windows-1251"), 0, content_type="text/html; charset=windows-1251")
    later = captured(RUSSIAN.replace("копеек", "рублей"), 1)
    assert right.encoding.used != later.encoding.used
    assert cause_of(right, later) == "page"


@settings(deadline=None, max_examples=20)
@given(st.permutations(range(6)))
def test_the_order_of_records_does_not_matter(order: Sequence[int]) -> None:
    assert timeline_of(RECORDS[place] for place in order) == TIMELINE


RECORDS = [captured(html, day) for day, html in enumerate((WITH_FINE, WITH_FINE, DEARER, DEARER, WITH_FINE, RUSSIAN))]
TIMELINE = timeline_of(RECORDS)


# Words that tell ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "language", "phrase"), read_table("broken-pages"))
def test_each_phrase_tells_of_a_broken_page(kind: str, language: str, phrase: str) -> None:
    record = captured(page(f"{phrase.capitalize()}!", title="—"), 0)
    assert why_broken(record) == WHY[kind]


@pytest.mark.parametrize("text", ["The shelf of lost books", "Loading a camel", "Erreurs et vérités", "停车场公告"])
def test_other_short_pages_are_whole(text: str) -> None:
    assert why_broken(captured(page(text, title=text), 0)) == ""


def test_a_long_page_about_errors_is_whole() -> None:
    assert why_broken(captured(page("Page not found: a history of the number 404.", *TERMS), 0)) == ""


@pytest.mark.parametrize(("language", "phrase"), read_table("revision-words"))
def test_each_phrase_begins_a_line_of_revision(language: str, phrase: str) -> None:
    assert is_revision_line(f"{phrase.capitalize()}: 31.05.2024")
    assert not is_revision_line(f"{phrase.capitalize()} {phrase}")


# In an archive --------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pages = [
        *((f"https://library.example/{name}", day, html) for name, days in (
            ("rules", (WITH_FINE, WITH_FINE, DEARER)),
            ("hours", (page(*TERMS[2:], title="Hours"),) * 3),
        ) for day, html in enumerate(days)),
        ("https://other.example/", 0, page(*TERMS[:3], title="Other")),
        ("https://other.example/", 9, page(*TERMS[1:], title="Other")),
    ]  # fmt: skip
    captures = [
        Capture(html.encode(), url=url, captured_at=BEGIN + timedelta(days=day), content_type="text/html",
                container=f"{number}.html", source="raw")
        for number, (url, day, html) in enumerate(pages)
    ]  # fmt: skip
    with Store(tmp_path / "clean") as store:
        run(captures, store, Options())
    return tmp_path / "clean"


def refuse(fault: Exception) -> None:
    raise fault


def test_the_timeline_of_an_archive_is_that_of_its_records(folder: Path) -> None:
    store = Store(folder)
    found = timeline_in(store, "http://www.library.example/rules?utm_source=x", refuse)
    records = [record for _, record in store.records() if record.url == "https://library.example/rules"]
    assert [replace(version, place="") for version in found.versions] == [
        replace(version, place="") for version in timeline_of(records).versions
    ]
    assert [store.get(version.place).timestamp for version in found.versions] == ["20240101000000", "20240103000000"]


def test_changes_since_a_day(folder: Path) -> None:
    def urls(**asked: str) -> list[str | None]:
        return [timeline.url for timeline, _ in changes_in(Store(folder), Query(**asked), refuse)]

    assert urls() == ["https://library.example/rules", "https://other.example/"]
    assert urls(since="20240105") == ["https://other.example/"]
    assert urls(until="20240105") == ["https://library.example/rules"]
    assert urls(host="library.example") == ["https://library.example/rules"]
    assert urls(since="2025") == []


def test_versions_and_changes_from_the_command_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["versions", "library.example/rules", str(folder)]) == 0
    told = capsys.readouterr().out
    assert "3 captures, 2 versions" in told
    assert "ten → fifteen" in told
    assert main(["versions", "library.example/rules", str(folder), "--json"]) == 0
    assert [version["number"] for version in json.loads(capsys.readouterr().out)["versions"]] == [1, 2]
    assert main(["changes", str(folder), "--since", "2024-01-05", "--json"]) == 0
    (row,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (row["url"], row["number"]) == ("https://other.example/", 2)
    assert main(["changes", str(folder), "--least-significance", "1"]) == 0
    assert capsys.readouterr().err == "archiver: no page changed in that time\n"
    assert main(["versions", "library.example/none", str(folder)]) == 2
    assert "no capture of this address" in capsys.readouterr().err
