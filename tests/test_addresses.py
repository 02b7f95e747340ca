"""Addresses: replays unwrapped, keys made, and never an exception."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.addresses import absolute_address, is_short_snapshot, is_web_address, unwrap_replay, urlkey
from archiver.tables import read_table

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
