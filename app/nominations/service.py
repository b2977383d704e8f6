"""What may be done with nominations: put forward, rank, decide, confirm, decline, withdraw; and how seats are given."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from app.courses.models import CourseSession
from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.messages import Message, msg
from app.foundation.outbox import tell
from app.foundation.permissions import SYSTEM, Actor, Permission, require
from app.needs.models import NeedLine
from app.nominations import rules, seating
from app.nominations.certificates.drawable import letters_problem
from app.nominations.events import IntakeChanged, ManyNominated, NominationMade
from app.nominations.models import Intake, Nomination
from app.nominations.rules import Candidate
from app.nominations.seating import Quota
from app.nominations.seats import Held, fill, hold_session, move, release_late, seeker_of


@dataclass(frozen=True)
class NominationDraft:
    """Whom an organisation puts forward, why, with which rank among its own, and for which line of its own needs."""

    candidate: Candidate
    motivation: str
    rank: int
    need_line: NeedLine | None = None


@dataclass(frozen=True)
class IntakeDraft:
    """How a centre says that the seats of a session are given; the fields are those of models.Intake."""

    reserve: int = rules.RESERVE
    answer_days: int = rules.ANSWER_DAYS
    keep_months: int = rules.KEEP_MONTHS
    link: str = ""
    instructors: str = ""
    quotas: tuple[Quota, ...] = ()


def set_intake(tx: Tx, actor: Actor, session: CourseSession, draft: IntakeDraft, now: datetime) -> Intake:
    """Say how the seats of a session are given; whoever waits and may have one by the new rules gets it at once.

    Raises:
        Refused: the actor does not write for the centre. DraftRefused: the quotas do not go together.
    """
    require(actor, Permission.COURSE_AMEND, now, session)
    held = hold_session(tx, session.id, now)
    if problem := seating.quota_problem(draft.quotas, session.seats):
        raise rules.DraftRefused([rules.Problem("quotas", problem)])
    intake = held.intake
    before = intake.quotas
    for name in ("reserve", "answer_days", "keep_months", "link", "instructors"):
        setattr(intake, name, getattr(draft, name))
    intake.quotas = [{name: getattr(quota, name) for name in Quota.__dataclass_fields__} for quota in draft.quotas]
    intake.changed_at = now
    if intake not in tx:
        intake.created_at = now
    tx.add(intake)
    tx.flush()
    details = {"course": session.course.ref, "quotas": intake.quotas, "before": before}
    record_event(tx, actor, "course_session.intake_set", session, now, details)
    tell(tx, IntakeChanged(session.id), now)
    release_late(held)
    fill(held)
    return intake


def nominate(
    tx: Tx, actor: Actor, organisation_id: int, session: CourseSession, draft: NominationDraft, now: datetime
) -> Nomination:
    """Put somebody forward for a session.

    Raises:
        Refused: the actor is no focal point of that organisation. MoveRefused: registration is closed. DraftRefused:
        something is missing, or this organisation has put the same person forward already.
    """
    nomination = _put_forward(hold_session(tx, session.id, now), actor, organisation_id, draft)
    tell(tx, NominationMade(nomination.id), now)
    return nomination


def nominate_all(
    tx: Tx, actor: Actor, organisation_id: int, session: CourseSession, drafts: Iterable[NominationDraft], now: datetime
) -> list[Nomination]:
    """Put several people forward together, as `nominate` does with one; the centre is told once.

    Raises:
        Refused, MoveRefused, DraftRefused: as for one of them. The transaction is then to be given up as a whole.
    """
    held = hold_session(tx, session.id, now)
    made = [_put_forward(held, actor, organisation_id, draft) for draft in drafts]
    if made:
        tell(tx, ManyNominated(made[0].id, len(made)) if len(made) > 1 else NominationMade(made[0].id), now)
    return made


def _put_forward(held: Held, actor: Actor, organisation_id: int, draft: NominationDraft) -> Nomination:
    tx, session, now = held.tx, held.session, held.now
    rules.check_open(held.window, held.today)
    candidate = draft.candidate
    nomination = Nomination(
        organisation_id=organisation_id, session_id=session.id, course_id=session.course_id, disclosure="own",
        centre_id=session.organisation_id, need_line_id=draft.need_line.id if draft.need_line else None,
        status=rules.NOMINATED, rank=draft.rank, motivation=draft.motivation, nominated_by=actor.account_id,
        candidate_key=candidate.key, created_at=now, changed_at=now, **vars(candidate),
    )  # fmt: skip
    require(actor, Permission.NOMINATION_MAKE, now, nomination)
    if problems := problems_in(held, organisation_id, draft):
        raise rules.DraftRefused(problems)
    tx.add(nomination)
    tx.flush()
    tx.refresh(nomination, ["organisation", "session"])
    held.people.append(nomination)
    record_event(tx, actor, "nomination.made", nomination, now, {"session": session.ref, "rank": draft.rank})
    return nomination


def name_problems(name: str) -> list[rules.Problem]:
    """What is wrong with a name as it shall stand on a certificate."""
    problem = letters_problem(name)
    return [rules.Problem("name", problem)] if problem else []


def problems_in(held: Held, organisation_id: int, draft: NominationDraft) -> list[rules.Problem]:
    """Everything in a nomination that has to be mended first."""
    problems = [*rules.candidate_problems(draft.candidate), *name_problems(draft.candidate.name)]
    own = [one for one in held.of(rules.LIVE) if one.organisation_id == organisation_id]
    if any(one.candidate_key == draft.candidate.key for one in own):
        problems.append(rules.Problem("email", msg("You have put this person forward for this session already.")))
    if not 1 <= draft.rank <= rules.MOST_RANK:
        problems.append(rules.Problem("rank", msg("Write the rank as a whole number: 1 is the first of yours.")))
    elif any(one.rank == draft.rank for one in own):
        problems.append(
            rules.Problem("rank", msg("Another candidate of yours has this rank. Give each a rank of their own."))
        )
    return problems


def accept(tx: Tx, actor: Actor, numbers: Collection[int], session: CourseSession, now: datetime) -> list[Nomination]:
    """The centre accepts these candidates: each gets a seat or a place on the waiting list, by the published rule.

    Those who fill a floor are looked at first, then the lower rank, then the earlier nomination.

    Raises:
        Refused: the actor does not write for the centre. MoveRefused: one of them was decided on already, the session
        has begun, or the waiting list is full.
    """
    held = _to_decide(tx, actor, session, now)
    chosen = [one for one in held.people if one.id in numbers]
    for one in chosen:
        require(actor, Permission.NOMINATION_DECIDE, now, one)
        if one.status != rules.NOMINATED:
            rules.check_move(one.status, rules.NOMINATED)
    fill(held)
    for one in _in_turn(held, chosen):
        verdict = held.verdict_on(one)
        if verdict.has_seat:
            move(held, actor, one, rules.APPROVED, verdict.rule)
            continue
        if len(held.of({rules.WAITLISTED})) >= held.intake.reserve:
            raise rules.MoveRefused(
                msg(
                    "%(rule)s The waiting list is full too (%(most)s). Reject somebody, or allow more to wait.",
                    rule=verdict.rule,
                    most=held.intake.reserve,
                )
            )
        move(held, actor, one, rules.WAITLISTED, verdict.rule)
    fill(held)
    return chosen


def _in_turn(held: Held, chosen: list[Nomination]) -> list[Nomination]:
    seekers = {one.id: seeker_of(one) for one in chosen}
    ordered = seating.in_order(held.room, held.seekers(rules.HOLDING), list(seekers.values()))
    place = {seeker.number: position for position, seeker in enumerate(ordered)}
    return sorted(chosen, key=lambda one: place[one.id])


def reject(tx: Tx, actor: Actor, nomination: Nomination, reason: str, now: datetime) -> None:
    """The centre turns a candidate down, with the reason that the nominating organisation and the candidate read.

    Raises:
        Refused: the actor does not write for the centre. MoveRefused: it ended already, or the session has begun.
    """
    held = _to_decide(tx, actor, nomination.session, now)
    require(actor, Permission.NOMINATION_DECIDE, now, nomination)
    move(held, actor, nomination, rules.REJECTED, msg("The centre has decided so."), reason)
    fill(held)


def _to_decide(tx: Tx, actor: Actor, session: CourseSession, now: datetime) -> Held:
    require(actor, Permission.COURSE_AMEND, now, session)
    held = hold_session(tx, session.id, now)
    rules.check_to_come(held.window, held.today)
    release_late(held)
    return held


def withdraw(tx: Tx, actor: Actor, nomination: Nomination, reason: str, now: datetime) -> None:
    """The nominating organisation takes its candidate back; a seat that this frees goes to the next one at once.

    Raises:
        Refused: the actor is no focal point of it. MoveRefused: it ended already, or the session has begun.
    """
    require(actor, Permission.NOMINATION_CHANGE, now, nomination)
    _give_up(tx, actor, nomination, msg("Withdrawn by the nominating organisation."), reason, now)


def confirm(tx: Tx, nomination: Nomination, now: datetime) -> None:
    """The candidate takes the seat, by the link of the mail.

    Raises:
        MoveRefused: the seat was taken back, for instance because its day has passed.
    """
    held = hold_session(tx, nomination.session_id, now)
    rules.check_to_come(held.window, held.today)
    release_late(held)
    if nomination.status != rules.APPROVED:
        rules.check_move(nomination.status, rules.CONFIRMED)
    move(held, SYSTEM, nomination, rules.CONFIRMED, msg("Confirmed by the candidate, by the link of the mail."))


def decline(tx: Tx, nomination: Nomination, reason: str, now: datetime) -> None:
    """The candidate does not come, by the link of the mail; the seat goes to the next one at once.

    Raises:
        MoveRefused: it ended already, or the session has begun.
    """
    _give_up(tx, SYSTEM, nomination, msg("Withdrawn by the candidate, by the link of the mail."), reason, now)


def _give_up(
    tx: Tx, actor: Actor, nomination: Nomination, rule: Message, reason: str, now: datetime
) -> None:  # fmt: skip
    held = hold_session(tx, nomination.session_id, now)
    rules.check_to_come(held.window, held.today)
    move(held, actor, nomination, rules.WITHDRAWN, rule, reason)
    release_late(held)
    fill(held)


def look_after(tx: Tx, session_id: int, now: datetime) -> None:
    """Take back what nobody confirmed in time, and give what is free: the worker does so from time to time."""
    held = hold_session(tx, session_id, now)
    release_late(held)
    fill(held)
