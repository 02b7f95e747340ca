"""A tag as the parser tells it -> an `Element`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from archiver.blocks.tags import HIDERS, UNSHOWN, hiding
from archiver.model import Element

# A NamedTuple's own constructor is a Python function, and takes twice the time: 0.3 ms of a page.
_new_tuple: Final = tuple.__new__

_NO_ATTRIBUTES: Final[Mapping[str, str]] = {}
_NO_CONTROLS: Final[frozenset[str]] = frozenset()


# Pages of a site share their class names; the bound keeps a run over many sites within some megabytes.
@lru_cache(maxsize=1 << 12)
def _names(classes: str) -> tuple[str, ...]:
    return tuple(classes.lower().split())


def make_element(tag: str, attributes: Mapping[str, str], place: int, parent: int) -> Element:
    """The element, the `place`-th of its tag in the element with the index `parent`, without its controls."""
    identity = attributes["id"].lower() if "id" in attributes else ""
    classes = _names(attributes["class"]) if "class" in attributes else ()
    role = attributes["role"].lower() if "role" in attributes else ""
    # Half of the elements have no other attribute; to keep no dictionary for them spares the garbage collector.
    told = len(attributes) == bool(identity) + bool(classes) + bool(role)
    kept = _NO_ATTRIBUTES if told else attributes
    hides = hiding(tag, attributes) if tag in UNSHOWN or not (told or HIDERS.isdisjoint(attributes)) else ""
    return _new_tuple(Element, (parent, tag, place, identity, classes, role, kept, hides, _NO_CONTROLS))
