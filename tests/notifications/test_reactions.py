from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event, select

from app.accounts.events import InvitationMade
from app.accounts.models import Invitation
from app.accounts.queries import token_for
from app.courses.events import CoursePosted, SessionPosted
from app.lessons.events import LessonRecorded, LessonReturned, LessonValidated
from app.needs.events import NeedAmended, NeedPosted, NeedWithdrawn
from app.notifications.letters import INVITATION_LINK
from app.notifications.models import Delivery
from app.notifications.queries import unread_count, unread_notices
from app.organisations.events import (
    OrganisationApplied,
    OrganisationRefused,
    OrganisationSuspended,
    OrganisationVerified,
)
from app.pledges.events import (
    ContributionConfirmed,
    PledgeAccepted,
    PledgeChanged,
    PledgeDeclined,
    PledgeMade,
    PledgeWithdrawn,
)
from app.pledges.models import Contribution
from app.programmes.events import ProgrammeImported, ProgrammePosted
from tests.notifications.mailbox import carried


def test_those_whose_offers_fit_a_new_need_are_told_on_their_desks_and_by_mail(world, tell, mails, pair):
    need, programme = world.need(world.organisation()), world.programme(world.organisation("donor"))
    editor, focal = world.account(programme.organisation), world.account(programme.organisation, "focal_point")
    member = world.account(programme.organisation, "member")
    author = world.account(need.organisation)
    pair(need, programme)
    told = tell(NeedPosted(need.id))
    assert set(told) == {editor.id, focal.id, author.id}
    assert told[author.id] == [f"“{programme.title}” fits your need “{need.title}”"]
    assert told[editor.id] == [f"The need “{need.title}” fits what you offer: “{programme.title}”"]
    assert set(mails()) == {editor.email, focal.email, author.email}
    assert member.id not in told
    assert f"http://localhost:5000/needs/{need.ref}/matches/programme/{programme.ref}" in mails()[editor.email].body


def test_nobody_is_told_twice_of_the_same(tx, world, tell, mails, pair):
    need, programme = world.need(world.organisation()), world.programme(world.organisation("donor"))
    editor = world.account(programme.organisation)
    pair(need, programme)
    tell(NeedPosted(need.id), NeedAmended(need.id, 2))
    told = tell(NeedPosted(need.id), NeedAmended(need.id, 3))
    assert len(told[editor.id]) == 1
    assert len(tx.scalars(select(Delivery)).all()) == 1


def test_near_misses_are_nobodys_news(world, tell, pair):
    need, programme = world.need(world.organisation()), world.programme(world.organisation("donor"))
    world.account(programme.organisation)
    pair(need, programme, gate="near_miss")
    assert tell(NeedPosted(need.id)) == {}


def test_an_organisation_is_told_of_its_best_offers_and_written_to_of_the_best_one(world, tell, mails, pair):
    need, donor = world.need(world.organisation()), world.organisation("donor")
    editor = world.account(donor)
    for score in range(1, 6):
        pair(need, world.programme(donor, title=f"Number {score}"), score=score)
    told = tell(NeedPosted(need.id))
    assert [sentence[-9:-1] for sentence in told[editor.id]] == ["Number 5", "Number 4", "Number 3"]
    body = mails()[editor.email].body
    assert "Number 5" in body
    assert "Number 4" not in body


def test_a_need_that_one_may_not_see_is_never_told(world, tell, mails, pair):
    state, friend, other = world.organisation(), world.organisation("donor"), world.organisation("donor")
    need = world.need(state, named=[friend])
    told_one, untold_one = world.account(friend), world.account(other)
    for donor in (friend, other):
        pair(need, world.programme(donor))
    told = tell(NeedPosted(need.id))
    assert set(told) == {told_one.id}
    assert set(mails()) == {told_one.email}
    assert untold_one.email not in mails()


def test_a_mail_says_no_word_of_what_is_not_public(world, tell, mails, pair):
    need = world.need(world.organisation(), title="Secret plan for the port", disclosure="members")
    programme = world.programme(world.organisation("donor"))
    editor = world.account(programme.organisation)
    pair(need, programme)
    told = tell(NeedPosted(need.id))
    assert "Secret plan" in told[editor.id][0]
    mail = mails()[editor.email]
    assert "Secret" not in mail.subject + mail.body
    assert need.ref in mail.body


def test_mails_speak_their_readers_language_and_name_no_record_in_the_subject(world, tell, mails, pair):
    need, programme = world.need(world.organisation()), world.programme(world.organisation("donor"))
    reader = world.account(programme.organisation, language="fr", name="Émile Ouédraogo")
    pair(need, programme)
    tell(NeedPosted(need.id))
    assert need.title not in mails()[reader.email].subject
    assert "Émile Ouédraogo" in mails()[reader.email].body


def test_imported_programmes_bring_no_mail(tx, world, tell, pair):
    need = world.need(world.organisation())
    programme = world.programme(world.organisation("donor"), source="iati")
    editor, author = world.account(programme.organisation), world.account(need.organisation)
    pair(need, programme)
    assert tell(ProgrammeImported(programme.id)) == {}
    assert set(tell(NeedPosted(need.id))) == {editor.id, author.id}
    assert [address for address, _cause in carried(tx)] == [author.email]


def test_those_who_ask_are_told_of_new_offers_and_of_each_new_session(world, tell, pair):
    need = world.need(world.organisation())
    programme, course = world.programme(world.organisation("donor")), world.course(world.organisation("centre"))
    author = world.account(need.organisation)
    pair(need, programme)
    pair(need, course, "course")
    told = tell(ProgrammePosted(programme.id), CoursePosted(course.id))
    assert told[author.id] == [f"“{offer.title}” fits your need “{need.title}”" for offer in (programme, course)]
    at_once = world.course_session(course, starts_on=date(2027, 2, 1))
    later = {"created_at": world.now + timedelta(days=1)}
    first, second = (world.course_session(course, starts_on=date(2027, month, 3), **later) for month in (5, 6))
    assert len(tell(SessionPosted(course.id, at_once.id))[author.id]) == 2
    told = tell(SessionPosted(course.id, first.id), SessionPosted(course.id, second.id))
    assert len(told[author.id]) == 4
    assert told[author.id][-1].endswith("has a new session")
    assert set(told) == {author.id}


@pytest.fixture
def pledged(world):
    need = world.need(world.organisation())
    pledge = world.pledge(need, world.organisation("donor"))
    return pledge, world.account(need.organisation), world.account(pledge.organisation)


@pytest.mark.parametrize(
    ("fact", "side"), [(PledgeMade, 1), (PledgeWithdrawn, 1), (PledgeAccepted, 2), (PledgeDeclined, 2)]
)
def test_the_other_side_is_told_of_a_pledge(tell, mails, pledged, fact, side):
    told = tell(fact(pledged[0].id, pledged[0].need_id))
    assert set(told) == {pledged[side].id}
    assert set(mails()) == {pledged[side].email}


def test_a_pledge_that_is_hidden_from_others_still_reaches_its_recipient(tx, tell, mails, pledged):
    pledge, recipient, _donor = pledged
    pledge.disclosure = "own"
    tx.flush()
    assert set(tell(PledgeMade(pledge.id, pledge.need_id))) == {recipient.id}
    assert "magistrats" not in mails()[recipient.email].body


def test_whoever_has_not_confirmed_a_delivery_is_asked_to(tx, world, tell, pledged, now):
    pledge, recipient, donor = pledged
    pledge.status, pledge.accepted_at = "delivering", now
    part = Contribution(
        quantity=Decimal(2), delivered_on=now.date(), donor_confirmed_at=now, created_at=now, changed_at=now
    )
    pledge.lines[0].contributions.append(part)
    tx.flush()
    told = tell(PledgeChanged(pledge.id, pledge.need_id))
    assert set(told) == {recipient.id}
    assert told[recipient.id][1] == f"A delivery for the need {pledge.need_ref} waits for your confirmation"
    part.recipient_confirmed_at = now
    told = tell(ContributionConfirmed(pledge.id, pledge.need_id))
    assert set(told) == {recipient.id, donor.id}


def test_those_who_pledged_learn_that_a_need_was_withdrawn_though_it_is_hidden_now(tx, tell, pledged):
    pledge, _recipient, donor = pledged
    need = pledge.need_id
    tell(NeedWithdrawn(need))
    assert set(tell(NeedWithdrawn(need))) == {donor.id}


def test_lessons_wait_for_the_secretariat_and_come_back_to_their_authors(world, tell):
    lesson = world.lesson(world.organisation(), status="submitted")
    author, office = world.account(lesson.organisation), world.account(world.organisation("secretariat"))
    assert set(tell(LessonRecorded(lesson.id))) == {office.id}
    told = tell(LessonValidated(lesson.id), LessonReturned(lesson.id))
    assert told[author.id] == [
        f"Your lesson “{lesson.title}” was validated", f"Your lesson “{lesson.title}” was returned to you",
    ]  # fmt: skip


def test_a_hidden_draft_of_a_lesson_is_not_shown_to_the_secretariat(world, tell):
    lesson = world.lesson(world.organisation(), status="submitted", is_published=False)
    world.account(world.organisation("secretariat"))
    assert tell(LessonRecorded(lesson.id)) == {}


def test_the_secretariat_is_told_of_applications_and_applicants_of_answers(tx, world, tell, mails):
    office = world.account(world.organisation("secretariat"))
    applied = world.organisation(status="applied", applicant_email="awa@ministry.example", applicant_name="Awa Ndiaye")
    assert set(tell(OrganisationApplied(applied.id))) == {office.id}
    applied.decision_reason = "The letter is not signed."
    tell(OrganisationRefused(applied.id))
    letter = mails()["awa@ministry.example"]
    assert "The letter is not signed." in letter.body
    assert "Awa Ndiaye" in letter.body
    other = world.organisation(applicant_email="paul@other.example")
    tell(OrganisationVerified(other.id))
    assert other.name in mails()["paul@other.example"].body


def test_people_learn_that_their_organisation_is_suspended(world, tell):
    organisation = world.organisation(status="suspended")
    person = world.account(organisation)
    assert set(tell(OrganisationSuspended(organisation.id))) == {person.id}


def test_an_invitation_is_a_mail_whose_link_is_kept_nowhere(tx, world, tell, mails, site, now):
    invitation = invite(world, now)
    tx.add(invitation)
    tx.flush()
    assert tell(InvitationMade(invitation.id)) == {}
    mail = mails()["new@ministry.example"]
    assert INVITATION_LINK in mail.body
    assert token_for(site.settings.secret_key, invitation)[:20] not in mail.body


def invite(world, now):
    return Invitation(
        organisation=world.organisation(), email="new@ministry.example", role="editor", language="en", name="Awa",
        created_at=now, expires_at=now.replace(year=2027), invited_by=None,
    )  # fmt: skip


def test_a_notice_disappears_with_the_right_to_see_its_record(tx, world, tell, pair):
    need, programme = world.need(world.organisation()), world.programme(world.organisation("donor"))
    reader = world.account(programme.organisation)
    pair(need, programme)
    tell(NeedPosted(need.id))
    actor = world.actor(reader)
    assert unread_count(tx, actor) == 1
    need.disclosure = "own"
    tx.flush()
    assert unread_count(tx, actor) == 0
    assert unread_notices(tx, actor) == []


def test_facts_about_what_is_gone_tell_nobody(tell):
    facts = [NeedPosted(99), ProgrammePosted(99), CoursePosted(99), SessionPosted(99, 99), LessonRecorded(99)]
    facts += [PledgeMade(99, 99), PledgeChanged(99, 99), ContributionConfirmed(99, 99), OrganisationVerified(99)]
    assert tell(*facts, InvitationMade(99), OrganisationApplied(99), NeedWithdrawn(99)) == {}


def test_facts_that_come_together_ask_once_for_people_and_records_that_they_share(tx, world, pair, tell):
    state = world.organisation()
    world.account(state)
    programme = world.programme(world.organisation("donor"))
    world.account(programme.organisation)
    needs = [world.need(state) for _ in range(6)]
    for need in needs:
        pair(need, programme)
    tx.flush()
    asked: list[str] = []
    event.listen(tx.connection(), "before_cursor_execute", lambda _c, _k, words, *_rest: asked.append(words))

    def reads():
        said = [" ".join(one.split()) for one in asked]
        return [
            sum(words in one for one in said) for words in ("JOIN memberships", "FROM programmes WHERE programmes.id")
        ]

    tell(NeedPosted(needs[0].id))
    alone = reads()
    asked.clear()
    tell(*(NeedPosted(need.id) for need in needs[1:]))
    assert reads() == alone == [2, 1]
