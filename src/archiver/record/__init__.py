"""Labelled blocks -> Record, and Record <-> JSON.

build, failed       one capture's stages, or the reason it has none -> Record
to_json, to_line     the stored form, which `record.schema.json` describes, in many lines or in one; to_bytes, either
from_json            reads either, as strictly; `holding.py` holds any JSON to its schema
"""

from __future__ import annotations

from archiver.record.assemble import (
    SCHEMA,
    Decisions,
    Inked,
    build,
    count_inked,
    digest_of,
    failed,
    identifier,
    made_by,
)
from archiver.record.fingerprint import fingerprint
from archiver.record.form import from_json, to_bytes, to_json, to_line
from archiver.record.holding import Form, read_form

__all__ = [
    "SCHEMA",
    "Decisions",
    "Form",
    "Inked",
    "build",
    "count_inked",
    "digest_of",
    "failed",
    "fingerprint",
    "from_json",
    "identifier",
    "made_by",
    "read_form",
    "to_bytes",
    "to_json",
    "to_line",
]
