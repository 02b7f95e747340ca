"""What each tag does to the flow of text, as browsers' default style sheets have it.

Source: https://html.spec.whatwg.org/multipage/rendering.html, sections "Flow content" to "Form controls".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from archiver.blocks.rows import LAYOUT
from archiver.blocks.scripted import SCRIPTED
from archiver.model import BlockKind

# Tags that hold no text, and change nothing for the text around them but what the walk says. libxml2 does not end some
# of them (`wbr`, `source`) where they end, so what seems to stand inside stands around them.
EMPTY: Final = frozenset(
    "br input img source track wbr param embed area col link meta base path circle rect ellipse line polygon polyline "
    "use stop frame".split()
)
# Tags whose text is never shown. `noscript` and `template` are not among them: whole forum threads stand there.
# `noframes` is read when it ends: parsers take its markup for text.
UNSEEN: Final = frozenset(
    "script style title iframe noembed noframes datalist annotation annotation-xml desc metadata".split()
)

# Tags that begin and end a block of their own; `wb_div` is pywb's banner, before whatever the page's body begins with.
BLOCK: Final = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol "
    "optgroup p plaintext pre search section select summary table tbody td textarea tfoot th thead tr ul xmp "
    "video audio canvas marquee wb_div".split()
)

# Tags that stand inside a sentence ("press <button>OK</button> now", a picture loaded lazily and its <noscript>) or by
# themselves: their edge is a block's edge where no text touches it. So is that of custom elements, but only outside of
# a sentence: "well <g-emoji>x</g-emoji> done", <shreddit-post>.
EDGED: Final = frozenset(("button", "noscript", "template", "object"))

HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
LISTS: Final = frozenset(("ul", "ol", "menu", "dir", "dl"))
PREFORMATTED: Final = frozenset(("pre", "listing", "xmp", "plaintext"))
CELLS: Final = frozenset(("td", "th"))
# What a person fills in or presses, besides <input>.
CONTROLS: Final = frozenset(("button", "select", "textarea"))

KINDS: Final[dict[str, BlockKind]] = {
    **dict.fromkeys(HEADINGS, "heading"),
    **dict.fromkeys(("li", "dt", "dd"), "list-item"),
    **dict.fromkeys(PREFORMATTED, "code"),
    **dict.fromkeys(("figcaption", "caption"), "caption"),
    "blockquote": "quote",
}

# Tags that change something for the text inside them; the others cost the walk nothing.
ENTERED: Final = frozenset(("a", "tr", "option", "optgroup", "frameset", "object", *CONTROLS, *LAYOUT, *KINDS, *LISTS))
# Tags whose end undoes what their beginning changed.
LEFT: Final = frozenset(("html", "a", "tr", *KINDS, *LISTS, *CELLS))
# Tags at whose edges a `<tbody>` begins or ends that the page leaves out.
TABLED: Final = frozenset(("table", "tr", "tbody", "thead", "tfoot", "caption", "colgroup"))
# Tags that tell something of the page by themselves.
DECLARING: Final = frozenset(("html", "body", "time"))
EMPTY_DECLARING: Final = frozenset(("meta", "link", "base"))

# The sets above as bits, so that one look tells the walk all about a tag; it is asked twice an element. (`Final`, here
# and where else much is looked up: mypyc then needs no look into the module's dictionary, 0.15 ms of a page in all.)
IS_UNSEEN: Final = 1
IS_EMPTY: Final = 2
IS_BLOCK: Final = 4
IS_EDGED: Final = 8
IS_ENTERED: Final = 16
IS_LEFT: Final = 32
IS_TIME: Final = 64
IS_TABLED: Final = 128


class _Traits(dict[str, int]):
    """The bits of each tag; a tag that no set holds has none, and the name of a custom element is edged."""

    def __missing__(self, tag: str) -> int:
        return IS_EDGED if "-" in tag else 0


_SETS: Final = {
    IS_UNSEEN: UNSEEN,
    IS_EMPTY: EMPTY,
    IS_BLOCK: BLOCK,
    IS_EDGED: EDGED,
    IS_ENTERED: ENTERED,
    IS_LEFT: LEFT,
    IS_TIME: frozenset(("time",)),
    IS_TABLED: TABLED,
}
TRAITS: Final = _Traits({
    tag: sum(bit for bit, tags in _SETS.items() if tag in tags) for tag in frozenset[str]().union(*_SETS.values())
})  # fmt: skip

# What a browser that runs scripts and knows the element does not show.
UNSHOWN: Final = {
    "noscript": "noscript",
    "template": "template",
    SCRIPTED: "script",
    **dict.fromkeys(("video", "audio", "canvas", "rp"), "fallback"),
}
# Of a template that browsers make a shadow root of: the standard's name, the one of Chromium before it, and the one
# that Chromium gives it in MHTML.
SHADOW_ROOTS: Final = frozenset(("shadowrootmode", "shadowroot", "shadowmode"))
# Attributes that hide.
HIDERS: Final = frozenset(("hidden", "style", "aria-hidden"))
_HIDING_STYLE: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


def hiding(tag: str, attributes: Mapping[str, str]) -> str:
    """Why a browser would not show the element itself, as in `Element.hidden`; "" when it does.

    A declarative shadow root is shown although it is a template.
    """
    if "hidden" in attributes:
        return "hidden"
    if "style" in attributes and _HIDING_STYLE.search(attributes["style"]):
        return "style"
    if attributes.get("aria-hidden", "").lower() == "true":
        return "aria-hidden"
    if tag == "template" and not SHADOW_ROOTS.isdisjoint(attributes):
        return ""
    return UNSHOWN.get(tag, "")


# By the `type` of an <input>; a type not named here counts as `text`.
_INPUTS: Final = {
    **{kind: kind for kind in ("search", "password", "email", "tel", "checkbox")},
    **dict.fromkeys(("submit", "button"), "button"),
    **dict.fromkeys(("hidden", "image", "reset", "radio", "file"), ""),
}


def input_control(kind: str) -> str:
    """The name that an `<input>` of a type has in `Element.controls`; "" when it counts as none."""
    return _INPUTS.get(kind, "text")
