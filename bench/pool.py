"""Work spread over processes that know nothing of one another."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Protocol, TypeVar

WORKERS = 2
"""As many as the cores of the machine that the floors were measured on."""


class _Named(Protocol):
    @property
    def set(self) -> str: ...


_Job = TypeVar("_Job", bound=_Named)
_Result = TypeVar("_Result")


def spread(
    work: Callable[[_Job], list[_Result]], jobs: list[_Job], workers: int = WORKERS, hash_seed: int = 0
) -> Iterator[list[_Result]]:
    """The result of each job, as they are done; progress goes to stderr.

    The processes are spawned and not forked, so that they begin with the seed for hashes that was given: what comes
    out in the order of a set then shows between two seeds. Raises what a job raises; BrokenProcessPool when a page
    kills a worker.
    """
    before = os.environ.get("PYTHONHASHSEED")
    os.environ["PYTHONHASHSEED"] = str(hash_seed)
    try:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            running = {pool.submit(work, job): job for job in jobs}
            for number, done in enumerate(as_completed(running), 1):
                result = done.result()
                print(f"  {number}/{len(jobs)} {running[done].set}: {len(result)}", file=sys.stderr, flush=True)
                yield result
    finally:
        if before is None:
            del os.environ["PYTHONHASHSEED"]
        else:
            os.environ["PYTHONHASHSEED"] = before
