"""Captures in, what came of them out, in the same order: whoever cleans them, and however long each takes. So for
whatever else workers do.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

from archiver.model import Capture
from archiver.run.cleaning import Cleaned, Cleaning, given_up
from archiver.run.workers import Crew, Job, Limits
from archiver.store import Key, Slot
from archiver.store.catalogue import Row

# What may wait for a slow capture before it. More captures than that are seldom cleaned in the 10 s that the slowest
# take, ...
_MOST_WAITING = 500
# ... and their bodies must leave memory to the workers.
_MOST_BYTES = 16 * 1024 * 1024


class Task(NamedTuple):
    """A capture of a run, and what is known of it before it is cleaned."""

    capture: Capture
    key: Key | None
    """None when it cannot have been done before: then it is taken when the record has the body's digest."""
    slot: Slot | None
    """The line that it has in a shard; None for a record on its own."""
    standing: Row | None
    """Its record that stands; None when it has to be cleaned."""


Results = Generator[tuple[Task, Cleaned | None], None, None]
"""Each task with its result, None where a record stands. To close it ends the work."""


class Workers(NamedTuple):
    """Who cleans."""

    processes: int = 0
    """How many; 0 for the process that asks, which a crash or an endless loop then takes down with it."""
    limits: Limits = Limits()
    """What each of them may take for one capture."""


def in_turn(tasks: Iterable[Task], cleaning: Cleaning, workers: Workers) -> Results:
    """The results in the order of the tasks. Raises WorkerError when no worker can be begun."""
    if not workers.processes:
        for task in tasks:
            yield task, None if task.standing else cleaning(task.capture)
        return
    turns = (Turn(task, None if task.standing else Job(task.capture, given_up), task.capture.size) for task in tasks)
    yield from spread(turns, Crew(workers.processes, cleaning, workers.limits), _MOST_BYTES)


S = TypeVar("S")
T = TypeVar("T")
R = TypeVar("R")


class Turn(NamedTuple, Generic[S, T, R]):
    """Whose turn it is."""

    of: S
    job: Job[T, R] | None
    """What there is to do for it; None for nothing."""
    size: int = 0
    """Bytes that it takes while it waits."""

    @property
    def has_come(self) -> bool:
        """Whether everything is done."""
        return self.job is None or self.job.answer is not None


def spread(
    turns: Iterator[Turn[S, T, R]], crew: Crew[T, R], most_bytes: int
) -> Generator[tuple[S, R | None], None, None]:
    """Whose turn it is with the answer, in their order; no more begin while so many bytes wait. To close it ends the
    work.
    """
    waiting: deque[Turn[S, T, R]] = deque()
    queue: list[Job[T, R]] = []
    held, more = 0, True
    with crew:
        while more or waiting:
            while more and len(queue) < crew.size and len(waiting) < _MOST_WAITING and held < most_bytes:
                turn = next(turns, None)
                if turn is None:
                    more = False
                    break
                waiting.append(turn)
                held += turn.size
                queue += [turn.job] if turn.job else []
            queue = crew.give(queue)
            if waiting and waiting[0].has_come:
                # One at a time, since the store takes its time, and the workers shall not wait for it.
                turn = waiting.popleft()
                held -= turn.size
                yield turn.of, turn.job.answer if turn.job else None
            again = crew.wait(long=bool(waiting) and not waiting[0].has_come)
            queue = [job for job in again if job.answer is None] + queue
