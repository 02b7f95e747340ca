"""`archiver diff` on the command line: what A and B may be, the forms of the answer, wrong usage."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from archiver.cli import main

BEFORE = """<!DOCTYPE html><html lang="en"><head><title>Ferry</title></head><body><main><h1>Ferry</h1>
<p>The ferry to the island leaves every morning at 9 from the old pier and comes back at noon with the mail.</p>
<p>Tickets are sold in the harbour office, where the <a href="/prices">prices</a> hang beside the door.</p>
</main></body></html>"""
AFTER = BEFORE.replace("at 9", "at 8").replace("/prices", "/prices-new")


@pytest.fixture
def pages(tmp_path: Path) -> tuple[str, str]:
    paths = tmp_path / "a.html", tmp_path / "b.html"
    for path, text in zip(paths, (BEFORE, AFTER), strict=True):
        path.write_text(text, "utf-8")
    return str(paths[0]), str(paths[1])


def test_pages_are_cleaned_and_compared(pages: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *pages]) == 0
    told = capsys.readouterr().out
    assert "replaced 0.60 number 9 → 8" in told and "[-9-]{+8+}" in told and "\x1b" not in told
    assert told.endswith("1 number changed (9 → 8)\n")


def test_a_page_and_the_record_of_another(
    pages: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", "--json", pages[1], "--url", "https://example.org/"]) == 0
    record = tmp_path / "b.json"
    record.write_text(capsys.readouterr().out, "utf-8")
    assert main(["diff", pages[0], str(record), "--format", "json"]) == 0
    form = json.loads(capsys.readouterr().out)
    assert (form["summary"], form["after"]["url"]) == ("1 number changed (9 → 8)", "https://example.org/")


def test_links_on_demand(pages: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *pages]) == 0
    assert "prices-new" not in capsys.readouterr().out
    assert main(["diff", *pages, "--links"]) == 0
    assert "retargeted prices </prices> → </prices-new>\n1 link changed\n" in capsys.readouterr().out


def test_what_weighs_less_is_left_out(pages: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *pages, "--least-significance", "0.7"]) == 0
    assert capsys.readouterr().out == "nothing of significance 0.7 or more\n"


@pytest.mark.parametrize("form", ["unified", "json", "html", "terminal"])
def test_every_form_can_go_to_a_file(
    form: str, pages: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["diff", *pages, "--format", form, "-o", str(out)]) == 0
    assert capsys.readouterr() == ("", "")
    assert "8" in out.read_text("utf-8")


def test_no_difference_is_said_and_is_no_fault(pages: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", pages[0], pages[0]]) == 0
    assert capsys.readouterr().out == "no difference\n"


def test_texts_are_compared_as_they_stand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a").write_bytes(b"Menu\r\none\n")
    (tmp_path / "b").write_bytes(b"Menu\r\ntwo\n")
    assert main(["diff", "--text", str(tmp_path / "a"), str(tmp_path / "b"), "--format", "unified"]) == 0
    assert capsys.readouterr().out == "--- a\n+++ b\n@@ -1,2 +1,2 @@\n Menu\r\n-one\n+two\n"


def test_colour_on_a_terminal(
    pages: tuple[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "")
    assert main(["diff", *pages]) == 0
    told = capsys.readouterr().out
    assert "\x1b[" in told and "[-" not in told.replace("\x1b[", "")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["-", "-"], 2, "A and B cannot both be stdin"),
        (["{a}", "{a}.none"], 2, "none"),
        (["{a}", "{empty}"], 1, "a failed capture has no text"),
        (["--text", "{a}", "{bad}"], 2, "not UTF-8 at byte 1"),
        (["{a}", "{a}", "--context", "-1"], 2, "is no number from 0 up"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage(
    arguments: list[str],
    code: int,
    said: str,
    pages: tuple[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "empty.html").write_bytes(b"")
    (tmp_path / "bad.txt").write_bytes(b"a\xff")
    places = {"a": pages[0], "empty": str(tmp_path / "empty.html"), "bad": str(tmp_path / "bad.txt")}
    assert main(["diff", *(argument.format(**places) for argument in arguments)]) == code
    output, complaint = capsys.readouterr()
    assert output == "" and said in complaint and "Traceback" not in complaint
