"""The values handed from stage to stage, left to right: each one frozen, each field told.

    Capture -> Page -> Document (of Block and Element) -> Label -> Record

Spans count Unicode code points, first inclusive, last exclusive. Times are UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

Format = Literal["html", "text"]
Favour = Literal["balanced", "precision", "recall"]
"""What a caller would rather have than the other: less boilerplate, or less loss."""

DigestCheck = Literal["equal", "different", "unknown"]
"""A declared digest and the computed one; `unknown` for an algorithm or a spelling that nobody knows, or where the body
was not whole."""

BlockKind = Literal["heading", "paragraph", "list-item", "table-row", "quote", "code", "caption"]
Status = Literal["ok", "partial", "failed"]

REMOVAL_KINDS = (
    "navigation", "breadcrumb", "search-form", "login", "comment-form", "comments", "chat-widget",
    "cookie-notice", "newsletter", "share-bar", "related-links", "author-box", "pagination",
    "advertisement", "header", "footer", "sidebar", "skip-link", "hidden", "archive-toolbar",
    "paywall-notice", "site-template", "boilerplate",
)  # fmt: skip
"""The closed list of what a removed block can be; `boilerplate` when no rule knows better."""


DECIDING = ("widgets", "landmarks", "phrases", "interface", "content", "history", "template")
"""What decides about blocks: the labellers in their order, then other captures of the page, and the site."""


class Verdict(NamedTuple):
    """What other captures say of a block."""

    keep: bool
    """Whether it is content."""

    kind: str
    """One of REMOVAL_KINDS when it is not; `content` when it is."""

    rule: str
    """The rule that found it: `history:vote`, `template:repeated` ..."""

    evidence: str
    """What it saw, in words a person understands."""

    confidence: float
    """0 to 1: how sure the rule is; two decimals."""

    @classmethod
    def keeping(cls, rule: str, evidence: str, confidence: float) -> Verdict:
        """The verdict on a block that is content."""
        return tuple.__new__(cls, (True, "content", rule, evidence, confidence))

    @classmethod
    def removing(cls, kind: str, rule: str, evidence: str, confidence: float) -> Verdict:
        """The verdict on a block that is not."""
        return tuple.__new__(cls, (False, kind, rule, evidence, confidence))


@dataclass(frozen=True, slots=True)
class Context:
    """What captures of a page, or pages of a site, say of each other's blocks; see `archiver.context`."""

    verdicts: Mapping[int, Verdict]
    """By the block's key; in the order of the keys."""

    digest: str
    """`sha256:` over all of them."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a caller may choose. Same capture and same options give the same record."""

    repair: bool = True
    """Undo mojibake; when off, the text stands as it was decoded."""

    normalise: bool = False
    """Also put letters and their marks into Unicode's composed form (NFC), each change a repair; needs `repair`."""

    rules_off: frozenset[str] = frozenset()
    """Names out of `DECIDING` of what does not decide; of the last two also single rules (`history:flicker`)."""

    favour: Favour = "balanced"
    """Where the classifier is in doubt: `precision` removes, `recall` keeps."""

    max_body_bytes: int = 64 * 1024 * 1024
    """Bytes of a body that are read; what lies beyond is cut and the record says so."""

    context: Context | None = None
    """What is known of the page's blocks from other captures; None cleans the page alone."""

    site_templates: bool = False
    """Whether a run also learns what stands on many pages of a site, and takes it out. It reads the records of each
    site at which something is new once more."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One page as it was captured, before anything was done to it."""

    body: bytes
    """The payload, content encodings (gzip ...) undone."""

    url: str | None = None
    """The address it was captured from; None when nobody wrote it down."""

    captured_at: datetime | None = None
    """When it was captured, in UTC; None when unknown."""

    content_type: str | None = None
    """The HTTP `Content-Type` as it stood, with its parameters; None when unknown."""

    http_status: int | None = None
    """The HTTP status code; None when unknown."""

    source: str = ""
    """The collection it belongs to: the name of the folder or file that was read; "" for a page
    handed over in memory."""

    container: str | None = None
    """The file it lay in, relative to what was read, with `/`; None for a page from memory."""

    offset: int | None = None
    """Where in the container it begins, in bytes; None when the file is the capture."""

    length: int | None = None
    """How many bytes of the container it takes as stored there; None when unknown."""

    record_id: str | None = None
    """The container's own name for it (`WARC-Record-ID`); None when there is none."""

    truncated: str | None = None
    """Why the body is shorter than it was (`gzip stream cut short` ...); None when whole."""

    text: str | None = None
    """The page already decoded, when the caller had text and no bytes; `body` is then its UTF-8."""

    notes: tuple[str, ...] = ()
    """What went less than well while reading it (a broken sidecar ...), one sentence each."""

    unreadable: str | None = None
    """Why nothing could be read, with what to do next; None for a capture that was read."""

    identified_type: str | None = None
    """What the capturing tool took the payload for by its bytes (`WARC-Identified-Payload-Type`), with its
    parameters; None when unknown."""

    archive: str | None = None
    """The file of many captures that it came out of (WARC, WACZ, zip ...), relative to what was read: `container` or
    the beginning of it. None for a file that is one capture, and for a page from memory."""

    http_headers: tuple[tuple[str, str], ...] = ()
    """The HTTP headers that were used to read the body or may date it, (name lower case, value as it stood)."""

    declared_digest: str | None = None
    """The payload's digest as the container tells it (`sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ`); None without one."""

    digest_check: DigestCheck | None = None
    """What came of computing that digest; None without one."""

    revisit_of: str | None = None
    """For a capture that the container tells to be the same as an earlier one, which gave the body: its address and
    time, or its record id. None for a body of its own."""

    title: str | None = None
    """The title that a list in the container gives it; None without one."""

    format: str | None = None
    """What the page was wrapped in where a file holds one page: `mhtml`, or `singlefile` when it unpacks itself; None
    for a page that was not wrapped, or by an archive alone."""


@dataclass(frozen=True, slots=True)
class Page:
    """A capture's text, and how its charset was found."""

    text: str
    """The decoded page, line ends as they stood, without a byte-order mark."""

    charset: str
    """The name of the charset used, as the WHATWG Encoding Standard spells it, lower case."""

    decided_by: str
    """The step of the ladder that decided: `bom`, `warc-identified`, `http`, `meta`, `utf8-valid`,
    `detected`, `default`, or `given` when the caller had text already."""

    candidates: tuple[tuple[str, str], ...] = ()
    """Every charset that a step proposed, (step, charset), in the ladder's order."""

    conflicts: tuple[str, ...] = ()
    """Where the steps disagreed, one sentence each; empty when they agree."""

    replacement_characters: int = 0
    """How many U+FFFD the decoding put in, not counting those the page itself held."""

    undecodable: tuple[int, ...] = ()
    """Where in the body they come from: byte offsets from its first byte, a byte-order mark included, ascending, at
    most the first 100; empty when the caller gave text."""

    encoded: bytes | None = field(default=None, repr=False, compare=False)
    """The text in UTF-8, which a parser reads, where it is at hand: 0.25 ms for 150 KB to make it again."""


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


@dataclass(frozen=True, slots=True)
class Repair:
    """One undone encoding fault. The plan, replayed on `before`, gives `after`."""

    block: int
    """Index of the block; -1 for the page's title."""

    start: int
    """First code point of `before` in the block's text as decoded."""

    end: int
    """One past the last."""

    name: str
    """The repair's name: `mojibake`, `c1-control`, `escaped-reference`, `escaped-backslash`, `escaped-utf-7`,
    `escaped-surrogates`, `normalised`."""

    before: str
    """The faulty characters."""

    after: str
    """What they were meant to be."""

    plan: tuple[tuple[str, str], ...]
    """(action, parameter) steps that `archiver.repair.replay` makes again: `reread` with `windows-1256>utf-8` (the
    bytes that windows-1256 reads so, read as UTF-8), `ftfy` with the steps of its `apply_plan`, `unescape` with the
    kind of escape, `normalise` with `NFC`. A parameter may end in a place: `windows-1256>utf-8 3:17`."""

    lossy: bool = False
    """True when a byte was lost on the way and `after` is not certain to the letter."""


class Label(NamedTuple):
    """A decision about one block, and why."""

    keep: bool
    """True for content, False for what is removed."""

    kind: str
    """One of REMOVAL_KINDS when removed; `content` when kept."""

    rule: str
    """The rule that decided, `labeller:name`, as in the tables."""

    evidence: str
    """What it saw, in words a person understands."""

    confidence: float
    """0 to 1: how sure the rule is; two decimals."""

    @classmethod
    def content(cls, rule: str, evidence: str, confidence: float) -> Label:
        """The label of a block that is kept."""
        return tuple.__new__(cls, (True, "content", rule, evidence, confidence))

    @classmethod
    def removal(cls, kind: str, rule: str, evidence: str, confidence: float) -> Label:
        """The label of a block that is removed."""
        return tuple.__new__(cls, (False, kind, rule, evidence, confidence))


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about the page itself. Dates are ISO 8601 and never later than the capture."""

    title: str | None = None
    """The headline of the page, the site's name cut off; None when it has none."""
    authors: tuple[str, ...] = ()
    """Names of persons or bodies, in the page's order."""
    published: str | None = None
    """When it first came out, as precisely as the page says; None when it does not say."""
    modified: str | None = None
    """When it was last changed, likewise."""
    language: str | None = None
    """BCP 47; where declaration and text disagree, the text's."""
    direction: str | None = None
    """`ltr` or `rtl`."""
    site_name: str | None = None
    """What the site calls itself."""
    description: str | None = None
    """The page's own summary."""
    canonical_url: str | None = None
    """The address the page itself gives, absolute, replay prefixes undone."""
    page_type: str | None = None
    """What the page declares to be: `article`, `product`, `forum` ...; None when it does not say."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Address and time of a capture, from the capture itself or else from the page."""

    url: str | None
    """The address; None when neither knows it."""

    urlkey: str | None
    """Its SURT key; None without an address."""

    captured_at: datetime | None
    """UTC; None when neither knows it."""

    replayed_by: str | None = None
    """The replay or saving tool the page went through (`wayback`, `singlefile` ...), when it shows."""


class Removed(NamedTuple):
    """A block that was taken out, with all that is needed to judge it and to put it back."""

    index: int  # type: ignore[assignment]  # (hides the method of tuples, which nothing here wants)
    """The block's place in reading order."""
    kind: str
    """One of REMOVAL_KINDS."""
    rule: str
    """As in `Label`."""
    evidence: str
    """As in `Label`."""
    path: str
    """Where it stood: `html/body/div[2]/p[1]`, or `line 12` in plain text."""
    confidence: float
    """As in `Label`."""
    text: str
    """The block's text, to the letter."""
    block: BlockKind
    """What it is by its markup, as in `Block`."""
    level: int
    """As in `Block`."""
    gap: bool
    """In plain text, whether a blank line stands before it; False in markup."""
    links: tuple[Link, ...] = ()
    """The links in it, as in `Block`."""


class Restored(NamedTuple):
    """A block that was removed when its page was cleaned alone, and kept in the light of others."""

    index: int  # type: ignore[assignment]  # (hides the method of tuples, which nothing here wants)
    """The block's place in reading order."""
    kind: str
    """As in `Removed`, with the next four: what was decided of the page alone."""
    rule: str
    """As in `Label`."""
    evidence: str
    """As in `Label`."""
    path: str
    """As in `Removed`."""
    confidence: float
    """As in `Label`."""
    by: str
    """The rule that kept it: `history:vote` ..."""
    because: str
    """What that rule saw."""


class KeptBlock(NamedTuple):
    """Where a kept block stands in the text."""

    index: int  # type: ignore[assignment]  # (hides the method of tuples, which nothing here wants)
    """The block's place in reading order."""
    kind: BlockKind
    """As in `Block`."""
    level: int
    """As in `Block`."""
    start: int
    """First code point in the clean text."""
    end: int
    """One past the last."""
    gap: bool = False
    """As in `Removed`."""


@dataclass(frozen=True, slots=True)
class CaptureFacts:
    """Where the capture lay and what came with it (`Capture`, with its payload digest)."""

    format: str
    """As in `Capture`; without a wrapper `html` or `text`, or `unknown` when it could not be read."""
    container: str | None
    """As in `Capture`."""
    offset: int | None
    """As in `Capture`."""
    length: int | None
    """As in `Capture`."""
    record_id: str | None
    """As in `Capture`."""
    http_status: int | None
    """As in `Capture`."""
    content_type: str | None
    """As in `Capture`."""
    payload_digest: str
    """`sha256:` over the body, lower-case hex."""
    truncated: str | None
    """As in `Capture`."""
    replayed_by: str | None
    """As in `Identity`."""
    http_headers: tuple[tuple[str, str], ...] = ()
    """As in `Capture`."""
    declared_digest: str | None = None
    """As in `Capture`."""
    digest_check: DigestCheck | None = None
    """As in `Capture`."""
    revisit_of: str | None = None
    """As in `Capture`."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes became characters, and what was repaired after that."""

    used: str | None
    """The charset, as in `Page`; None when nothing was decoded."""
    decided_by: str | None
    """As in `Page`; None when nothing was decoded."""
    candidates: tuple[tuple[str, str], ...] = ()
    """As in `Page`."""
    conflicts: tuple[str, ...] = ()
    """As in `Page`."""
    replacement_characters: int = 0
    """As in `Page`."""
    undecodable: tuple[int, ...] = ()
    """As in `Page`."""
    repairs: tuple[Repair, ...] = ()
    """Every repair, title first, then block by block."""


@dataclass(frozen=True, slots=True)
class Content:
    """The clean text and where its blocks lie."""

    text: str
    """The clean text: kept blocks in order."""
    text_digest: str
    """`sha256:` over its UTF-8."""
    fingerprint: str
    """64-bit simhash of the text's words, 16 hex digits."""
    blocks: tuple[KeptBlock, ...] = ()
    """Where each kept block stands."""
    links: tuple[Link, ...] = ()
    """Spans in `text`."""
    comments: tuple[str, ...] = ()
    """Readers' comments, block by block: removed from the text, kept here."""


@dataclass(frozen=True, slots=True)
class MadeBy:
    """What made the record: when one of these changes, a changed text may be the program's doing."""

    version: str
    """The program's version."""
    rules_digest: str
    """Over all tables of rules."""
    model_digest: str | None
    """Of the trained models; None in records made before there were any."""
    favour: Favour = "balanced"
    """What the caller favoured; see `Options.favour`."""
    context_digest: str | None = None
    """Of what other captures said about blocks of this one; None when they changed nothing in it."""


@dataclass(frozen=True, slots=True)
class Account:
    """The closing of the books."""

    status: Status
    """`ok`; `partial` when a person should look; `failed` when there is no text."""
    doubts: tuple[str, ...]
    """Reasons a person should look; for a failed record the reason it failed."""
    kept_share: float
    """Kept characters of the visible ones, white space not counted, 0 to 1, four decimals."""
    visible_characters: int
    """As in `Document`."""
    visible_digest: str
    """As in `Document`."""
    made_by: MadeBy
    """What made the record."""


@dataclass(frozen=True, slots=True)
class Record:
    """One capture's archive record; `archiver.record` writes it as JSON and reads it back."""

    schema: str
    """The version of the record's form."""
    id: str
    """sha256 over urlkey, timestamp and payload digest, hex."""
    url: str | None
    """The address; None when nobody knows it."""
    urlkey: str | None
    """Its SURT key."""
    timestamp: str | None
    """Capture time in UTC, 14 digits; None when unknown."""
    created: str | None
    """The same time as RFC 3339."""
    source: str
    """The collection, as in `Capture`."""
    capture: CaptureFacts
    """Where it lay and what came with it."""
    encoding: Encoding
    """How bytes became characters."""
    metadata: Metadata
    """What is known about the page."""
    content: Content
    """The clean text."""
    removed: tuple[Removed, ...]
    """Every block taken out, in order."""
    restored: tuple[Restored, ...]
    """Every block that other captures of the page, or pages of the site, put back, in order."""
    account: Account
    """Status, doubts and sums."""

    @property
    def text(self) -> str:
        """The clean text."""
        return self.content.text

    @property
    def title(self) -> str | None:
        """The page's title."""
        return self.metadata.title

    @property
    def status(self) -> Status:
        """`ok`, `partial` or `failed`."""
        return self.account.status
