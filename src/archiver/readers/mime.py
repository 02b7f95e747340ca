"""MIME messages (RFC 2045, 2046), as saved pages use them: bytes -> the parts that are no multipart, in order.

Of a message that is damaged or cut short, what stands before the damage is read. The time is linear in the bytes: each
level of multiparts is searched once for its delimiters, and their number is bounded.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

# Outlook's mails have three: mixed, related, alternative.
_DEEPEST = 8
# A page embeds some thousand things at most; millions of empty parts would only fill the memory.
_MOST_PARTS = 100_000

_FOLD = re.compile(rb"\r?\n[ \t]+")
_HEADER = re.compile(rb"^([!-9;-~]+)[ \t]*:(.*)", re.MULTILINE)
_HEAD_END = re.compile(rb"^\r?\n", re.MULTILINE)
_PARAMETER = re.compile(r";\s*([^\s=;\"]+)\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"?|([^\s;]*))")
_ESCAPED = re.compile(r"\\(.)")

# RFC 2045 section 6.7: an `=` that ends a line, with the white space that a transport added, joins it to the next.
_SOFT_BREAK = re.compile(rb"=[ \t]*(?:\r?\n|\Z)")
_HARD_BREAK = re.compile(rb"\r?\n")
_STRAY_EQUALS = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*(?:\r?\n|\Z))")
_CUT_ESCAPE = re.compile(rb"=[0-9A-Fa-f]\Z")
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]+")


class Part(NamedTuple):
    """A part that is no multipart."""

    headers: Mapping[str, str]
    """Its first header of each name, lower case, unfolded."""

    body: slice
    """Where its body lies in the message, still encoded."""

    ended: bool
    """Whether a delimiter stands after it; False where the message was cut inside it."""

    within: tuple[str, ...]
    """The Content-ID of the multiparts around it, the outermost first, and its own."""

    @property
    def media_type(self) -> str:
        """Lower case, without parameters; `text/plain` where none is declared (RFC 2045 section 5.2)."""
        return media_type_of(self.headers)


class Message(NamedTuple):
    """What a message holds."""

    headers: Mapping[str, str]
    """As those of a part."""

    parts: tuple[Part, ...]
    """Those that are no multipart, in order; the message itself when it is none."""

    start: str | None
    """The Content-ID that the outermost `start` parameter names as the root of its multipart (RFC 2387); else None."""

    fault: str | None
    """Where the message was cut short, or what else keeps parts of it from being read; None when whole."""


class Decoded(NamedTuple):
    """A part's body."""

    data: bytes
    """The bytes with the transfer encoding undone."""

    faults: tuple[str, ...]
    """What was wrong with it, one sentence each."""


class _Span(NamedTuple):
    """A part that is still to be looked into."""

    start: int
    end: int
    ended: bool
    within: tuple[str, ...] = ()
    boundaries: tuple[bytes, ...] = ()
    """Of the multiparts around it, `--` before each."""


def parse_message(data: bytes) -> Message:
    """The parts of a message. Never raises; one without parts has a `fault`."""
    start = len(data) - len(data.lstrip())
    whole = _Span(start, len(data), ended=False)
    head = _read_head(data, whole)
    if head is None:
        return Message({}, (), None, "cut short in its headers")
    parts: list[Part] = []
    fault = None
    for found in _collect(data, whole, parts):
        fault = fault or found
    return Message(head[0], tuple(parts), _find_start(head[0]), fault)


def decode_part(data: bytes, part: Part) -> Decoded:
    """The body of a part of the message `data`, read as far as it can be. Never raises."""
    raw = data[part.body]
    encoding = part.headers.get("content-transfer-encoding", "8bit").partition(";")[0].strip().lower()
    if encoding == "quoted-printable":
        return _decode_quoted(raw, ended=part.ended)
    if encoding == "base64":
        return _decode_base64(raw)
    known = encoding in ("7bit", "8bit", "binary")
    return Decoded(raw, () if known else (f"its transfer encoding is not known, and left as it is: {encoding[:80]!r}",))


def media_type_of(headers: Mapping[str, str]) -> str:
    """The declared media type, lower case, without parameters; `text/plain` where there is none."""
    # Some leave the semicolon out: text/html charset=utf-8.
    return re.split(r"[;\s]", headers.get("content-type", "text/plain"), maxsplit=1)[0].lower()


def parse_headers(block: bytes) -> dict[str, str]:
    """The first header of each name (lower case) in a block of them, unfolded; lines of another form are passed over.

    >>> parse_headers(b"Content-Type: text/html;\\r\\n\\tcharset=utf-8\\r\\n")
    {'content-type': 'text/html; charset=utf-8'}
    """
    found: dict[str, str] = {}
    for name, value in _HEADER.findall(_FOLD.sub(b" ", block)):
        found.setdefault(name.decode().lower(), value.strip().decode("utf-8", "backslashreplace"))
    return found


def parameters_of(value: str) -> dict[str, str]:
    """The parameters of a header's value, names lower case.

    >>> parameters_of('multipart/related; start=<a@b>; Boundary="c d"')
    {'start': '<a@b>', 'boundary': 'c d'}
    """
    return {name.lower(): _ESCAPED.sub(r"\1", quoted) or bare for name, quoted, bare in _PARAMETER.findall(value)}


def _read_head(data: bytes, span: _Span) -> tuple[dict[str, str], int] | None:
    """The headers of a part, and where its body begins; None when it was cut before the empty line."""
    end = _HEAD_END.search(data, span.start, span.end)
    if end:
        return parse_headers(data[span.start : end.start()]), end.end()
    # An empty part has no empty line of its own.
    return (parse_headers(data[span.start : span.end]), span.end) if span.ended and span.boundaries else None


def _boundary(headers: Mapping[str, str]) -> bytes:
    """The line that parts a multipart, without its end; empty for a part that is none."""
    if not media_type_of(headers).startswith("multipart/"):
        return b""
    boundary = parameters_of(headers["content-type"]).get("boundary", "").rstrip()
    return b"--" + boundary.encode("utf-8", "replace") if boundary else b""


def _find_start(headers: Mapping[str, str]) -> str | None:
    if not media_type_of(headers).startswith("multipart/"):
        return None
    return parameters_of(headers["content-type"]).get("start") or None


def _collect(data: bytes, span: _Span, parts: list[Part]) -> Iterator[str]:
    """Adds the parts in a span to the list, and yields what is wrong with them."""
    head = _read_head(data, span)
    if head is None:
        yield f"cut short in the headers of part {len(parts) + 1}"
        return
    headers, start = head
    within = (*span.within, headers.get("content-id", "").strip())
    boundary = _boundary(headers)
    if not boundary:
        end = span.end if span.ended else max(start, _end_before_cut(data, span))
        parts.append(Part(headers, slice(start, end), span.ended, within))
    elif len(span.boundaries) == _DEEPEST:
        yield f"nested more than {_DEEPEST} deep"
    else:
        inside = _Span(start, span.end, span.ended, within, (*span.boundaries, boundary))
        children, closed = _split(data, inside)
        for child in children:
            yield from _collect(data, child, parts)
        if len(parts) > _MOST_PARTS:
            del parts[_MOST_PARTS:]
            yield f"more than {_MOST_PARTS} parts, the rest left out"
        elif not (closed or span.ended):
            yield f"cut short in part {max(1, len(parts))}"


def _split(data: bytes, inside: _Span) -> tuple[list[_Span], bool]:
    """The spans between the delimiters of a multipart, and whether its last delimiter was found."""
    delimiter = re.compile(rb"^%b(--)?[ \t]*\r?$" % re.escape(inside.boundaries[-1]), re.MULTILINE)
    children: list[_Span] = []
    start = -1
    for match in delimiter.finditer(data, inside.start, inside.end):
        if len(children) > _MOST_PARTS:
            break
        if start >= 0:
            # The line end before a delimiter belongs to it.
            end = match.start() - (2 if data[match.start() - 2 : match.start()] == b"\r\n" else 1)
            children.append(inside._replace(start=start, end=max(start, end), ended=True))
        if match[1]:
            return children, True
        start = min(match.end() + 1, inside.end)
    if start >= 0:
        children.append(inside._replace(start=start))
    return children, False


def _end_before_cut(data: bytes, span: _Span) -> int:
    """Where the body of a part ends that was cut short: before a delimiter of which only the beginning is left."""
    line = data.rfind(b"\n", span.start, span.end) + 1
    last = data[line : span.end] if line else b""
    if line and any((boundary + b"--").startswith(last.rstrip(b"\r")) for boundary in span.boundaries):
        return line - (2 if data[line - 2 : line] == b"\r\n" else 1)
    return span.end - data.endswith(b"\r", span.start, span.end)


def _decode_quoted(raw: bytes, *, ended: bool) -> Decoded:
    faults: tuple[str, ...] = ()
    raw, cut = _CUT_ESCAPE.subn(b"", raw) if not ended else (raw, 0)
    # Python's decoder takes "==" for "=", and drops what follows on "=\r".
    sound, strays = _STRAY_EQUALS.subn(b"=3D", raw)
    if cut:
        faults += ("cut short inside a quoted-printable escape",)
    if strays:
        faults += (f"{strays} signs in it are no quoted-printable escapes, and stand as they are",)
    escaped = _SOFT_BREAK.sub(b"", sound)
    if escaped.startswith((b"<=00", b"=00<")):
        data, lost = _decode_broken_pairs(escaped)
        if lost:
            faults += (f"{lost} characters of its UTF-16 were line breaks, and can't be told any more",)
        return Decoded(data, faults)
    return Decoded(binascii.a2b_qp(escaped), faults)


# Stands for a byte of which only is known that it was a line feed or a carriage return.
_UNSURE = "\u0100"
_PAIRS = re.compile(f"((?:[^{_UNSURE}]{{2}})*+)(..?)", re.DOTALL)


def _decode_broken_pairs(escaped: bytes) -> tuple[bytes, int]:
    """UTF-16 in quoted-printable, and how many characters are lost.

    Chromium (150) writes each byte 0A or 0D as a line break, whatever character it is half of: a line feed, but also
    one half of č, of the zero-width joiner, of 不. Which one it was nobody can tell, so it becomes U+FFFD.
    """
    lines = [binascii.a2b_qp(line).decode("latin-1") for line in _HARD_BREAK.split(escaped)]
    little = lines[0].startswith("<")
    line_end, written, unknown = (
        (f"{_UNSURE}\0", "\n\0", "\xfd\xff") if little else (f"\0{_UNSURE}", "\0\n", "\xff\xfd")
    )
    lost = 0

    def settle(match: re.Match[str]) -> str:
        nonlocal lost
        sure, pair = match.groups()
        if pair == line_end:
            return f"{sure}{written}"
        lost += _UNSURE in pair
        return f"{sure}{unknown if _UNSURE in pair else pair}"

    return _PAIRS.sub(settle, _UNSURE.join(lines)).encode("latin-1"), lost


def _decode_base64(raw: bytes) -> Decoded:
    kept, strays = _NO_BASE64.subn(b"", raw)
    faults: tuple[str, ...] = (f"{strays} places in it are no base64, and are left out",) if strays else ()
    data = bytearray()
    # What comes after padding was another run of base64, put behind the first.
    for run in re.split(rb"=+", b"".join(kept.split())):
        sound = run
        if len(run) % 4 == 1:
            sound = run[:-1]
            faults += ("its base64 is cut short",)
        data += binascii.a2b_base64(sound + b"=" * (-len(sound) % 4))
    return Decoded(bytes(data), faults)
