"""What a page said over time: versions, real changes, and what only looked like one.

broken.py     does a capture show its page, as far as itself tells
takes.py      a record -> the little that a timeline needs of it
causes.py     two captures that differ -> the page's doing, or another's
timeline.py   the takes of one address -> its versions
archive.py    the same for what stands in a folder of clean records
form.py       a timeline as JSON
"""

from __future__ import annotations

from archiver.versions.archive import changes_in, timeline_in
from archiver.versions.causes import Cause, cause_of
from archiver.versions.form import change_to_line, timeline_to_json
from archiver.versions.takes import Take, take
from archiver.versions.timeline import Aside, Change, Timeline, Version, timeline, timeline_of

__all__ = [
    "Aside", "Cause", "Change", "Take", "Timeline", "Version", "cause_of", "change_to_line", "changes_in", "take",
    "timeline", "timeline_in", "timeline_of", "timeline_to_json",
]  # fmt: skip
