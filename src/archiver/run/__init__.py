"""Many captures: each gets a record, none stops the run, and the records are the same whoever cleans them.

summary.py    what a run did, counted
cleaning.py   one capture -> its record, written out
workers.py    processes that do that; usage.py says what each takes, loaded.py is what they share
turns.py      captures to the workers, results back in the captures' order; so for what else they do
settling.py   what the captures of an address say of one another, in the end
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing

from archiver.model import Capture, Options
from archiver.run.cleaning import Cleaner, Cleaning, clean_guarded
from archiver.run.settling import settle
from archiver.run.summary import Failure, Summary, Tally
from archiver.run.turns import Task, Workers, in_turn
from archiver.run.workers import Limits, count_cores
from archiver.store import Outcome, Store, key_of, maker_of

__all__ = [
    "Cleaner", "Cleaning", "Failure", "Limits", "Summary", "Watch", "Workers", "clean_guarded", "count_cores", "run",
]  # fmt: skip

Watch = Callable[[Capture, Outcome], None]
"""Called after each capture, in order: for a progress bar."""


def run(
    captures: Iterable[Capture],
    store: Store,
    cleaning: Options | Cleaning,
    watch: Watch | None = None,
    workers: Workers = Workers(),  # noqa: B008  (immutable)
) -> Summary:
    """Cleans each capture that is not done, and puts its record into the store, which must be open.

    Each capture is cleaned alone, and then seen in the light of the others of its address that are in the store. What
    stands there afterwards depends on the captures, not on the workers nor on the order. A capture that crashes its
    worker or takes more than its limits gets a failed record, and the next run tries it again.

    A worker imports the script that asks for it, which needs its `if __name__ == "__main__":`. On Linux workers are
    forked off a server process, which stays until this one ends.

    Raises StoreError when the store cannot be written, WorkerError when no worker can be begun; what the captures
    themselves do is in the summary.
    """
    cleaning = Cleaning(cleaning) if isinstance(cleaning, Options) else cleaning
    maker, tally = maker_of(cleaning.options), Tally()
    with closing(in_turn(_tasks(captures, store, maker), cleaning, workers)) as results:
        for task, cleaned in results:
            key = task.key or key_of(task.capture, maker, cleaned and cleaned.payload_digest)
            if task.standing:
                outcome = store.keep(task.standing, key, task.slot)
            else:
                assert cleaned is not None
                outcome = store.enter(cleaned.packed, key if cleaned.sound else None, task.slot)
            tally.count(task.capture, outcome)
            if watch:
                watch(task.capture, outcome)
    store.end_archive()
    settle(store, cleaning.options, workers)
    return tally.summary(store.brought())


def _tasks(captures: Iterable[Capture], store: Store, maker: str) -> Iterator[Task]:
    slots = store.slots()
    for capture in captures:
        slot = slots.next(capture)
        key = key_of(capture, maker) if slot is None or slots.may_stand(slot, maker) else None
        standing = None
        if key:
            standing = slots.standing(slot, key) if slot else store.standing(key)
        yield Task(capture, key, slot, standing)
