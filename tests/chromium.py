"""A real Chromium that saves pages as MHTML, driven over its DevTools protocol (Target, Page; a pipe, no port).

`make chromium` installs the browser; the tests that need it say so where it is missing.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Debian's name for it, Ubuntu's, and those of Google's own package.
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# With --remote-debugging-pipe the browser reads commands from descriptor 3 and answers on descriptor 4.
_PIPE = 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1'

_FLAGS = (
    "--headless", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update", "--disable-extensions",
    # Root is what containers run as, and there Chromium's own sandbox does not start.
    "--no-sandbox",
    # Nothing but the pages that the test serves is reached.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip

# Saving a sample takes a second at most on two busy cores; a browser that is silent for so long hangs, and is ended.
_PATIENCE_SECONDS = 120


def find_chromium() -> str | None:
    """The browser's program, or None where none is installed."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


class Chromium:
    """A running browser."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._unread = b""
        self._last = 0
        target = self._call("Target.createTarget", {"url": "about:blank"})["targetId"]
        attached = self._call("Target.attachToTarget", {"targetId": target, "flatten": True})
        self._session = attached["sessionId"]
        self._call("Page.enable", {})

    def save(self, url: str) -> bytes:
        """The page at an address as its MHTML, once it has loaded. Raises AssertionError when it can't be reached."""
        self._show(url)
        return self._call("Page.captureSnapshot", {"format": "mhtml"})["data"].encode()

    def run(self, url: str, script: str) -> object:
        """What a script gives that is run in the page at an address, as JSON has it."""
        self._show(url)
        found = self._call("Runtime.evaluate", {"expression": script, "returnByValue": True, "awaitPromise": True})
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def _show(self, url: str) -> None:
        moved = self._call("Page.navigate", {"url": url})
        assert "errorText" not in moved, f"{url}: {moved['errorText']}"
        while self._receive().get("method") != "Page.loadEventFired":
            pass

    def _call(self, method: str, parameters: dict[str, object]) -> dict[str, object]:
        self._last += 1
        message = {"id": self._last, "method": method, "params": parameters}
        if not method.startswith("Target."):
            message["sessionId"] = self._session
        self._process.stdin.write(json.dumps(message).encode() + b"\0")
        self._process.stdin.flush()
        while (answer := self._receive()).get("id") != self._last:
            pass
        assert "error" not in answer, f"{method}: {answer['error']}"
        return answer["result"]

    def _receive(self) -> dict[str, object]:
        guard = threading.Timer(_PATIENCE_SECONDS, self._process.kill)
        guard.start()
        while b"\0" not in self._unread:
            chunk = self._process.stdout.read1()
            assert chunk, "Chromium ended, or was ended for its silence"
            self._unread += chunk
        guard.cancel()
        message, _, self._unread = self._unread.partition(b"\0")
        return json.loads(message)


@contextmanager
def running() -> Iterator[Chromium]:
    """A browser with a fresh profile, for as long as the block lasts."""
    program = find_chromium()
    assert program, "no Chromium: `make chromium` installs it"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = ["sh", "-c", _PIPE, "sh", program, f"--user-data-dir={profile}", *_FLAGS]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            yield Chromium(process)
        finally:
            process.kill()
            process.communicate()


@contextmanager
def serving(pages: Mapping[str, tuple[str, bytes]]) -> Iterator[str]:
    """The address under which pages are served on this machine, without a `/` at its end.

    `pages` holds path -> (`Content-Type`, body).
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content_type, body = pages.get(self.path, ("", b""))
            self.send_response(200 if content_type else 404)
            self.send_header("Content-Type", content_type or "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing on stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
