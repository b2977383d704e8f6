"""The pages behind the links of mails: looking changes nothing, the button does, once, and in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.foundation.audit import AuditEvent
from app.upkeep.asking.models import Unfinished


def events(tx):
    tx.expire_all()
    return tx.scalar(select(func.count()).select_from(AuditEvent))


def press(client, path, code):
    return client.submit(path, {"answer": code})


def test_looking_changes_nothing_and_the_button_confirms(owner, client):
    need = owner.need(title="Training for Kaolack")
    owner.ask()
    links, before = owner.links(), events(owner.tx)
    page = client.get(links["true"])
    assert page.status_code == 200
    assert "Training for Kaolack" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    client.get(links["closed"])
    assert events(owner.tx) == before
    assert press(client, links["true"], "true").status_code == 303
    owner.tx.refresh(need)
    assert need.verify_by == owner.now.date() + timedelta(days=180)
    assert client.get(links["true"].rpartition("/")[0] + "/answered").status_code == 200


def test_a_used_link_says_so(owner, client):
    owner.need()
    owner.ask()
    links = owner.links()
    press(client, links["true"], "true")
    for path in links.values():
        gone = client.get(path)
        assert gone.status_code == 410
        assert "You have answered already" in gone.text
    assert client.post(links["true"], data={"answer": "closed"}).status_code == 410


def test_the_small_buttons_answer_otherwise(owner, client):
    owner.need(language="en")
    owner.ask()
    links = owner.links()
    answered = press(client, links["true"], "change")
    assert owner.tx.scalars(select(Unfinished)).one().says == "change"
    page = client.get(answered.headers["Location"])
    assert "/amend" in page.text


def test_altered_links_are_not_found_and_strange_answers_too(owner, client):
    owner.need()
    owner.ask()
    path = owner.links()["true"]
    assert client.get(path.replace("/upkeep/", "/upkeep/x")).status_code == 404
    assert client.get(path.rpartition("/")[0] + "/nonsense").status_code == 404
    assert client.post(path.rpartition("/")[0] + "/nonsense", data={"answer": "nonsense"}).status_code == 404


def test_a_link_needs_the_token_of_its_own_page(owner, client):
    owner.need()
    owner.ask()
    assert client.post(owner.links()["true"], data={"answer": "true"}, csrf=False).status_code == 403
    assert (
        owner.tx.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "need.confirmed")) == 0
    )


@pytest.mark.parametrize(("kind", "sees"), [("own", True), ("other", False), ("office", False)])
def test_only_its_owner_reads_that_a_record_needs_a_change(owner, client, sign_in, world, kind, sees):
    need = owner.need()
    owner.ask()
    press(client, owner.links()["change"], "change")
    other = {"other": world.organisation("donor"), "office": world.organisation("secretariat")}.get(kind)
    sign_in(client, world.account(other) if other else owner.editor)
    text = client.get(f"/needs/{need.ref}").text
    assert ("The owner says that it needs a change" in text) is sees
    assert ("needs a change" in client.get("/desk").text.lower()) is sees


def test_the_answer_of_a_year_later_is_shown(owner, client):
    need = owner.need(days=100, posted_at=owner.now - timedelta(days=366))
    owner.ask()
    links = owner.links()
    client.submit(links["partly"], {"answer": "partly", "words": "The scanners came."})
    text = client.get(f"/needs/{need.ref}").text
    assert "Partly met" in text
    assert "The scanners came." in text


# --- what nobody has confirmed ---


def test_the_badge_stands_wherever_the_record_does(owner, client, world, now):
    past = now.date() - timedelta(days=1)
    need = owner.need(days=-1, title="Training for Kaolack")
    programme = world.programme(world.organisation("donor"), verify_by=past)
    course = world.course(world.organisation("centre"), verify_by=past)
    organisation = world.organisation("donor", verify_by=past)
    owner.tx.flush()
    for path in ("/needs", f"/needs/{need.ref}", "/programmes", f"/programmes/{programme.ref}", "/courses",
                 f"/courses/{course.ref}", "/organisations", f"/organisations/{organisation.ref}"):  # fmt: skip
        assert "Not confirmed since" in client.get(path).text, path


def test_no_badge_on_what_is_over_or_confirmed(owner, client, world, now):
    fine = owner.need(days=1)
    over = owner.need(days=-30, status="closed")
    for need in (fine, over):
        assert "Not confirmed since" not in client.get(f"/needs/{need.ref}").text


def test_a_centre_confirms_a_course_and_a_focal_point_a_contact(owner, client, sign_in, world, now):
    centre = world.organisation("centre", verify_by=now.date() - timedelta(days=1))
    course = world.course(centre, verify_by=now.date() - timedelta(days=1))
    sign_in(client, world.account(centre, "focal_point"))
    assert client.post(f"/courses/{course.ref}/confirm").status_code == 303
    assert client.post(f"/organisations/{centre.ref}/confirm").status_code == 303
    owner.tx.refresh(course)
    owner.tx.refresh(centre)
    assert course.verify_by == now.date() + timedelta(days=180)
    assert centre.verify_by == now.date() + timedelta(days=365)
