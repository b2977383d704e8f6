"""Programmes that donors have published elsewhere: kept whole, changed only when the source says something new."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.foundation.audit import history_of
from app.foundation.db import Tx
from app.foundation.outbox import OutboxRow
from app.foundation.permissions import SYSTEM, Refused
from app.programmes.imports import (
    ImportedBudget,
    ImportedLink,
    ImportedParticipant,
    ImportedProgramme,
    ImportedText,
    ImportedTransaction,
)
from app.programmes.models import Programme, ProgrammeTransaction
from app.programmes.service import save_imported
from tests.factories import World

IMPORTED = ImportedProgramme(
    iati_identifier="XM-DAC-1",
    digest="first",
    language="en",
    title="Port control in West Africa",
    source_name="donor.xml",
    starts_on=date(2025, 1, 1),
    actual_start=date(2025, 1, 1),
    countries=(("SN", Decimal(60)), ("GH", Decimal(40))),
    sectors=(("1:16063", Decimal(100)),),
    regions=("1027",),
    texts=(ImportedText("en", "Port control"), ImportedText("fr", "Contrôle des ports", "Texte")),
    participants=(ImportedParticipant("4", "UNODC", "XM-DAC-41128", "40"),),
    budgets=(ImportedBudget(Decimal(100), "EUR"), ImportedBudget(Decimal(50), "EUR", starts_on=date(2026, 1, 1))),
    transactions=(ImportedTransaction("3", Decimal(70), "EUR", date(2025, 6, 1)),),
    links=(ImportedLink("1", "XM-DAC-0"),),
)


def facts(tx: Tx) -> list[str]:
    return list(tx.scalars(select(OutboxRow.fact)))


def the_programme(tx: Tx) -> Programme:
    return tx.scalars(select(Programme)).one()


def test_a_new_activity_is_kept_whole(tx: Tx, world: World, now: datetime) -> None:
    donor = world.organisation("donor")
    assert save_imported(tx, SYSTEM, donor.id, IMPORTED, now) == "new"
    programme = the_programme(tx)
    assert (programme.source, programme.accepting, programme.disclosure) == ("iati", "unknown", "public")
    assert programme.is_published
    assert {t.value: t.share for t in programme.tags if t.facet == "country"} == {"SN": Decimal(60), "GH": Decimal(40)}
    assert programme.codes("sector") == ["1:16063"]
    assert programme.codes("kind") == []
    assert programme.budget_amount == Decimal(150)
    assert [text.language for text in programme.texts] == ["en", "fr"]
    assert len(programme.transactions) == len(programme.links) == len(programme.participants) == 1
    assert facts(tx) == ["ProgrammeImported"]


def test_the_same_again_changes_nothing(tx: Tx, world: World, now: datetime) -> None:
    donor = world.organisation("donor")
    save_imported(tx, SYSTEM, donor.id, IMPORTED, now)
    version = the_programme(tx).version
    assert save_imported(tx, SYSTEM, donor.id, IMPORTED, now) == "unchanged"
    assert the_programme(tx).version == version
    assert len(facts(tx)) == len(history_of(tx, the_programme(tx).ref)) == 1


def test_news_replace_the_parts(tx: Tx, world: World, now: datetime) -> None:
    donor = world.organisation("donor")
    save_imported(tx, SYSTEM, donor.id, IMPORTED, now)
    news = replace(
        IMPORTED,
        digest="second",
        countries=(("TG", None),),
        texts=(ImportedText("fr", "Autre"), ImportedText("es", "Otro")),
        transactions=(ImportedTransaction("3", Decimal(1), "EUR"), ImportedTransaction("3", Decimal(2), "EUR")),
    )
    assert save_imported(tx, SYSTEM, donor.id, news, now) == "changed"
    programme = the_programme(tx)
    assert programme.version == 2
    assert programme.codes("country") == ["TG"]
    assert {text.language: text.title for text in programme.texts} == {"fr": "Autre", "es": "Otro"}
    assert tx.scalar(select(func.count(ProgrammeTransaction.id))) == 2
    assert len(facts(tx)) == len(history_of(tx, programme.ref)) == 2


def test_what_the_donor_said_here_outlives_the_next_file(tx: Tx, world: World, now: datetime) -> None:
    donor = world.organisation("donor")
    save_imported(tx, SYSTEM, donor.id, IMPORTED, now)
    programme = the_programme(tx)
    programme.accepting, programme.disclosure = "yes", "members"
    save_imported(tx, SYSTEM, donor.id, replace(IMPORTED, digest="second"), now)
    assert (programme.accepting, programme.disclosure) == ("yes", "members")


def test_budgets_in_two_currencies_have_no_sum(tx: Tx, world: World, now: datetime) -> None:
    donor = world.organisation("donor")
    mixed = (ImportedBudget(Decimal(1), "EUR"), ImportedBudget(Decimal(1), "USD"))
    save_imported(tx, SYSTEM, donor.id, replace(IMPORTED, budgets=mixed), now)
    assert the_programme(tx).budget is None


def test_a_donor_does_not_overwrite_anothers_activity(tx: Tx, world: World, now: datetime) -> None:
    first, second = world.somebody("donor"), world.somebody("donor")
    assert first.main
    assert second.main
    save_imported(tx, first, first.main.organisation_id, IMPORTED, now)
    with pytest.raises(Refused):
        save_imported(tx, second, second.main.organisation_id, replace(IMPORTED, digest="second"), now)
