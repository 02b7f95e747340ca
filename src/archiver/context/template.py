"""The pages of a site -> what stands on many of them: a template for each design that the site had.

Pages count, not captures: a page captured a thousand times repeats nothing but itself, and is content still.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from typing import NamedTuple

from archiver.context.distinct import distinct_pages
from archiver.context.sketch import Sketch, keys_of, sketch, texts_of
from archiver.context.spans import time_spans
from archiver.context.verdicts import context_of
from archiver.model import Context, Record, Verdict

# On so many distinct pages, and on this share of all, a block stands before it is the site's. Measured with a
# classifier taught by WCXB alone, which had seen neither the sites nor their languages: from 2 pages on cleanportal
# loses .002 of F1, where pages quote one another, from 3 it wins .011, from 4 .010; Chinese wins .055 from 3 and .034
# from 4. Of a share of .05 to .15 Chinese wins .055 and Polish .038, of .3 .043 and .037, of .5 .029 and .034: sections
# of a site have menus of their own, and so have the sites of a host that holds several.
LEAST_PAGES = 3
_LEAST_SHARE = 0.1

# And on this share of the pages that show it, it stands next to one and the same block. "Introduction", a signature,
# the closing line of a news agency stand next to something else each time: they belong to what they stand in. Without
# it 21 Chinese pages lose a paragraph that people count to the article. Costs .002 of what is won; .34 to .6 do the
# same.
_SAME_NEIGHBOUR = 0.5

# A block of so many characters that was kept on nearly all pages that show it is running text which they share: a
# clause of several contracts, a note on a feature in several manuals. It is content, and so is what stands beside it
# alone. Costs .001 of F1 on Polish, .004 on cleanportal, nothing on Chinese; four contracts of one company (the
# versions' data) lose .018 without it, and .004 with it: short points of a list within a clause go. To keep what stands
# between two such blocks would halve that and cost cleanportal another .004. From 70 characters on Chinese loses .005.
_RUNNING_TEXT = 100
_NEARLY_ALL = 0.9

# Of what the rule takes out there, 99.5 % of the characters are not in the references. (What the program's own
# classifier, which was taught by these references, leaves to it are 27 blocks, of which 16 are not.)
_CONFIDENCE = 0.95

# (On how many is told by the template: were it told here, each new page would change the records of all.)
_EVIDENCE = "stands on many pages of the site"

# Code points of a block's text that are kept as evidence.
_EXAMPLE = 120


class Repeated(NamedTuple):
    """A block that stands on many pages of a site."""

    key: int
    """As in `Seen`."""

    pages: int
    """On how many distinct pages it stands."""

    kept: int
    """On how many of these it was kept, cleaned alone."""

    text: str = ""
    """What it says on one of them, shortened; "" when nobody looked it up."""


@dataclass(frozen=True, slots=True)
class Template:
    """What the pages of a site have in common, in the time of one design."""

    site: str
    """As `site_of` names it."""

    first: str
    """The time of the first capture it was learned from, 14 digits, UTC; "" where no capture is dated."""

    last: str
    """Of the last."""

    pages: int
    """From how many distinct pages it was learned."""

    captures: int
    """From how many captures of them."""

    blocks: tuple[Repeated, ...]
    """What stands on many of them, in reading order."""

    @property
    def digest(self) -> str:
        """`sha256:` over all of it but the texts, which are examples."""
        facts = [self.site, self.first, self.last, self.pages, self.captures, [block[:3] for block in self.blocks]]
        return f"sha256:{hashlib.sha256(json.dumps(facts).encode()).hexdigest()}"

    def verdicts(self) -> dict[int, Verdict]:
        """What it says of each block, by key."""
        return {
            block.key: Verdict.removing("site-template", "template:repeated", _EVIDENCE, _CONFIDENCE)
            for block in self.blocks
        }

    def decides(self) -> tuple[str, tuple[tuple[int, bool], ...]]:
        """All of it that decides about a page: equal when two templates of a time decide alike."""
        return self.first, tuple((block.key, 2 * block.kept < block.pages) for block in self.blocks)


def site_of(urlkey: str) -> str:
    """The site that a page belongs to: its host and port, without `www.`, by the page's SURT key.

    `m.example.org` is a site of its own, since it has a design of its own. A host that holds many sites (the homes at
    a university) is one: what stands on a tenth of its pages is learned, and is found on no page of the others.

    >>> site_of("org,example,news:8080)/2024/a"), site_of("192.168.0.1)/")
    ('news.example.org:8080', '192.168.0.1')
    """
    host, colon, port = urlkey.partition(")")[0].partition(":")
    return ".".join(reversed(host.split(","))) + colon + port


def templates(site: str, sketches: Iterable[Sketch]) -> tuple[Template, ...]:
    """The templates of a site, in time order; that of pages without a time comes last. None from fewer than three
    distinct pages in one design. The same in whatever order captures came.
    """
    found = (_learn(site, span) for span in time_spans(sketches))
    return tuple(template for template in found if template)


def _learn(site: str, captures: Sequence[Sketch]) -> Template | None:
    pages = distinct_pages(captures)
    if len(pages) < LEAST_PAGES:
        return None
    shown = Counter(block.key for page in pages for block in page.blocks)
    kept = Counter(block.key for page in pages for block in page.blocks if block.keep)
    content = {
        block.key
        for page in pages
        for block in page.blocks
        if block.size >= _RUNNING_TEXT and kept[block.key] >= _NEARLY_ALL * shown[block.key]
    }
    least = max(LEAST_PAGES, _LEAST_SHARE * len(pages))
    beside = _steadiest(pages, content)
    # In the order in which they were first met.
    blocks = tuple(
        Repeated(key, count, kept[key])
        for key, count in shown.items()
        if count >= least and key not in content and beside[key] >= _SAME_NEIGHBOUR * count
    )
    return Template(site, captures[0].time, captures[-1].time, len(pages), len(captures), blocks)


def _steadiest(pages: Sequence[Sketch], content: Set[int]) -> dict[int, int]:
    """Key -> on how many pages it stands next to the block that it most frequently stands next to; content aside."""
    neighbours: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for page in pages:
        # Nothing stands before the first block, on any page.
        keys = [0, *(block.key for block in page.blocks), 0]
        for before, key, after in zip(keys, keys[1:], keys[2:], strict=False):
            neighbours[key].update({before, after} - content)
    return {key: max(counts.values(), default=0) for key, counts in neighbours.items()}


def with_texts(found: Sequence[Template], records: Iterable[Record]) -> tuple[Template, ...]:
    """The templates with an example of each block's text, from the first record that shows it. Reads no more records
    than it needs.
    """
    missing = {block.key for template in found for block in template.blocks}
    texts: dict[int, str] = {}
    for record in records:
        if not missing:
            break
        for key, text in texts_of(record):
            if key in missing:
                missing.remove(key)
                texts[key] = _shortened(text)
    return tuple(
        replace(template, blocks=tuple(block._replace(text=texts.get(block.key, "")) for block in template.blocks))
        for template in found
    )


def context_for(found: Sequence[Template], about: Record | str) -> Context:
    """What the templates of a site say of a record of it, or of whatever was captured at a time (14 digits, "" when
    unknown). Of a record they leave its own headline alone when most other pages remove that: there it is a teaser.
    """
    time = about if isinstance(about, str) else about.timestamp or ""
    if not found:
        return context_of({})
    template = _in_force(found, time) if time or isinstance(about, str) else _shown_by(found, about)
    verdicts = template.verdicts()
    if isinstance(about, Record) and about.title:
        (headline,) = keys_of([about.title])
        # (Of a dump without one the first line is the title, which may be the menu's.)
        for block in template.blocks:
            if block.key == headline and 2 * block.kept < block.pages:
                del verdicts[headline]
    return context_of(verdicts)


def _in_force(found: Sequence[Template], time: str) -> Template:
    """The design that had begun by then and was the last to; before the first one, the first."""
    dated = [template for template in found if template.first] or found
    return max((template for template in dated if template.first <= time), key=lambda one: one.first, default=dated[0])


def _shown_by(found: Sequence[Template], record: Record) -> Template:
    """Of a page without a time, the design that it shows most of; of several the first."""
    keys = {block.key for block in sketch(record).blocks}
    return max(found, key=lambda template: sum(block.key in keys for block in template.blocks))


def _shortened(text: str) -> str:
    """In one line."""
    words = " ".join(text.split())
    return words if len(words) <= _EXAMPLE else f"{words[: _EXAMPLE - 1]}…"
