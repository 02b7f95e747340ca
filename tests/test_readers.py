"""Every file gives exactly one capture or the reason why not; nothing crashes, nothing is lost in silence."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.errors import InputError
from archiver.readers import READERS, body, compression, read, sidecar
from archiver.readers.body import read_body
from archiver.readers.compression import find_codec
from archiver.readers.members import read_pieces

CAPTURES = Path(__file__).parent / "captures"
PAGE = gzip.decompress((CAPTURES / "damaged" / "gzip_padded_with_zeros.html.gz").read_bytes())

DAMAGED = {
    "bmw_is_no_bitmap.txt": (None, None),
    "gzip_two_members.html.gz": (None, None),
    "gzip_padded_with_zeros.html.gz": (None, None),
    "gzip_without_its_name.html": (None, None),
    "stray_nuls.html": (None, None),
    "utf16_without_mark.html": (None, None),
    "utf16_with_mark.txt": (None, None),
    "gzip_cut_short.html.gz": ("gzip stream cut short", None),
    "gzip_wrong_checksum.html.gz": ("gzip data damaged: Error -3", None),
    "gzip_flipped_byte.html.gz": ("gzip data damaged: Error -3", None),
    "gzip_then_rubbish.html.gz": ("bytes after the gzip stream", None),
    "gzip_cut_in_header.html.gz": (None, "gzip stream cut short, and nothing before it could be read (get"),
    "gzip_in_gzip.html.gz": (None, "a gzip file inside a gzip file, not a page ("),
    "empty.html": (None, "empty: no characters in it ("),
    "empty.html.gz": (None, "empty: no characters in it ("),
    "blank.txt": (None, "empty: no characters in it ("),
    "pdf_called.html": (None, "a PDF file, not a page ("),
    "png_called.html": (None, "a PNG image, not a page ("),
    "random_bytes.html": (None, "a binary file, not a page ("),
}


def test_each_damaged_file_has_its_expectation():
    assert {path.name for path in (CAPTURES / "damaged").iterdir()} == set(DAMAGED)


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_file(name):
    (capture,) = read(CAPTURES / "damaged" / name)
    truncated, unreadable = DAMAGED[name]
    assert (capture.truncated or "").startswith(truncated or "")
    assert (capture.truncated is None) == (truncated is None)
    assert (capture.unreadable or "").startswith(unreadable or "")
    assert (capture.unreadable is None) == (unreadable is None)
    assert bool(capture.body) == (unreadable is None)
    assert (capture.source, capture.container) == (name, name)


@pytest.mark.parametrize(
    "name", ["gzip_two_members", "gzip_padded_with_zeros", "gzip_wrong_checksum", "gzip_then_rubbish"]
)
def test_whole_page_comes_out_of_gzip(name):
    (capture,) = read(CAPTURES / "damaged" / f"{name}.html.gz")
    assert capture.body == PAGE


@pytest.mark.parametrize("name", ["gzip_cut_short", "gzip_flipped_byte"])
def test_what_lies_before_the_damage_comes_out(name):
    (capture,) = read(CAPTURES / "damaged" / f"{name}.html.gz")
    # zlib sees a wrong byte late, so the last characters before the damage may be wrong too.
    assert capture.body[:50] == PAGE[:50]
    assert len(capture.body) > 200


def test_a_folder_gives_a_capture_a_file_in_order():
    captures = list(read(CAPTURES / "damaged"))
    assert [capture.container for capture in captures] == sorted(DAMAGED)
    assert {capture.source for capture in captures} == {"damaged"}


def test_folder_order_is_that_of_paths(tmp_path):
    names = ["a.html", "a/b.html", "a/c/d.txt", "a-b.html", "B.html", "é.html", "z.html"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("<p>x")
    (tmp_path / ".hidden").write_text("x")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("x")
    (tmp_path / "a.html.meta.json").write_text("{}")
    found = [capture.container for capture in read(tmp_path)]
    assert found == sorted(names, key=os.fsencode)
    assert [capture.container for capture in read(str(tmp_path))] == found


def test_links_stay_inside_the_folder(tmp_path):
    inside, outside = tmp_path / "raw", tmp_path / "secret.html"
    (inside / "sub").mkdir(parents=True)
    outside.write_text("<p>secret")
    (inside / "page.html").write_text("<p>page")
    (inside / "sub" / "same.html").symlink_to(inside / "page.html")
    (inside / "out.html").symlink_to(outside)
    (inside / "loop").symlink_to(inside)
    (inside / "up").symlink_to(tmp_path)
    (inside / "gone.html").symlink_to(inside / "nothing")
    found = {capture.container: capture.unreadable for capture in read(inside)}
    assert set(found) == {"page.html", "sub/same.html", "out.html", "up", "gone.html"}
    assert found["page.html"] is None
    assert found["sub/same.html"] is None
    assert "out of the folder" in found["out.html"]
    assert "out of the folder" in found["up"]
    assert "No such file" in found["gone.html"]


def test_what_is_no_file_is_named(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (capture,) = read(tmp_path)
    assert capture.unreadable == "not a regular file (take it out of the folder)"


@pytest.mark.parametrize("broken", ["open", "iterdir"])
def test_no_rights_becomes_a_capture(tmp_path, monkeypatch, broken):
    (tmp_path / "raw" / "sub").mkdir(parents=True)
    (tmp_path / "raw" / "page.html").write_text("<p>x")
    (tmp_path / "raw" / "sub" / "page.html").write_text("<p>y")
    sound = getattr(Path, broken)

    def refuse(path, *arguments):
        if "sub" in path.parts:
            raise PermissionError(13, "Permission denied")
        return sound(path, *arguments)

    monkeypatch.setattr(Path, broken, refuse)
    first, second = read(tmp_path / "raw")
    assert first.unreadable is None
    assert second.container.startswith("sub")
    assert second.unreadable.startswith("Permission denied (check its rights")


def test_a_name_that_is_no_utf8_can_be_written(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.html")).write_text("<p>x")
    (capture,) = read(tmp_path)
    assert capture.container == "caf\\xe9.html"


@pytest.mark.parametrize("path", ["no/such/place", "nul\0byte"])
def test_no_such_path_says_what_to_do(path):
    with pytest.raises(InputError, match="check the path"):
        read(path)


def test_stdin(monkeypatch):
    class Stdin:
        buffer = io.BytesIO(gzip.compress(b"<p>from a pipe"))

    monkeypatch.setattr("sys.stdin", Stdin)
    (capture,) = read("-")
    assert (capture.body, capture.source, capture.container) == (b"<p>from a pipe", "-", "-")


def test_more_than_the_limit_is_cut_and_said(monkeypatch):
    monkeypatch.setattr(body, "MAX_BYTES", 1000)
    for data in (b"x" * 1001, gzip.compress(b"x" * 100_000), gzip.compress(b"x" * 600) * 2):
        found = read_body(io.BytesIO(data))
        assert found.data == b"x" * 1000
        assert found.truncated.startswith("cut after")
    for data in (b"x" * 1000, gzip.compress(b"x" * 500) * 2):
        assert read_body(io.BytesIO(data)) == (b"x" * 1000, None, None)


def test_a_description_is_read():
    captures = {capture.container: capture for capture in read(CAPTURES / "described")}
    full = captures["full_name.html"]
    assert full.url == "https://example.org/market"
    assert full.captured_at == datetime(2024, 2, 18, 9, 30, tzinfo=UTC)
    assert (full.content_type, full.http_status) == ("text/html; charset=windows-1256", 200)
    assert full.identified_type == "text/html; charset=windows-1256"
    assert captures["stem_alone.html.gz"].captured_at == datetime(2024, 2, 18, 9, 30, tzinfo=UTC)
    assert captures["stem_shared.html"].url is None
    assert captures["wrong_fields.html"].content_type == "text/html"
    assert len(captures) == 7


@pytest.mark.parametrize(
    ("name", "faults"),
    [
        ("full_name.html", []),
        ("stem_shared.html", []),
        ("not_json.html", ["no JSON"]),
        ("a_list.html", ["not a JSON object"]),
        (
            "wrong_fields.html",
            [
                "url is no address",
                "identified_payload_type is no text",
                "http_status is no status",
                "captured_at is neither",
            ],
        ),
    ],
)
def test_a_broken_description_is_told(name, faults):
    found = sidecar.read_description(CAPTURES / "described" / name).faults
    assert len(found) == len(faults)
    for fault, words in zip(found, faults, strict=True):
        assert fault.startswith(f"{name}.meta.json: {words}")


@pytest.mark.parametrize(
    ("moment", "iso"),
    [
        ("2024-02-18T09:30:00Z", "2024-02-18T09:30:00+00:00"),
        ("2024-02-18T09:30:00.5-05:00", "2024-02-18T14:30:00.500000+00:00"),
        ("20240218093000", "2024-02-18T09:30:00+00:00"),
        ("2024-02-18T09:30:00", None),
        ("20240231093000", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
        (20240218093000, None),
    ],
)
def test_moments(moment, iso):
    parsed = sidecar.parse_time(moment)
    assert (parsed.isoformat() if parsed else None) == iso


@settings(deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_no_field_breaks_a_description(value):
    fields = dict.fromkeys(("url", "captured_at", "content_type", "http_status"), value)
    sidecar.describe(fields, "x")


COMPRESSIONS = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "Zstandard": zstandard.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}


@pytest.mark.parametrize("name", COMPRESSIONS)
def test_a_compressed_page_cut_at_any_byte_is_read(name):
    compress = COMPRESSIONS[name]
    whole = compress(PAGE) + compress(b"<p>more")
    assert read_body(io.BytesIO(whole)) == (PAGE + b"<p>more", None, None)
    for length in range(10, len(whole)):
        found = read_body(io.BytesIO(whole[:length]))
        assert (PAGE + b"<p>more").startswith(found.data)
        assert bool(found.truncated) != bool(found.unreadable) or found.data == PAGE


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(["gzip", "bzip2", "xz"]), st.data())
def test_a_flipped_byte_of_a_compressed_page_is_told(name, data):
    whole = bytearray(COMPRESSIONS[name](PAGE))
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    found = read_body(io.BytesIO(whole))
    assert found.data == PAGE or found.truncated or found.unreadable or find_codec(io.BytesIO(whole))[0] is None


@pytest.mark.parametrize("ending", ["gz", "zst", "bz2", "xz"])
def test_a_description_belongs_to_a_compressed_page(tmp_path, ending):
    compress = dict(zip(("gz", "zst", "bz2", "xz"), COMPRESSIONS.values(), strict=True))[ending]
    (tmp_path / f"page.html.{ending}").write_bytes(compress(PAGE))
    (tmp_path / "page.meta.json").write_text('{"url": "https://a.example/"}')
    (capture,) = read(tmp_path)
    assert (capture.body, capture.url) == (PAGE, "https://a.example/")


def test_a_bzip2_bomb_comes_in_pieces_that_fit_into_memory():
    packer = bz2.BZ2Compressor()
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(300)) + packer.flush()
    assert len(bomb) < 1024
    sizes = [len(piece.data) for piece in read_pieces(io.BytesIO(bomb), compression.BZIP2, 0, lambda data: False)]
    assert sum(sizes) == 300_000_000 and max(sizes) < 100_000_000


def test_xz_takes_no_more_memory_than_it_may(monkeypatch):
    whole = lzma.compress(PAGE)
    monkeypatch.setattr(compression, "_XZ_MEMORY", 1_000_000)
    assert read_body(io.BytesIO(whole)).unreadable.startswith("xz data damaged: Memory usage limit exceeded")


def test_a_text_that_begins_like_bzip2_is_a_text(tmp_path):
    (tmp_path / "bus.txt").write_text("BZh9 is the stop below the church, and the bus waits there for the ferry.")
    (capture,) = read(tmp_path)
    assert capture.body.startswith(b"BZh9 is the stop")


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, 100))
def test_any_bytes_after_a_gzip_mark_are_read(rubbish, place):
    whole = bytearray(zlib.compress(PAGE, wbits=31))
    whole[10 + place : 10 + place] = rubbish
    for data in (bytes(whole), b"\x1f\x8b" + rubbish):
        found = read_body(io.BytesIO(data))
        assert not (found.data and found.unreadable)
        assert found.data or found.unreadable or found.truncated is None


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_file_gives_one_capture(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(data)
    (capture,) = read(path)
    assert (capture.unreadable is None) == bool(capture.body)


def test_readers_are_told_apart_by_content():
    by_name = {reader.name: reader for reader in READERS}
    assert by_name["html"].sniff(b"<!-- saved --><html>", "x.txt")
    assert by_name["html"].sniff("<html><p>Maß".encode("utf-16-be"), "x")
    assert not by_name["html"].sniff(b"a < b and b > c", "x.html")
    assert by_name["text"].sniff("卖菜".encode("gb18030"), "x")
    assert not by_name["text"].sniff(bytes(range(256)), "x.txt")
