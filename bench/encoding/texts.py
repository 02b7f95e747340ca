"""Sentences in many languages that an installed package ships: the message catalogues of Django."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from babel.messages.mofile import read_mo

from archiver.charsets import Reading, read_as, write_as

# Placeholders and markup would put ASCII where a text has none.
_NOT_PROSE = re.compile(r"[%{}<>&_]|&#|\\")

# Shorter ones are labels of buttons; these are what a page's paragraphs are made of.
_FEWEST_CHARACTERS = 25

# Apps in the order of their messages: `conf` first, whose messages are whole sentences in most languages.
_APPS = ("conf", "contrib/admin", "contrib/auth", "contrib/flatpages", "contrib/postgres", "contrib/admindocs")

_TONE_MARKS = frozenset("\u0300\u0301\u0303\u0309\u0323")


def why_absent() -> str | None:
    """Why there are no texts, with the command that installs them; None when there are."""
    return None if find_spec("django") else "no texts (Django's catalogues are absent): pip install '.[bench]'"


def sentences(language: str, charset: str) -> list[str]:
    """The messages in a language (Django's name of it) that can be written in the charset, in the catalogues' order."""
    change = _AS_WRITTEN.get((language, charset)) or _AS_WRITTEN.get((language, "")) or str
    written = [change(message) for message in _messages(language)]
    return [message for message in written if is_written_alike(message, charset)]


def is_written_alike(text: str, charset: str) -> bool:
    """Whether the charset has all characters, and Python's codec for it the same: peers decode with that."""
    data = write_as(text, charset)
    return data is not None and read_as(data, charset) == Reading(text, 0)


@cache
def _messages(language: str) -> list[str]:
    found: dict[str, None] = {}
    spec = find_spec("django")
    root = Path(spec.origin).parent if spec and spec.origin else Path()
    for app in _APPS:
        path = root / app / "locale" / language / "LC_MESSAGES" / "django.mo"
        if path.is_file():
            with path.open("rb") as catalogue:
                for message in read_mo(catalogue):
                    # Of forms for several numbers the last holds for most of them.
                    text = message.string if isinstance(message.string, str) else (message.string or ("",))[-1]
                    if message.id and len(text) >= _FEWEST_CHARACTERS:
                        found[unicodedata.normalize("NFC", " ".join(text.split()))] = None
    return [text for text in found if not _NOT_PROSE.search(text) and not text.isascii()]


def _with_cedillas(text: str) -> str:
    return text.translate(str.maketrans("șțȘȚ", "şţŞŢ"))


def _with_arabic_letters(text: str) -> str:
    return text.translate(str.maketrans("ی", "ي"))


def _with_tone_marks(text: str) -> str:
    """Vietnamese as windows-1258 has it: letters with their hook or circumflex, tones as marks of their own."""
    pieces = []
    for character in text:
        parts = unicodedata.normalize("NFD", character)
        tones = "".join(part for part in parts if part in _TONE_MARKS)
        letter = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONE_MARKS))
        whole = unicodedata.normalize("NFC", character)
        pieces.append(whole if not tones or write_as(whole, "windows-1258") else letter + tones)
    return "".join(pieces)


_AS_WRITTEN: dict[tuple[str, str], Callable[[str], str]] = {
    ("ro", ""): _with_cedillas,
    ("fa", "windows-1256"): _with_arabic_letters,
    ("vi", "windows-1258"): _with_tone_marks,
}
"""(language, charset, "" for any) -> how people wrote the language where the charset lacks its own letters."""
