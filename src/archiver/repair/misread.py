"""Text whose bytes were read in the wrong charset, read again in the right one.

A step of a plan names both: `windows-1256>utf-8` writes the characters back as the bytes that windows-1256 reads as
them, and reads those as UTF-8. Reading as UTF-8 is done wherever the bytes are whole sequences, stretch by stretch;
reading as a legacy charset is done on the text as a whole.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from archiver.charsets import REPLACEMENT, read_as, write_as

# Stand for bytes in a text where each character is one byte: what has no byte in the charset.
_FOREIGN: Final = "\U0010ffff"
_CONTINUED = "[\x80-\xbf]"
# Unicode 15, table 3-7; with the two halves of a surrogate pair written out, as CESU-8 (UTR 26) has them.
_SEQUENCE = (
    f"(?:[\xc2-\xdf]{_CONTINUED}"
    f"|\xed[\xa0-\xaf]{_CONTINUED}\xed[\xb0-\xbf]{_CONTINUED}"
    f"|\xe0[\xa0-\xbf]{_CONTINUED}|\xed[\x80-\x9f]{_CONTINUED}|[\xe1-\xec\xee\xef]{_CONTINUED}{{2}}"
    f"|\xf0[\x90-\xbf]{_CONTINUED}{{2}}|[\xf1-\xf3]{_CONTINUED}{{3}}|\xf4[\x80-\x8f]{_CONTINUED}{{2}})"
)
# A sequence of which a byte was lost: U+FFFD stands for that byte, and maybe for the ones beside it.
_BROKEN = f"(?:(?:[\xc2-\xdf]|[\xe0-\xef]{_CONTINUED}?|[\xf0-\xf4]{_CONTINUED}{{0,2}})?{REPLACEMENT}+{_CONTINUED}*)"
_STRETCH = re.compile(f"{_SEQUENCE}(?:[\x00-\x7f]*(?:{_SEQUENCE}|{_BROKEN}))*")
_UNIT = re.compile(f"{_SEQUENCE}[\x00-\x7f]?|{_BROKEN}")
_BROKEN_PLACE = re.compile(_BROKEN)
_SURROGATE = re.compile("[\ud800-\udfff]")

# Python's own tables, in which other programs read: some signs differ from those of the standard.
_COUSINS: Final = {"shift_jis": ("shift_jis",), "euc-jp": ("euc_jp",), "big5": ("big5", "cp950")}

MULTIBYTE: Final = ("gb18030", "big5", "shift_jis", "euc-jp", "euc-kr")


class _Bytes(dict[int, str]):
    """A translation in which what has no byte becomes _FOREIGN."""

    def __missing__(self, code: int) -> str:
        self[code] = shown = chr(code) if code < 0x80 or code == 0xFFFD else _FOREIGN
        return shown


class Reread(NamedTuple):
    """A stretch of a text, and what its bytes say in the right charset."""

    start: int
    """First code point of the stretch."""

    end: int
    """One past the last."""

    after: str
    """What the bytes say; U+FFFD for what cannot be known."""


def reread(text: str, parameter: str) -> str | None:
    """The text with every stretch that fits read again; None when nothing does.

    `parameter` names the wrong charset and the right one: `windows-1256>utf-8`.

    >>> reread("ط³ظ„ط§ظ…", "windows-1256>utf-8")
    'سلام'
    """
    wrong, _, right = parameter.partition(">")
    found = find_utf8(text, wrong) if right == "utf-8" else find_legacy(text, wrong, right)
    return apply(text, found) if found else None


def apply(text: str, found: list[Reread]) -> str:
    """The text with these stretches, in order, replaced."""
    pieces, last = [], 0
    for stretch in found:
        pieces += [text[last : stretch.start], stretch.after]
        last = stretch.end
    return "".join([*pieces, text[last:]])


def find_utf8(text: str, wrong: str) -> list[Reread]:
    """The stretches of `text` whose bytes in the charset `wrong` are whole UTF-8 sequences, ASCII between them."""
    if wrong in MULTIBYTE:
        return _find_utf8_in_pairs(text, wrong)
    shown = text.translate(_bytes_of(wrong))
    return [Reread(match.start(), match.end(), _read_utf8(match[0])) for match in _STRETCH.finditer(shown)]


def find_legacy(text: str, wrong: str, right: str) -> list[Reread]:
    """The text as a whole, read in `right`; none when a character has no byte in `wrong`, or a byte no character."""
    data = to_bytes(text, wrong)
    after = read_as(data, right) if data else None
    return [] if after is None or after.replaced or after.text == text else [Reread(0, len(text), after.text)]


def to_bytes(text: str, wrong: str) -> bytes | None:
    """The bytes that the single-byte charset `wrong` reads as this text; None when it cannot, or they are ASCII."""
    shown = text.translate(_bytes_of(wrong))
    if shown.isascii() or _FOREIGN in shown or REPLACEMENT in shown:
        return None
    return shown.encode("latin-1")


def _read_utf8(shown: str) -> str:
    if REPLACEMENT in shown:
        shown = _BROKEN_PLACE.sub("\xef\xbf\xbd", shown)
    text = shown.encode("latin-1").decode("utf-8", "surrogatepass")
    if _SURROGATE.search(text):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _find_utf8_in_pairs(text: str, wrong: str) -> list[Reread]:
    """The same for charsets of two bytes a character: a stretch begins and ends between characters."""
    options = _options(wrong)
    shown: list[str] = []
    starts: dict[int, int] = {}
    at = 0
    for place, char in enumerate(text):
        choice = options[char]
        if choice is None:
            piece = char if char < "\x80" or char == REPLACEMENT else _FOREIGN
        elif len(choice) == 1:
            piece = choice[0]
        else:
            piece = _choose("".join(shown[-3:]), choice)
        starts[at] = place
        shown.append(piece)
        at += len(piece)
    starts[at] = len(text)
    return list(_between_characters("".join(shown), starts))


def _between_characters(shown: str, starts: dict[int, int]) -> list[Reread]:
    found, position = [], 0
    while match := _STRETCH.search(shown, position):
        begin = match.start()
        end = _end_between(shown, match, starts) if begin in starts else None
        if end is None:
            position = begin + 1
            continue
        found.append(Reread(starts[begin], starts[end], _read_utf8(shown[begin:end])))
        position = end
    return found


def _end_between(shown: str, match: re.Match[str], starts: dict[int, int]) -> int | None:
    """Where the stretch ends between two characters: after ASCII that its last one swallowed, or else earlier."""
    if match.end() in starts:
        return match.end()
    if match.end() + 1 in starts and shown[match.end()] < "\x80":
        return match.end() + 1
    ends = [match.start() + unit.end() for unit in _UNIT.finditer(match[0])]
    return max((end for end in ends if end in starts), default=None)


def _choose(before: str, choice: tuple[str, ...]) -> str:
    """Of several byte forms of a character the first that goes on with the sequence before it."""
    open_sequence = re.search("[\xc2-\xdf]$|[\xe0-\xef][\x80-\xbf]?$|[\xf0-\xf4][\x80-\xbf]{0,2}$", before)
    for form in choice:
        if bool(open_sequence) == ("\x80" <= form[0] < "\xc0"):
            return form
    return choice[0]


@cache
def _bytes_of(charset: str) -> dict[int, str]:
    """For `str.translate`: the byte, as a character below U+0100, of each character of a single-byte charset."""
    table = _Bytes()
    for byte in range(255, 0x7F, -1):
        character = read_as(bytes([byte]), charset).text
        if character != REPLACEMENT:
            table[ord(character)] = chr(byte)
    if charset == "windows-1252":
        # Latin-1 as well: its C1 controls are the bytes themselves.
        table.update((byte, chr(byte)) for byte in range(0x80, 0xA0))
    return table


class _Forms(dict[str, tuple[str, ...] | None]):
    """The bytes, as characters below U+0100, of characters beyond ASCII in a multi-byte charset; found when asked for.

    Most have one form. Where there are several, those that no UTF-8 can hold come last.
    """

    def __init__(self, charset: str) -> None:
        super().__init__()
        self._charset = charset
        self._codecs = _COUSINS.get(charset, ())

    def __missing__(self, char: str) -> tuple[str, ...] | None:
        forms: dict[str, None] = {}
        if char >= "\x80" and char != REPLACEMENT:
            written = write_as(char, self._charset)
            for data in (written, *(char.encode(codec, "ignore") for codec in self._codecs)):
                if data:
                    forms[data.decode("latin-1")] = None
            if self._charset == "shift_jis":
                forms.update(dict.fromkeys(_second_forms().get(char, ())))
        self[char] = found = tuple(sorted(forms, key=lambda form: form[0] > "\xf4")) or None
        return found


@cache
def _second_forms() -> dict[str, list[str]]:
    """Code page 932 has NEC's signs of row 13 and IBM's kanji of rows 89 to 92 a second time, elsewhere."""
    found: dict[str, list[str]] = {}
    for lead in (0x87, 0xED, 0xEE):
        for trail in range(0x40, 0xFD):
            char = bytes((lead, trail)).decode("cp932", "ignore")
            if len(char) == 1:
                found.setdefault(char, []).append(chr(lead) + chr(trail))
    return found


@cache
def _options(charset: str) -> _Forms:
    return _Forms(charset)


def count_bytes(text: str, wrong: str) -> int:
    """How many characters beyond ASCII have bytes in the charset `wrong`; at least 1."""
    if wrong in MULTIBYTE:
        forms = _options(wrong)
        return max(1, sum(forms[char] is not None for char in text))
    shown = text.translate(_bytes_of(wrong))
    return max(1, sum("\x80" <= char < "\u0100" for char in shown))
