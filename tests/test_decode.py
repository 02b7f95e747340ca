"""The ladder's decisions (cases as files), the prescan (html5lib's data), the decoders, and the laws."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import webencodings
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.charsets import find_charset, find_undecodable, multibyte, read_as, shifting, write_as
from archiver.charsets.patches import read_patches
from archiver.decode import decode, decode_capture
from archiver.decode.declared import find_http_label, find_markup_charset
from archiver.model import Capture
from archiver.tables import read_table

CASES = sorted((Path(__file__).parent / "cases" / "decode").glob("*.json"))
CHARSETS = sorted(
    {*map(find_charset, webencodings.LABELS)} - {"replacement"}
    | {"utf-32le", "utf-32be", "hz-gb-2312", "iso-2022-kr", "iso-2022-cn", "johab", "cp850", "mac-greek", "mac-latin2"}
    | {"viscii", "kz1048", "ptcp154"}
)
HTML5LIB = Path(__file__).parents[2] / "shared" / "data" / "encoding" / "html5lib"


def bytes_of(pieces):
    return b"".join(
        bytes.fromhex(piece["hex"]) if "hex" in piece else piece["text"].encode(piece["codec"]) for piece in pieces
    )


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_decode_case(path):
    case = json.loads(path.read_text(encoding="utf-8"))
    expected = case["expected"]
    given = case["input"]
    page = decode(bytes_of(given["pieces"]), given["content_type"], given.get("identified_type"))
    if "text" in expected:
        assert page.text == expected["text"]
    if "ends_with" in expected:
        assert page.text.endswith(expected["ends_with"])
    assert (page.charset, page.decided_by) == (expected["charset"], expected["decided_by"])
    assert page.replacement_characters == expected.get("replacement_characters", 0)
    if "undecodable" in expected:
        assert list(page.undecodable) == expected["undecodable"]
    if "conflicts" in expected:
        assert list(page.conflicts) == expected["conflicts"]
    beginnings = expected.get("conflicts_match", [])
    assert len(page.conflicts) >= len(beginnings)
    for beginning, conflict in zip(beginnings, page.conflicts, strict=False):
        assert conflict.startswith(beginning)
    if page.decided_by != "default" or page.candidates:
        assert (page.decided_by, page.charset) in page.candidates


def html5lib_cases():
    """The 83 tests, all but the exceptions of `test_html5lib` to the letter."""
    if not HTML5LIB.is_dir():
        reason = "html5lib's encoding tests are not beside the project (../shared/data/encoding/html5lib)"
        yield pytest.param(b"", "", "", marks=pytest.mark.skip(reason=reason), id="html5lib-absent")
        return
    for path in sorted(HTML5LIB.rglob("*.dat")):
        for number, part in enumerate(path.read_bytes().split(b"#data\n")[1:], 1):
            data, _, encoding = part.rpartition(b"\n#encoding\n")
            name = f"{path.parent.name}-{path.stem}-{number}"
            yield pytest.param(data, encoding.strip().decode(), name, id=name)


@pytest.mark.parametrize(("data", "encoding", "name"), list(html5lib_cases()))
def test_html5lib(data, encoding, name):
    page = decode(data)
    if name == "scripted-tests1-1":
        # The meta is written by a script, which no archive runs; without it there is none.
        assert find_markup_charset(data) is None
    elif name == "html5lib-test-yahoo-jp-1":
        # The meta says EUC-JP and is found, but the data's bytes are UTF-8: that is proof.
        assert find_markup_charset(data) == "euc-jp"
        assert (page.charset, page.decided_by) == ("utf-8", "utf8-valid")
    elif find_markup_charset(data) is None and find_charset(encoding) == "windows-1252":
        # Nothing is declared that a browser would find, so it takes its default. These bytes are ASCII, which is
        # UTF-8 as well and called that here; the text is the same.
        assert (page.charset, page.text) == ("utf-8", read_as(data, "windows-1252").text)
    else:
        assert page.charset == find_charset(encoding)


@pytest.mark.parametrize(
    ("value", "label"),
    [
        ("text/html;charset=utf-8", "utf-8"),
        ('text/html; charset="gb\\2312"', "gb\\2312"),
        ("text/html; charset='utf-8'", "utf-8"),
        ("text/html; charset = koi8-r ; x=y", "koi8-r"),
        ("text/html; charset=a; charset=b", "a"),
        ("text/html;charset=gbk, text/html", "gbk"),
        ("text/html;charset=gbk, text/plain", None),
        ("text/html;charset=gbk, */*;charset=big5", "gbk"),
        ("charset=utf-8", None),
        ("text/html; charset=", None),
        ("", None),
    ],
)
def test_http_label(value, label):
    assert find_http_label(value) == label


def test_given_text_is_kept_and_surrogates_joined():
    text = "\ufeffa\ud83d\ude00b\ud800c\ufffd"
    page = decode_capture(Capture(text.encode("utf-8", "surrogatepass"), text=text))
    assert page.text == "a\U0001f600b\ufffdc\ufffd"
    assert (page.decided_by, page.charset, page.replacement_characters) == ("given", "utf-8", 1)


def test_capture_bytes_are_decoded_with_its_header():
    page = decode_capture(Capture("жёлтый".encode("cp1251"), content_type="text/html; charset=windows-1251"))
    assert (page.text, page.decided_by) == ("жёлтый", "http")
    identified = replace(Capture("жёлтый".encode("koi8-r")), identified_type="text/plain; charset=koi8-r")
    assert decode_capture(identified).decided_by == "warc-identified"


@settings(deadline=None)
@given(
    st.binary(max_size=600),
    st.sampled_from([None, "text/html", "text/html; charset=utf-16", ";,\"'=", "a/b;charset=gbk"]),
)
def test_decode_never_raises(data, content_type):
    page = decode(data, content_type)
    page.text.encode("utf-8")
    assert page.replacement_characters >= 0
    # Counting passes over U+FFFD that gb18030 and UTF-16 write out.
    assert len(page.undecodable) >= min(page.replacement_characters, 100)
    assert list(page.undecodable) == sorted(set(page.undecodable))
    assert all(0 <= offset < len(data) for offset in page.undecodable)


MARKUP = st.lists(
    st.sampled_from(
        [
            b"<",
            b">",
            b"<!--",
            b"-->",
            b"<meta ",
            b"charset",
            b"=",
            b'"',
            b"'",
            b"/",
            b" ",
            b"utf-8",
            b"<?xml",
            b"encoding",
            b"http-equiv=content-type",
            b"content=",
            b";",
            b"\xe9\x80",
            b"\0",
            b"\x1b$B",
            b"~{",
            b"\xff\xfe",
            b"</script>",
            b"<script>",
            b"iso-2022-jp",
            b"hz-gb-2312",
            b"x" * 400,
        ]
    )
).map(b"".join)


@settings(deadline=None)
@given(MARKUP)
def test_decode_never_raises_on_pieces_of_markup(data):
    decode(data).text.encode("utf-8")


@settings(deadline=None)
@given(
    st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x24F)),
    st.sampled_from(
        ["windows-1250", "windows-1252", "windows-1254", "iso-8859-2", "utf-8", "gb18030", "big5", "euc-kr"]
    ),
)
def test_declared_charset_gives_the_text_back(text, charset):
    codec = {"euc-kr": "cp949", "big5": "big5hkscs"}.get(charset, charset)
    data = text.encode(codec, "ignore")
    readable = read_as(data, charset).text
    page = decode(data, f"text/html; charset={charset}")
    if page.decided_by == "http":
        assert page.text == readable
    elif page.decided_by == "utf8-valid":
        assert page.text == read_as(data, "utf-8").text
    elif page.decided_by != "bom":
        # Text of no language reads likelier in another charset now and then.
        assert any("bits likelier" in conflict for conflict in page.conflicts)


PAGE = '<meta charset="{}"><p>清晨的集市 Größe жёлтый листья</p>'


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "utf-16le", "iso-2022-jp", "euc-jp"])
def test_a_cut_at_any_byte_is_read(charset):
    data = PAGE.format(charset).encode(charset, "ignore")
    for length in range(len(data)):
        page = decode(data[:length])
        assert page.replacement_characters <= 2


@pytest.mark.parametrize("charset", ["gb18030", "big5", "euc-kr", "shift_jis", "euc-jp", "utf-8", "iso-2022-jp"])
@settings(deadline=None)
@given(data=st.binary(max_size=80))
def test_counted_replacements_are_those_in_the_text(charset, data):
    reading = read_as(data, charset)
    assert 0 <= reading.replaced <= reading.text.count("\ufffd")


@pytest.mark.parametrize("charset", CHARSETS)
@settings(deadline=None, max_examples=50)
@given(data=st.binary(max_size=80))
def test_unreadable_bytes_have_a_place_for_each_replacement(charset, data):
    reading = read_as(data, charset)
    places = find_undecodable(data, charset, 1000)
    if "\ufffd".encode("gb18030") not in data:
        assert len(places) == reading.text.count("\ufffd")
    if places and charset not in ("iso-2022-jp", "hz-gb-2312", "iso-2022-kr", "iso-2022-cn"):
        # What lies before the first of them can be read.
        assert read_as(data[: places[0]], charset) == (reading.text[: reading.text.index("\ufffd")], 0)


def test_a_place_beyond_the_first_window_is_found():
    data = "я".encode() * 70_001 + b"\xff" + "鯨".encode() * 70_001 + b"\xe9"
    assert find_undecodable(data, "utf-8", 9) == (140_002, 140_002 + 1 + 210_003)
    assert find_undecodable(data, "utf-8", 1) == (140_002,)


@pytest.mark.parametrize("row", read_table("charset-characters"), ids="-".join)
def test_each_line_of_the_characters_is_read(row):
    charset, data, codes = row
    character = "".join(chr(int(code, 16)) for code in codes.split())
    reading = read_as(bytes.fromhex(data), charset)
    assert (reading.text, reading.replaced) == (character, 0)
    assert read_as(write_as(character, charset), charset).text == character


@pytest.mark.parametrize(("label", "charset"), read_table("charset-labels"))
def test_each_line_of_the_labels_has_a_decoder(label, charset):
    assert find_charset(label.upper()) == charset
    assert read_as(b"a", charset).text == ("a" if not charset.startswith("utf-32") else "\ufffd")
    known = webencodings.lookup(label)
    assert known is None or known.name == "replacement"


@pytest.mark.parametrize(("label", "charset"), sorted(webencodings.LABELS.items()))
def test_labels_of_the_standard(label, charset):
    if charset == "replacement" and label != "replacement":
        assert find_charset(label) in ("iso-2022-kr", "iso-2022-cn", "hz-gb-2312")
    else:
        assert find_charset(f" {label.upper()}\n") == charset


def test_single_byte_charsets_differ_from_pythons_codecs_as_known():
    """But for the table's lines and for C1 controls, which the standard's indexes have where Python's have nothing."""
    for charset in {*webencodings.LABELS.values()} - multibyte.CHARSETS - shifting.CHARSETS:
        if charset in ("replacement", "x-user-defined"):
            continue
        codec = webencodings.lookup(charset).codec_info.name
        for byte in map(int.to_bytes, range(256)):
            expected = read_patches(charset).get(byte) or byte.decode(codec, "replace")
            if expected == "\ufffd" and byte < b"\xa0":
                expected = byte.decode("latin-1")
            assert read_as(byte, charset).text == expected


@pytest.mark.parametrize("label", ["", "utf-9", "\u212aoi8-r", "koi8-r\0", "none"])
def test_unknown_labels(label):
    assert find_charset(label) is None


@pytest.mark.parametrize("charset", CHARSETS)
@settings(deadline=None, max_examples=60)
@given(data=st.binary(max_size=80))
def test_what_was_read_can_be_written_and_read_again(charset, data):
    reading = read_as(data, charset)
    written = write_as(reading.text, charset)
    if reading.replaced == 0 and "\ufffd" not in reading.text and "\x1b" not in reading.text:
        assert written is not None
    if written is not None:
        assert read_as(written, charset) == (reading.text, 0)


@pytest.mark.parametrize("charset", sorted({*CHARSETS} - multibyte.CHARSETS - shifting.CHARSETS))
def test_bytes_of_single_byte_charsets_come_back(charset):
    for byte in range(256):
        reading = read_as(bytes([byte]), charset)
        if not reading.replaced:
            assert write_as(reading.text, charset) == bytes([byte])


@pytest.mark.parametrize(
    ("text", "charset", "data"),
    [
        ("①髙ﾃ～", "euc-jp", b"\xad\xa1\xfc\xe2\x8e\xc3\xa1\xc1"),
        ("a茶ﾃ¥", "iso-2022-jp", b"a\x1b$BCc\x1b(IC\x1b(J\\\x1b(B"),
        ("\x81", "windows-1252", b"\x81"),
        ("〜", "euc-jp", None),
        ("ж", "windows-1252", None),
        ("\ufffd", "koi8-r", None),
        ("a", "replacement", None),
        ("", "replacement", b""),
    ],
)
def test_write_as(text, charset, data):
    assert write_as(text, charset) == data
