"""A timeline as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from archiver.versions.timeline import Timeline, Version


def timeline_to_json(timeline: Timeline) -> str:
    """One object, keys in the order of the model; ends with a line end."""
    return json.dumps(asdict(timeline), ensure_ascii=False, indent=1) + "\n"


def change_to_line(url: str | None, version: Version) -> str:
    """A version that changed, as one line of JSON without its end."""
    row: dict[str, Any] = {"url": url, **asdict(version)}
    return json.dumps(row, ensure_ascii=False)
