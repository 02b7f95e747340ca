"""A page as it was captured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

DigestCheck = Literal["equal", "different", "unknown"]
"""A declared digest and the computed one; `unknown` for an algorithm or a spelling that nobody knows, or where the body
was not whole."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One page as it was captured, before anything was done to it."""

    body: bytes
    """The payload, content encodings (gzip ...) undone."""

    url: str | None = None
    """The address it was captured from; None when nobody wrote it down."""

    captured_at: datetime | None = None
    """When it was captured, in UTC; None when unknown."""

    content_type: str | None = None
    """The HTTP `Content-Type` as it stood, with its parameters; None when unknown."""

    http_status: int | None = None
    """The HTTP status code; None when unknown."""

    source: str = ""
    """The collection it belongs to: the name of the folder or file that was read; "" for a page
    handed over in memory."""

    container: str | None = None
    """The file it lay in, relative to what was read, with `/`; None for a page from memory."""

    offset: int | None = None
    """Where in the container it begins, in bytes; None when the file is the capture."""

    length: int | None = None
    """How many bytes of the container it takes as stored there; None when unknown."""

    record_id: str | None = None
    """The container's own name for it (`WARC-Record-ID`); None when there is none."""

    truncated: str | None = None
    """Why the body is shorter than it was (`gzip stream cut short` ...); None when whole."""

    text: str | None = None
    """The page already decoded, when the caller had text and no bytes; `body` is then its UTF-8."""

    notes: tuple[str, ...] = ()
    """What went less than well while reading it (a broken sidecar ...), one sentence each."""

    unreadable: str | None = None
    """Why nothing could be read, with what to do next; None for a capture that was read."""

    identified_type: str | None = None
    """What the capturing tool took the payload for by its bytes (`WARC-Identified-Payload-Type`), with its
    parameters; None when unknown."""

    archive: str | None = None
    """The file of many captures that it came out of (WARC, WACZ, zip ...), relative to what was read: `container` or
    the beginning of it. None for a file that is one capture, and for a page from memory."""

    http_headers: tuple[tuple[str, str], ...] = ()
    """The HTTP headers that were used to read the body or may date it, (name lower case, value as it stood)."""

    declared_digest: str | None = None
    """The payload's digest as the container tells it (`sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ`); None without one."""

    digest_check: DigestCheck | None = None
    """What came of computing that digest; None without one."""

    revisit_of: str | None = None
    """For a capture that the container tells to be the same as an earlier one, which gave the body: its address and
    time, or its record id. None for a body of its own."""

    title: str | None = None
    """The title that a list in the container gives it; None without one."""

    frames: tuple[Capture, ...] = ()
    """The pages in its frames, where the file that it came in holds them (MHTML, a page that unpacks itself); they are
    read where it shows nothing else."""

    format: str | None = None
    """What the page was wrapped in where a file holds one page: `mhtml`, or `singlefile` when it unpacks itself; None
    for a page that was not wrapped, or by an archive alone."""

    @property
    def size(self) -> int:
        """Bytes of its body and of those of its frames."""
        return len(self.body) + sum(len(frame.body) for frame in self.frames)
