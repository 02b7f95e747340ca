"""A page as blocks: what it says, where in its markup that stands, and what it declares about itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Format = Literal["html", "text"]
BlockKind = Literal["heading", "paragraph", "list-item", "table-row", "quote", "code", "caption"]


class Element(NamedTuple):
    """A tag of the page as plain values (a NamedTuple: a page has thousands, and it is made five
    times faster than a frozen dataclass)."""

    parent: int
    """Index of the element around it in `Document.elements`; -1 for the root."""

    tag: str
    """Lower-case local name: `div`, `article`, `x-comment`."""

    place: int
    """Which of its parent's children of that tag it is, from 1."""

    identity: str
    """The `id` attribute, lower case; "" when absent."""

    classes: tuple[str, ...]
    """The class names, lower case, in order."""

    role: str
    """The ARIA `role`, lower case; "" when absent."""

    attributes: dict[str, str]
    """All its attributes, names lower case, values as they stood, not to be changed; empty when `identity`, `classes`
    and `role` tell them all."""

    hidden: str
    """Why a browser would not show it (`hidden`, `aria-hidden`, `style`, `noscript`, `template`, `script`),
    itself and not by an ancestor; "" when shown."""

    controls: frozenset[str]
    """What a person can fill in inside it: `search`, `textarea`, `password`, `email`, `tel`, `text`,
    `checkbox`, `select`, `button`. Counted for forms, dialogs and whatever holds them."""


class Link(NamedTuple):
    """A link inside a block."""

    start: int
    """First code point of its words in the block's text."""

    end: int
    """One past the last."""

    href: str
    """The address as it stood in the markup."""


class Block(NamedTuple):
    """The smallest piece that is kept or removed as a whole: a paragraph, a heading, a row.

    A NamedTuple, as `Element` is and for the same reason.
    """

    index: int  # type: ignore[assignment]  # (hides the method of tuples, which nothing here wants)
    """Its place in reading order, from 0."""

    kind: BlockKind
    """What it is by its markup; plain text has `heading` never, and `paragraph` mostly."""

    level: int
    """Heading level 1 to 6, depth of a list or quote from 1; 0 otherwise."""

    text: str
    """What it says; white space as a browser shows it, line breaks as \\n, cells parted by \\t."""

    element: int
    """Index in `Document.elements` of the element it stands in; -1 in plain text."""

    line: int
    """In plain text the line it begins on, from 1; 0 in markup."""

    link_characters: int = 0
    """How many code points of the text stand inside links."""

    links: tuple[Link, ...] = ()
    """The links in it, in order."""

    hidden: str = ""
    """Why a browser would not show it, from the nearest hidden element around it; "" when shown."""

    gap: int = 0
    """In plain text, how many blank lines stand before it."""

    indent: int = 0
    """In plain text, how many columns its first line is indented."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the page declares about itself, for `metadata`; values as they stood, unescaped."""

    title: str | None = None
    """The first `<title>`; None when there is none."""

    language: str | None = None
    """`lang` (or `xml:lang`) of `<html>`, else of `<body>`."""

    direction: str | None = None
    """`dir` of `<html>`, else of `<body>`."""

    base: str | None = None
    """`href` of the first `<base>`."""

    meta: tuple[tuple[str, str], ...] = ()
    """(name, content) of each `<meta>`: its `name`, `property`, `itemprop` or `http-equiv`, lower case."""

    links: tuple[tuple[str, str], ...] = ()
    """(rel, href) of each `<link>`, rel lower case."""

    json_ld: tuple[str, ...] = ()
    """The text of each `<script type="application/ld+json">`."""

    items: tuple[tuple[str, str, int], ...] = ()
    """Microdata in the body: (itemprop lower case, value, element index); the value is `content`,
    `datetime`, `href` or `src`, or else the element's text, at most 500 code points."""

    times: tuple[tuple[str, int], ...] = ()
    """(`datetime` of each `<time>`, element index)."""

    comments: tuple[str, ...] = ()
    """Markup comments and script texts that a replay or saving tool left, at most 2,000 code points each."""


@dataclass(frozen=True, slots=True)
class Document:
    """A page as blocks in reading order. All that is visible stands in exactly one of them."""

    format: Format
    """`html` for any markup, `text` for a plain-text dump."""

    blocks: tuple[Block, ...]
    """In reading order; `blocks[i].index == i`."""

    elements: tuple[Element, ...] = ()
    """In document order, so that a parent stands before its children; empty for plain text."""

    head: Head = Head()
    """What the page declares about itself."""

    visible_characters: int = 0
    """Code points of the page's visible text, white space not counted, summed over the text nodes
    and not over the blocks: what kept + removed must come to."""

    visible_digest: str = ""
    """`sha256:` over the same characters in order, UTF-8."""

    parser: str = ""
    """The parser whose tree was used: `lxml`, `html5lib`, or `lines` for plain text."""

    doubts: tuple[str, ...] = ()
    """What went less than well while parsing, one sentence each."""
