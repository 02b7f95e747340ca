"""The pages of a site in the light of one another: what stands on many of them goes, and nothing else does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver import Options, Record, clean
from archiver.check import fault_in
from archiver.cli import main
from archiver.context import (
    Sketch,
    Template,
    alone,
    context_for,
    distinct_pages,
    in_context,
    keys_of,
    site_of,
    sketch,
    templates,
    templates_from_json,
    templates_to_json,
    with_texts,
)
from archiver.context.sketch import see
from archiver.context.spans import time_spans
from archiver.errors import InputError, RecordError
from archiver.model import Capture
from archiver.store import CATALOGUE, Store
from archiver.store.site_templates import FOLDER, kept_templates, learn, learned, site_named, sites

SITES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(Path(__file__).parent.glob("cases/sites/*"))}
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)

# What templates do must not hang on what the classifier makes of a page: without it all of these pages is kept.
ALONE = Options(rules_off=frozenset(("content",)))


def furniture(site: dict[str, Any]) -> list[str]:
    return [*site["menu"], site["tagline"], site["teaser"], site["copyright"]]


def html_of(site: dict[str, Any], article: Sequence[str]) -> str:
    head, *paragraphs = article
    menu = "".join(f"<div class=m><a href='/{n}'>{name}</a></div>" for n, name in enumerate(site["menu"]))
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f"<html><head><title>{head}</title></head><body><div id=top>{menu}</div><div>{site['tagline']}</div>"
        f"<div id=main><h1>{head}</h1>{body}</div><div class=box>{site['teaser']}</div>"
        f"<div id=end>{site['copyright']}</div></body></html>"
    )


def dump_of(site: dict[str, Any], article: Sequence[str]) -> str:
    return "\n".join([*site["menu"], "", site["tagline"], "", *article, "", site["teaser"], "", site["copyright"]])


FORMS = {"html": html_of, "dump": dump_of}


def cleaned(site: dict[str, Any], form: str) -> list[Record]:
    return [
        clean(
            FORMS[form](site, article),
            url=f"https://www.{site['host']}/{number}",
            captured_at=BEGIN + timedelta(days=number),
            options=ALONE,
        )
        for number, article in enumerate(site["pages"])
    ]


def learned_of(records: Sequence[Record]) -> tuple[Template, ...]:
    return templates(site_of(records[0].urlkey or ""), map(sketch, records))


@pytest.fixture(params=[(name, form) for name in SITES for form in FORMS], ids="-".join)
def pages(request: pytest.FixtureRequest) -> tuple[dict[str, Any], list[Record]]:
    name, form = request.param
    return SITES[name], cleaned(SITES[name], form)


# A site -----------------------------------------------------------------------------------------------------


def test_what_stands_on_every_page_goes(pages: tuple[dict[str, Any], list[Record]]) -> None:
    site, records = pages
    (template,) = learned_of(records)
    for record in records:
        seen = in_context(record, context_for((template,), record))
        assert [text for text in furniture(site) if text in seen.text] == []
        removed = [entry for entry in seen.removed if entry.rule == "template:repeated"]
        assert {entry.kind for entry in removed} == {"site-template"}
        assert {entry.evidence for entry in removed} == {"stands on many pages of the site"}


def test_what_stands_on_one_page_stays(pages: tuple[dict[str, Any], list[Record]]) -> None:
    site, records = pages
    found = learned_of(records)
    for record, article in zip(records, site["pages"], strict=True):
        seen = in_context(record, context_for(found, record))
        assert [text for text in article if text not in seen.text] == []


def test_a_page_that_taught_nothing_is_cleaned_the_same(pages: tuple[dict[str, Any], list[Record]]) -> None:
    _, (first, *others) = pages
    found, of_others = learned_of([first, *others]), learned_of(others)
    assert in_context(first, context_for(of_others, first)).text == in_context(first, context_for(found, first)).text


def test_the_record_tells_all_and_forgets_it_again(pages: tuple[dict[str, Any], list[Record]]) -> None:
    _, records = pages
    found = learned_of(records)
    for record in records:
        seen = in_context(record, context_for(found, record))
        assert fault_in(seen) is None
        assert alone(seen) == record
        assert sketch(seen) == sketch(record)


def test_clean_takes_a_template_as_an_option() -> None:
    site = SITES["english"]
    records = cleaned(site, "html")
    context = context_for(learned_of(records), records[0])
    again = clean(
        html_of(site, site["pages"][0]),
        url=records[0].url,
        captured_at=BEGIN,
        options=replace(ALONE, context=context),
    )
    assert again == in_context(records[0], context)
    off = replace(ALONE, context=context, rules_off=frozenset(("content", "template")))
    assert site["tagline"] in clean(html_of(site, site["pages"][0]), options=off).text


# What repeats and is content --------------------------------------------------------------------------------

LONG = (
    "The party of the first part shall not be liable for any loss that the party of the second part may suffer from "
    "ice, fog, war, the acts of pilots or the want of wind, unless it was told of them in writing the day before."
)
BODY = [
    "The ferry leaves the north pier at half past six and calls at the two islands before the lighthouse.",
    "Bicycles travel free of charge when the sea is calm; in a gale they stay on the quay with their riders.",
    "Tickets are sold on board by the mate, who takes coins, notes and, since the spring, cards of all kinds.",
]


def page(number: int, *texts: str, day: int = 0, address: str = "") -> Sketch:
    time = f"2024{1 + day // 28:02}{1 + day % 28:02}000000" if day else ""
    rows = [(text, True, "content") for text in texts]
    return Sketch(time, f"{number:064}", address or f"example,site)/{number}", tuple(see(rows)))


def own(number: int) -> list[str]:
    """A body that no other page has: no word of it but numbers in letters."""
    name = "".join(chr(ord("a") + int(digit)) for digit in f"{number:04}")
    return [f"{name} {word} {name * 4}" for word in ("opens", "goes on", "comes to its end")]


def removed_by(found: Sequence[Template], *texts: str) -> list[str]:
    keys = {block.key for template in found for block in template.blocks}
    return [text for text in texts if keys_of([text])[0] in keys]


MENU = ("Front page", "Harbour", "Letters")


def test_a_body_that_never_changes_is_content() -> None:
    captures = [page(number, *MENU, *BODY, day=number % 300 + 1, address="example,site)/") for number in range(1000)]
    assert len(distinct_pages(captures)) == 1
    assert templates("site.example", captures) == ()


def test_it_is_content_on_a_site_with_others_too() -> None:
    captures = [page(number, *MENU, *BODY, address="example,site)/ferry") for number in range(1000)]
    captures += [page(2000 + number, *MENU, *own(number)) for number in range(6)]
    found = templates("site.example", captures)
    assert removed_by(found, *MENU, *BODY) == list(MENU)
    assert (found[0].pages, found[0].captures) == (7, 1006)


def test_a_body_that_changes_every_day_shows_what_stands_around_it() -> None:
    captures = [page(number, *MENU, *own(number), day=number + 1, address="example,site)/") for number in range(5)]
    assert removed_by(templates("site.example", captures), *MENU) == list(MENU)


def test_mirrors_of_a_page_are_one_page() -> None:
    mirrors = [page(number, *MENU[:number], *BODY, f"Print version no {number}") for number in range(4)]
    assert len(distinct_pages(mirrors)) == 1
    others = [page(10 + number, *MENU, *own(number)) for number in range(4)]
    assert removed_by(templates("site.example", mirrors + others), *MENU, *BODY) == list(MENU)


def test_a_heading_within_bodies_stays() -> None:
    captures = [
        page(number, *MENU, own(number)[0], "Introduction", own(number)[1], own(number)[2]) for number in range(8)
    ]
    assert removed_by(templates("site.example", captures), *MENU, "Introduction") == list(MENU)


def test_clauses_that_contracts_share_stay_and_so_does_what_stands_between_them() -> None:
    clauses = [LONG, "§ Weather", LONG.replace("ice", "rain")]
    captures = [page(number, *MENU, *clauses, *own(number) * 9) for number in range(5)]
    assert removed_by(templates("site.example", captures), *MENU, *clauses) == list(MENU)


def test_a_headline_that_others_tease_stays_on_its_own_page() -> None:
    site = SITES["english"]
    head, *_ = site["pages"][0]
    teaser = f"<nav><a href='/0'>{head}</a></nav>"
    pages = [clean(html_of({**site, "teaser": teaser}, article), options=ALONE) for article in site["pages"][1:]]
    own_page = clean(html_of(site, site["pages"][0]), options=ALONE)
    found = templates("x", [sketch(one)._replace(page=str(place)) for place, one in enumerate([*pages, own_page])])
    assert own_page.title == head
    assert removed_by(found, head) == [head]
    assert head in in_context(own_page, context_for(found, own_page)).text


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_pages_teach_nothing(count: int) -> None:
    assert templates("site.example", [page(number, *MENU, *own(number)) for number in range(count)]) == ()


# Time -------------------------------------------------------------------------------------------------------

NEW = ("Start", "Quays", "Your letters")


def test_a_redesign_begins_a_new_template() -> None:
    old = [page(number, *MENU, *own(number), day=number + 1) for number in range(6)]
    new = [page(20 + number, *NEW, *own(20 + number), day=100 + number) for number in range(6)]
    first, second = templates("site.example", new + old)
    assert (removed_by([first], *MENU, *NEW), removed_by([second], *MENU, *NEW)) == (list(MENU), list(NEW))
    assert (first.first, first.last, second.first) == (old[0].time, old[-1].time, new[0].time)
    for time, template in ((old[2].time, first), ("19990101000000", first), (new[3].time, second), ("2030", second)):
        assert context_for((first, second), time).verdicts == dict(sorted(template.verdicts().items()))


def test_a_menu_that_changes_an_item_is_the_same_design() -> None:
    captures = [
        page(number, *MENU, *NEW, f"Item {'ab'[number > 5]}", *own(number), day=number + 1) for number in range(12)
    ]
    assert len(time_spans(captures)) == 1


def test_headlines_of_a_week_are_no_design() -> None:
    captures = [
        page(number, *MENU, *NEW, *(f"story {'abcdef'[number // 4]} {n}" for n in "xy"), *own(number), day=number + 1)
        for number in range(24)
    ]
    assert len(time_spans(captures)) == 1


def test_an_undated_page_is_seen_in_the_design_that_it_shows() -> None:
    old = [page(number, *MENU, *own(number), day=number + 1) for number in range(6)]
    new = [page(20 + number, *NEW, *own(20 + number), day=100 + number) for number in range(6)]
    record = clean(f"<div>{NEW[0]}</div><div>{NEW[1]}</div><p>{BODY[0]}</p>", options=ALONE)
    seen = in_context(record, context_for(templates("site.example", old + new), record))
    assert seen.text == BODY[0]


# Laws -------------------------------------------------------------------------------------------------------


@st.composite
def captured(draw: st.DrawFn) -> list[Sketch]:
    texts = st.lists(st.sampled_from([*MENU, *NEW, *BODY, LONG, *own(1), *own(2), *own(3)]), max_size=9)
    shown = draw(st.lists(st.tuples(texts, st.integers(0, 60), st.integers(0, 5)), max_size=14))
    return [
        page(number, *some, day=day, address=f"example,site)/{address}")
        for number, (some, day, address) in enumerate(shown)
    ]


@given(captured(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_captures_does_not_matter(captures: list[Sketch], chance: Any) -> None:
    shuffled = list(captures)
    chance.shuffle(shuffled)
    assert templates("site.example", shuffled) == templates("site.example", captures)


@given(captured())
@settings(max_examples=60, deadline=None)
def test_json_brings_back_the_same(captures: list[Sketch]) -> None:
    found = templates("site.example", captures)
    assert templates_from_json(templates_to_json("site.example", found)) == found


@given(captured())
@settings(max_examples=60, deadline=None)
def test_captures_twice_teach_the_same_blocks(captures: list[Sketch]) -> None:
    twice = captures + [one._replace(id=f"{one.id}again") for one in captures]
    once = [(template.pages, template.blocks) for template in templates("site.example", captures)]
    assert len(distinct_pages(twice)) == len(distinct_pages(captures))
    undated = all(not one.time for one in captures)
    if undated:
        assert [(template.pages, template.blocks) for template in templates("site.example", twice)] == once


# JSON -------------------------------------------------------------------------------------------------------


def written() -> str:
    records = cleaned(SITES["persian"], "html")
    return templates_to_json("bandar-news.example", with_texts(learned_of(records), records))


def test_the_written_form_is_what_its_schema_says() -> None:
    schema = json.loads((Path(__file__).parent.parent / "src/archiver/context/template.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads(written()))


def test_the_digest_is_of_what_is_learned_and_not_of_the_examples() -> None:
    records = cleaned(SITES["persian"], "html")
    (template,) = learned_of(records)
    assert with_texts((template,), records)[0].digest == template.digest
    assert replace(template, pages=9).digest != template.digest


def test_the_digest_is_the_same_on_every_machine() -> None:
    (template,) = templates("site.example", [page(number, *MENU, *own(number)) for number in range(4)])
    assert template.digest == "sha256:de03449cff60e4427c6cc227622b7a25e2bd218756762c0bef94a414d4901f15"


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ('"pages": 8', '"pages": "8"', "templates[0].pages"),
        ('"first": "2024', '"first": "24', "templates[0].first"),
        ('"captures": 8', '"captures": 9', "templates[0].digest"),
        ('"site"', '"sight"', "site"),
        ("archiver-templates/1", "archiver-templates/7", "schema"),
        ('"key": "', '"key": "x', "templates[0].blocks[0].key"),
        ("{", "", "not JSON"),
    ],
)
def test_damage_is_named(before: str, after: str, where: str) -> None:
    text = written()
    assert before in text
    with pytest.raises(RecordError) as caught:
        templates_from_json(text.replace(before, after, 1))
    assert where in str(caught.value)
    assert "delete it" in str(caught.value)


# The store and the verb -------------------------------------------------------------------------------------


def captures_of(site: dict[str, Any]) -> Iterator[Capture]:
    for number, article in enumerate(site["pages"]):
        yield Capture(
            html_of(site, article).encode(),
            url=f"https://www.{site['host']}/{number}",
            captured_at=BEGIN + timedelta(days=number),
            content_type="text/html; charset=utf-8",
            container=f"{number}.html",
        )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    with Store(tmp_path / "clean") as opened:
        for capture in captures_of(SITES["chinese"]):
            opened.put(clean(capture, options=ALONE))
        for capture in list(captures_of(SITES["english"]))[:2]:
            opened.put(clean(capture, options=ALONE))
    return Store(tmp_path / "clean")


def test_what_is_learned_is_kept_and_written_once(store: Store) -> None:
    found = learn(store, "gangwan-bao.example")
    (file,) = (store.folder / FOLDER).iterdir()
    before = file.stat().st_mtime_ns
    assert learn(store, "gangwan-bao.example") == found == kept_templates(store.folder, "gangwan-bao.example")
    assert file.stat().st_mtime_ns == before
    assert [block.text for block in found[0].blocks] == furniture(SITES["chinese"])


def test_templates_are_no_records(store: Store) -> None:
    learn(store, "gangwan-bao.example")
    assert len(list(store.walk())) == 10
    assert main(["check", str(store.folder)]) == 0


def test_what_is_no_longer_learned_is_taken_away(store: Store) -> None:
    learn(store, "gangwan-bao.example")
    for path in (store.folder / "www.gangwan-bao.example").rglob("*.json"):
        path.unlink()
    # It is made again from what stands.
    (store.folder / CATALOGUE).unlink()
    assert learn(store, "gangwan-bao.example") == ()
    assert list((store.folder / FOLDER).iterdir()) == []
    assert kept_templates(store.folder, "gangwan-bao.example") == ()


def test_damaged_templates_are_named_with_their_file(store: Store) -> None:
    learn(store, "gangwan-bao.example")
    (file,) = (store.folder / FOLDER).iterdir()
    file.write_text("{}", "utf-8")
    with pytest.raises(RecordError, match=r"gangwan-bao\.example\.json.*missing.*delete it"):
        kept_templates(store.folder, "gangwan-bao.example")


def test_records_that_templates_changed_teach_the_same(store: Store) -> None:
    found = learned(store, "gangwan-bao.example")
    with Store(store.folder) as opened:
        for place in list(opened.walk()):
            record = opened.get(place)
            if "gangwan" in (record.url or ""):
                opened.put(in_context(record, context_for(found, record)))
    assert learned(store, "gangwan-bao.example") == found


def test_sites_are_told_by_host(store: Store) -> None:
    assert sites(store) == ["gangwan-bao.example", "harbour-post.example"]
    assert site_named("https://www.gangwan-bao.example/3?x=1") == "gangwan-bao.example"
    with pytest.raises(InputError, match="write its host"):
        site_named("gangwan-bao.example:x")


def test_the_verb_shows_the_blocks(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["template", "www.gangwan-bao.example", str(store.folder)]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head == "gangwan-bao.example, 2024-01-01 to 2024-01-08: 8 pages in 8 captures, 8 blocks"
    assert [row.split("  ")[-1] for row in rows] == furniture(SITES["chinese"])
    assert main(["template", "gangwan-bao.example", str(store.folder), "--json"]) == 0
    assert templates_from_json(capsys.readouterr().out) == learned(store, "gangwan-bao.example")


@pytest.mark.parametrize(
    ("site", "told"),
    [
        ("harbour-post.example", "too few pages .*capture more: 3 distinct pages"),
        ("post.example", "nothing captured .*captured are gangwan-bao.example, harbour-post.example"),
        ("gangwan-bao.example:x", "write its host"),
    ],
)
def test_the_verb_says_what_to_do(store: Store, capsys: pytest.CaptureFixture[str], site: str, told: str) -> None:
    assert main(["template", site, str(store.folder)]) == 2
    assert re.search(told, capsys.readouterr().err)
