"""An HTTP response as a crawler stored it -> status, headers and body.

Sources: RFC 9110, RFC 9112; what servers really send.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from archiver.readers.codings import Undone, join_chunks, undo_codings


class Response(NamedTuple):
    """A stored response, its body as it travelled."""

    status: int

    headers: tuple[tuple[str, str], ...]
    """(name in lower case, value), in their order, repeated ones too."""

    body: bytes
    """With its chunks and codings."""

    def header(self, name: str) -> str | None:
        """The first value of a header; None without one."""
        return next((value for given, value in self.headers if given == name), None)


class Payload(NamedTuple):
    """A body with everything undone that was done to it for the way."""

    data: bytes

    joined: bytes
    """The body with its chunks joined, codings left: what some writers take digests of."""

    cuts: tuple[str, ...] = ()
    """Why there is less than there was."""

    unknown: str | None = None
    """The coding that can't be undone; None when there is none."""


USED_HEADERS = ("content-type", "content-encoding", "transfer-encoding", "content-language", "last-modified", "date")
"""The headers that the reading of a body uses, or that date it: what a record keeps."""

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?=[ \t\r\n]|$)", re.IGNORECASE)
_HEAD_END = re.compile(rb"\r?\n\r?\n")
# Servers stop at 8 to 64 KiB; what has no empty line by then has no head.
_MAX_HEAD = 1024 * 1024


def parse_response(block: bytes) -> Response | None:
    """The response in a record's block; None when it does not begin with a status line. Never raises.

    Headers are read as UTF-8, or else as Latin-1, as older servers meant them.
    """
    status = _STATUS.match(block)
    if status is None:
        return None
    end = _HEAD_END.search(block, 0, _MAX_HEAD)
    head, body = (block[: end.start()], block[end.end() :]) if end else (block[:_MAX_HEAD], b"")
    headers: list[tuple[str, str]] = []
    for line in head.split(b"\n")[1:]:
        text = _decoded(line.rstrip(b"\r"))
        if text[:1] in (" ", "\t") and headers:
            # Folded lines, which RFC 7230 did away with.
            headers[-1] = (headers[-1][0], f"{headers[-1][1]} {text.strip()}")
            continue
        name, colon, value = text.partition(":")
        if colon and name.strip():
            headers.append((name.strip().lower(), value.strip()))
    return Response(int(status[1]), tuple(headers), body)


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def read_payload(response: Response) -> Payload:
    """The body with its chunks joined and its codings undone, and what went wrong with them. Never raises."""
    codings = _tokens(response, "content-encoding")
    transfers = _tokens(response, "transfer-encoding")
    joined = join_chunks(response.body) if "chunked" in transfers else None
    joined = joined or Undone(response.body)
    # A transfer coding beside `chunked` is undone after the joining of chunks and before the content codings.
    undone = undo_codings(joined.data, [*codings, *(name for name in transfers if name != "chunked")])
    cuts = tuple(filter(None, (joined.fault, undone.fault)))
    return Payload(undone.data, joined.data, cuts, undone.unknown)


def _tokens(response: Response, name: str) -> list[str]:
    values = ",".join(value for given, value in response.headers if given == name)
    return [token.strip().lower() for token in values.split(",") if token.strip()]
