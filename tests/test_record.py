"""Record: the text made of kept blocks, the status and its doubts, and the JSON form with its schema."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.check import fault_in
from archiver.errors import RecordError
from archiver.model import (
    REMOVAL_KINDS,
    Account,
    Block,
    BlockKind,
    Capture,
    CaptureFacts,
    Content,
    Document,
    Element,
    Encoding,
    Identity,
    KeptBlock,
    Label,
    Link,
    MadeBy,
    Metadata,
    Options,
    Page,
    Record,
    Removed,
    Repair,
    Restored,
    Status,
)
from archiver.record import Decisions, build, digest_of, failed, fingerprint, from_json, to_bytes, to_json, to_line
from archiver.record.fingerprint import _DENSE, _DENSE_WORD, _WORD, _words
from archiver.record.form import schema
from sample_captures import capture_of, clean, full_record

VALIDATOR = jsonschema.Draft202012Validator(schema())
CASES = sorted((Path(__file__).parent / "cases" / "record").glob("*.json"))

# Strategies -----------------------------------------------------------------------------------------------

texts = st.text(max_size=20)
counts = st.integers(0, 10**12)
pairs = st.tuples(texts, texts)
digests = st.binary(max_size=3).map(lambda data: digest_of(data.hex()))
maybe_text = st.none() | texts
maybe_count = st.none() | counts


def many(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=3).map(tuple)


repairs = st.builds(
    Repair, st.integers(-1, 9), counts, counts, st.just("mojibake"), texts, texts, many(pairs), st.booleans()
)
removals = st.builds(
    Removed,
    counts,
    st.sampled_from(REMOVAL_KINDS),
    st.just("widgets:a"),
    texts,
    texts,
    st.floats(0, 1),
    texts,
    st.sampled_from(get_args(BlockKind)),
    counts,
    st.booleans(),
    many(st.builds(Link, counts, counts, texts)),
)
restorals = st.builds(
    Restored,
    counts,
    st.sampled_from(REMOVAL_KINDS),
    st.just("widgets:a"),
    texts,
    texts,
    st.floats(0, 1),
    st.just("history:vote"),
    texts,
)
records = st.builds(
    Record,
    schema=st.just("archiver-record/2"),
    id=st.just("0f" * 32),
    url=maybe_text,
    urlkey=maybe_text,
    timestamp=st.none() | st.just("20240101100000"),
    created=st.none() | st.just("2024-01-01T10:00:00Z"),
    source=texts,
    capture=st.builds(
        CaptureFacts,
        st.sampled_from(["html", "text", "unknown"]),
        maybe_text,
        maybe_count,
        maybe_count,
        maybe_text,
        maybe_count,
        maybe_text,
        digests,
        maybe_text,
        maybe_text,
    ),
    encoding=st.builds(
        Encoding,
        maybe_text,
        st.sampled_from(["bom", "meta", "given", None]),
        many(pairs),
        many(texts),
        counts,
        many(counts),
        many(repairs),
    ),
    metadata=st.builds(
        Metadata,
        maybe_text,
        many(texts),
        st.sampled_from([None, "2023", "2023-04", "2023-04-05", "2023-04-05T10:00:00+03:30"]),
        st.sampled_from([None, "2023-04-05T10:00:00.250Z"]),
        st.sampled_from([None, "fa", "zh-Hant-TW"]),
        st.sampled_from([None, "ltr", "rtl"]),
        maybe_text,
        maybe_text,
        maybe_text,
        maybe_text,
    ),
    content=st.builds(
        Content,
        texts,
        digests,
        st.just("0123456789abcdef"),
        many(st.builds(KeptBlock, counts, st.sampled_from(get_args(BlockKind)), counts, counts, counts, st.booleans())),
        many(st.builds(Link, counts, counts, texts)),
        many(texts),
    ),
    removed=many(removals),
    restored=many(restorals),
    account=st.builds(
        Account,
        st.sampled_from(get_args(Status)),
        many(texts),
        st.floats(0, 1),
        counts,
        digests,
        st.builds(MadeBy, st.just("1.2.3"), digests, st.none() | digests, st.just("recall"), st.none() | digests),
    ),
)

inked = st.text(min_size=1, max_size=30).filter(lambda text: text.strip())
labelled_blocks = st.lists(st.tuples(st.sampled_from(get_args(BlockKind)), inked, st.booleans(), st.integers(0, 2)))


def built(rows: list[tuple[BlockKind, str, bool, int]], form: str = "html") -> Record:
    """The record of a page with these blocks: kind, text, kept or not, blank lines before."""
    blocks = tuple(
        Block(index, kind, 0, text, 0, 1, gap=gap, links=(Link(0, len(text), "/"),))
        for index, (kind, text, _, gap) in enumerate(rows)
    )
    labels = tuple(
        Label(keep, "content" if keep else "footer", "landmarks:footer", "<footer>", 0.9) for *_, keep, _ in rows
    )
    visible = "".join("".join(block.text.split()) for block in blocks)
    root = Element(-1, "html", 1, "", (), "", {}, "", frozenset())
    document = Document(form, blocks, (root,), visible_characters=len(visible), visible_digest=digest_of(visible))
    decisions = Decisions(labels, (), Metadata(), Identity(None, None, None))
    return build(Capture(b"page"), Page("page", "utf-8", "utf8-valid"), document, decisions)


# Cases ----------------------------------------------------------------------------------------------------


def document_of_case(given_values: dict[str, Any]) -> tuple[Document, tuple[Label, ...]]:
    elements = tuple(
        Element(parent, tag, place, "", (), "", {}, "", frozenset())
        for parent, tag, place in given_values.get("elements", [])
    )
    rows = given_values["blocks"]
    blocks = tuple(
        Block(
            index,
            row["kind"],
            row.get("level", 0),
            row["text"],
            row.get("element", -1),
            row.get("line", 0),
            gap=row.get("gap", 0),
            links=tuple(Link(*link) for link in row.get("links", [])),
        )
        for index, row in enumerate(rows)
    )
    labels = tuple(Label("removed" not in row, row.get("removed", "content"), "rules:a", "seen", 0.9) for row in rows)
    visible = "".join("".join(block.text.split()) for block in blocks)
    document = Document(
        given_values["format"],
        blocks,
        elements,
        visible_characters=given_values.get("visible_characters", len(visible)),
        visible_digest=digest_of(visible),
        doubts=tuple(given_values.get("doubts", [])),
    )
    return document, labels


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    given_values = case["input"]
    document, labels = document_of_case(given_values)
    page = Page(
        "",
        "utf-8",
        "utf8-valid",
        replacement_characters=given_values.get("replacement_characters", 0),
        undecodable=tuple(given_values.get("undecodable", [])),
    )
    capture = Capture(b"page", truncated=given_values.get("truncated"))
    record = build(capture, page, document, Decisions(labels, (), Metadata(), Identity(None, None, None)))
    actual = {
        "text": record.text,
        "spans": [record.text[block.start : block.end] for block in record.content.blocks],
        "links": [[record.text[link.start : link.end], link.href] for link in record.content.links],
        "paths": [entry.path for entry in record.removed],
        "comments": list(record.content.comments),
        "status": record.status,
        "doubts": list(record.account.doubts),
        "kept_share": record.account.kept_share,
        "undecodable": list(record.encoding.undecodable),
    }
    expected = case["expected"]
    assert {name: actual[name] for name in expected} == expected
    VALIDATOR.validate(json.loads(to_json(record)))


# Laws -----------------------------------------------------------------------------------------------------


@given(records)
def test_record_to_json_to_record(record: Record) -> None:
    text = to_json(record)
    assert from_json(text) == record
    assert to_json(from_json(text)) == text
    VALIDATOR.validate(json.loads(text))


@given(records)
def test_bytes_are_those_of_the_text(record: Record) -> None:
    assert to_bytes(record, as_line=False) == to_json(record).encode()
    assert to_bytes(record, as_line=True) == to_line(record).encode()


@pytest.mark.parametrize("confidence", [0.0, -0.0, 0.01, 0.07, 0.29, 0.99, 1.0, 0.125, 1e-7])
def test_a_confidence_is_written_as_python_writes_it(confidence: float) -> None:
    removed = Removed(0, "header", "a:b", "", "p", confidence, "x", "paragraph", 0, gap=False)
    assert f'"confidence": {confidence!r}, ' in to_line(replace(failed(Capture(b""), "why"), removed=(removed,)))


@given(labelled_blocks, st.sampled_from(["html", "text"]))
def test_a_built_record_is_sound(rows: list[tuple[BlockKind, str, bool, int]], form: str) -> None:
    record = built(rows, form)
    assert fault_in(record) is None
    by_index = {block.index: record.text[block.start : block.end] for block in record.content.blocks}
    by_index |= {entry.index: entry.text for entry in record.removed}
    assert [by_index[index] for index in range(len(rows))] == [text for _, text, _, _ in rows]
    assert from_json(to_json(record)) == record


@given(labelled_blocks)
def test_the_lines_of_a_record_are_its_parts(rows: list[tuple[BlockKind, str, bool, int]]) -> None:
    """One removed block a line: what a line diff needs."""
    record = built(rows)
    lines = to_json(record).split("\n")
    assert sum(line.startswith('  {"index"') for line in lines) == len(record.removed)
    assert sum(line.startswith('   {"index"') for line in lines) == len(record.content.blocks)


JUNK = st.sampled_from([None, True, -1, 2, 1.5, "", "x", "sha256:00", "2024", [], {}, ["a", "b"], ["a", "b", "c"]])


def places_in(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, entry in inner for place in places_in(entry, (*path, key)))]


@given(st.data(), JUNK, st.sampled_from(["replace", "delete", "add"]))
def test_reading_is_as_strict_as_the_schema(data: st.DataObject, junk: Any, change: str) -> None:
    """Our few words of JSON Schema say of every spoilt record what the reference validator says."""
    raw = json.loads(to_json(full_record()))
    *inner, last = data.draw(st.sampled_from(places_in(raw)[1:]))
    target = raw
    for step in inner:
        target = target[step]
    if change == "delete":
        del target[last]
    elif change == "add" and isinstance(target[last], dict):
        target[last]["surplus"] = junk
    else:
        target[last] = junk
    try:
        from_json(json.dumps(raw))
        accepted = True
    except RecordError as fault:
        accepted = False
        assert fault.where and fault.next_step
    assert accepted == VALIDATOR.is_valid(raw)


@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(RecordError):
        from_json(text)


@given(st.integers(0, 10**6))
def test_a_cut_record_is_refused(cut: int) -> None:
    text = to_json(full_record())
    with pytest.raises(RecordError):
        from_json(text[: cut % (len(text) - 2)])


@pytest.mark.parametrize("text", ["[" * 10**5, "9" * 5000, "NaN", '"\\ud800"'], ids=["deep", "long", "nan", "half"])
def test_hostile_json_is_refused(text: str) -> None:
    with pytest.raises(RecordError):
        from_json(text)


def test_half_a_surrogate_pair_is_refused() -> None:
    text = to_json(full_record()).replace('"source": "raw"', '"source": "\\ud800"')
    with pytest.raises(RecordError, match="source: half of a surrogate pair"):
        from_json(text)


# The schema and the model ---------------------------------------------------------------------------------


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def resolved(rule: Any) -> Any:
    name = rule.get("$ref", "").removeprefix("#/$defs/")
    return schema()["$defs"][name] if name else rule


@pytest.mark.parametrize(
    ("model", "part"),
    [
        (Record, []),
        (CaptureFacts, ["capture"]),
        (Encoding, ["encoding"]),
        (Metadata, ["metadata"]),
        (Content, ["content"]),
        (Account, ["account"]),
        (MadeBy, ["account", "made_by"]),
        (Repair, ["encoding", "repairs"]),
        (KeptBlock, ["content", "blocks"]),
        (Link, ["content", "links"]),
        (Removed, ["removed"]),
        (Restored, ["restored"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_schema_has_the_fields_of_the_model(model: Any, part: list[str]) -> None:
    rule = schema()
    for step in part:
        rule = resolved(rule["properties"][step])
    rule = resolved(rule.get("items", rule))
    names = [field.name for field in fields(model)] if is_dataclass(model) else list(model._fields)
    assert list(rule["properties"]) == names == rule["required"]
    assert rule["additionalProperties"] is False


def test_the_schema_has_the_closed_lists_of_the_model() -> None:
    parts = schema()["properties"]
    assert resolved(parts["removed"]["items"]["properties"]["kind"])["enum"] == list(REMOVAL_KINDS)
    assert parts["account"]["properties"]["status"]["enum"] == list(get_args(Status))
    kinds = parts["content"]["properties"]["blocks"]["items"]["properties"]["kind"]["enum"]
    assert kinds == list(get_args(BlockKind))


# Single facts ---------------------------------------------------------------------------------------------


def test_every_kind_of_record_follows_the_schema() -> None:
    unreadable = failed(capture_of(""), "empty")
    cut = replace(capture_of("one\n- two"), truncated="gzip stream cut short")
    whole = [clean(capture, options=Options()) for capture in (capture_of("one\n- two"), cut, capture_of(""))]
    statuses = [record.status for record in (unreadable, *whole)]
    assert statuses == ["failed", "ok", "partial", "partial"]
    for record in (unreadable, *whole, full_record()):
        VALIDATOR.validate(json.loads(to_json(record)))
        assert fault_in(record) is None


def test_the_id_is_address_time_and_bytes() -> None:
    here = clean(capture_of("one"), options=Options())
    assert here.id == clean(capture_of("one", container="elsewhere.txt"), options=Options()).id
    others = [capture_of("two"), capture_of("one", day=2), capture_of("one", url="https://example.org/b")]
    assert len({here.id, *(clean(other, options=Options()).id for other in others)}) == 4
    assert (here.timestamp, here.created) == ("20240101100000", "2024-01-01T10:00:00Z")


def test_a_file_name_that_is_no_utf8_can_be_stored() -> None:
    record = failed(capture_of("", container="caf\udce9.html"), "empty \ud83d")
    assert record.capture.container == "caf\\udce9.html"
    assert to_json(record).encode()


def test_the_fingerprint_of_a_small_edit_is_near() -> None:
    words = [f"word{number * number % 997}" for number in range(400)]
    edited = [*words[:200], "inserted", *words[200:]]
    other = [f"term{number * number % 991}" for number in range(400)]
    near = int(fingerprint(" ".join(words)), 16) ^ int(fingerprint(" ".join(edited)), 16)
    far = int(fingerprint(" ".join(words)), 16) ^ int(fingerprint(" ".join(other)), 16)
    assert near.bit_count() <= 6 < 16 <= far.bit_count()


def test_the_fingerprint_is_the_same_on_every_machine() -> None:
    assert fingerprint("The quick brown fox jumps over the lazy dog") == "6e5d0dfd80fa4773"
    assert fingerprint("我们的网站 سازمان ملل") == "d031c4f33f7be473"


@given(st.text(st.sampled_from("aZé9_ ’“—…\xa0\n\t.,'-茶ไж·")))
def test_the_words_of_a_fingerprint_are_those_of_the_pattern(text: str) -> None:
    """ASCII lines and common signs go another way, to the same words."""
    pattern = _DENSE_WORD if _DENSE.search(text) else _WORD
    assert _words(text) == [word.encode() for word in pattern.findall(text.lower())]
