"""The classifier: its trees, its network, its targets, and what it sees."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from bench.classifier import sequences, training
from bench.classifier.alignment import align, find_content
from bench.classifier.examples import Examples
from bench.classifier.networks import Units, train_network
from bench.classifier.pages import read_left_open
from bench.classifier.sequences import Course, train_sequences
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.blocks import segment, segment_text
from archiver.labels import characters
from archiver.labels.characters import count_characters
from archiver.labels.features import add_chances, view
from archiver.labels.forest import Forest, read_forest, write_forest
from archiver.labels.looks import Looks, looks_at_markup
from archiver.labels.network import EXACT, Layer, Network, read_network, to_inputs, write_network
from archiver.tables import TableError

LETTERS = st.lists(st.sampled_from("abcd"), max_size=12)


def longest_common(one, other):
    """The textbook's table."""
    rows = [[0] * (len(other) + 1)]
    for word in one:
        row = [0]
        for place, twin in enumerate(other):
            row.append(rows[-1][place] + 1 if word == twin else max(rows[-1][place + 1], row[-1]))
        rows.append(row)
    return rows[-1][-1]


@given(LETTERS, LETTERS)
def test_alignment_is_a_longest_common_subsequence(words, reference):
    aligned = [word for word, hit in zip(words, align(words, reference), strict=True) if hit]
    assert len(aligned) == longest_common(words, reference)
    rest = iter(reference)
    assert all(word in rest for word in aligned)


def test_blocks_that_the_reference_covers_are_content():
    blocks = [
        ["home", "news"],
        "the ferry runs twice a day".split(),
        [],
        "it costs as much as before".split(),
        ["share"],
    ]
    reference = "the ferry runs twice a day it costs as much as before".split()
    assert find_content(blocks, reference).tolist() == [False, True, True, True, False]


def test_words_that_align_by_chance_are_no_content():
    block = "of a day and the much".split()
    assert not find_content([block], "the ferry of lanterns runs a long day and sees the sea much".split())[0]


def small_forest():
    """Two trees of depth two over three features."""
    return Forest(
        ("size", "linked", "place"),
        np.array([[0, 1], [2, 0]], np.intp),
        np.array([[10.5, 0.3333], [0.5, 99]], np.float32),
        np.array([[-5, 20, -40, 3], [1, 2, 4, 8]], np.int32),
        np.arange(-49, 50),
    )


def test_scores_are_the_sums_of_the_leaves():
    rows = np.array([[11, 11, 3, 100], [0, 1, 1, 0.5], [0.1, 0.9, 0.5, 0.6]], np.float32)
    assert small_forest().scores(rows).tolist() == [20 + 1, 3 + 2, -40 + 1, 3 + 8]


def test_a_chance_rises_with_the_score():
    assert small_forest().percents(np.array([-100, -49, 0, 49, 100])) == [0, 1, 50, 99, 99]


def test_a_forest_comes_back_from_its_file():
    forest = small_forest()
    again = read_forest(write_forest(forest, ["a card", "", "of three lines"]), "model")
    assert again.features == forest.features
    for name in ("asked", "limits", "leaves", "percent"):
        assert (getattr(again, name) == getattr(forest, name)).all()


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("size > ", "colour > ", "about no feature"),
        ("leaves: 1 2 4 8", "leaves: 1 2 4", "do not fit"),
        ("percent: -49 ", "percent: ", "do not fit"),
        ("features: ", "traits: ", "no known kind"),
        ("leaves: 1 2 4 8", "leaves: 1 2 x 8", "no number"),
        ("size > 10.5", "size > many", "no number"),
        ("features: size linked place\n", "", "not one line"),
    ],
)
def test_a_malformed_model_says_where(old, new, said):
    text = write_forest(small_forest(), [])
    assert old in text
    with pytest.raises(TableError, match=said):
        read_forest(text.replace(old, new, 1), "tables/model.txt")


def small_network():
    """Two features, three hidden units, one answer."""
    hidden = np.array([[3, -2], [40, 7], [-1, -1]], np.float32)
    last = np.array([[5, -3, 2]], np.float32)
    return Network(
        ("size", "link_share"),
        np.array([[0, 1], [1400, 60], [90, 140]], np.int32),
        (Layer(hidden, np.array([[10], [-200], [4]], np.float32), 1), Layer(last, np.array([[7]], np.float32), 0)),
    )


def reaching_network(reach=2):
    """The same with a layer between that sees further: three units, each fed nine numbers."""
    network = small_network()
    chance = np.random.default_rng(4)
    weights = chance.integers(-30, 40, (3, 9)).astype(np.float32)
    further = Layer(weights, np.array([[-40], [3], [900]], np.float32), 4, reach)
    return replace(network, layers=(network.layers[0], further, network.layers[1]))


@pytest.mark.parametrize("network", [small_network(), reaching_network(), reaching_network(1)])
@given(st.lists(st.tuples(st.integers(-(1 << 20), 1 << 20), st.floats(0, 1, width=32)), min_size=1, max_size=9))
def test_a_network_counts_in_whole_numbers(network, blocks):
    """The same sums by Python's integers, unit by unit."""
    rows = np.array(blocks, np.float32).T
    known = to_inputs(rows, network.scales).astype(int).T.tolist()
    for layer in network.layers:
        fed = known
        if layer.reach:
            padded = [[0] * len(known[0])] * layer.reach
            padded = padded + known + padded
            fed = [padded[i] + padded[i + layer.reach] + padded[i + 2 * layer.reach] for i in range(len(known))]
        units = [
            [
                (sum(int(w) * x for w, x in zip(weights, inputs, strict=True)) + int(bias[0])) >> layer.shift
                for weights, bias in zip(layer.weights, layer.bias, strict=True)
            ]
            for inputs in fed
        ]
        if layer is network.layers[-1]:
            break
        before = known if layer.reach else [[0] * len(units[0])] * len(known)
        known = [
            [min(max(unit, 0) + old, 1023) for unit, old in zip(one, other, strict=True)]
            for one, other in zip(units, before, strict=True)
        ]
    assert network.scores(rows).tolist() == [unit for (unit,) in units]


@given(st.floats(0, 1e6, width=32), st.floats(0, 1e6, width=32))
def test_inputs_rise_with_the_counts_and_fall_below_zero(one, other):
    small, large = sorted((one, other))
    scales = np.array([[0], [0], [16]], np.int32)
    low, high = to_inputs(np.array([[small, large]], np.float32), scales)[0]
    assert 0 <= low <= high <= 127
    assert to_inputs(np.array([[-large]], np.float32), scales)[0, 0] <= 0


@pytest.mark.parametrize("network", [small_network(), reaching_network()])
def test_a_network_comes_back_from_its_file(network):
    again = read_network(write_network(network, ["a card", ""]), "model")
    assert again.features == network.features
    assert (again.scales == network.scales).all()
    for one, other in zip(again.layers, network.layers, strict=True):
        assert (one.weights == other.weights).all() and (one.bias == other.bias).all()
        assert (one.shift, one.reach) == (other.shift, other.reach)


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("input: size 0 ", "input: size ", "no known kind"),
        ("unit: 10 3 -2", "unit: 10 3", "does not fit"),
        ("unit: 10 3 -2", f"unit: 10 {EXACT // 100} -2", "could be inexact"),
        ("layer: 0\nunit: 7 5 -3 2\n", "", "not one unit"),
        ("layer: 1\n", "layer: 1\nshade: 3\n", "no known kind"),
        ("unit: 10 3 -2", "unit: 10 x -2", "no number"),
        ("layer: 1\n", "layer: one\n", "no number"),
        ("layer: 1\n", "layer: 1 2\n", "reaches further"),
        ("layer: 4 2\n", "layer: 4 -2\n", "reaches further"),
        ("layer: 4 2\n", "layer: 4\n", "does not fit"),
        ("layer: 4 2\n", "layer: 4 2 1\n", "no known kind"),
    ],
)
def test_a_malformed_network_says_where(old, new, said):
    text = write_network(reaching_network(), [])
    assert old in text
    with pytest.raises(TableError, match=said):
        read_network(text.replace(old, new, 1), "tables/model.txt")


def test_networks_side_by_side_say_what_they_say_on_the_mean():
    chance = np.random.default_rng(1)
    rows = np.concatenate([chance.random((3, 600)), chance.integers(0, 300, (2, 600))]).astype(np.float32)
    examples = Examples(tuple("abcde"), rows, rows[0] + rows[4] / 300 > 1, np.ones(600))
    singles = [train_network(examples, Units(batch=60, seeds=(seed,))).scores(rows) for seed in (3, 4)]
    both = train_network(examples, Units(batch=60, seeds=(3, 4)))
    assert [len(layer.weights) for layer in both.layers] == [128, 64, 1]
    # Scores are 1000ths of a logit, from about -4000 to 4000; what differs is how weights were rounded.
    assert np.abs(singles[0] - singles[1]).max() > 200
    assert np.abs(both.scores(rows) - sum(singles) / 2).max() < 20


def lines_of_texts(count=60):
    """Texts whose lines are content when the third line before them is marked; by themselves they tell nothing."""
    chance = np.random.default_rng(2)
    for _ in range(count):
        marked = chance.random(40) < 0.4
        yield SimpleNamespace(
            rows=np.stack((marked, chance.random(40))).astype(np.float32),
            target=np.concatenate((np.zeros(3, bool), marked[:-3])),
            words=np.full(40, 5), names=("marked", "noise"), taught=True, set="any", form="text",
        )  # fmt: skip


def test_a_network_of_lines_learns_from_those_around_them():
    *taught, unseen = lines_of_texts()
    course = Course(units=8, reaches=(1, 2), epochs=30, lines=160, rate=1e-2, dropped=0.0, longest=30)
    network = train_sequences(taught, course)
    assert [(layer.reach, layer.weights.shape) for layer in network.layers] == [
        (0, (16, 2)), (1, (16, 48)), (2, (16, 48)), (0, (1, 16)),
    ]  # fmt: skip
    assert ((network.scores(unseen.rows) > 0) == unseen.target).mean() > 0.95


def test_texts_of_a_batch_do_not_see_one_another():
    """What is learned from two is the mean of what is learned from each."""
    chance = np.random.default_rng(5)
    course = Course(reaches=(1, 3), dropped=0.0)
    texts = [
        sequences._Text(
            chance.integers(-90, 90, (5, 2)).astype(np.int8), np.float32([0, 1, 1, 0, 1]), np.ones(5, np.float32)
        )
        for _ in range(2)
    ]
    weights = [chance.standard_normal(shape).astype(np.float32) for shape in ((2, 4), (12, 4), (12, 4), (4, 1))]
    biases = [np.ones(shape, np.float32) for shape in (4, 4, 4, 1)]

    def learned(*some):
        stretches = [sequences._Stretch(text, slice(0, 5), 1) for text in some]
        return sequences._gradients(sequences._lay_out(stretches, course, chance), weights, biases, course.reaches)

    for both, one, other in zip(learned(*texts), learned(texts[0]), learned(texts[1]), strict=True):
        assert both == pytest.approx((one + other) / 2, rel=1e-3, abs=1e-4)


def test_gradients_of_lines_are_those_of_their_loss():
    """Against differences of the loss itself, in double precision."""
    chance = np.random.default_rng(7)
    inside = np.ones((14, 1))
    inside[6:8] = 0
    batch = sequences._Batch(
        chance.standard_normal((14, 3)) * inside,
        inside,
        (chance.random(14) < 0.5) * 1.0,
        chance.random(14) * inside[:, 0],
    )
    reaches = (1, 2)
    weights = [chance.standard_normal(shape) for shape in ((3, 4), (12, 4), (12, 4), (4, 1))]
    biases = [chance.standard_normal(shape) for shape in (4, 4, 4, 1)]

    def loss():
        known = np.maximum(batch.shown @ weights[0] + biases[0], 0) * inside
        for table, bias, reach in zip(weights[1:3], biases[1:3], reaches, strict=True):
            far = np.pad(known, ((reach, reach), (0, 0)))
            fed = np.concatenate((far[: -2 * reach], known, far[2 * reach :]), axis=1)
            known = known + np.maximum(fed @ table + bias, 0) * inside
        logit = (known @ weights[3] + biases[3])[:, 0]
        return ((np.logaddexp(0, logit) - batch.goal * logit) * batch.share).sum()

    found = sequences._gradients(batch, weights, biases, reaches)
    for parameter, gradient in zip([*weights, *biases], found, strict=True):
        for place in range(parameter.size):
            old = parameter.flat[place]
            parameter.flat[place] = old + 1e-5
            above = loss()
            parameter.flat[place] = old - 1e-5
            below = loss()
            parameter.flat[place] = old
            assert gradient.flat[place] == pytest.approx((above - below) / 2e-5, rel=1e-3, abs=1e-5)


def test_no_look_that_judges_a_page_learned_from_its_site(monkeypatch):
    """Neither by itself nor from a first look that did; here a look is the set of sites that it learned from."""
    pages = [SimpleNamespace(site=f"{number}.example") for number in range(40)]
    assert {training.fold_of(page) for page in pages} == set(range(training.FOLDS))

    def tell(page, first):
        assert page.site not in first
        return ("chances",), first | {page.site}

    monkeypatch.setattr(training, "_train_first", lambda some: {page.site for page in some})
    monkeypatch.setattr(training, "_with_chances", tell)
    monkeypatch.setattr(training, "gather", lambda some, rows, names: set().union(*rows))
    monkeypatch.setattr(training, "train_forest", lambda learned, trees: learned)
    monkeypatch.setattr(training, "score_blocks", lambda looks, page: page.site in looks.first | looks.second)
    seen, whole = training.train_looks(pages)
    assert not any(seen)
    assert whole.first == whole.second == {page.site for page in pages}


def test_the_model_is_small_and_sees_features_that_are_there():
    looks = looks_at_markup()
    assert isinstance(looks, Looks)
    seen = view(read_left_open(segment(PAGE.format("", ""))))
    judgement = looks.judge(seen)
    assert len(judgement.percents) == len(seen.blocks.texts)
    assert set(looks.first.features) | set(looks.second.features) <= set(seen.table.by_name)


def test_characters_of_many_scripts():
    counts = count_characters(["Tea, 3 cups.", "茶好。", "کتاب؟", "Yes (really!)"])
    assert counts.letters.tolist() == [7, 2, 4, 9]
    assert counts.digits.tolist() == [1, 0, 0, 0]
    assert counts.dense.tolist() == [0, 2, 0, 0]
    assert counts.stops.tolist() == [1, 1, 1, 1]
    assert counts.ended.tolist() == [1, 1, 1, 1]
    assert counts.spaces.tolist() == [2, 0, 0, 1]
    assert counts.first_upper.tolist() == [1, 0, 0, 1]


def test_characters_are_the_same_in_parts(monkeypatch):
    texts = ["Tea, 3 cups.", "茶好。", "کتاب؟", "Yes (really!)", "Обед."]
    whole = count_characters(texts)
    monkeypatch.setattr(characters, "_AT_ONCE", 2)
    assert [part.tolist() for part in count_characters(texts)] == [part.tolist() for part in whole]
    assert [len(part) for part in count_characters([])] == [0] * len(whole)


def test_models_score_alike_however_their_features_are_arranged():
    rows = np.array([[11, 11, 3, 100], [0, 1, 1, 0.5], [0.1, 0.9, 0.5, 0.6]], np.float32)
    forest, network = small_forest(), small_network()
    assert forest.arranged(("place", "more", "size", "linked")).scores(rows[[2, 1, 0, 1]]).tolist() == (
        forest.scores(rows).tolist()
    )
    assert network.arranged(("link_share", "size")).scores(rows[[1, 0]]).tolist() == network.scores(rows[:2]).tolist()
    for names in (("size",), ("size", "link_share", "more")):
        with pytest.raises(ValueError, match="taught"):
            network.arranged(names)
    with pytest.raises(ValueError):
        forest.arranged(("size", "place"))


PAGE = """<html><head><title>Second ferry - Harbour</title></head><body><div class=top><a href=/>Harbour</a></div>
<div class=story><h1>Second ferry</h1>{}<p>The ferry to the outer islands will run twice a day, the office said.</p>
<p>Until now the crossing was made once, early in the morning, and only when the wind allowed it.</p>{}</div>
<ul class=more><li><a href=/1>Night bus</a></li><li><a href=/2>Market hall</a></li></ul></body></html>"""
WIDGET = """<form role="search" id="searchform" action="/"><label>Search for: <input type="search" name="s"></label>
<p>Type a word and press enter to look for it on this site. Nothing is stored.</p><time>4 May</time><i></i>
<button>Search</button></form>"""


@pytest.mark.parametrize("places", [(WIDGET, ""), ("", WIDGET)], ids=["before", "after"])
def test_a_widget_that_a_rule_knows_changes_no_feature_of_the_text(places):
    plain = view(read_left_open(segment(PAGE.format("", "")))).table
    planted = view(read_left_open(segment(PAGE.format(*places)))).table
    assert list(plain.by_name) == list(planted.by_name)
    changed = {name for name in plain.by_name if (plain.by_name[name] != planted.by_name[name]).any()}
    assert changed == set()


@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<div class=a>", "</div>", "<li>", "Tea. ", "茶。", "<h1>", "<html>"]),
        max_size=40,
    )
)
@settings(max_examples=60, deadline=None)
def test_any_page_has_finite_features(parts):
    for document in (segment("".join(parts)), segment_text("\n".join(parts))):
        left = read_left_open(document)
        if left.blocks:
            seen = view(left)
            add_chances(seen, [50] * len(left.blocks))
            rows = seen.table.rows()
            assert rows.shape == (len(seen.table.by_name), len(left.blocks))
            assert np.isfinite(rows).all()
