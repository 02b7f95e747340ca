"""Which charset is declared for a page: in a header, and in its markup as browsers look for it.

WHATWG HTML, "prescan a byte stream to determine its encoding" and "extracting a character encoding from a
meta element"; WHATWG MIME Sniffing and Fetch, "extract a MIME type" (all read 2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiver.charsets import find_charset

# The standard's own bound: browsers look at 1024 bytes before they begin to parse.
PRESCAN_BYTES = 1024

# Browsers go on looking while they parse the head, and start again when a meta turns up. Heads with inlined
# styles are long: of 1,497 pages (WCXB dev) 109 declare their charset beyond the prescan, nine of them beyond
# 64 KiB, the farthest at 264 KB. Twice that and more.
HEAD_BYTES = 1024 * 1024

_SPACE = rb"\t\n\f\r "
_ATTRIBUTE = re.compile(
    rb"[%b/]*([^%b/>][^%b/>=]*)(?:[%b]*=[%b]*(?:\"([^\"]*)(?:\"|\Z)|'([^']*)(?:'|\Z)|([^%b>]*)))?" % ((_SPACE,) * 6)
)
_META = re.compile(rb"meta[%b/]" % _SPACE, re.IGNORECASE)
_TAG_NAME = re.compile(rb"/?[a-z][^%b>]*" % _SPACE, re.IGNORECASE)
_XML_ENCODING = re.compile(rb"encoding[\0- ]*=[\0- ]*(?:\"([^\"\0- ]*)\"|'([^'\0- ]*)')")
_META_CHARSET = re.compile(rb"charset[%b]*=[%b]*(?:\"([^\"]*)\"|'([^']*)'|([^%b;\"'][^%b;]*))" % ((_SPACE,) * 4))
# A tag stops at the next "<", and what is not closed runs to the end: else a head of 200,000 "<!--" would be searched
# 200,000 times.
_NO_MARKUP = ("script", "style", "title", "textarea", "noscript", "template")
_PART_OF_HEAD = re.compile(rb"<!(--)|<(%b)\b[^<>]*>|</head\b|<body\b" % "|".join(_NO_MARKUP).encode())
_ENDS = {name.encode(): re.compile(rb"</%b\b" % name.encode()) for name in _NO_MARKUP} | {b"--": re.compile(b"-->")}
_CHARSET = re.compile(rb"charset", re.IGNORECASE)
_PARAMETER = re.compile(r";\s*([^=;,\s]+)\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"?|([^;,]*))")


def find_http_label(content_type: str) -> str | None:
    """The charset label in a `Content-Type` value, or another media type; None when it names none.

    Of several values joined by commas the last counts, as in Fetch; it keeps the charset of the one
    before when both name the same type. White space and single quotes around the label, which the
    standard would not forgive, are: servers wrote both.
    """
    label, last_type = None, ""
    for value in re.findall(r"(?:[^,\"]|\"(?:[^\"\\]|\\.)*\"?)+", content_type):
        media_type = value.partition(";")[0].strip().lower()
        if "/" not in media_type or media_type == "*/*":
            continue
        found = next((quoted or bare for name, quoted, bare in _PARAMETER.findall(value)
                      if name.lower() == "charset"), None)  # fmt: skip
        if found is not None:
            label = found.strip().strip("'")
        elif media_type != last_type:
            label = None
        last_type = media_type
    return label or None


def find_markup_charset(data: bytes) -> str | None:
    """The charset that the markup declares, by `<meta>` or XML declaration; None when it declares none.

    First the prescan of the standard, then, as browsers do while they parse, the rest of the head.
    """
    found = prescan(data[:PRESCAN_BYTES])
    if found is not None or len(data) <= PRESCAN_BYTES:
        return found
    head = _read_head(data)
    return prescan(head) if _CHARSET.search(head) else None


def _read_head(data: bytes) -> bytes:
    """The head without its scripts and comments: here a browser knows the tree, and what stands in them is no
    declaration. (Only up to its end, which is the tenth part of a page.)
    """
    head = data[:HEAD_BYTES]
    # Where case is no matter, the searches take a third of the time.
    small, markup, start = head.lower(), [], 0
    while found := _PART_OF_HEAD.search(small, start):
        markup.append(head[start : found.start()])
        name = found[1] or found[2]
        end = _ENDS[name].search(small, found.end()) if name else None
        if end is None:
            return b"".join(markup)
        start = end.end()
    return b"".join([*markup, head[start:]])


def prescan(head: bytes) -> str | None:
    """The charset that browsers find in the first bytes of a page; None when they find none.

    >>> prescan(b'<meta charset="Shift_JIS">')
    'shift_jis'
    """
    if head.startswith(b"<\0?\0x\0"):
        return "utf-16le"
    if head.startswith(b"\0<\0?\0x"):
        return "utf-16be"
    position = head.find(b"<")
    while position >= 0:
        after = position + 1
        if head.startswith(b"!--", after):
            # The two hyphens of "<!--" may be those of "-->".
            end = head.find(b"-->", after + 1)
            position = end + 3 if end >= 0 else len(head)
        elif _META.match(head, after):
            attributes, position = _read_attributes(head, after + 5)
            charset = _charset_of_meta(attributes) if position < len(head) else None
            if charset:
                return charset
        elif name := _TAG_NAME.match(head, after):
            _, position = _read_attributes(head, name.end())
        elif head[after : after + 1] in (b"!", b"/", b"?"):
            end = head.find(b">", after)
            position = end if end >= 0 else len(head)
        else:
            position = after
        position = head.find(b"<", position)
    return _xml_charset(head)


def _read_attributes(head: bytes, position: int) -> tuple[dict[bytes, bytes], int]:
    """The attributes of a tag, first of a name, and where the tag ends: at its ">" or at the last byte."""
    attributes: dict[bytes, bytes] = {}
    while found := _ATTRIBUTE.match(head, position):
        name = found[1].lower()
        attributes.setdefault(name, found[2] or found[3] or found[4] or b"")
        # The end of the bytes inside an attribute ends the prescan: what is cut is not believed.
        position = found.end()
    end = head.find(b">", position)
    return attributes, end if end >= 0 else len(head)


def _charset_of_meta(attributes: dict[bytes, bytes]) -> str | None:
    label: bytes | None = None
    if b"charset" in attributes:
        label = attributes[b"charset"]
    elif attributes.get(b"http-equiv", b"").lower() == b"content-type":
        label = next(_labels_in(attributes.get(b"content", b"")), None)
    charset = find_charset(label.decode("latin-1")) if label is not None else None
    if charset in ("utf-16le", "utf-16be"):
        return "utf-8"  # a meta that can be read as ASCII is no UTF-16
    return "windows-1252" if charset == "x-user-defined" else charset


def _labels_in(content: bytes) -> Iterator[bytes]:
    found = _META_CHARSET.search(content.lower())
    if found:
        yield found[1] or found[2] or found[3] or b""


def _xml_charset(head: bytes) -> str | None:
    end = head.find(b">")
    if not head.startswith(b"<?xml") or end < 0:
        return None
    found = _XML_ENCODING.search(head[:end])
    charset = find_charset((found[1] or found[2] or b"").decode("latin-1")) if found else None
    return "utf-8" if charset in ("utf-16le", "utf-16be") else charset
