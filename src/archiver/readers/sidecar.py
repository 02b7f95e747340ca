"""What is known about a capture beside its bytes: a JSON file next to it.

    page.html
    page.html.meta.json     {"url": "...", "captured_at": "2024-02-18T09:30:00Z",
                             "content_type": "text/html; charset=utf-8", "http_status": 200}

What the capturing tool took the payload for, the `WARC-Identified-Payload-Type` of a page taken out of a WARC, is
`identified_payload_type`.

`page.meta.json` serves as well when one capture only bears that name.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archiver.readers.compression import without_compression

SUFFIX = ".meta.json"

# A description is a few lines; more than this is another kind of file.
MAX_BYTES = 64 * 1024
"""How long a description may be."""


@dataclass(frozen=True, slots=True)
class Description:
    """The fields that hold; what was wrong with the others is told in `faults`."""

    url: str | None = None
    captured_at: datetime | None = None
    """UTC."""
    content_type: str | None = None
    http_status: int | None = None
    identified_type: str | None = None
    faults: tuple[str, ...] = ()
    """One sentence each, with the file's name; the capture is read all the same."""


def read_description(capture: Path) -> Description:
    """What the file beside a capture says; nothing when there is none. Never raises."""
    path = find_sidecar(capture)
    if path is None:
        return Description()
    try:
        with path.open("rb") as stream:
            return describe_bytes(stream.read(MAX_BYTES + 1), path.name)
    except OSError as error:
        return Description(faults=(f"{path.name}: no JSON that can be read: {error}",))


def describe_bytes(raw: bytes, name: str) -> Description:
    """What the bytes of a description say; `name` is the file's, for the faults. Never raises."""
    if len(raw) > MAX_BYTES:
        return Description(faults=(f"{name}: longer than {MAX_BYTES} bytes",))
    try:
        fields = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return Description(faults=(f"{name}: no JSON that can be read: {error}",))
    if not isinstance(fields, dict):
        return Description(faults=(f"{name}: not a JSON object",))
    return describe(fields, name)


def find_sidecar(capture: Path) -> Path | None:
    """The description that belongs to a capture: by its full name, or by its stem when no other has it."""
    own = capture.with_name(capture.name + SUFFIX)
    if own.is_file():
        return own
    shared = capture.with_name(_stem(capture.name) + SUFFIX)
    if not shared.is_file():
        return None
    rivals = [entry.name for entry in capture.parent.iterdir()
              if _stem(entry.name) == _stem(capture.name) and not entry.name.endswith(SUFFIX)]  # fmt: skip
    return shared if rivals == [capture.name] else None


def _stem(name: str) -> str:
    return Path(without_compression(name)).stem


def describe(fields: dict[str, object], name: str) -> Description:
    """The fields of a description, each one checked; `name` is the file's, for the faults."""
    faults = []
    url = fields.get("url")
    if url is not None and not (isinstance(url, str) and "://" in url):
        faults.append(f"{name}: url is no address: {url!r}")
        url = None
    types = {field: fields.get(field) for field in ("content_type", "identified_payload_type")}
    faults += [f"{name}: {field} is no text: {value!r}" for field, value in types.items()
               if not isinstance(value, str | None)]  # fmt: skip
    status = fields.get("http_status")
    # bool is an int in Python, and 100 to 599 is what RFC 9110 calls a status code.
    if status is not None and not (type(status) is int and 100 <= status <= 599):
        faults.append(f"{name}: http_status is no status code: {status!r}")
        status = None
    moment = fields.get("captured_at")
    captured_at = parse_time(moment)
    if moment is not None and captured_at is None:
        faults.append(f"{name}: captured_at is neither RFC 3339 nor 14 digits: {moment!r}")
    return Description(
        url=url if isinstance(url, str) else None,
        captured_at=captured_at,
        content_type=_text_or_none(types["content_type"]),
        http_status=status if isinstance(status, int) else None,
        identified_type=_text_or_none(types["identified_payload_type"]),
        faults=tuple(fault[:300] for fault in faults),
    )


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None


def parse_time(moment: object) -> datetime | None:
    """A moment as UTC, from RFC 3339 or the 14 digits of web archives; None for anything else.

    >>> parse_time("20240218093000").isoformat()
    '2024-02-18T09:30:00+00:00'
    """
    if not isinstance(moment, str):
        return None
    try:
        if len(moment) == 14 and moment.isascii() and moment.isdigit():
            return datetime.strptime(moment, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        parsed = datetime.fromisoformat(moment)
        # A time without an offset is some place's time: which, nobody wrote down.
        return parsed.astimezone(UTC) if parsed.tzinfo else None
    except (ValueError, OverflowError):
        return None
