"""A programme as a donor posts it, for tests that need one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.programmes.service import OfferDraft, ProgrammeDraft

DRAFT = ProgrammeDraft(
    language="fr",
    title="Cellules portuaires",
    description="Formation et matériel de visite.",
    themes=("port_control",),
    offers=(OfferDraft("training", "Stages", Decimal(120), "participants"), OfferDraft("equipment")),
    countries=("SN", "GH"),
    groupings=("ECOWAS",),
    languages=("fr",),
    apply_by=date(2027, 3, 31),
    budget_amount=Decimal(1_450_000),
    currency="EUR",
)
