"""Progress: the bytes behind a run grow with it, end at the input's size, and show on a terminal only."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from archiver.model import Capture
from archiver.progress import Reach, progress_bar, total_of
from archiver.readers import read
from archiver.store import Outcome
from sample_captures import archived, capture_of

SIZES = {"a.txt": 100, "b.warc.gz": 5000, "c.zip": 700, "d.txt": 30}


def test_reach_of_files_and_archives() -> None:
    reach = Reach(lambda file: SIZES[file])
    captures = [
        (capture_of("", container="a.txt"), 100),
        (replace(archived("", 1, "b.warc.gz"), offset=1000, length=900), 100 + 1900),
        (replace(archived("", 2, "b.warc.gz"), offset=3000, length=None), 100 + 3000),
        # In an archive in the archive: the offset is not that of the outer file.
        (replace(archived("", 1, "c.zip"), container="c.zip/page.warc", offset=100), 100 + 5000),
        (replace(archived("", 2, "c.zip"), offset=None), 100 + 5000),
        (capture_of("", container="d.txt"), 100 + 5000 + 700 + 30),
        (capture_of("", container=None), 100 + 5000 + 700 + 30),
    ]
    assert [reach.after(capture) for capture, _ in captures] == [reached for _, reached in captures]


@given(st.lists(st.tuples(st.sampled_from(sorted(SIZES)), st.integers(0, 9000), st.booleans())))
def test_reach_never_shrinks_nor_passes_what_there_is(places: list[tuple[str, int, bool]]) -> None:
    reach, before = Reach(lambda file: SIZES[file]), 0
    for file, offset, is_archive in sorted(places):
        capture = Capture(b"", container=file, offset=offset, length=10, archive=file if is_archive else None)
        reached = reach.after(capture)
        assert before <= reached <= sum(SIZES.values())
        before = reached


def test_a_folder_is_through_when_its_last_capture_is(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name, text in (("a.txt", "one"), ("deep/b.html", "<p>two"), ("empty.txt", ""), (".hidden", "no")):
        (tmp_path / name).write_text(text, "utf-8")
    reach = Reach(lambda file: (tmp_path / file).stat().st_size)
    assert total_of(tmp_path) == 3 + 6 == [reach.after(capture) for capture in read(tmp_path)][-1]
    assert total_of(tmp_path / "a.txt") == 3
    assert total_of(tmp_path / "none") is None
    assert total_of(Path("-")) is None


@pytest.mark.parametrize("given_as", ["folder", "file", "stdin"])
def test_the_bar_shows_captures_rates_and_the_time_left(tmp_path: Path, given_as: str) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text("text" * 100, "utf-8")
    path = {"folder": tmp_path, "file": tmp_path / "0.txt", "stdin": Path("-")}[given_as]
    shown = io.StringIO()
    with progress_bar(path, Console(file=shown, force_terminal=True, width=150)) as watch:
        assert watch
        for number in range(3 if given_as == "folder" else 1):
            watch(capture_of("", container=f"{number}.txt"), Outcome("place", "new", "ok", ""))
    told = re.sub(r"\x1b\[[\d;?]*\w", "", shown.getvalue())
    count = 3 if given_as == "folder" else 1
    assert re.search(rf"{count} captures \([\d.]+/s\) .*{count - 1}\.txt", told)
    assert ("left" in told) == (given_as != "stdin")


def test_no_bar_where_there_is_no_terminal(tmp_path: Path) -> None:
    shown = io.StringIO()
    with progress_bar(tmp_path, Console(file=shown)) as watch:
        assert watch is None
    assert shown.getvalue() == ""
