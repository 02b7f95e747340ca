"""Site furniture planted into the samples changes no word of their text, and is removed under its own name.

Each snippet of cases/planted/ is named `<kind>--<brand>--<language>.html`. It goes to the end of the body of every
page; where the furniture stands inside the content of real pages, behind the first paragraph too; and what it says, as
plain lines, to the end of a text dump.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

import archiver
from archiver.blocks import segment
from archiver.check import fault_in
from archiver.model import REMOVAL_KINDS

RAW = Path(__file__).parent.parent / "raw"
SNIPPETS = sorted((Path(__file__).parent / "cases" / "planted").glob("*.html"))
# These stand between the paragraphs of articles, or right behind the first.
INSIDE = ("author-box", "login", "newsletter", "pagination", "related-links", "search-form", "share-bar")
# A paragraph without a link and without markup of its own kind; a Chinese one of 40 signs is as long as another of 100.
PARAGRAPH = re.compile(r"<p\b[^>]*>((?:(?!</?p\b|<a\b).)*)</p>", re.IGNORECASE | re.DOTALL)
LONG_ENOUGH = 100
BODY_END = re.compile(r"</body>", re.IGNORECASE)


@cache
def captures():
    return {capture.container: capture for capture in archiver.read(RAW)}


@cache
def pages():
    """The decoded text of each sample in markup."""
    return {
        name: archiver.decode(capture.body, capture.content_type).text
        for name, capture in captures().items()
        if name.endswith((".html", ".html.gz"))
    }


@cache
def text_of(name):
    return archiver.clean(pages()[name]).text


def behind(page, snippet, place):
    return page[:place] + snippet + page[place:]


def at_the_end(page, snippet):
    """Before `</body>`, or at the end of a page that leaves the tag out."""
    ends = [match.start() for match in BODY_END.finditer(page)]
    return behind(page, snippet, ends[-1] if ends else len(page))


def within(page, snippet):
    """Behind the first paragraph of prose; None on a page that has none."""
    for match in PARAGRAPH.finditer(page):
        words = " ".join(re.sub(r"<[^>]*>", "", match[1]).split())
        wide = len(re.findall(r"[\u3040-\u9fff]", words))
        if len(words) + 2 * wide >= LONG_ENOUGH:
            return behind(page, snippet, match.end())
    return None


def kind_of(path):
    return path.stem.split("--")[0]


def check_planted(name, planted, path):
    """The text is what it was; of what the snippet says, something goes by its kind, and nothing stays."""
    record = archiver.clean(planted)
    assert record.text == text_of(name)
    said = {block.text for block in segment(path.read_text(encoding="utf-8")).blocks}
    kinds = {entry.kind for entry in record.removed if entry.text in said}
    assert kind_of(path) in kinds
    assert fault_in(record) is None


@pytest.mark.parametrize("path", SNIPPETS, ids=lambda path: path.stem)
def test_snippet_is_named_for_its_kind(path):
    assert kind_of(path) in REMOVAL_KINDS
    assert len(path.stem.split("--")) == 3
    assert segment(path.read_text(encoding="utf-8")).blocks


@pytest.mark.parametrize("path", SNIPPETS, ids=lambda path: path.stem)
@pytest.mark.parametrize("name", sorted(pages()), ids=lambda name: name.split("/")[0])
def test_planted_at_the_end(name, path):
    check_planted(name, at_the_end(pages()[name], path.read_text(encoding="utf-8")), path)


@pytest.mark.parametrize("path", [path for path in SNIPPETS if kind_of(path) in INSIDE], ids=lambda path: path.stem)
@pytest.mark.parametrize(
    "name", [name for name in sorted(pages()) if within(pages()[name], "")], ids=lambda name: name.split("/")[0]
)
def test_planted_inside(name, path):
    check_planted(name, within(pages()[name], path.read_text(encoding="utf-8")), path)


def test_there_is_an_inside():
    """The pattern that looks for a paragraph finds one on most pages; forums have none."""
    assert sum(within(page, "") is not None for page in pages().values()) >= 11


# What a dump shows of a widget is its words alone, a block a line.
DUMPED = (
    "chat-widget--joinchat--es",
    "comments--disqus--en",
    "search-form--elementor--fa",
    "share-bar--sharedaddy--pt",
    "skip-link--wordpress--he",
    "comment-form--wordpress--ar",
    "comment-form--wordpress--de",
    "comment-form--wordpress--ru",
    "comment-form--wordpress--zh",
    "comment-form--wpdiscuz--tr",
    "cookie-notice--cookieyes--sv",
    "login--woocommerce--ro",
    "search-form--wordpress--ko",
)
DUMPS = ("news.example.ir/neyzar-wetland-returns.txt", "seed/un-meeting-in-qatar.txt")


def lines_of(stem):
    """What the snippet says, a block a line, as a browser's text dump shows it."""
    path = next(path for path in SNIPPETS if path.stem == stem)
    blocks = segment(path.read_text(encoding="utf-8")).blocks
    return [line for block in blocks for line in re.split("[\n\t]", block.text) if line.strip()]


def check_dumped(lines):
    for name in DUMPS:
        dump = captures()[name].body.decode("utf-8").rstrip("\n")
        before, after = archiver.clean(dump), archiver.clean(f"{dump}\n\n" + "\n".join(lines) + "\n")
        assert after.text == before.text
        assert fault_in(after) is None


@pytest.mark.parametrize("stem", DUMPED)
def test_words_alone_in_a_dump(stem):
    check_dumped(lines_of(stem))


@pytest.mark.parametrize("language", ["ar", "de", "fa", "he", "ru", "zh"])
def test_words_of_a_comment_form_without_its_heading(language):
    """WordPress writes the heading and the link that cancels on one line, which the list above is about; all
    other lines of the form are known.
    """
    check_dumped(lines_of(f"comment-form--wordpress--{language}")[1:])
