"""The values handed from stage to stage, left to right: each one frozen, each field told.

    Capture -> Page -> Document (of Block and Element) -> Label -> Record

Spans count Unicode code points, first inclusive, last exclusive. Times are UTC.

capture.py    a page as it was captured; page.py is its text
document.py   the page as blocks and elements
repair.py     an encoding fault that was undone
label.py      what is decided about a block; context.py what other captures say of it
metadata.py   what is known about the page
kept.py       what became of the blocks
record.py     the archive record
options.py    what a caller may choose
"""

from archiver.model.capture import Capture, DigestCheck
from archiver.model.context import Context, Verdict
from archiver.model.document import Block, BlockKind, Document, Element, Format, Head, Link
from archiver.model.kept import KeptBlock, Removed, Restored
from archiver.model.label import REMOVAL_KINDS, Label
from archiver.model.metadata import Identity, Metadata
from archiver.model.options import DECIDING, Favour, Options
from archiver.model.page import Page
from archiver.model.record import Account, CaptureFacts, Content, Encoding, MadeBy, Record, Status
from archiver.model.repair import Repair

__all__ = [
    "DECIDING", "REMOVAL_KINDS", "Account", "Block", "BlockKind", "Capture", "CaptureFacts", "Content", "Context",
    "DigestCheck", "Document", "Element", "Encoding", "Favour", "Format", "Head", "Identity", "KeptBlock", "Label",
    "Link", "MadeBy", "Metadata", "Options", "Page", "Record", "Removed", "Repair", "Restored", "Status", "Verdict",
]  # fmt: skip
