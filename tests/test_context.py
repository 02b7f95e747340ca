"""Captures in the light of one another: laws, and what each rule learns from histories written for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver import Options, Record, clean
from archiver.check import fault_in
from archiver.context import Sketch, alone, context_of, decides, history, in_context, keys_of, sketch
from archiver.context.sketch import see
from archiver.model import Verdict
from archiver.record import from_json, to_json

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)

BODY = (
    "The ferry leaves the north pier at half past six and calls at the two islands before the lighthouse.",
    "Bicycles travel free of charge when the sea is calm; in a gale they stay on the quay with their riders.",
    "Tickets are sold on board by the mate, who takes coins, notes and, since the spring, cards of all kinds.",
    "In winter there is one crossing a day, which the harbour master may cancel without giving a reason.",
)


def page(*inner: str) -> str:
    return f"<html><body><article><h1>The ferry</h1>{''.join(inner)}</article></body></html>"


def capture(html: str, day: int) -> Record:
    return clean(html, url="https://ferry.example/", captured_at=BEGIN + timedelta(days=day))


def sketches(captures: Sequence[Sequence[tuple[str, bool]]]) -> list[Sketch]:
    """Captures a day apart, each given as (text, kept) of its blocks."""
    return [
        Sketch(f"202401{day:02}000000", f"{day:064}", "example,ferry)/", tuple(see(rows_of(blocks))))
        for day, blocks in enumerate(captures, 1)
    ]


def rows_of(blocks: Sequence[tuple[str, bool]]) -> list[tuple[str, bool, str]]:
    return [(text, keep, "content" if keep else "navigation") for text, keep in blocks]


def body_with(*extra: tuple[str, bool]) -> list[tuple[str, bool]]:
    return [*((text, True) for text in BODY), *extra]


def verdict_on(text: str, captures: Sequence[Sequence[tuple[str, bool]]]) -> tuple[bool, str] | None:
    found = history(sketches(captures)).verdicts.get(keys_of([text])[0])
    return (found.keep, found.rule) if found else None


# Laws -----------------------------------------------------------------------------------------------------

HTML = page(
    "<p>", BODY[0], ' <a href="/map">Map</a></p>', "<ul><li>Adults 4</li><li>Children 2</li></ul>",
    "<h2>Winter</h2><p>", BODY[3], "</p>",
).replace("<article>", '<nav><a href="/">Home</a> <a href="/fares">Fares</a></nav><article>')  # fmt: skip
DUMP = "\n\n".join(["خانه", "تماس با ما", *BODY[:2], "جستجو:", "\n".join(BODY[2:]), "Leave a Reply", "Name", "Email"])


@pytest.mark.parametrize("source", [HTML, DUMP], ids=["html", "dump"])
@settings(deadline=None)
@given(turned=st.sets(st.integers(0, 30)))
def test_what_others_decide_is_told_undone_and_done_once(source: str, turned: set[int]) -> None:
    record = clean(source, url="https://ferry.example/", captured_at=BEGIN)
    blocks = sketch(record).blocks
    wanted = {
        blocks[index].key: Verdict.removing("boilerplate", "history:vote", "seen", 0.9)
        if blocks[index].keep
        else Verdict.keeping("history:vote", "seen", 0.9)
        for index in turned
        if index < len(blocks)
    }
    seen = in_context(record, context_of(wanted))
    assert alone(seen) == record
    assert in_context(seen, context_of(wanted)) == seen
    assert fault_in(seen) is None
    assert from_json(to_json(seen)) == seen
    assert sketch(seen) == sketch(record)
    assert decides(context_of(wanted), sketch(record)) == (seen != record) == bool(wanted)
    assert not decides(context_of(wanted), sketch(record), frozenset({"history"}))
    assert len(seen.restored) == sum(verdict.keep for verdict in wanted.values())
    assert [entry.rule for entry in seen.removed].count("history:vote") == len(wanted) - len(seen.restored)
    options = Options(context=context_of(wanted))
    assert clean(source, url="https://ferry.example/", captured_at=BEGIN, options=options) == seen


@settings(deadline=None)
@given(
    captures=st.lists(st.lists(st.tuples(st.sampled_from([*BODY, "Share", "3 readers", "4 readers"]), st.booleans()))),
    order=st.randoms(use_true_random=False),
)
def test_the_order_of_captures_does_not_matter(captures, order) -> None:
    ordered = sketches(captures[:28])
    mixed = list(ordered)
    order.shuffle(mixed)
    assert history(mixed) == history(ordered)


def test_a_record_that_lies_about_others_is_found() -> None:
    record = clean(HTML, url="https://ferry.example/", captured_at=BEGIN)
    context = context_of({keys_of([BODY[3]])[0]: Verdict.removing("boilerplate", "history:vote", "seen", 0.9)})
    seen = in_context(record, context)
    lying = from_json(to_json(seen).replace(f'"context_digest": "{seen.account.made_by.context_digest}"',
                                            '"context_digest": null'))  # fmt: skip
    assert "context_digest" in (fault_in(lying) or "")


# What is learned ------------------------------------------------------------------------------------------


def test_most_captures_decide() -> None:
    text = "Prices include the harbour dues."
    assert verdict_on(text, [body_with((text, keep)) for keep in (True, True, False)]) == (True, "history:vote")
    assert verdict_on(text, [body_with((text, keep)) for keep in (True, False, False)]) == (False, "history:vote")


def test_a_tie_keeps() -> None:
    text = "Prices include the harbour dues."
    assert verdict_on(text, [body_with((text, keep)) for keep in (True, False)]) == (True, "history:vote")


def test_one_capture_says_nothing() -> None:
    assert history(sketches([body_with(("Share", False))])).verdicts == {}


def test_another_number_is_the_same_block() -> None:
    captures = [body_with((f"{number} of 60 seats are left.", True)) for number in (31, 12)]
    assert verdict_on("7 of 60 seats are left.", [*captures, body_with(("9 of 60 seats are left.", False))]) == (
        True,
        "history:vote",
    )


@pytest.mark.parametrize(
    "counter",
    ["{} readers today", "{} بازدید امروز", "{} 次浏览", "Обновлено {} минут назад", "{} דקות לפני"],
)
def test_a_number_that_always_changes_is_a_counter(counter: str) -> None:
    captures = [body_with((counter.format(1000 + 17 * day), True)) for day in range(8)]
    assert verdict_on(counter.format(5), captures) == (False, "history:counter")


def test_a_number_that_changed_once_is_news() -> None:
    captures = [body_with((f"Adults {4 if day < 5 else 5}", True)) for day in range(8)]
    assert verdict_on("Adults 4", captures) == (True, "history:vote")


def test_a_sentence_whose_number_always_changes_stays() -> None:
    long = (
        "This morning the sea stood at {} centimetres above the mark on the north pier, says the harbour master, who "
    )
    long += "reads it off himself at first light on every day of the year and writes it down."
    captures = [body_with((long.format(100 + day), True)) for day in range(8)]
    assert verdict_on(long.format(1), captures) == (True, "history:vote")


def test_what_comes_and_goes_is_no_content() -> None:
    banner = "Summer fares now on sale"
    captures = [body_with(*([(banner, True)] if day % 2 else [])) for day in range(8)]
    assert verdict_on(banner, captures) == (False, "history:flicker")


def test_what_was_taken_out_and_put_back_is_content() -> None:
    captures = [body_with(*([] if day in (3, 4) else [("Dogs travel free.", True)])) for day in range(8)]
    assert verdict_on("Dogs travel free.", captures) == (True, "history:vote")


def test_a_place_that_always_holds_something_else_is_no_content() -> None:
    captures = [
        body_with(("Read also", True), (f"{name} wins the regatta", True), (f"{name} opens the fair", True))
        for name in ("Ada", "Bea", "Cleo", "Dora", "Eva", "Fay", "Gro", "Ida")
    ]
    assert verdict_on("Dora wins the regatta", captures) == (False, "history:churn")
    assert verdict_on("Read also", captures) == (True, "history:vote")


def test_a_live_blog_is_content() -> None:
    news = [f"The {name} has come in." for name in ("Ada", "Bea", "Cleo", "Dora", "Eva", "Fay", "Gro", "Ida")]
    captures = [body_with(*((text, True) for text in reversed(news[: day + 1]))) for day in range(8)]
    assert all(verdict_on(text, captures) != (False, "history:churn") for text in news)


def test_a_front_page_is_content() -> None:
    names = "Ada Bea Cleo Dora Eva Fay Gro Ida".split()
    captures = [
        [("The Harbour Times", True), *((f"{name} {what} in the harbour on this fine day.", True) for what in
         ("dances", "swims", "sings", "sleeps", "paints", "fishes"))]
        for name in names
    ]  # fmt: skip
    rules = {verdict.rule for verdict in history(sketches(captures)).verdicts.values() if not verdict.keep}
    assert rules == set()


def test_a_page_captured_a_thousand_times_is_content() -> None:
    one = sketches([body_with(("Share", False))])[0]
    many = [one._replace(time=f"2024{number:010}", id=f"{number:064}") for number in range(1000)]
    verdicts = history(many).verdicts
    assert all(verdicts[key].keep for key in keys_of(BODY))


def test_an_error_page_in_between_is_no_coming_and_going() -> None:
    captures = [body_with() if day % 2 else [("The server is tired. Come back later.", True)] for day in range(9)]
    assert all(verdict_on(text, captures) == (True, "history:vote") for text in BODY)


def test_each_rule_can_be_switched_off() -> None:
    record = capture(page(*(f"<p>{text}</p>" for text in BODY), "<p>1,204 readers today</p>"), 1)
    context = context_of(
        {keys_of(["7 readers today"])[0]: Verdict.removing("boilerplate", "history:counter", "s", 0.9)}
    )
    assert "readers" in record.text
    assert "readers" not in in_context(record, context).text
    for off in ("history", "history:counter"):
        assert in_context(record, context, frozenset([off])) == record


def test_captures_with_counters_give_one_text() -> None:
    captures = [
        capture(page(*(f"<p>{text}</p>" for text in BODY), f"<p>نمایش {1000 + 31 * day} بار، امروز.</p>"), day)
        for day in range(8)
    ]
    context = history(map(sketch, captures))
    seen = [in_context(record, context) for record in captures]
    assert len({record.text for record in seen}) == 1
    assert all(fault_in(record) is None for record in seen)
