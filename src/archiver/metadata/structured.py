"""JSON-LD as pages write it, often broken: what can be read is read, within bounds, and nothing is raised."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from archiver.tables import read_table

Node = dict[str, Any]

# The longest of the 1,220 scripts in WCXB dev has 153,095 characters; beyond this, it is data.
MAX_SCRIPT = 1_000_000
# JSON-LD of WCXB dev nests 11 deep at most; json.loads recurses, and a bomb of brackets must not reach it.
MAX_DEPTH = 60
# Code points of one value: a title of 100,000 separators took all memory; the longest field kept is a
# description of 2,000, with entities twice that.
MAX_VALUE = 4_000
# Nodes that are looked at; lists of thousands of products add nothing about the page itself.
MAX_NODES = 300
# How far down nodes are looked for: script, @graph, mainEntity, its list.
MAX_NODE_DEPTH = 6

# Numbers stay text: a number of 5,000 digits would raise, and identifiers must not become floats.
_DECODER = json.JSONDecoder(strict=False, parse_int=str, parse_float=str, parse_constant=str)
_WRAPPING = re.compile(r"<!--|-->|(?://|/\*)?[ \t]?(?:<!\[CDATA\[|\]\]>)[ \t]?(?:\*/)?|/\*.{0,80}?\*/")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_BRACKET = re.compile(r"[\[{]|[\]}]")
# What is picked out of a script that no repair made readable (an unescaped quote in a headline ...).
_PICKED = re.compile(
    r'"(@type|headline|datePublished|dateModified|dateCreated|inLanguage)"\s*:\s*"((?:[^"\\]|\\.){1,500})"'
)
_HOLDERS = ("@graph", "mainEntity", "mainEntityOfPage")


def read_json_ld(scripts: tuple[str, ...]) -> tuple[Node, ...]:
    """The nodes of the scripts in order, those inside `@graph` and `mainEntity` among them; never raises.

    Read in spite of comments and CDATA around, trailing commas, control characters in strings, several
    values in a row and quotes written as entities; where all that fails, single well-known fields are.
    """
    nodes: list[Node] = []
    for script in scripts:
        for value in _values(script):
            for node in _nodes(value, 0):
                if len(nodes) >= MAX_NODES:
                    return tuple(nodes)
                nodes.append(node)
    return tuple(nodes)


def types_of(node: Node) -> tuple[str, ...]:
    """The node's types, lower case, without `http://schema.org/`.

    >>> types_of({"@type": ["http://schema.org/NewsArticle", "Thing"]})
    ('newsarticle', 'thing')
    """
    types = node.get("@type")
    listed = types if isinstance(types, list) else [types]
    return tuple(re.split(r"[/#:]", name)[-1].lower() for name in listed if isinstance(name, str))


def page_type_of(node: Node) -> str | None:
    """The page type that the node's types stand for by `tables/metadata-types`, or None."""
    return next((_page_types()[name] for name in types_of(node) if name in _page_types()), None)


def main_node(nodes: tuple[Node, ...]) -> Node:
    """The node that tells what the page is about; an empty one when there is none.

    The first article, product, thread or service; then the first listing; then the WebPage.
    """
    listing: Node | None = None
    for node in nodes:
        page_type = page_type_of(node)
        if page_type and page_type != "listing":
            return node
        if page_type and listing is None:
            listing = node
    if listing is not None:
        return listing
    return next((node for node in nodes if any(name.endswith("page") for name in types_of(node))), {})


def texts_of(value: object, nodes: tuple[Node, ...] = ()) -> tuple[str, ...]:
    """The texts a JSON-LD value stands for: strings, `@value`, names of nodes, `@id` looked up in `nodes`."""
    return tuple(text for text in _texts(value, nodes, 0) if text)


def _texts(value: object, nodes: tuple[Node, ...], depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield plain_text(value)
    elif isinstance(value, list) and depth < MAX_NODE_DEPTH:
        for one in value[:MAX_NODES]:
            yield from _texts(one, nodes, depth + 1)
    elif isinstance(value, dict) and depth < MAX_NODE_DEPTH:
        told = value.get("@value") or value.get("name")
        reference = value.get("@id")
        if told is None and isinstance(reference, str):
            # Only a name that is text: names that refer to names would be a bomb.
            told = next((node["name"] for node in nodes if _is_named(node, reference)), None)
        yield from _texts(told, nodes, depth + 1)


def _is_named(node: Node, identifier: str) -> bool:
    return node.get("@id") == identifier and isinstance(node.get("name"), str)


def plain_text(value: str) -> str:
    """The value without tags and entities, white space folded; of the first MAX_VALUE code points."""
    value = value[:MAX_VALUE]
    if "&" in value:
        value = html.unescape(value)
    if "<" in value:
        value = re.sub(r"</?[a-zA-Z][^<>]{0,300}>", " ", value)
    return " ".join(value.split())


@cache
def _page_types() -> dict[str, str]:
    return {row[0]: row[1] for row in read_table("metadata-types")}


def _values(script: str) -> list[object]:
    if len(script) > MAX_SCRIPT:
        return []
    text = script.strip().rstrip(";")
    if not text.startswith(("{", "[")):
        text = _WRAPPING.sub(" ", text).strip().rstrip(";")
    if _too_deep(text):
        return []
    values, whole = _decode_all(text)
    if whole:
        return values
    for repaired in _repaired(text):
        values, whole = _decode_all(repaired)
        if whole:
            return values
    # The values before the fault, and what can be picked out after it.
    picked: Node = {}
    for key, told in _PICKED.findall(text):
        picked.setdefault(key, told.replace('\\"', '"').replace("\\/", "/"))
    return [*values, picked] if picked else values


def _repaired(text: str) -> Iterator[str]:
    text = _WRAPPING.sub(" ", text).strip().rstrip(";")
    yield text
    if '"' not in text and "&" in text:
        text = html.unescape(text)
    yield _TRAILING_COMMA.sub(r"\1", text)
    # Templates print "a": "b" "c": or "a":, for what is empty.
    yield _TRAILING_COMMA.sub(r"\1", re.sub(r":\s*(?=[,}])", ": null", text))


def _decode_all(text: str) -> tuple[list[object], bool]:
    """The JSON values that stand one after another, and whether the text was read to its end."""
    values: list[object] = []
    place = 0
    while place < len(text) and len(values) < MAX_NODES:
        if text[place].isspace() or text[place] in ",;":
            place += 1
            continue
        try:
            value, place = _DECODER.raw_decode(text, place)
        except ValueError:
            return values, False
        values.append(value)
    return values, True


def _too_deep(text: str) -> bool:
    depth = 0
    for bracket in _BRACKET.findall(text):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def _nodes(value: object, depth: int) -> Iterator[Node]:
    if depth > MAX_NODE_DEPTH:
        return
    if isinstance(value, list):
        for one in value[:MAX_NODES]:
            yield from _nodes(one, depth + 1)
    elif isinstance(value, dict):
        yield value
        for holder in _HOLDERS:
            if isinstance(value.get(holder), (list, dict)):
                yield from _nodes(value[holder], depth + 1)
