"""The command line: exit codes, what goes to stdout and to stderr, and help that helps."""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import jsonschema
import pytest

import archiver
from archiver.cli import VERBS, main
from archiver.cli.cleaning import _summed_up
from archiver.explain import explain, shortened
from archiver.record import to_json
from archiver.record.form import schema
from archiver.run import Summary
from sample_captures import clean, full_record

PIPELINE = Path(archiver.__file__).with_name("pipeline.py")
PAGE = "عنوان صفحه\n\nA first line.\n- a menu\nA second line.\n"


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archiver.pipeline.clean", clean)
    # A worker would have the real pipeline: tests/test_workers.py has them at work.
    monkeypatch.setattr("archiver.cli.cleaning.count_cores", lambda: 0)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.txt").write_text(PAGE, "utf-8")
    (folder / "deep" / "b.txt").write_text("Another text.\n", "utf-8")
    return folder


def test_clean_twice(raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clean", str(raw), str(tmp_path / "clean")]) == 0
    assert capsys.readouterr() == ("2 captures: 2 new\n", "")
    assert main(["clean", str(raw), str(tmp_path / "clean")]) == 0
    assert capsys.readouterr().out == "2 captures: 2 done before\n"


def test_clean_names_what_failed(raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (raw / "empty.html").write_bytes(b"")
    (raw / "bug.txt").write_text("a BUG")
    for _ in range(2):
        assert main(["clean", str(raw), str(tmp_path / "clean")]) == 1
        _, complaints = capsys.readouterr()
        assert [line.split(": ")[:2] for line in complaints.splitlines()] == [
            ["archiver", "bug.txt"],
            ["archiver", "empty.html"],
        ]
        assert "Traceback" not in complaints


def test_show_and_show_json(raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = str(raw / "a.txt")
    assert main(["show", page]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("عنوان صفحه\n") and "menu" not in shown
    assert main(["show", page, "--json", "--url", "https://example.org/", "--captured-at", "20240131120000"]) == 0
    record = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(schema()).validate(record)
    assert (record["url"], record["created"]) == ("https://example.org/", "2024-01-31T12:00:00Z")


@pytest.mark.parametrize("form", ["file", "stored", "folder"])
def test_a_capture_can_be_given_as(form: str, raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capture = raw / "deep" if form == "folder" else raw / "deep" / "b.txt"
    if form == "stored":
        main(["clean", str(raw / "deep"), str(tmp_path / "clean")])
        (capture,) = (tmp_path / "clean").rglob("*.json")
        capsys.readouterr()
    assert main(["show", str(capture)]) == 0
    assert capsys.readouterr().out == "Another text.\n"


def test_explain_tells_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "record.json"
    path.write_text(to_json(full_record()), "utf-8")
    assert main(["explain", str(path)]) == 0
    told = capsys.readouterr().out
    assert "\x1b" not in told
    for part in (
        "نشست",
        "https://example.org/a",
        "ok, captured 2024-01-01T10:00:00Z",
        "charset windows-1252, decided by meta",
        "they differ",
        "~ mojibake in block 2 from 5 to 10: cafÃ© -> café (encode latin-1, decode utf-8)",
        "+ paragraph  Doha café report",
        "- boilerplate by stand-in:minus, sure to 0.75, at line 2",
        "    because begins with -",
        "- comments by widgets:comment-list, sure to 1.00, at line 4",
        "blocks: 2 kept, 2 removed; 71.0% of 39 visible characters kept",
    ):
        assert part in told
    assert told.index("+ heading") < told.index("- boilerplate") < told.index("Doha café report\n")


def test_show_is_exact_in_a_pipe_and_harmless_on_a_terminal(
    raw: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (raw / "a.txt").write_text("red \x1b[31m\ttab", "utf-8")
    main(["show", str(raw / "a.txt")])
    assert capsys.readouterr().out == "red \x1b[31m\ttab\n"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    main(["show", str(raw / "a.txt")])
    assert capsys.readouterr().out == "red \ufffd[31m\ttab\n"


def test_explain_leaves_no_escape_sequence_to_the_terminal() -> None:
    assert shortened("a\x1b]0;title\x07\nb\x9b31m") == "a�]0;title� b�31m"
    assert shortened("x" * 1000).endswith("… (1,000 characters)")
    assert all("\x1b" not in line.plain for line in explain(full_record()))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "required"),
        (["polish"], "invalid choice"),
        (["clean", "{raw}"], "required: CLEAN"),
        (["show", "{raw}/none.html"], "none.html"),
        (["show", "{raw}"], "more than one capture"),
        (["show", "{raw}/a.txt", "--captured-at", "soon"], "no time with its zone; write 2024"),
        (["check", "{raw}/none"], "no such folder (name the folder"),
        (["clean", "{raw}/none", "{raw}-clean"], "none"),
        (["clean", "{raw}", "{raw}/clean"], "inside one another"),
        (["clean", "{raw}/deep", "{raw}"], "inside one another"),
        (["clean", "{raw}", "{raw}-clean", "--workers", "-1"], "'-1' is no number from 0 up"),
        (["clean", "{raw}", "{raw}-clean", "--memory", "lots"], "'lots' is no number from 0.25 up"),
    ],
    ids=lambda value: "-".join(value).replace("{raw}", "").replace("/", "_") if isinstance(value, list) else "",
)
def test_wrong_usage(arguments: list[str], said: str, raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([argument.format(raw=raw) for argument in arguments]) == 2
    output, complaint = capsys.readouterr()
    assert output == "" and said in complaint
    assert "Traceback" not in complaint


def test_a_damaged_record_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "record.json").write_text("{}")
    assert main(["show", str(tmp_path / "record.json")]) == 1
    complaint = capsys.readouterr().err
    assert "record.json: schema: missing (delete it and its .txt" in complaint


def test_check(raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["clean", str(raw), str(tmp_path / "clean")])
    capsys.readouterr()
    assert main(["check", str(tmp_path / "clean")]) == 0
    assert capsys.readouterr().out == "2 records: 2 ok, 0 partial, 0 failed; 0 damaged\n"
    next((tmp_path / "clean").rglob("*.txt")).write_text("else")
    assert main(["check", str(tmp_path / "clean")]) == 1
    output, complaint = capsys.readouterr()
    assert output == "2 records: 1 ok, 0 partial, 0 failed; 1 damaged\n"
    assert complaint.count("\n") == 1 and "its .txt holds another text" in complaint


def test_workers_are_as_many_as_asked_for(raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They have the real pipeline, for which a line that begins with a minus is a line."""
    assert main(["clean", str(raw), str(tmp_path / "clean"), "--workers", "2", "--memory", "1.5"]) == 0
    assert capsys.readouterr().out == "2 captures: 2 new\n"
    texts = sorted(path.read_text("utf-8") for path in (tmp_path / "clean").rglob("*.txt"))
    assert "- a menu" in texts[1]


def test_what_was_skipped_is_said() -> None:
    summary = Summary(4, 4, 0, 0, 0, 0, 0, 1, ())
    skipped = Counter({"robots.txt": 4, "image/png": 900, "redirect (HTTP 301)": 300, "none": 0})
    assert _summed_up(summary, Counter()) == "4 captures: 4 new; 1 to look at (status partial)"
    assert _summed_up(summary, skipped).splitlines()[1:] == [
        "skipped 1,204: 900 image/png, 300 redirect (HTTP 301), 4 robots.txt"
    ]


def test_progress_on_a_terminal_only(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["clean", str(raw), str(tmp_path / "clean")]) == 0
    output, progress = capsys.readouterr()
    assert output == "2 captures: 2 new\n" and "2 captures" in progress


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_colour_on_a_terminal_unless_no_color(
    no_color: str,
    coloured: bool,
    raw: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", no_color)
    assert main(["explain", str(raw / "a.txt")]) == 0
    assert bool(re.search(r"\x1b\[[\d;]*3\dm", capsys.readouterr().out)) == coloured


def piped(command: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    program = f"'{sys.executable}' -m archiver.cli"
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    line = command.replace("archiver", program)
    return subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True, check=False, env=environment)


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
@pytest.mark.skipif(not PIPELINE.exists(), reason="the pipeline is not written yet")
class TestInAPipe:
    def test_stdin_to_stdout(self, raw: Path) -> None:
        result = piped("archiver show - < a.txt", raw)
        assert (result.returncode, result.stderr) == (0, b"")
        assert "عنوان صفحه" in result.stdout.decode()

    def test_a_record_through_a_pipe(self, raw: Path) -> None:
        result = piped("archiver show --json --url https://example.org/x a.txt | archiver explain -", raw)
        assert (result.returncode, result.stderr) == (0, b"")
        assert b"https://example.org/x" in result.stdout and b"\x1b" not in result.stdout

    def test_a_reader_that_leaves_early(self, raw: Path) -> None:
        (raw / "long.txt").write_text("A line of some length that is read by nobody.\n" * 20000)
        result = piped("archiver show long.txt | head -c 10; exit ${PIPESTATUS[0]}", raw)
        assert (result.returncode, result.stderr) == (0, b"")


def test_verbs_are_thin_and_their_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in VERBS:
        assert len(inspect.getsource(verb.function).splitlines()) <= 15
        assert main([verb.name, "--help"]) == 0
        assert re.search(rf"example:\n  archiver {verb.name} \S", capsys.readouterr().out)


def test_the_readme_names_every_verb() -> None:
    readme = Path(__file__).parent.parent / "README.md"
    text = readme.read_text("utf-8") if readme.exists() else ""
    if "archiver clean" not in text:
        pytest.skip("README.md is not written yet")
    assert [verb.name for verb in VERBS if f"archiver {verb.name}" not in text] == []
