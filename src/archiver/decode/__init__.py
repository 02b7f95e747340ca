"""Bytes and what was declared about them -> text, with the step of the ladder that decided.

    bom              a byte-order mark
    warc-identified  the charset that the capturing tool found (WARC-Identified-Payload-Type)
    http             the charset of the Content-Type header
    meta             the charset in the markup, as browsers look for it
    utf8-valid       the bytes are UTF-8
    detected         the text is likeliest in a charset (or its bytes shift as ISO-2022 and HZ do, or lie in pairs or
                     fours, with NULs: UTF-16, UTF-32)
    default          windows-1252, as in browsers

A declared charset decides only when the bytes can be read in it, and in no other so much better; where it doesn't,
or where two steps disagree, the page says so in `conflicts`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from archiver.charsets import REPLACEMENT, Reading, find_charset, find_undecodable, read_as
from archiver.decode.declared import find_http_label, find_markup_charset
from archiver.decode.detector import detect, find_shifting_charset
from archiver.decode.weighing import Weight, weigh
from archiver.fluency import BIT
from archiver.model import Capture, Page

__all__ = ["decode", "decode_capture"]

_MARKS = (
    # UTF-32's little-endian mark begins with UTF-16's: it must be looked for first.
    (b"\xff\xfe\0\0", "utf-32le"),
    (b"\0\0\xfe\xff", "utf-32be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16le"),
    (b"\xfe\xff", "utf-16be"),
)

# How many UTF-8 sequences overrule a declared legacy charset. Legacy text is seldom valid UTF-8, but short
# text can be: of runs of Chinese news in gbk, 2.6 % are at two characters, 0.5 % at three, 0.006 % at five
# (15,757 runs a length; Big5: none of 9,392 at three).
_ENOUGH_SEQUENCES = 3

# A declared legacy charset is overruled, and an undeclared page taken for UTF-8, with one fault in so many
# sequences. Legacy text read as UTF-8 never came near: at most 24 sequences beside 56 faults, in EUC-JP (565
# texts and pages in 40 charsets). Declared UTF-8 may have as many faults as sequences.
_SOUND_PER_FAULT = 20

# A legacy charset is believed with up to one fault in ten characters beyond ASCII. No text of the 565 had a
# single fault in its own charset, but captures are cut and fields pasted; half of them, read in a wrong
# multi-byte charset, have more faults than this.
_LEGACY_PER_FAULT = 10

# A declared charset is overruled by one in which the text is likelier by so many bits beyond what the other's
# rarity costs (`weighing`). At 10 none of 450 pages declared right is (python -m bench.encoding.charsets), and of
# 514 real pages written in windows-1252 or ISO-8859-2 one: it has three words of a test of scripts.
_PROOF = 10

# What is proved by the bytes themselves, or says nothing about a language.
_NOT_WEIGHED = ("utf-", "replacement", "x-user-defined", "iso-2022-", "hz-")

# How many offsets of unreadable bytes are kept: they are for a person who looks at the capture, and a page in a
# charset that nobody found has thousands.
_MOST_OFFSETS = 100

# CESU-8 (UTR 26): each half of a UTF-16 pair as three bytes, as databases and Java wrote emoji.
_HALVES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")

# How much of a page is looked at for the NULs of UTF-16 and UTF-32: the prescan's length.
_PATTERN_BYTES = 1024


class _Claim(NamedTuple):
    step: str
    charset: str


def decode(data: bytes, content_type: str | None = None, identified_type: str | None = None) -> Page:
    """The page's text and how its charset was found. Never raises: unreadable bytes become U+FFFD, counted.

    `content_type` is the HTTP header's value, with its parameters; `identified_type` the one of the WARC header
    `WARC-Identified-Payload-Type`, which has the same form.

    >>> decode("نشست".encode("windows-1256"), "text/html; charset=windows-1256").text
    'نشست'
    """
    claims, conflicts = _collect_claims(data, content_type, identified_type)
    decided, reading, faults = _settle(data, claims)
    if decided not in claims:
        claims.append(decided)
    conflicts += faults
    halves = _tell_halves(data, decided.charset)
    conflicts += halves
    rivals = {claim.charset for claim in claims if claim.step != "default"} - {decided.charset}
    if rivals and not faults:
        others = [claim for claim in claims if claim.charset != decided.charset]
        conflicts += [f"{claim.step} says {claim.charset}, {decided.step} says {decided.charset}"
                      for claim in others]  # fmt: skip
    return Page(
        text=reading.text,
        charset=decided.charset,
        decided_by=decided.step,
        candidates=tuple((claim.step, claim.charset) for claim in claims),
        conflicts=tuple(conflicts),
        replacement_characters=reading.replaced,
        undecodable=_find_undecodable(data, decided, reading),
        encoded=None if decided.charset != "utf-8" or decided.step == "bom" or halves or reading.replaced else data,
    )


def decode_capture(capture: Capture) -> Page:
    """The capture's text: its own when the caller gave text, else its decoded body. Never raises.

    In a given text, surrogates that make a pair are joined; single ones become U+FFFD, counted.
    """
    if capture.text is None:
        return decode(capture.body, capture.content_type, capture.identified_type)
    text = capture.text.removeprefix("\ufeff")
    page = Page(text, "utf-8", "given", (("given", "utf-8"),))
    try:
        return replace(page, encoded=text.encode("utf-8"))
    except UnicodeEncodeError:
        joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        lost = joined.count(REPLACEMENT) - text.count(REPLACEMENT)
        return replace(page, text=joined, replacement_characters=lost)


def _collect_claims(
    data: bytes, content_type: str | None, identified_type: str | None
) -> tuple[list[_Claim], list[str]]:
    """What is declared about the bytes, in the ladder's order, and which labels nobody knows."""
    claims: list[_Claim] = []
    unknown: list[str] = []
    for mark, charset in _MARKS:
        if data.startswith(mark):
            claims.append(_Claim("bom", charset))
            break
    for step, media_type in (("warc-identified", identified_type), ("http", content_type)):
        label = find_http_label(media_type) if media_type else None
        known = find_charset(label) if label else None
        if known:
            claims.append(_Claim(step, known))
        elif label:
            unknown.append(f"{step} names a charset that is not known: {label[:80]!r}")
    # A dump of plain text may quote markup; browsers look for no meta in it either.
    if content_type is None or not content_type.lower().lstrip().startswith("text/plain"):
        declared = find_markup_charset(data)
        if declared:
            claims.append(_Claim("meta", declared))
    return claims, unknown


def _settle(data: bytes, claims: list[_Claim]) -> tuple[_Claim, Reading, list[str]]:
    """The claim that decides, the text read by it, and what was wrong with the claims before it."""
    if claims and claims[0].step == "bom":
        mark = next(mark for mark, charset in _MARKS if charset == claims[0].charset)
        body = data[len(mark) :]
        return claims[0], _read_utf8(body) if claims[0].charset == "utf-8" else read_as(body, claims[0].charset), []
    shown = _find_wide_charset(data) or find_shifting_charset(data)
    if shown:
        decided = next((claim for claim in claims if claim.charset == shown), _Claim("detected", shown))
        sign = "NUL bytes" if shown.startswith("utf") else "escapes"
        faults = [f"{claim.step} says {claim.charset}, but the {sign} are those of {shown}"
                  for claim in claims if claim.charset != shown]  # fmt: skip
        return decided, read_as(data, shown), faults
    return _settle_by_text(data, claims)


def _settle_by_text(data: bytes, claims: list[_Claim]) -> tuple[_Claim, Reading, list[str]]:
    utf8 = _read_utf8(data)
    faults: list[str] = []
    weights: list[Weight] | None = None
    for claim in claims:
        reading = utf8 if claim.charset == "utf-8" else read_as(data, claim.charset)
        fault = _find_fault(data, claim, reading, utf8)
        if not fault and not claim.charset.startswith(_NOT_WEIGHED) and not data.isascii():
            weights = _weigh(data, claims, utf8) if weights is None else weights
            fault = _find_rival(claim, claims, weights)
        if not fault:
            return claim, reading, faults
        faults.append(fault)
    if _is_utf8(data, utf8):
        return _Claim("utf8-valid", "utf-8"), utf8, faults
    weights = _weigh(data, claims, utf8) if weights is None else weights
    decided = _Claim("detected", weights[0].charset) if weights else _Claim("default", "windows-1252")
    decided = next((claim for claim in claims if claim.charset == decided.charset), decided)
    return decided, read_as(data, decided.charset), faults


def _weigh(data: bytes, claims: list[_Claim], utf8: Reading) -> list[Weight]:
    declared = [claim.charset for claim in claims if not claim.charset.startswith(_NOT_WEIGHED)]
    detected = detect(data)
    likely = [detected] if detected else []
    return weigh(data, declared, likely if utf8.replaced else ["utf-8", *likely])


def _find_rival(claim: _Claim, claims: list[_Claim], weights: list[Weight]) -> str:
    """Why the text can't be what is claimed, as a sentence; "" when no charset reads so much better."""
    own = next((weight.cost for weight in weights if weight.charset == claim.charset), None)
    if own is None:
        return ""
    best = weights[0]
    # Where declarations contradict one another, the text decides.
    proof = 0 if best.charset in [other.charset for other in claims] else _PROOF
    saved = (own - best.cost) // BIT
    if saved <= proof:
        return ""
    return f"{claim.step} says {claim.charset}, but the text reads as {best.charset} ({saved} bits likelier)"


def _find_undecodable(data: bytes, decided: _Claim, reading: Reading) -> tuple[int, ...]:
    if not reading.replaced:
        return ()
    if decided.charset == "utf-8":
        data = _HALVES.sub(b"halves", data)  # as long as they are
    mark = next((mark for mark, _ in _MARKS if data.startswith(mark)), b"") if decided.step == "bom" else b""
    offsets = find_undecodable(data[len(mark) :], decided.charset, _MOST_OFFSETS)
    return tuple(len(mark) + offset for offset in offsets)


def _read_utf8(data: bytes) -> Reading:
    try:
        return Reading(data.decode("utf-8"), 0)
    except UnicodeDecodeError:
        return read_as(_HALVES.sub(_join_halves, data), "utf-8")


def _join_halves(match: re.Match[bytes]) -> bytes:
    halves = match[0].decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
    return halves.decode("utf-16-le").encode("utf-8")


def _tell_halves(data: bytes, charset: str) -> list[str]:
    """A sentence about characters that were written in halves; none when there are none."""
    # (The first byte alone is looked for in a hundredth of the time, and no script but Hangul has it often.)
    halves = len(_HALVES.findall(data)) if charset == "utf-8" and b"\xed" in data else 0
    return [f"{halves} characters beyond U+FFFF are written as UTF-16 halves (CESU-8)"] if halves else []


def _find_fault(data: bytes, claim: _Claim, reading: Reading, utf8: Reading) -> str:
    """Why the bytes can't be what is claimed, as a sentence; "" when they can."""
    says = f"{claim.step} says {claim.charset}, but"
    if claim.charset == "replacement":
        return f"{says} that charset has no decoder in browsers"
    if claim.charset == "utf-8":
        faults = reading.replaced - _is_cut(data)
        if faults <= 0:
            return ""
        sound = _count_sound(reading)
        # Faults that outnumber the sequences are those of another charset, see _SOUND_PER_FAULT.
        return f"{says} {faults} places are not, and {sound} are" if faults > sound else ""
    if claim.charset.startswith("utf-16"):
        return f"{says} there is no NUL byte" if b"\0" not in data else ""
    sequences = _count_sound(utf8)
    if sequences >= _ENOUGH_SEQUENCES and utf8.replaced * _SOUND_PER_FAULT <= sequences:
        return f"{says} the bytes are UTF-8 ({sequences} sequences)"
    if reading.replaced > 1 and reading.replaced * _LEGACY_PER_FAULT > _count_sound(reading):
        return f"{says} {reading.replaced} places can't be read in it"
    return ""


def _is_utf8(data: bytes, utf8: Reading) -> bool:
    faults = utf8.replaced - _is_cut(data)
    return faults <= 0 or faults * _SOUND_PER_FAULT <= _count_sound(utf8)


def _count_sound(reading: Reading) -> int:
    """Characters beyond ASCII that were read."""
    if reading.text.isascii():
        return 0
    return len(reading.text) - len(reading.text.encode("ascii", "ignore")) - reading.replaced


def _is_cut(data: bytes) -> bool:
    """True when the bytes end inside a UTF-8 sequence: a cut page, no sign of another charset."""
    for back in range(1, min(3, len(data)) + 1):
        lead = data[-back]
        if lead >= 0xC0:
            return back < (2 if lead < 0xE0 else 3 if lead < 0xF0 else 4) and len(data) > back
    return False


def _find_wide_charset(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, by where the NULs of its ASCII characters stand; else None."""
    sample = data[:_PATTERN_BYTES]
    if b"\0" not in sample or len(sample) < 4:
        return None
    quarter = len(sample) // 4
    nuls = [sample[place::4].count(0) / quarter for place in range(4)]
    # UTF-32 has two bytes of four that are always NUL. In UTF-16 the other byte of each ASCII character is:
    # in any script one character in ten is a space, a line end or part of a tag, while one in fifty would
    # be a rare letter (U+0100, U+0400 ...) when the NUL stands in its low byte.
    if min(nuls[2:]) > 0.95 and nuls[0] < 0.1:
        return "utf-32le"
    if min(nuls[:2]) > 0.95 and nuls[3] < 0.1:
        return "utf-32be"
    if min(nuls[1], nuls[3]) > 0.1 and max(nuls[0], nuls[2]) < 0.02:
        return "utf-16le"
    if min(nuls[0], nuls[2]) > 0.1 and max(nuls[1], nuls[3]) < 0.02:
        return "utf-16be"
    return None
