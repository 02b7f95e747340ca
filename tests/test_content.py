"""How chances become decisions: groups that go together, the limit, and what is decided beside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from bench.classifier.pages import read_left_open
from bench.scoring import score
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

import archiver
from archiver.blocks import segment, segment_text
from archiver.labels.content import FAVOURING, KEPT, decide, find_limit
from archiver.labels.evening import even_out
from archiver.labels.evidence import _REASONS, Reasons, Seen, _reason_of, tell
from archiver.labels.features import view
from archiver.labels.looks import looks_at_markup, looks_at_text
from archiver.model import Block, Capture, Document, Identity, Label, Metadata, Page
from archiver.record import Decisions, build

PROSE = "The harbour was dredged in the spring of 1911, and the spoil was carried to the far side of the bay."
PAGE = f"""<html><head><title>Harbour - Log</title></head><body><nav><a href=/>Log</a></nav>
<main><h1>Harbour</h1><p>{PROSE}</p>
<table><tr><th>Month<th>Feet</tr><tr><td>May<td>12</tr><tr><td>June<td>14</tr></table>
<ul><li>The first letter to the ministry</li><li>The second letter</li><li>A third</li></ul>
<div class=card><b class=date>3 May</b><p>{PROSE[:-1]}; nobody was asked.</p></div>
<div class=card><b class=date>4 May</b><p>{PROSE[:-1]}; nobody was told.</p></div>
<div class=card><b class=date>5 May</b><p>{PROSE[:-1]}; nobody minded.</p></div></main></body></html>"""
DUMP = f"{PROSE}\n\nHizb-e Islami\nJamiat-e Islami\nDawat-e Islami\n\n{PROSE}"
PERCENTS = st.lists(st.integers(0, 99), min_size=30, max_size=30)


def evened(document, percents):
    seen = view(read_left_open(document))
    given_ = percents[: len(seen.blocks.texts)]
    return seen, given_, even_out(seen.table.by_name, seen.blocks, seen.tree, given_)


@settings(deadline=None)
@given(PERCENTS)
def test_rows_items_and_dates_marked_up_alike_get_one_chance(percents):
    seen, _, found = evened(segment(PAGE), percents)
    groups = {}
    for text, kind, chance in zip(seen.blocks.texts, seen.blocks.kind.tolist(), found, strict=True):
        name = "date" if text.endswith(" May") else kind if kind in (3, 4) else None
        groups.setdefault(name, set()).add(chance)
    assert {name: len(chances) for name, chances in groups.items() if name} == {"date": 1, 3: 1, 4: 1}


CONTRACT = f"""<html><body><main><h1>Terms</h1><p id=copyright>4. {PROSE}</p>
<p>1. {PROSE}</p><p>2. {PROSE} {PROSE} {PROSE}</p><p>3. {PROSE}</p>
<p>Letter of the harbour office, first</p><p class=note>Note: {PROSE}</p>
<p class=note>Another note: {PROSE}</p></main><div><p>5. {PROSE}</p></div></body></html>"""


@settings(deadline=None)
@given(PERCENTS)
def test_paragraphs_marked_up_alike_in_an_element_get_one_chance(percents):
    """Half a contract is none. It is their mean by length; not the chance of what a landmark took out, of what is no
    sentence, of two alike (which may be so by chance), or of what stands elsewhere.
    """
    seen, given_, found = evened(segment(CONTRACT), percents)
    assert [text[:2] for text in seen.blocks.texts] == ["Te", "4.", "1.", "2.", "3.", "Le", "No", "An", "5."]
    assert seen.blocks.landmark.nonzero()[0].tolist() == [1]
    mean = round(np.average(given_[2:5], weights=seen.blocks.size[2:5]))
    assert found == [*given_[:2], mean, mean, mean, *given_[5:]]


@settings(deadline=None)
@given(PERCENTS)
def test_what_follows_in_an_item_is_not_counted_with_the_items(percents):
    items = "".join(f"<li>{number}. {PROSE}<br><br>And {number}. {PROSE}</li>" for number in range(1, 4))
    seen, given_, found = evened(segment(f"<html><body><main><ul>{items}</ul></main></body></html>"), percents)
    assert [text[:2] for text in seen.blocks.texts] == ["1.", "An", "2.", "An", "3.", "An"]
    first, following = round(np.mean(given_[::2])), round(np.mean(given_[1::2]))
    assert found == [first, following] * 3


@settings(deadline=None)
@given(PERCENTS)
def test_lines_of_a_run_get_one_chance_and_prose_keeps_its_own(percents):
    _, given_, found = evened(segment_text(DUMP), percents)
    assert len(set(found[1:4])) == 1
    assert (found[0], found[-1]) == (given_[0], given_[-1])
    _, given_, found = evened(segment_text(DUMP.replace("Dawat-e Islami\n", "")), percents)
    assert found == given_


@settings(deadline=None)
@given(PERCENTS)
def test_items_that_hold_paragraphs_get_one_chance(percents):
    items = "".join(f"<li><p>{number}. {PROSE}</p></li>" for number in range(1, 4))
    seen, given_, found = evened(segment(f"<html><body><main><ul>{items}</ul></main></body></html>"), percents)
    assert found == [round(np.average(given_, weights=seen.blocks.size))] * 3


@settings(deadline=None)
@given(PERCENTS, st.sampled_from([PAGE, DUMP]))
def test_a_mean_lies_within_and_nothing_moves_twice(percents, page):
    document = segment(page) if page is PAGE else segment_text(page)
    seen, given_, found = evened(document, percents)
    assert min(given_) <= min(found) and max(found) <= max(given_)
    assert even_out(seen.table.by_name, seen.blocks, seen.tree, found) == found


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(1, 3000)), min_size=1, max_size=60))
def test_the_limit_falls_from_precision_to_recall(blocks):
    chances, sizes = (np.array(column) for column in zip(*blocks, strict=True))
    limits = {word: find_limit(chances, sizes.astype(float), how) for word, how in FAVOURING.items()}
    assert limits["precision"] >= limits["balanced"] >= limits["recall"]
    assert all(how.lowest <= limits[word] <= how.highest for word, how in FAVOURING.items())


@pytest.mark.parametrize("chance", [0, 99])
def test_a_headline_stays_where_anything_does(chance):
    seen = view(read_left_open(segment(PAGE)))
    names = decide(seen.table.by_name, seen.blocks.texts, [chance] * len(seen.blocks.texts), "balanced")
    assert (names[seen.blocks.texts.index("Harbour")] in KEPT) == (chance > 0)


@pytest.mark.parametrize("unsure, said", [(6, False), (7, True)])
def test_a_record_says_that_the_classifier_was_unsure(unsure, said):
    """From two thirds of the kept text on."""
    blocks = tuple(Block(index, "paragraph", 0, "x" * 10, -1, index + 1) for index in range(10))
    labels = tuple(Label.content("content:model", "", 0.5 if index < unsure else 0.9) for index in range(10))
    document = Document("text", blocks, visible_characters=100)
    decisions = Decisions(labels, (), Metadata(), Identity(None, None, None))
    doubts = build(Capture(b""), Page("", "utf-8", "default"), document, decisions).account.doubts
    told = ["the classifier is less than 80% sure of 70% of the text that it kept"]
    assert list(doubts) == (told if said else [])


@pytest.mark.xfail(strict=True, reason="a menu of words that no phrase knows, in a short text")
def test_a_short_dump_loses_its_menu():
    menu = "\n".join("Home News Local Business Culture Sport Weather Pictures Archive Contact".split())
    body = "\n\n".join(f"{PROSE[:-1]}, as letter {number} says." for number in range(1, 9))
    assert archiver.clean(f"{menu}\n\n{body}\n\nImprint\nPrivacy\nContact").text == body


@cache
def samples():
    return {
        capture.container: archiver.decode(capture.body, capture.content_type).text
        for capture in archiver.read(Path(__file__).parent.parent / "raw")
        if "html" in capture.container
    }


def likeness(name):
    """F1 of the text of a page's dump, a line a text node, against the text of the page."""
    tree = BeautifulSoup(samples()[name], "lxml")
    for element in tree(["script", "style", "template", "svg"]):
        element.decompose()
    record = archiver.clean(samples()[name])
    return score(archiver.clean(tree.get_text("\n")).text, record.text, record.metadata.language or "").f1


@pytest.mark.parametrize("name", sorted(samples()))
def test_a_dump_gives_nearly_the_text_of_the_page(name):
    """The documentation page is worst: its code, cut at each tag that colours it, is taken for a menu."""
    assert likeness(name) >= 0.7


def test_dumps_give_nearly_the_text_of_their_pages():
    assert np.mean([likeness(name) for name in samples()]) >= 0.94


FORMS = {"markup": (looks_at_markup, segment, PAGE), "text": (looks_at_text, segment_text, DUMP)}


@pytest.mark.parametrize("form", FORMS)
def test_the_reasons_add_up_to_the_score(form):
    """What the questions did, of all reasons and of none, is what parts each block from the mean of the leaves."""
    looks_at, cut, page = FORMS[form]
    forest = looks_at().second
    leaves = looks_at().judge(view(read_left_open(cut(page)))).leaves
    doing = Reasons(forest)._doing[leaves].sum(axis=(0, 2))
    means = forest.leaves.sum(axis=1, dtype=np.int64) >> forest.asked.shape[1]
    assert (doing == forest.sums(leaves) - means.sum()).all()


@pytest.mark.parametrize("form", FORMS)
def test_every_reason_of_a_forest_can_be_told(form):
    looks_at, cut, page = FORMS[form]
    document = cut(page)
    seen = view(read_left_open(document))
    looks_at().judge(seen)
    element = document.elements[0] if document.elements else None
    block = Seen(document.blocks[0], element, seen.table.by_name, 0)
    for number in {_reason_of(name) for name in looks_at().second.features} - {-1}:
        assert tell([number], block) not in ("", tell([], block))


def test_no_reason_is_for_features_that_no_forest_asks():
    asked = {_reason_of(name) for looks_at, _, _ in FORMS.values() for name in looks_at().second.features}
    assert set(range(len(_REASONS))) <= asked
