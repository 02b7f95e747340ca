"""Addresses: replays unwrapped, keys made, and never an exception."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from archiver.addresses import absolute_address, is_short_snapshot, is_web_address, unwrap_replay
from archiver.tables import read_table
from archiver.urlkeys import index_key, urlkey

CASES = Path(__file__).parent / "cases" / "metadata"


def cases(name):
    return [pytest.param(case, id=case["label"]) for case in json.loads((CASES / f"{name}.json").read_text("utf-8"))]


@pytest.mark.parametrize("case", cases("addresses"))
def test_unwrap_replay(case):
    url, time, tool = unwrap_replay(case["input"])
    assert [url, time and time.isoformat(), tool] == case["expected"]


@pytest.mark.parametrize("case", cases("keys"))
def test_urlkey(case):
    assert urlkey(case["input"]) == case["expected"]


@pytest.mark.parametrize(("host", "tool"), read_table("address-replays"))
def test_each_archive_of_the_table_is_unwrapped(host, tool):
    found = unwrap_replay(f"https://{host}/all/20190305102231/http://example.org/")
    assert (found[0], found[2]) == ("http://example.org/", tool)


@settings(deadline=None)
@given(st.text() | st.text().map(lambda text: f"http://{text}"))
def test_any_text_has_an_answer(text):
    assert isinstance(is_web_address(text), bool)
    assert isinstance(is_short_snapshot(text), bool)
    key = urlkey(text)
    assert key is None or is_web_address(text)
    absolute = absolute_address(text, "http://example.org/a/b")
    assert absolute is None or is_web_address(absolute)


@settings(deadline=None)
@given(st.text() | st.text().map(lambda text: f"https://web.archive.org/web/20190305102231/{text}"))
def test_what_is_unwrapped_once_stays(text):
    url, _, _ = unwrap_replay(text)
    if unwrap_replay(url)[2] is None:
        assert unwrap_replay(url)[0] == url
    assert urlkey(url) == urlkey(unwrap_replay(url)[0])


@settings(deadline=None)
@given(
    st.from_regex(r"https?://[a-z]{1,9}\.example(/[a-z0-9%._~-]{0,9}){0,3}(\?[a-z]=[0-9a-z]{0,5})?", fullmatch=True),
    st.sampled_from(
        [
            "https://web.archive.org/web/20190305102231id_/",
            "/web/20190305102231/",
            "//arquivo.pt/wayback/20190305102231/",
        ]
    ),
)
def test_a_wrapped_address_has_the_key_of_the_address(url, prefix):
    assert unwrap_replay(prefix + url)[0] == url
    assert urlkey(unwrap_replay(prefix + url)[0]) == urlkey(url)


PARAMETERS = read_table("address-parameters")
ADDRESSES = st.from_regex(
    r"https?://(www\.)?[a-z]{1,9}\.example(:8080)?(/[a-z0-9%._~;=-]{0,9}){0,3}"
    r"(\?[a-z]{1,3}=[0-9a-z%;]{0,5}(&[a-z]{1,3}(=[0-9a-z]{0,5})?){0,3})?",
    fullmatch=True,
)
SESSIONS = st.from_regex(r"[0-9a-f]{32}", fullmatch=True).filter(
    lambda text: re.search("[0-9]", text) and re.search("[a-f]", text)
)


@pytest.mark.parametrize("row", PARAMETERS, ids=lambda row: row[1])
@settings(deadline=None, max_examples=20)
@given(address=ADDRESSES, value=st.from_regex(r"[\w.~-]{0,9}", fullmatch=True), session=SESSIONS, data=st.data())
def test_a_parameter_of_the_table_changes_no_key(row, address, value, session, data):
    _, name, kind = row
    added = f"{name.replace('*', 'campaign')}={value if kind == 'any' else session}"
    path, mark, query = address.partition("?")
    parts = query.split("&") if mark else []
    place = data.draw(st.integers(0, len(parts)))
    assert urlkey(f"{path}?{'&'.join([*parts[:place], added, *parts[place:]])}") == urlkey(address)


@settings(deadline=None)
@given(ADDRESSES, st.sampled_from([row[1] for row in PARAMETERS if row[0] == "session" and row[2] == "any"]))
def test_a_session_in_the_path_changes_no_key(address, name):
    path, mark, query = address.partition("?")
    assume("/" in path.partition("://")[2])
    assert urlkey(f"{path};{name.replace('*', 'x')}=1F2E.node1{mark}{query}") == urlkey(address)


@settings(deadline=None)
@given(ADDRESSES, st.data())
def test_spellings_of_an_address_share_its_key(address, data):
    scheme, _, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    ported = host if ":" in host or "?" in host else f"{host}:{80 if scheme == 'http' else 443}"
    spelling = data.draw(
        st.sampled_from(
            [
                address.upper().replace(scheme.upper(), scheme, 1),
                f"{address}#part",
                f"{scheme}://user:secret@{rest}",
                f"{scheme}://{ported}{slash}{path}",
                f"{scheme}://www.{host.removeprefix('www.')}{slash}{path}",
                f"{'https' if scheme == 'http' else 'http'}://{rest}",
            ]
        )
    )
    assert urlkey(spelling) == urlkey(address)


def test_indexes_of_others_keep_tracking_parameters():
    address = "http://www.example.org/a?utm_source=feed"
    assert (index_key(address), urlkey(address)) == ("org,example)/a?utm_source=feed", "org,example)/a")


def test_no_key_asks_the_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("asked for a host")

    monkeypatch.setattr(socket, "gethostbyname_ex", refuse)
    assert urlkey("http://1234.5678.9/") is None
    assert urlkey("http://08.1.1.1/") is None
