"""Check: every kind of tampering is found, named with its file, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archiver.check import check
from archiver.errors import InputError, RecordError
from archiver.model import Options
from archiver.record import digest_of, failed, from_json, to_json
from archiver.store import Store
from sample_captures import capture_of, clean, full_record


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store with one record of every status; the full one is the one to spoil."""
    with Store(tmp_path) as store:
        store.put(full_record())
        store.put(clean(capture_of("cut \ufffd", url="https://example.org/b"), options=Options()))
        store.put(failed(capture_of("", url="https://example.org/c"), "empty"))
    return tmp_path


def the_record(folder: Path) -> Path:
    return next(path for path in folder.rglob("*.json") if "/a/" in path.as_posix())


def test_a_sound_folder(folder: Path) -> None:
    report = check(folder)
    assert report.faults == ()
    assert (report.records, report.ok, report.partial, report.failed) == (3, 1, 1, 1)


Raw = dict[str, Any]


def new_text(raw: Raw) -> None:
    raw["content"]["text"] = raw["content"]["text"].replace("report", "rumour")


def new_text_with_its_digest(raw: Raw) -> None:
    new_text(raw)
    raw["content"]["text_digest"] = digest_of(raw["content"]["text"])


def new_digest(raw: Raw) -> None:
    raw["content"]["text_digest"] = digest_of("else")


def new_visible_digest(raw: Raw) -> None:
    raw["account"]["visible_digest"] = digest_of("else")


def no_field(raw: Raw) -> None:
    del raw["encoding"]["conflicts"]


def removed_block_gone(raw: Raw) -> None:
    del raw["removed"][0]


def last_removed_block_gone(raw: Raw) -> None:
    del raw["removed"][-1]
    raw["content"]["comments"] = []


def removed_text_changed(raw: Raw) -> None:
    raw["removed"][0]["text"] = "- many"


def removed_blocks_swapped(raw: Raw) -> None:
    raw["removed"].reverse()


def span_moved(raw: Raw) -> None:
    raw["content"]["blocks"][1]["start"] += 1


def span_beyond(raw: Raw) -> None:
    raw["content"]["blocks"][1]["end"] += 5


def link_astray(raw: Raw) -> None:
    raw["content"]["links"][0]["end"] += 50


def repair_astray(raw: Raw) -> None:
    raw["encoding"]["repairs"][0]["start"] -= 1
    raw["encoding"]["repairs"][0]["end"] -= 1


def repair_gone(raw: Raw) -> None:
    raw["encoding"]["repairs"] = []


def other_time(raw: Raw) -> None:
    raw["created"] = "2024-01-01T10:00:01Z"


def other_payload(raw: Raw) -> None:
    raw["capture"]["payload_digest"] = digest_of("else")


def comment_gone(raw: Raw) -> None:
    raw["content"]["comments"] = []


def share_raised(raw: Raw) -> None:
    raw["account"]["kept_share"] = 1.0


def status_bettered(raw: Raw) -> None:
    raw["account"]["doubts"] = ["one"]


def fingerprint_changed(raw: Raw) -> None:
    raw["content"]["fingerprint"] = "0" * 16


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (new_text, "text_digest is not that of"),
        (new_text_with_its_digest, "fingerprint is not that of"),
        (new_digest, "text_digest is not that of"),
        (fingerprint_changed, "fingerprint is not that of"),
        (new_visible_digest, "kept and removed together are not the visible text"),
        (no_field, "encoding.conflicts: missing"),
        (removed_block_gone, "a block is missing"),
        (last_removed_block_gone, "kept and removed hold 33 of 39 visible characters"),
        (removed_text_changed, "kept and removed together are not the visible text"),
        (removed_blocks_swapped, "blocks are out of order"),
        (span_moved, "content.blocks[1] does not begin where it should"),
        (span_beyond, "content.blocks[1] has a span that cannot be"),
        (link_astray, "content.links[0] lies in no block"),
        (repair_astray, "one of block 2 does not fit its text"),
        (repair_gone, "kept and removed hold"),
        (other_time, "timestamp and created are different times"),
        (other_payload, "id is not that of"),
        (comment_gone, "content.comments are not"),
        (share_raised, "account.kept_share is not"),
        (status_bettered, "account.status does not go with"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_tampering_is_found(folder: Path, spoil: Callable[[Raw], None], what: str) -> None:
    path = the_record(folder)
    raw = json.loads(path.read_text("utf-8"))
    spoil(raw)
    try:
        record = from_json(json.dumps(raw))
    except RecordError:
        path.write_text(json.dumps(raw), "utf-8")
    else:
        path.write_text(to_json(record), "utf-8")
        path.with_suffix(".txt").write_text(f"{record.text}\n", "utf-8")
    (fault,) = check(folder).faults
    assert fault.where == path.relative_to(folder).as_posix()
    assert what in fault.what
    assert "archiver clean" in fault.next_step


def test_a_txt_that_differs(folder: Path) -> None:
    path = the_record(folder).with_suffix(".txt")
    path.write_text(path.read_text("utf-8").replace("report", "rumour"), "utf-8")
    assert [fault.what for fault in check(folder).faults] == ["its .txt holds another text"]


def test_a_txt_that_is_gone(folder: Path) -> None:
    the_record(folder).with_suffix(".txt").unlink()
    assert [fault.what for fault in check(folder).faults] == ["its .txt is missing"]


def test_a_record_that_is_gone(folder: Path) -> None:
    the_record(folder).unlink()
    assert [fault.what for fault in check(folder).faults] == ["a text without its record"]


def test_a_record_at_another_place(folder: Path) -> None:
    path = the_record(folder)
    for ending in (".txt", ".json"):
        path.with_suffix(ending).rename(path.with_name(f"moved{ending}"))
    (fault,) = check(folder).faults
    assert fault.where == "example.org/a/moved.json" and fault.what.startswith("belongs at example.org/a/")


def test_a_record_laid_out_anew(folder: Path) -> None:
    path = the_record(folder)
    path.write_text(json.dumps(json.loads(path.read_text("utf-8"))), "utf-8")
    assert [fault.what for fault in check(folder).faults] == ["not written the way this program writes"]


def test_a_cut_record(folder: Path) -> None:
    path = the_record(folder)
    path.write_text(path.read_text("utf-8")[:-20], "utf-8")
    (fault,) = check(folder).faults
    assert fault.what.startswith("not JSON")


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        check(tmp_path / "nowhere")
