"""Cleaners that do to their process what a page may do to it. Workers know them by name, so they stand in a module."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from pathlib import Path

import sample_captures
from archiver.model import Capture, Options, Record


def clean_or_die(capture: Capture, *, options: Options) -> Record:
    """The stand-in of `sample_captures`, after what the page's first word orders."""
    order, _, rest = capture.body.decode("utf-8", "replace").partition(" ")
    match order:
        case "KILL":
            os.kill(os.getpid(), signal.SIGKILL)
        case "ORPHAN":
            os.kill(os.getppid(), signal.SIGKILL)
        case "CRASH":
            ctypes.string_at(0)
        case "EXIT":
            os._exit(3)
        case "LOOP":
            while True:
                pass
        case "WAIT":
            signal.pause()
        case "HOG":
            hoard = []
            while True:
                hoard.append(bytearray(os.urandom(1 << 20)))
                time.sleep(0.001)
        case "ONCE":
            if not Path(rest).exists():
                Path(rest).touch()
                os.kill(os.getpid(), signal.SIGKILL)
        case "SLOW":
            time.sleep(0.3)
        case "NAP":
            time.sleep(0.015)
        case "NO-MEMORY":
            raise MemoryError
    return sample_captures.clean(capture, options=options)


class Unloadable:
    """A cleaner that ends each worker before it begins."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (3,)
