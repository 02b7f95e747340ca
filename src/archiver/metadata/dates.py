"""Dates as pages write them, brought to ISO 8601 with the precision and the offset they were given."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from archiver.tables import read_table

# The first web page is of 1990-12-20; an earlier date is of a thing told about, or a clock's zero (1970).
FIRST_YEAR = 1990
# Longer values are sentences; JavaScript's "Wed Sep 30 2020 10:15:30 GMT+0300 (Moscow Standard Time)" has 60.
MAX_DATE_LENGTH = 100
# Solar Hijri years that stand for 1921 to 2122, where its 33-year cycle is exact (Borkowski 1996, see below).
JALALI_YEARS = range(1300, 1501)
JALALI_LANGUAGES = frozenset({"fa", "ps", "prs"})
# Thailand counts years from 543 BC: 2500 to 2599 are 1957 to 2056.
BUDDHIST_YEARS = range(2500, 2600)
# Years to take off.
BUDDHIST_OFFSET = 543

# Remainders by 33 of the Solar Hijri calendar's leap years, and a Nowruz to count from: 1400-01-01.
# Source: K. M. Borkowski, The Persian calendar for 3000 years, Earth, Moon and Planets 74 (1996) 223-230.
_JALALI_LEAP = (1, 5, 9, 13, 17, 22, 26, 30)
_JALALI_CYCLE = 33
_NOWRUZ_1400 = date(2021, 3, 21)

# RFC 822 section 5.1; Z and GMT are told apart from +00:00 by nobody.
_ZONES = {
    "Z": "Z", "UTC": "Z", "GMT": "Z", "EST": "-05:00", "EDT": "-04:00", "CST": "-06:00", "CDT": "-05:00",
    "MST": "-07:00", "MDT": "-06:00", "PST": "-08:00", "PDT": "-07:00",
}  # fmt: skip

_TIME = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2})[:h](?P<minute>\d\d)(?::(?P<second>\d\d)(?P<fraction>[.,]\d{1,9})?)?(?!\d)"
    r"(?:\s*(?P<half>[ap])\.?m\b\.?)?"
    r"\s*(?P<zone>(?:GMT|UTC)?[+\-\u2212]\d\d:?(?:\d\d)?(?!\d)|Z\b|UTC\b|GMT\b|[ECMP][SD]T\b)?",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d))?(Z?)")
_EAST_ASIAN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월](?:\s*(\d{1,2})\s*[日일])?")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4})(?!\d)")
_YEAR_ALONE = re.compile(r"\d{4}")
_UNIX_TIME = re.compile(r"(1?\d{9})(\d{3})?")
# Words by what parts them, since vowel signs (Thai, Hindi) are no \w.
_WORD_OR_NUMBER = re.compile(r"\d+|[^\s\d.,:;/|()\[\]،-]+")


class Moment(NamedTuple):
    """A date read from a page."""

    text: str
    """ISO 8601, as precise as it was given, with its offset if one was given."""

    day: date
    """Its day; the first one for a month or a year."""

    instant: datetime | None
    """In UTC, a time without an offset taken for UTC; None when no time was given."""

    has_offset: bool
    """True when the offset was given."""


def read_date(value: str, language: str | None = None) -> Moment | None:
    """The date that `value` holds, or None: not a date, not a real one, or earlier than the web.

    `language` (a BCP 47 tag) decides the calendar: the years 1300 to 1500 are Solar Hijri in Persian and
    Pashto and converted exactly, 2500 to 2599 Buddhist in Thai. Digits of any script are read. 3/4/2019 is
    None: nobody can tell which is the month. Unix times of 10 or 13 digits are read as such.

    >>> read_date("Tue, 05 Mar 2019 10:22:31 +0100").text
    '2019-03-05T10:22:31+01:00'
    >>> read_date("۱۴۰۲-۱۱-۲۹", "fa").text
    '2024-02-18'
    """
    value = _ascii_digits(value.strip())
    if not value or len(value) > MAX_DATE_LENGTH:
        return None
    if value.isdigit() and len(value) in {10, 13}:
        return _from_unix_time(value)
    compact = _COMPACT.fullmatch(value)
    if compact:
        year, month, day, hour, minute, second, zone = compact.groups()
        value = f"{year}-{month}-{day}" + (f"T{hour}:{minute}:{second}{zone}" if hour else "")
    clock = _TIME.search(value)
    rest = value[: clock.start()] + " " + value[clock.end() :] if clock else value
    parts = _numeric_parts(rest) or _worded_parts(rest)
    if parts is None:
        return None
    parts = _gregorian(parts, (language or "").partition("-")[0])
    if parts is None or not _is_real(parts):
        return None
    return _moment(parts, clock)


def not_later(moment: Moment, captured_at: datetime | None) -> str | None:
    """The moment's text if it does not lie after the capture, else None.

    A time without an offset that lies after it on the same day loses the time: it is evening in Tokyo.
    """
    if captured_at is None:
        return moment.text
    captured_at = captured_at.astimezone(UTC) if captured_at.tzinfo else captured_at.replace(tzinfo=UTC)
    if moment.instant is not None and moment.instant <= captured_at:
        return moment.text
    if moment.day > captured_at.date() or moment.has_offset:
        return None
    return moment.day.isoformat() if moment.instant is not None else moment.text


def from_jalali(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of a Solar Hijri date of the years 1300 to 1500, or None when there is no such day.

    >>> from_jalali(1357, 11, 22).isoformat()
    '1979-02-11'
    """
    leap = year % _JALALI_CYCLE in _JALALI_LEAP
    # Six months of 31 days, five of 30, Esfand of 29 or 30.
    lengths = [31] * 6 + [30] * 5 + [30 if leap else 29]
    if year not in JALALI_YEARS or not 1 <= month <= 12 or not 1 <= day <= lengths[month - 1]:
        return None
    days = 365 * (year - 1400) + _leap_years_before(year) - _leap_years_before(1400)
    return _NOWRUZ_1400 + timedelta(days=days + sum(lengths[: month - 1]) + day - 1)


def _leap_years_before(year: int) -> int:
    cycles, remainder = divmod(year, _JALALI_CYCLE)
    return cycles * len(_JALALI_LEAP) + sum(leap < remainder for leap in _JALALI_LEAP)


class _Parts(NamedTuple):
    year: int
    month: int
    day: int
    """0 for a month or a day that was not given."""
    jalali: bool = False


def _ascii_digits(value: str) -> str:
    if value.isascii():
        return value
    # int() reads the decimal digits of every script; U+200E and its like stand around dates in rtl pages.
    value = "".join(str(int(char)) if char.isdecimal() else char for char in value)
    return re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", value)


def _numeric_parts(text: str) -> _Parts | None:
    match = _YEAR_FIRST.search(text)
    if match:
        return _Parts(int(match[1]), int(match[3]), int(match[4] or 0))
    match = _EAST_ASIAN.search(text)
    if match:
        return _Parts(int(match[1]), int(match[2]), int(match[3] or 0))
    match = _DAY_FIRST.search(text)
    if match:
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if match[2] == "." or first > 12 or first == second:
            return _Parts(year, second, first)
        return _Parts(year, first, second) if second > 12 else None
    if _YEAR_ALONE.fullmatch(text.strip()):
        return _Parts(int(text), 0, 0)
    return None


def _worded_parts(text: str) -> _Parts | None:
    tokens = _WORD_OR_NUMBER.findall(text.casefold())
    years = [token for token in tokens if len(token) == 4 and token.isdigit()]
    days = [token for token in tokens if len(token) <= 2 and token.isdigit()]
    if len(years) != 1 or len(days) > 1:
        return None
    months = _months()
    pairs = (f"{first} {second}" for first, second in pairwise(tokens))
    named = [months[name] for name in (*pairs, *tokens) if name in months]
    # "mars" and "1er mars 2019 ... mai": two months are a span, and a span is no date.
    if not named or any(month != named[0] for month in named):
        return None
    day = int(days[0]) if days else 0
    calendar, _, number = named[0].rpartition("-")
    return _Parts(int(years[0]), int(number), day, calendar == "jalali")


@cache
def _months() -> dict[str, str]:
    return {row[0]: row[1] for row in read_table("months")}


def _gregorian(parts: _Parts, primary: str) -> _Parts | None:
    persian = parts.jalali or primary in JALALI_LANGUAGES
    if parts.year in JALALI_YEARS and persian:
        # A Solar Hijri month lies in two Gregorian ones: without a day there is nothing exact to say.
        day = from_jalali(parts.year, parts.month, parts.day)
        return _Parts(day.year, day.month, day.day) if day else None
    if parts.jalali:
        return None
    if parts.year in BUDDHIST_YEARS and primary == "th":
        return parts._replace(year=parts.year - BUDDHIST_OFFSET)
    return parts


def _is_real(parts: _Parts) -> bool:
    if parts.year < FIRST_YEAR:
        return False
    try:
        date(parts.year, parts.month or 1, parts.day or 1)
    except ValueError:
        return False
    return bool(parts.month) or not parts.day


def _moment(parts: _Parts, clock: re.Match[str] | None) -> Moment:
    day = date(parts.year, parts.month or 1, parts.day or 1)
    if not parts.day:
        text = f"{parts.year:04}-{parts.month:02}" if parts.month else f"{parts.year:04}"
        return Moment(text, day, None, has_offset=False)
    time = _clock_text(clock) if clock else None
    if time is None:
        return Moment(day.isoformat(), day, None, has_offset=False)
    digits, offset = time
    text = f"{day.isoformat()}T{digits}{offset}"
    try:
        # fromisoformat takes fractions of any length since 3.11.
        instant = datetime.fromisoformat(text)
        instant = instant.astimezone(UTC) if offset else instant.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        # 24:00, a leap second, an offset of +99:00; the year 9999 moved by an offset.
        return Moment(day.isoformat(), day, None, has_offset=False)
    return Moment(text, day, instant, has_offset=bool(offset))


def _clock_text(clock: re.Match[str]) -> tuple[str, str] | None:
    hour = int(clock["hour"])
    if clock["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if clock["half"].lower() == "p" else 0)
    digits = f"{hour:02}:{clock['minute']}"
    if clock["second"]:
        digits += f":{clock['second']}" + (clock["fraction"] or "").replace(",", ".")
    return digits, _offset(clock["zone"] or "")


def _offset(zone: str) -> str:
    zone = zone.upper().replace("\u2212", "-")
    if not zone or zone in _ZONES:
        return _ZONES.get(zone, "")
    zone = zone.removeprefix("GMT").removeprefix("UTC")
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"


def _from_unix_time(value: str) -> Moment | None:
    match = _UNIX_TIME.fullmatch(value)
    if match is None:
        return None
    # Milliseconds are a machine's; the second is what a person set.
    instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(match[1]))
    if instant.year < FIRST_YEAR:
        return None
    return Moment(instant.strftime("%Y-%m-%dT%H:%M:%SZ"), instant.date(), instant, has_offset=True)
