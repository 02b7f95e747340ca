"""A page's markup -> blocks."""

from __future__ import annotations

from archiver.blocks.visible import count_visible
from archiver.blocks.walk import Walk
from archiver.model import Document
from archiver.parse import parse


def segment(text: str, encoded: bytes | None = None) -> Document:
    """A page's markup as blocks; `encoded` is the text in UTF-8, where it is at hand.

    `visible_characters` and `visible_digest` are counted from the text as it was told by the parser, and not from the
    blocks.
    """
    parsed = parse(text, Walk, encoded)
    walk = parsed.result
    doubts = parsed.doubts
    if walk.body_from:
        doubts = (
            *doubts,
            f"the page shows no body of its own; this one is read from a script's data: {walk.body_from}",
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
