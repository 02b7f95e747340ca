"""A timeline as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from archiver.versions.timeline import Timeline, Version


def timeline_to_json(timeline: Timeline) -> str:
    """One object, keys in the order of the model; ends with a line end."""
    return json.dumps(asdict(timeline), ensure_ascii=False, indent=1) + "\n"


def change_to_line(timeline: Timeline, version: Version) -> str:
    """A version that changed, with its address, as one line of JSON without its end."""
    row: dict[str, Any] = {"url": timeline.url, **asdict(version)}
    return json.dumps(row, ensure_ascii=False)
