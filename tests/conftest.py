"""What many tests begin with."""

from __future__ import annotations

from collections import Counter

import pytest

from archiver import read


@pytest.fixture
def read_bytes(tmp_path):
    """Reads bytes as a file: the captures, and what was skipped."""

    def read_them(data, name="x"):
        (tmp_path / name).write_bytes(data)
        skipped = Counter()
        return list(read(tmp_path / name, skipped)), skipped

    return read_them
