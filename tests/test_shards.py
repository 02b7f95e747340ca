"""Shards: a line a capture, the same bytes whatever happened before, and damage that is seen."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import zstandard
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from archiver.check import check
from archiver.cli import main
from archiver.errors import RecordError, StoreError
from archiver.model import Capture, Options
from archiver.record import failed, from_json, to_line
from archiver.run import Cleaning, Summary, run
from archiver.store import CATALOGUE, Store, read_record
from archiver.store.frames import FRAME_LINES, FrameWriter, read_line, read_lines
from archiver.store.places import folder_of
from archiver.store.shards import ENDING, Keys, rewrite
from sample_captures import archived, bytes_of, capture_of, clean, full_record

SHARD = f"raw/a.warc.gz/00000{ENDING}"


@pytest.fixture(autouse=True)
def short_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archiver.store.shards.LINES", 3)
    monkeypatch.setattr("archiver.check.LINES", 3)


def run_in(folder: Path, captures: list[Capture]) -> Summary:
    with Store(folder) as store:
        return run(captures, store, Cleaning(Options(), clean))


def texts_in(folder: Path) -> dict[str, str]:
    return {place: record.text for place, record in Store(folder).records()}


# What a shard holds ---------------------------------------------------------------------------------------


def test_a_shard_holds_consecutive_captures_of_an_archive(tmp_path: Path) -> None:
    summary = run_in(
        tmp_path, [archived(f"text {number}", number) for number in range(4)] + [archived("b", 0, "b.zip")]
    )
    assert (summary.captures, summary.new) == (5, 5)
    assert texts_in(tmp_path) == {
        f"raw/a.warc.gz/00000{ENDING}#1": "text 0",
        f"raw/a.warc.gz/00000{ENDING}#2": "text 1",
        f"raw/a.warc.gz/00000{ENDING}#3": "text 2",
        f"raw/a.warc.gz/00001{ENDING}#1": "text 3",
        f"raw/b.zip/00000{ENDING}#1": "b",
    }
    assert list(Store(tmp_path).walk()) == list(texts_in(tmp_path))
    assert Store(tmp_path).get(f"{SHARD}#2").text == "text 1"
    assert sorted(bytes_of(tmp_path)) == [SHARD, SHARD.replace("00000", "00001"), f"raw/b.zip/00000{ENDING}"]


def test_any_program_reads_a_shard(tmp_path: Path) -> None:
    run_in(tmp_path, [archived("متن\u2028نیم‌فاصله 😀", number) for number in range(3)])
    data = (tmp_path / SHARD).read_bytes()
    assert zstandard.get_frame_parameters(data).has_checksum
    lines = zstandard.ZstdDecompressor().decompressobj().decompress(data).decode("utf-8").split("\n")
    assert lines.pop() == "" and len(lines) == 3
    assert [from_json(line).text for line in lines] == ["متن\u2028نیم‌فاصله 😀"] * 3


def test_a_line_holds_what_a_file_holds() -> None:
    line = to_line(full_record())
    assert "\n" not in line and from_json(line) == full_record()


def test_each_duplicate_keeps_its_line(tmp_path: Path) -> None:
    captures = [archived("same", 1), archived("same", 1, offset=5000), archived("same", 1, "b.zip")]
    for attempt in range(2):
        summary = run_in(tmp_path, captures)
        assert (summary.new, summary.done, summary.duplicates) == ((0, 1, 2) if attempt else (1, 0, 2))
    assert [record.capture.offset for _, record in Store(tmp_path).records()] == [1000, 5000, 1000]


def test_captures_without_address_are_no_duplicates(tmp_path: Path) -> None:
    broken = [archived("", number, url=None, captured_at=None, unreadable="cut short") for number in range(4)]
    summary = run_in(tmp_path, broken)
    assert (summary.failed, summary.duplicates) == (4, 0)
    assert run_in(tmp_path, broken).done == 4


def test_a_later_capture_of_an_address_is_compared_with_the_one_before(tmp_path: Path) -> None:
    captures = [capture_of("one", day=1), capture_of("one", day=2), capture_of("two", day=3)]
    summary = run_in(tmp_path, [archived_as(capture, number) for number, capture in enumerate(captures)])
    assert (summary.new, summary.unchanged, summary.changed) == (1, 1, 1)


def archived_as(capture: Capture, number: int) -> Capture:
    return archived(capture.body.decode(), number, url=capture.url, captured_at=capture.captured_at)


# The same bytes whatever was there before -----------------------------------------------------------------

PAGES = st.lists(st.sampled_from(["a", "b", "a BUG", "", "- ad", "other"]), max_size=11)


@given(before=PAGES, after=PAGES, moved=st.booleans())
@example(before=["a"] * 7, after=["a"] * 4, moved=False)
@example(before=["a"] * 4, after=["a"] * 7, moved=False)
@example(before=["a", "b", "a", "b"], after=["a", "b", "other", "b"], moved=False)
@example(before=["a", "b"], after=["other", "a", "b"], moved=True)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_an_archive_that_changed_is_as_if_it_had_never_been_another(
    before: list[str], after: list[str], moved: bool
) -> None:
    """Its first capture stays: by that it is known to be the same archive. `moved`: the others lie elsewhere in it."""
    first = archived("first", 0)
    old = [first] + [archived(text, number) for number, text in enumerate(before, 1)]
    new = [first] + [archived(text, number + 50 * moved) for number, text in enumerate(after, 1)]
    with TemporaryDirectory() as here, TemporaryDirectory() as there:
        run_in(Path(here), old)
        run_in(Path(here), new)
        run_in(Path(there), new)
        assert bytes_of(Path(here)) == bytes_of(Path(there))
        again = run_in(Path(here), new)
        assert again.done + again.duplicates == again.captures - sum("BUG" in text for text in after)
        assert bytes_of(Path(here)) == bytes_of(Path(there))
        assert not check(Path(here)).faults


@given(st.permutations(["a.warc.gz", "b.zip", "loose", "deep/c.wacz"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10, deadline=None)
def test_archives_in_any_order_give_the_same_bytes(order: list[str]) -> None:
    with TemporaryDirectory() as here, TemporaryDirectory() as there:
        for folder, names in ((here, order), (there, sorted(order))):
            captures = []
            for name in names:
                loose = [capture_of("text", day=day, container=f"{day}.txt") for day in (1, 2)]
                captures += loose if name == "loose" else [archived(f"{name} {n}", n, name) for n in range(4)]
            run_in(Path(folder), captures)
        assert bytes_of(Path(here)) == bytes_of(Path(there))


def test_a_second_run_writes_nothing(tmp_path: Path) -> None:
    captures = [archived(f"text {number}", number) for number in range(5)]
    run_in(tmp_path, captures)
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob(f"*{ENDING}")}
    assert run_in(tmp_path, captures).done == 5
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob(f"*{ENDING}")} == times


def test_only_what_changed_is_cleaned(tmp_path: Path) -> None:
    captures = [archived(f"text {number}", number) for number in range(7)]
    run_in(tmp_path, captures)
    captures[4] = archived("another text", 4)
    summary = run_in(tmp_path, captures)
    assert (summary.done, summary.changed + summary.new) == (6, 1)
    assert list(texts_in(tmp_path).values())[4] == "another text"


def test_a_newer_program_cleans_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    captures = [archived("text", number) for number in range(4)]
    run_in(tmp_path, captures)
    monkeypatch.setattr("archiver.record.assemble.__version__", "99.0.0")
    assert run_in(tmp_path, captures).unchanged == 4
    assert {record.account.made_by.version for _, record in Store(tmp_path).records()} == {"99.0.0"}


@pytest.mark.parametrize("damage", ["missing", "garbage"])
def test_a_lost_catalogue_is_made_from_the_shards(tmp_path: Path, damage: str) -> None:
    captures = [archived(f"text {number}", number) for number in range(5)] + [capture_of("loose")]
    run_in(tmp_path, captures)
    before = bytes_of(tmp_path)
    (tmp_path / CATALOGUE).unlink()
    if damage == "garbage":
        (tmp_path / CATALOGUE).write_bytes(b"x" * 5000)
    assert run_in(tmp_path, captures).unchanged == 6
    assert run_in(tmp_path, captures).done == 6
    assert bytes_of(tmp_path) == before


@pytest.mark.parametrize("damage", ["gone", "shortened"])
def test_a_shard_that_does_not_stand_is_made_again(tmp_path: Path, damage: str) -> None:
    captures = [archived(f"text {number}", number) for number in range(5)]
    run_in(tmp_path, captures)
    before = bytes_of(tmp_path)
    path = tmp_path / SHARD
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1])
    summary = run_in(tmp_path, captures)
    assert (summary.unchanged, summary.done) == (3, 2)
    assert bytes_of(tmp_path) == before


@pytest.mark.parametrize("moment", range(9))
def test_a_stop_between_any_two_steps_leaves_whole_shards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    """Power goes before the n-th step of writing; on the shards of an older state, which are being replaced."""
    old = [archived(f"text {number}", number) for number in range(11)]
    new = [archived(f"text {number % 5}", number) for number in range(7)]
    run_in(tmp_path / "whole", new)
    folder = tmp_path / "stopped"
    run_in(folder, old)
    steps = iter(range(100))

    def stopping(step: Callable[..., object]) -> Callable[..., object]:
        def stepped(*arguments: object, **named: object) -> object:
            if next(steps) == moment:
                raise KeyboardInterrupt
            return step(*arguments, **named)

        return stepped

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", stopping(os.fsync))
        patched.setattr(Path, "replace", stopping(Path.replace))
        patched.setattr(Path, "unlink", stopping(Path.unlink))
        try:
            run_in(folder, new)
        except KeyboardInterrupt:
            assert next(steps) > moment
    assert not check(folder).faults
    run_in(folder, new)
    assert bytes_of(folder) == bytes_of(tmp_path / "whole")
    assert run_in(folder, new).done == 7


def test_a_full_disk_stops_the_run_and_leaves_what_stood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    run_in(tmp_path, [archived("text", number) for number in range(3)])
    before = bytes_of(tmp_path)
    with monkeypatch.context() as patched, pytest.raises(StoreError, match=r"No space left.*run again"):
        patched.setattr(os, "fsync", full)
        run_in(tmp_path, [archived("another", number) for number in range(3)])
    assert bytes_of(tmp_path) == before


def test_what_a_kill_left_is_cleared_away(tmp_path: Path) -> None:
    run_in(tmp_path, [archived("text", 0)])
    before = bytes_of(tmp_path)
    (tmp_path / f"raw/a.warc.gz/.00001{ENDING}.unfinished").write_bytes(b"(\xb5/\xfd")
    assert len(list(Store(tmp_path).walk())) == 1
    run_in(tmp_path, [archived("text", 0)])
    assert bytes_of(tmp_path) == before


def test_a_reader_that_fails_leaves_the_shard_that_stands(tmp_path: Path) -> None:
    run_in(tmp_path, [archived(f"text {number}", number) for number in range(3)])
    before = bytes_of(tmp_path)

    def captures() -> Iterator[Capture]:
        yield archived("another", 0)
        raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output"), Store(tmp_path) as store:
        run(captures(), store, Cleaning(Options(), clean))
    assert bytes_of(tmp_path) == before


# Names ----------------------------------------------------------------------------------------------------


@given(*[st.lists(st.text(min_size=1), min_size=1, max_size=3).map("/".join)] * 2)
@example("A.warc", "a.warc")
@example("a b.warc", "a-b.warc")
def test_no_two_archives_share_a_folder(one: str, other: str) -> None:
    assert folder_of("raw", one) != folder_of("raw", other) or one == other
    assert ".." not in folder_of(one, other).split("/")


def test_two_archives_of_one_name_are_both_kept(tmp_path: Path) -> None:
    """`jan/warcs/` and `feb/warcs/` are both called `warcs`, and their crawler calls its files the same."""
    january = [archived(f"january {number}", number) for number in range(4)]
    february = [archived(f"february {number}", number) for number in range(2)]
    for captures in (january, february):
        run_in(tmp_path, captures)
    for captures in (january, february):
        assert run_in(tmp_path, captures).done == len(captures)
    assert sorted(texts_in(tmp_path).values()) == sorted(capture.body.decode() for capture in january + february)


def test_an_archive_that_can_be_read_now_is_failed_no_longer(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        whole = Capture(b"", source="raw", container="a.warc.gz")
        store.put(failed(whole, "a WARC file, which this version can't open"))
    run_in(tmp_path, [archived("", 0, unreadable="cut short"), archived("", 1)])
    run_in(tmp_path, [archived("text", 0), archived("text", 1)])
    assert texts_in(tmp_path) == {f"{SHARD}#1": "text", f"{SHARD}#2": "text"}


def test_captures_of_an_archive_come_together(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"captures of a\.warc\.gz come after"):
        run_in(tmp_path, [archived("a", 0), capture_of("between"), archived("b", 0, "b.zip"), archived("c", 1)])


# Lines ----------------------------------------------------------------------------------------------------


def test_a_line_is_read_without_those_before_it(tmp_path: Path) -> None:
    lines = [f"line {number} ".encode() * (number % 7 * 1000 + 1) for number in range(3 * FRAME_LINES + 1)]
    path = tmp_path / "x.zst"
    _write(path, lines)
    assert list(read_lines(path)) == lines
    assert [read_line(path, number) for number in range(len(lines) + 2)] == [*lines, None, None]
    # Any other program reads it as one stream.
    with path.open("rb") as file:
        whole = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True).read()
    assert whole == b"".join(line + b"\n" for line in lines)
    # What stands before is not looked at.
    data = path.read_bytes()
    path.write_bytes(bytes(100) + data[100:])
    assert read_line(path, 2 * FRAME_LINES) == lines[2 * FRAME_LINES]
    with pytest.raises(RecordError):
        list(read_lines(path))


def test_long_lines_are_packed_as_if_each_came_alone(tmp_path: Path) -> None:
    """Those of 20 pages of 64 MB would be too much to hold; what is packed at once shows nowhere."""
    lines = [random.Random(number).randbytes(400_000).hex().encode() for number in range(5)]
    path = tmp_path / "x.zst"
    with path.open("wb") as file:
        writer = FrameWriter(file)
        for line in lines:
            writer.write(line)
        assert file.tell() > 1_000_000
        writer.finish()
    assert list(read_lines(path)) == lines
    packing = zstandard.ZstdCompressor(level=3, write_checksum=True).compressobj()
    packed = b"".join(packing.compress(piece) for line in lines for piece in (line, b"\n")) + packing.flush()
    assert path.read_bytes().startswith(packed)


@pytest.mark.parametrize("changed", [(), (0,), (19,), (20, 39), (60,), (5, 25, 45, 60)], ids=str)
def test_a_shard_with_changed_lines_is_as_if_written_anew(tmp_path: Path, changed: tuple[int, ...]) -> None:
    lines = [f"line {number} ".encode() * (number % 7 * 1000 + 1) for number in range(3 * FRAME_LINES + 1)]
    path, anew = tmp_path / "x.zst", tmp_path / "anew.zst"
    _write(path, lines)
    for number in changed:
        lines[number] = f"other {number}".encode()
    rewrite(path, {number: lines[number] for number in changed})
    _write(anew, lines)
    assert path.read_bytes() == anew.read_bytes()


def test_a_frame_without_a_changed_line_is_not_looked_into(tmp_path: Path) -> None:
    path = tmp_path / "x.zst"
    _write(path, [b"line"] * 3 * FRAME_LINES)
    data = path.read_bytes()
    path.write_bytes(bytes(10) + data[10:])
    rewrite(path, {FRAME_LINES: b"other"})
    assert path.read_bytes()[:20] == bytes(10) + data[10:20]
    assert read_line(path, FRAME_LINES) == b"other"
    whole = path.read_bytes()
    with pytest.raises(RecordError, match="not a whole shard"):
        rewrite(path, {0: b"other"})
    assert path.read_bytes() == whole and [*tmp_path.iterdir()] == [path]


def _write(path: Path, lines: list[bytes]) -> None:
    with path.open("wb") as file:
        writer = FrameWriter(file)
        for line in lines:
            writer.write(line)
        writer.finish()


def test_a_file_cut_anywhere_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "x.zst"
    with path.open("wb") as file:
        writer = FrameWriter(file)
        for number in range(2 * FRAME_LINES):
            writer.write(f"line {number}".encode())
        writer.finish()
    data = path.read_bytes()
    for size in range(len(data)):
        path.write_bytes(data[:size])
        with pytest.raises(RecordError, match="not a whole shard"):
            list(read_lines(path))


# Damage ---------------------------------------------------------------------------------------------------


def flipped(data: bytes) -> bytes:
    return data[:-6] + bytes([data[-6] ^ 1]) + data[-5:]


@pytest.mark.parametrize(
    ("harm", "what"),
    [
        (lambda data: data[:-5], "cut short"),
        (lambda data: data + b"x", "goes on after its end"),
        (lambda data: data + data, "goes on after its end"),
        (lambda data: b"text", "not a whole shard"),
        (flipped, "not a whole shard"),
        (lambda data: b"", "cut short"),
    ],
    ids=["cut", "longer", "twice", "other", "flipped", "empty"],
)
def test_damage_is_seen(tmp_path: Path, harm: Callable[[bytes], bytes], what: str) -> None:
    run_in(tmp_path, [archived(f"text {number}", number) for number in range(5)])
    path = tmp_path / SHARD
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(RecordError, match=what):
        list(read_lines(path))
    with pytest.raises(RecordError, match=what):
        list(Store(tmp_path).records())
    (fault,) = check(tmp_path).faults
    assert fault.where == SHARD and what in fault.what and "delete the shard" in fault.next_step


@pytest.mark.parametrize(
    ("rewrite", "where", "what"),
    [
        (lambda lines: lines[:2], SHARD, "holds 2 records where 3 belong"),
        (lambda lines: [*lines[:2], b"{}"], f"{SHARD}#3", "schema: missing"),
        (
            lambda lines: [lines[0].replace(b'"kept_share": 1.0', b'"kept_share": 0.5'), *lines[1:]],
            f"{SHARD}#1",
            "kept",
        ),
        (lambda lines: [lines[0].replace(b'": "', b'":  "', 1), *lines[1:]], f"{SHARD}#1", "not written the way"),
    ],
    ids=["short", "no-record", "untrue", "spaced"],
)
def test_check_looks_into_every_line(
    tmp_path: Path, rewrite: Callable[[list[bytes]], list[bytes]], where: str, what: str
) -> None:
    run_in(tmp_path, [archived(f"text {number}", number) for number in range(5)])
    assert not check(tmp_path).faults
    path = tmp_path / SHARD
    lines = rewrite(list(read_lines(path)))
    with path.open("wb") as file:
        writer = FrameWriter(file)
        for line in lines:
            writer.write(line)
        writer.finish()
    (fault,) = check(tmp_path).faults
    assert fault.where == where and what in fault.what


def test_a_missing_shard_is_seen(tmp_path: Path) -> None:
    run_in(tmp_path, [archived(f"text {number}", number) for number in range(8)])
    (tmp_path / SHARD).unlink()
    report = check(tmp_path)
    assert report.records == 5
    assert [str(fault) for fault in report.faults] == [f"{SHARD}: the shard is missing (run `archiver clean` again)"]


def test_a_line_that_is_not_there_is_said(tmp_path: Path) -> None:
    run_in(tmp_path, [archived("text", 0)])
    with pytest.raises(RecordError, match="#4: no such line"):
        read_record(Path(f"{tmp_path / SHARD}#4"))


# From the command line ------------------------------------------------------------------------------------


def test_show_takes_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_in(tmp_path, [archived("one", 0), archived("two", 1)])
    assert main(["show", f"{tmp_path / SHARD}#2"]) == 0
    assert capsys.readouterr().out == "two\n"
    assert main(["check", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "2 records: 2 ok, 0 partial, 0 failed; 0 damaged\n"
    shutil.rmtree(tmp_path / "raw")
    assert main(["show", f"{tmp_path / SHARD}#2"]) == 2
    assert "No such file" in capsys.readouterr().err


def test_keys_are_told_apart_line_by_line() -> None:
    keys = Keys()
    for key in ("ab" * 32, None, "cd" * 32):
        keys.add(key)
    again = Keys(bytes(keys))
    assert len(again) == 3
    assert [again.holds(line, "cd" * 32) for line in range(4)] == [False, False, True, False]
