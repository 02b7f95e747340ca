"""Exports: each read back by the program that it is for; whole or not at all; the same bytes again."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from cdxj_indexer.main import CDXJIndexer
from datatrove.pipeline.readers import JsonlReader
from fastwarc.warc import ArchiveIterator as FastIterator
from hypothesis import given
from hypothesis import strategies as st
from wacz.main import main as wacz_main
from warcio.archiveiterator import ArchiveIterator

from archiver.cli import main
from archiver.errors import InputError, RecordError
from archiver.exports import WRITERS, FolderWriter, Summary, export
from archiver.exports.dolma import tag
from archiver.exports.flat import to_line
from archiver.exports.sorting import sorted_lines
from archiver.exports.warc import warc_record
from archiver.model import REMOVAL_KINDS, Capture, KeptBlock, Metadata, Options, Record
from archiver.record import failed, from_json
from archiver.store import Store
from sample_captures import capture_of, clean, full_record

ADDED = "2024-05-31T10:00:00Z"
FILES = [name for name, writer in WRITERS.items() if not isinstance(writer, FolderWriter)]
FOLDERS = [name for name in WRITERS if name not in FILES]

TEXTS = {
    "persian": "- منو\nنیم‌فاصله می‌ماند\nپایان\n- تماس با ما",
    "chinese": "- 首页\n龍門石窟\n- 版权所有",
    "emoji": "👩‍👩‍👧‍👦 family\n🏳️‍🌈",
    "bidi": "\u202bעברית\u202c and \u2066english\u2069",
    "line-ends": "one\u2028two\u2029three\x85four",
    "nul": "before\0after",
    "empty": "- nothing but a menu",
    "blank": "",
}


def records_of_every_kind() -> list[Record]:
    captures = [
        *(capture_of(text, container=f"{name}.txt", day=day) for day, (name, text) in enumerate(TEXTS.items(), 1)),
        capture_of("no address", container="a.txt", url=None),
        capture_of("no address", container="b.txt", url=None, day=None),
        capture_of("no time", container="c.txt", day=None),
        capture_of("odd address", container="d.txt", url="https://example.org/صفحه?q=a b&c=%20"),
        capture_of("host first", container="e.txt", url="https://another.example.org/"),
    ]
    cleaned = [clean(capture, options=Options()) for capture in captures]
    return [*cleaned, full_record(), failed(Capture(b"", container="f.html", source="raw"), "empty (take it out)")]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store") / "clean"
    with Store(folder) as store:
        for record in records_of_every_kind():
            store.put(record)
    return folder


@pytest.fixture(scope="module")
def written(stored: Path) -> dict[str, Record]:
    """Records that belong into every export, by place."""
    return {place: record for place, record in Store(stored).records() if record.status != "failed"}


def exported(stored: Path, to: str, out: Path) -> Path:
    export(Store(stored).records(), to, str(out), ADDED)
    return out


def bytes_at(path: Path) -> dict[str, bytes]:
    if path.is_file():
        return {"": path.read_bytes()}
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def lines_of(data: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in data.decode().splitlines()]


# Every format ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", WRITERS)
def test_the_same_records_give_the_same_bytes(to: str, stored: Path, tmp_path: Path) -> None:
    with Store(tmp_path / "clean") as store:
        for record in reversed(records_of_every_kind()):
            store.put(record)
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one = exported(stored, to, tmp_path / "one" / "out")
    two = exported(tmp_path / "clean", to, tmp_path / "two" / "out")
    assert bytes_at(one) == bytes_at(two) != {}


@pytest.mark.parametrize("to", WRITERS)
def test_no_record_is_an_export_too(to: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert export(iter([]), to, str(out), ADDED) == Summary(0, 0, 0)
    assert out.exists()


@pytest.mark.parametrize("to", WRITERS)
def test_an_export_that_breaks_off_changes_nothing(to: str, stored: Path, tmp_path: Path) -> None:
    def broken() -> Iterator[tuple[str, Record]]:
        yield from list(Store(stored).records())[:3]
        raise OSError(28, "No space left on device")

    out = tmp_path / "out"
    if to in FILES:
        out.write_bytes(b"as it was")
    before = bytes_at(out)
    with pytest.raises(OSError, match="No space"):
        export(broken(), to, str(out), ADDED)
    assert bytes_at(out) == before
    assert [path.name for path in tmp_path.iterdir()] == (["out"] if to in FILES else [])


@pytest.mark.parametrize("to", FILES)
def test_a_file_is_replaced(to: str, stored: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"another export")
    assert b"another export" not in exported(stored, to, tmp_path / "out").read_bytes()


@pytest.mark.parametrize("to", FOLDERS)
def test_a_folder_with_files_is_left_alone(to: str, stored: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("work")
    with pytest.raises(InputError, match="holds files already"):
        exported(stored, to, tmp_path)
    assert bytes_at(tmp_path) == {"mine.txt": b"work"}
    (tmp_path / "empty").mkdir()
    assert bytes_at(exported(stored, to, tmp_path / "empty"))


@pytest.mark.parametrize("to", WRITERS)
def test_memory_does_not_grow_with_the_records(to: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four megabytes more of texts take less than one more of memory."""
    monkeypatch.setattr("archiver.exports.parquet._GROUP_ROWS", 4)

    def some(count: int) -> Iterator[tuple[str, Record]]:
        for number in range(count):
            text = f"{number:04} {'سلام دنیا ' * 4000}"
            content = replace(full_record().content, text=text, blocks=(KeptBlock(0, "paragraph", 0, 0, len(text)),))
            yield f"example.org/{number}", replace(full_record(), content=content)

    def peak(count: int) -> int:
        tracemalloc.start()
        export(some(count), to, str(tmp_path / f"{count}-out"), ADDED)
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    # What is imported or kept at the first use is not the records'.
    peak(1)
    assert peak(55) - peak(5) < 1_000_000


# What cannot be ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{clean}"], "required: --to"),
        (["{clean}", "--to", "docx"], "invalid choice: 'docx'"),
        (["{other}/none", "--to", "jsonl"], "no such folder (name the folder of clean records)"),
        (["{clean}", "--to", "text"], "`text` is a folder of files and cannot go to stdout (name a new folder with -o"),
        (["{clean}", "--to", "wet", "-o", "{other}/a.zst"], "`wet` is not written as .zst (name a file with .gz or no"),
        (["{clean}", "--to", "wacz", "-o", "{other}/a.gz"], "`wacz` is not written as .gz"),
        (["{clean}", "--to", "jsonl", "-o", "{other}"], "is a folder, and this format is one file"),
        (["{clean}", "--to", "jsonl", "-o", "{other}/none/a"], "its folder does not exist"),
        (["{clean}", "--to", "jsonl", "-o", "{clean}/a.jsonl"], "would lie among the clean records"),
        (["{clean}", "--to", "jsonl", "--added", "soon"], "no time with its zone"),
    ],
    ids=lambda value: (
        "-".join(value).replace("{", "").replace("}", "").replace("/", "_") if isinstance(value, list) else ""
    ),
)
def test_wrong_usage(
    arguments: list[str], said: str, stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", *(argument.format(clean=stored, other=tmp_path) for argument in arguments)]) == 2
    output, complaint = capsys.readouterr()
    assert output == "" and said in complaint and "Traceback" not in complaint
    assert list(tmp_path.iterdir()) == []


def test_a_file_where_a_folder_belongs(stored: Path, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("work")
    with pytest.raises(InputError, match="is a file, and this format is a folder"):
        exported(stored, "text", tmp_path / "a")


def test_without_pyarrow_parquet_says_what_to_install(
    stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert main(["export", str(stored), "--to", "parquet", "-o", str(tmp_path / "a.parquet")]) == 2
    assert "which is not installed (pip install 'archiver[parquet]')" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_what_was_left_out_is_counted(stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(stored), "--to", "cdxj", "-o", str(tmp_path / "a")]) == 0
    told = "11 records written; 1 failed, left out; 3 without address or time, left out\n"
    assert capsys.readouterr() == ("", told)


def test_a_damaged_record_is_named_and_the_rest_goes_on(
    stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Store(tmp_path / "clean") as store:
        places = [store.put(record).place for record in records_of_every_kind()[:5]]
    (tmp_path / "clean" / f"{places[2]}.json").write_text("{}")
    assert main(["export", str(tmp_path / "clean"), "--to", "jsonl"]) == 1
    output, complaint = capsys.readouterr()
    assert len(lines_of(output.encode())) == 4
    assert f"{places[2]}: schema: missing" in complaint.splitlines()[0]
    assert complaint.splitlines()[1] == "4 records written; 1 damaged, left out"
    with pytest.raises(RecordError):
        list(Store(tmp_path / "clean").records())


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
def test_a_pipe_is_as_good_as_a_file(stored: Path, tmp_path: Path) -> None:
    for to in FILES:
        command = [sys.executable, "-m", "archiver.cli", "export", str(stored), "--to", to, "--added", ADDED]
        piped = subprocess.run(command, capture_output=True, check=True).stdout
        if to == "wacz":
            # A zip in a pipe has the lengths behind the files.
            with zipfile.ZipFile(io.BytesIO(piped)) as package:
                assert package.testzip() is None
        else:
            out = tmp_path / "out"
            export(Store(stored).records(), to, str(out), ADDED)
            # `wet` has the name of the file inside.
            assert piped == out.read_bytes() or (to == "wet" and len(piped) < len(out.read_bytes()))
    early = f"'{sys.executable}' -m archiver.cli export '{stored}' --to jsonl | head -c 10; exit ${{PIPESTATUS[0]}}"
    assert subprocess.run(["bash", "-c", early], capture_output=True, check=False).returncode == 0


# Texts -----------------------------------------------------------------------------------------------------


def test_text_is_the_text_and_a_line_end(stored: Path, written: dict[str, Record], tmp_path: Path) -> None:
    files = bytes_at(exported(stored, "text", tmp_path / "out"))
    assert files == {
        f"{place}.txt": f"{record.text}\n".encode() if record.text else b"" for place, record in written.items()
    }


def test_markdown_is_one_file_a_record(stored: Path, written: dict[str, Record], tmp_path: Path) -> None:
    files = bytes_at(exported(stored, "markdown", tmp_path / "out"))
    assert set(files) == {f"{place}.md" for place in written}
    assert all(data.startswith(b"---\n") for data in files.values())


# Rows ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["", ".gz", ".zst"])
def test_jsonl_as_datasets_reads_it(ending: str, stored: Path, written: dict[str, Record], tmp_path: Path) -> None:
    out = exported(stored, "jsonl", tmp_path / f"texts.jsonl{ending}")
    rows = list(datasets.load_dataset("json", data_files=str(out), split="train", cache_dir=str(tmp_path / "cache")))
    assert [row["id"] for row in rows] == [record.id for record in written.values()]
    assert [row["text"] for row in rows] == [record.text for record in written.values()]
    assert [row["metadata"]["authors"] for row in rows if row["id"] == full_record().id] == ["A. Writer"]


def test_datasets_finds_one_type_for_rows_that_differ(tmp_path: Path) -> None:
    """It takes the types from the first ten megabytes: what is unknown there, or is a date, must not decide."""
    bare = replace(full_record(), url=None, urlkey=None, created=None, timestamp=None, metadata=Metadata())
    dated = replace(full_record(), metadata=Metadata(published="2024-01-01", modified="2024-01-01", title="2024"))
    filler = replace(bare.content, text="سلام " * 1_200_000)
    for number, (first, then) in enumerate(
        [(bare, full_record()), (full_record(), bare), (dated, bare), (bare, dated)]
    ):
        rows = [replace(first, content=filler)] * 2 + [then]
        out = tmp_path / f"{number}.jsonl"
        export((("a", row) for row in rows), "jsonl", str(out), ADDED)
        assert out.stat().st_size > 20_000_000
        loaded = datasets.load_dataset("json", data_files=str(out), split="train", cache_dir=str(tmp_path / "cache"))
        assert loaded[2]["text"] == then.text
        assert loaded[2]["metadata"]["published"] == (then.metadata.published or "").replace("-", "")


@pytest.mark.parametrize("ending", ["", ".gz", ".zst"])
def test_jsonl_as_datatrove_reads_it(ending: str, stored: Path, written: dict[str, Record], tmp_path: Path) -> None:
    exported(stored, "jsonl", tmp_path / f"texts.jsonl{ending}")
    read = {document.id: document for document in JsonlReader(str(tmp_path))()}
    # It passes over documents without a text.
    expected = {record.id: record for record in written.values() if record.text}
    assert {name: document.text for name, document in read.items()} == {
        name: record.text for name, record in expected.items()
    }
    document = read[full_record().id]
    assert (document.metadata["url"], document.metadata["added"]) == ("https://example.org/a", ADDED)
    assert (document.metadata["language"], document.metadata["title"]) == ("fa-IR", "نشست")


def test_a_row(stored: Path, tmp_path: Path) -> None:
    rows = lines_of(exported(stored, "jsonl", tmp_path / "a").read_bytes())
    (row,) = (row for row in rows if row["id"] == full_record().id)
    metadata = row.pop("metadata")
    assert row == {
        "id": full_record().id,
        "text": full_record().text,
        "source": "raw",
        "created": "2024-01-01T10:00:00Z",
        "added": ADDED,
        "url": "https://example.org/a",
        "timestamp": "20240101100000",
        "language": "fa-IR",
    }
    assert (metadata["published"], metadata["modified"]) == ("20231231", "20240101T090000+0330")
    assert all(isinstance(value, str | int | float) for value in metadata.values())


def test_a_time_that_nobody_knows(stored: Path, tmp_path: Path) -> None:
    rows = lines_of(exported(stored, "jsonl", tmp_path / "a").read_bytes())
    assert {(row["created"], row["timestamp"]) for row in rows if row["text"] == "no time"} == {(ADDED, "")}


@given(st.text())
def test_a_line_is_one_line_to_every_reader(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    line = to_line({"text": text})
    assert len(line.decode().splitlines()) == 1 and json.loads(line) == {"text": text}


def test_compressed_is_the_same_within(stored: Path, tmp_path: Path) -> None:
    plain = exported(stored, "jsonl", tmp_path / "a").read_bytes()
    assert gzip.decompress(exported(stored, "jsonl", tmp_path / "a.gz").read_bytes()) == plain
    packed = exported(stored, "jsonl", tmp_path / "a.zst").read_bytes()
    assert zstandard.ZstdDecompressor().decompressobj().decompress(packed) == plain


# Parquet --------------------------------------------------------------------------------------------------


def test_parquet_as_pyarrow_reads_it(stored: Path, written: dict[str, Record], tmp_path: Path) -> None:
    table = pq.read_table(exported(stored, "parquet", tmp_path / "a.parquet"))
    assert table["text"].to_pylist() == [record.text for record in written.values()]
    assert table["url"].to_pylist() == [record.url for record in written.values()]
    assert table["removed"].to_pylist() == [
        [{**entry._asdict(), "links": [link._asdict() for link in entry.links]} for entry in record.removed]
        for record in written.values()
    ]
    assert table.schema.field("created").type == pa.timestamp("ms", "UTC")
    created = [moment and f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in table["created"].to_pylist()]
    assert created == [record.created for record in written.values()]
    assert {f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in table["added"].to_pylist()} == {ADDED}
    row = table.filter(pa.compute.equal(table["id"], full_record().id)).to_pylist()[0]
    assert row["authors"] == ["A. Writer"] and row["repairs"][0]["before"] == "cafÃ©"
    assert row["links"] == [{"start": 21, "end": 25, "href": "/cafe"}]


def test_parquet_has_the_same_types_whatever_is_in_it(stored: Path, tmp_path: Path) -> None:
    export(iter([]), "parquet", str(tmp_path / "none"), ADDED)
    assert pq.read_schema(tmp_path / "none") == pq.read_schema(exported(stored, "parquet", tmp_path / "all"))


def test_row_groups_are_bounded(stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archiver.exports.parquet._GROUP_ROWS", 5)
    file = pq.ParquetFile(exported(stored, "parquet", tmp_path / "a"))
    sizes = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
    assert sizes == [5, 5, 4]
    monkeypatch.setattr("archiver.exports.parquet._GROUP_CHARACTERS", 1)
    file = pq.ParquetFile(exported(stored, "parquet", tmp_path / "b"))
    assert file.num_row_groups >= 12


# Dolma ----------------------------------------------------------------------------------------------------


def mixed(text: str, spans: list[list[float]], min_score: float) -> str:
    """What Dolma's mixer does with `span_replacement` and an empty replacement: spans count characters."""
    taken = [(start, end) for start, end, score in spans if score >= min_score]
    return "".join(
        character for place, character in enumerate(text) if not any(start <= place < end for start, end in taken)
    )


def test_dolma_mixed_without_what_was_removed_is_the_clean_text(
    stored: Path, written: dict[str, Record], tmp_path: Path
) -> None:
    files = bytes_at(exported(stored, "dolma", tmp_path / "out"))
    assert set(files) == {"documents/00000.jsonl.gz", "attributes/archiver/00000.jsonl.gz"}
    documents, attributes = (
        lines_of(gzip.decompress(files[f"{folder}/00000.jsonl.gz"])) for folder in ("documents", "attributes/archiver")
    )
    assert [row["id"] for row in documents] == [row["id"] for row in attributes] == [r.id for r in written.values()]
    assert [row["source"] for row in documents] == [row["source"] for row in attributes]
    for document, row, record in zip(documents, attributes, written.values(), strict=True):
        spans = row["attributes"]
        assert mixed(document["text"], spans["archiver__removed__all"], 0.0) == record.text
        assert {name.split("__")[2] for name in spans if name.startswith("archiver__removed__")} == {
            "all", *REMOVAL_KINDS,
        }  # fmt: skip
        taken = [document["text"][start:end].strip("\n") for start, end, _ in spans["archiver__removed__all"]]
        assert taken == [entry.text for entry in record.removed]


def test_dolma_keeps_what_was_not_surely_removed() -> None:
    tagged = tag(full_record())
    assert tagged.text == "نشست سازمان ملل\n\n- menu\nDoha café report\n\nI agree"
    assert tagged.attributes["archiver__removed__boilerplate"] == [(15, 23, 0.75)]
    assert tagged.attributes["archiver__removed__comments"] == [(40, 49, 1.0)]
    assert mixed(tagged.text, tagged.attributes["archiver__removed__all"], 0.9) == (
        "نشست سازمان ملل\n\n- menu\nDoha café report"
    )
    ((start, end, score),) = tagged.attributes["archiver__repaired__mojibake"]
    assert (tagged.text[start:end], score) == ("café", 1.0)


LINES = st.lists(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8), max_size=8)


@given(LINES)
def test_dolma_spans_of_any_page(lines: list[str]) -> None:
    record = clean(capture_of("\n".join(lines)), options=Options())
    tagged = tag(record)
    assert mixed(tagged.text, tagged.attributes["archiver__removed__all"], 0.0) == record.text


def test_dolma_files_are_bounded(stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archiver.exports.dolma._RECORDS_A_FILE", 6)
    files = bytes_at(exported(stored, "dolma", tmp_path / "out"))
    counts = {name: len(lines_of(gzip.decompress(data))) for name, data in files.items()}
    assert counts == {
        f"{folder}/0000{number}.jsonl.gz": count
        for folder in ("documents", "attributes/archiver")
        for number, count in enumerate([6, 6, 2])
    }


# WARC -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_wet_as_warcio_reads_it(ending: str, stored: Path, written: dict[str, Record], tmp_path: Path) -> None:
    out = exported(stored, "wet", tmp_path / f"a.warc.wet{ending}")
    conversions, records, ids = [], [], []
    with out.open("rb") as stream:
        for entry in ArchiveIterator(stream, check_digests="raise"):
            ids.append(entry.rec_headers["WARC-Record-ID"])
            content = entry.content_stream().read().decode()
            if entry.rec_type == "conversion":
                assert entry.rec_headers["Content-Type"] == "text/plain; charset=utf-8"
                conversions.append((entry.rec_headers, content))
            elif entry.rec_type == "metadata":
                assert entry.rec_headers["WARC-Refers-To"] == ids[-2]
                records.append(from_json(content))
    assert [text for _, text in conversions] == [record.text for record in written.values()]
    assert records == list(written.values())
    assert len(set(ids)) == len(ids) == 1 + 2 * len(written)
    for (headers, _), record in zip(conversions, written.values(), strict=True):
        assert headers["WARC-Date"] == (record.created or ADDED)
        assert record.url or headers["WARC-Target-URI"] == f"urn:archiver:{record.id}"
    (headers,) = (headers for headers, text in conversions if text == full_record().text)
    assert headers["WARC-Refers-To"] == "<urn:uuid:1>"
    assert headers["WARC-Identified-Content-Language"] == "fa-IR"
    (headers,) = (headers for headers, text in conversions if text == "odd address")
    assert headers["WARC-Target-URI"] == "https://example.org/%D8%B5%D9%81%D8%AD%D9%87?q=a%20b&c=%20"


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_wet_as_fastwarc_reads_it(ending: str, stored: Path, written: dict[str, Record], tmp_path: Path) -> None:
    out = exported(stored, "wet", tmp_path / f"a.warc.wet{ending}")
    texts = []
    for entry in FastIterator(out.open("rb"), parse_http=False):
        assert entry.verify_block_digest()
        if entry.headers["WARC-Type"] == "conversion":
            texts.append(entry.reader.read().decode())
    assert texts == [record.text for record in written.values()]


def test_a_value_ends_no_header() -> None:
    head = warc_record([("WARC-Target-URI", "a\r\nWARC-Type: response\n\r\nb")], b"").partition(b"\r\n\r\n")[0]
    assert head.count(b"\r\n") == 3


def test_wacz_is_valid_and_leads_to_its_records(
    stored: Path, written: dict[str, Record], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = exported(stored, "wacz", tmp_path / "a.wacz")
    assert wacz_main(["validate", "-f", str(out)]) == 0
    assert "the passed WACZ is valid" in capsys.readouterr().out
    with zipfile.ZipFile(out) as package:
        package.extractall(tmp_path)
        assert package.getinfo("archive/texts.warc.gz").compress_type == zipfile.ZIP_STORED
    head, *pages = lines_of((tmp_path / "pages" / "pages.jsonl").read_bytes())
    assert head["format"] == "json-pages-1.0"
    assert [(page["id"], page["text"]) for page in pages] == [(record.id, record.text) for record in written.values()]
    assert all(page["ts"] and page["url"] for page in pages)
    lines = (tmp_path / "indexes" / "index.cdxj").read_bytes().splitlines()
    assert lines == sorted(lines) and len(lines) == len(written)
    by_address = {(page["url"], page["text"]) for page in pages}
    for line in lines:
        fields = json.loads(line.split(b" ", 2)[2])
        with (tmp_path / "archive" / fields["filename"]).open("rb") as stream:
            stream.seek(int(fields["offset"]))
            packed = io.BytesIO(stream.read(int(fields["length"])))
        entry = next(iter(ArchiveIterator(packed, check_digests="raise")))
        assert (fields["url"], entry.content_stream().read().decode()) in by_address


def test_the_index_is_the_one_that_cdxj_indexer_makes(stored: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(exported(stored, "wacz", tmp_path / "a.wacz")) as package:
        package.extractall(tmp_path)
    CDXJIndexer(
        str(tmp_path / "theirs"), [str(tmp_path / "archive" / "texts.warc.gz")], records="conversion", sort=True
    ).process_all()

    def entries(path: Path) -> list[tuple[str, str, dict[str, str]]]:
        parts = [line.split(" ", 2) for line in path.read_text("utf-8").splitlines()]
        return sorted(((key, time, json.loads(fields)) for key, time, fields in parts), key=str)

    ours, theirs = entries(tmp_path / "indexes" / "index.cdxj"), entries(tmp_path / "theirs")
    # It knows a status only where there was an answer of a server.
    for _, _, fields in ours:
        assert fields.pop("status") == "200"
    assert [(key, time, dict(sorted(fields.items()))) for key, time, fields in theirs] == [
        (key, time, dict(sorted(fields.items()))) for key, time, fields in ours
    ]


# Index ----------------------------------------------------------------------------------------------------


def test_cdxj_points_to_the_originals(stored: Path, written: dict[str, Record], tmp_path: Path) -> None:
    lines = exported(stored, "cdxj", tmp_path / "a").read_bytes().splitlines()
    assert lines == sorted(lines)
    assert len(lines) == sum(1 for record in written.values() if record.url and record.timestamp) == 11
    (full,) = (line for line in lines if b'"offset"' in line)
    key, timestamp, fields = full.split(b" ", 2)
    assert (key, timestamp) == (b"org,example)/a", b"20240101100000")
    assert json.loads(fields) == {
        "url": "https://example.org/a",
        "mime": "text/plain",
        "status": "200",
        "digest": full_record().capture.payload_digest,
        "length": "3",
        "offset": "12",
        "filename": "page.txt",
    }


def test_cdxj_has_the_digest_of_the_container_where_it_is_right(tmp_path: Path) -> None:
    for check, expected in [("equal", "sha1:ABC"), ("different", full_record().capture.payload_digest)]:
        facts = replace(full_record().capture, declared_digest="sha1:ABC", digest_check=check)
        out = tmp_path / check
        export(iter([("a", replace(full_record(), capture=facts))]), "cdxj", str(out), ADDED)
        assert json.loads(out.read_bytes().split(b" ", 2)[2])["digest"] == expected


@given(st.lists(st.binary(max_size=6).map(lambda line: line.replace(b"\n", b"") + b"\n")), st.integers(1, 20))
def test_lines_are_sorted_whatever_memory_holds(lines: list[bytes], run_bytes: int) -> None:
    assert list(sorted_lines(lines, run_bytes)) == sorted(lines)
