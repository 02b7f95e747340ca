"""Zip, tar and WACZ files: each member is read as a file of its own would be, and none leads anywhere else."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import stat
import tarfile
import zipfile

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

import warcs
from archiver import clean, read
from archiver.cli import main
from archiver.readers import archived
from warcs import PAGES, body_of, packed, records

HTML = b"<html><title>Tea</title><p>Water boils at 100 degrees at the level of the sea.</p></html>"
WARC = packed(records(), "gzip")


def zipped(members, method=zipfile.ZIP_DEFLATED):
    """A zip file of (name, bytes) or (ZipInfo, bytes)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def tarred(members):
    """A tar file of (name, bytes) or TarInfo."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
                continue
            info = tarfile.TarInfo(member[0])
            info.size = len(member[1])
            archive.addfile(info, io.BytesIO(member[1]))
    return out.getvalue()


PACKERS = {
    "zip": zipped,
    "zip, stored": lambda members: zipped(members, zipfile.ZIP_STORED),
    "tar": tarred,
    "tar.gz": lambda members: gzip.compress(tarred(members)),
    "tar.zst": lambda members: zstandard.compress(tarred(members)),
    "tar.bz2": lambda members: bz2.compress(tarred(members)),
    "tar.xz": lambda members: lzma.compress(tarred(members)),
}


@pytest.mark.parametrize("how", PACKERS)
def test_members_are_read_as_files_are(read_bytes, how):
    members = [
        ("page.html", HTML),
        ("deep/page.html.gz", gzip.compress(HTML)),
        ("x.warc.gz", WARC),
        ("x.arc", packed(warcs.arc(), "plain")),
        ("empty.html", b""),
        ("a.png", b"\x89PNG\r\n\x1a\n"),
    ]
    captures, _ = read_bytes(PACKERS[how](members))
    pages = [body_of(page) for page in PAGES]
    assert [capture.body for capture in captures] == [HTML, HTML, *pages, *pages, b"", b""]
    assert [capture.container for capture in captures[:3]] == ["x/page.html", "x/deep/page.html.gz", "x/x.warc.gz"]
    assert {capture.archive for capture in captures} == {"x"}
    assert captures[-2].unreadable.startswith("empty:")
    assert captures[-1].unreadable.startswith("a PNG image, not a page")
    assert clean(captures[0]).text == clean(HTML).text


@pytest.mark.parametrize("how", PACKERS)
def test_archives_in_archives_are_opened_three_deep(read_bytes, how):
    data = HTML
    name = "page.html"
    for _ in range(archived.MAX_DEPTH):
        data, name = PACKERS[how]([(name, data)]), "inner"
    captures, _ = read_bytes(data)
    assert [capture.body for capture in captures] == [HTML]
    captures, _ = read_bytes(PACKERS[how]([("inner", data)]))
    assert [capture.unreadable for capture in captures] == ["an archive in 3 others (unpack the outer ones)"]


NAMES = [
    "../../etc/passwd",
    "/etc/passwd",
    "C:\\windows\\x",
    "..\\..\\x",
    "a/../../b",
    "con\nnul\x00\x1b[31m",
    "ü/ط.html",
]


@pytest.mark.parametrize("how", ["zip", "tar", "tar.gz"])
@pytest.mark.parametrize("name", NAMES)
def test_names_lead_nowhere(read_bytes, tmp_path, how, name):
    data = PACKERS[how]([(name, HTML)])
    (capture,), _ = read_bytes(data, "slip")
    assert capture.body == HTML
    inside = tmp_path / "inside"
    inside.mkdir()
    before = {path for path in tmp_path.rglob("*") if inside not in path.parents}
    assert main(["clean", str(tmp_path / "slip"), str(inside / "clean")]) == 0
    assert {path for path in tmp_path.rglob("*") if inside not in path.parents} == before


def test_links_and_devices_are_counted(read_bytes):
    link, hard, device = tarfile.TarInfo("link.html"), tarfile.TarInfo("hard.html"), tarfile.TarInfo("tty")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    hard.type, hard.linkname = tarfile.LNKTYPE, "/etc/passwd"
    device.type = tarfile.CHRTYPE
    data = tarred([link, hard, device, ("page.html", HTML)])
    for packed_data in (data, gzip.compress(data)):
        captures, skipped = read_bytes(packed_data)
        assert [capture.body for capture in captures] == [HTML]
        assert skipped == {"a link in an archive": 2, "a device in an archive": 1}
    info = zipfile.ZipInfo("link.html")
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    assert read_bytes(zipped([(info, b"/etc/passwd")])) == ([], {"a link in an archive": 1})


def test_what_systems_and_people_hide_is_passed_over(read_bytes):
    members = [("__MACOSX/._page.html", b"x"), (".git/config", b"x"), ("page.html", HTML), ("Thumbs.db", b"x")]
    captures, skipped = read_bytes(zipped(members))
    assert [capture.container for capture in captures] == ["x/page.html"]
    assert not skipped


def test_descriptions_in_a_zip_are_read(read_bytes):
    facts = json.dumps({"url": "https://example.org/tea", "captured_at": "20240531100000", "http_status": 200})
    members = [
        ("a/page.html", HTML),
        ("a/page.html.meta.json", facts),
        ("a/stem.html", HTML),
        ("a/stem.meta.json", facts),
        ("a/two.html", HTML),
        ("a/two.txt", b"tea"),
        ("a/two.meta.json", facts),
        ("bad.html", HTML),
        ("bad.html.meta.json", "{"),
    ]
    captures, _ = read_bytes(zipped(members))
    told = {capture.container: capture.url for capture in captures}
    assert told["x/a/page.html"] == told["x/a/stem.html"] == "https://example.org/tea"
    assert told["x/a/two.html"] is None
    assert "no JSON" in captures[-1].notes[0]


def test_encrypted_members_are_refused(read_bytes):
    data = bytearray(zipped([("page.html", HTML), ("open.html", HTML)]))
    # The flag in the local header and in the directory.
    data[6] |= 1
    data[data.find(b"PK\1\2") + 8] |= 1
    captures, _ = read_bytes(bytes(data))
    assert captures[0].unreadable == "encrypted (unpack it with its password)"
    assert captures[1].body == HTML


@pytest.mark.parametrize("how", ["zip", "zip, stored"])
def test_a_damaged_member_says_so(read_bytes, how):
    page = b"<html>" + b"".join(b"<p>Paragraph %d of a long page about tea.</p>" % n for n in range(5000))
    data = bytearray(PACKERS[how]([("page.html", page), ("other.html", HTML)]))
    data[len(data) // 2] ^= 0xFF
    captures, _ = read_bytes(bytes(data))
    assert "damaged" in (captures[0].truncated or captures[0].unreadable)
    assert captures[1].body == HTML


CUT = {
    "tar": lambda data: data,
    "tar.gz": gzip.compress,
    "tar.zst": zstandard.compress,
    "tar.bz2": bz2.compress,
    "tar.xz": lzma.compress,
}


@pytest.mark.parametrize("how", CUT)
def test_a_tar_cut_anywhere_loses_nothing_before(read_bytes, how):
    members = [(f"{number}.html", HTML + b"<p>%d" % number) for number in range(6)]
    whole = tarred(members)
    for cut in range(600, len(whole) - 1100, 300):
        captures, _ = read_bytes(CUT[how](whole[:cut]))
        sound = cut // 1024
        assert [capture.body for capture in captures[:sound]] == [data for _, data in members[:sound]]
        ends = 512 + len(members[0][1])
        rest = captures[sound:]
        # Between members nothing tells that there were more.
        assert all(capture.truncated or capture.unreadable or cut % 1024 >= ends for capture in rest)


@pytest.mark.parametrize("how", ["zip", "zip, stored", "streamed"])
def test_a_zip_cut_anywhere_loses_nothing_before(read_bytes, how):
    members = [(f"{number}.html", HTML + b"<p>%d" % number) for number in range(4)]
    members.insert(2, ("x.warc.gz", WARC))
    whole = streamed(members) if how == "streamed" else PACKERS[how](members)
    starts = [whole.find(b"PK\3\4", 0)]
    while (found := whole.find(b"PK\3\4", starts[-1] + 1)) > 0:
        starts.append(found)
    directory = whole.find(b"PK\1\2")
    for cut in range(60, directory, 37):
        captures, _ = read_bytes(whole[:cut])
        bodies = [capture.body for capture in captures]
        ended = sum(end <= cut for end in [*starts[1:], directory])
        assert [data for _, data in members[: min(ended, 2)]] == bodies[: min(ended, 2)]
        assert captures[-1].unreadable.startswith("a zip file without its directory")
        if ended > 2:
            assert [body_of(page) for page in PAGES] == bodies[2:5]
        for capture in captures[:-1]:
            assert capture.body in [data for _, data in members] + list(map(body_of, PAGES)) or (
                capture.truncated or capture.unreadable
            )


def test_a_cut_zip_that_is_no_wacz_has_folders_of_any_name(read_bytes):
    captures, skipped = read_bytes(zipped([("pages/page.html", HTML), ("b.html", HTML)])[:-60])
    assert captures[0].body == HTML
    assert not skipped
    captures, skipped = read_bytes(wacz()[:-60], "x.wacz")
    assert [capture.body for capture in captures[:3]] == [body_of(page) for page in PAGES]
    assert skipped["part of a WACZ that is no archive"] == 3


def patched(data, mark, offset, field):
    """The data with a field of each structure that begins with a mark overwritten."""
    data = bytearray(data)
    place = data.find(mark)
    while place >= 0:
        data[place + offset : place + offset + len(field)] = field
        place = data.find(mark, place + 4)
    return bytes(data)


WIDE = b"\xff\xff\xff\xff"
ZIP64 = b"\x01\x00\x10\x00" + b"\xff" * 16
LYING_ZIPS = {
    "a version that nobody knows": patched(zipped([("a.html", HTML)]), b"PK\1\2", 6, b"\xff\x00"),
    "a name that is no UTF-8": patched(zipped([("ü.html", HTML)]), b"PK\1\2", 46, b"\xff\xff"),
    "a directory beyond the end": patched(zipped([("a.html", HTML)]), b"PK\5\6", 16, WIDE),
    "a member beyond the end": patched(zipped([("a.html", HTML)]), b"PK\1\2", 42, b"\xff\xff\xff\x7f"),
    "a size beyond any file, no directory": (
        b"PK\3\4" + bytes(14) + WIDE + WIDE + b"\6\0" + len(ZIP64).to_bytes(2, "little") + b"a.html" + ZIP64 + HTML
    ),
}


@pytest.mark.parametrize("name", LYING_ZIPS)
def test_a_zip_that_lies_is_told_and_stops_nothing(tmp_path, name):
    (tmp_path / "1.zip").write_bytes(LYING_ZIPS[name])
    (tmp_path / "2.html").write_bytes(HTML)
    captures = list(read(tmp_path))
    assert captures[-1].body == HTML
    assert any(capture.unreadable or capture.truncated for capture in captures[:-1])


def test_a_tar_that_lies_is_told_and_stops_nothing(tmp_path):
    info = bytearray(tarred([("a.html", HTML)])[:512])
    # GNU's form of sizes beyond eleven octal digits.
    info[124:136] = b"\x80" + b"\xff" * 11
    info[148:156] = b" " * 8
    info[148:156] = b"%06o\0 " % sum(info)
    (tmp_path / "1.tar").write_bytes(bytes(info) + HTML)
    (tmp_path / "2.html").write_bytes(HTML)
    captures = list(read(tmp_path))
    assert captures[-1].body == HTML
    assert any(capture.unreadable or capture.truncated for capture in captures[:-1])


def streamed(members):
    """A zip file written to a pipe: sizes stand behind the data."""

    class Pipe(io.RawIOBase):
        def __init__(self):
            self.data = b""

        def writable(self):
            return True

        def write(self, data):
            self.data += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w") as archive:
        for name, data in members:
            archive.writestr(name, data)
    return pipe.data


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(PACKERS)), st.integers(0, 100), st.binary(max_size=20), st.integers(0, 30))
def test_no_damage_stops_the_reading(tmp_path_factory, how, where, put, out):
    data = PACKERS[how]([("page.html", HTML), ("x.warc.gz", WARC), ("y.html", HTML)])
    place = len(data) * where // 100
    path = tmp_path_factory.mktemp("any") / "x"
    path.write_bytes(data[:place] + put + data[place + out :])
    for capture in read(path):
        assert capture.body or capture.unreadable


def test_a_bomb_in_a_zip_is_cut(read_bytes, monkeypatch):
    monkeypatch.setattr("archiver.readers.body.MAX_BYTES", 1_000_000)
    captures, _ = read_bytes(zipped([("bomb.html", b"<p>" + b"a b " * 5_000_000)]))
    assert len(captures[0].body) == 1_000_000
    assert "cut after" in captures[0].truncated


def test_a_bomb_in_a_tar_is_left(read_bytes, monkeypatch):
    monkeypatch.setattr("archiver.readers.members._BOMB_BYTES", 1_000_000)
    captures, _ = read_bytes(gzip.compress(tarred([("page.html", HTML), ("bomb", b"\0" * 30_000_000)])))
    assert captures[0].body == HTML
    assert "bomb" in captures[1].unreadable


LISTED = [
    {"format": "json-pages-1.0", "id": "pages", "title": "All pages"},
    {"id": "1", "url": PAGES[0][0], "ts": "2024-05-31T10:00:00Z", "title": "Listed"},
    {"id": "2", "url": PAGES[1][0], "ts": "2024-05-31T10:00:00Z", "title": "Another"},
    {"id": "3", "url": PAGES[1][0], "ts": "2020-01-01T00:00:00Z", "title": "Of an earlier time"},
]


def wacz(**other):
    """A WACZ as its specification asks for; `other` replaces or adds members, None takes one away."""
    members = {
        "datapackage.json": json.dumps({"profile": "data-package", "wacz_version": "1.1.1", "resources": []}),
        "archive/data.warc.gz": WARC,
        "indexes/index.cdx.gz": gzip.compress(b"org,example)/ 2024 {}\n"),
        "pages/pages.jsonl": "\n".join(map(json.dumps, LISTED)),
    }
    members.update({name.replace("__", "/"): data for name, data in other.items()})
    return zipped([(name, data) for name, data in members.items() if data is not None], zipfile.ZIP_STORED)


def test_a_wacz_gives_its_archives_and_what_its_list_says(read_bytes):
    captures, skipped = read_bytes(wacz(), "x.wacz")
    assert [capture.body for capture in captures] == [body_of(page) for page in PAGES]
    assert [capture.title for capture in captures] == ["Listed", "Another", None]
    assert {capture.container for capture in captures} == {"x.wacz/archive/data.warc.gz"}
    assert {capture.archive for capture in captures} == {"x.wacz"}
    assert skipped == {"part of a WACZ that is no archive": 3, "warcinfo record": 1, "request record": 3}
    # The page's own title goes before the list's.
    assert clean(captures[1]).title == "Мост открыт"


def test_the_list_gives_what_the_page_lacks(read_bytes):
    bare = warcs.record(
        "resource",
        b"<p>The market stands on the square behind the station every Friday.",
        f"WARC-Target-URI: {PAGES[0][0]}",
        "Content-Type: text/html",
    )
    (capture,), _ = read_bytes(wacz(**{"archive__data.warc.gz": gzip.compress(bare)}), "x.wacz")
    record = clean(capture)
    assert (record.title, record.timestamp) == ("Listed", "20240531100000")


@pytest.mark.parametrize(
    "lines", [b"", b"{", b"[]\n1\nnull\n", b'{"url": 5}\n{"url": "a", "ts": 1, "title": 2}', b"\xff\xfe"]
)
def test_a_broken_list_costs_nothing(read_bytes, lines):
    captures, _ = read_bytes(wacz(**{"pages__pages.jsonl": lines}), "x.wacz")
    assert [capture.body for capture in captures] == [body_of(page) for page in PAGES]


def test_a_wacz_without_archives_is_told(read_bytes):
    (capture,), skipped = read_bytes(wacz(**{"archive__data.warc.gz": None}), "x.wacz")
    assert capture.unreadable.startswith("a WACZ file without archives")
    assert sum(skipped.values()) == 3


def test_revisits_reach_into_archives_read_before(tmp_path):
    refers = [f"WARC-Refers-To-Target-URI: {PAGES[1][0]}", f"WARC-Refers-To-Date: {warcs.DATE}"]
    again = warcs.record("revisit", b"", f"WARC-Target-URI: {PAGES[1][0]}", "WARC-Date: 2024-06-30T10:00:00Z", *refers)
    (tmp_path / "1.wacz").write_bytes(wacz())
    (tmp_path / "2.tar").write_bytes(tarred([("x.warc.gz", WARC)]))
    (tmp_path / "3.warc").write_bytes(again)
    assert list(read(tmp_path))[-1].body == body_of(PAGES[1])
    # A member of a compressed tar file is gone when the next is read: that is told, and nothing else happens.
    (tmp_path / "1.wacz").unlink()
    (tmp_path / "2.tar").write_bytes(gzip.compress(tarred([("x.warc.gz", WARC)])))
    assert "can't be read again" in list(read(tmp_path))[-1].unreadable


@pytest.mark.parametrize(("form", "name"), [("wet", "x.wet.gz"), ("wacz", "x.wacz")])
def test_what_is_exported_is_read_back(tmp_path, capsys, form, name):
    (tmp_path / "x.warc.gz").write_bytes(WARC)
    assert main(["clean", str(tmp_path / "x.warc.gz"), str(tmp_path / "clean")]) == 0
    assert main(["export", str(tmp_path / "clean"), "--to", form, "-o", str(tmp_path / name)]) == 0
    texts = {clean(capture).url: clean(capture).text for capture in read(tmp_path / "x.warc.gz")}
    again = list(read(tmp_path / name))
    assert {capture.url: capture.body.decode().rstrip("\n") for capture in again} == texts
    assert {capture.digest_check for capture in again} == {"equal"}
    assert {clean(capture).capture.format for capture in again} == {"text"}
