from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.foundation.audit import history_of
from app.foundation.disclosure import audience_of
from app.foundation.outbox import OutboxRow
from app.foundation.permissions import ANONYMOUS, Refused
from app.foundation.wording.versions import StaleVersion
from app.needs import queries, service
from app.needs.models import Need, NeedVersion
from app.needs.rules import MoveRefused
from app.needs.service import LineDraft, ResultDraft
from tests.needs.drafts import DRAFT, as_it_stands


@pytest.fixture
def state(world):
    return world.organisation()


@pytest.fixture
def author(world, state):
    return world.actor(world.account(state))


@pytest.fixture
def need(tx, author, state, now):
    return service.post_need(tx, author, state.id, DRAFT, now)


def facts(tx):
    return [row.fact for row in tx.scalars(select(OutboxRow).order_by(OutboxRow.id))]


def actions(tx, need):
    return [event.action for event in reversed(history_of(tx, need.ref))]


def test_a_posted_need_can_be_found_and_keeps_every_word(tx, need, state):
    tx.expire_all()
    kept = queries.find_need(tx, ANONYMOUS, need.ref)
    assert kept is need
    assert (kept.status, kept.organisation_id, kept.title) == ("posted", state.id, DRAFT.title)
    assert kept.codes("kind") == ["equipment", "training"]
    assert [line.quantity for line in kept.lines] == [40, 2]
    assert kept.field_disclosure == {"contact": "members"}
    assert kept.verify_by == date(2027, 5, 22)


def test_posting_is_one_event_and_one_fact(tx, need):
    assert actions(tx, need) == ["need.posted"]
    assert facts(tx) == ["NeedPosted"]


def test_a_named_need_is_shown_to_those_named_and_to_nobody_else(tx, world, author, state, now):
    donor, other = world.organisation("donor"), world.somebody("donor")
    draft = replace(DRAFT, disclosure="named", named=(donor.id,))
    need = service.post_need(tx, author, state.id, draft, now)
    assert queries.find_need(tx, world.actor(world.account(donor)), need.ref) is need
    assert queries.find_need(tx, other, need.ref) is None
    assert queries.find_need(tx, ANONYMOUS, need.ref) is None
    service.amend_need(tx, author, need, as_it_stands(need, draft, disclosure="own"), need.version, now)
    assert audience_of(tx, need) == []


@pytest.mark.parametrize(
    ("kind", "role", "status"),
    [("donor", "editor", "verified"), ("state", "member", "verified"), ("state", "editor", "applied")],
)
def test_only_editors_of_verified_states_and_regional_bodies_post(tx, world, now, kind, role, status):
    organisation = world.organisation(kind, status)
    actor = world.actor(world.account(organisation, role))
    with pytest.raises(Refused):
        service.post_need(tx, actor, organisation.id, DRAFT, now)
    assert facts(tx) == []


def test_nobody_posts_for_another_organisation(tx, world, author, now):
    with pytest.raises(Refused):
        service.post_need(tx, author, world.organisation().id, DRAFT, now)


def test_amending_makes_a_version_and_keeps_the_old_one(tx, author, need, now):
    later = now + timedelta(days=3)
    service.amend_need(tx, author, need, as_it_stands(need, title="Trois scanners"), need.version, later)
    kept = list(tx.scalars(select(NeedVersion).order_by(NeedVersion.number)))
    assert [row.snapshot["title"] for row in kept] == [DRAFT.title, "Trois scanners"]
    assert kept[-1].number == need.version == 2
    assert actions(tx, need) == ["need.posted", "need.amended"]
    assert facts(tx) == ["NeedPosted", "NeedAmended"]


def test_lines_keep_their_identity_through_an_amendment(tx, author, need, now):
    training, equipment = need.lines
    draft = as_it_stands(need)
    swapped = (draft.lines[1], replace(draft.lines[0], quantity=Decimal(60)), LineDraft("study", Decimal(1), "studies"))
    service.amend_need(tx, author, need, replace(draft, lines=swapped), need.version, now)
    tx.expire_all()
    assert [line.id for line in need.lines][:2] == [equipment.id, training.id]
    assert need.lines[1].quantity == 60
    assert len(need.lines) == 3


def test_an_amendment_of_lines_alone_is_a_version_too_even_in_the_same_instant(tx, author, need, now):
    draft = as_it_stands(need)
    service.amend_need(tx, author, need, replace(draft, lines=draft.lines[:1]), need.version, now)
    assert need.version == 2
    assert len(tx.get(Need, need.id).lines) == 1


def test_the_reference_of_another_needs_line_is_not_taken_over(tx, world, author, state, need, now):
    other = service.post_need(tx, author, state.id, DRAFT, now)
    stolen = replace(DRAFT.lines[0], ref=need.lines[0].ref)
    service.amend_need(tx, author, other, replace(DRAFT, lines=(stolen,)), other.version, now)
    assert other.lines[0].ref != need.lines[0].ref
    assert len(need.lines) == 2


def test_a_line_with_a_pledge_cannot_be_left_out(tx, world, author, need, now):
    world.pledge(need, world.organisation("donor"))
    draft = as_it_stands(need)
    savepoint = tx.begin_nested()
    with pytest.raises(service.LineInUse):
        service.amend_need(tx, author, need, replace(draft, lines=draft.lines[1:]), need.version, now)
    savepoint.rollback()
    assert len(need.lines) == 2


def test_a_second_editor_does_not_overwrite_the_first(tx, author, need, now):
    opened = need.version
    service.amend_need(tx, author, need, as_it_stands(need, title="Le premier"), opened, now)
    with pytest.raises(StaleVersion):
        service.amend_need(tx, author, need, as_it_stands(need, title="Le second"), opened, now)
    assert need.title == "Le premier"


def test_a_confirmation_meanwhile_is_no_conflict(tx, author, need, now):
    opened = need.version
    service.confirm_need(tx, author, need, now + timedelta(days=1))
    tx.flush()
    assert need.version > opened
    service.amend_need(tx, author, need, as_it_stands(need, title="Trois scanners"), opened, now)
    assert need.title == "Trois scanners"


def test_a_stranger_does_not_amend(tx, world, need, now):
    for stranger in (world.somebody(), world.somebody("secretariat"), ANONYMOUS):
        with pytest.raises(Refused):
            service.amend_need(tx, stranger, need, as_it_stands(need), need.version, now)


@pytest.mark.parametrize(
    ("status", "fact", "is_public"), [("closed", "NeedClosed", True), ("withdrawn", "NeedWithdrawn", False)]
)
def test_an_ended_need_says_why_and_cannot_be_amended(tx, author, need, now, status, fact, is_public):
    service.end_need(tx, author, need, status, "Un partenaire l'a financé.", now)
    assert (need.status, need.status_reason) == (status, "Un partenaire l'a financé.")
    assert (queries.find_need(tx, ANONYMOUS, need.ref) is not None) is is_public
    with pytest.raises(MoveRefused):
        service.amend_need(tx, author, need, as_it_stands(need), None, now)
    with pytest.raises(MoveRefused):
        service.end_need(tx, author, need, "closed", "Encore", now)
    assert actions(tx, need) == ["need.posted", f"need.{status}"]
    assert facts(tx) == ["NeedPosted", fact]


def test_an_ended_need_is_not_confirmed(tx, author, need, now):
    service.end_need(tx, author, need, "closed", "Financé.", now)
    with pytest.raises(MoveRefused):
        service.confirm_need(tx, author, need, now)


def test_confirming_moves_the_date_and_is_on_record(tx, author, need, now):
    service.confirm_need(tx, author, need, now + timedelta(days=100))
    assert need.verify_by == date(2027, 8, 30)
    assert actions(tx, need) == ["need.posted", "need.confirmed"]
    assert facts(tx) == ["NeedPosted", "NeedConfirmed"]


def test_a_result_is_kept_with_its_evidence(tx, author, need, now):
    indicator = need.indicators[0]
    service.record_result(tx, author, indicator, ResultDraft("1,2", date(2026, 11, 1), "Registre du port"), now)
    tx.expire_all()
    assert [(r.actual, r.evidence, r.recorded_by) for r in indicator.results] == [
        ("1,2", "Registre du port", author.account_id)
    ]
    assert actions(tx, need) == ["need.posted", "need.result_recorded"]
    assert facts(tx) == ["NeedPosted", "ResultRecorded"]


def test_results_survive_an_amendment(tx, author, need, now):
    service.record_result(tx, author, need.indicators[0], ResultDraft("1,2", date(2026, 11, 1)), now)
    service.amend_need(tx, author, need, as_it_stands(need, title="Trois scanners"), need.version, now)
    tx.expire_all()
    assert [result.actual for result in need.indicators[0].results] == ["1,2"]


ENGLISH = service.TextDraft("en", "Two scanners for Dakar", problem="One container in two hundred is opened.")


def test_a_text_in_another_language_keeps_its_row_and_is_in_every_version(tx, need, author, now):
    given = as_it_stands(need, other_texts=(ENGLISH,))
    service.amend_need(tx, author, need, given, need.version, now)
    tx.flush()
    mended = as_it_stands(need, other_texts=(replace(ENGLISH, title="Three"), service.TextDraft("pt", "Dois")))
    service.amend_need(tx, author, need, mended, need.version, now)
    tx.flush()
    tx.expire_all()
    assert [(text.language, text.title) for text in need.other_texts] == [("en", "Three"), ("pt", "Dois")]
    versions = tx.scalars(select(NeedVersion).where(NeedVersion.need_id == need.id).order_by(NeedVersion.number))
    kept = [[text["title"] for text in version.snapshot["other_texts"]] for version in versions]
    assert kept == [[], ["Two scanners for Dakar"], ["Three", "Dois"]]
    service.amend_need(tx, author, need, as_it_stands(need), need.version, now)
    tx.flush()
    tx.expire_all()
    assert need.other_texts == []
