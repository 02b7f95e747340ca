"""Known site furniture by its markup: the labeller `widgets`.

The rules lie in `tables/widgets.tsv`: a kind, a name and one compound selector each. An element that a
rule matches hands the decision down to all that stands in it:

- a *strong* kind (chat-widget, cookie-notice, share-bar ...), met first from outside, decides its subtree;
- a *yielding* kind (navigation, footer ..., and readers' comments) gives way to a strong one inside it, so
  that the search box in a footer is a search box, and the reply form under the comments a comment form.

Two guards keep a rule from eating the page: it never counts on `html`, `body` or `main`, and, for kinds that
a page's content may stand in by accident, never on an element that holds most of the page's prose.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from archiver.labels.measured import MeasuredDocument, Name
from archiver.labels.weights import measured, weigh
from archiver.model import Document, Element, Label
from archiver.tables import TableError, read_table

YIELDING_KINDS: Final = frozenset({"navigation", "header", "footer", "sidebar", "hidden", "comments"})
"""Kinds that a strong kind inside them overrules."""

WHOLE_PAGE_TAGS: Final = frozenset({"html", "body", "main"})
"""Tags on which no rule counts: themes write `has-sidebar`, `cookie-notice-visible` on them."""

UNGUARDED_KINDS: Final = frozenset({"chat-widget", "cookie-notice", "archive-toolbar"})
"""Kinds that may outweigh the page: a consent dialogue with its list of partners over a login page. Their
rules name products, and no product puts the page itself inside."""

# A guarded rule does not count on an element with more than this share of the page's prose.
MOST_OF_THE_PAGE: Final = 0.4

# Readers' comments may outweigh the page, but must stand under something. Forums write `<div id="comments">`
# around all posts: on most development pages of that sort 0 to 200 code points of prose are left outside, and
# 1,100 or more on every article with comments. The price: comments under a picture with one line are kept.
COMMENTED_PROSE: Final = 300

# The beginnings in the table are told apart by this many characters; none may be shorter.
STEM_HEAD: Final = 3

EVIDENCE_CHARACTERS: Final = 120
"""A label's evidence is at most this long: it is shown on one line."""

PART: Final = re.compile(
    r"(?P<tag>^[a-z][a-z0-9-]*)"
    r"|(?P<mark>[#.])(?P<token>[^\s#.*\[\]:()<>+~,$=]+)(?P<stem>\*?)"
    r"|\[(?P<name>[a-z][a-z0-9:-]*)(?:(?P<operator>[\^*]?=)(?P<value>[^\]]+))?\]"
    r"|:(?P<needs>has|without)\((?P<control>[a-z]+)\)"
)


@dataclass(frozen=True)
class Selector:
    """One compound selector, taken apart; an element must meet every part. All lower case."""

    tag: str = ""
    """The tag name; "" for any."""

    ids: tuple[tuple[str, str], ...] = ()
    """(operator, id): the operator is `=` for the whole, `^=` for the beginning, `*=` for a part."""

    classes: tuple[tuple[str, str], ...] = ()
    """(operator, class name), as for ids."""

    attributes: tuple[tuple[str, str, str], ...] = ()
    """(name, operator, value); the operator is "" when the attribute need only be there."""

    controls: frozenset[str] = frozenset()
    """Form controls that must be inside."""

    without: frozenset[str] = frozenset()
    """Form controls that must not be inside."""

    def names(self, tag: str, identity: str, classes: tuple[str, ...]) -> bool:
        """Whether tag, id and classes are what it asks for."""
        return (
            self.tag in ("", tag)
            and all(_says(identity, *condition) for condition in self.ids)
            and all(any(_says(name, *condition) for name in classes) for condition in self.classes)
        )

    def matches(self, element: Element) -> bool:
        """Whether the element meets every part."""
        return (
            self.controls <= element.controls
            and self.without.isdisjoint(element.controls)
            and self.names(element.tag, element.identity, element.classes)
            and all(_holds(element, name, operator, value) for name, operator, value in self.attributes)
        )

    def parts(self) -> int:
        """How many conditions it sets: the more, the more it knows."""
        return (
            len(self.ids) + len(self.classes) + len(self.attributes)
            + len(self.controls) + len(self.without) + bool(self.tag)
        )  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """A row of the table."""

    kind: str
    name: str
    written: str
    """The selector as the table writes it."""
    selector: Selector

    @property
    def confidence(self) -> float:
        """0.99 for the exact id of a product, which nothing else on a page bears; 0.95 otherwise. Rules
        named `common-...` stand for words that many sites chose on their own."""
        exact = any(operator == "=" for operator, _ in self.selector.ids)
        return 0.99 if exact and not self.name.startswith("common-") else 0.95

    def rank(self) -> tuple[bool, bool, bool, int]:
        """Sorts the rules that match one element: strong kinds, products, names, close descriptions first."""
        selector = self.selector
        nameless = not (selector.ids or selector.classes)
        return self.kind in YIELDING_KINDS, self.name.startswith("common-"), nameless, -selector.parts()


@dataclass(frozen=True)
class Index:
    """The rules by the part of their selector that the fewest elements have."""

    by_id: dict[str, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    by_class: dict[str, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    by_id_head: dict[str, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    """Selectors with the beginning of an id, by its first STEM_HEAD characters."""
    by_class_head: dict[str, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    by_id_part: list[Rule] = field(default_factory=list)
    """Selectors with something inside an id: `[id*=...]`."""
    by_role: dict[str, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    by_anchor: dict[str, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    """Selectors with a whole address inside the page, `[href=#...]`: apart, since links are so many."""
    by_value: dict[str, dict[str, list[Rule]]] = field(default_factory=lambda: defaultdict(dict))
    """Selectors with an attribute's whole value, by name and then value."""
    by_attribute: dict[str, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    by_tag: dict[str, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    watched: set[str] = field(default_factory=set)
    """The attribute names of `by_value` and `by_attribute`."""

    def add(self, rule: Rule) -> None:
        """Shelve a rule by its rarest part: exact tokens before beginnings, attributes and tags last."""
        selector = rule.selector
        exact_ids = [token for operator, token in selector.ids if operator == "="]
        exact_classes = [token for operator, token in selector.classes if operator == "="]
        name, operator, value = selector.attributes[0] if selector.attributes else ("", "", "")
        if exact_ids:
            self.by_id[exact_ids[0]].append(rule)
        elif exact_classes:
            self.by_class[exact_classes[0]].append(rule)
        elif selector.ids and selector.ids[0][0] == "*=":
            self.by_id_part.append(rule)
        elif selector.ids:
            self.by_id_head[selector.ids[0][1][:STEM_HEAD]].append(rule)
        elif selector.classes:
            self.by_class_head[selector.classes[0][1][:STEM_HEAD]].append(rule)
        elif name == "role":
            self.by_role[value].append(rule)
        elif name == "href" and operator == "=" and value.startswith("#"):
            self.by_anchor[value].append(rule)
        elif operator == "=":
            self.by_value[name].setdefault(value, []).append(rule)
            self.watched.add(name)
        elif selector.tag:
            self.by_tag[selector.tag].append(rule)
        else:
            self.by_attribute[name].append(rule)
            self.watched.add(name)


def label_widgets(document: Document, labels: Mapping[int, Label]) -> dict[int, Label]:
    """Label the blocks that stand in a known widget, unless they have a label; all are removals.

    Returns nothing for plain text, which has no elements.
    """
    decisions = _decide(document)
    found: dict[int, Label] = {}
    for block in document.blocks:
        if block.index not in labels and block.element >= 0:
            label = decisions[block.element]
            if label is not None:
                found[block.index] = label
    return found


def parse_selector(written: str) -> Selector:
    """Read a compound selector: `tag`, `#id`, `.class` (either with `*` at the end: begins with),
    `[name]`, `[name=value]`, `[name^=value]`, `[name*=value]`, `:has(control)`, `:without(control)`.

    >>> parse_selector("div#chat-*[data-id]:without(search)").ids
    (('^=', 'chat-'),)

    Raises TableError when it is none.
    """
    found: dict[str, list[tuple[str, str]]] = {"#": [], ".": []}
    attributes, needs, tag, place = [], {"has": set[str](), "without": set[str]()}, "", 0
    while place < len(written) or not written:
        part = PART.match(written, place) if place else PART.match(written)
        if part is None:
            raise TableError(f"not a selector: {written!r}", where="tables/widgets.tsv")
        if part["tag"]:
            tag = part["tag"]
        elif part["mark"]:
            found[part["mark"]].append(("^=" if part["stem"] else "=", part["token"].lower()))
        elif part["name"] == "id" and part["operator"]:
            found["#"].append((part["operator"], part["value"].lower()))
        elif part["name"]:
            attributes.append((part["name"], part["operator"] or "", (part["value"] or "").lower()))
        else:
            needs[part["needs"]].add(part["control"])
        place = part.end()
    return Selector(
        tag, tuple(found["#"]), tuple(found["."]), tuple(attributes),
        frozenset(needs["has"]), frozenset(needs["without"]),
    )  # fmt: skip


# Forums whose posts stand in what is called comments: Invision Community's threads, Vanilla's message lists.
POSTS: Final = (parse_selector("#comments.ctopic"), parse_selector(".messagelist.comments"))


@cache
def widget_rules() -> tuple[Rule, ...]:
    """The rows of `tables/widgets.tsv` in the table's order, their selectors parsed."""
    return tuple(Rule(kind, name, written, parse_selector(written)) for kind, name, written in read_table("widgets"))


@cache
def _index() -> Index:
    index = Index()
    for rule in widget_rules():
        index.add(rule)
    return index


def _rules_of_id(identity: str) -> list[Rule]:
    index = _index()
    likely = [*index.by_id.get(identity, ()), *index.by_id_head.get(identity[:STEM_HEAD], ()), *index.by_id_part]
    return [rule for rule in likely if all(_says(identity, *condition) for condition in rule.selector.ids)]


def _rules_of_class(name: str) -> list[Rule]:
    index = _index()
    exact, by_head = index.by_class.get(name), index.by_class_head.get(name[:STEM_HEAD])
    if exact is None and by_head is None:
        return []
    likely = [*(exact or ()), *(by_head or ())]
    return [rule for rule in likely if any(_says(name, *condition) for condition in rule.selector.classes)]


def _attribute_candidates(index: Index, element: Element) -> list[Rule]:
    """The rules that may match an element by its other attributes."""
    rules: list[Rule] = []
    attributes = element.attributes
    if element.tag == "a" and attributes.get("href", "").startswith("#"):
        rules += index.by_anchor.get(attributes["href"].lower(), ())
    if index.watched.isdisjoint(attributes):
        return rules
    # In the attributes' order, and not a set's: of two rules that rank alike the first is named in the record.
    for name in attributes:
        if name not in index.watched:
            continue
        if name in index.by_value:
            rules += index.by_value[name].get(attributes[name].strip().lower(), ())
        if name in index.by_attribute:
            rules += index.by_attribute[name]
    return rules


def _decide(document: Document) -> list[Label | None]:
    """One decision an element: the label of what stands in it, or None."""
    document = measured(document)
    ends = document.measures.ends
    guard: _Guard | None = None
    decisions: list[Label | None] = [None] * len(ends)
    # Until which element a widget reaches that does not yield to one inside it.
    closed = 0
    for place, rules in _candidates(document):
        element = document.elements[place]
        if place < closed or element.tag in WHOLE_PAGE_TAGS:
            continue
        inherited = decisions[place] is not None
        for rule in sorted((rule for rule in rules if rule.selector.matches(element)), key=Rule.rank):
            if inherited and rule.kind in YIELDING_KINDS:
                break
            guard = guard or _Guard(document)
            if guard.admits(rule.kind, place):
                end = ends[place]
                decisions[place:end] = [_label(rule, element)] * (end - place)
                closed = closed if rule.kind in YIELDING_KINDS else end
                break
    return decisions


def _candidates(document: MeasuredDocument) -> list[tuple[int, Sequence[Rule]]]:
    """The elements that some rule may match, by their index, and those rules."""
    index, measures = _index(), document.measures
    of_names = _rules_of_names(measures.names)
    found: dict[int, Sequence[Rule]] = {}
    for place, number in enumerate(measures.named):
        if of_names[number]:
            found[place] = of_names[number]
    for place in measures.attributed:
        if rules := _attribute_candidates(index, document.elements[place]):
            found[place] = (*found.get(place, ()), *rules)
    return sorted(found.items())


def _rules_of_names(names: Sequence[Name]) -> list[list[Rule]]:
    """For each name the rules that may match an element called so."""
    index = _index()
    # Each id and class name of the page once: kept from page to page they gain nothing where each is of another site.
    of_ids: dict[str, list[Rule]] = {"": []}
    of_classes: dict[str, list[Rule]] = {}
    found = []
    for tag, identity, classes, role in names:
        rules = [*index.by_tag.get(tag, ())]
        if identity not in of_ids:
            of_ids[identity] = _rules_of_id(identity)
        rules += of_ids[identity]
        for one in classes:
            if one not in of_classes:
                of_classes[one] = _rules_of_class(one)
            rules += of_classes[one]
        if role:
            rules += index.by_role.get(role, ())
        found.append(rules)
    return found


class _Guard:
    """Keeps the rules from eating the page it was made for."""

    def __init__(self, document: Document) -> None:
        self._elements = document.elements
        weights = weigh(document, {})
        # A page without prose is weighed by all its text.
        self._inside = weights.prose if weights.total else weights.text
        self._total = self._inside[0]
        self._has_posts = False

    def admits(self, kind: str, place: int) -> bool:
        """Whether a rule of this kind may decide this element. Once what looks like comments turns out to
        be what the page is about, nothing on it is a comment: not the replies within the replies either.
        """
        inside = self._inside[place]
        heavy = inside > MOST_OF_THE_PAGE * self._total
        if kind == "comments":
            bare = heavy and self._total - inside < COMMENTED_PROSE
            posts = any(selector.matches(self._elements[place]) for selector in POSTS)
            self._has_posts = self._has_posts or bare or posts
            return not self._has_posts
        return not heavy or kind in UNGUARDED_KINDS


def _label(rule: Rule, element: Element) -> Label:
    """The label for what stands in a matched element."""
    ending = f"> matches {rule.written}"
    shown = [f'id="{element.identity}"'] if element.identity else []
    shown += [f'class="{" ".join(element.classes)}"'] if element.classes else []
    shown += [f'{name}="{_value(element, name)}"' for name, _, _ in rule.selector.attributes]
    tag = " ".join([f"<{element.tag}", *shown])
    room = EVIDENCE_CHARACTERS - len(ending)
    tag = tag if len(tag) <= room else tag[: room - 1] + "…"
    return Label(
        keep=False,
        kind=rule.kind,
        rule=f"widgets:{rule.name}",
        evidence=tag + ending,
        confidence=rule.confidence,
    )


def _value(element: Element, name: str) -> str | None:
    if name == "role":
        return element.role or None
    return element.attributes.get(name)


def _holds(element: Element, name: str, operator: str, value: str) -> bool:
    """Whether an attribute is there and says what it must, case aside."""
    found = _value(element, name)
    return found is not None and (not operator or _says(found.strip().lower(), operator, value))


def _says(found: str, operator: str, value: str) -> bool:
    if operator == "=":
        return found == value
    return value in found if operator == "*=" else found.startswith(value)
