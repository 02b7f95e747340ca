"""A page that shows no body of its own: where else it has one."""

from __future__ import annotations

from collections.abc import Sequence

from archiver.blocks.framed import Frames
from archiver.blocks.scripted import find_body, shows_little, tell_body
from archiver.model import Block
from archiver.parse import Target


def tell_elsewhere(
    target: Target[object], blocks: Sequence[Block], scripts: Sequence[tuple[str, str]], frames: Frames
) -> str:
    """Tells the target, whose `blocks` are all that the page shows, of a body in its scripts' data, or of the pages in
    its frames. Gives the words for where it is from; "" where nothing was told.
    """
    if scripts and shows_little(blocks):
        body = find_body(scripts)
        if body is not None:
            tell_body(body, target)
            return f"a script's data: {body.source}"
    before = target.text_length
    frames.tell_pages(target, blocks)
    return "its frames" if target.text_length > before else ""
