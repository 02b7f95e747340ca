"""This program and its peers as decoders: bytes and a header -> text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version

OURS = "archiver"


@dataclass(frozen=True, slots=True)
class Decoder:
    """A program that makes text of bytes."""

    decode: Callable[[bytes, str], str]
    """Body and `Content-Type` -> text. A peer that takes no header does not see it."""

    package: str
    """The distribution whose version is told."""


def decode_archiver(data: bytes, content_type: str) -> str:
    """The text of this program."""
    return str(import_module("archiver.decode").decode(data, content_type).text)


def decode_chardet(data: bytes, content_type: str) -> str:
    """What chardet's answer reads, with its defaults."""
    return _decode_with(data, import_module("chardet").detect(data)["encoding"])


def decode_charset_normalizer(data: bytes, content_type: str) -> str:
    """charset-normalizer's best answer."""
    best = import_module("charset_normalizer").from_bytes(data).best()
    return _decode_with(data, best.encoding if best else None)


def decode_unicode_dammit(data: bytes, content_type: str) -> str:
    """BeautifulSoup's UnicodeDammit, told the header's charset as one that it may overrule."""
    label = content_type.partition("charset=")[2]
    dammit = import_module("bs4.dammit").UnicodeDammit(data, user_encodings=[label] if label else [], is_html=True)
    return str(dammit.unicode_markup or "")


def decode_resiliparse(data: bytes, content_type: str) -> str:
    """resiliparse with the page's meta, as its documentation advises for HTML."""
    encoding = import_module("resiliparse.parse.encoding")
    found = encoding.detect_encoding(data, from_html_meta=True)
    return str(encoding.bytes_to_str(data, found))


def decode_trafilatura(data: bytes, content_type: str) -> str:
    """trafilatura's decoder, which takes the body alone."""
    return str(import_module("trafilatura.utils").decode_file(data))


DECODERS: dict[str, Decoder] = {
    OURS: Decoder(decode_archiver, "archiver"),
    "chardet": Decoder(decode_chardet, "chardet"),
    "charset-normalizer": Decoder(decode_charset_normalizer, "charset-normalizer"),
    "UnicodeDammit": Decoder(decode_unicode_dammit, "beautifulsoup4"),
    "resiliparse": Decoder(decode_resiliparse, "resiliparse"),
    "trafilatura": Decoder(decode_trafilatura, "trafilatura"),
}
"""Name -> decoder, in the order of the tables."""


def answer(name: str, data: bytes, content_type: str) -> str | None:
    """The decoder's text without a byte-order mark; None when a peer raised."""
    decoder = DECODERS[name]
    if name == OURS:
        return decoder.decode(data, content_type)
    try:
        return decoder.decode(data, content_type).removeprefix("\ufeff")
    except Exception:  # noqa: BLE001
        # Each peer raises its own: LookupError for a charset that Python lacks, UnicodeDecodeError.
        return None


def versions_of(names: Sequence[str]) -> dict[str, str]:
    """Package -> version."""
    return {DECODERS[name].package: version(DECODERS[name].package) for name in names if name != OURS}


def _decode_with(data: bytes, encoding: str | None) -> str:
    return data.decode(encoding or "utf-8", "replace")
