"""House rules that no tool sees: tables, docstrings of fields, sizes, names, paths, words of a machine."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from archiver.model import REMOVAL_KINDS
from archiver.tables import read_table

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "archiver"
MODULES = sorted(SOURCE.rglob("*.py"))
COMPILING = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["archiver"]["compiled"]
COMPILED = {path for pattern in COMPILING["modules"] for path in SOURCE.glob(pattern)}
COMPILED -= {SOURCE / name for name in COMPILING["except"]}
TABLES = sorted((SOURCE / "tables").glob("*.tsv"))
MODELS = sorted((SOURCE / "tables").glob("*.txt"))
TEXTS = (".py", ".md", ".toml", ".tsv", ".json", ".cfg", ".yml", ".yaml", ".html", ".txt", ".css", ".js")
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "misc", "base"}
MOST_LINES, MOST_PARAMETERS, LONGEST_MODULE = 40, 5, 400
# Outside these nothing may look at the clock, the environment or chance, or print.
EDGES = {"run/workers.py", "spark.py"} | {path.relative_to(SOURCE).as_posix() for path in (SOURCE / "cli").iterdir()}


def name_of(path):
    return path.relative_to(SOURCE).as_posix()


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path):
    return [node for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def body_lines(function):
    """Lines from the first statement after the docstring to the last."""
    body = function.body
    if ast.get_docstring(function, clean=False) is not None:
        body = body[1:]
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def parameters(function):
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    return [argument.arg for argument in named if argument.arg not in ("self", "cls")]


def said_after(body):
    """For each field of a class, whether a string follows it."""
    for place, statement in enumerate(body):
        if isinstance(statement, ast.AnnAssign):
            following = body[place + 1] if place + 1 < len(body) else None
            said = (
                isinstance(following, ast.Expr)
                and isinstance(following.value, ast.Constant)
                and isinstance(following.value.value, str)
            )
            yield statement.target.id, said


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_table_is_headed_sorted_and_unique(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    head = [line for line in lines if line.startswith("# ")]
    assert lines[: len(head)] == head, "a comment among the rows"
    said = {line.split(":", 1)[0].removeprefix("# ") for line in head if ":" in line}
    assert {"what", "source", "date", "columns"} <= said
    dates = [line for line in head if line.startswith("# date:")]
    assert len(dates) == 1
    assert re.fullmatch(r"# date: \d{4}-\d\d-\d\d", dates[0])
    rows = read_table(path.stem)
    assert rows
    assert list(rows) == sorted(set(rows))
    assert all(cell == cell.strip() for row in rows for cell in row)


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_model_has_a_card(path):
    head = [line.removeprefix("# ") for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("# ")]
    said = {line.split(":", 1)[0] for line in head if ":" in line}
    assert {"what", "source", "features", "data", "figures"} <= said


def test_models_are_small():
    """1 MB is the limit for all of them, 400 KB the aim: those of HTML keep it, with those of plain text it is lost."""
    sizes = {path.stem: path.stat().st_size for path in MODELS}
    assert 0 < sum(size for name, size in sizes.items() if "-markup-" in name) < 320_000
    assert sum(sizes.values()) < 650_000


def test_tables_name_only_kinds_of_the_list():
    for name in ("widgets", "landmarks", "phrases"):
        assert {row[0] for row in read_table(name)} <= set(REMOVAL_KINDS)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_module_has_a_docstring_and_a_good_name(path):
    assert ast.get_docstring(parsed(path))
    assert path.stem not in FORBIDDEN_NAMES


MODEL = sorted((SOURCE / "model").glob("*.py"))
CLASSES = [node for path in MODEL for node in parsed(path).body if isinstance(node, ast.ClassDef)]


@pytest.mark.parametrize("node", CLASSES, ids=lambda node: node.name)
def test_fields_of_the_model_are_told(node):
    """A string after each: meaning, unit or format, and when it is empty."""
    assert [field for field, said in said_after(node.body) if not said] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_module_is_small(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_MODULE


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_functions_are_small(path):
    large = {node.name: lines for node in functions(path) if (lines := body_lines(node)) > MOST_LINES}
    assert large == {}, "lines of the body"
    wide = {node.name: names for node in functions(path) if len(names := parameters(node)) > MOST_PARAMETERS}
    assert wide == {}, "parameters"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_keywords_pass_through(path):
    """Options travel whole: no `**kwargs`."""
    assert [node.name for node in functions(path) if node.args.kwarg] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_dataclasses_are_frozen_and_slotted(path):
    """Values handed over are; what works inside one module (a private name) needs only slots. A compiled class has no
    `__dict__` anyway, and mypyc refuses slots.
    """
    for node in ast.walk(parsed(path)):
        if not isinstance(node, ast.ClassDef):
            continue
        for decorator in node.decorator_list:
            text = ast.unparse(decorator)
            if "dataclass" in text:
                assert ("slots=True" in text) != (path in COMPILED), node.name
                assert "frozen=True" in text or node.name.startswith("_"), node.name


# What looks at the world outside: a record must be a function of the capture and the options alone.
IMPURE = re.compile(
    r"\b(?:datetime\.now|datetime\.utcnow|date\.today|time\.time|time\.monotonic|time\.perf_counter"
    r"|os\.environ|os\.getenv|random\.|uuid\.uuid4|uuid4\(|secrets\.|print\()"
)


@pytest.mark.parametrize("path", [path for path in MODULES if name_of(path) not in EDGES], ids=name_of)
def test_module_is_pure_below_the_edges(path):
    if name_of(path).startswith("web/"):
        pytest.skip("the web viewer is an edge")
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            assert not IMPURE.search(f"{ast.unparse(node.func)}("), f"line {node.lineno}"
        assert not isinstance(node, ast.Global), f"line {node.lineno}: global"


@pytest.mark.parametrize("path", [path for path in MODULES if name_of(path) not in EDGES], ids=name_of)
def test_no_blind_except(path):
    """`run` is where one capture's bug must not stop the others, and says so."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else ""
            if (name_of(path), caught) == ("run/cleaning.py", "Exception"):
                # The one place: a bug that one page wakes must not cost the run; the record names it.
                continue
            assert caught not in ("", "Exception", "BaseException"), f"line {node.lineno}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_are_absolute(path):
    assert [node.lineno for node in ast.walk(parsed(path)) if isinstance(node, ast.ImportFrom) and node.level] == []


def tracked():
    """Text files of the project: those that git knows or would take; all but the derived ones without git."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        ).stdout.splitlines()  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        listed = [path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if ".git" not in path.parts]
    return [ROOT / name for name in listed if Path(name).suffix in TEXTS and (ROOT / name).is_file()]


# Only with what follows: pages have addresses of a single folder with these names.
MACHINE = re.compile(rb"(?<![\w.:/%-])/(?:tmp|work|root|home/\w+|Users/\w+|mnt|opt)/\w", re.ASCII)


def test_no_path_of_a_machine():
    found = {}
    for path in tracked():
        if path == Path(__file__):
            continue
        match = MACHINE.search(path.read_bytes())
        if match:
            found[path.relative_to(ROOT).as_posix()] = match[0].decode()
    assert found == {}


def test_every_case_file_is_told():
    """Each folder of cases has a README that explains the fields, its own or the one above."""
    cases = Path(__file__).parent / "cases"
    told = (cases / "README.md").read_text(encoding="utf-8") if (cases / "README.md").exists() else ""
    for folder in sorted(path for path in cases.iterdir() if path.is_dir()):
        assert (folder / "README.md").exists() or f"`{folder.name}/`" in told, folder.name
