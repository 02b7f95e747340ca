"""Store: names that every system can hold, files written whole or not at all, and nothing done twice."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archiver.errors import RecordError, StoreError
from archiver.model import Capture, Options, Record
from archiver.record import failed, from_json
from archiver.store import CATALOGUE, Brought, Outcome, Store, key_of, maker_of, place_of
from archiver.store.places import safe_name
from sample_captures import capture_of, clean

CASES = sorted((Path(__file__).parent / "cases" / "places").glob("*.json"))
OPTIONS = Options()
MAKER = maker_of(OPTIONS)


def cleaned(capture: Capture) -> Record:
    return clean(capture, options=OPTIONS)


def put_and_told(folder: Path, captures: list[Capture]) -> tuple[list[Outcome], Brought]:
    with Store(folder) as store:
        outcomes = [
            store.done(key_of(capture, MAKER)) or store.put(cleaned(capture), key_of(capture, MAKER))
            for capture in captures
        ]
        return outcomes, store.brought()


def put_all(folder: Path, captures: list[Capture]) -> list[Outcome]:
    return put_and_told(folder, captures)[0]


def bytes_of(folder: Path, *, catalogue: bool = False) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and (catalogue or not path.name.startswith(CATALOGUE))
    }


# Names ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_place(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    record = cleaned(capture_of("text", **case["input"]))
    own = f"{record.id}\n{record.source}\n{record.capture.container}\n{record.capture.offset}"
    address_path = (record.url or "").removeprefix("https://example.org/")
    digits = {
        "id8": record.id[:8],
        "own8": sha256(own.encode()).hexdigest()[:8],
        "path8": sha256(address_path.encode()).hexdigest()[:8],
    }
    assert place_of(record) == case["expected"].format(**digits)


@given(st.text(st.characters()))
@example("\u1680")
def test_any_name_is_safe(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe.encode()) <= 80
    assert not re.search(r'[<>:"/\\|?*\s\x00-\x1f]|[. ]$|^\.', safe)
    assert not re.match(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", safe)
    assert safe_name(safe) == safe or "~" in safe


@given(st.text(min_size=90), st.text(min_size=90))
def test_cutting_merges_no_two_names(one: str, other: str) -> None:
    assert one == other or safe_name("x" * 90 + one) != safe_name("x" * 90 + other)


# Outcomes -------------------------------------------------------------------------------------------------


def test_a_record_comes_back_as_it_was_put(tmp_path: Path) -> None:
    record = cleaned(capture_of("یک\n- دو"))
    with Store(tmp_path) as store:
        outcome = store.put(record)
        assert store.get(outcome.place) == record
        assert list(store.walk()) == [outcome.place]
    assert (tmp_path / f"{outcome.place}.txt").read_text("utf-8") == "یک\n"


def test_a_second_run_writes_nothing(tmp_path: Path) -> None:
    captures = [capture_of(f"text {day % 3}", day=day) for day in range(1, 9)] + [capture_of("\n")]
    put_all(tmp_path, captures)
    before = bytes_of(tmp_path, catalogue=True)
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert {outcome.change for outcome in put_all(tmp_path, captures)} == {"done"}
    assert bytes_of(tmp_path, catalogue=True) == before
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path != tmp_path} == {
        path: time for path, time in times.items() if path != tmp_path
    }


def test_what_a_capture_brought(tmp_path: Path) -> None:
    captures = [
        capture_of("same\n- ad 1", day=1),
        capture_of("same\n- ad 2", day=2),
        capture_of("other", day=3),
        capture_of("other", day=3, container="copy.txt"),
        capture_of("same", day=1, url="https://example.org/b"),
    ]
    for folder, order in ((tmp_path / "forth", captures), (tmp_path / "back", captures[::-1])):
        outcomes, brought = put_and_told(folder, order)
        assert sorted(outcome.change for outcome in outcomes) == ["cleaned"] * 4 + ["duplicate"]
        assert brought == Brought(new=2, unchanged=1, changed=1, partial=0)
        assert put_and_told(folder, order)[1] == Brought(0, 0, 0, 0)


def test_other_options_clean_again(tmp_path: Path) -> None:
    capture = capture_of("text")
    put_all(tmp_path, [capture])
    others = key_of(capture, maker_of(Options(repair=False)))
    with Store(tmp_path) as store:
        assert store.done(others) is None
        assert store.put(cleaned(capture), others).change == "cleaned"
        assert store.brought() == Brought(0, 1, 0, 0)
    with Store(tmp_path) as store:
        assert store.done(key_of(capture, MAKER)) is None
        assert store.done(others)


def test_options_have_one_key_in_every_process() -> None:
    code = (
        "from archiver.model import *; from archiver.store import key_of, maker_of;"
        "print(key_of(Capture(b''), maker_of(Options(rules_off=frozenset('abcdefgh')))))"
    )
    run = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
        )
        for seed in (1, 2)
    ]
    assert run[0].stdout == run[1].stdout != b""


@pytest.mark.parametrize(
    "change",
    [
        {"url": "https://example.org/z"},
        {"content_type": "text/html"},
        {"truncated": "cut"},
        {"source": "new"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_fact_of_a_capture_is_another_key(change: dict[str, str]) -> None:
    capture = capture_of("text")
    assert key_of(capture, MAKER) == key_of(replace(capture), MAKER) != key_of(replace(capture, **change), MAKER)


def test_a_fact_that_changes_and_changes_back_is_cleaned_each_time(tmp_path: Path) -> None:
    """A sidecar is corrected, and the correction taken back: the record follows both times."""
    first = capture_of("text")
    second = replace(first, content_type="text/html")
    for capture in (first, second, first):
        with Store(tmp_path) as store:
            assert store.done(key_of(capture, MAKER)) is None
            outcome = store.put(cleaned(capture), key_of(capture, MAKER))
        assert Store(tmp_path).get(outcome.place).capture.content_type == capture.content_type


def test_files_that_are_gone_or_shortened_are_made_again(tmp_path: Path) -> None:
    captures = [capture_of("text", day=day) for day in (1, 2, 3)]
    outcomes = put_all(tmp_path, captures)
    before = bytes_of(tmp_path)
    (tmp_path / f"{outcomes[0].place}.txt").unlink()
    (tmp_path / f"{outcomes[1].place}.json").write_bytes(b"{")
    outcomes, brought = put_and_told(tmp_path, captures)
    assert [outcome.change for outcome in outcomes] == ["cleaned", "cleaned", "done"]
    assert brought == Brought(0, 2, 0, 0)
    assert bytes_of(tmp_path) == before


# Same captures, any order ---------------------------------------------------------------------------------


def test_any_order_gives_the_same_bytes(tmp_path: Path) -> None:
    captures = [
        capture_of(f"text {number % 2}", day=1 + number % 3, container=f"{number % 5}/{number}.txt")
        for number in range(20)
    ]
    captures += [capture_of("", url=None, day=None, container=name) for name in ("a b.txt", "a_b.txt", "a-b.txt")]
    results = []
    for seed in range(4):
        random.Random(seed).shuffle(captures)
        folder = tmp_path / str(seed)
        half = len(captures) // 2
        for part in (captures[:half], captures[half:]) if seed % 2 else (captures,):
            put_all(folder, part)
        results.append(bytes_of(folder))
    assert all(result == results[0] for result in results)
    assert len([name for name in results[0] if name.endswith(".json")]) == 6 + 3


def test_duplicates_are_told_in_every_run(tmp_path: Path) -> None:
    captures = [capture_of("text", container="b.txt"), capture_of("text", container="a.txt")]
    assert [outcome.change for outcome in put_all(tmp_path, captures)] == ["cleaned", "duplicate"]
    assert Store(tmp_path).get(place_of(cleaned(captures[0]))).capture.container == "a.txt"
    for order in (captures, captures[::-1]):
        assert sorted(outcome.change for outcome in put_all(tmp_path, order)) in (
            ["done", "duplicate"],
            ["cleaned", "duplicate"],
        )
        assert Store(tmp_path).get(place_of(cleaned(captures[0]))).capture.container == "a.txt"


def test_two_ids_with_equal_digits_do_not_overwrite_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archiver.store.places._SHORT", 0)
    captures = [capture_of("one", day=1), capture_of("two", day=1)]
    outcomes = put_all(tmp_path, captures)
    assert [Store(tmp_path).get(outcome.place).text for outcome in outcomes] == ["one", "two"]
    assert {outcome.change for outcome in put_all(tmp_path, captures)} == {"done"}


def test_equal_files_without_address_are_two_records(tmp_path: Path) -> None:
    captures = [Capture(b"", container=name, unreadable="empty") for name in ("a.html", "b.html")]
    put_all(tmp_path, captures)
    assert len(list(Store(tmp_path).walk())) == 2


def test_a_file_that_can_be_read_now_is_failed_no_longer(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.put(failed(Capture(b"", source="raw", container="page.txt"), "no rights"))
        assert store.put(cleaned(capture_of("text"))).change == "cleaned"
        assert store.brought() == Brought(1, 0, 0, 0)
    assert [Store(tmp_path).get(place).status for place in Store(tmp_path).walk()] == ["ok"]


# The catalogue --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", ["missing", "empty", "garbage", "torn", "old"])
def test_a_lost_catalogue_is_made_again(tmp_path: Path, damage: str) -> None:
    captures = [capture_of(f"text {day % 2}", day=day) for day in range(1, 30)]
    put_all(tmp_path, captures)
    before = bytes_of(tmp_path)
    catalogue = tmp_path / CATALOGUE
    if damage == "missing":
        catalogue.unlink()
    elif damage == "old":
        connection = sqlite3.connect(catalogue)
        connection.execute("PRAGMA user_version = 99")
        connection.close()
    else:
        data = catalogue.read_bytes()
        catalogue.write_bytes({"empty": b"", "garbage": b"x" * 5000, "torn": data[:4096] + b"\xff" * 4096}[damage])
    assert put_and_told(tmp_path, captures)[1] == Brought(0, len(captures), 0, 0)
    assert {outcome.change for outcome in put_all(tmp_path, captures)} == {"done"}
    assert bytes_of(tmp_path) == before


def test_a_second_writer_is_told_to_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, **more: real(path, timeout=0.05, **more))
    with Store(tmp_path) as first:
        first.put(cleaned(capture_of("one")))
        with pytest.raises(StoreError, match="another run"), Store(tmp_path):
            pass
        first.put(cleaned(capture_of("two")))
    with Store(tmp_path) as second:
        assert len(list(second.walk())) == 2


def test_what_a_kill_left_is_cleared_away(tmp_path: Path) -> None:
    (outcome,) = put_all(tmp_path, [capture_of("text")])
    before = bytes_of(tmp_path)
    left = (tmp_path / outcome.place).parent / ".20240101000000-00000000.json.unfinished"
    left.write_bytes(b'{"schema"')
    assert [outcome.place] == list(Store(tmp_path).walk())
    put_all(tmp_path, [])
    assert bytes_of(tmp_path) == before


# Kills ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", range(8))
def test_a_stop_between_any_two_steps_leaves_whole_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    """Power goes before the n-th step of writing: each flush and each rename of the run, in order."""
    captures = [capture_of("one", day=1), capture_of("two", day=2)]
    whole = tmp_path / "whole"
    put_all(whole, captures)
    steps = iter(range(100))

    def stopping(step: object) -> object:
        def stepped(*arguments: object) -> object:
            if next(steps) == moment:
                raise KeyboardInterrupt
            return step(*arguments)

        return stepped

    folder = tmp_path / "stopped"
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", stopping(os.fsync))
        patched.setattr(Path, "replace", stopping(Path.replace))
        with pytest.raises(KeyboardInterrupt):
            put_all(folder, captures)
    for place in Store(folder).walk():
        assert (folder / f"{place}.txt").read_bytes() == f"{Store(folder).get(place).text}\n".encode()
    put_all(folder, captures)
    assert bytes_of(folder) == bytes_of(whole)


KILLED = """
import sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from test_store import put_all
from sample_captures import capture_of
captures = [capture_of(f"text {n}" * 500, day=1 + n % 28, url=f"https://example.org/{n}") for n in range(400)]
print("go", flush=True)
put_all(Path(sys.argv[1]), captures)
print("end", flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a POSIX signal")
def test_a_killed_run_goes_on_and_ends_the_same(tmp_path: Path) -> None:
    folder, here = tmp_path / "clean", str(Path(__file__).parent)
    command = [sys.executable, "-c", KILLED, str(folder), here]
    for tries in range(3):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout and process.stdout.readline() == b"go\n"
            seen = len(list(folder.rglob("*.json"))) if folder.exists() else 0
            while len(list(folder.rglob("*.json"))) < seen + 20 + tries and process.poll() is None:
                pass
            process.send_signal(signal.SIGKILL)
        for path in folder.rglob("*.json"):
            assert path.with_suffix(".txt").read_text("utf-8") == f"{from_json(path.read_text('utf-8')).text}\n"
    subprocess.run(command, check=True, capture_output=True)
    captures = [capture_of(f"text {n}" * 500, day=1 + n % 28, url=f"https://example.org/{n}") for n in range(400)]
    put_all(tmp_path / "whole", captures)
    assert bytes_of(folder) == bytes_of(tmp_path / "whole")


# Refusals -------------------------------------------------------------------------------------------------


def test_a_store_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "clean").write_text("mine")
    with pytest.raises(StoreError, match="cannot be written"), Store(tmp_path / "clean"):
        pass
    assert (tmp_path / "clean").read_text() == "mine"


def test_a_full_disk_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with Store(tmp_path) as store, pytest.raises(StoreError, match=r"No space left.*run again"):
        store.put(cleaned(capture_of("text")))


def test_a_missing_and_a_damaged_record_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        Store(tmp_path).get("nowhere")
    (tmp_path / "bad.json").write_bytes(b'{"schema": "\xff"}')
    with pytest.raises(RecordError, match="not UTF-8 at byte 12"):
        Store(tmp_path).get("bad")
