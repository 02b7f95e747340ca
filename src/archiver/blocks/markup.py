"""A page's markup -> blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from archiver.blocks.visible import count_visible
from archiver.blocks.walk import Walk
from archiver.model import Document
from archiver.parse import parse


def segment(text: str, encoded: bytes | None = None, frames: Callable[[], Sequence[str]] = tuple) -> Document:
    """A page's markup as blocks.

    `encoded` is the text in UTF-8, where it is at hand; `frames` gives the markup of pages in its frames.

    `visible_characters` and `visible_digest` are counted from the text as it was told by the parser, and not from the
    blocks.
    """
    parsed = parse(text, partial(Walk, frames), encoded)
    walk = parsed.result
    doubts = parsed.doubts
    if walk.body_from:
        doubts = (
            *doubts,
            f"the page shows no body of its own; this one is read from {walk.body_from}",
        )
    characters, digest = count_visible(walk.seen)
    document = Document(
        format="html",
        blocks=tuple(walk.blocks),
        elements=tuple(walk.elements),
        head=walk.declared.head(),
        visible_characters=characters,
        visible_digest=digest,
        parser=parsed.parser,
        doubts=doubts,
    )
    walk.forget()
    return document
