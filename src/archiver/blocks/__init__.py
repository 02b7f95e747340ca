"""Markup or plain text -> blocks in reading order: plain values that remember where they stood.

    markup.py    the page's markup as a document
    walk.py      the one walk over the page: elements as plain values, the visible text cut into blocks
    line.py      the block that is being written: white space, line breaks and links as a browser shows them
    rows.py      rows of a table: those that list data become one block
    tags.py      what each tag does to the flow
    declared.py  what the page declares about itself, gathered on the same walk
    scripted.py  a body that stands only in a script's data
    framed.py    pages in frames whose markup stands in the page
    elsewhere.py which of these two a page without a body has
    dump.py      a plain-text dump as blocks
    displayed.py such a dump with the text of each Markdown link in place of its mark-up
    visible.py   the sum that kept + removed must come to

Every text node that is not code or metadata goes into exactly one block: hidden text too, for hidden state is
evidence for a label and not a filter.
"""

from archiver.blocks.displayed import displayed
from archiver.blocks.dump import segment_text
from archiver.blocks.markup import segment

__all__ = ["displayed", "segment", "segment_text"]
