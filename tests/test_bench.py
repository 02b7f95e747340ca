"""What bench/ does with peers: absent ones, ones that raise, and the groups that the pages are put in."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import extraction, extractors
from bench.data import Sample, Share
from bench.extraction import Job, find_present
from bench.extractors import EXTRACTORS, Extractor, answer, why_absent
from bench.manuals import find_manuals, measure
from bench.scoring import Score
from bench.standings import PageScores, group_by_language, lead, print_standings

# Where all peers can be installed and the run must be whole.
NOTHING_MAY_SKIP = os.environ.get("CI") == "true" and sys.version_info[:2] == (3, 12)

# jusText calls no paragraph good that has less than 200 characters.
SENTENCE = (
    "Tea was brought to the coast by merchants who knew the old road, and it is still drunk there every day. What "
    "they had left of it when they came to the sea was sold to the people of the harbour, who had no word for it."
)
PAGE = f"""<html lang="en"><head><title>Tea</title></head><body><nav><a href="/">Home</a></nav>
<article><h1>Tea</h1>{f"<p>{SENTENCE}</p>" * 6}</article></body></html>"""


def raise_it(html):
    raise RecursionError


class PanicError(BaseException):
    """As pyo3's PanicException, which a peer in Rust raises."""


def panic(html):
    raise PanicError


def interrupt(html):
    raise KeyboardInterrupt


def page(language, scores, set_name="wcxb", raised=()):
    scored = {name: Score(f1, f1, f1) for name, f1 in scores.items()}
    return PageScores(set_name, "0", "article", language, scored, raised)


@pytest.mark.parametrize("name", EXTRACTORS)
def test_extractor_finds_the_text(name):
    reason = why_absent(name)
    if reason and not NOTHING_MAY_SKIP:
        pytest.skip(reason)
    assert reason is None
    assert answer(name, PAGE).count("merchants who knew the old road") >= 1


def test_absent_peer_is_said_with_its_command_and_the_rest_remains(monkeypatch, capsys):
    monkeypatch.setitem(EXTRACTORS, "gone", Extractor(raise_it, "gone", "no_such_module", "pip install gone"))
    assert find_present(["archiver", "gone", "everything"]) == ["archiver", "everything"]
    assert capsys.readouterr().out == "gone is absent (No module named 'no_such_module'): pip install gone\n"


def test_peer_that_raises_scores_0_and_is_counted(monkeypatch, capsys):
    sample = Sample("wcxb", "1", "article", "en", None, None, PAGE, "")
    monkeypatch.setitem(EXTRACTORS, "broken", Extractor(raise_it, "broken", "json"))
    monkeypatch.setattr(extraction, "read", lambda share: [sample])
    monkeypatch.setattr(extraction, "hush", lambda: None)
    [scored] = extraction._score_share(Job(Share("wcxb"), ("archiver", "broken")))
    assert scored.raised == ("broken",)
    # Not what an empty answer scores: the reference is empty.
    assert scored.scores["broken"] == Score(0.0, 0.0, 0.0)
    print_standings([scored], ["archiver", "broken"])
    assert "scores 0: broken on 1 of 1 pages" in capsys.readouterr().out


def test_panic_of_a_peer_does_not_end_the_run_but_an_interruption_does(monkeypatch):
    monkeypatch.setitem(EXTRACTORS, "panicking", Extractor(panic, "panicking", "json"))
    assert answer("panicking", PAGE) is None
    monkeypatch.setitem(EXTRACTORS, "interrupted", Extractor(interrupt, "interrupted", "json"))
    with pytest.raises(KeyboardInterrupt):
        answer("interrupted", PAGE)


def test_what_this_program_raises_is_not_hidden(monkeypatch):
    monkeypatch.setitem(extractors.EXTRACTORS, "archiver", Extractor(raise_it, "archiver", "archiver", peer=False))
    with pytest.raises(RecursionError):
        answer("archiver", PAGE)


def test_languages_are_told_apart():
    counted = {"en": 20, "": 10, "fr": 6, "de": 8}
    pages = [page(language, {}) for language, count in counted.items() for _ in range(count)]
    pages += [page("pl", {}, "waddle-pl")] * 10
    counts = {key: len(members) for key, members in group_by_language(pages).items()}
    assert counts == {
        ("wcxb", "all but en"): 14,
        ("wcxb", "en"): 20,
        ("wcxb", "not told"): 10,
        ("waddle-pl", "pl"): 10,
    }


def test_lead_is_ours_less_theirs():
    pages = [page("en", {"archiver": 0.9, "other": 0.5}), page("en", {"archiver": 0.5, "other": 0.5})]
    assert lead(pages, "archiver", "other") == "+0.200 ±0.392"


MANUAL = """<html><head><meta name="generator" content="DocBook XSL Stylesheets Vsnapshot"></head><body>
<div class="navheader"><a href="ch01.html">Back to the chapter on mills</a></div><div class="chapter"><h2>Pumps</h2>
<p>The pump is started by hand, and whoever starts it writes the hour into the book that lies beside it. At night it
runs by itself, and the keeper looks at its oil before the bell of the harbour rings.</p>
<p>When the water stands below the second mark, close the valve and wait until the pipe is still. A pump that runs dry
for more than a minute has to be taken apart, cleaned and oiled again.</p></div></body></html>"""


def test_manuals_are_told_by_their_generators_and_scored_on_their_body(tmp_path):
    folder = tmp_path / "pumps-doc" / "html" / "pt-BR"
    folder.mkdir(parents=True)
    (folder / "ch02.html").write_text(MANUAL, encoding="utf-8")
    (folder / "other.html").write_text(
        MANUAL.replace("DocBook", "Nobody").replace("navheader", "bar"), encoding="utf-8"
    )
    (manual,) = find_manuals([tmp_path], 40)
    assert (manual.set, manual.language, len(manual.paths)) == ("pumps-doc", "pt-BR", 2)
    (page,) = measure(manual)
    assert (page.generator, page.score.precision, page.score.recall) == ("DocBook", 1, 1)
    assert find_manuals([tmp_path / "absent"], 40) == []
