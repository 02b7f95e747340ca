"""The Markdown export, read back by a parser of CommonMark: the same blocks, to the letter."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from archiver.exports.job import Job
from archiver.exports.markdown import to_markdown, write_markdown
from archiver.model import Block, Document, Identity, Label, Link, Metadata, Page, Record
from archiver.record import Decisions, build, digest_of
from sample_captures import capture_of, full_record

PARSER = MarkdownIt("commonmark").enable("table")
CONTAINERS = {
    "paragraph",
    "bullet_list",
    "list_item",
    "blockquote",
    "heading",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
KINDS = ("heading", "paragraph", "list-item", "table-row", "quote", "code", "caption")


def record_of(*blocks: Block, metadata: Metadata | None = None) -> Record:
    """A record with these blocks, all kept."""
    inked = "".join("".join(block.text.split()) for block in blocks)
    document = Document("html", blocks, visible_characters=len(inked), visible_digest=digest_of(inked))
    labels = tuple(Label.content("test", "", 1.0) for _ in blocks)
    decisions = Decisions(labels, (), metadata or Metadata(), Identity("https://example.org/a", "org,example)/a", None))
    return build(capture_of("x"), Page("x", "utf-8", "meta"), document, decisions)


def block_of(index: int, kind: str, text: str, level: int = 1, *links: Link) -> Block:
    return Block(index, kind, level, text, -1, 1, links=links)


def said(inline: Token) -> str:
    """What a reader sees of a run of text."""
    words = {"softbreak": "\n", "hardbreak": "\n", "html_inline": "\n"}
    return "".join(words.get(child.type, child.content) for child in inline.children)


def read_back(markdown: str) -> list[tuple[str, int, str]]:
    """(kind, level, text) of each block that the parser sees."""
    blocks, lists, quotes, row = [], 0, 0, None
    for token in PARSER.parse(markdown):
        lists += {"bullet_list_open": 1, "bullet_list_close": -1}.get(token.type, 0)
        quotes += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            blocks.append(("table-row", 0, "\t".join(row)))
            row = None
        elif token.type == "list_item_open":
            blocks.append(("list-item", lists, ""))
        elif token.type == "heading_open":
            blocks.append(("heading", int(token.tag[1]), ""))
        elif token.type == "fence":
            blocks.append(("code", 0, token.content.removesuffix("\n")))
        elif token.type == "html_block":
            blocks.append(("paragraph", 0, token.content.replace("<br>", "\n").removesuffix("\n")))
        elif token.type == "inline":
            if row is not None:
                row.append(said(token))
            elif lists or (blocks and blocks[-1][0] == "heading" and blocks[-1][2] == ""):
                blocks[-1] = (*blocks[-1][:2], said(token))
            else:
                blocks.append(("quote", quotes, said(token)) if quotes else ("paragraph", 0, said(token)))
        else:
            assert token.type.removesuffix("_open").removesuffix("_close") in CONTAINERS, token.type
    return blocks


# Without controls but tab and line end: a carriage return has a case of its own, and parsers differ on the rest.
TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs", "Cc")),
        st.sampled_from("\\`*_{}[]()<>#+-.!|~=:&;\"'0123456789 \n\u200c\u200f\u2028\xa0سلام中文🙂"),
    ),
    max_size=30,
)
WORDS = TEXTS.filter(lambda text: text.strip() != "")


@given(st.lists(st.tuples(st.sampled_from(KINDS), WORDS, st.integers(1, 3)), max_size=6))
@example([("list-item", "a", 3), ("list-item", "b", 1), ("list-item", "c", 3), ("list-item", "d", 2)])
@example([("paragraph", "1. a\n2) b\n- c\n+ d\n# e\n> f\n===\n---\n| g |\n~~~\n```", 0)])
@example([("heading", "C#", 1), ("heading", "a ##", 2), ("heading", "a\nb", 2), ("heading", "#", 3)])
@example([("paragraph", "a\n\n\nb", 0), ("paragraph", "&copy; &#65; AT&T <b> a < b <!-- -->", 0)])
@example([("quote", "a\n\nb", 2), ("quote", "c", 2), ("quote", "d", 1), ("code", "```\n x\n````", 0)])
@example([("paragraph", "\u3000\xa0 indented\n    code?\nend  \nof line", 0)])
def test_a_parser_reads_the_same_text(rows: list[tuple[str, str, int]]) -> None:
    rows = [(kind, text.replace("\t", " ") if kind == "table-row" else text, level) for kind, text, level in rows]
    record = record_of(*(block_of(index, *row) for index, row in enumerate(rows)))
    back = read_back(to_markdown(record))
    assert [text for _, _, text in back] == [text for _, text, _ in rows]
    kinds = ["paragraph" if kind == "caption" else kind for kind, _, _ in rows]
    assert [kind for kind, _, _ in back] == kinds
    for (kind, level, _), (_, _, asked) in zip(back, rows, strict=True):
        if kind in ("heading", "quote"):
            assert level == asked


@given(
    st.lists(st.lists(TEXTS.map(lambda text: text.replace("\t", " ")), min_size=1, max_size=4), min_size=1, max_size=4)
)
@example([["a|b", "\\", "c\\|"], ["", ""], ["x\ny"], ["-", ":-", "1."]])
def test_a_table_has_its_cells(rows: list[list[str]]) -> None:
    record = record_of(*(block_of(index, "table-row", "\t".join(row)) for index, row in enumerate(rows)))
    width = max(map(len, rows))
    expected = [("table-row", 0, "\t".join(row + [""] * (width - len(row)))) for row in rows]
    assert read_back(to_markdown(record)) == expected


@given(WORDS, WORDS, WORDS, st.text(st.characters(exclude_categories=("Cs",)), max_size=20), st.sampled_from(KINDS[:5]))
@example("see!", "[a]", "(b)", "https://example.org/a_(b)?c=1&copy=2#d", "paragraph")
@example("a", "b`", "c`d", "/x`y", "table-row")
def test_links_do_not_change_the_words(before: str, words: str, after: str, href: str, kind: str) -> None:
    text = (before + words + after).replace("\t", " ")
    link = Link(len(before), len(before) + len(words), href)
    back = read_back(to_markdown(record_of(block_of(0, kind, text, 1, link))))
    assert [text for _, _, text in back] == [text]


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://example.org/a?b=1&copy=2", "https://example.org/a?b=1&copy=2"),
        ("/wiki/Tree_(plant)", "/wiki/Tree_%28plant%29"),
        (" /a b\n", "/a%20b"),
        ("/صفحه", "/%D8%B5%D9%81%D8%AD%D9%87"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("#top", "#top"),
        ("", ""),
        ("javascript:alert(1)", None),
    ],
)
def test_an_address_is_the_same_to_a_parser(href: str, expected: str | None) -> None:
    markdown = to_markdown(record_of(block_of(0, "paragraph", "see here", 0, Link(4, 8, href))))
    (inline,) = (token for token in PARSER.parse(markdown) if token.type == "inline")
    addresses = [child.attrs["href"] for child in inline.children if child.type == "link_open"]
    assert addresses == ([] if expected is None else [expected])


def test_how_it_looks() -> None:
    record = record_of(
        block_of(0, "heading", "نشست سازمان ملل", 2),
        block_of(1, "paragraph", "A *star* and a link,\na second line.", 0, Link(15, 19, "/a")),
        block_of(2, "list-item", "one", 1),
        block_of(3, "list-item", "inside", 2),
        block_of(4, "list-item", "two", 1),
        block_of(5, "table-row", "Name\tAge"),
        block_of(6, "table-row", "Ada\t36"),
        block_of(7, "quote", "Said.", 1),
        block_of(8, "code", "x = 1"),
        block_of(9, "caption", "A picture"),
    )
    assert to_markdown(record) == (
        "## نشست سازمان ملل\n\n"
        "A \\*star\\* and a [link](/a),\\\na second line.\n\n"
        "- one\n  - inside\n- two\n\n"
        "| Name | Age |\n| --- | --- |\n| Ada | 36 |\n\n"
        "> Said.\n\n```\nx = 1\n```\n\nA picture\n"
    )


def test_a_carriage_return_stays_and_nul_becomes_what_the_standard_says() -> None:
    assert read_back(to_markdown(record_of(block_of(0, "paragraph", "a\rb\0c", 0)))) == [
        ("paragraph", 0, "a\rb\ufffdc")
    ]


def test_no_block_is_an_empty_document() -> None:
    assert to_markdown(record_of()) == ""


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1))
@example("a: 'b' \"c\"\n--- # d\u2028\x85\ufeff\x7f🙂")
def test_the_front_matter_is_yaml(tmp_path_factory: pytest.TempPathFactory, title: str) -> None:
    folder = tmp_path_factory.mktemp("markdown")
    record = record_of(block_of(0, "paragraph", "text"), metadata=Metadata(title=title, authors=("A", title)))
    assert write_markdown(Job(iter([("host/a", record)]), "2024-01-01T00:00:00Z", ""), folder) == 0
    _, head, body = (folder / "host" / "a.md").read_bytes().decode().split("---\n", 2) if "---\n" not in title else (
        "", *(folder / "host" / "a.md").read_bytes().decode().removeprefix("---\n").rsplit("\n---\n", 1),
    )  # fmt: skip
    known = yaml.safe_load(head)
    assert (known["title"], known["authors"], known["id"]) == (title, ["A", title], record.id)
    assert body == "\ntext\n"


def test_a_full_record() -> None:
    record = full_record()
    assert "\n\n".join(text for _, _, text in read_back(to_markdown(record))) == record.text.replace("\n", "\n\n")
