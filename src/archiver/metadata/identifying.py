"""Address and time of a capture, from the capture itself or else from the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from archiver.addresses import is_replay, is_web_address, unwrap_replay
from archiver.metadata.replays import Trace, declared_address, find_traces
from archiver.model import Capture, Head, Identity
from archiver.urlkeys import urlkey

# Where a copy lies, not where the page was: what the page says about itself goes before these.
_LOCAL = re.compile(r"(?:about|blob|cid|data|file|urn|[a-z]+-extension):", re.IGNORECASE)


def identify(capture: Capture, head: Head) -> Identity:
    """Whose page it is and of when; a replay's prefix is taken off the address, its time goes before others.

    The address: the capture's, else the one a saving or replaying tool wrote into the page, else
    `<link rel=canonical>`, og:url, an absolute `<base>`. The time: that of the replay's address, the
    capture's, or the tool's. Never raises; None where nobody knows.
    """
    given, replay_time, replay_tool = unwrap_replay((capture.url or "").strip())
    traces = find_traces(head)
    traced_time = next((trace.time for trace in traces if trace.time), None)
    url = given if given and not _LOCAL.match(given) else _address_in(head, traces) or given or None
    return Identity(
        url=url,
        urlkey=urlkey(url) if url else None,
        captured_at=_utc(replay_time or capture.captured_at or traced_time),
        replayed_by=replay_tool or _tool_in(traces),
    )


def _tool_in(traces: Sequence[Trace]) -> str | None:
    """A replay before a tool that only saved what it showed."""
    tools = [trace.tool for trace in traces]
    return next(filter(is_replay, tools), next(iter(tools), None))


def _address_in(head: Head, traces: Sequence[Trace]) -> str | None:
    traced = next((trace.url for trace in traces if trace.url), None) or declared_address(head, None)
    if traced or not head.base:
        return traced
    base = unwrap_replay(head.base.strip())[0]
    return base if is_web_address(base) else None


def _utc(time: datetime | None) -> datetime | None:
    if time is None:
        return None
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
