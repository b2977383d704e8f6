"""Needs that somebody looks at before they are posted: the secretariat, or the national focal point of the State.

A State's focal point either has to pass what its agencies post (gate), or may object within five working days
(consent); silence then posts the need as widely as its author chose, and never more widely. The secretariat reviews
what an organisation that is verified, and not yet trusted, wants everybody to read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.foundation.audit import record_event
from app.foundation.days import after_working_days
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.messages import msg
from app.foundation.outbox import tell
from app.foundation.permissions import SYSTEM, Actor, Permission, require
from app.needs import rules
from app.needs.events import NeedPassing, NeedPosted, NeedReturned
from app.needs.models import Need, Passing
from app.organisations.models import Organisation
from app.organisations.queries import offices, passing_of


class AlreadyDecided(ValueError):
    """Somebody has answered already, or the author has taken the need back."""


@dataclass(frozen=True)
class Verdict:
    """What whoever looks at a need says: passed, or returned with a reason."""

    passed: bool
    reason: str = ""


def plan(tx: Tx, need: Need, now: datetime) -> list[Passing]:
    """Move a draft on: posted, or waiting for those who have to see it first, who are given back."""
    asked = _asked(tx, need, now)
    status = rules.status_while({one.kind for one in asked})
    rules.check_move(need.status, status)
    need.status, need.status_reason = status, ""
    if not asked:
        need.posted_at, need.is_published = now, True
    return asked


def send_on(tx: Tx, actor: Actor, need: Need, asked: list[Passing], now: datetime) -> None:
    """Ask those who were planned, or tell that the need is posted; the one event of the move is recorded here."""
    for one in asked:
        one.need_id = need.id
        tx.add(one)
    if asked:
        tx.flush()
        record_event(tx, actor, "need.submitted", need, now, {"waits": sorted({one.kind for one in asked})})
        tell(tx, NeedPassing(need.id), now)
    else:
        record_event(tx, actor, "need.posted", need, now)
        tell(tx, NeedPosted(need.id), now)


def _post(tx: Tx, actor: Actor, need: Need, now: datetime) -> None:
    need.status, need.posted_at, need.is_published = "posted", now, True
    tx.flush()
    record_event(tx, actor, "need.passed", need, now)
    tell(tx, NeedPosted(need.id), now)


def _asked(tx: Tx, need: Need, now: datetime) -> list[Passing]:
    author = tx.get_one(Organisation, need.organisation_id)
    asked = []
    countries = {*need.codes("country"), *([author.country] if author.country else [])}
    for country, national in sorted(passing_of(tx, countries).items()):
        kind = rules.passing_kind(author.kind, author.country, country, national.passing)
        if national.id != author.id and need.disclosure != "own" and kind:
            asked.append(_passing(national.id, kind, now))
    office = next(iter(offices(tx)), None)
    if rules.is_reviewed(author.status, need.disclosure) and office is not None:
        asked.append(_passing(office.id, "review", now))
    return asked


def _passing(organisation_id: int, kind: str, now: datetime) -> Passing:
    until = after_working_days(now, rules.CONSENT_DAYS) if kind == "consent" else None
    return Passing(organisation_id=organisation_id, kind=kind, asked_at=now, until=until)


def decide(tx: Tx, actor: Actor, passing: Passing, verdict: Verdict, now: datetime) -> Need:
    """Pass a need or return it to its author; it is posted once everybody who was asked has passed it.

    Raises:
        Refused: the actor does not write for the organisation that was asked.
        AlreadyDecided: somebody was quicker. ValueError: a return without a reason.
    """
    require(actor, Permission.NEED_PASS, now, passing)
    need = tx.scalars(readable(SYSTEM, Need).where(Need.id == passing.need_id)).one()
    if passing.decided_at is not None or need.status not in rules.WAITING:
        raise AlreadyDecided
    if not verdict.passed and not verdict.reason.strip():
        raise ValueError(msg("Write what is to be changed: the author is told it."))
    passing.decided_at, passing.decided_by = now, actor.account_id
    passing.decision, passing.reason = ("passed" if verdict.passed else "returned"), verdict.reason.strip()
    if not verdict.passed:
        _return(tx, actor, need, passing, now)
    elif not (left := _open(tx, need)):
        _post(tx, actor, need, now)
    else:
        need.status = rules.status_while({one.kind for one in left})
        tx.flush()
        record_event(tx, actor, "need.passed", need, now, {"left": len(left)})
    return need


def _return(tx: Tx, actor: Actor, need: Need, passing: Passing, now: datetime) -> None:
    rules.check_move(need.status, "draft")
    need.status, need.status_reason = "draft", passing.reason
    for other in _open(tx, need):
        other.decided_at, other.decision = now, "dropped"
    tx.flush()
    record_event(tx, actor, "need.returned", need, now)
    tell(tx, NeedReturned(need.id, passing.id), now)


def drop_open(tx: Tx, need: Need, now: datetime) -> None:
    """The author has taken the need back: nobody has to look at it any more."""
    for one in _open(tx, need):
        one.decided_at, one.decision = now, "dropped"


def post_due(tx: Tx, now: datetime) -> int:
    """Post what nobody has objected to in time; how many answers silence has given."""
    query = select(Passing).where(Passing.decided_at.is_(None), Passing.until.is_not(None), Passing.until <= now)
    due = list(tx.scalars(query.order_by(Passing.id)))
    for passing in due:
        if passing.decided_at is None:
            decide(tx, SYSTEM, passing, Verdict(passed=True, reason=""), now)
    return len(due)


def _open(tx: Tx, need: Need) -> Sequence[Passing]:
    tx.flush()
    return tx.scalars(select(Passing).where(Passing.need_id == need.id, Passing.decided_at.is_(None))).all()


# --- reading ---


def waiting_for(tx: Tx, reader: Actor) -> list[tuple[Passing, Need]]:
    """What this person is asked to look at, the longest wait first."""
    places = [m.organisation_id for m in reader.of_kind("state", "secretariat")]
    # disclosure: whoever is asked to pass a need sees it whole, before anybody else does.
    query = (
        select(Passing, Need)
        .join(Need, Need.id == Passing.need_id)
        .where(Passing.organisation_id.in_(places), Passing.decided_at.is_(None))
        .options(joinedload(Need.organisation))
        .order_by(Passing.id)
    )
    return [(passing, need) for passing, need in tx.execute(query)]


def find_passing(tx: Tx, reader: Actor, need_ref: str) -> tuple[Passing, Need] | None:
    """What this person is asked about one need, with the need itself."""
    return next((pair for pair in waiting_for(tx, reader) if pair[1].ref == need_ref), None)


def was_passed(tx: Tx, need: Need) -> bool:
    """Whether somebody agreed to the need before it was posted."""
    query = select(Passing.id).where(Passing.need_id == need.id, Passing.decision == "passed")
    return tx.scalars(query.limit(1)).first() is not None


def passings_of(tx: Tx, need: Need) -> list[tuple[Passing, Organisation]]:
    """Who was asked about a need and what each has said, for its author."""
    query = select(Passing, Organisation).join(Organisation, Organisation.id == Passing.organisation_id)
    return [(one, who) for one, who in tx.execute(query.where(Passing.need_id == need.id).order_by(Passing.id))]
