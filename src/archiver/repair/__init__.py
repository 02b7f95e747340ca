"""Encoding faults undone, each repair recorded so that it can be judged, replayed and taken back; nothing else touched.

text.py       one text, line by line
page.py       the blocks of a page, which tell of one another
suspicion.py  a cheap test whether there is anything to look for
choice.py     which wrong reading a text went through; readings.py lists them, misread.py undoes one
escapes.py    escapes that were left in the text
western.py    what ftfy knows beyond that
plans.py      repairs as steps that can be made again
links.py      the links of a repaired block
"""

from archiver.repair.page import repair_document
from archiver.repair.plans import replay
from archiver.repair.text import Repaired, repair

__all__ = ["Repaired", "repair", "repair_document", "replay"]
