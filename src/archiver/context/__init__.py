"""Captures in the light of one another: what many of them say decides about a block of one.

A record holds every block of its page, kept or removed, so nothing is read or parsed again:

sketch.py    a record -> its blocks by keys of their texts
history.py   the sketches of one page -> what each block of it is
template.py  the sketches of one site -> what stands on many of its pages; distinct.py tells its pages apart, spans.py
             its designs, template_form.py writes templates as JSON
verdicts.py  what was found, as data
relabel.py   a record and such data -> the record in their light, every step told and undone at will
pieces.py    a record <-> its blocks in order
"""

from __future__ import annotations

from archiver.context.distinct import distinct_pages
from archiver.context.history import common_of, history, share_shown
from archiver.context.relabel import alone, context_digest, decides, in_context
from archiver.context.sketch import Seen, Sketch, keys_of, shared, sketch
from archiver.context.template import (
    LEAST_PAGES,
    Repeated,
    Template,
    context_for,
    site_of,
    templates,
    with_texts,
)
from archiver.context.template_form import templates_from_json, templates_to_json
from archiver.context.verdicts import context_of, joined

__all__ = [
    "LEAST_PAGES",
    "Repeated",
    "Seen",
    "Sketch",
    "Template",
    "alone",
    "common_of",
    "context_digest",
    "context_for",
    "context_of",
    "decides",
    "distinct_pages",
    "history",
    "in_context",
    "joined",
    "keys_of",
    "share_shown",
    "shared",
    "site_of",
    "sketch",
    "templates",
    "templates_from_json",
    "templates_to_json",
    "with_texts",
]
