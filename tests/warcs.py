"""WARC and ARC files written by hand, byte by byte, so that what is wrong with them is what a test wants."""

from __future__ import annotations

import base64
import bz2
import gzip
import hashlib
import io
import lzma
import zipfile
from collections.abc import Mapping, Sequence

import zstandard

PAGES = [
    (
        "https://example.ir/khabar/12",
        "text/html; charset=utf-8",
        "<!doctype html><html lang=fa><title>تالاب نیزار دوباره پر آب شد</title><h1>تالاب نیزار دوباره پر آب شد</h1>"
        "<p>پس از سه سال خشکی، آب به تالاب نیزار بازگشت و نخستین دستهٔ پرندگان مهاجر در آن فرود آمدند.</p>",
    ),
    (
        "http://novosti.example.ru/2009/",
        "text/html; charset=windows-1251",
        "<html><head><title>Мост открыт</title></head><body><h1>Мост открыт</h1><p>После ремонта, который длился два "
        "года, движение по мосту открыли в понедельник утром.</p></body></html>",
    ),
    (
        "https://example.org/market",
        "text/html",
        "<html><title>The market</title><h1>The market moves</h1><p>From March on the market stands on the square "
        "behind the station, every Friday from eight to two.</p></html>",
    ),
]
"""(address, type, markup) of pages as servers sent them."""

CHARSETS = {"text/html; charset=windows-1251": "windows-1251"}
DATE = "2024-05-31T10:00:00Z"


def body_of(page: Sequence[str]) -> bytes:
    """The bytes of a page in the charset that its type tells."""
    return page[2].encode(CHARSETS.get(page[1], "utf-8"))


def sha1(data: bytes) -> str:
    """A digest as crawlers write it."""
    return f"sha1:{base64.b32encode(hashlib.sha1(data).digest()).decode()}"


def http(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A response as it is stored."""
    return "\r\n".join((f"HTTP/1.1 {status}", *headers, "", "")).encode() + body


def record(kind: str, block: bytes, *fields: str, length: int | str | None = None, version: str = "1.0") -> bytes:
    """A WARC record; `length` lies, "" leaves it out."""
    told = len(block) if length is None else length
    head = [f"WARC/{version}", f"WARC-Type: {kind}", *fields]
    if told != "":
        head.append(f"Content-Length: {told}")
    return "\r\n".join((*head, "", "")).encode() + block + b"\r\n\r\n"


def response(url: str, block: bytes, *fields: str, number: int = 1, **how: object) -> bytes:
    """A record with an HTTP response."""
    return record(
        "response",
        block,
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>",
        f"WARC-Target-URI: {url}",
        f"WARC-Date: {DATE}",
        "Content-Type: application/http; msgtype=response",
        *fields,
        **how,
    )


INFO = record("warcinfo", b"software: by hand\r\n", f"WARC-Date: {DATE}", "WARC-Record-ID: <urn:uuid:0>")


def records(pages: Sequence[Sequence[str]] = PAGES) -> list[bytes]:
    """A warcinfo, and for each page a response and its request."""
    found = [INFO]
    for number, page in enumerate(pages, 1):
        body = body_of(page)
        block = http(body, f"Content-Type: {page[1]}", f"Content-Length: {len(body)}")
        found.append(response(page[0], block, f"WARC-Payload-Digest: {sha1(body)}", number=number))
        found.append(record("request", b"GET / HTTP/1.1\r\n\r\n", f"WARC-Target-URI: {page[0]}", f"WARC-Date: {DATE}"))
    return found


def arc(pages: Sequence[Sequence[str]] = PAGES) -> list[bytes]:
    """The same as an ARC of version 1."""
    info = b"1 0 By hand\nURL IP-address Archive-date Content-type Archive-length\n"
    found = [b"filedesc://by-hand.arc 0.0.0.0 20240531100000 text/plain %d\n" % len(info) + info + b"\n"]
    for url, kind, markup in pages:
        block = http(body_of((url, kind, markup)), f"Content-Type: {kind}")
        line = f"{url} 192.0.2.1 20240531100000 {kind.partition(';')[0]} {len(block)}\n"
        found.append(line.encode() + block + b"\n")
    return found


WHOLE = {
    "whole-gzip": lambda data: gzip.compress(data, mtime=0),
    "whole-bzip2": bz2.compress,
    "whole-xz": lzma.compress,
}


def packed(parts: Sequence[bytes], how: str) -> bytes:
    """The records as a file: `plain`, `gzip` (one member a record), `zstd`, `zstd-dictionary`; all of them in one
    member: `whole-gzip`, `whole-bzip2`, `whole-xz`.
    """
    if how == "gzip":
        return b"".join(gzip.compress(part, mtime=0) for part in parts)
    if how.startswith("whole-"):
        return WHOLE[how](b"".join(parts))
    if how == "zstd":
        return b"".join(zstandard.ZstdCompressor().compress(part) for part in parts)
    if how == "zstd-dictionary":
        words = zstandard.ZstdCompressionDict(b"".join(parts)[:4000])
        frame = b"\x5d\x2a\x4d\x18" + len(words.as_bytes()).to_bytes(4, "little") + words.as_bytes()
        packer = zstandard.ZstdCompressor(dict_data=words)
        return frame + b"".join(packer.compress(part) for part in parts)
    assert how == "plain"
    return b"".join(parts)


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip file, its members stored as a WACZ's are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()
