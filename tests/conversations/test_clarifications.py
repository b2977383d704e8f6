"""Questions on a record: who may ask, who sees what and when, the clock, and that nobody learns who asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.conversations.clarifications import queries, rules, service
from app.conversations.clarifications.events import ClarificationAsked, ClarificationDue
from app.conversations.clarifications.models import Clarification
from app.conversations.clarifications.service import Words
from app.conversations.clarifications.subjects import closed_because, subject_by_ref
from app.foundation.audit import AuditEvent, AuditOrigin, Origin, history_of
from app.foundation.audit.chain import come_from
from app.foundation.disclosure import model_of, name_audience, readable, visible_to
from app.foundation.outbox import waiting
from app.foundation.permissions import ANONYMOUS, SYSTEM, Refused
from app.foundation.wording.versions import StaleVersion
from app.notifications import conversation_news
from app.notifications.telling import Telling
from app.record.queries import Filters, search
from tests.conversations.conftest import Square


def sees(square: Square, reader, row: Clarification) -> bool:
    return queries.find(square.tx, reader, row.ref) is not None


def facts(tx, now, kind):
    return [row.as_fact() for row in waiting(tx, now + timedelta(days=90), 500) if row.fact == kind.__name__]


# --- asking ---


def test_a_question_waits_between_two_sides(square):
    row = square.ask()
    assert (row.status, row.organisation_id, row.is_published) == ("waiting", square.state.id, False)
    office = square.world.somebody("secretariat", "focal_point")
    assert sees(square, square.owner, row)
    assert sees(square, square.askers[0], row)
    for other in (square.askers[1], office, ANONYMOUS):
        assert not sees(square, other, row)
        assert not queries.on_record(square.tx, other, square.subject(other)).waiting
    assert [one.ref for one in queries.waiting_for(square.tx, square.owner)] == [row.ref]
    assert facts(square.tx, square.now, ClarificationAsked) == [ClarificationAsked(row.id)]


@pytest.mark.parametrize(
    ("kind", "role", "status"),
    [("donor", "member", "verified"), ("donor", "editor", "applied"), ("donor", "editor", "suspended"),
     ("secretariat", "focal_point", "verified")],
)  # fmt: skip
def test_who_may_not_ask(square, kind, role, status):
    organisation = square.world.organisation(kind, status)
    actor = square.world.actor(square.world.account(organisation, role))
    with pytest.raises(Refused):
        service.ask(square.tx, actor, organisation.id, square.subject(actor), Words("Why?", "en"), square.now)


def test_a_non_governmental_organisation_may_ask(square):
    ngo = square.world.organisation("ngo")
    actor = square.world.actor(square.world.account(ngo))
    assert (
        service.ask(square.tx, actor, ngo.id, square.subject(actor), Words("Why?", "en"), square.now).asker_id == ngo.id
    )


def test_nobody_asks_for_an_organisation_of_others_or_about_a_record_of_its_own(square):
    subject = square.subject(square.askers[0])
    with pytest.raises(Refused):
        service.ask(square.tx, square.askers[0], square.donors[1].id, subject, Words("Why?", "en"), square.now)
    with pytest.raises(rules.AskRefused):
        service.ask(square.tx, square.owner, square.state.id, subject, Words("Why?", "en"), square.now)
    # Whoever belongs to both would learn as one what it asks as the other.
    both = square.world.account(square.donors[0])
    square.world.membership(both, square.state, "member")
    square.tx.refresh(both)
    with pytest.raises(rules.AskRefused):
        service.ask(square.tx, square.world.actor(both), square.donors[0].id, subject, Words("Why?", "en"), square.now)


def test_the_same_question_is_asked_once_by_one_organisation(square):
    row = square.ask(text="Who pays?")
    with pytest.raises(rules.AskRefused) as refused:
        square.ask(text="who PAYS")
    assert refused.value.same_as == row.ref
    # That another one has asked the same is not told.
    assert square.ask(1, text="Who pays?").status == "waiting"
    service.withdraw(square.tx, square.askers[0], row, square.now)
    assert square.ask(text="Who pays?").status == "waiting"


def test_nobody_is_flooded(square):
    for number in range(rules.MOST_WAITING):
        square.ask(text=f"Question {number}?")
    with pytest.raises(rules.AskRefused):
        square.ask(text="One more?")
    assert square.ask(1, text="One more?").status == "waiting"
    others = [square.world.need(square.state) for _ in range(4)]
    asked = rules.MOST_WAITING
    with pytest.raises(rules.AskRefused):
        for need in others:
            for number in range(rules.MOST_WAITING):
                square.ask(text=f"Question {number}?", record=need)
                asked += 1
    assert asked == rules.MOST_A_DAY
    assert square.ask(text="Tomorrow?", record=others[3], now=square.now + timedelta(days=1, minutes=1))


def test_no_more_questions_once_the_day_has_passed_or_the_record_has_ended(square):
    today = square.now.date()
    subject = square.subject(square.askers[0])
    square.need.offers_due_on = today
    assert closed_because(subject, square.now) is None
    square.need.offers_due_on = today - timedelta(days=1)
    assert "Questions were taken until" in str(closed_because(subject, square.now))
    with pytest.raises(rules.AskRefused):
        square.ask()
    square.need.offers_due_on, square.need.status = None, "closed"
    assert "not open any more" in str(closed_because(subject, square.now))


def test_when_programmes_courses_and_sessions_take_questions(square):
    world, tx, today = square.world, square.tx, square.now.date()
    programme = world.programme(square.donors[0], apply_by=today)
    begins = today + timedelta(days=20)
    dates = {"starts_on": begins, "ends_on": begins + timedelta(days=3), "register_by": today}
    course = world.course(world.organisation("centre"), sessions=[dates])
    reader = square.askers[1]
    for ref in (programme.ref, course.ref, course.sessions[0].ref):
        assert closed_because(subject_by_ref(tx, reader, ref), square.now) is None
    later = square.now + timedelta(days=2)
    closed = [closed_because(subject_by_ref(tx, reader, ref), later) for ref in (programme.ref, course.sessions[0].ref)]
    assert None not in closed
    assert closed_because(subject_by_ref(tx, reader, course.ref), later) is None
    imported = world.programme(world.organisation("donor", "recorded"))
    assert "nobody would answer" in str(closed_because(subject_by_ref(tx, reader, imported.ref), square.now))


# --- answering ---


def test_an_answer_is_seen_with_its_record_at_once_and_no_wider(square):
    row = square.ask()
    square.answer(row)
    stranger = square.world.somebody("centre")
    applied = square.world.somebody("donor", status="applied")
    for reader in (ANONYMOUS, stranger, applied):
        assert sees(square, reader, row)
    square.need.disclosure = "members"
    square.tx.flush()
    assert [sees(square, one, row) for one in (ANONYMOUS, applied, stranger)] == [False, False, True]
    square.need.disclosure = "named"
    name_audience(square.tx, square.need, [square.donors[1].id])
    square.tx.flush()
    assert [sees(square, one, row) for one in (stranger, square.askers[1], square.askers[0])] == [False, True, False]
    square.need.disclosure = "own"
    square.tx.flush()
    assert [sees(square, one, row) for one in (square.askers[1], square.owner)] == [False, True]
    # Every other way of asking for it is bound as well.
    model = model_of("clarification")
    assert square.tx.scalars(select(model.ref).where(visible_to(square.askers[1], model))).all() == []


def test_question_and_answer_keep_the_version_that_they_are_about(square):
    row = square.ask()
    square.need.title = "Another title"
    square.tx.flush()
    square.answer(row)
    assert (row.about_version, row.answer.about_version) == (1, 2)


def test_an_answer_is_amended_and_the_earlier_one_kept(square):
    row = square.ask()
    square.answer(row)
    opened = row.version
    service.amend(square.tx, square.owner, row, Words("No, once.", "en"), opened, square.now)
    assert [one.text for one in row.answers] == ["Yes, one each year.", "No, once."]
    with pytest.raises(StaleVersion):
        service.amend(square.tx, square.owner, row, Words("Twice.", "en"), opened, square.now)
    with pytest.raises(Refused):
        service.amend(square.tx, square.askers[0], row, Words("Twice.", "en"), None, square.now)


def test_what_is_declined_stays_between_the_two_and_may_be_answered_later(square):
    row = square.ask()
    service.decline(square.tx, square.owner, row, "It is a matter of security.", square.now)
    assert [sees(square, one, row) for one in (square.askers[0], square.owner, square.askers[1])] == [True, True, False]
    square.answer(row)
    assert (row.status, row.reason) == ("answered", "")
    assert sees(square, square.askers[1], row)


def test_what_is_taken_back_is_gone_for_the_owner(square):
    row = square.ask()
    with pytest.raises(Refused):
        service.withdraw(square.tx, square.owner, row, square.now)
    service.withdraw(square.tx, square.askers[0], row, square.now)
    assert [sees(square, one, row) for one in (square.owner, square.askers[0])] == [False, True]
    assert queries.waiting_for(square.tx, square.owner) == []
    with pytest.raises(rules.MoveRefused):
        square.answer(row)


@pytest.mark.parametrize("role", ["member", "editor"])
def test_only_those_answer_who_write_for_the_owner(square, role):
    row = square.ask()
    organisation = square.state if role == "member" else square.donors[1]
    actor = square.world.actor(square.world.account(organisation, role))
    for act in (
        lambda: service.answer(square.tx, actor, row, Words("Yes.", "en"), square.now),
        lambda: service.decline(square.tx, actor, row, "No.", square.now),
    ):
        with pytest.raises(Refused):
            act()


# --- the clock ---


def test_the_owner_is_reminded_once_before_and_once_after(square):
    row = square.ask()
    for days, told in ((1, 0), (3, 0), (4, 1), (5, 0), (7, 0), (8, 1), (9, 0), (30, 0)):
        # Asked on a Monday: the reminder comes on Friday, the day is the next Monday.
        assert service.remind(square.tx, square.now + timedelta(days=days)) == told, days
    due = [fact.is_overdue for fact in facts(square.tx, square.now, ClarificationDue)]
    assert due == [False, True]
    assert row.reminded_at < row.overdue_at


def test_where_the_day_has_passed_already_one_reminder_is_enough(square):
    square.ask()
    assert service.remind(square.tx, square.now + timedelta(days=20)) == 1
    assert service.remind(square.tx, square.now + timedelta(days=21)) == 0


def test_nobody_is_reminded_of_what_is_answered(square):
    square.answer(square.ask())
    assert service.remind(square.tx, square.now + timedelta(days=20)) == 0


# --- who asks ---


def test_the_record_of_the_site_names_nobody_who_asks(square):
    come_from(Origin("203.0.113.9", "abc"))
    try:
        row = square.ask()
        service.withdraw(square.tx, square.askers[0], row, square.now)
    finally:
        come_from(None)
    events = history_of(square.tx, row.ref)
    assert [event.action for event in events] == ["clarification.withdrawn", "clarification.asked"]
    for event in events:
        assert (event.account_id, event.organisation_id) == (None, square.state.id)
        assert square.tx.get(AuditOrigin, event.id) is None
        assert event.details == {"sealed": row.seal}
    assert queries.is_sealed(square.tx, row)
    row.asker_id = square.donors[1].id
    assert not queries.is_sealed(square.tx, row)


def test_the_secretariat_finds_no_asker_in_its_search_and_its_look_is_on_record(square):
    row = square.ask()
    square.answer(row)
    office = square.world.somebody("secretariat", "focal_point")
    name = square.askers[0].name
    found = search(square.tx, office, Filters(words=name), None)
    assert not [one for one in found.items if one.event.record_ref == row.ref]
    found = search(square.tx, office, Filters(words=square.donors[0].name), None)
    assert not [one for one in found.items if one.event.record_ref == row.ref]
    service.note_look(square.tx, office, row, square.now)
    assert history_of(square.tx, row.ref)[0].account_id == office.account_id
    with pytest.raises(Refused):
        service.note_look(square.tx, square.owner, row, square.now)


def told_by(square: Square, settings, news, fact) -> Telling:
    telling = Telling(square.tx, settings)
    news(telling, fact)
    return telling


def test_who_is_told_what(square, settings):
    giver = square.world.actor(square.world.account(square.donors[1]))
    square.world.pledge(square.need, square.donors[1], status="interest")
    square.world.pledge(square.need, square.donors[2], status="withdrawn")
    row = square.ask()
    telling = told_by(square, settings, conversation_news.asked, ClarificationAsked(row.id))
    assert {one.account_id for one in telling.notices} == {square.owner.account_id}
    assert all(square.donors[0].name not in mail.body + mail.subject for mail in telling.mails)
    # A question that waits is not public, so the mail says no word of the record.
    assert all(square.need.title not in mail.body for mail in telling.mails)
    square.answer(row)
    telling = told_by(square, settings, conversation_news.answered, ClarificationAsked(row.id))
    told = {one.account_id: one.cause.split("|")[0] for one in telling.notices}
    assert told[square.askers[0].account_id] == "question_answered"
    assert told[giver.account_id] == told[square.askers[1].account_id] == "answer_published"
    assert square.owner.account_id not in told
    assert square.askers[2].account_id not in told


def test_a_member_who_has_left_is_not_told(square, settings):
    row = square.ask()
    telling = told_by(square, settings, conversation_news.asked, ClarificationAsked(row.id))
    from app.accounts.models import Account
    from app.accounts.queries import actor_of
    from app.notifications.queries import may_be_told

    account = square.tx.get_one(Account, square.owner.account_id)
    cause = telling.notices[0].cause
    assert may_be_told(square.tx, actor_of(account), cause)
    square.tx.delete(account.memberships[0])
    square.tx.flush()
    square.tx.expire_all()
    # The need is public, and yet that a question waits on it is not for everybody.
    assert not may_be_told(square.tx, actor_of(account), cause)


def test_one_event_for_each_move(square):
    row = square.ask()
    service.decline(square.tx, square.owner, row, "No.", square.now)
    square.answer(row)
    service.amend(square.tx, square.owner, row, Words("Another.", "en"), None, square.now)
    actions = [event.action for event in history_of(square.tx, row.ref)]
    assert actions[::-1] == [f"clarification.{what}" for what in ("asked", "declined", "answered", "amended")]
    assert square.tx.scalars(readable(SYSTEM, Clarification)).one().version == 4
    assert not square.tx.scalars(select(AuditEvent).where(AuditEvent.account_id == square.askers[0].account_id)).all()
