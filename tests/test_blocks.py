"""Markup and plain text are cut into blocks: cases as files, and laws that hold for any page."""

from __future__ import annotations

import gc
import html
import json
import weakref
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.blocks import displayed, segment, segment_text
from archiver.blocks.scripted import LONGEST_SCRIPT, find_body
from archiver.blocks.visible import count_visible

FOLDER = Path(__file__).parent / "cases" / "blocks"
FIELDS = {
    "label",
    "comment",
    "input",
    "expected",
    "expect",
    "links",
    "hidden",
    "elements",
    "title",
    "lines",
    "gaps",
    "shown",
}


def cases():
    for path in sorted(FOLDER.glob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8")):
            yield path.stem, case


def params():
    for group, case in cases():
        marks = [pytest.mark.xfail(strict=True)] if case["expect"] == "fail" else []
        yield pytest.param(group, case, id=f"{group}: {case['label']}", marks=marks)


@pytest.mark.parametrize("group, case", list(params()))
def test_case(group, case):
    dump = group.startswith("dumps")
    document = segment_text(case["input"]) if dump else segment(case["input"])
    blocks = document.blocks
    assert [[block.kind, block.level, block.text] for block in blocks] == case["expected"]
    assert [block.index for block in blocks] == list(range(len(blocks)))
    found = {
        "links": [[block.text[link.start : link.end], link.href] for block in blocks for link in block.links],
        "hidden": [block.hidden for block in blocks],
        "elements": [document.elements[block.element].tag for block in blocks if block.element >= 0],
        "title": document.head.title,
        "lines": [block.line for block in blocks],
        "gaps": [block.gap for block in blocks],
        "shown": [block.text for block in displayed(document).blocks],
    }
    assert {name: found[name] for name in found if name in case} == {name: case[name] for name in found if name in case}
    check_books(document)


def check_books(document):
    """What the blocks hold is what is visible, in order and to the character."""
    characters, digest = count_visible([block.text for block in document.blocks])
    assert (characters, digest) == (document.visible_characters, document.visible_digest)
    for block in document.blocks:
        assert block.text.strip()
        assert block.link_characters <= len(block.text)
        ends = [place for link in block.links for place in link[:2]]
        assert ends == sorted(ends)
        assert not ends or ends[-1] <= len(block.text)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_cases_are_sound(path):
    listed = json.loads(path.read_text(encoding="utf-8"))
    labels = [case["label"] for case in listed]
    assert len(labels) == len(set(labels))
    for case in listed:
        assert set(case) <= FIELDS
        assert case["comment"]
        assert case["expect"] in ("pass", "fail")


LINES = st.lists(st.text("ab .,\t\u200c\u00a0\u3000é中", max_size=90), max_size=30).map("\n".join)


@settings(deadline=None)
@given(LINES | st.text())
def test_any_dump_keeps_every_character(text):
    document = segment_text(text)
    check_books(document)
    assert count_visible([text])[1] == document.visible_digest
    lines = [block.line for block in document.blocks]
    assert lines == sorted(set(lines))


@settings(deadline=None)
@given(st.text(st.sampled_from([*"<>/ =\"'abp-!&;#0\n\t", "\u200c", "\u00a0", "é", "中"]), max_size=120))
def test_any_markup_keeps_its_books(markup):
    check_books(segment(markup))


@settings(deadline=None)
@given(st.text(st.sampled_from([*"<>/ =\"'abp-!&;#0\n\t", "\u200c", "\u00a0", "é", "中"]), max_size=120))
def test_a_page_in_a_frame_is_cut_as_by_itself(markup):
    alone = [(block.kind, block.level, block.text, block.links) for block in segment(markup).blocks]
    for around in (
        segment(f'<body><iframe srcdoc="{html.escape(markup)}"></iframe></body>'),
        segment("<frameset><frame src=page.htm></frameset>", frames=lambda: [markup]),
    ):
        assert [(block.kind, block.level, block.text, block.links) for block in around.blocks] == alone
        check_books(around)


def test_a_page_in_a_frame_keeps_its_language():
    inner = '<html lang="fa"><body dir="rtl"><p>نخستین باران پاییزی سطح آب تالاب را بالا آورد.</p></body></html>'
    document = segment(f'<html><body><iframe srcdoc="{html.escape(inner)}"></iframe></body></html>')
    assert (document.head.language, document.head.direction) == ("fa", "rtl")


def test_frames_in_frames_have_an_end():
    document = segment("<iframe/src=data:text/html," * 40_000 + "words")
    assert document.blocks == ()


def test_what_a_page_came_with_goes_with_the_page():
    """lxml keeps a parser's target until the collector of cycles comes, and a worker calls it every 200 pages."""

    class Frames:
        def __call__(self):
            return ["<p>words"]

    frames = Frames()
    left = weakref.ref(frames)
    gc.disable()
    try:
        assert segment("<p>A page that shows a sentence of its own, so nothing in frames is read.", frames=frames)
        del frames
        assert left() is None
    finally:
        gc.enable()


def test_data_of_any_depth_is_no_bug():
    shell = '<div id="root"></div><script type="application/json">{}</script>'
    assert segment(shell.format("[" * 100_000)).blocks == ()


def test_a_body_in_five_million_letters_is_not_looked_for():
    sentence = "The ferry to the outer islands will run twice a day from the first week of March. "
    for times, found in ((100, True), (LONGEST_SCRIPT // len(sentence) + 1, False)):
        code = json.dumps({"body": sentence * times})
        assert (find_body([("state", code)]) is not None) == found


@pytest.mark.parametrize(
    ("left_out", "written"),
    [
        ("<table><tr><td>a<td>b</table>", "<table><tbody><tr><td>a<td>b</tbody></table>"),
        ("<table><tr><td>a</tr><tr><td>b</table><p>c", "<table><tbody><tr><td>a</tr><tr><td>b</tbody></table><p>c"),
        (
            "<table><caption>n</caption><tr><td>a<td>b</tr><tbody><tr><td>c<td>d</tbody><tfoot><tr><td>e</table>",
            "<table><caption>n</caption><tbody><tr><td>a<td>b</tr></tbody><tbody><tr><td>c<td>d</tbody><tfoot><tr><td>e</table>",
        ),
        (
            "<table><thead><tr><th>h</thead><tr><td><table><tr><td>in</table></table>",
            "<table><thead><tr><th>h</thead><tbody><tr><td><table><tbody><tr><td>in</table></table>",
        ),
        ("<tr><td>a</td></tr>", "<tr><td>a</td></tr>"),
    ],
)
def test_a_tbody_that_is_left_out_is_implied(left_out, written):
    assert segment(left_out) == segment(written)
