"""Captures in, what came of them out, in the same order: whoever cleans them, and however long each takes."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from typing import NamedTuple

from archiver.model import Capture
from archiver.run.cleaning import Cleaned, Cleaning
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
    if workers.processes:
        yield from _spread(iter(tasks), Crew(workers.processes, cleaning, workers.limits))
    else:
        for task in tasks:
            yield task, None if task.standing else cleaning(task.capture)


class _Turn(NamedTuple):
    task: Task
    job: Job | None

    @property
    def has_come(self) -> bool:
        return self.job is None or self.job.cleaned is not None


def _spread(tasks: Iterator[Task], crew: Crew) -> Results:
    waiting: deque[_Turn] = deque()
    queue: list[Job] = []
    held, more = 0, True
    with crew:
        while more or waiting:
            while more and len(queue) < crew.size and len(waiting) < _MOST_WAITING and held < _MOST_BYTES:
                task = next(tasks, None)
                if task is None:
                    more = False
                    break
                job = None if task.standing else Job(task.capture)
                waiting.append(_Turn(task, job))
                held += len(task.capture.body)
                queue += [job] if job else []
            queue = crew.give(queue)
            if waiting and waiting[0].has_come:
                # One at a time, since the store takes its time, and the workers shall not wait for it.
                task, job = waiting.popleft()
                held -= len(task.capture.body)
                yield task, job.cleaned if job else None
            again = crew.wait(long=bool(waiting) and not waiting[0].has_come)
            queue = [job for job in again if not job.cleaned] + queue
