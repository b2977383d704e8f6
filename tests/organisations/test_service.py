"""Applying, deciding and recording, on real rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from app.foundation.audit import AuditEvent
from app.foundation.db import Tx
from app.foundation.drafts import already_done
from app.foundation.outbox import OutboxRow
from app.foundation.permissions import ANONYMOUS, SYSTEM, Refused
from app.organisations import queries, service
from app.organisations.models import Organisation
from app.organisations.rules import Identity, WrongMove
from app.organisations.service import ApplicationDraft, ApplicationRefused, Decision
from tests.factories import World

DRAFT = ApplicationDraft(
    kind="state",
    name="Cellule nationale de lutte contre les trafics",
    language="fr",
    country="TG",
    email_domain="cntlt.example",
    applicant_name="Kossi Mensah",
    applicant_email="kossi@cntlt.example",
    letter="Nous voulons publier nos besoins.",
    iati_identifier="XX-TG-9",
)


def actions(tx: Tx, ref: str) -> list[str]:
    return list(tx.scalars(select(AuditEvent.action).where(AuditEvent.record_ref == ref).order_by(AuditEvent.id)))


def facts(tx: Tx) -> list[str]:
    return list(tx.scalars(select(OutboxRow.fact).order_by(OutboxRow.id)))


def test_anybody_may_apply_and_the_secretariat_is_told(tx: Tx, now: datetime) -> None:
    organisation = service.apply(tx, ANONYMOUS, DRAFT, now, "key-1")
    assert organisation.status == "applied"
    assert actions(tx, organisation.ref) == ["organisation.applied"]
    assert facts(tx) == ["OrganisationApplied"]
    assert already_done(tx, ANONYMOUS, "key-1") == "/organisations/apply/sent"


def test_the_audit_names_no_person(tx: Tx, now: datetime) -> None:
    organisation = service.apply(tx, ANONYMOUS, DRAFT, now)
    event = tx.scalars(select(AuditEvent).where(AuditEvent.record_ref == organisation.ref)).one()
    assert "kossi" not in str(event.details).casefold()
    assert event.organisation_id == organisation.id


def test_the_applicant_writes_from_the_organisations_domain(tx: Tx, now: datetime) -> None:
    with pytest.raises(ApplicationRefused, match=r"cntlt\.example") as refusal:
        service.apply(tx, ANONYMOUS, replace(DRAFT, applicant_email="kossi@gmail.example"), now)
    assert refusal.value.field == "applicant_email"


def test_nobody_applies_as_the_secretariat(tx: Tx, now: datetime) -> None:
    with pytest.raises(ApplicationRefused):
        service.apply(tx, ANONYMOUS, replace(DRAFT, kind="secretariat"), now)


def test_an_identifier_that_is_somebodys_is_refused(tx: Tx, world: World, now: datetime) -> None:
    world.organisation(iati_identifier="XX-TG-9")
    with pytest.raises(ApplicationRefused) as refusal:
        service.apply(tx, ANONYMOUS, DRAFT, now)
    assert refusal.value.field == "iati_identifier"


def test_only_the_secretariat_decides(tx: Tx, world: World, now: datetime) -> None:
    organisation = service.apply(tx, ANONYMOUS, DRAFT, now)
    for actor in (ANONYMOUS, world.somebody("donor", "focal_point"), world.somebody("secretariat", status="suspended")):
        with pytest.raises(Refused):
            service.decide(tx, actor, organisation, Decision("verify"), now)
    assert organisation.status == "applied"


def test_verification_is_recorded_and_told(tx: Tx, world: World, now: datetime) -> None:
    office = world.somebody("secretariat")
    organisation = service.apply(tx, ANONYMOUS, DRAFT, now)
    service.decide(tx, world.somebody("secretariat"), organisation, Decision("check"), now)
    after = service.decide(tx, office, organisation, Decision("verify"), now, "key-2")
    assert after is organisation
    assert (after.status, after.decided_by, after.decided_at) == ("verified", office.account_id, now)
    assert actions(tx, after.ref) == ["organisation.applied", "organisation.checked", "organisation.verified"]
    assert facts(tx)[-1] == "OrganisationVerified"
    assert already_done(tx, office, "key-2") == f"/organisations/{after.ref}"


def test_a_wrong_move_changes_nothing(tx: Tx, world: World, now: datetime) -> None:
    organisation = world.organisation(status="verified")
    with pytest.raises(WrongMove):
        service.decide(tx, world.somebody("secretariat"), organisation, Decision("refuse", "no"), now)
    assert organisation.status == "verified"
    assert actions(tx, organisation.ref) == []
    assert facts(tx) == []


def test_suspension_and_reinstatement(tx: Tx, world: World, now: datetime) -> None:
    office = world.somebody("secretariat")
    organisation = world.organisation(status="trusted")
    service.decide(tx, office, organisation, Decision("suspend", "False papers"), now)
    assert organisation.decision_reason == "False papers"
    service.decide(tx, office, organisation, Decision("reinstate", "They were true"), now)
    assert organisation.status == "verified"
    assert facts(tx) == ["OrganisationSuspended", "OrganisationReinstated"]


def test_an_application_for_a_recorded_organisation_becomes_it(tx: Tx, world: World, now: datetime) -> None:
    recorded = world.organisation(status="recorded", name="CNTLT", iati_identifier="XX-TG-9")
    application = service.apply(tx, ANONYMOUS, DRAFT, now)
    assert application.claims_id == recorded.id
    assert recorded.name == "CNTLT"
    ref = application.ref
    service.decide(tx, world.somebody("secretariat"), application, Decision("check"), now)
    after = service.decide(tx, world.somebody("secretariat"), application, Decision("verify"), now)
    tx.flush()
    assert after is recorded
    assert (after.status, after.name, after.applicant_email) == ("verified", DRAFT.name, DRAFT.applicant_email)
    assert queries.organisation_by_ref(tx, ref) is None


def test_an_import_finds_by_identifier_then_by_name(tx: Tx, world: World, now: datetime) -> None:
    known = world.organisation(name="Agência de Cooperação", country="PT", iati_identifier="PT-1")
    nameless = world.organisation(name="Fondation Sécurité", country="FR", status="recorded")

    def record(name: str, identifier: str | None, country: str | None) -> Organisation:
        return service.record_organisation(tx, SYSTEM, name, "donor", identifier, country, "en", now)

    assert record("Something else", "PT-1", None) is known
    assert record("AGENCIA DE COOPERACAO", None, "PT") is known
    assert record("fondation securite", "FR-7", None) is nameless
    assert nameless.iati_identifier == "FR-7"
    assert record("Agência de Cooperação", "PT-2", "PT") is not known
    assert record("Agência de Cooperação", None, "BR") is not known


def test_an_import_makes_what_it_does_not_find_once(tx: Tx, now: datetime) -> None:
    made = [service.record_organisation(tx, SYSTEM, " New Fund ", "donor", None, None, "en", now) for _ in range(2)]
    assert made[0] is made[1]
    assert (made[0].status, made[0].name) == ("recorded", "New Fund")
    assert actions(tx, made[0].ref) == ["organisation.recorded"]


def test_an_import_does_not_take_an_application_for_the_organisation(tx: Tx, now: datetime) -> None:
    application = service.apply(tx, ANONYMOUS, replace(DRAFT, iati_identifier=None), now)
    assert service.record_organisation(tx, SYSTEM, DRAFT.name, "state", None, "TG", "fr", now) is not application


def test_who_may_read_an_organisation(tx: Tx, world: World) -> None:
    applied, suspended = world.organisation(status="applied"), world.organisation(status="suspended")
    own = world.actor(world.account(applied))
    assert queries.readable_organisation(tx, ANONYMOUS, applied.ref) is None
    assert queries.readable_organisation(tx, world.somebody("donor"), applied.ref) is None
    assert queries.readable_organisation(tx, own, applied.ref) is applied
    assert queries.readable_organisation(tx, world.somebody("secretariat"), applied.ref) is applied
    assert queries.readable_organisation(tx, ANONYMOUS, suspended.ref) is suspended
    assert queries.readable_organisation(tx, ANONYMOUS, "O-2222-2222") is None


def test_pickers_offer_verified_organisations_alone(tx: Tx, world: World) -> None:
    verified, trusted = world.organisation(name="Zebra"), world.organisation(status="trusted", name="Éclair")
    for status in ("applied", "refused", "suspended", "recorded"):
        world.organisation(status=status)
    world.organisation("secretariat")
    assert queries.verified_organisations(tx) == [trusted, verified]


def test_the_list_counts_each_facet_without_its_own_filter(tx: Tx, world: World) -> None:
    first = world.organisation("donor", name="Ålesund Fund", country="NO", names={"fr": "Fonds d'Ålesund"})
    world.organisation("donor", name="Paris Fund", country="FR")
    world.organisation("centre", name="Bergen School", country="NO")
    world.organisation("donor", status="applied", country="NO")
    listing = queries.list_organisations(tx, queries.Wanted(kinds=("donor",), countries=("NO",)), None)
    assert list(listing.page.items) == [first]
    assert listing.kinds == {"donor": 1, "centre": 1}
    assert listing.countries == {"NO": 1, "FR": 1}
    words = queries.list_organisations(tx, queries.Wanted(words="fonds alesund"), None)
    assert list(words.page.items) == [first]


def test_near_duplicates_leave_out_what_was_refused(tx: Tx, world: World) -> None:
    kept = world.organisation(name="Cellule nationale de lutte contre les trafics", country="TG")
    world.organisation(name="Cellule nationale de lutte contre les trafics", country="TG", status="refused")
    likely = queries.near_duplicates(tx, Identity((DRAFT.name,), "TG"))
    assert [one.organisation for one in likely] == [kept]


def test_the_queue_shows_the_longest_wait_first(tx: Tx, world: World, now: datetime) -> None:
    late = world.organisation(status="applied", created_at=now)
    early = world.organisation(status="applied", created_at=now.replace(hour=1))
    assert queries.waiting_applications(tx) == [early, late]
