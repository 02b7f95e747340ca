"""clean(capture) -> Record: the stages in their order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from archiver.blocks import displayed, segment, segment_text
from archiver.collector import collector_at_rest
from archiver.context import in_context
from archiver.decode import decode_capture
from archiver.labels import label
from archiver.metadata import describe, doubt_notice, identify, unrewrite
from archiver.model import Capture, Document, Options, Page, Record
from archiver.parse import format_of
from archiver.record import Decisions, build, failed
from archiver.repair import repair_document


def clean(
    source: Capture | bytes | str,
    url: str | None = None,
    captured_at: datetime | None = None,
    content_type: str | None = None,
    options: Options = Options(),  # noqa: B008  (frozen)
) -> Record:
    """The archive record of a page: HTML or plain text, told apart by content.

    `url`, `captured_at` and `content_type` stand in where the capture itself says nothing. Never raises for a bad
    page: what cannot be read becomes a record with status `failed` and the reason.

    >>> clean("<title>Tea</title><p>Water boils at 100 degrees at the level of the sea.</p>").text
    'Water boils at 100 degrees at the level of the sea.'
    """
    with collector_at_rest():
        return _clean(_as_capture(source, url, captured_at, content_type), options)


def _clean(whole: Capture, options: Options) -> Record:
    capture = _shortened(whole, options)
    if capture.unreadable:
        return failed(capture, capture.unreadable)
    page = decode_capture(capture)
    document = _segment(page, capture, options)
    identity = identify(capture, document.head)
    document = doubt_notice(unrewrite(document, capture, identity))
    document, repairs = repair_document(document, normalise=options.normalise) if options.repair else (document, ())
    labels = label(displayed(document), options)
    kept = [block for block in document.blocks if labels[block.index].keep]
    metadata = describe(document, kept, identity, capture.title)
    # The record's digest is of the whole body, of however much of it was read.
    told = replace(whole, truncated=capture.truncated)
    record = build(told, page, document, Decisions(labels, repairs, metadata, identity, options.favour))
    return in_context(record, options.context, options.rules_off)


def _segment(page: Page, capture: Capture, options: Options) -> Document:
    if format_of(page.text, capture.content_type or capture.identified_type) == "text":
        return segment_text(page.text)

    def frames() -> list[str]:
        return [decode_capture(_shortened(frame, options)).text for frame in capture.frames]

    return segment(page.text, page.encoded, frames)


def _as_capture(
    source: Capture | bytes | str, url: str | None, captured_at: datetime | None, content_type: str | None
) -> Capture:
    if isinstance(source, Capture):
        return replace(
            source,
            url=source.url or url,
            captured_at=source.captured_at or captured_at,
            content_type=source.content_type or content_type,
        )
    if isinstance(source, str):
        body = source.encode("utf-8", "replace")
        return Capture(body, url, captured_at, content_type, text=source)
    return Capture(source, url, captured_at, content_type)


def _shortened(capture: Capture, options: Options) -> Capture:
    """The capture with no more of its body than the options allow, and a note when that cut it."""
    limit = options.max_body_bytes
    if len(capture.body) <= limit:
        return capture
    note = f"only the first {limit} of {len(capture.body)} bytes were read (raise max_body_bytes for more)"
    text = capture.text[:limit] if capture.text else None
    truncated = f"{capture.truncated}; {note}" if capture.truncated else note
    return replace(capture, body=capture.body[:limit], text=text, truncated=truncated)
