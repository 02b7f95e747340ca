"""Metadata of a page from what it declares and what was kept of it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from itertools import chain, islice

from archiver.addresses import host_of
from archiver.language import RTL_LANGUAGES, choose_language, normalise_tag
from archiver.metadata.dates import Moment, not_later, read_date
from archiver.metadata.names import (
    choose_authors,
    choose_site_name,
    choose_title,
    cut_site_name,
    fold,
    shorten_tail,
    tidy,
)
from archiver.metadata.replays import declared_address
from archiver.metadata.structured import (
    Node,
    main_node,
    page_type_of,
    plain_text,
    read_json_ld,
    texts_of,
    types_of,
)
from archiver.model import Block, Document, Head, Identity, Metadata
from archiver.tables import read_table

# Code points of kept text that language and direction are judged by: of 336 pages of WCXB dev, waddle, OTA
# 334 get the verdict of their whole text with 2,000, 335 with 4,000, which takes twice as long.
SAMPLE = 2_000
# In how many pieces: a piece of 250 code points holds some forty words.
PIECES = 8
# A line of a dump longer than this is a paragraph: 99 in 100 titles of WCXB dev are shorter.
MAX_FIRST_LINE = 150
# Descriptions are cut by search engines near 160; longer than this is an article in the wrong place.
MAX_DESCRIPTION = 2_000
# Titles and site names that are weighed against each other; pages declare five or six.
MAX_CANDIDATES = 12
# A page with more different <time>s than this lists things, and none of the times is the page's own.
MAX_TIMES = 2

# The blocks of Unicode in which all letters of such scripts stand, and their mark.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
_PATH_DATE = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/-]|$)")
_PUBLISHED_CLASS = re.compile(r"publish|pubdate|entry-date|posted|post-date|created|dateline")
_MODIFIED_CLASS = re.compile(r"updat|modif|revised")


def describe(
    document: Document, kept: Sequence[Block], identity: Identity, listed_title: str | None = None
) -> Metadata:
    """What is known about the page; `kept` are its content blocks in reading order. Never raises.

    `listed_title`, which a list beside the page gives it, stands where the page has none.

    Dates are never later than `identity.captured_at`: a candidate that is gives way to the next.
    """
    declared = _Declared(document.head)
    sample = _sample(kept)
    language = choose_language(declared.language(), sample)
    title, site_name = _title_and_site(document, kept, declared, identity.url)
    dates = _Dates(document, declared, identity, language)
    published, modified = dates.published(), dates.modified()
    if published and modified and modified[:10] < published[:10]:
        # Modified before it was published: seen where a template fills in its own date.
        modified = None
    return Metadata(
        title=title or tidy(listed_title or "") or _first_line(kept),
        authors=declared.authors(site_name),
        published=published,
        modified=modified,
        language=language,
        direction=_direction(document.head, sample, language),
        site_name=site_name,
        description=declared.description(),
        canonical_url=declared_address(document.head, identity.url),
        page_type=declared.page_type(),
    )


class _Declared:
    """What the head, the microdata and the JSON-LD say, field by field."""

    def __init__(self, head: Head) -> None:
        self.head = head
        self.nodes = read_json_ld(head.json_ld)
        self.main: Node = main_node(self.nodes)
        self._meta: dict[str, list[str]] = {}
        for name, content in head.meta:
            self._meta.setdefault(name, []).append(content)
        self._items: dict[str, list[str]] = {}
        for name, content, _ in head.items:
            self._items.setdefault(name, []).append(content)

    def meta(self, field: str) -> Iterator[str]:
        """Values of the meta elements that hold the field, in the table's order."""
        return chain.from_iterable(self._meta[name] for name in _names(field, "meta") if name in self._meta)

    def items(self, field: str) -> Iterator[str]:
        """Values of the microdata that hold the field."""
        return chain.from_iterable(self._items[name] for name in _names(field, "item") if name in self._items)

    def json_ld(self, *keys: str) -> Iterator[str]:
        """Texts of the main node's properties."""
        return chain.from_iterable(texts_of(self.main.get(key), self.nodes) for key in keys)

    def language(self) -> str | None:
        """The declared language as a BCP 47 tag."""
        values = chain((self.head.language or "",), self.meta("language"), self.json_ld("inLanguage"))
        return next((tag for value in values if (tag := normalise_tag(value))), None)

    def titles(self) -> tuple[str, ...]:
        """Declared titles, the surest first."""
        named = () if any(name.endswith("page") for name in types_of(self.main)) else ("name",)
        # A list's or a person's items carry headlines of their own: only a single one is the page's.
        headlines = list(self.items("title"))
        values = chain(self.json_ld("headline", *named), self.meta("title"), headlines if len(headlines) == 1 else ())
        return tuple(islice(filter(None, map(tidy, values)), MAX_CANDIDATES))

    def sites(self) -> tuple[str, ...]:
        """Declared names of the site, the surest first."""
        websites = (node for node in self.nodes if "website" in types_of(node))
        values = chain(
            self.meta("site_name"),
            chain.from_iterable(texts_of(node.get("name")) for node in websites),
            self.json_ld("publisher"),
        )
        return tuple(islice(filter(None, map(tidy, values)), MAX_CANDIDATES))

    def authors(self, site_name: str | None) -> tuple[str, ...]:
        """Names of the authors; those of the first place that names any."""
        found = choose_authors(tuple(self.json_ld("author", "creator")), are_lists=False)
        # Microdata name those who comment as well: of them the first alone is the page's author.
        for values in () if found else (self.meta("authors"), islice(self.items("authors"), 1)):
            found = choose_authors(tuple(values), are_lists=True)
            if found:
                break
        # The site as its own author is said by site_name already; an author beside it is the person.
        persons = tuple(name for name in found if not site_name or fold(name) != fold(site_name))
        return persons or found

    def description(self) -> str | None:
        """The declared description."""
        values = chain(self.meta("description"), self.json_ld("description"))
        described = (text for value in values if (text := plain_text(value)))
        return next((text[:MAX_DESCRIPTION] for text in described), None)

    def page_type(self) -> str | None:
        """The page type, only when JSON-LD or og:type declares one."""
        declared = page_type_of(self.main)
        graph = (page_type_of({"@type": value.strip()}) for value in self._meta.get("og:type", ()))
        return declared or next((found for found in graph if found), None)


class _Dates:
    """Candidates for the dates of a page, the surest first, and the first that holds."""

    def __init__(self, document: Document, declared: _Declared, identity: Identity, language: str | None) -> None:
        self._document = document
        self._declared = declared
        self._identity = identity
        self._language = language

    def published(self) -> str | None:
        """When it was published, as the first candidate that is a date not later than the capture says."""
        declared = self._declared
        values = chain(
            declared.json_ld("datePublished", "uploadDate", "dateCreated"),
            declared.meta("published"),
            declared.items("published"),
            self._times(_PUBLISHED_CLASS, alone=True),
            self._from_path(),
        )
        return self._first(values)

    def modified(self) -> str | None:
        """When it was last changed, likewise."""
        declared = self._declared
        values = chain(
            declared.json_ld("dateModified"),
            declared.meta("modified"),
            declared.items("modified"),
            self._times(_MODIFIED_CLASS, alone=False),
        )
        return self._first(values)

    def _first(self, values: Iterator[str]) -> str | None:
        captured_at: datetime | None = self._identity.captured_at
        moments: Iterator[Moment | None] = (read_date(value, self._language) for value in values)
        return next((text for moment in moments if moment and (text := not_later(moment, captured_at))), None)

    def _times(self, marked: re.Pattern[str], *, alone: bool) -> Iterator[str]:
        elements, times = self._document.elements, self._document.head.times
        for value, index in times:
            element = elements[index] if 0 <= index < len(elements) else None
            if element and ("pubdate" in element.attributes or marked.search(" ".join(element.classes))):
                yield value
        if alone and times and len({value[:10] for value, _ in times}) <= MAX_TIMES:
            yield times[0][0]

    def _from_path(self) -> Iterator[str]:
        match = _PATH_DATE.search(self._identity.url or "")
        if match:
            yield f"{match[1]}-{match[2]}-{match[3]}"


@cache
def _names(field: str, place: str) -> tuple[str, ...]:
    rows = read_table("metadata-names")
    return tuple(row[3] for row in sorted(rows) if row[0] == field and row[2] == place)


def _title_and_site(
    document: Document, kept: Sequence[Block], declared: _Declared, url: str | None
) -> tuple[str | None, str | None]:
    headings = [block.text for block in kept if block.kind == "heading" and block.level == 1]
    # Several headings of level 1 are sections of the page; the first one still votes.
    headings = headings[:1]
    titles, sites = declared.titles(), declared.sites()
    whole = tidy(document.head.title or "")
    # "React" behind a title is the site's name on react.dev: the host's labels name it too.
    hosts = host_of(url).split(".")[:-1] if url else []
    tail = cut_site_name(whole, [*headings, *titles], [*sites, *hosts])[1]
    site_name = choose_site_name(sites, shorten_tail(tail, hosts))
    title = choose_title(titles, headings, whole, [*sites, tail, *hosts])
    return title, site_name


def _first_line(kept: Sequence[Block]) -> str | None:
    """The first heading, else the first line that is short enough to be one."""
    heading = next((block.text for block in kept if block.kind == "heading" and block.text.strip()), None)
    lines = (line.strip() for block in kept[:5] for line in block.text.split("\n")[:1])
    line = next((line for line in lines if 0 < len(line) <= MAX_FIRST_LINE), None)
    return plain_text(heading) if heading else line


def _sample(kept: Sequence[Block]) -> str:
    """Text from the whole of what was kept, not from its beginning alone: that may quote another language."""
    text = "\n".join(block.text for block in kept)
    if len(text) <= SAMPLE:
        return text
    piece = SAMPLE // PIECES
    return "\n".join(text[place : place + piece] for place in range(0, len(text) - piece, len(text) // PIECES))


def _direction(head: Head, sample: str, language: str | None) -> str | None:
    declared = (head.direction or "").strip().lower()
    if declared in {"ltr", "rtl"}:
        return declared
    if sample.isascii():
        # Letters of ASCII read from left to right; that leaves the digits of a text without one.
        return "ltr" if any(map(str.isalpha, sample)) else _usual_direction(language)
    if not _RIGHT_TO_LEFT.search(sample) and any(unicodedata.bidirectional(char) == "L" for char in sample):
        return "ltr"
    strong: Counter[str] = Counter()
    for char, count in Counter(sample).items():
        strong[unicodedata.bidirectional(char)] += count
    right, left = strong["R"] + strong["AL"], strong["L"]
    if right or left:
        return "rtl" if right > left else "ltr"
    return _usual_direction(language)


def _usual_direction(language: str | None) -> str | None:
    if language is None:
        return None
    return "rtl" if language.partition("-")[0] in RTL_LANGUAGES else "ltr"
