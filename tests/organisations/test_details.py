"""What an organisation says about itself, kept up on real rows."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from app.foundation.audit import AuditEvent
from app.foundation.db import Tx
from app.foundation.permissions import Refused
from app.foundation.wording.versions import StaleVersion
from app.organisations.details import DetailsDraft, amend_details
from app.organisations.rules import WrongMove
from tests.factories import World

DRAFT = DetailsDraft(acronym="OCS", language="fr", website="https://ocs.example", about="Elle coordonne.")


def test_what_changed_is_in_the_record(tx: Tx, world: World, now: datetime) -> None:
    organisation = world.organisation(acronym="OCS")
    focal = world.actor(world.account(organisation, "focal_point"))
    amend_details(tx, focal, organisation, DRAFT, organisation.version, now)
    event = tx.scalars(select(AuditEvent).where(AuditEvent.action == "organisation.amended")).one()
    assert event.details == {"changed": ["website", "about"]}
    amend_details(tx, focal, organisation, DRAFT, organisation.version, now)
    assert len(tx.scalars(select(AuditEvent).where(AuditEvent.action == "organisation.amended")).all()) == 1


def test_nobody_overwrites_a_newer_version(tx: Tx, world: World, now: datetime) -> None:
    organisation = world.organisation()
    focal = world.actor(world.account(organisation, "focal_point"))
    with pytest.raises(StaleVersion):
        amend_details(tx, focal, organisation, DRAFT, organisation.version - 1, now)
    assert organisation.about != DRAFT.about


def test_only_those_who_answer_for_a_verified_organisation_may(tx: Tx, world: World, now: datetime) -> None:
    organisation = world.organisation()
    for person in (world.actor(world.account(organisation, "editor")), world.somebody("donor", "focal_point")):
        with pytest.raises(Refused):
            amend_details(tx, person, organisation, DRAFT, organisation.version, now)
    applied = world.organisation(status="applied")
    with pytest.raises(WrongMove):
        amend_details(tx, world.somebody("secretariat"), applied, DRAFT, applied.version, now)
