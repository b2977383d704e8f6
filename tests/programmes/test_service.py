"""Posting, amending and closing programmes, on real rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.foundation.audit import history_of
from app.foundation.db import Tx
from app.foundation.disclosure import audience_of
from app.foundation.outbox import OutboxRow
from app.foundation.permissions import Refused
from app.foundation.wording.versions import StaleVersion
from app.programmes import rules, service
from app.programmes.models import Programme
from app.programmes.service import LinkDraft, OfferDraft, ParticipantDraft, ProgrammeDraft
from tests.factories import World
from tests.programmes.drafts import DRAFT


def told(tx: Tx) -> list[str]:
    return list(tx.scalars(select(OutboxRow.fact).order_by(OutboxRow.id)))


def post(tx: Tx, world: World, now: datetime, draft: ProgrammeDraft = DRAFT) -> tuple[Any, Programme]:
    actor = world.somebody("donor")
    assert actor.main
    return actor, service.post_programme(tx, actor, actor.main.organisation_id, draft, now)


def test_a_posted_programme_is_kept_whole(tx: Tx, world: World, now: datetime) -> None:
    _actor, programme = post(tx, world, now)
    assert programme.is_published
    assert programme.posted_at == now
    assert programme.codes("country") == ["GH", "SN"]
    assert programme.codes("kind") == ["equipment", "training"]
    first = programme.offers[0]
    assert (first.kind, first.quantity, first.unit) == ("training", Decimal(120), "participants")
    assert programme.budget
    assert str(programme.budget.amount) == "1450000.00"
    assert programme.verify_by
    assert programme.verify_by > now.date()
    assert [event.action for event in history_of(tx, programme.ref)] == ["programme.posted"]
    assert told(tx) == ["ProgrammePosted"]


@pytest.mark.parametrize(
    ("kind", "role", "status"),
    [("state", "editor", "verified"), ("donor", "member", "verified"), ("donor", "editor", "applied")],
)
def test_only_editors_of_verified_donors_post(
    tx: Tx, world: World, now: datetime, kind: str, role: str, status: str
) -> None:
    actor = world.somebody(kind, role, status)
    assert actor.main
    with pytest.raises(Refused):
        service.post_programme(tx, actor, actor.main.organisation_id, DRAFT, now)


def test_nobody_posts_for_another_organisation(tx: Tx, world: World, now: datetime) -> None:
    actor, other = world.somebody("donor"), world.organisation("donor")
    with pytest.raises(Refused):
        service.post_programme(tx, actor, other.id, DRAFT, now)


def test_a_wrong_draft_names_every_wrong_field(tx: Tx, world: World, now: datetime) -> None:
    wrong = replace(
        DRAFT, themes=(), countries=(), groupings=(), ends_on=date(2027, 1, 1), currency="", website="javascript:x",
        disclosure="named",
    )  # fmt: skip
    with pytest.raises(rules.DraftRefused) as refused:
        post(tx, world, now, wrong)
    found = {problem.field for problem in refused.value.problems}
    assert found == {"themes", "countries", "apply_by", "currency", "website", "named"}
    assert tx.scalar(select(Programme.id)) is None


def test_an_identifier_belongs_to_one_programme(tx: Tx, world: World, now: datetime) -> None:
    _actor, first = post(tx, world, now, replace(DRAFT, iati_identifier="XM-1"))
    with pytest.raises(rules.DraftRefused):
        post(tx, world, now, replace(DRAFT, iati_identifier="XM-1"))
    _actor, empty = post(tx, world, now)
    assert (first.iati_identifier, empty.iati_identifier) == ("XM-1", None)


def test_an_amendment_makes_a_new_version_and_tells(tx: Tx, world: World, now: datetime) -> None:
    actor, programme = post(tx, world, now)
    draft = replace(DRAFT, offers=(OfferDraft("study"),), countries=("GH",))
    service.amend_programme(tx, actor, programme, draft, programme.version, now)
    assert programme.version == 2
    assert programme.codes("kind") == ["study"]
    assert [offer.kind for offer in programme.offers] == ["study"]
    assert told(tx) == ["ProgrammePosted", "ProgrammeAmended"]
    assert len(history_of(tx, programme.ref)) == 2


def test_the_second_of_two_editors_overwrites_nothing(tx: Tx, world: World, now: datetime) -> None:
    actor, programme = post(tx, world, now)
    service.amend_programme(tx, actor, programme, replace(DRAFT, title="Première"), 1, now)
    with pytest.raises(StaleVersion):
        service.amend_programme(tx, actor, programme, replace(DRAFT, title="Seconde"), 1, now)
    assert programme.title == "Première"


def test_a_promise_that_ran_out_does_not_block_other_amendments(tx: Tx, world: World, now: datetime) -> None:
    actor, programme = post(tx, world, now)
    later = datetime(2027, 6, 1, tzinfo=now.tzinfo)
    service.amend_programme(tx, actor, programme, replace(DRAFT, title="Autre titre"), None, later)
    assert programme.title == "Autre titre"
    with pytest.raises(rules.DraftRefused):
        service.amend_programme(tx, actor, programme, replace(DRAFT, apply_by=date(2027, 5, 1)), None, later)


def test_shares_of_countries_survive_an_amendment(tx: Tx, world: World, now: datetime) -> None:
    actor, programme = post(tx, world, now)
    programme.set_codes("country", {"SN": Decimal(60), "GH": Decimal(40)})
    service.amend_programme(tx, actor, programme, replace(DRAFT, countries=("SN", "TG")), None, now)
    shares = {tag.value: tag.share for tag in programme.tags if tag.facet == "country"}
    assert shares == {"SN": Decimal(60), "TG": None}


@pytest.mark.parametrize(("status", "action"), [("4", "closed"), ("5", "cancelled"), ("6", "suspended")])
def test_an_ending_keeps_its_reason(tx: Tx, world: World, now: datetime, status: str, action: str) -> None:
    actor, programme = post(tx, world, now)
    service.close_programme(tx, actor, programme, status, "Budget spent", now)
    assert (programme.status, programme.accepting) == (status, "no")
    event = history_of(tx, programme.ref)[0]
    assert (event.action, event.details["reason"]) == (f"programme.{action}", "Budget spent")
    assert told(tx)[-1] == "ProgrammeClosed"


def test_what_is_closed_cannot_be_closed_again(tx: Tx, world: World, now: datetime) -> None:
    actor, programme = post(tx, world, now)
    service.close_programme(tx, actor, programme, "4", "Done", now)
    with pytest.raises(rules.MoveRefused):
        service.close_programme(tx, actor, programme, "5", "Again", now)


def test_nobody_else_amends_or_closes(tx: Tx, world: World, now: datetime) -> None:
    _actor, programme = post(tx, world, now)
    stranger = world.somebody("donor")
    with pytest.raises(Refused):
        service.amend_programme(tx, stranger, programme, DRAFT, 1, now)
    with pytest.raises(Refused):
        service.close_programme(tx, stranger, programme, "4", "Done", now)


def test_named_organisations_are_kept_only_for_that_tier(tx: Tx, world: World, now: datetime) -> None:
    named = world.organisation("state")
    actor, programme = post(tx, world, now, replace(DRAFT, disclosure="named", named=(named.id,)))
    assert audience_of(tx, programme) == [named.id]
    service.amend_programme(tx, actor, programme, replace(DRAFT, disclosure="members", named=(named.id,)), None, now)
    assert audience_of(tx, programme) == []


def test_partners_and_other_identifiers_are_kept(tx: Tx, world: World, now: datetime) -> None:
    here = world.organisation("ngo", iati_identifier="XI-1")
    draft = replace(
        DRAFT,
        participants=(ParticipantDraft("4", "Partner", "XI-1"), ParticipantDraft("1", "Elsewhere", "XI-2")),
        links=(LinkDraft("1", "XM-PARENT"), LinkDraft("other", "CRS-77")),
        restricted_fields=("contact",),
    )
    _actor, programme = post(tx, world, now, draft)
    assert [p.organisation_id for p in programme.participants] == [here.id, None]
    assert [(link.kind, link.identifier) for link in programme.links] == [("1", "XM-PARENT"), ("other", "CRS-77")]
    assert programme.field_disclosure == {"contact": "members"}
