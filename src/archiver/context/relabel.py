"""A record and what others say of its blocks -> the record in their light."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from archiver.context.pieces import Piece, assemble, is_of_context, pieces_alone, pieces_of
from archiver.context.sketch import Sketch, keys_of
from archiver.model import Context, Record, Verdict


def alone(record: Record) -> Record:
    """The record as if its page had been cleaned alone."""
    if record.account.made_by.context_digest is None:
        return record
    return assemble(record, pieces_alone(record), None)


def in_context(record: Record, context: Context | None, rules_off: frozenset[str] = frozenset()) -> Record:
    """The record in the light of `context`; whatever context it had before is forgotten. A failed record comes back as
    it is.

    A block that is removed for it bears the rule and its evidence; one that is kept for it stands in `restored` with
    what was decided of it alone. `rules_off` names rules (`history:flicker`) or all of a kind (`history`, `template`)
    that do not count. The same when done twice.
    """
    if record.status == "failed":
        return record
    record = alone(record)
    if context is None or not context.verdicts:
        return record
    pieces = pieces_alone(record)
    decided = dict(_decided(pieces, context.verdicts, rules_off))
    if not decided:
        return record
    return assemble(record, [decided.get(piece.index, piece) for piece in pieces], _digest(decided.values()))


def decides(context: Context, one: Sketch, rules_off: frozenset[str] = frozenset()) -> bool:
    """Whether `in_context` changes the record of this sketch, which was cleaned alone."""
    found = ((context.verdicts.get(block.key), block.keep) for block in one.blocks)
    return any(verdict is not None and _differs(verdict, rules_off, keep=keep) for verdict, keep in found)


def _decided(
    pieces: Iterable[Piece], verdicts: Mapping[int, Verdict], rules_off: frozenset[str]
) -> Iterable[tuple[int, Piece]]:
    """The blocks that others decide otherwise."""
    # What no reader saw says nothing, and nobody asks for it.
    seen = [piece for piece in pieces if not (piece.removal and piece.removal[0] == "hidden")]
    for piece, key in zip(seen, keys_of(piece.text for piece in seen), strict=True):
        verdict = verdicts.get(key)
        if verdict is None or not _differs(verdict, rules_off, keep=piece.keep):
            continue
        if verdict.keep:
            yield piece.index, piece._replace(restoral=(verdict.rule, verdict.evidence))
        else:
            removal = (verdict.kind, verdict.rule, verdict.evidence, "", verdict.confidence)
            yield piece.index, piece._replace(removal=removal)


def _differs(verdict: Verdict, rules_off: frozenset[str], *, keep: bool) -> bool:
    return verdict.keep != keep and not _is_off(verdict.rule, rules_off)


def _is_off(rule: str, rules_off: frozenset[str]) -> bool:
    return rule in rules_off or rule.partition(":")[0] in rules_off


def _digest(pieces: Iterable[Piece]) -> str:
    rows = [[piece.index, piece.removal, piece.restoral] for piece in pieces]
    return f"sha256:{hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()}"


def context_digest(record: Record) -> str | None:
    """What `made_by.context_digest` has to be: over all that other captures decided here; None for nothing."""
    pieces = [piece for piece in pieces_of(record) if piece.restoral or is_of_context(piece)]
    return _digest(pieces) if pieces else None
