"""The invented records as their authors would have written them into the forms of the site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from app.courses.service import CourseDraft, SessionDraft
from app.demonstration.source import Entry
from app.lessons.service import LessonDraft
from app.needs.limits.service import LimitDraft
from app.needs.service import IndicatorDraft, LineDraft, NeedDraft, TextDraft
from app.pledges.deliveries import ContributionDraft
from app.pledges.making import PledgeDraft, PledgeLineDraft, TrancheDraft
from app.pledges.models import Pledge
from app.programmes.service import OfferDraft, ProgrammeDraft

RENAMED = {
    "activity_status": "status",
    "beneficiaries_total": "beneficiaries",
    "budget": "budget_amount",
    "cost": "cost_amount",
    "essential": "is_essential",
    "fee": "fee_amount",
    "independent": "is_independent",
}
"""What the files call differently from the drafts."""

DECIMALS = frozenset({"amount", "budget_amount", "cost_amount", "fee_amount", "quantity"})
WORDS = frozenset({"baseline", "target"})
OF_VALIDATION = ("clearer", "reviewer", "asked", "answered")
"""What a lesson's entry says of its validation."""


def need_draft(entry: Entry, ids: Mapping[str, int]) -> NeedDraft:
    """A need with its lines and indicators; `ids` are the numbers of organisations by their keys."""
    values = _values(entry, without=("key", "organisation", "status", "line", "indicator", "named", "other_text"))
    if "beneficiaries" not in values and "beneficiaries_women" in values:
        values["beneficiaries"] = values["beneficiaries_women"] + values.get("beneficiaries_men", 0)
    return NeedDraft(
        **values,
        lines=tuple(LineDraft(**_values(line)) for line in entry["line"]),
        indicators=tuple(IndicatorDraft(**_values(indicator)) for indicator in entry.get("indicator", ())),
        named=tuple(ids[key] for key in entry.get("named", ())),
        other_texts=tuple(TextDraft(**text) for text in entry.get("other_text", ())),
    )


def programme_draft(entry: Entry) -> ProgrammeDraft:
    """A programme with what it offers."""
    values = _values(entry, without=("key", "organisation", "offer"))
    return ProgrammeDraft(**values, offers=tuple(OfferDraft(**_values(offer)) for offer in entry["offer"]))


def course_draft(entry: Entry) -> CourseDraft:
    """A course of a centre's catalogue, without its dates."""
    return CourseDraft(**_values(entry, without=("key", "organisation", "session")))


def session_drafts(entry: Entry) -> list[SessionDraft]:
    """The dated runs of a course."""
    return [SessionDraft(**_values(session)) for session in entry.get("session", ())]


def lesson_draft(entry: Entry, subject: tuple[str, str]) -> LessonDraft:
    """A lesson; `subject` is kind and reference of the record that taught it, both empty if there is none."""
    values = _values(entry, without=("key", "organisation", "status", "need", "programme", "course", *OF_VALIDATION))
    return LessonDraft(**values, subject_kind=subject[0], subject_ref=subject[1])


def limit_draft(entry: Entry) -> LimitDraft:
    """A limit of absorption."""
    return LimitDraft(**_values(entry, without=("key", "organisation")))


def pledge_draft(entry: Entry, line_ids: list[int], programme_id: int | None) -> PledgeDraft:
    """A pledge; `line_ids` are the numbers of the need's lines in their order."""
    lines = (PledgeLineDraft(line_ids[line["line"]], **_values(line, without=("line",))) for line in entry["line"])
    parts = tuple(TrancheDraft(**_values(part)) for part in entry.get("tranche", ()))
    apart = ("need", "organisation", "programme", "status", "accepted", "line", "tranche", "delivery")
    return PledgeDraft(
        **_values(entry, without=apart), lines=tuple(lines), tranches=parts, programme_id=programme_id,
        is_interest=entry["status"] == "interest",
    )  # fmt: skip


def delivery_draft(entry: Entry, pledge: Pledge, day: date) -> ContributionDraft:
    """What a donor says arrived of one line of a pledge; the lines are counted from 0."""
    line, much = pledge.lines[entry["line"]], Decimal(str(entry["much"]))
    note = entry.get("note", "")
    if line.quantity is not None:
        return ContributionDraft(line.id, day, quantity=much, note=note)
    return ContributionDraft(line.id, day, amount=much, currency=line.currency, note=note)


def form_fields(draft: NeedDraft, key: str) -> list[tuple[str, str]]:
    """The fields of the form in which a need is written, as a browser would send them."""
    fields = [("form_key", key), ("version", "")]
    rows = {"lines": draft.lines, "indicators": draft.indicators, "other_texts": draft.other_texts}
    for name, value in vars(draft).items():
        if name not in rows:
            fields += [(name, text) for text in _texts(value)]
    for name, drafts in rows.items():
        for at, row in enumerate(drafts):
            fields += [(f"{name}-{at}-{column}", text) for column, value in vars(row).items() for text in _texts(value)]
    return fields


def _values(entry: Entry, without: Iterable[str] = ()) -> dict[str, Any]:
    names = {name: RENAMED.get(name, name) for name in entry if name not in set(without)}
    return {wanted: _value(wanted, entry[name]) for name, wanted in names.items()}


def _value(name: str, value: Any) -> Any:
    if name in DECIMALS:
        return Decimal(str(value))
    if name in WORDS:
        return str(value)
    return tuple(value) if isinstance(value, list) else value


def _texts(value: Any) -> list[str]:
    if isinstance(value, tuple):
        return [str(item) for item in value]
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return [] if value is None else [str(value)]
