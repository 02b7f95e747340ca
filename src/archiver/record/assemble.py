"""One capture's stages -> Record: the text of what was kept, the list of what was not, the books closed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from typing import NamedTuple

from archiver.model import (
    Account,
    Block,
    Capture,
    CaptureFacts,
    Content,
    Document,
    Element,
    Encoding,
    Favour,
    Identity,
    KeptBlock,
    Label,
    Link,
    MadeBy,
    Metadata,
    Page,
    Record,
    Removed,
    Repair,
)
from archiver.record.fingerprint import fingerprint
from archiver.tables import model_digest, rules_digest
from archiver.urlkeys import urlkey
from archiver.version import __version__

SCHEMA = "archiver-record/2"
"""The version of the record's form; a reader refuses any other."""


# The fingerprint of a text without a word.
_NO_WORDS = fingerprint("")


@dataclass(frozen=True)
class Decisions:
    """What the stages decided about a document."""

    labels: tuple[Label, ...]
    """One a block, in the blocks' order."""

    repairs: tuple[Repair, ...]
    """Done to the blocks (and the title) before they were labelled."""

    metadata: Metadata
    """What is known about the page."""

    identity: Identity
    """Its address and time."""

    favour: Favour = "balanced"
    """What the classifier was told to favour."""


def build(capture: Capture, page: Page, document: Document, decisions: Decisions) -> Record:
    """The record of a capture that was read: `ok`, or `partial` with the doubts that make it so.

    A page without any visible text was read, so it is `partial` with a doubt, not `failed`: most are pages
    that a script draws, and the archive should know that there was nothing to see without one.
    """
    kept = [block for block in document.blocks if decisions.labels[block.index].keep]
    text, spans = _render(document, kept)
    removed = _removed(document, decisions.labels)
    inked = Inked(count_inked(text), count_inked("".join([entry.text for entry in removed])))
    doubts = tuple(_doubts(capture, page, document, decisions, inked))
    blank = _blank(capture, decisions.identity, capture.format or document.format)
    return replace(
        blank,
        encoding=Encoding(
            used=page.charset,
            decided_by=page.decided_by,
            candidates=page.candidates,
            conflicts=page.conflicts,
            replacement_characters=page.replacement_characters,
            undecodable=page.undecodable,
            repairs=decisions.repairs,
        ),
        metadata=_described(decisions.metadata),
        content=Content(
            text=text,
            text_digest=digest_of(text),
            fingerprint=fingerprint(text),
            blocks=spans,
            links=tuple(_moved_links(kept, spans)),
            comments=tuple(entry.text for entry in removed if entry.kind == "comments"),
        ),
        removed=removed,
        account=replace(
            blank.account,
            status="partial" if doubts else "ok",
            doubts=doubts,
            kept_share=inked.share(),
            visible_characters=document.visible_characters,
            visible_digest=document.visible_digest or digest_of(""),
            made_by=made_by(decisions.favour),
        ),
    )


def failed(capture: Capture, reason: str, identity: Identity | None = None) -> Record:
    """The record of a capture that gave no text: status `failed`, and `reason` as its one doubt.

    Without `identity` the capture's own address and time stand.
    """
    if identity is None:
        key = urlkey(capture.url) if capture.url else None
        identity = Identity(url=capture.url, urlkey=key, captured_at=capture.captured_at)
    blank = _blank(capture, identity, "unknown")
    return replace(blank, account=replace(blank.account, doubts=(_writable(reason),)))


def made_by(favour: Favour = "balanced") -> MadeBy:
    """What makes records in this program: equal values mean equal records from equal captures."""
    return MadeBy(version=__version__, rules_digest=rules_digest(), model_digest=model_digest(), favour=favour)


def digest_of(text: str) -> str:
    """`sha256:` over the text's UTF-8, lower-case hex."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def identifier(key: str | None, timestamp: str | None, payload_digest: str) -> str:
    """The record's `id`: sha256 over SURT key, 14-digit time and payload digest, parted by line ends; an
    unknown one is empty. One address, one second and the same bytes are one capture, wherever it lay.
    """
    return hashlib.sha256(f"{key or ''}\n{timestamp or ''}\n{payload_digest}".encode()).hexdigest()


def count_inked(text: str) -> int:
    """How many of its characters are not white space."""
    # Most white space is single spaces: to drop them first takes half of the time off the split.
    return len("".join(text.replace(" ", "").split()))


class Inked(NamedTuple):
    """Characters that are not white space, on the two sides of the ledger."""

    kept: int
    """Of the clean text."""

    removed: int
    """Of all that was removed."""

    def share(self) -> float:
        """Kept of all, four decimals; 0 when there are none."""
        total = self.kept + self.removed
        return round(self.kept / total, 4) if total else 0.0


def _blank(capture: Capture, identity: Identity, form: str) -> Record:
    """A failed record that knows only what the capture itself tells."""
    moment = identity.captured_at
    # A time without a zone is taken as UTC, which `Capture` asks for.
    moment = moment.astimezone(UTC) if moment and moment.tzinfo else moment
    created = f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}Z" if moment else None
    timestamp = "".join(filter(str.isdigit, created)) if created else None
    payload_digest = f"sha256:{hashlib.sha256(capture.body).hexdigest()}"
    key = _writable_or_none(identity.urlkey)
    return Record(
        schema=SCHEMA,
        id=identifier(key, timestamp, payload_digest),
        url=_writable_or_none(identity.url),
        urlkey=key,
        timestamp=timestamp,
        created=created,
        source=_writable(capture.source),
        capture=CaptureFacts(
            format=form,
            container=_writable_or_none(capture.container),
            offset=capture.offset,
            length=capture.length,
            record_id=_writable_or_none(capture.record_id),
            http_status=capture.http_status,
            content_type=_writable_or_none(capture.content_type),
            payload_digest=payload_digest,
            truncated=_writable_or_none(capture.truncated),
            replayed_by=identity.replayed_by,
            http_headers=tuple((_writable(name), _writable(value)) for name, value in capture.http_headers),
            declared_digest=_writable_or_none(capture.declared_digest),
            digest_check=capture.digest_check,
            revisit_of=_writable_or_none(capture.revisit_of),
        ),
        encoding=Encoding(used=None, decided_by=None),
        metadata=Metadata(),
        content=Content(text="", text_digest=digest_of(""), fingerprint=_NO_WORDS),
        removed=(),
        restored=(),
        account=Account("failed", (), 0.0, 0, digest_of(""), made_by()),
    )


def _render(document: Document, kept: Sequence[Block]) -> tuple[str, tuple[KeptBlock, ...]]:
    """The clean text, each block's own text verbatim in it, and the span of each."""
    parts: list[str] = []
    spans: list[KeptBlock] = []
    length = 0
    for position, block in enumerate(kept):
        if position:
            parts.append(_between(document, kept[position - 1], block))
            length += len(parts[-1])
        parts.append(block.text)
        end = length + len(block.text)
        spans.append(_new_tuple(KeptBlock, (block.index, block.kind, block.level, length, end, bool(block.gap))))
        length = end
    return "".join(parts), tuple(spans)


def _between(document: Document, before: Block, after: Block) -> str:
    """One line end inside a list, a table or a plain-text paragraph; a blank line everywhere else."""
    if document.format == "text":
        # A blank line on either side of a removed block still parts what stood around it.
        gaps = (block.gap for block in document.blocks[before.index + 1 : after.index + 1])
        return "\n\n" if any(gaps) else "\n"
    return "\n" if before.kind == after.kind and after.kind in ("list-item", "table-row") else "\n\n"


def _moved_links(kept: Sequence[Block], spans: Sequence[KeptBlock]) -> Iterable[Link]:
    for block, span in zip(kept, spans, strict=True):
        for start, end, href in block.links:
            moved = (span.start + start, span.start + end, href if href.isascii() else _writable(href))
            yield _new_tuple(Link, moved)


def _writable_link(link: Link) -> Link:
    start, end, href = link
    return link if href.isascii() else Link(start, end, _writable(href))


# The constructor of a NamedTuple is a Python function, and takes three times as long.
_new_tuple = tuple.__new__


def _removed(document: Document, labels: Sequence[Label]) -> tuple[Removed, ...]:
    paths = _paths(document.elements)
    removed: list[Removed] = []
    for block, (keep, kind, rule, evidence, confidence) in zip(document.blocks, labels, strict=True):
        if not keep:
            path = paths[block.element] if block.element >= 0 else f"line {block.line}"
            seen = evidence if evidence.isascii() else _writable(evidence)
            gap, links = bool(block.gap), tuple(map(_writable_link, block.links)) if block.links else ()
            entry = (
                block.index, kind, rule, seen, path, float(confidence), block.text, block.kind, block.level, gap, links
            )  # fmt: skip
            removed.append(_new_tuple(Removed, entry))
    return tuple(removed)


# Of these a page has one.
_ALONE = frozenset(("html", "head", "body"))
# The development pages are nested 90 deep at most, in paths of up to 700 characters; a page made to be nested 100,000
# deep would otherwise fill the record with paths.
_LONGEST_PATH = 2_000


def _paths(elements: Sequence[Element]) -> list[str]:
    """`html/body/div[2]/p[1]` for each element: its place among its parent's children of that tag; a `…` stands for the
    middle of a path that would be too long.
    """
    paths: list[str] = []
    for element in elements:
        tag = element.tag
        if element.parent < 0:
            path = tag if tag in _ALONE else f"{tag}[{element.place}]"
        elif tag in _ALONE:
            path = f"{paths[element.parent]}/{tag}"
        else:
            path = f"{paths[element.parent]}/{tag}[{element.place}]"
        if len(path) > _LONGEST_PATH:
            path = f"{path[: _LONGEST_PATH // 2].rpartition('/')[0]}/…/{path[-_LONGEST_PATH // 4 :].partition('/')[2]}"
        paths.append(path)
    return paths


def _doubts(capture: Capture, page: Page, document: Document, decisions: Decisions, inked: Inked) -> Iterable[str]:
    """Why a person should look at this record, one sentence each."""
    if capture.truncated:
        yield f"the capture is shorter than the page was: {_writable(capture.truncated)}"
    if capture.digest_check == "different":
        yield f"the body is not the one that {_writable(capture.declared_digest or '')} was computed of"
    if page.replacement_characters:
        yield f"{page.replacement_characters} characters could not be decoded as {page.charset}"
    yield from map(_writable, (*capture.notes, *document.doubts))
    visible = document.visible_characters
    if not visible:
        yield "the page has no visible text; it may need a script to be drawn"
    elif not any(label.keep for label in decisions.labels):
        yield f"nothing was kept though {visible} characters were visible"
    elif (unsure := _unsure_share(document, decisions.labels)) >= _MOST_UNSURE:
        yield f"the classifier is less than {_SURE:.0%} sure of {unsure:.0%} of the text that it kept"
    # Promise 1 of the program, looked at on every page and not only in tests: one text node that the blocks
    # missed or hold twice shows here.
    undone = sum(
        count_inked(repair.before) - count_inked(repair.after) for repair in decisions.repairs if repair.block >= 0
    )
    held = inked.kept + inked.removed + undone
    if held != visible:
        yield f"the blocks hold {held} of {visible} visible characters, a bug to report"


# Cross-validated on the 2,235 development pages: of the 303 with this doubt 44 in 100 have an F1 below .7 (mean .68),
# of the others 6 in 100 (mean .93).
_SURE, _MOST_UNSURE = 0.8, 2 / 3


def _unsure_share(document: Document, labels: Sequence[Label]) -> float:
    """The share of the kept characters in blocks that the classifier kept without being sure."""
    kept = unsure = 0
    for block in document.blocks:
        label = labels[block.index]
        if label.keep:
            kept += len(block.text)
            if label.rule in ("content:model", "content:unjudged") and label.confidence < _SURE:
                unsure += len(block.text)
    return unsure / kept if kept else 0.0


def _described(metadata: Metadata) -> Metadata:
    values = {name: getattr(metadata, name) for name in ("title", "site_name", "description", "canonical_url")}
    return replace(
        metadata,
        authors=tuple(map(_writable, metadata.authors)),
        **{name: _writable_or_none(value) for name, value in values.items()},
    )


def _writable(text: str) -> str:
    """The text with lone surrogates written out as `\\udce9`, since UTF-8 has no bytes for them. They come
    from file names that are not UTF-8 (Python's surrogateescape) and from `\\ud83d` cut off in JSON-LD.
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _writable_or_none(text: str | None) -> str | None:
    return None if text is None else _writable(text)
