"""A tag as the parser tells it -> an `Element`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from archiver.blocks.tags import HIDERS, UNSHOWN, hiding
from archiver.model import Element

# A NamedTuple's own constructor is a Python function, and takes twice the time: 0.3 ms of a page.
_new_tuple: Final = tuple.__new__

_NOTHING: Final[dict[str, str]] = {}
_NO_ATTRIBUTES: Final[Mapping[str, str]] = _NOTHING
_NO_CONTROLS: Final[frozenset[str]] = frozenset()


# Pages of a site share their class names; the bound keeps a run over many sites within some megabytes.
@lru_cache(maxsize=1 << 12)
def _names(classes: str) -> tuple[str, ...]:
    return tuple(classes.lower().split())


def make_element(tag: str, attributes: Mapping[str, str], place: int, parent: int) -> Element:
    """The element, the `place`-th of its tag in the element with the index `parent`, without its controls."""
    # What the parser tells of is a dictionary, or an empty one of lxml's own making: to copy that takes 1.5 µs.
    known = _NOTHING
    if isinstance(attributes, dict):
        known = attributes
    elif attributes:
        known = dict(attributes)
    told = 0
    identity, role = "", ""
    classes: tuple[str, ...] = ()
    if "class" in known:
        classes = _names(known["class"])
        told = bool(classes)
    if "id" in known:
        identity = known["id"].lower()
        told += bool(identity)
    if "role" in known:
        role = known["role"].lower()
        told += bool(role)
    # Half of the elements have no other attribute; to keep no dictionary for them spares the garbage collector.
    whole = told == len(known)
    kept = _NO_ATTRIBUTES if whole else known
    hides = hiding(tag, known) if tag in UNSHOWN or not (whole or HIDERS.isdisjoint(known)) else ""
    return _new_tuple(Element, (parent, tag, place, identity, classes, role, kept, hides, _NO_CONTROLS))
