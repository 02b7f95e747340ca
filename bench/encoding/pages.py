"""Pages true to life in a charset, and what is declared of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archiver.charsets import write_as
from bench.encoding.texts import is_written_alike, sentences

PAIRS = (
    "cs:windows-1250 pl:windows-1250 hu:windows-1250 ro:windows-1250 hr:windows-1250 sk:windows-1250 "
    "ru:windows-1251 bg:windows-1251 uk:windows-1251 be:windows-1251 sr:windows-1251 mk:windows-1251 "
    "de:windows-1252 fr:windows-1252 es:windows-1252 pt:windows-1252 it:windows-1252 sv:windows-1252 "
    "fi:windows-1252 nl:windows-1252 is:windows-1252 da:windows-1252 ca:windows-1252 "
    "el:windows-1253 tr:windows-1254 he:windows-1255 ar:windows-1256 fa:windows-1256 "
    "lt:windows-1257 lv:windows-1257 et:windows-1257 vi:windows-1258 vi:viscii th:windows-874 "
    "cs:iso-8859-2 pl:iso-8859-2 hu:iso-8859-2 sl:iso-8859-2 eo:iso-8859-3 lt:iso-8859-13 lv:iso-8859-4 "
    "ru:iso-8859-5 bg:iso-8859-5 ar:iso-8859-6 el:iso-8859-7 he:iso-8859-8 fr:iso-8859-15 cy:iso-8859-14 "
    "ru:koi8-r bg:koi8-r uk:koi8-u ru:ibm866 bg:ibm866 ru:x-mac-cyrillic uk:x-mac-cyrillic de:macintosh fr:macintosh "
    "kk:kz1048 zh_Hans:gbk zh_Hans:gb18030 zh_Hans:hz-gb-2312 zh_Hant:big5 ja:shift_jis ja:euc-jp ja:iso-2022-jp "
    "ko:euc-kr ko:iso-2022-kr ko:johab ru:utf-8 fa:utf-8 ja:utf-8 de:utf-8 hi:utf-8 zh_Hans:utf-16le ru:utf-16be"
).split()
"""Django's language : charset."""

SHAPES = ("article", "long-head", "short", "much-markup", "dump", "title")
"""An article; 30 KB of scripts before the text; two sentences; links and tables around each; no markup; a title over an
English page."""

DECLARATIONS = ("right", "none", "wrong")

# Whom a charset is taken for by people: another one of the same language, or of the country beside it.
_SIBLINGS = {
    "windows-1250": ("iso-8859-2", "windows-1252"),
    "windows-1251": ("koi8-r", "windows-1252"),
    "windows-1252": ("windows-1250", "windows-1251"),
    "windows-1253": ("iso-8859-7",),
    "windows-1254": ("windows-1252",),
    "windows-1255": ("windows-1256",),
    "windows-1256": ("iso-8859-6", "windows-1251"),
    "windows-1257": ("windows-1250",),
    "windows-1258": ("windows-1250",),
    "viscii": ("windows-1258",),
    "windows-874": ("windows-1251",),
    "iso-8859-2": ("windows-1250",),
    "iso-8859-4": ("windows-1257",),
    "iso-8859-5": ("windows-1251",),
    "iso-8859-6": ("windows-1256",),
    "iso-8859-7": ("windows-1253",),
    "koi8-r": ("windows-1251",),
    "koi8-u": ("windows-1251",),
    "ibm866": ("windows-1251",),
    "x-mac-cyrillic": ("windows-1251",),
    "macintosh": ("windows-1250",),
    "kz1048": ("koi8-r",),
    "gbk": ("big5", "shift_jis"),
    "gb18030": ("big5",),
    "big5": ("gb2312",),
    "shift_jis": ("euc-jp",),
    "euc-jp": ("shift_jis",),
    "iso-2022-jp": ("shift_jis",),
    "euc-kr": ("shift_jis", "gb2312"),
    "johab": ("euc-kr",),
    "utf-8": ("windows-1251", "gbk", "shift_jis", "windows-1256"),
}

_STYLE = ".menu li a{color:#336699;text-decoration:none;font-family:Verdana,Arial,sans-serif}\n" * 150
_SCRIPT = "function show(id){var e=document.getElementById(id);if(e){e.style.display='block';}return false;}\n" * 150
_ENGLISH = "The store is open from nine to five, and the phone is answered at all hours. "


@dataclass(frozen=True, slots=True)
class EncodedPage:
    """A page in bytes, and the text that they are."""

    language: str
    charset: str
    """The one it is written in."""

    shape: str
    """One of SHAPES."""

    declaration: str
    """One of DECLARATIONS."""

    detail: str
    """What is declared, and where: `http koi8-r, meta utf-8`; "" for nothing."""

    content_type: str
    """The HTTP header."""

    data: bytes
    text: str


def build_pages() -> Iterator[EncodedPage]:
    """Every pair in every shape, declared right by turns in header and markup, not at all, and in each wrong way."""
    for number, pair in enumerate(PAIRS):
        language, charset = pair.split(":")
        messages = sentences(language, charset)
        for place, shape in enumerate(SHAPES):
            # Every shape has other sentences, as far as they go.
            turned = messages[7 * place % max(1, len(messages)) :] + messages
            for declaration, http, meta in _declarations(shape, charset, number + place):
                page = _build_page(shape, turned, meta)
                data = write_as(page, charset)
                if data is None or not is_written_alike(page, charset):
                    continue
                kind = "text/plain" if shape == "dump" else "text/html"
                header = f"{kind}; charset={http}" if http else kind
                detail = ", ".join(f"{step} {label}" for step, label in (("http", http), ("meta", meta)) if label)
                yield EncodedPage(language, charset, shape, declaration, detail, header, data, page)


def _declarations(shape: str, charset: str, turn: int) -> Iterator[tuple[str, str, str]]:
    """(declaration, label in the header, label in the markup); "" for none. A dump has no markup to declare it in."""
    if shape != "dump":
        yield from _declared_in_both(charset, turn)
        return
    for declaration, http, meta in _declared_in_both(charset, turn):
        if not (http and meta):
            yield declaration, http or meta, ""


def _declared_in_both(charset: str, turn: int) -> Iterator[tuple[str, str, str]]:
    label = {"viscii": "VISCII", "kz1048": "KZ-1048", "gbk": "gb2312"}.get(charset, charset)
    yield ("right", label, "") if turn % 2 else ("right", "", label)
    yield "none", "", ""
    wrong = ["iso-8859-1", *_SIBLINGS.get(charset, ())] if charset != "windows-1252" else list(_SIBLINGS[charset])
    if charset != "utf-8":
        wrong.append("utf-8")
    for place, other in enumerate(wrong):
        yield ("wrong", other, "") if (turn + place) % 2 else ("wrong", "", other)
    # A server that sends one header for all, and a page that knows better; and the other way round.
    yield "wrong", wrong[0], label
    yield "wrong", label, wrong[-1]


def _build_page(shape: str, messages: list[str], meta: str) -> str:
    words = (messages * 12)[:12]
    if shape == "dump":
        return "\n\n".join(words[:8]) + "\n"
    declared = f'<meta http-equiv="Content-Type" content="text/html; charset={meta}">\n' if meta else ""
    head, body = f"<title>{words[0]}</title>\n", "".join(f"<p>{text}</p>\n" for text in words[1:9])
    if shape == "long-head":
        head = f"<script>\n{_SCRIPT}</script>\n<style>\n{_STYLE}</style>\n{head}"
    elif shape == "short":
        body = f"<p>{words[1]}</p>\n"
    elif shape == "much-markup":
        rows = "".join(
            f'<tr class="row odd"><td width="20%" align="left"><a href="/catalog/item.php?id={place}&amp;sort=name">'
            f'<img src="/images/arrow_right.gif" width="12" height="12" border="0" alt="">{text}</a></td></tr>\n'
            for place, text in enumerate(words[1:7])
        )
        body = f'<table cellpadding="0" cellspacing="0" border="0" width="100%">\n{rows}</table>\n'
    elif shape == "title":
        body = f"<p>{_ENGLISH * 12}</p>\n"
    return f"<!DOCTYPE html>\n<html>\n<head>\n{declared}{head}</head>\n<body>\n{body}</body>\n</html>\n"
