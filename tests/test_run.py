"""Run: in = out whatever a capture does, and the summary adds up."""

from __future__ import annotations

from pathlib import Path

import pytest

from archiver.model import Capture, Options
from archiver.run import Cleaning, Failure, Summary, run
from archiver.store import Store
from sample_captures import capture_of, clean


def run_in(folder: Path, captures: list[Capture], watched: list[str] | None = None) -> Summary:
    names = watched if watched is not None else []
    with Store(folder) as store:
        return run(captures, store, Cleaning(Options(), clean), lambda capture, outcome: names.append(outcome.change))


def captures_of_every_kind() -> list[Capture]:
    return [
        capture_of("one\n- ad", day=1, container="1.txt"),
        capture_of("one\n- other ad", day=2, container="2.txt"),
        capture_of("two", day=3, container="3.txt"),
        capture_of("two", day=3, container="4.txt"),
        capture_of("", day=4, container="5.txt"),
        Capture(b"", container="6.png", source="raw", unreadable="a PNG image, not a page (take it out)"),
        capture_of("a BUG", day=5, container="7.txt"),
    ]


def test_the_summary_of_a_first_run(tmp_path: Path) -> None:
    watched: list[str] = []
    summary = run_in(tmp_path, captures_of_every_kind(), watched)
    assert len(watched) == summary.captures == 7
    assert (summary.new, summary.unchanged, summary.changed) == (1, 1, 2)
    assert (summary.failed, summary.duplicates, summary.done, summary.partial) == (2, 1, 0, 1)
    image, bug = summary.failures
    assert image == Failure("6.png", "a PNG image, not a page (take it out)")
    assert bug.where == "7.txt"
    assert bug.reason.startswith("a bug in archiver: KeyError: 'no such block' in sample_captures.py line ")


def test_the_summary_of_a_second_run(tmp_path: Path) -> None:
    first = run_in(tmp_path, captures_of_every_kind())
    second = run_in(tmp_path, captures_of_every_kind())
    assert (second.new, second.unchanged, second.changed, second.duplicates) == (0, 0, 0, 1)
    # The bug may be mended by now, so that capture is tried again; the image is what it was.
    assert (second.done, second.failed) == (5, 1)
    assert second.failures == first.failures


def test_in_is_out(tmp_path: Path) -> None:
    for attempt in range(2):
        summary = run_in(tmp_path, captures_of_every_kind()[attempt:])
        columns = ("new", "unchanged", "changed", "failed", "duplicates", "done")
        assert sum(getattr(summary, column) for column in columns) == summary.captures
    assert len(list(Store(tmp_path).walk())) == 7 - 1


def test_a_newer_program_cleans_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    captures = [capture_of("one", day=1), capture_of("two", day=2)]
    run_in(tmp_path, captures)
    monkeypatch.setattr("archiver.record.assemble.__version__", "99.0.0")
    summary = run_in(tmp_path, captures)
    assert (summary.unchanged, summary.changed, summary.done) == (2, 0, 0)
    assert {Store(tmp_path).get(place).account.made_by.version for place in Store(tmp_path).walk()} == {"99.0.0"}


def test_an_interrupt_is_not_swallowed(tmp_path: Path) -> None:
    def interrupted(capture: Capture, *, options: Options) -> None:
        raise KeyboardInterrupt

    with Store(tmp_path) as store, pytest.raises(KeyboardInterrupt):
        run([capture_of("one")], store, Cleaning(Options(), interrupted))


def test_a_stream_is_read_one_by_one(tmp_path: Path) -> None:
    """A collection of a terabyte is never held in memory: one capture is stored before the next is read."""
    stored = []

    def captures() -> object:
        for day in (1, 2, 3):
            stored.append(len(list(tmp_path.rglob("*.json"))))
            yield capture_of("text", day=day)

    run_in(tmp_path, captures())
    assert stored == [0, 1, 2]
