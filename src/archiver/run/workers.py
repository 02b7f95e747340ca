"""Processes that work for a run, most of all clean captures, one each at a time: what a capture does to one of them
costs that capture and nothing else.

They hold nothing but their code, and what they are to do next. The process of the run hands out what is to be done, and
takes back what came of it: records written out.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Any, Generic, NamedTuple, Protocol, Self, TypeVar

from archiver.errors import WorkerError
from archiver.model import Capture
from archiver.run.usage import Usage, usage_of

# Not forked off this process: a fork takes over the locks of its threads (the progress bar has one). They are forked
# off a server that has one thread and all that they need; spawned where there is none (Windows) and where the system's
# own libraries live through no fork (macOS).
_CONTEXT = get_context("forkserver") if sys.platform == "linux" else get_context("spawn")
_LOADED = "archiver.run.loaded"
_THREADS = "OPENBLAS_NUM_THREADS"

# How often the workers' use of memory and processor is looked at: at 1 GB a second, the most that was seen of a
# page's parse, a worker is 250 MB above its limit when it is stopped.
_LOOK_SECONDS = 0.25

# Jobs that a worker holds: the capture it cleans, and the next, which it so has at once. On 1 GB of development pages
# two cores were busy 86 % of the time with one alone, and 90 % so (start and end of the run, on one core, included).
_HELD = 2

# A worker that never begins to work says that none will; one may have met a moment without memory.
_MOST_STILLBORN = 3


class Limits(NamedTuple):
    """What one job may take. Where there is no /proc (macOS, Windows) nothing is limited.

    Not limits of the kernel: refused memory by RLIMIT_DATA, OpenBLAS tries again for ever (seen with 0.3.30).
    """

    memory_bytes: int = 4 * 1024**3
    """Of the worker's memory, at any moment. A page of 5 MB in 150,000 paragraphs takes 0.8 GB."""

    processor_seconds: int = 1800
    """Of the processor, not of the clock on the wall: a machine with other work to do stops no page. The slowest page
    of WCXB takes 3.5 s a megabyte; one of 64 MB, the longest body that is read, would take 220 s. A worker that does
    nothing at all for so long, in a deadlock, is stopped too."""


T = TypeVar("T")
R = TypeVar("R")
T_contra = TypeVar("T_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)


class Work(Protocol[T_contra, R_co]):
    """What workers do; sent to them by its name."""

    def __call__(self, given: T_contra, /) -> R_co:
        """The answer, which is never None."""


class Job(Generic[T, R]):
    """Something to do, a capture to clean for one, and what came of it."""

    def __init__(self, given: T, give_up: Callable[[T, str], R]) -> None:
        """`give_up` says what comes of it when workers die of it, or it takes more than it may: it is told why."""
        self.given = given
        self.answer: R | None = None
        self.deaths = 0
        self._give_up = give_up

    def fail(self, reason: str) -> None:
        """No worker will do it."""
        self.answer = self._give_up(self.given, reason)


class Crew(Generic[T, R]):
    """Up to `size` workers, begun when there is work. `with` ends them."""

    def __init__(self, size: int, work: Work[T, R], limits: Limits) -> None:
        self.size = size
        self._work = work
        self._limits = limits
        self._workers: list[_Worker[T, R]] = []
        self._stillborn = 0
        self._looked = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.end()

    def give(self, jobs: list[Job[T, R]]) -> list[Job[T, R]]:
        """Hands out jobs from the first on; gives back those for which nobody is free. Begins another worker then."""
        # Whoever has least to do comes first.
        free = [worker for held in range(_HELD) for worker in self._workers if worker.takes(held)]
        for worker, job in zip(free, jobs, strict=False):
            worker.give(job)
        left = jobs[len(free) :]
        beginning = sum(not worker.has_begun for worker in self._workers)
        if beginning < len(left) and len(self._workers) < self.size:
            self._begin()
        return left

    def wait(self, *, long: bool) -> list[Job[T, R]]:
        """The jobs that a worker has handed back, with an answer or, for a second try, without one.

        Waits for the first of them when `long`, though not longer than it takes to look at the workers' limits. Raises
        WorkerError when no worker can be begun.
        """
        connections = {worker.connection: worker for worker in self._workers}
        back = []
        for ready in connection.wait(list(connections), _LOOK_SECONDS if long else 0):
            worker = connections[ready]  # type: ignore[index]  # (typeshed: sockets and handles too)
            try:
                back += worker.take()
                self._stillborn = 0
            except (EOFError, OSError):
                back += self._bury(worker)
        self._look()
        return back

    def _begin(self) -> None:
        try:
            self._workers.append(_Worker(self._work))
        except (EOFError, OSError) as fault:
            # The system has no memory for it, or the process off which workers are forked has died.
            self._count_stillborn(str(fault) or "no process could be begun")

    def _bury(self, worker: _Worker[T, R]) -> list[Job[T, R]]:
        """The jobs that were in a dead worker's hands: without an answer when they may be tried (once more).

        The system kills a process of its choice when memory is short, and one death may be another program's doing.
        """
        self._workers.remove(worker)
        worker.end()
        if not worker.has_begun:
            self._count_stillborn(worker.death)
            return []
        # The first of them is what it was at, the others it never saw.
        for job in worker.jobs[:1]:
            job.deaths += 1
            if worker.verdict or job.deaths > 1:
                job.fail(worker.verdict or f"{worker.death} while cleaning this capture, twice (please report it)")
        return worker.jobs

    def _count_stillborn(self, death: str) -> None:
        self._stillborn += 1
        if self._stillborn >= _MOST_STILLBORN:
            raise WorkerError(
                f"the processes that clean end before they begin: {death}",
                next_step="run with --workers 0, in one process and without its protection",
            )

    def _look(self) -> None:
        """Stops workers that take more than they may for one capture."""
        if time.monotonic() - self._looked < _LOOK_SECONDS:
            return
        self._looked = time.monotonic()
        for worker in self._workers:
            worker.hold_to(self._limits)


class _Worker(Generic[T, R]):
    """One process, seen from the run."""

    def __init__(self, work: Work[T, R]) -> None:
        self.connection, theirs = _CONTEXT.Pipe()
        _share_what_is_loaded()
        self._process: BaseProcess = _CONTEXT.Process(target=_serve, args=(theirs, work), daemon=True)
        self.has_begun = False
        self.jobs: list[Job[T, R]] = []
        self.verdict = ""
        self._first: Usage | None = None
        self._last, self._still = 0.0, 0
        self._given: SimpleQueue[T | None] = SimpleQueue()
        self._sender = Thread(target=self._send, daemon=True)
        with _interrupts_held(), _single_threaded():
            self._process.start()
            self._sender.start()
        # The pipe ends with its last holder: only so a death is seen, on either side.
        theirs.close()

    def takes(self, held: int) -> bool:
        """Whether it takes another job while it has up to `held`."""
        return self.has_begun and len(self.jobs) <= held and not self.verdict

    @property
    def death(self) -> str:
        """How it ended, in words."""
        code = self._process.exitcode or 0
        if code >= 0:
            return f"the worker process ended with exit code {code}"
        with suppress(ValueError):
            return f"the worker process died with signal {-code} ({signal.Signals(-code).name})"
        return f"the worker process died with signal {-code}"

    def give(self, job: Job[T, R]) -> None:
        """Hands out a job, without waiting until the worker has taken it."""
        self.jobs.append(job)
        self._given.put(job.given)

    def take(self) -> list[Job[T, R]]:
        """The job with its answer; none when it only says that it has begun. Raises EOFError or OSError when dead."""
        answer = self.connection.recv()
        self._first, self._still = None, 0
        if not self.has_begun:
            self.has_begun = True
            return []
        job = self.jobs.pop(0)
        job.answer = answer
        return [job]

    def hold_to(self, limits: Limits) -> None:
        """Stops the process when its job took more than it may."""
        now = usage_of(self._process.pid or 0) if self.jobs else None
        if now is None:
            return
        # From the first look at a job on: what it took before that is less than a look's distance.
        self._first = self._first or now
        # Looks are counted and not seconds: those of a run that was stopped (Ctrl-Z) are none.
        self._still = self._still + 1 if self._last == now.processor_seconds else 0
        self._last = now.processor_seconds
        if now.memory_bytes > limits.memory_bytes:
            gibibytes = limits.memory_bytes / 1024**3
            self._stop(f"cleaning it takes more than {gibibytes:g} GiB of memory (raise --memory to try with more)")
        elif now.processor_seconds - self._first.processor_seconds > limits.processor_seconds:
            self._stop(f"cleaning it took more than {limits.processor_seconds} s of the processor (please report it)")
        elif self._still * _LOOK_SECONDS > limits.processor_seconds:
            self._stop(f"cleaning it stood still for {limits.processor_seconds} s (please report it)")

    def end(self) -> None:
        """Ends the process, which has nothing to lose."""
        self._process.kill()
        self._process.join()
        self._given.put(None)
        self._sender.join()
        self.connection.close()

    def _send(self) -> None:
        """The life of a thread of its own. A page is longer than what the pipe holds: to send it takes until the worker
        has done the one before, whose record the run must take meanwhile, or both would wait for the other.
        """
        try:
            while (given := self._given.get()) is not None:
                self.connection.send(given)
        except OSError:
            # The worker is dead, which the run sees at its end of the pipe.
            pass
        except BaseException:
            # No memory to write it out, or a fault of the program: the run must not wait for what was never sent.
            self._process.kill()
            raise

    def _stop(self, verdict: str) -> None:
        self.verdict = verdict
        self._process.kill()


def _serve(run: Connection, work: Work[Any, object]) -> None:
    """The life of a worker: does what comes, until nobody is there to send."""
    # Ctrl-C goes to all processes of the terminal; it is the run that ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    _leave_no_core()
    importlib.import_module(_LOADED)
    gc.disable()
    with suppress(EOFError, OSError):
        run.send(None)
        for number in count(1):
            given = run.recv()
            run.send(work(given))
            is_large = isinstance(given, Capture) and given.size > _LARGE
            del given
            if is_large or number % _COLLECT_EVERY == 0:
                gc.collect()
            if is_large:
                _give_memory_back()


# The collector of cycles looks at all objects again and again while a page is cleaned: a quarter of the time (22.1 ms a
# page of WCXB, 16.4 without). A worker lets it run between captures instead, and seldom: a page leaves 46 objects in
# cycles, and to look at all that is remembered from page to page takes 10 ms. After each 50 of 560 development pages
# that is 0.2 ms a page, after each 200 0.05, and the worker is 1 MB larger.
_COLLECT_EVERY = 200


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """A process that is begun now takes no Ctrl-C until it says so, and neither does this one."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _single_threaded() -> Iterator[None]:
    """A process that is begun now computes in one thread: the matrices of a page are so small that OpenBLAS's second
    thread costs a tenth of a page's processor time, which another worker wants.
    """
    chosen = os.environ.get(_THREADS)
    os.environ[_THREADS] = chosen or "1"
    try:
        yield
    finally:
        if chosen is None:
            del os.environ[_THREADS]


def _share_what_is_loaded() -> None:
    """Has workers forked off a process that has loaded what they need, and what this one has of the program: they run
    the script that this one runs up to its `if __name__ == "__main__":`, and import what that imports.
    """
    if sys.platform == "linux":
        own = sorted(name for name in sys.modules if name.partition(".")[0] == _LOADED.partition(".")[0])
        _CONTEXT.set_forkserver_preload([_LOADED, *own])


# One development page in 130 is longer. What is given back is taken again, zeroed by the kernel, for the next page:
# where it is done after 512 KiB (one page in 12) that costs 0.5 ms a page of 20, and a worker is 12 MB smaller on
# average (28 MB above what it began with, and not 40; at most 47 either way).
_LARGE = 2 * 1024 * 1024


def _give_memory_back() -> None:
    """The C library keeps what a large page took and the next ones don't need: after 300 pages of WCXB a process held
    164 MB, of which it gave back 49. Only glibc is asked; others have no such function.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def _leave_no_core() -> None:
    """A worker that dies is told of in a record; a file of gigabytes helps nobody."""
    try:
        import resource  # noqa: PLC0415  (there is none on Windows)
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def count_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
