"""An alignment -> the changes: each with its spans, its edits, and its weight."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from archiver.diff.alignment import Alignment, align
from archiver.diff.changes import Change, Edit, Side
from archiver.diff.difference import Difference, ordered
from archiver.diff.edits import Edited, edits_between
from archiver.diff.passages import Pair, Passage, Reading, is_whole, span_of
from archiver.diff.sentences import Span
from archiver.diff.significance import significance_of, weigh
from archiver.diff.spacing import spacing_between, spacing_within
from archiver.diff.words import Vocabulary


def compare(before: Side, after: Side) -> Difference:
    """The difference of two sides."""
    if before.text == after.text:
        return Difference(before, after, ())
    vocabulary = Vocabulary()
    a, b = Reading(before.text, before.blocks, vocabulary), Reading(after.text, after.blocks, vocabulary)
    alignment = align(a, b)
    fixed = sorted([*alignment.same, *((span_of(pair.a), span_of(pair.b)) for pair in alignment.replaced)])
    changes = [
        *(change for pair in alignment.replaced for change in _paired(pair, a, b, moved=False)),
        *(change for pair in alignment.moved for change in _paired(pair, a, b, moved=True)),
        *_lone(alignment, fixed, a, b),
        *map(_spacing, spacing_within(a.text, b.text, alignment.same)),
    ]
    out_a = sorted([*(span_of(pair.a) for pair in alignment.moved), *map(span_of, alignment.lost)])
    out_b = sorted([*(span_of(pair.b) for pair in alignment.moved), *map(span_of, alignment.gained)])
    changes += map(_spacing, spacing_between(a.text, b.text, fixed, out_a, out_b))
    return Difference(before, after, ordered(changes))


def _paired(pair: Pair, a: Reading, b: Reading, *, moved: bool) -> Iterator[Change]:
    before, after = Passage.of(a, pair.a), Passage.of(b, pair.b)
    edited = edits_between(before, after)
    edits = tuple(edit for edit, _, _ in edited)
    inked = any(edit.before.strip() or edit.after.strip() for edit in edits)
    if not moved and not inked:
        yield from map(_spacing, edits)
        return
    reasons = weigh(edited, before, after, moved=moved)
    yield Change(
        kind=("moved-edited" if inked else "moved") if moved else "replaced",
        a=before.span,
        b=after.span,
        a_block=pair.a[0].block,
        b_block=pair.b[0].block,
        whole=is_whole(pair.a) and is_whole(pair.b),
        edits=edits,
        significance=significance_of(reasons),
        reasons=reasons,
    )


def _lone(alignment: Alignment, fixed: Sequence[tuple[Span, Span]], a: Reading, b: Reading) -> Iterator[Change]:
    """What is only in A, and what is only in B: each with the place where it would stand in the other."""
    ends_a, ends_b = [span.end for span, _ in fixed], [span.end for _, span in fixed]
    for group in alignment.lost:
        passage = Passage.of(a, group)
        index = bisect_right(ends_a, passage.span.start)
        place = ends_b[index - 1] if index else 0
        edits = (Edit(passage.span.start, place, passage.text, ""),)
        reasons = weigh([Edited(edits[0], passage.spoken(), [])], passage, Passage.nothing(b, place), moved=False)
        yield Change(
            "deleted", passage.span, Span(place, place), group[0].block, None, is_whole(group), edits,
            significance_of(reasons), reasons,
        )  # fmt: skip
    for group in alignment.gained:
        passage = Passage.of(b, group)
        index = bisect_right(ends_b, passage.span.start)
        place = ends_a[index - 1] if index else 0
        edits = (Edit(place, passage.span.start, "", passage.text),)
        reasons = weigh([Edited(edits[0], [], passage.spoken())], Passage.nothing(a, place), passage, moved=False)
        yield Change(
            "inserted", Span(place, place), passage.span, None, group[0].block, is_whole(group), edits,
            significance_of(reasons), reasons,
        )  # fmt: skip


def _spacing(edit: Edit) -> Change:
    a, b = Span(edit.a, edit.a + len(edit.before)), Span(edit.b, edit.b + len(edit.after))
    return Change("whitespace", a, b, None, None, whole=False, edits=(edit,), significance=0.0, reasons=())
