"""Differences of texts: exact to the letter, each change found as what it is, and nothing else."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

import archiver
from archiver.diff import Difference, diff
from archiver.diff.form import from_json, schema, to_json
from archiver.diff.links import compare_links
from archiver.diff.matching import match
from archiver.diff.page import to_html
from archiver.diff.sentences import _SENTENCE_END, Span, lines, sentences
from archiver.diff.terminal import terminal_lines
from archiver.diff.unified import to_unified
from archiver.diff.view import rows
from archiver.diff.words import Vocabulary, parted
from archiver.errors import InputError, RecordError
from archiver.model import Link
from archiver.tables import read_table
from sample_captures import full_record

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.planting import LANGUAGES, PLANTED, planted


@pytest.mark.parametrize("what", PLANTED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_planted_change_is_found_as_what_it_is_and_nothing_else(language: str, what: str) -> None:
    a, b = planted(LANGUAGES[language], what)
    difference = diff(a, b)
    (change,) = difference.weighing()
    assert (change.kind, change.whole, change.reasons[0].name) == PLANTED[what]
    assert difference.apply(a) == b
    if what == "number":
        ((_, _, before, after),) = change.edits
        assert (before, after) == ("12", "14")


# Few letters, so that much recurs; white space of all kinds; ends of sentences; marks; scripts without spaces.
LETTERS = st.text("ab1 .\n\t\u00a0。不Aé\u0301ก่\r\u200c", max_size=40)
# What follows a full stop in small letters is no new sentence.
FIRST = st.sampled_from("North River Stone Not خانه 水".split())
SENTENCE = st.tuples(
    FIRST, st.lists(st.sampled_from("north river not 12 14 stone خانه نیست 不 水 ".split()), max_size=9)
).map(lambda drawn: " ".join([drawn[0], *drawn[1]]) + ".")
TEXT = st.lists(SENTENCE | st.just("\n"), max_size=12).map(" ".join)
EITHER = LETTERS | TEXT


@given(EITHER, EITHER)
def test_applied_to_a_it_gives_b_and_its_inverse_gives_a(a: str, b: str) -> None:
    difference = diff(a, b)
    assert difference.apply(a) == b
    assert difference.inverse().apply(b) == a
    assert difference.inverse().inverse() == difference
    assert difference.is_empty == (a == b)


@given(EITHER)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert diff(text, text).changes == ()
    assert diff(text, text).summary() == "no difference"


@given(TEXT, st.sampled_from([" ", "  ", "\n", "\u00a0", "\n\n\t"]))
def test_other_white_space_is_a_change_without_weight(text: str, space: str) -> None:
    difference = diff(text, text.replace(" ", space))
    assert {change.kind for change in difference.changes} <= {"whitespace"}
    assert difference.weighing() == () and difference.significance == 0
    assert difference.apply(text) == text.replace(" ", space)


def moved_once(parts: list[str], data: st.DataObject) -> list[str]:
    place = st.integers(0, len(parts) - 1)
    moved = [*parts]
    moved.insert(data.draw(place), moved.pop(data.draw(place)))
    return moved


LONG_SENTENCE = SENTENCE.filter(lambda sentence: sentence.count(" ") >= 4)


@given(st.lists(LONG_SENTENCE, min_size=2, max_size=9, unique=True), st.data(), st.sampled_from([" ", "\n"]))
def test_a_pure_move_is_a_move(parts: list[str], data: st.DataObject, between: str) -> None:
    difference = diff(between.join(parts), between.join(moved_once(parts, data)))
    assert {change.kind for change in difference.weighing()} <= {"moved"}


@given(st.lists(SENTENCE, min_size=2, max_size=9, unique=True), st.data(), st.sampled_from([" ", "\n"]))
def test_a_pure_move_has_no_insertion(parts: list[str], data: st.DataObject, between: str) -> None:
    """However short: `North.` beside `North north.` may count as edited."""
    difference = diff(between.join(parts), between.join(moved_once(parts, data)))
    assert not {change.kind for change in difference.weighing()} & {"inserted", "deleted"}


@given(st.lists(st.integers(0, 5)), st.lists(st.integers(0, 5)))
def test_what_is_matched_is_equal_and_in_order(a: list[int], b: list[int]) -> None:
    done_a = done_b = 0
    for i, j, length in match(a, b):
        assert length and i >= done_a and j >= done_b
        assert a[i : i + length] == b[j : j + length]
        done_a, done_b = i + length, j + length


@pytest.mark.parametrize("words", [1, 2, 5_000], ids="of {} words".format)
def test_what_is_too_long_to_compare_at_once_is_exact_all_the_same(words: int) -> None:
    """200,000 words in one line, without a full stop: of one, of two and of many different words."""
    made = [f"w{place * place % words}" for place in range(200_000)]
    a = " ".join(made)
    made[777:779] = ["new"]
    made.insert(150_000, "other words")
    b = " ".join(made)
    assert diff(a, b).apply(a) == b


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("can't e.g. 3.14 1,204 snake_case", "can't e.g . 3.14 1,204 snake_case"),
        ("می\u200cخواهم، کتاب\u200cها", "می\u200cخواهم ، کتاب\u200cها"),
        ('שלום צה"ל', 'שלום צה"ל'),
        ("हिन्दी में", "हिन्दी में"),
        ("我们说：好。", "我 们 说 ： 好 。"),
        ("カメラをﾊﾟﾝ", "カ メ ラ を ﾊﾟ ﾝ"),
        ("ที่นี่", "ที่ นี่"),
        ("ខ្មែរ", "ខ្ មែ រ"),
        ("မြန်မာ", "မြ န် မာ"),
        ("한국어 낱말", "한국어 낱말"),
        ("🇮🇷🇶🇦 👩‍🚀!", "🇮🇷 🇶🇦 👩‍🚀 !"),
        ("cafe\u0301s", "cafe\u0301s"),
    ],
)  # fmt: skip
def test_words_are_unicodes(text: str, words: str) -> None:
    assert [word for chunk in text.split() for word in parted(chunk)] == words.split()


ASCII_SIGNS = st.text("aZ1 .!?\n\t\"')(][}{-,;:<>@")


@given(ASCII_SIGNS)
def test_sentences_of_ascii_end_where_those_of_any_script_do(text: str) -> None:
    """They are found by another pattern."""
    begun, spans = 0, []
    for end in (*(found.end() for found in _SENTENCE_END.finditer(text)), len(text)):
        if ink := text[begun:end].strip():
            spans.append(text.index(ink, begun))
        begun = end
    assert [sentence.start for sentence in sentences(text, Span(0, len(text)), 0)] == spans


@given(
    st.lists(st.sampled_from(["door", "can't", "3.14,", "她说。", "カメ", "نمی\u200cشود"])),
    st.text(" \n\u00a0", max_size=2),
)
def test_words_stand_where_they_are_said_to(chunks: list[str], space: str) -> None:
    """However wide the white space between them is."""
    text = f"{space or ' '}".join(chunks) + space
    vocabulary = Vocabulary()
    ids, starts = vocabulary.read(text, 0, len(text))
    said = [vocabulary.words[number] for number in ids]
    assert all(text.startswith(word, start) for word, start in zip(said, starts, strict=True))
    assert "".join(said) == "".join(text.split())


@given(st.text())
def test_words_are_unicodes_but_for_katakana(text: str) -> None:
    """Held against the regex package's own boundaries over the whole text, white space and all."""
    text = regex.sub(r"[\p{WB=Katakana}\p{WB=Extend}\p{WB=Format}\p{WB=ZWJ}]", "", text)
    whole = [word for word in regex.split(r"(?w)\b", text) if word.strip()]
    assert [word for chunk in text.split() for word in parted(chunk)] == whole


@pytest.mark.parametrize(
    "expected",
    [
        "He came.|She (alone?) left at 3.15 p.m. on foot.|Why?|“No!”|See https://example.org/?q=1.",
        "او رفت.|چرا؟|نمی‌دانم۔",
        "वह गया।|क्यों?",
        "他说：“好。”|然后走了！|真的？",
        "ประชุมวันนี้|พรุ่งนี้หยุด 3 วัน",
        "Approx. three of them|and a line",
    ],
)
def test_sentences_end_where_unicode_says(expected: str) -> None:
    parts = expected.split("|")
    text = (
        "".join(f"{part}{' ' if part.isascii() or part[0] not in '他然真' else ''}" for part in parts[:-1]) + parts[-1]
    )
    if "\n" not in text and parts[-1] == "and a line":
        text = "\n".join(parts)
    (block, *_) = [*lines(text.replace("\n", " ")), None]
    found = [text[one.start : one.end] for one in sentences(text, block, 0)]
    assert found == parts


REASONS = [
    ("It opens at 12 today.", "It opens at 14 today.", "number"),
    ("It opens at 12 today.", "It opens at twelve today.", "number"),
    ("It opened on 12 May 2024 at last.", "It opened on 13 May 2024 at last.", "date"),
    ("It opened on 12 May 2024 at last.", "It opened on 12 June 2024 at last.", "date"),
    ("It opened on 2024-05-12 at last.", "It opened on 2024-05-13 at last.", "date"),
    ("Il ouvre le 12 mai prochain ici.", "Il ouvre le 13 mai prochain ici.", "date"),
    ("این کتاب ۱۲ اردیبهشت منتشر شد.", "این کتاب ۱۳ اردیبهشت منتشر شد.", "date"),
    ("会议于2024年5月12日举行。", "会议于2024年5月13日举行。", "date"),
    ("The mayor thanked Anna Holm for it.", "The mayor thanked Maria Holm for it.", "name"),
    ("Visitors may enter the pier.", "Visitors may not enter the pier.", "negation"),
    ("We can enter the pier now.", "We can't enter the pier now.", "negation"),
    ("ورود به اسکله مجاز است.", "ورود به اسکله مجاز نیست.", "negation"),
    ("Вход на пирс разрешён всем.", "Вход на пирс не разрешён всем.", "negation"),
    ("我们同意这个计划。", "我们不同意这个计划。", "negation"),
    ("เราเห็นด้วยกับแผนนี้", "เราไม่เห็นด้วยกับแผนนี้", "negation"),
    ("הכניסה לרציף מותרת לכולם.", "הכניסה לרציף אינה מותרת לכולם.", "negation"),
    ("The quiet river runs north.", "The narrow river runs north.", "words"),
    ("The quiet river runs north.", "The QUIET river runs north.", "letters"),
    ("Le café ouvre demain matin.", "Le cafe ouvre demain matin.", "letters"),
    ("The quiet river runs north.", "The quiet river, runs north!", "marks"),
    ("قیمت ۱۲ یورو است.", "قیمت 12 یورو است.", "letters"),
]


@pytest.mark.parametrize(("a", "b", "reason"), REASONS, ids=lambda value: value[:24])
def test_a_change_weighs_by_what_it_changes(a: str, b: str, reason: str) -> None:
    for difference in (diff(a, b), diff(b, a)):
        (change,) = difference.changes
        assert change.reasons[0].name == reason


def test_negations_and_numbers_outweigh_words_and_words_outweigh_marks() -> None:
    weights = {reason: diff(a, b).significance for a, b, reason in REASONS}
    ascending = ["marks", "letters", "words", "number", "negation"]
    assert sorted(ascending, key=weights.__getitem__) == ascending
    assert all(0 < weight <= 1 for weight in weights.values())


@pytest.mark.parametrize(("language", "prefix"), read_table("negating-prefixes"))
def test_every_negating_prefix_turns_a_sentence_round(language: str, prefix: str) -> None:
    stem = "گرفته" if language in ("fa", "ur") else "वैध" if language == "hi" else "latorum"
    for a, b in ((f"It was {stem}.", f"It was {prefix}{stem}."), (f"It was {prefix}{stem}.", f"It was {stem}.")):
        (change,) = diff(a, b).changes
        assert change.reasons[0].name == "negation"


NEGATIONS = read_table("negations")


@pytest.mark.parametrize(("form", "found", "_"), NEGATIONS, ids=[f"{row[2].split()[0]}-{row[0]}" for row in NEGATIONS])
def test_every_negation_of_the_table_is_found(form: str, found: str, _: str) -> None:
    said = {"word": form, "start": f"{form}رود" if form == "نمی" else f"{form}est", "end": f"is{form}", "part": form}[
        found
    ]
    if form == "гүй":
        said = f"ном{form}"
    between = "" if found == "part" else " "
    difference = diff(
        f"one two three{between}x five six seven.", f"one two three{between}{said}{between}x five six seven."
    )
    assert "negation" in {reason.name for change in difference.changes for reason in change.reasons}


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ("Same.", "Same.", "no difference"),
        ("One  two.", "One two.", "only white space differs"),
        ("It costs 12 euros.", "It costs 14 euros.", "1 number changed (12 → 14)"),
        ("Here it is.", "Here it is.\nA paragraph that is new.\nAnd one more of them.", "2 paragraphs added"),
        ("First it is.\nThen this.\nLast is that.", "Then this.\nLast is that.\nFirst it is.", "1 paragraph moved"),
    ],
)  # fmt: skip
def test_the_summary_is_one_line(a: str, b: str, said: str) -> None:
    assert diff(a, b).summary() == said


def test_two_sentences_that_became_one_are_one_edit() -> None:
    difference = diff(
        "The council met on the bridge. It chose a new name for the river and went home.",
        "The council met on the bridge, and it chose a new name for the river and went home.",
    )
    assert [change.kind for change in difference.weighing()] == ["replaced"]


def test_a_parted_paragraph_differs_in_white_space_only() -> None:
    difference = diff("One is here. Two is there. Three is gone.", "One is here. Two is there.\nThree is gone.")
    assert [change.kind for change in difference.changes] == ["whitespace"]


def test_it_is_applied_to_no_other_text() -> None:
    with pytest.raises(InputError, match="not the text"):
        diff("a b", "a c").apply("a d")


def made_by_hand(form: dict[str, object], a: str) -> str:
    """B from A and the JSON alone, as `difference.schema.json` describes it."""
    left, gone = [], set()
    changes = form["changes"]
    for change in changes:
        gone |= set(range(change["a"]["start"], change["a"]["end"]))
    left = [letter for place, letter in enumerate(a) if place not in gone]
    b: list[str] = []
    for change in sorted(changes, key=lambda change: (change["b"]["start"], change["b"]["end"])):
        while len(b) < change["b"]["start"]:
            b.append(left.pop(0))
        text, shift = a[change["a"]["start"] : change["a"]["end"]], change["a"]["start"]
        for edit in reversed(change["edits"]):
            place = edit["a"] - shift
            text = text[:place] + edit["after"] + text[place + len(edit["before"]) :]
        if change["b"]["start"] < change["b"]["end"]:
            b += text
    return "".join([*b, *left])


@given(EITHER, EITHER)
def test_the_json_is_valid_and_enough(a: str, b: str) -> None:
    form = json.loads(to_json(diff(a, b)))
    jsonschema.Draft202012Validator(schema()).validate(form)
    assert made_by_hand(form, a) == b


@given(EITHER, EITHER)
def test_a_difference_is_read_back_as_it_was(a: str, b: str) -> None:
    for difference in (diff(a, b), diff(a, b).inverse()):
        written = to_json(difference)
        assert from_json(written) == difference
        assert to_json(from_json(written)) == written


@given(EITHER, EITHER, st.sampled_from([0.01, 0.5, 1.0]))
def test_what_was_left_out_is_not_passed_over_in_silence(a: str, b: str, least: float) -> None:
    difference = diff(a, b)
    if difference.weighing(least) == difference.changes:
        assert from_json(to_json(difference, least)) == difference
    else:
        with pytest.raises(RecordError, match=r"left out.*--least-significance 0"):
            from_json(to_json(difference, least))


def test_a_difference_of_records_is_read_back_with_all_that_is_known_of_them() -> None:
    record = full_record()
    shown = replace(record.content, text=record.content.text.replace("café", "tea house"), links=())
    difference = diff(record, replace(record, content=shown, url=None, created=None, timestamp=None))
    assert difference.before.links and difference.before.timestamp and difference.changes
    assert from_json(to_json(difference)) == difference
    assert to_html(from_json(to_json(difference))) == to_html(difference)


WRITTEN = to_json(diff("Doors open at 12. Entry  is free.\nTickets", "Doors open at 14. Entry is free.\nTickets"))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("{", "", "the difference: not JSON"),
        ('"significance": 0.6', '"significance": NaN', "the difference: not JSON: NaN"),
        ("difference/2", "difference/1", 'schema: "archiver-difference/1" where'),
        ('"kind": "replaced"', '"kind": "lost"', 'changes[0].kind: "lost" is not one of'),
        ('"start": 0', '"start": -1', "changes[0].a.start: -1 is out of range"),
        ('"whole": false', '"whole": 0', "changes[0].whole: 0 where boolean belongs"),
        ('"reasons"', '"reason"', "changes[0].reasons: missing"),
        ("Tickets", "Bread", "before.text_digest: not that of the text"),
        ('"after": "14"}]}', '"after": "15"}]}', "changes: they do not make the text of `after`"),
        ('"b": 14, "before": "12"', '"b": 14, "before": "13"', "changes: they do not make the text of `before`"),
    ],
    ids=str,
)
def test_what_is_no_difference_is_refused_and_the_place_told(before: str, after: str, told: str) -> None:
    damaged = WRITTEN.replace(before, after, 1)
    assert damaged != WRITTEN
    with pytest.raises(RecordError) as caught:
        from_json(damaged)
    assert str(caught.value).startswith(told)
    assert "archiver diff A B --format json" in str(caught.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["schema", "before", "changes", "text"]), inner),
)


@given(JSON.map(json.dumps) | st.text())
def test_any_text_has_an_answer(text: str) -> None:
    with pytest.raises(RecordError):
        from_json(text)


@pytest.mark.skipif(shutil.which("patch") is None, reason="needs the program patch")
@pytest.mark.parametrize("context", [0, 3])
@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("one\ntwo\nthree\n", "one\n2\nthree\n"),
        ("one\ntwo", "one\ntwo\n"),
        ("one\ntwo\n", "one\ntwo"),
        ("a\r\nb\r\n", "a\nb\r\n"),
        ("\u2028line\x0cfeed\x85\n", "\u2028line\x0cfed\x85\n"),
        ("".join(f"{n}\n" for n in range(99)), "".join(f"{n}\n" for n in range(2, 99) if n % 40) + "new\n"),
        ("خانه\nرود\n", "رود\nخانه\nسنگ"),
        ("x\n", "y\nx\n\n"),
    ],
)  # fmt: skip
def test_patch_applies_the_unified_form(a: str, b: str, context: int, tmp_path: Path) -> None:
    target, patch = tmp_path / "text", tmp_path / "patch"
    target.write_text(a, "utf-8", newline="")
    patch.write_text(to_unified(diff(a, b), context), "utf-8", newline="")
    subprocess.run(["patch", "--binary", "--fuzz=0", "-s", target, patch], check=True, capture_output=True, timeout=60)
    assert target.read_bytes().decode() == b


def test_texts_that_are_the_same_have_no_patch() -> None:
    assert to_unified(diff("a\n", "a\n")) == ""


@given(EITHER, EITHER)
def test_the_view_shows_all_of_both_texts(a: str, b: str) -> None:
    difference = diff(a, b)
    shown = rows(difference, 0.01)
    for name, side in (("a", difference.before), ("b", difference.after)):
        texts = ["".join(part.text for part in getattr(row, name)) for row in shown if getattr(row, name) is not None]
        assert texts == [side.text[start:end] for start, end in side.blocks]
    seen = {number for row in shown for number in row.changes}
    assert seen == set(range(len(difference.weighing())))


def of_records() -> Difference:
    """Two captures of a page in Persian: a number changed, a sentence negated, links changed."""
    record = full_record()
    text = "دفتر تا ساعت ۱۷ باز است.\nورود به اسکله مجاز است. <script>alert(1)</script>"
    other = text.replace("۱۷", "۱۶").replace("مجاز است", "مجاز نیست")
    made = []
    for said, day, href in ((text, "01", "https://example.org/a"), (other, "02", "javascript:alert(1)")):
        link = Link(0, 4, href)
        content = replace(record.content, text=said, blocks=(), links=(link,))
        blocks = tuple(record.content.blocks[0]._replace(start=span.start, end=span.end) for span in lines(said))
        made.append(
            replace(
                record,
                url="https://example.org/?a=1&b=<2>",
                created=f"2024-01-{day}T10:00:00Z",
                timestamp=f"202401{day}100000",
                content=replace(content, blocks=blocks),
                metadata=replace(record.metadata, language="fa", direction="rtl"),
            )
        )
    return archiver.diff(*made)


def test_the_page_is_whole_harmless_and_reads_from_right_to_left() -> None:
    html = to_html(of_records())
    assert "<script" not in html and "src=" not in html and "@import" not in html and "url(" not in html
    assert 'href="javascript' not in html
    assert '<table class="beside" dir="rtl">' in html and '<td dir="auto" lang="fa">' in html
    assert "<del>۱۷</del>" in html and "<ins>۱۶</ins>" in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    for attribute in (
        'data-originalurl="https://example.org/?a=1&amp;b=&lt;2&gt;"',
        'data-versionurl="https://web.archive.org/web/20240101100000/https://example.org/?a=1&amp;b=&lt;2&gt;"',
        'data-versiondate="2024-01-02T10:00:00Z"',
    ):
        assert attribute in html


def test_what_moved_in_the_page_leads_to_its_other_place() -> None:
    html = to_html(
        diff(
            "The first one is here.\nThe second one.\nThe third.", "The second one.\nThe third.\nThe first one is here."
        )
    )
    targets = set(regex.findall(r'href="#([^"]+)"', html))
    names = regex.findall(r' id="((?:a|b|i)-[^"]+)"', html)
    assert targets == set(names) and len(names) == len(set(names)) == 4


def test_links_are_compared() -> None:
    difference = of_records()
    (change,) = compare_links(difference.before, difference.after)
    assert (change.kind, change.before.href, change.after.href) == (
        "retargeted", "https://example.org/a", "javascript:alert(1)",
    )  # fmt: skip
    assert compare_links(difference.before, difference.before) == ()
    assert [change.kind for change in compare_links(difference.before, replace(difference.after, links=()))] == [
        "removed"
    ]


def test_the_terminal_marks_without_colour_what_it_colours() -> None:
    difference = diff("It costs 12 \x1b[31m euros.", "It costs 14 \x1b[31m euros.")
    plain, coloured = ([*terminal_lines(difference, 0.01, 3, coloured=flag)] for flag in (False, True))
    assert plain[1].plain.strip() == "It costs [-12-]{+14+} \ufffd[31m euros."
    assert coloured[1].plain.strip() == "It costs 1214 \ufffd[31m euros."
    assert {"red strike", "bold green"} <= {span.style for span in coloured[1].spans}
