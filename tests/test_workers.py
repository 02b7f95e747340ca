"""Workers: the records are the same whoever cleans them, a capture costs itself at most, and a stop costs no record."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archiver.errors import WorkerError
from archiver.model import Capture, Options
from archiver.run import Cleaning, Limits, Summary, Workers, run
from archiver.run.cleaning import given_up
from archiver.run.usage import usage_of
from archiver.run.workers import Crew, Job
from archiver.store import Store
from sample_captures import archived, bytes_of, capture_of, clean
from sample_cleaners import Unloadable, clean_or_die

HERE = Path(__file__).parent
LINUX = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="limits are kept where there is a /proc")
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


def run_in(folder: Path, captures: Iterator[Capture] | list[Capture], workers: Workers) -> Summary:
    with Store(folder) as store:
        return run(captures, store, Cleaning(Options(), clean_or_die), None, workers)


def captures_of_every_kind() -> list[Capture]:
    return [
        *(archived(f"text {number % 7}\n- ad", number) for number in range(8)),
        archived("a BUG", 8),
        archived("text 1\n- ad", 1, offset=9000),
        *(capture_of(f"text {day % 3}", day=day, container=f"{day}.txt") for day in range(1, 9)),
        capture_of("SLOW text", day=9, container="slow.txt"),
        capture_of("text 1", day=1, container="0.txt"),
        Capture(b"", container="x.png", source="raw", unreadable="a PNG image, not a page (take it out)"),
        *(archived(f"other {number}", number, "b/c.wacz") for number in range(5)),
    ]


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_the_records_are_the_same_whoever_cleans(
    tmp_path: Path, processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archiver.store.shards.LINES", 4)
    for attempt in range(2):
        here = run_in(tmp_path / "here", captures_of_every_kind(), Workers())
        there = run_in(tmp_path / "there", captures_of_every_kind(), Workers(processes))
        assert here == there
        assert (here.captures, here.duplicates, here.done) == (26, 2, 23 if attempt else 0)
    assert bytes_of(tmp_path / "here") == bytes_of(tmp_path / "there")


def test_results_come_in_the_order_of_the_captures(tmp_path: Path) -> None:
    captures = [capture_of("SLOW first", day=1)] + [capture_of("text", day=day) for day in range(2, 12)]
    watched = []
    with Store(tmp_path) as store:
        run(captures, store, Cleaning(Options(), clean_or_die), lambda one, _: watched.append(one), Workers(2))
    assert watched == captures


@POSIX
@pytest.mark.parametrize(
    ("order", "reason", "limits"),
    [
        ("KILL", "the worker process died with signal 9 (SIGKILL) while cleaning this capture, twice", Limits()),
        ("CRASH", "the worker process died with signal 11 (SIGSEGV) while cleaning this capture, twice", Limits()),
        ("EXIT", "the worker process ended with exit code 3 while cleaning this capture, twice", Limits()),
        ("NO-MEMORY", "the memory of this machine is too small for it", Limits()),
        pytest.param("LOOP", "took more than 1 s of the processor", Limits(processor_seconds=1), marks=LINUX),
        pytest.param("WAIT", "stood still for 1 s", Limits(processor_seconds=1), marks=LINUX),
        pytest.param("HOG", "takes more than 0.25 GiB of memory (raise --memory", Limits(2**28), marks=LINUX),
    ],
)
def test_a_page_costs_itself_and_nothing_else(tmp_path: Path, order: str, reason: str, limits: Limits) -> None:
    captures = [archived("text", number) for number in range(6)]
    captures[2] = archived(f"{order} it", 2)
    summary = run_in(tmp_path, captures, Workers(2, limits))
    assert (summary.new, summary.failed) == (5, 1)
    assert reason in summary.failures[0].reason
    assert [record.status for _, record in Store(tmp_path).records()] == ["ok"] * 2 + ["failed"] + ["ok"] * 3
    # It is not done: the next run tries again, and cleans nothing else.
    with Store(tmp_path) as store:
        again = run(captures, store, Cleaning(Options(), clean))
    assert (again.done, again.new) == (5, 1)
    assert [record.status for _, record in Store(tmp_path).records()] == ["ok"] * 6


@POSIX
def test_a_capture_whose_worker_dies_by_chance_is_tried_once_more(tmp_path: Path) -> None:
    captures = [capture_of(f"ONCE {tmp_path / 'died'}", day=1), capture_of("text", day=2)]
    summary = run_in(tmp_path / "clean", captures, Workers(1))
    assert (tmp_path / "died").exists()
    assert (summary.captures, summary.failed) == (2, 0)


@LINUX
def test_the_process_off_which_workers_are_forked_may_die(tmp_path: Path) -> None:
    orders = ("ORPHAN text", "text", "KILL it", "text", "text")
    captures = [archived(order, number) for number, order in enumerate(orders)]
    summary = run_in(tmp_path, captures, Workers(1))
    assert (summary.new, summary.failed) == (4, 1)
    assert "while cleaning this capture, twice" in summary.failures[0].reason


def test_a_worker_has_its_next_capture_while_it_cleans_one() -> None:
    jobs = [Job(archived(text, number), given_up) for number, text in enumerate(("SLOW text", "text", "text"))]
    with Crew(1, Cleaning(Options(), clean_or_die), Limits()) as crew:
        assert crew.give(jobs) == jobs
        assert _first_back(crew) == []
        assert crew.give(jobs) == jobs[2:]
        assert _first_back(crew) == jobs[:1] and jobs[0].answer
        assert crew.give(jobs[2:]) == []


@POSIX
def test_the_capture_behind_one_that_kills_its_worker_has_done_nothing() -> None:
    jobs = [Job(archived("KILL it", 0), given_up), Job(archived("text", 1), given_up)]
    with Crew(1, Cleaning(Options(), clean_or_die), Limits()) as crew:
        crew.give(jobs)
        assert _first_back(crew) == []
        assert crew.give(jobs) == []
        assert _first_back(crew) == jobs
        assert [job.deaths for job in jobs] == [1, 0]


def _first_back(crew: Crew) -> list[Job]:
    """What comes back first: nothing when a worker says that it has begun."""
    end = time.monotonic() + 180
    before = [worker.has_begun for worker in crew._workers]
    while time.monotonic() < end:
        back = crew.wait(long=True)
        if back or [worker.has_begun for worker in crew._workers] != before:
            return back
    raise AssertionError("nothing comes back")


class _Unsendable(bytes):
    """A body that there is no memory to write out for."""

    def __reduce_ex__(self, protocol: object) -> str:
        raise MemoryError


@POSIX
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_capture_that_cannot_be_sent_costs_itself(tmp_path: Path) -> None:
    captures = [archived("text", 0), replace(archived("text", 1), body=_Unsendable(b"text")), archived("text", 2)]
    summary = run_in(tmp_path, captures, Workers(1))
    assert (summary.new, summary.failed) == (2, 1)


LOADED = """
import gc
import archiver.run.loaded
from archiver import clean
from archiver.tables import read_model, read_table
before = read_table.cache_info().misses, read_model.cache_info().misses
for page in ("<title>نشست</title><p>آب در صد درجه می‌جوشد.</p>", "Water\\n\\nIt boils.", "<p>Grüße aus Köln: 水</p>"):
    for charset in ("utf-8", "windows-1256", "gb18030", "utf-16"):
        clean(page.encode(charset, "replace"))
assert (read_table.cache_info().misses, read_model.cache_info().misses) == before
assert gc.get_freeze_count() > 10_000
"""


def test_a_worker_has_nothing_left_to_load() -> None:
    subprocess.run([sys.executable, "-c", LOADED], check=True)


def test_workers_that_never_begin_stop_the_run(tmp_path: Path) -> None:
    with Store(tmp_path) as store, pytest.raises(WorkerError, match=r"exit code 3 \(run with --workers 0"):
        run([capture_of("text")], store, Cleaning(Options(), Unloadable()), None, Workers(2))


def test_no_worker_is_begun_for_what_is_done(tmp_path: Path) -> None:
    captures = [capture_of("text", day=day) for day in (1, 2, 3)]
    run_in(tmp_path, captures, Workers())
    with Store(tmp_path) as store:
        # (The key of a capture knows nothing of who cleans.)
        summary = run(captures, store, Cleaning(Options(), Unloadable()), None, Workers(2))
    assert summary.done == 3


@pytest.mark.parametrize("framed", [False, True])
def test_what_is_read_ahead_is_limited_by_its_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, framed: bool
) -> None:
    """The first captures that are over the limit together wait until one of them is stored."""
    monkeypatch.setattr("archiver.run.turns._MOST_BYTES", 3500)
    taken, stored, ahead = 0, 0, []

    def captures() -> Iterator[Capture]:
        nonlocal taken
        for day in range(1, 13):
            taken += 1
            ahead.append(taken - stored)
            capture = capture_of(("NAP " if day > 1 else "SLOW ") + "x" * (0 if framed else 1000), day=day)
            yield replace(capture, frames=(Capture(b"x" * 1000),)) if framed else capture

    def watch(*_: object) -> None:
        nonlocal stored
        stored += 1

    with Store(tmp_path) as store:
        run(captures(), store, Cleaning(Options(), clean_or_die), watch, Workers(2))
    assert stored == 12 and max(ahead) == 4


@LINUX
def test_usage_is_of_the_process() -> None:
    before = usage_of(os.getpid())
    weight = bytearray(os.urandom(1 << 20)) * 200
    begun = time.process_time()
    while time.process_time() < begun + 0.1:
        pass
    after = usage_of(os.getpid())
    assert before and after
    assert after.memory_bytes > before.memory_bytes + len(weight) // 2
    assert after.processor_seconds - before.processor_seconds > 0.05
    assert usage_of(0) is None


# Stops ----------------------------------------------------------------------------------------------------

RUN = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import archiver.store.shards
from test_workers import captures_to_be_stopped, run_in, Workers
archiver.store.shards.LINES = 7
if __name__ == "__main__":
    run_in(Path(sys.argv[1]), captures_to_be_stopped(), Workers(2))
"""


def captures_to_be_stopped() -> list[Capture]:
    """Each takes 15 ms, so that two workers need 1.6 s for them all: longer than ten runs of 0.15 s at most."""
    return [
        *(archived(f"NAP text {number % 9}\n- ad", number) for number in range(100)),
        *(capture_of(f"NAP text {day}\n- ad", day=1 + day % 28, container=f"{day}.txt") for day in range(60)),
        *(archived(f"NAP text {number}", number, "b.wacz") for number in range(60)),
    ]


@POSIX
def test_a_run_killed_at_ten_moments_ends_as_one_that_was_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "run.py"
    script.write_text(RUN, "utf-8")
    folder = tmp_path / "clean"
    command = [sys.executable, str(script), str(folder), str(HERE)]
    moments = random.Random(5)
    for _ in range(10):
        with subprocess.Popen(command, start_new_session=True) as process:
            size = _size(folder)
            while process.poll() is None and _size(folder) == size:
                time.sleep(0.005)
            time.sleep(moments.random() * 0.15)
            os.killpg(process.pid, signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
    subprocess.run(command, check=True)
    monkeypatch.setattr("archiver.store.shards.LINES", 7)
    assert run_in(folder, captures_to_be_stopped(), Workers()).done == 220
    run_in(tmp_path / "whole", captures_to_be_stopped(), Workers())
    assert bytes_of(folder) == bytes_of(tmp_path / "whole")


@LINUX
def test_workers_end_with_the_run(tmp_path: Path) -> None:
    """Nobody is told when the run is killed: its workers see that the pipe has ended."""
    script = tmp_path / "run.py"
    script.write_text(RUN.replace("captures_to_be_stopped()", "captures_to_be_stopped()[:1] * 100000"), "utf-8")
    command = [sys.executable, str(script), str(tmp_path / "clean"), str(HERE)]
    with subprocess.Popen(command, start_new_session=True) as process:
        _wait_for(lambda: len(_group(process.pid)) >= 3 and any((tmp_path / "clean").glob("*")))
        process.kill()
    _wait_for(lambda: not _group(process.pid))


@pytest.fixture
def heeding_interrupts() -> Iterator[None]:
    """A shell starts what runs in its background with SIGINT ignored, and a run would inherit that from the tests."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@POSIX
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM], ids=lambda stop: stop.name)
def test_a_stop_keeps_what_is_done(tmp_path: Path, stop: signal.Signals, heeding_interrupts: None) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    # So many that some are left when a busy machine looks away for seconds between the fifth and the stop.
    for number in range(400):
        (raw / f"{number:03}.txt").write_text(f"Text of page {number}, which is kept.\n" * 1000, "utf-8")
    folder = tmp_path / "clean"
    command = [sys.executable, "-m", "archiver.cli", "clean", str(raw), str(folder), "--workers", "2"]
    with subprocess.Popen(command, start_new_session=True, stderr=subprocess.PIPE, text=True) as process:
        _wait_for(lambda: len(list(folder.rglob("*.json"))) >= 5)
        os.killpg(process.pid, stop)
        _, complaint = process.communicate(timeout=180)
    assert (process.returncode, complaint) == (130, "archiver: stopped; run it again to go on where it was\n")
    stored = len(list(folder.rglob("*.json")))
    assert stored < 400
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    done = int(told.split(" done before")[0].split()[-1])
    # One that was stored and not yet remembered is cleaned once more.
    assert told.startswith("400 captures: ") and stored - 1 <= done <= stored


def _size(folder: Path) -> int:
    return sum(1 for _ in folder.rglob("*")) if folder.exists() else 0


def _group(pid: int) -> list[str]:
    told = subprocess.run(["pgrep", "-g", str(pid)], capture_output=True, text=True, check=False)
    return told.stdout.split()


def _wait_for(happened: Callable[[], bool]) -> None:
    """Minutes are what a machine may take that runs all tests at once."""
    end = time.monotonic() + 180
    while not happened():
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.02)
