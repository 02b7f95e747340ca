"""Keys of addresses as the indexes of other programs have them: the library `surt` is the judge, and no part of the
program.
"""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
import surt
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.urlkeys import index_key, urlkey

CASES = json.loads((Path(__file__).parent / "cases" / "metadata" / "index-keys.json").read_text("utf-8"))


def resolved(host):
    return host, [], [socket.inet_ntoa(socket.inet_aton(host.decode()))]


@pytest.fixture(autouse=True, scope="module")
def no_network():
    """surt asks the resolver what an IPv4 address is; the C library knows by itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "gethostbyname_ex", resolved)
        yield


@pytest.mark.parametrize("case", [pytest.param(case, id=case["label"]) for case in CASES])
def test_index_key(case):
    assert index_key(case["input"]) == case["expected"]
    assert surt.surt(case["input"]) == case.get("surt", case["expected"])


SESSION = "0123456789abcdef0123456789abcdef"


def pieces(*choices, most):
    return st.lists(st.sampled_from(choices), max_size=most).map("".join)


USERS = st.sampled_from(["", "", "user@", "user:secret@", "a%40b:@", "a@b@"])
NAMES = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "", "www.", "WWW3.", ".", "1.", "xn--e1afmkfd."]),
    pieces("a", "B", "www", "-", "_", ".", "..", "é", "пр", "例", "。", "%2e", "%25", "%D0%BF", "%20", "08", most=4),
    st.sampled_from(["a.org", "b.CO.uk", "c.рф", "d.org.", "e", "f.org.."]),
)
NUMBERS = st.one_of(
    st.integers(0, 2**32 - 1).map(str),
    st.tuples(st.integers(0, 255), st.integers(0, 2**24 - 1)).map("{0[0]}.{0[1]}".format),
    st.tuples(*[st.integers(0, 255).flatmap(lambda byte: st.sampled_from([f"{byte}", f"0{byte:o}", f"{byte:#x}"]))] * 4)
    .map(".".join),
)  # fmt: skip
HOSTS = NAMES | NUMBERS | st.ip_addresses(v=6).map("[{}]".format)
PORTS = st.sampled_from(["", "", ":", ":80", ":443", ":080", ":8080", ":65535"])
PATHS = pieces(
    "/", "/", "a", "B", ".", "..", "//", "/./", "/../", "%2e", "%2F", "%252e", "%25", "%", "%zz", "%41", "%3f", "%23",
    "é", "%C3%89", "%0a", "%7f", ";", "=", "&", "~", "+", '"', "\\", "|", f";jsessionid={SESSION}", ".aspx", "/b.aspx",
    f"(S({SESSION[:24]}))/", f"/(S({SESSION[:24]})F({SESSION[:24]}))/", f"/({SESSION[:24]})/", "http://", most=9,
)  # fmt: skip
QUERIES = pieces(
    "&", "&", "a", "b", "C", "=", "1", "?", "/", ";", "+", "é", "%", "%26", "%3d", "%2526", "%20", "%23", "%0a",
    "sid=", "jsessionid=", "PHPSESSID=", "cfid=", "&cftoken=", "aspsessionidabcdefgh=", "a" * 24, SESSION, SESSION,
    "utm_source=x", most=9,
)  # fmt: skip
ADDRESSES = st.builds(
    "{}{}{}{}{}{}{}".format,
    st.sampled_from(["http://", "https://", "HTTP://", "http://https://", "https://http://http://"]),
    USERS, HOSTS, PORTS,
    st.just("") | PATHS.map("/{}".format),
    st.just("") | QUERIES.map("?{}".format),
    st.sampled_from(["", "", "#", "#a?b"]),
)  # fmt: skip


@settings(deadline=None, max_examples=1000)
@given(ADDRESSES)
def test_every_key_is_the_one_of_surt(address):
    assert index_key(address) == surt.surt(address)


@settings(deadline=None)
@given(ADDRESSES)
def test_what_visitors_add_is_all_that_is_left_out(address):
    key, indexed = urlkey(address), index_key(address)
    assert (key is None) == (indexed is None)
    if not any(sign in address for sign in (";", "=")):
        assert key == indexed


@settings(deadline=None)
@given(ADDRESSES)
def test_keys_are_ascii_and_lower_case(address):
    key = index_key(address) or ""
    assert key.isascii()
    assert key == key.lower()
    assert key.isprintable()
