"""The peers: programs by others that make text of a page, each as a function from a page to its text.

All of them get the page alone, as this program does: not its address, its type or its language. Each runs with the
defaults of its makers. They are imported by name when they are first asked, so that none has to be installed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib import import_module

from lxml import etree, html

# Elements that stand inside a line (HTML, 4.5 Text-level semantics, and the old ones of 16.2): a word may go on
# through them. All others begin a line of their own; without that "<p>tea</p><p>is" would be the word "teais".
_INSIDE_A_LINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q rp rt ruby s samp small span "
    "strike strong sub sup time tt u var wbr".split()
)
_DECLARED = re.compile(r"<html\b[^>]*?\slang\s*=\s*[\"']?([a-z]{2,3})\b", re.IGNORECASE)
# The element is among the first; not to go through a page of 5 MB that has none.
_LOOKED_THROUGH = 20_000
# jusText 3.0.2: its lists by the language's tag in the IANA registry of subtags. It has none for zh, ja, th.
_STOP_LISTS = {
    "af": "Afrikaans", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali",
    "bs": "Bosnian", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek",
    "en": "English", "eo": "Esperanto", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian",
    "fi": "Finnish", "fr": "French", "ga": "Irish", "gl": "Galician", "gu": "Gujarati", "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "is": "Icelandic", "it": "Italian",
    "ka": "Georgian", "kk": "Kazakh", "kn": "Kannada", "ko": "Korean", "la": "Latin", "lt": "Lithuanian",
    "lv": "Latvian", "mk": "Macedonian", "ml": "Malayalam", "mr": "Marathi", "ms": "Malay", "mt": "Maltese",
    "nb": "Norwegian_Bokmal", "ne": "Nepali", "nl": "Dutch", "nn": "Norwegian_Nynorsk", "no": "Norwegian_Bokmal",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian",
    "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu",
    "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese",
}  # fmt: skip


def extract_trafilatura(page: str) -> str:
    """Trafilatura's text with its defaults; "" when it finds none. Raises ModuleNotFoundError without it."""
    return import_module("trafilatura").extract(page) or ""


def extract_trafilatura_fast(page: str) -> str:
    """The same without its second opinions (readability's and jusText's answers on the same page)."""
    return import_module("trafilatura").extract(page, fast=True) or ""


def extract_rs_trafilatura(page: str) -> str:
    """The main content as plain text; it guesses the type of page itself. Raises ModuleNotFoundError without it."""
    return str(import_module("rs_trafilatura").extract(page).main_content)


def extract_resiliparse(page: str) -> str:
    """The plain text of its main content. Raises ModuleNotFoundError without it."""
    return str(import_module("resiliparse.extract.html2text").extract_plain_text(page, main_content=True))


def extract_readability(page: str) -> str:
    """The text of readability-lxml's summary. Raises ModuleNotFoundError without it, its Unparseable on some pages."""
    return text_of_html(import_module("readability").Document(page).summary())


def extract_justext(page: str) -> str:
    """The paragraphs that jusText does not call boilerplate. Raises ModuleNotFoundError without it.

    With its stop list for the language that the page declares; in its language-independent mode, as its command line
    has it for an empty list, where the page declares none or one without a list.
    """
    justext = import_module("justext")
    name = stop_list_of(page)
    if name:
        paragraphs = justext.justext(page, _stop_list(name))
    else:
        paragraphs = justext.justext(page, frozenset(), stopwords_low=0, stopwords_high=0)
    return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)


def extract_magic_html(page: str) -> str:
    """The text of magic-html's answer for an article. Raises ModuleNotFoundError without it.

    It has a second extractor for forums, but wants to be told which it is; nobody tells an archive.
    """
    return text_of_html(_magic_html()(page, base_url="")["html"])


def text_of_html(answer: str) -> str:
    r"""The text of an answer given in HTML, the same for all peers; elements that are not inside a line break it.

    >>> text_of_html("<p>t<b>e</b>a</p><p>is<script>0</script> hot</p>").split()
    ['tea', 'is', 'hot']
    >>> text_of_html(" ")
    ''
    """
    if not answer.strip():
        return ""
    tree = html.document_fromstring(answer)
    etree.strip_elements(tree, "script", "style", etree.Comment, with_tail=False)
    for element in tree.iter(etree.Element):
        if element.tag not in _INSIDE_A_LINE:
            element.text = f"\n{element.text or ''}"
            element.tail = f"\n{element.tail or ''}"
    return "".join(map(str, tree.itertext()))


def stop_list_of(page: str) -> str | None:
    """The name of jusText's list for the language that the page declares; None when there is none.

    >>> stop_list_of('<html class="a" lang="pl-PL">'), stop_list_of("<html lang=zh>"), stop_list_of("<p lang=en>")
    ('Polish', None, None)
    """
    declared = _DECLARED.search(page, 0, _LOOKED_THROUGH)
    return _STOP_LISTS.get(declared[1].lower()) if declared else None


@cache
def _stop_list(name: str) -> frozenset[str]:
    return frozenset(import_module("justext").get_stoplist(name))


@cache
def _magic_html() -> Callable[..., dict[str, str]]:
    extract: Callable[..., dict[str, str]] = import_module("magic_html").GeneralExtractor().extract
    return extract
