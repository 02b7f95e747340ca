"""Captures, and a `clean` that stands in for the pipeline: what store, run and check must do does not depend
on how a page is cut up. A line that begins with `-` is boilerplate, every other is content.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from archiver.model import (
    Block,
    Capture,
    Document,
    Identity,
    Label,
    Link,
    Metadata,
    Options,
    Page,
    Record,
    Repair,
)
from archiver.record import Decisions, build, digest_of, failed
from archiver.urlkeys import urlkey


def capture_of(text: str, *, container: str | None = "page.txt", day: int | None = 1, url: str | None = "") -> Capture:
    """A capture of `text`; by default of one address, on that day of 2024."""
    return Capture(
        text.encode(),
        url="https://example.org/a" if url == "" else url,
        captured_at=datetime(2024, 1, day, 10, 0, tzinfo=UTC) if day else None,
        content_type="text/plain",
        source="raw",
        container=container,
    )


def document_of(text: str) -> Document:
    """One block a line that says something."""
    inked = "".join(text.split())
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    return Document(
        "text",
        tuple(Block(index, "paragraph", 0, line, -1, number) for index, (number, line) in enumerate(lines)),
        visible_characters=len(inked),
        visible_digest=digest_of(inked),
        parser="lines",
    )


def clean(capture: Capture, *, options: Options) -> Record:
    """The record of the stand-in pipeline; a page that says `BUG` meets one."""
    if capture.unreadable:
        return failed(capture, capture.unreadable)
    text = capture.body.decode("utf-8", "replace")
    if "BUG" in text:
        raise KeyError("no such block")
    document = document_of(text)
    labels = tuple(label_of(block.text) for block in document.blocks)
    identity = Identity(capture.url, urlkey(capture.url) if capture.url else None, capture.captured_at)
    page = Page(text, "utf-8", "utf8-valid", replacement_characters=text.count("\ufffd"))
    return build(capture, page, document, Decisions(labels, (), Metadata(title="A page"), identity))


def label_of(text: str) -> Label:
    """What the stand-in thinks of a line."""
    if text.startswith("-"):
        return Label(keep=False, kind="boilerplate", rule="stand-in:minus", evidence="begins with -", confidence=0.75)
    return Label(keep=True, kind="content", rule="stand-in:line", evidence="anything else", confidence=0.9)


def full_record() -> Record:
    """A record with every part filled: a heading, a repaired block with a link, removed ones, a comment."""
    blocks = (
        Block(0, "heading", 1, "نشست سازمان ملل", -1, 1),
        Block(1, "paragraph", 0, "- menu", -1, 2),
        Block(2, "paragraph", 0, "Doha café report", -1, 3, links=(Link(5, 9, "/cafe"),)),
        Block(3, "paragraph", 0, "I agree", -1, 4),
    )
    decoded = "".join("".join(block.text.split()) for block in blocks).replace("é", "Ã©")
    repair = Repair(2, 5, 10, "mojibake", "cafÃ©", "café", (("encode", "latin-1"), ("decode", "utf-8")))
    labels = [label_of(block.text) for block in blocks]
    labels[3] = Label(
        keep=False,
        kind="comments",
        rule="widgets:comment-list",
        evidence="<ol class=commentlist>",
        confidence=1.0,
    )
    document = Document("text", blocks, visible_characters=len(decoded), visible_digest=digest_of(decoded))
    capture = replace(capture_of("x"), offset=12, length=3, record_id="<urn:uuid:1>", http_status=200)
    identity = Identity(capture.url, "org,example)/a", capture.captured_at, replayed_by="wayback")
    metadata = Metadata(
        "نشست",
        ("A. Writer",),
        "2023-12-31",
        "2024-01-01T09:00:00+03:30",
        "fa-IR",
        "rtl",
        "Site",
        "About",
        None,
        "article",
    )
    page = Page("x", "windows-1252", "meta", (("meta", "windows-1252"), ("utf8-valid", "utf-8")), ("they differ",))
    return build(capture, page, document, Decisions(tuple(labels), (repair,), metadata, identity))


def archived(text: str, number: int, archive: str = "a.warc.gz", **facts: object) -> Capture:
    """The capture of that number out of an archive; each of an address of its own by default."""
    capture = capture_of(text, container=archive, url=f"https://example.org/{number}")
    return replace(capture, **{"archive": archive, "offset": 1000 * number, "length": 900, **facts})


def bytes_of(folder: Path) -> dict[str, bytes]:
    """What stands in a folder of clean records, without its catalogue: that alone may differ between two runs."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".catalogue")
    }
