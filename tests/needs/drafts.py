"""A need as its author would write it, for the tests of this feature."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from app.needs.service import IndicatorDraft, LineDraft, NeedDraft

DRAFT = NeedDraft(
    language="fr",
    title="Deux scanners pour le port de Dakar",
    problem="Un conteneur sur deux cents est ouvert.",
    themes=("maritime_interdiction",),
    countries=("SN",),
    purpose_code="16063",
    lines=(
        LineDraft("training", Decimal(40), "officers", "Fouille de conteneurs"),
        LineDraft("equipment", Decimal(2), "devices", "Scanners", cost_amount=Decimal(310000), currency="EUR"),
    ),
    indicators=(IndicatorDraft("Part des conteneurs ouverts", "%", "0,5", "5"),),
    contact="cooperation@ocrtis.example",
    restricted_fields=("contact",),
)


def as_it_stands(need, draft=DRAFT, **changes):
    """The draft with the identities of the need's rows, as its form sends them."""
    lines = tuple(replace(line, ref=row.ref) for line, row in zip(draft.lines, need.lines, strict=True))
    indicators = tuple(replace(i, ref=row.ref) for i, row in zip(draft.indicators, need.indicators, strict=True))
    return replace(draft, **({"lines": lines, "indicators": indicators} | changes))
