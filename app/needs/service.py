"""What may be done with needs: post, amend, confirm, close, withdraw, and record what its indicators show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.disclosure import name_audience
from app.foundation.outbox import tell
from app.foundation.permissions import Actor, Permission, require
from app.foundation.wording.versions import StaleVersion
from app.needs import rules
from app.needs.events import NeedAmended, NeedClosed, NeedConfirmed, NeedWithdrawn, ResultRecorded
from app.needs.models import Need, NeedIndicator, NeedLine, NeedText, NeedVersion, Result
from app.needs.passing.service import drop_open, plan, send_on, was_passed
from app.needs.snapshots import COLUMNS, FACETS, snapshot


class Widened(ValueError):
    """More people would see the need than those who passed it agreed to."""


class LineInUse(ValueError):
    """A line cannot be left out of a need: somebody has pledged against it."""


@dataclass(frozen=True)
class LineDraft:
    """One thing asked for. `ref` is that of the line it amends, if any; the cost is for the whole line."""

    kind: str
    quantity: Decimal
    unit: str
    description: str = ""
    is_essential: bool = True
    beneficiary_unit: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    cost_amount: Decimal | None = None
    currency: str = ""
    ref: str | None = None


@dataclass(frozen=True)
class IndicatorDraft:
    """How one will know; `ref` is that of the indicator it amends, if any."""

    name: str
    unit: str = ""
    baseline: str = ""
    target: str = ""
    due_on: date | None = None
    ref: str | None = None


@dataclass(frozen=True)
class TextDraft:
    """The chief words of a need in one more language (ISO 639-1), as its author gives them."""

    language: str
    title: str
    summary: str = ""
    problem: str = ""
    objectives: str = ""


@dataclass(frozen=True)
class NeedDraft:
    """Everything that an author says of a need; money in whole units of `currency` (ISO 4217)."""

    language: str
    title: str
    problem: str
    themes: tuple[str, ...]
    countries: tuple[str, ...]
    lines: tuple[LineDraft, ...]
    summary: str = ""
    causes: str = ""
    effects: str = ""
    purpose_code: str = ""
    instruments: tuple[str, ...] = ()
    place: str = ""
    beneficiary_unit: str = ""
    beneficiaries: int | None = None
    beneficiaries_women: int | None = None
    beneficiaries_men: int | None = None
    capacity: str = ""
    baseline: str = ""
    objectives: str = ""
    past_help: str = ""
    requested_elsewhere: str = ""
    national_plan: str = ""
    own_contribution: str = ""
    sustainability: str = ""
    absorption: str = ""
    budget_amount: Decimal | None = None
    currency: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    offers_due_on: date | None = None
    delivery_languages: tuple[str, ...] = ()
    contact: str = ""
    evaluation_body: str = ""
    evaluation_on: date | None = None
    evaluation_recommendation: str = ""
    disclosure: str = "public"
    restricted_fields: tuple[str, ...] = ()
    named: tuple[int, ...] = ()
    indicators: tuple[IndicatorDraft, ...] = field(default=())
    other_texts: tuple[TextDraft, ...] = ()


@dataclass(frozen=True)
class ResultDraft:
    """What an indicator showed, in its own unit, on which day, and what that rests on."""

    actual: str
    measured_on: date
    evidence: str = ""


def post_need(tx: Tx, actor: Actor, organisation_id: int, draft: NeedDraft, now: datetime) -> Need:
    """Post a need: from now on whoever may see it can find it, unless somebody has to look at it first (passing).

    Raises:
        Refused: the actor may not post for that organisation.
    """
    need = Need(organisation_id=organisation_id, status="draft", created_at=now, changed_at=now, version=1)
    require(actor, Permission.NEED_POST, now, need)
    _fill(need, draft, now)
    asked = plan(tx, need, now)
    tx.add(need)
    tx.flush()
    name_audience(tx, need, draft.named if draft.disclosure == "named" else ())
    _keep_version(tx, actor, need, now)
    send_on(tx, actor, need, asked, now)
    return need


def amend_need(tx: Tx, actor: Actor, need: Need, draft: NeedDraft, opened_version: int | None, now: datetime) -> Need:
    """Make a new version of a posted need; the old one is kept. One that was returned is sent on again.

    Raises:
        Refused: the actor may not. StaleVersion: somebody else amended it meanwhile. MoveRefused: it is closed or
        waits. LineInUse: a line that was left out has pledges. Widened: more people would see it than were agreed to.
    """
    require(actor, Permission.NEED_AMEND, now, need)
    _check_words(tx, need, opened_version)
    is_returned = need.status == "draft"
    if not is_returned:
        rules.check_move(need.status, need.status)
        _check_tier(tx, need, draft)
    with tx.no_autoflush:
        _fill(need, draft, now)
        asked = plan(tx, need, now) if is_returned else []
    # One new version, even if only lines or codes changed, which are rows of their own.
    flag_modified(need, "changed_at")
    _flush_lines(tx)
    name_audience(tx, need, draft.named if draft.disclosure == "named" else ())
    _keep_version(tx, actor, need, now)
    if is_returned:
        send_on(tx, actor, need, asked, now)
        return need
    record_event(tx, actor, "need.amended", need, now)
    tell(tx, NeedAmended(need.id, need.version), now)
    return need


def _check_tier(tx: Tx, need: Need, draft: NeedDraft) -> None:
    if rules.is_wider(need.disclosure, draft.disclosure) and was_passed(tx, need):
        raise Widened


def _check_words(tx: Tx, need: Need, opened_version: int | None) -> None:
    # A confirmation or a delivery moves the version too; only somebody else's words are a conflict.
    if opened_version is None:
        return
    latest = tx.scalar(select(func.max(NeedVersion.number)).where(NeedVersion.need_id == need.id))
    if (latest or need.version) > opened_version:
        raise StaleVersion(need)


def _flush_lines(tx: Tx) -> None:
    # Pledges are known to features above this one; what stands on a line is seen when the database refuses to drop it.
    try:
        tx.flush()
    except IntegrityError as error:
        raise LineInUse from error


def confirm_need(tx: Tx, actor: Actor, need: Need, now: datetime, *, by_link: bool = False) -> None:
    """The author says that the need still stands, here or by the link of a mail: the verify-by date moves on.

    Raises:
        Refused: the actor may not. MoveRefused: it has ended.
    """
    require(actor, Permission.NEED_AMEND, now, need)
    rules.check_move(need.status, need.status)
    need.verify_by = rules.verify_by(now.date())
    record_event(tx, actor, "need.confirmed", need, now, {"by": "link"} if by_link else None)
    tell(tx, NeedConfirmed(need.id), now)


def end_need(tx: Tx, actor: Actor, need: Need, status: str, reason: str, now: datetime) -> None:
    """Close or withdraw a need, with the reason that readers will see.

    Raises:
        Refused: the actor may not. MoveRefused: it has ended already.
    """
    require(actor, Permission.NEED_AMEND, now, need)
    rules.check_move(need.status, status)
    need.status, need.status_reason, need.changed_at = status, reason, now
    need.is_published = status in rules.PUBLISHED and need.posted_at is not None
    drop_open(tx, need, now)
    record_event(tx, actor, f"need.{status}", need, now)
    tell(tx, NeedClosed(need.id) if status == "closed" else NeedWithdrawn(need.id), now)


def note_look(tx: Tx, actor: Actor, need: Need, now: datetime) -> None:
    """The office has looked at a need that was not written for it; that is on record."""
    record_event(tx, actor, "need.looked", need, now)


def record_result(tx: Tx, actor: Actor, indicator: NeedIndicator, draft: ResultDraft, now: datetime) -> Result:
    """Write down what an indicator showed on a day, with the evidence for it.

    Raises:
        Refused: the actor may not.
    """
    need = indicator.need
    require(actor, Permission.RESULT_RECORD, now, need)
    result = Result(
        indicator_id=indicator.id, actual=draft.actual, measured_on=draft.measured_on, evidence=draft.evidence,
        recorded_by=actor.account_id, recorded_at=now,
    )  # fmt: skip
    tx.add(result)
    record_event(tx, actor, "need.result_recorded", need, now, {"indicator": indicator.ref})
    tell(tx, ResultRecorded(need.id), now)
    return result


def _fill(need: Need, draft: NeedDraft, now: datetime) -> None:
    for name in COLUMNS:
        setattr(need, name, getattr(draft, name))
    need.changed_at = now
    need.verify_by = rules.verify_by(now.date())
    need.field_disclosure = dict.fromkeys(draft.restricted_fields, "members")
    for name, facet in FACETS.items():
        need.set_codes(facet, getattr(draft, name))
    need.set_codes("kind", {line.kind for line in draft.lines})
    need.lines = _merge(need.lines, draft.lines, NeedLine)
    need.indicators = _merge(need.indicators, draft.indicators, NeedIndicator)
    need.other_texts = _reworded(need.other_texts, draft.other_texts)


def _merge(rows: list[Any], drafts: tuple[Any, ...], model: type[Any]) -> list[Any]:
    # Lines keep their identity through an amendment, so that pledges against them stand.
    known = {row.ref: row for row in rows}
    merged = []
    for position, draft in enumerate(drafts):
        values = {name: value for name, value in vars(draft).items() if name != "ref"}
        row = known.get(draft.ref) if draft.ref else None
        if row is None:
            row = model(position=position, **values)
        else:
            for name, value in values.items():
                setattr(row, name, value)
            row.position = position
        merged.append(row)
    return merged


def _reworded(rows: list[NeedText], drafts: tuple[TextDraft, ...]) -> list[NeedText]:
    # A row is known by its language: the same row is written anew, never dropped and added within one change.
    known = {row.language: row for row in rows}
    kept = []
    for draft in drafts:
        row = known.get(draft.language) or NeedText()
        for name, value in vars(draft).items():
            setattr(row, name, value)
        kept.append(row)
    return kept


def _keep_version(tx: Tx, actor: Actor, need: Need, now: datetime) -> None:
    tx.add(
        NeedVersion(
            need_id=need.id, number=need.version, snapshot=snapshot(need), saved_at=now, saved_by=actor.account_id
        )
    )
