"""What a page is: its address and time, title, authors, dates, language, direction, site, type.

identify(capture, head) -> Identity                  before the labels
unrewrite(document, capture, identity) -> Document   a replay's links put back, likewise
doubt_notice(document) -> Document                   a doubt when a replay has no page to show
describe(document, kept, identity) -> Metadata       after them, from what the page declares and what was kept
"""

from __future__ import annotations

from archiver.metadata.describing import describe
from archiver.metadata.identifying import identify
from archiver.metadata.notices import doubt_notice
from archiver.metadata.unrewriting import unrewrite

__all__ = ["describe", "doubt_notice", "identify", "unrewrite"]
