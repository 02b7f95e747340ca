"""Compiles the modules that every page goes through, where a C compiler is at hand; elsewhere they run as they stand.

The same source both ways, and the same records: `.ci/run` compares them. mypyc (https://mypyc.readthedocs.io) makes C
of typed Python. An editable install is never compiled, so that an edit counts at once; nor is one with ARCHIVER_PURE=1.
"""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path

from setuptools import Extension, setup

PACKAGE = Path("src/archiver")


def extensions() -> list[Extension]:
    """One for each module that `tool.archiver.compiled` of pyproject.toml names, all optional; or none."""
    if "editable_wheel" in sys.argv or os.environ.get("ARCHIVER_PURE") == "1":
        return []
    chosen = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["tool"]["archiver"]["compiled"]
    modules = {path for pattern in chosen["modules"] for path in PACKAGE.glob(pattern)}
    modules -= {PACKAGE / name for name in chosen["except"]}
    try:
        from mypyc.build import mypycify  # noqa: PLC0415  (absent where nothing is to be compiled)

        # Without the project's own configuration: what that checks needs the stubs of all dependencies.
        options = ["--config-file=", "--ignore-missing-imports"]
        found: list[Extension] = mypycify([*options, *sorted(map(str, modules))], opt_level="2", debug_level="0")
    except (ImportError, SystemExit) as error:
        print(  # noqa: T201
            f"archiver is installed without compiled modules ({error!r}): it works the same, and more slowly"
        )
        return []
    for extension in found:
        extension.optional = True
    return found


setup(ext_modules=extensions())
