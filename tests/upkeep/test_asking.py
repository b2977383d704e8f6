"""Owners are asked in time, once at each stage, in one mail; what a link opens is judged by the rows of the moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.members import end_place
from app.foundation.audit import AuditEvent
from app.foundation.outbox import OutboxRow
from app.needs.service import confirm_need, end_need
from app.upkeep.asking import rules
from app.upkeep.asking.links import Link, open_link
from app.upkeep.asking.models import Asking, Unfinished
from app.upkeep.asking.service import answer


def opened(owner, token, **later):
    return open_link(owner.tx, owner.settings.secret_key, token, owner.now + timedelta(**later))


@pytest.mark.parametrize(
    ("left", "stage"),
    [(15, ""), (14, "early"), (4, "early"), (3, "soon"), (0, "soon"), (-1, "passed"), (-90, "passed")],
)
def test_the_stages(left, stage, now):
    assert rules.stage_of(now.date() + timedelta(days=left), now.date()) == stage


def test_everybody_who_may_answer_is_asked_once_at_each_stage(owner):
    owner.need(days=14)
    assert owner.ask() == 2, "the editor and the focal point, and not the member"
    assert owner.ask(hours=1) == 0
    assert owner.ask(days=10) == 0
    assert owner.ask(days=11) == 2
    assert owner.ask(days=14) == 0
    assert owner.ask(days=15) == 2
    assert owner.ask(days=16) == owner.ask(days=60) == 0
    assert len(owner.mails()) == 3


def test_nobody_is_asked_about_what_is_over_or_not_posted(owner):
    owner.need(status="closed")
    owner.need(status="met")
    owner.need(status="draft", is_published=False)
    owner.need(days=15)
    assert owner.ask() == 0


def test_one_mail_names_all_that_is_due_and_twenty_at_most(owner):
    for number in range(23):
        owner.need(title=f"Need number {number}")
    assert owner.ask() == 2
    assert len(owner.mails()) == 1
    body = owner.body(owner.mails()[0])
    assert body.count("/true") == 20
    assert owner.ask(hours=2) == 0, "the rest waits for the next day"
    assert owner.ask(hours=21) == 2
    assert owner.body(owner.mails()[1]).count("/true") == 3


def test_every_kind_of_record_is_asked_about(owner, world, now):
    donor, centre = world.organisation("donor"), world.organisation("centre")
    person, teacher = world.account(donor, "focal_point"), world.account(centre, "editor")
    due = now.date() + timedelta(days=2)
    world.programme(donor, verify_by=due)
    world.course(centre, verify_by=due)
    donor.verify_by = due
    owner.tx.flush()
    assert owner.ask() == 2
    asked = {(row.record_kind, row.account_id) for row in owner.tx.scalars(select(Asking))}
    assert asked == {("programme", person.id), ("organisation", person.id), ("course", teacher.id)}


def test_the_mail_names_no_title_that_is_not_public(owner):
    owner.need(title="Scanners for Dakar", disclosure="members")
    owner.ask()
    assert "Scanners" not in owner.body(owner.mails()[0])
    owner.need(title="Training for Kaolack", days=9)
    owner.ask(days=1)
    assert "Training for Kaolack" in owner.body(owner.mails()[-1])


def test_links_are_kept_nowhere(owner):
    owner.need()
    owner.ask()
    assert "/upkeep/" not in owner.mails()[0].body


def test_what_was_answered_meanwhile_is_not_asked_any_more_at_send_time(owner):
    need = owner.need()
    owner.ask()
    confirm_need(owner.tx, owner.world.actor(owner.focal), need, owner.now)
    assert owner.body(owner.mails()[0]) is None


def test_still_true_confirms_and_says_by_whom_and_that_it_was_a_link(owner):
    need = owner.need()
    owner.ask()
    link = opened(owner, owner.token())
    assert isinstance(link, Link)
    answer(owner.tx, link, "true", "", owner.now)
    assert need.verify_by == owner.now.date() + timedelta(days=180)
    event = owner.tx.scalars(select(AuditEvent).where(AuditEvent.action == "need.confirmed")).one()
    assert (event.account_id, event.details) == (owner.editor.id, {"by": "link"})


def test_the_mail_is_set_as_its_language_is(owner):
    owner.editor.language = "fr"
    need = owner.need()
    owner.ask()
    body = owner.body(owner.mails()[0])
    assert f": « {need.title} » ({need.ref})" in body.replace("\xa0", " ").replace("\u202f", " ")
    assert "Toujours exact :" in body.replace("\xa0", " ").replace("\u202f", " ")


def test_a_link_works_once_and_for_nobody_else_afterwards(owner):
    owner.need()
    owner.ask()
    mine, other = owner.token(), owner.token(owner.focal)
    answer(owner.tx, opened(owner, mine), "true", "", owner.now)
    assert opened(owner, mine) == rules.USED
    assert opened(owner, other) == rules.MOVED


def test_needs_a_change_is_kept_until_something_is_done(owner):
    need = owner.need()
    owner.ask()
    mine, other = owner.token(), owner.token(owner.focal)
    answer(owner.tx, opened(owner, mine), "change", "", owner.now)
    assert owner.tx.scalars(select(Unfinished)).one().says == "change"
    assert opened(owner, mine) == rules.USED
    assert isinstance(opened(owner, other), Link), "a colleague may know better"
    assert owner.ask(days=8) == 0, "it stands on the desk, and nobody is reminded by mail"
    confirm_need(owner.tx, owner.world.actor(owner.focal), need, owner.now)
    assert opened(owner, other) == rules.MOVED


def test_closing_a_need_asks_for_more_than_a_link(owner):
    need = owner.need()
    owner.ask()
    answer(owner.tx, opened(owner, owner.token()), "closed", "", owner.now)
    assert need.status == "posted"
    assert owner.tx.scalars(select(Unfinished)).one().says == "closed"


def test_a_programme_is_closed_and_a_course_withdrawn_by_a_link(owner, world, now):
    donor, centre = world.organisation("donor"), world.organisation("centre")
    person, teacher = world.account(donor), world.account(centre)
    due = now.date() + timedelta(days=2)
    programme, course = world.programme(donor, verify_by=due), world.course(centre, verify_by=due)
    owner.ask()
    answer(owner.tx, opened(owner, owner.token(person)), "closed", "", now)
    answer(owner.tx, opened(owner, owner.token(teacher)), "closed", "", now)
    assert (programme.status, programme.accepting) == ("4", "no")
    assert (course.status, course.is_published) == ("withdrawn", False)


def test_a_contact_is_confirmed_for_a_year_by_a_focal_point_alone(owner, now):
    owner.organisation.verify_by = now.date() + timedelta(days=3)
    assert owner.ask() == 1
    answer(owner.tx, opened(owner, owner.token(owner.focal)), "true", "", now)
    assert owner.organisation.verify_by == now.date() + timedelta(days=365)


@pytest.mark.parametrize("what", ["leaves", "reads", "closed", "suspended"])
def test_a_link_of_somebody_who_may_no_longer_is_dead(owner, what):
    owner.need()
    owner.ask()
    token = owner.token()
    if what == "leaves":
        end_place(owner.tx, owner.world.actor(owner.focal), owner.editor.memberships[0], owner.now)
    elif what == "reads":
        owner.editor.memberships[0].role = "member"
    elif what == "closed":
        owner.editor.status = "closed"
    else:
        owner.organisation.status = "suspended"
    owner.tx.flush()
    assert opened(owner, token) == rules.LEFT


def test_a_link_is_good_for_sixty_days(owner):
    owner.need()
    owner.ask()
    token = owner.token()
    assert isinstance(opened(owner, token, days=59), Link)
    assert opened(owner, token, days=60) == rules.LATE


def test_a_record_that_has_ended_is_asked_about_no_more(owner):
    need = owner.need()
    owner.ask()
    token = owner.token()
    end_need(owner.tx, owner.world.actor(owner.focal), need, "withdrawn", "Found elsewhere.", owner.now)
    assert opened(owner, token) == rules.MOVED


def test_altered_and_foreign_links_open_nothing(owner):
    owner.need()
    owner.ask()
    token = owner.token()
    assert opened(owner, token[:-2]) == rules.ALTERED
    assert opened(owner, token[1:]) == rules.ALTERED
    assert open_link(owner.tx, "another key than ours", token, owner.now) == rules.ALTERED
    assert opened(owner, "nonsense") == rules.ALTERED


def test_the_link_goes_to_the_address_of_this_moment(owner):
    owner.need()
    owner.ask()
    mail = owner.mails()[0]
    owner.editor.email = "new@org.example"
    owner.tx.flush()
    assert owner.body(mail) is None


def test_what_passes_is_matched_anew_once(owner):
    need = owner.need(days=-1)
    owner.ask()
    owner.ask(days=1)
    facts = list(owner.tx.scalars(select(OutboxRow).where(OutboxRow.fact == "NeedLapsed")))
    assert [fact.payload["need_id"] for fact in facts] == [need.id]


# --- a year later ---


def test_a_year_later_the_author_is_asked_and_the_answer_stands(owner):
    need = owner.need(days=100, posted_at=owner.now - timedelta(days=365))
    assert owner.ask() == 2
    assert owner.ask(days=1) == 0
    links = owner.links()
    assert set(links) == {"met", "partly", "not_met"}
    link = opened(owner, links["met"].split("/")[2])
    answer(owner.tx, link, "partly", "The scanners came, the training did not.", owner.now)
    assert opened(owner, links["met"].split("/")[2]) == rules.USED
    assert opened(owner, owner_token(owner)) == rules.MOVED
    assert owner.tx.scalars(select(AuditEvent.action).where(AuditEvent.record_ref == need.ref)).all() == [
        "need.outcome_asked", "need.outcome_said"
    ]  # fmt: skip


def owner_token(owner):
    from app.upkeep.asking.links import token_for
    from app.upkeep.records import find

    row = owner.tx.scalars(select(Asking).where(Asking.account_id == owner.focal.id)).one()
    return token_for(owner.settings.secret_key, row, find(owner.tx, "need", row.record_id), owner.focal)
