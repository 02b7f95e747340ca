"""The end of a run: captures of an address in each other's light, whatever their order, once and for all."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing import parent_process
from pathlib import Path

import pytest

from archiver import Capture, Options, clean
from archiver.check import check
from archiver.cli import main
from archiver.context import context_of, keys_of
from archiver.model import Verdict
from archiver.run import Cleaning, Workers, run, settling
from archiver.run.workers import Job
from archiver.store import CATALOGUE, Query, Store
from archiver.store.frames import FrameWriter, read_lines
from archiver.store.settled import Settling
from sample_captures import bytes_of

BODY = (
    "آب تالاب نیزار امسال سه متر بالا آمد و پرندگان مهاجر پس از هفت سال دوباره در آن فرود آمدند.",
    "به گفتهٔ محیط‌بانان، نیزارهای جنوب تالاب هنوز خشک‌اند و بازگشت آب به آن‌ها دو سال زمان می‌خواهد.",
    "روستاییان از پارسال پمپ‌های خود را خاموش کرده‌اند و در برابر آن از دولت حقابه گرفته‌اند.",
)


def captures(count: int = 8, *, archive: str | None = None) -> list[Capture]:
    """Two pages, each with a counter that rises from capture to capture."""
    found = []
    for day in range(count):
        for page in ("neyzar", "bonyad"):
            counter = f"<p>نمایش {1000 + 17 * day} بار، امروز.</p>"
            html = f"<html><body><article><h1>{page}</h1>{''.join(f'<p>{text}</p>' for text in BODY)}{counter}"
            found.append(
                Capture(
                    f"{html}</article></body></html>".encode(),
                    url=f"https://khabar.example/{page}",
                    captured_at=datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=day),
                    content_type="text/html; charset=utf-8",
                    source="raw",
                    container=archive or f"{page}-{day}.html",
                    offset=len(found) if archive else None,
                    archive=archive,
                )
            )
    return found


def cleaned(folder: Path, *batches: list[Capture], options: Options = Options()) -> list[str]:  # noqa: B008
    """Runs over batch after batch; the containers and offsets of what was cleaned."""
    names: list[str] = []

    def noting(capture: Capture, *, options: Options):
        names.append(f"{capture.container}#{capture.offset}")
        return clean(capture, options=options)

    for batch in batches:
        with Store(folder) as store:
            run(batch, store, Cleaning(options, noting))
    return names


def texts(folder: Path) -> list[str]:
    return [record.text for _, record in Store(folder).records()]


@pytest.mark.parametrize("archive", [None, "a.warc.gz"], ids=["files", "shard"])
def test_a_counter_is_no_change(tmp_path: Path, archive: str | None) -> None:
    cleaned(tmp_path, captures(archive=archive))
    assert len(set(texts(tmp_path))) == 2
    assert not any("نمایش" in text for text in texts(tmp_path))
    report = check(tmp_path)
    assert (report.records, report.faults) == (16, ())
    with Store(tmp_path) as store:
        assert list(store.unsettled()) == []
    found = list(Store(tmp_path).find(Query(host="khabar.example")))
    assert len({row.text_digest for row in found}) == 2


@pytest.mark.parametrize("archive", [None, "a.warc.gz"], ids=["files", "shard"])
def test_switched_off_each_page_is_cleaned_alone(tmp_path: Path, archive: str | None) -> None:
    cleaned(tmp_path, captures(archive=archive), options=Options(rules_off=frozenset(["history"])))
    assert len(set(texts(tmp_path))) == 16


def test_switched_off_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = Path(__file__).parent.parent / "raw" / "watched"
    found = {}
    for number, off in enumerate(([], ["--without", "history:counter"], ["--without", "history"])):
        assert main(["clean", str(raw), str(tmp_path / str(number)), *off]) == 0
        found[number] = [("visitors" in text, "book fair" in text) for text in texts(tmp_path / str(number))]
    assert not any(map(any, found[0]))
    assert [counted for counted, _ in found[1]].count(True) == 7
    assert not any(banner for _, banner in found[1])
    assert [banner for _, banner in found[2]].count(True) == 3
    capsys.readouterr()
    assert main(["clean", str(raw), str(tmp_path / "none"), "--without", "magic"]) == 2
    assert "decides nothing" in capsys.readouterr().err


def test_no_more_records_are_held_than_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cleaned(tmp_path / "held", captures())
    monkeypatch.setattr(settling, "_MOST_HELD", 10_000)
    cleaned(tmp_path / "read", captures())
    assert stored(tmp_path / "read") == stored(tmp_path / "held")


@pytest.mark.parametrize("archive", [None, "a.warc.gz"], ids=["files", "shard"])
def test_it_does_not_matter_who_does_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, archive: str | None) -> None:
    batch = [*captures(30, archive=archive), *stories()]
    sent: list[str] = []
    monkeypatch.setattr(settling, "Job", lambda address, give_up: sent.append(address.urlkey) or Job(address, give_up))
    for processes in (0, 2):
        with Store(tmp_path / str(processes)) as store:
            run(batch, store, Options(site_templates=True), workers=Workers(processes))
    assert stored(tmp_path / "2") == stored(tmp_path / "0")
    assert not any("نمایش" in text for text in texts(tmp_path / "2"))
    # Pages with one capture are looked at for their site's sake.
    assert sent == sorted(set(sent)) and len(sent) == 6


@pytest.mark.parametrize("bytes_that_may_wait", [1, 1 << 30])
def test_it_does_not_matter_how_much_may_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bytes_that_may_wait: int
) -> None:
    begun, settled, ahead = 0, 0, []

    def begin(address, give_up):
        nonlocal begun
        begun += 1
        ahead.append(begun - settled)
        return Job(address, give_up)

    settle_one = Settling.settle

    def settle(self, urlkey, changed) -> None:
        nonlocal settled
        settled += bool(changed)
        settle_one(self, urlkey, changed)

    cleaned(tmp_path / "alone", captures(30))
    monkeypatch.setattr(settling, "Job", begin)
    monkeypatch.setattr(Settling, "settle", settle)
    monkeypatch.setattr(settling, "_MOST_WAITING_BYTES", bytes_that_may_wait)
    with Store(tmp_path / "crew") as store:
        run(captures(30), store, Options(), workers=Workers(2))
    assert stored(tmp_path / "crew") == stored(tmp_path / "alone")
    assert ahead == ([1, 1] if bytes_that_may_wait == 1 else [1, 2])


def see_or_die(address):
    """Dies of one address, where it is a worker that looks at it."""
    if parent_process() and "neyzar" in address.urlkey:
        os.kill(os.getpid(), signal.SIGKILL)
    return SEE(address)


SEE = settling._see


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_what_workers_die_of_is_done_by_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cleaned(tmp_path / "alone", captures(30))
    monkeypatch.setattr(settling, "_see", see_or_die)
    with Store(tmp_path / "crew") as store:
        run(captures(30), store, Options(), workers=Workers(2))
    assert stored(tmp_path / "crew") == stored(tmp_path / "alone")


def test_a_context_that_was_given_stays(tmp_path: Path) -> None:
    verdict = Verdict.removing("boilerplate", "history:vote", "as I say", 0.9)
    given = context_of({keys_of([BODY[1]])[0]: verdict})
    cleaned(tmp_path, captures(), options=Options(context=given))
    assert not any(BODY[1] in text or "نمایش" in text for text in texts(tmp_path))


def test_the_order_does_not_matter(tmp_path: Path) -> None:
    cleaned(tmp_path / "once", captures())
    mixed = captures()
    random.Random(7).shuffle(mixed)
    cleaned(tmp_path / "parts", mixed[:3], mixed[3:9], mixed[9:])
    assert stored(tmp_path / "parts") == stored(tmp_path / "once")


def test_two_archives_in_either_order(tmp_path: Path) -> None:
    early = captures(4, archive="early.warc.gz")
    late = [c for c in captures(8, archive="late.warc.gz") if c.captured_at and c.captured_at.day > 4]
    cleaned(tmp_path / "ab", early, late)
    cleaned(tmp_path / "ba", late, early)
    assert stored(tmp_path / "ab") == stored(tmp_path / "ba")
    assert len(set(texts(tmp_path / "ab"))) == 2


def test_only_what_is_new_is_cleaned(tmp_path: Path) -> None:
    cleaned(tmp_path, captures(8))
    before = stored(tmp_path)
    names = cleaned(tmp_path, captures(9))
    assert names == ["neyzar-8.html#None", "bonyad-8.html#None"]
    after = stored(tmp_path)
    assert {name: after[name] for name in before} == before


def test_a_capture_that_changes_the_vote_changes_the_records_before_it(tmp_path: Path) -> None:
    cleaned(tmp_path, captures(4))
    assert any("نمایش" in text for text in texts(tmp_path))
    names = cleaned(tmp_path, captures(8))
    assert len(names) == 8
    assert not any("نمایش" in text for text in texts(tmp_path))
    cleaned(tmp_path / "once", captures(8))
    assert stored(tmp_path / "once") == {
        name: data for name, data in stored(tmp_path).items() if not name.startswith("once/")
    }


def test_killed_before_the_end_it_is_done_by_the_next_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cleaned(tmp_path / "whole", captures())

    def die(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(settling, "history", die)
        with pytest.raises(KeyboardInterrupt):
            cleaned(tmp_path / "killed", captures())
    assert any("نمایش" in text for text in texts(tmp_path / "killed"))
    assert cleaned(tmp_path / "killed", captures()) == []
    assert stored(tmp_path / "killed") == stored(tmp_path / "whole")


def test_a_lost_catalogue_changes_nothing(tmp_path: Path) -> None:
    cleaned(tmp_path, captures())
    before = stored(tmp_path)
    (tmp_path / CATALOGUE).unlink()
    cleaned(tmp_path, [])
    assert stored(tmp_path) == before


def test_a_damaged_record_says_nothing_to_the_others(tmp_path: Path) -> None:
    cleaned(tmp_path, captures(7))
    victim = sorted(tmp_path.rglob("*.json"))[0]
    victim.write_bytes(b"{")
    cleaned(tmp_path, captures(8)[14:])
    assert victim.read_bytes() == b"{"
    assert not any("نمایش" in record.text for _, record in Store(tmp_path).records(lambda fault: None))


def stored(folder: Path) -> dict[str, bytes]:
    return {name: data for name, data in bytes_of(folder).items() if "sqlite" not in name}


def test_a_damaged_line_of_a_shard_that_is_written_anew_stays(tmp_path: Path) -> None:
    cleaned(tmp_path, captures(4, archive="a.warc.gz"))
    (shard,) = tmp_path.rglob("*.zst")
    lines = [*read_lines(shard)]
    with shard.open("wb") as file:
        writer = FrameWriter(file)
        for line in [*lines[:-1], b"{"]:
            writer.write(line)
        writer.finish()
    (tmp_path / CATALOGUE).unlink()
    cleaned(tmp_path, [c for c in captures(9, archive="b.warc.gz") if c.captured_at and c.captured_at.day > 4])
    after = [*read_lines(shard)]
    assert len(after) == len(lines) and after[-1] == b"{"
    assert after[0] != lines[0], "nothing was written anew"


def test_captures_that_went_are_forgotten_by_the_others(tmp_path: Path) -> None:
    cleaned(tmp_path / "few", captures(4, archive="a.warc.gz"))
    cleaned(tmp_path / "fewer", captures(8, archive="a.warc.gz"), captures(4, archive="a.warc.gz"))
    assert stored(tmp_path / "fewer") == stored(tmp_path / "few")


# Sites ----------------------------------------------------------------------------------------------------

TAG = "خبرگزاری نیزار، صدای تالاب از سال هفتاد"
CALL = "خبرهای خود را برای ما بفرستید"
STORIES = {
    "ab": "آب به تالاب بازگشت و نخستین پرندگان مهاجر پس از هفت سال در آن فرود آمدند.",
    "nan": "نانوایی قدیمی بازار پس از مرمت سقف چوبی‌اش دوباره درهای خود را باز کرد.",
    "pol": "پل سنگی روستا که سیل بهار آن را برده بود با کمک اهالی از نو ساخته شد.",
    "bagh": "باغ‌داران دره امسال زودتر از همیشه برداشت انار را آغاز کردند و راضی‌اند.",
}


def stories(count: int = 4) -> list[Capture]:
    """Pages of one site, each with its own story and the site's tag line, which nothing marks."""
    return [
        Capture(
            f"<html><article><h1>{name}</h1><p>{TAG}</p><p>{CALL}</p><p>{text}</p><p>{text[::-1]}</p></article></html>".encode(),
            url=f"https://neyzar.example/{name}",
            captured_at=datetime(2024, 1, 1 + number, tzinfo=UTC),
            content_type="text/html; charset=utf-8",
            source="raw",
            container=f"{name}.html",
        )
        for number, (name, text) in enumerate(list(STORIES.items())[:count])
    ]


WITH_TEMPLATES = Options(site_templates=True)


def test_what_stands_on_all_pages_of_a_site_is_the_sites(tmp_path: Path) -> None:
    cleaned(tmp_path / "alone", stories())
    assert all(TAG in text for text in texts(tmp_path / "alone"))
    cleaned(tmp_path / "site", stories(), options=WITH_TEMPLATES)
    assert not any(TAG in text for text in texts(tmp_path / "site"))
    records = [record for _, record in Store(tmp_path / "site").records()]
    removed = {(entry.kind, entry.rule) for record in records for entry in record.removed if entry.text == TAG}
    assert removed == {("site-template", "template:repeated")}
    assert all(any(story in text for text in texts(tmp_path / "site")) for story in STORIES.values())
    assert check(tmp_path / "site").faults == ()


def test_templates_do_not_depend_on_the_order(tmp_path: Path) -> None:
    cleaned(tmp_path / "once", stories(), options=WITH_TEMPLATES)
    cleaned(tmp_path / "parts", stories()[3:], stories()[:1], stories()[1:3], options=WITH_TEMPLATES)
    assert stored(tmp_path / "parts") == stored(tmp_path / "once")


def test_a_new_page_of_a_site_is_cleaned_alone(tmp_path: Path) -> None:
    cleaned(tmp_path, stories(3), options=WITH_TEMPLATES)
    before = stored(tmp_path)
    assert cleaned(tmp_path, stories(4), options=WITH_TEMPLATES) == ["bagh.html#None"]
    after = stored(tmp_path)
    assert [name for name in before if name.endswith(".txt") and before[name] != after[name]] == []


# What a run says of itself ---------------------------------------------------------------------------------

ALONE = Options(rules_off=frozenset(["history"]))


def summed_up(
    folder: Path, batch: list[Capture], cleaning: Options | Cleaning = Options(), workers: Workers = Workers()  # noqa: B008
) -> dict[str, int]:  # fmt: skip
    """The columns of the summary that are not nought."""
    with Store(folder) as store:
        summary = run(batch, store, cleaning, None, workers)
    columns = ("new", "unchanged", "changed", "failed", "duplicates", "done")
    assert sum(getattr(summary, column) for column in columns) == summary.captures == len(batch)
    return {column: getattr(summary, column) for column in columns if getattr(summary, column)}


@pytest.mark.parametrize("processes", [0, 2])
@pytest.mark.parametrize("archive", [None, "a.warc.gz"], ids=["files", "shard"])
def test_a_counter_is_no_change_to_the_summary(tmp_path: Path, archive: str | None, processes: int) -> None:
    batch = captures(archive=archive)
    assert summed_up(tmp_path / "alone", batch, ALONE, Workers(processes)) == {"new": 2, "changed": 14}
    assert summed_up(tmp_path / "light", batch, workers=Workers(processes)) == {"new": 2, "unchanged": 14}
    assert summed_up(tmp_path / "light", batch, workers=Workers(processes)) == {"done": 16}


def test_the_summary_does_not_depend_on_the_order(tmp_path: Path) -> None:
    batch = captures()
    random.Random(7).shuffle(batch)
    assert summed_up(tmp_path, batch) == {"new": 2, "unchanged": 14}


def test_a_change_of_the_page_is_one_to_the_summary(tmp_path: Path) -> None:
    batch = captures()
    batch[8:] = [replace(c, body=c.body.replace("سه متر".encode(), "پنج متر".encode())) for c in batch[8:]]
    assert summed_up(tmp_path, batch) == {"new": 2, "unchanged": 12, "changed": 2}


@pytest.mark.parametrize("archive", [None, "a.warc.gz"], ids=["files", "shard"])
def test_a_record_is_compared_with_the_one_it_replaces(
    tmp_path: Path, archive: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = captures(archive=archive)
    summed_up(tmp_path, batch)
    assert summed_up(tmp_path, batch, ALONE) == {"changed": 16}
    assert summed_up(tmp_path, batch) == {"changed": 16}
    monkeypatch.setattr("archiver.record.assemble.__version__", "99.0.0")
    assert summed_up(tmp_path, batch) == {"unchanged": 16}


@pytest.mark.parametrize("cleaned_before", [1, 2, 9, 15])
@pytest.mark.parametrize("archive", [None, "a.warc.gz"], ids=["files", "shard"])
def test_killed_and_begun_again_it_says_the_same_of_what_it_cleans(
    tmp_path: Path, archive: str | None, cleaned_before: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What was entered is committed at once: the worst that a kill can leave.
    monkeypatch.setattr("archiver.store.catalogue._BATCH", 1)
    batch = captures(archive=archive)
    for fresh in (True, False):
        folder, killed = tmp_path / f"whole {fresh}", tmp_path / f"killed {fresh}"
        if not fresh:
            summed_up(folder, batch, ALONE)
        count = 0

        def killing(capture: Capture, *, options: Options, folder: Path = folder, killed: Path = killed):
            nonlocal count
            if count == cleaned_before:
                shutil.copytree(folder, killed)
            count += 1
            return clean(capture, options=options)

        summed_up(folder, batch, Cleaning(Options(), killing))
        # Of an archive whose shard was not written all is cleaned again.
        done = 0 if archive else cleaned_before
        new = max(2 - done, 0)
        expected = {"new": new, "unchanged": 16 - done - new} if fresh else {"changed": 16 - done}
        assert summed_up(killed, batch) == {name: many for name, many in {**expected, "done": done}.items() if many}
        assert stored(killed) == stored(folder)


def test_killed_while_it_settles_it_has_nothing_to_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(settling, "history", die)
        with pytest.raises(KeyboardInterrupt):
            summed_up(tmp_path, captures())
    assert summed_up(tmp_path, captures(9)) == {"unchanged": 2, "done": 16}


def test_one_to_look_at_is_counted_as_it_stands_in_the_end(tmp_path: Path) -> None:
    batch = [replace(capture, truncated="the crawler stopped") for capture in captures()]
    with Store(tmp_path) as store:
        assert run(batch, store, Options()).partial == 16
    statuses = [record.status for _, record in Store(tmp_path).records()]
    assert statuses == ["partial"] * 16
