"""The development pages as plain text, as the tools print them that people save pages with; and what is trained on.

Each page gives a labelled page for each rendering, all in one fold since they are of one site; and its reference text
is a page of itself, every line content, for those who bring text that is clean already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from lxml import etree, html

from archiver.blocks import displayed, segment_text
from archiver.labels.features import view
from bench.classifier.alignment import find_content
from bench.classifier.pages import VISIBLE, LabelledPage, read_left_open, site_of
from bench.data import Sample, Share, read
from bench.scoring import words_of

# What no renderer shows; taken out first, since html2text reads every byte in Python.
_UNSEEN = frozenset("script style template svg iframe math".split())
REFERENCE = "reference"
"""The rendering that is the reference text itself."""
ARABIC = "arabic"
"""The first rendering with Arabic letters for Latin ones: half of the world writes without capitals, and no development
page with a reference is of it."""
_CAPITALS_DROPPED = 5
_ARABIC = str.maketrans(
    {
        letter: chr(0x0621 + place)
        for place, small in enumerate("abcdefghijklmnopqrstuvwxyz")
        for letter in (small, small.upper())
    }
)


def render(page: str) -> Iterator[tuple[str, str]]:
    """(renderer, text) of each rendering of a page; what a tool fails on is left out."""
    tree = _seen(page)
    markup = html.tostring(tree, encoding="unicode")
    for name, renderer in RENDERERS.items():
        try:
            yield name, renderer(tree, markup)
        except KeyError:  # html2text on templates in attributes ("{{avatar}}")
            continue


def print_nodes(page: str) -> str:
    """The page as text, a line a text node: the rendering that needs no renderer."""
    return _nodes(_seen(page))


def _nodes(tree: html.HtmlElement) -> str:
    return "\n".join(map(str, tree.itertext()))


def _seen(page: str) -> html.HtmlElement:
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    tree: html.HtmlElement = html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    unseen = {*_UNSEEN, etree.Comment, etree.ProcessingInstruction}
    for element in list(tree.iter()):
        if isinstance(element, html.HtmlMixin) and element.getparent() is not None and element.tag in unseen:
            element.drop_tree()
    return tree


def _inscriptis(markup: str) -> str:
    import inscriptis  # noqa: PLC0415  (of the extra `train`)

    text: str = inscriptis.get_text(markup)
    return text


def _html2text(markup: str, *, links: bool) -> str:
    import html2text  # noqa: PLC0415  (of the extra `train`)

    converter = html2text.HTML2Text()
    converter.ignore_links = converter.ignore_images = not links
    text: str = converter.handle(markup)
    return text


RENDERERS: dict[str, Callable[[html.HtmlElement, str], str]] = {
    "inscriptis": lambda _, markup: _inscriptis(markup),
    "html2text": lambda _, markup: _html2text(markup, links=False),
    "markdown": lambda _, markup: _html2text(markup, links=True),
    # What BeautifulSoup's get_text("\n") gives.
    "nodes": lambda tree, _: _nodes(tree),
}
"""Name -> from the tree and its markup to text."""


def label_texts(share: Share) -> list[LabelledPage]:
    """The renderings of a share's pages; their `form` is the renderer."""
    found = []
    for number, sample in enumerate(read(share)):
        texts = [*render(sample.html), (REFERENCE, sample.reference)]
        labelled = [_label(sample, form, text) for form, text in texts]
        if number % _CAPITALS_DROPPED == 0:
            reference = sample.reference.translate(_ARABIC)
            labelled.append(_label(replace(sample, reference=reference), ARABIC, texts[0][1].translate(_ARABIC)))
        found += [page for page in labelled if page is not None]
    return found


def _label(sample: Sample, renderer: str, text: str) -> LabelledPage | None:
    page = read_left_open(displayed(segment_text(text)))
    if not page.blocks:
        return None
    seen = view(page)
    words = [words_of(block.text, sample.language) for block in page.blocks]
    reference = words_of(sample.reference, sample.language)
    clean = renderer == REFERENCE
    shown = len(set(reference) & {word for line in words for word in line})
    return LabelledPage(
        sample.set, sample.id, sample.page_type or sample.set, site_of(sample.set, sample.url or ""),
        sample.language, seen.table.names, seen.table.rows().copy(),
        np.ones(len(words), bool) if clean else find_content(words, reference),
        np.array([len(line) for line in words], np.int64), seen.blocks, None, sample.reference,
        bool(reference) and shown >= VISIBLE * len(set(reference)), renderer,
    )  # fmt: skip
