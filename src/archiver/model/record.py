"""The archive record of a capture, and its parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from archiver.model.capture import DigestCheck
from archiver.model.document import Link
from archiver.model.kept import KeptBlock, Removed, Restored
from archiver.model.metadata import Metadata
from archiver.model.options import Favour
from archiver.model.repair import Repair

Status = Literal["ok", "partial", "failed"]


@dataclass(frozen=True, slots=True)
class CaptureFacts:
    """Where the capture lay and what came with it (`Capture`, with its payload digest)."""

    format: str
    """As in `Capture`; without a wrapper `html` or `text`, or `unknown` when it could not be read."""
    container: str | None
    """As in `Capture`."""
    offset: int | None
    """As in `Capture`."""
    length: int | None
    """As in `Capture`."""
    record_id: str | None
    """As in `Capture`."""
    http_status: int | None
    """As in `Capture`."""
    content_type: str | None
    """As in `Capture`."""
    payload_digest: str
    """`sha256:` over the body, lower-case hex."""
    truncated: str | None
    """As in `Capture`."""
    replayed_by: str | None
    """As in `Identity`."""
    http_headers: tuple[tuple[str, str], ...] = ()
    """As in `Capture`."""
    declared_digest: str | None = None
    """As in `Capture`."""
    digest_check: DigestCheck | None = None
    """As in `Capture`."""
    revisit_of: str | None = None
    """As in `Capture`."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes became characters, and what was repaired after that."""

    used: str | None
    """The charset, as in `Page`; None when nothing was decoded."""
    decided_by: str | None
    """As in `Page`; None when nothing was decoded."""
    candidates: tuple[tuple[str, str], ...] = ()
    """As in `Page`."""
    conflicts: tuple[str, ...] = ()
    """As in `Page`."""
    replacement_characters: int = 0
    """As in `Page`."""
    undecodable: tuple[int, ...] = ()
    """As in `Page`."""
    repairs: tuple[Repair, ...] = ()
    """Every repair, title first, then block by block."""


@dataclass(frozen=True, slots=True)
class Content:
    """The clean text and where its blocks lie."""

    text: str
    """The clean text: kept blocks in order."""
    text_digest: str
    """`sha256:` over its UTF-8."""
    fingerprint: str
    """64-bit simhash of the text's words, 16 hex digits."""
    blocks: tuple[KeptBlock, ...] = ()
    """Where each kept block stands."""
    links: tuple[Link, ...] = ()
    """Spans in `text`."""
    comments: tuple[str, ...] = ()
    """Readers' comments, block by block: removed from the text, kept here."""


@dataclass(frozen=True, slots=True)
class MadeBy:
    """What made the record: when one of these changes, a changed text may be the program's doing."""

    version: str
    """The program's version."""
    rules_digest: str
    """Over all tables of rules."""
    model_digest: str | None
    """Of the trained models; None in records made before there were any."""
    favour: Favour = "balanced"
    """What the caller favoured; see `Options.favour`."""
    context_digest: str | None = None
    """Of what other captures said about blocks of this one; None when they changed nothing in it."""


@dataclass(frozen=True, slots=True)
class Account:
    """The closing of the books."""

    status: Status
    """`ok`; `partial` when a person should look; `failed` when there is no text."""
    doubts: tuple[str, ...]
    """Reasons a person should look; for a failed record the reason it failed."""
    kept_share: float
    """Kept characters of the visible ones, white space not counted, 0 to 1, four decimals."""
    visible_characters: int
    """As in `Document`."""
    visible_digest: str
    """As in `Document`."""
    made_by: MadeBy
    """What made the record."""


@dataclass(frozen=True, slots=True)
class Record:
    """One capture's archive record; `archiver.record` writes it as JSON and reads it back."""

    schema: str
    """The version of the record's form."""
    id: str
    """sha256 over urlkey, timestamp and payload digest, hex."""
    url: str | None
    """The address; None when nobody knows it."""
    urlkey: str | None
    """Its SURT key."""
    timestamp: str | None
    """Capture time in UTC, 14 digits; None when unknown."""
    created: str | None
    """The same time as RFC 3339."""
    source: str
    """The collection, as in `Capture`."""
    capture: CaptureFacts
    """Where it lay and what came with it."""
    encoding: Encoding
    """How bytes became characters."""
    metadata: Metadata
    """What is known about the page."""
    content: Content
    """The clean text."""
    removed: tuple[Removed, ...]
    """Every block taken out, in order."""
    restored: tuple[Restored, ...]
    """Every block that other captures of the page, or pages of the site, put back, in order."""
    account: Account
    """Status, doubts and sums."""

    @property
    def text(self) -> str:
        """The clean text."""
        return self.content.text

    @property
    def title(self) -> str | None:
        """The page's title."""
        return self.metadata.title

    @property
    def status(self) -> Status:
        """`ok`, `partial` or `failed`."""
        return self.account.status
