"""Title, authors and site name: what several places of a page say, weighed against each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from archiver.metadata.dates import read_date
from archiver.metadata.structured import MAX_VALUE, plain_text
from archiver.tables import read_table

# A title beyond this is a text that stands in the wrong place; the longest of WCXB dev's has 257 code points.
MAX_TITLE = 300
# What parts a title from its site's name: "Title | Site", "Title - Site", "Title_Site" (Chinese).
_SEPARATOR = re.compile(
    r"\s+(?:[|·•»«›‹>:~/—–-]|::|\|\|)\s+|\s*[|｜»]\s*|\s+[—–]\s*|(?<=[\u4e00-\u9fff\]）)])[_-]+(?=\S)"
)
_NO_LETTER = re.compile(r"[\W_]+")
_NOT_A_NAME = re.compile(r"https?:|www\.|[{}<>=]|^\W*$|^\d+$")
_SENTENCE = re.compile(r"[，。！？]|[.!?]\s+\S+\s+\S+\s+\S")
_CHINESE = re.compile("[\u4e00-\u9fff]")
# A title of more parts than this is a list of key words.
MAX_SEPARATORS = 20
# Headlines of the Chinese pages of waddle have 8 to 35 characters, names of sites and sections 2 to 10.
MIN_CHINESE_TITLE = 8
# See there.
MAX_CHINESE_SITE = 12
# Bounded as RFC 5321 bounds them: open repetitions took half a second on 4,000 code points.
_MAIL = re.compile(r"[(<]?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}[)>]?")
_LIST_MARK = re.compile(r"\s*(?:[;|\n、،]|\s&\s|\s(?:and|und|et|y|e|и|و|en|och|og)\s)\s*")
# Names that a program gives its first user: they say nothing about who wrote.
_ROBOTS = frozenset(
    {"admin", "administrator", "root", "webmaster", "editor", "user", "author", "null", "none", "undefined"}
)
# More words than this are a sentence or an address; "María del Carmen de la Torre y Gómez" has 8.
MAX_NAME_WORDS = 10
# In code points; ten words of ten letters.
MAX_NAME = 100
# A page of a hundred authors is a physics paper; beyond, it is a list of something else.
MAX_AUTHORS = 100


def choose_title(
    declared: Sequence[str], headings: Sequence[str], whole: str | None, sites: Sequence[str]
) -> str | None:
    """The title that most places agree on, or None when no place has one.

    `declared` (JSON-LD, og:title ...) and `headings` (level 1) stand in the order they are trusted; `whole`
    is `<title>`, whose tail or head is cut off where it is one of `sites` or another place shows its end.
    """
    known = [text for text in map(tidy, (*headings, *declared)) if text and len(text) <= MAX_TITLE]
    cut = cut_site_name(tidy(whole or ""), known, sites)[0]
    names = {fold(site) for site in sites if site}
    candidates = [text for text in known if fold(text) not in names] or known
    trimmed = [cut_site_name(text, [cut, *candidates], sites)[0] for text in candidates]
    if cut and len(cut) <= MAX_TITLE:
        trimmed.append(cut)
    if not trimmed:
        return None
    folded = [fold(text) for text in trimmed]
    votes = [sum(other == mine for other in folded) for mine in folded]
    best = max(votes)
    if best == 1:
        # Nobody agrees: what the page declares about itself, then <title>, for a lone heading is often a
        # section's or a sidebar's ("News", "Our mission": waddle's Polish pages).
        order = [cut_site_name(tidy(text), [cut], sites)[0] for text in declared] + [cut, *trimmed]
        return next((text for text in order if text in trimmed and fold(text) not in names), trimmed[0])
    return trimmed[votes.index(best)]


def cut_site_name(title: str, known: Sequence[str], sites: Sequence[str]) -> tuple[str, str]:
    """The title without its site's name, and that name ("" when nothing was cut).

    >>> cut_site_name("Water levels fall - The Daily", ["Water levels fall"], [])
    ('Water levels fall', 'The Daily')
    """
    marks = list(_SEPARATOR.finditer(title))
    if not marks or len(marks) > MAX_SEPARATORS:
        return title, ""
    sides = [(title[: mark.start()], title[mark.end() :]) for mark in marks]
    folded_sites = {fold(site) for site in sites if site}
    # A heading that is the site's name (its logo) is no evidence for a title.
    folded_known = {fold(text) for text in known} - folded_sites
    for head, tail in (sides[-1], sides[0]):
        if fold(tail) in folded_sites:
            return head, tail
        if fold(head) in folded_sites:
            return tail, head
    if fold(title) not in folded_known:
        for head, tail in sides:
            if fold(head) in folded_known:
                return head, tail
            if fold(tail) in folded_known:
                return tail, head
    return _cut_short_tail(title, marks, declared=fold(title) in folded_known)


def _cut_short_tail(title: str, marks: Sequence[re.Match[str]], *, declared: bool) -> tuple[str, str]:
    """Nothing else known: a short tail behind a longer head is the site's name on most pages.

    When the page declares the whole as its title too (og:title copied from <title>), only "|" still parts
    them: a dash may be the author's own.
    """
    last = marks[-1]
    head, tail = title[: last.start()], title[last.end() :]
    if declared and "|" not in last[0]:
        return title, ""
    if _CHINESE.search(head):
        # Chinese titles carry section and site: headline-section-site. Sections have up to ten characters.
        for mark in marks:
            tails = _SEPARATOR.split(title[mark.end() :])
            if mark.start() >= MIN_CHINESE_TITLE and all(len(one) <= MAX_CHINESE_SITE for one in tails):
                return title[: mark.start()], title[mark.end() :]
        return title, ""
    if len(tail) < len(head) and len(tail.split()) <= 4 and len(head.split()) >= 2:
        return head, tail
    return title, ""


def shorten_tail(tail: str, hosts: Sequence[str]) -> str:
    """The site's name within a tail of several parts ("Business_The Daily"), "" when none stands out."""
    parts = [part for part in _SEPARATOR.split(tail) if part.strip()]
    named = next((part for part in parts if fold(part) in hosts), None)
    if named or len(parts) <= 1:
        return named or tail
    # The last part, unless it is a slogan.
    return parts[-1] if len(parts[-1].split()) <= 4 else ""


def choose_site_name(declared: Sequence[str], title_tail: str) -> str | None:
    """The shortest of the names that agree (one holds the other), else the first; None when there is none."""
    names = [name for name in map(tidy, (*declared, title_tail)) if name and len(name) <= MAX_NAME]
    if not names:
        return None
    folded = [fold(name) for name in names]
    agreeing = [
        name
        for name, mine in zip(names, folded, strict=True)
        if mine and sum(mine in other or other in mine for other in folded if other) > 1
    ]
    return min(agreeing, key=len) if agreeing and names[0] in agreeing else names[0]


def choose_authors(values: Sequence[str], *, are_lists: bool) -> tuple[str, ...]:
    """The authors' names in order, each once, without "By", dates, mail addresses and robots.

    `are_lists` when one value may hold several names ("A. Beh and C. Dal").
    """
    names: dict[str, str] = {}
    for value in values:
        if len(names) >= MAX_AUTHORS:
            break
        if len(value) > MAX_VALUE or _SENTENCE.search(value):
            continue
        for one in _split(value)[:MAX_AUTHORS] if are_lists else (value,):
            name = clean_author(one)
            if name:
                names.setdefault(fold(name), name)
    return tuple(names.values())


def clean_author(value: str) -> str | None:
    """The name in `value`, or None when there is none.

    >>> clean_author("By Jane Roe, March 5, 2019")
    'Jane Roe'
    """
    name = _MAIL.sub(" ", plain_text(value))
    name = _without_byline(name.strip())
    head, _, tail = name.partition(",")
    if tail and read_date(tail) is not None:
        name = head
    name = name.strip(" \t,;:|-–—•·@*/")
    if len(name) > MAX_NAME or len(name.split()) > MAX_NAME_WORDS or _NOT_A_NAME.search(name):
        return None
    if name.casefold() in _ROBOTS or not any(char.isalpha() for char in name) or read_date(name) is not None:
        return None
    return name


_SEPARATORS = " |-–—•·:\u200b\ufeff"


def tidy(text: str) -> str:
    """`text` without tags and entities, white space folded, and no separators at its ends."""
    return plain_text(text).strip(" |-–—·•»«:\u200b\ufeff")


def fold(text: str) -> str:
    """Letters and digits alone, case-folded: two titles are one when these are equal."""
    return _NO_LETTER.sub("", text.casefold())


def _split(value: str) -> list[str]:
    parts = _LIST_MARK.split(value)
    if len(parts) > 1:
        return [one for part in parts for one in _split_at_commas(part)]
    return _split_at_commas(value)


def _split_at_commas(value: str) -> list[str]:
    parts = [part.strip() for part in value.split(",")]
    # "Roe, Jane" is one name, turned round as catalogues do; "Jane Roe, John Doe" are two.
    if len(parts) == 1 or any(len(part.split()) < 2 for part in parts):
        return [value]
    return parts


def _without_byline(name: str) -> str:
    folded = name.casefold()
    for phrase in _bylines():
        if folded.startswith(phrase):
            rest = name[len(phrase) :]
            if rest[:1] in {":", "：", "/"} or (rest[:1].isspace() and rest.strip()):
                return rest.lstrip(" \t:：/")
    return name


@cache
def _bylines() -> tuple[str, ...]:
    return tuple(sorted((row[0] for row in read_table("metadata-bylines")), key=len, reverse=True))
