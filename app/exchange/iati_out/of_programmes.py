"""A programme as an activity: what it says of itself or, where it came from an IATI file, what that file said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.exchange.iati.mapping import GROUPING_OF_REGION
from app.exchange.iati_out import rules
from app.exchange.iati_out.names import party_of, programme_identifier, reporter_of
from app.exchange.iati_out.told import Budget, Document, Party, Place, Shares, Told, Transaction
from app.foundation.disclosure import may_see_field
from app.foundation.permissions import ANONYMOUS
from app.lessons.models import Output
from app.programmes.models import Programme, ProgrammeTransaction
from app.programmes.rules import ORIGINAL, OTHER_REGISTER, is_web_address
from app.reference.themes import themes

FUNDING = "1"
FIRST_LEVEL = 1
WEB_PAGE, RESULT_PAGE = "A12", "A08"


@dataclass(frozen=True)
class Beside:
    """What belongs to a programme's activity and stands in other records that anybody may see.

    `changed_at` is when the programme last changed as everybody could see it (UTC).
    """

    changed_at: datetime
    outputs: Sequence[Output] = ()
    related: Sequence[tuple[str, str]] = field(default_factory=tuple)


def told_of_programme(programme: Programme, beside: Beside) -> Told:
    """Everything that anybody may see of it."""
    titles = {text.language: text.title for text in programme.texts} or {programme.language: programme.title}
    descriptions = {text.language: text.description for text in programme.texts}
    is_seen = {name: may_see_field(ANONYMOUS, programme, name) for name in programme.sensitive_fields}
    return Told(
        identifier=programme_identifier(programme),
        reporter=reporter_of(programme.organisation),
        language=programme.language,
        titles=_first(programme.language, titles),
        descriptions=_first(programme.language, descriptions or {programme.language: programme.description}),
        status=programme.status,
        changed_at=beside.changed_at,
        first_day=(programme.posted_at or programme.created_at).date(),
        parties=tuple(_parties(programme)),
        other_identifiers=tuple(link.identifier for link in programme.links if link.kind == OTHER_REGISTER),
        dates=_dates(programme),
        contact=programme.contact if is_seen["contact"] else "",
        **_classes(programme),
        budgets=tuple(_budgets(programme)) if is_seen["budget"] else (),
        transactions=tuple(_transactions(programme)) if is_seen["budget"] else (),
        documents=tuple(_documents(programme, titles, beside.outputs)),
        related=_related(programme, beside),
        conditions=programme.conditions,
        hierarchy=FIRST_LEVEL if programme.hierarchy is None and programme.source != "iati" else programme.hierarchy,
    )


def _first(language: str, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts, the one in the record's own language first."""
    own = {language: texts[language]} if language in texts else {}
    return {**own, **texts}


def _parties(programme: Programme) -> Iterable[Party]:
    for row in programme.participants:
        yield Party(row.name, row.identifier, row.organisation_type, row.role)
    if programme.source != "iati" and not any(row.role == FUNDING for row in programme.participants):
        yield party_of(programme.organisation, FUNDING)


def _dates(programme: Programme) -> dict[str, date]:
    stated = {
        "1": programme.planned_start,
        "2": programme.actual_start,
        "3": programme.planned_end,
        "4": programme.actual_end,
    }
    if not any(stated.values()):
        # Whoever posts here says when it begins and ends, and not whether that has come true.
        stated = {"1": programme.starts_on, "3": programme.ends_on}
    return {kind: day for kind, day in stated.items() if day is not None}


def _classes(programme: Programme) -> dict[str, Any]:
    regions = programme.codes("region")
    derived = {GROUPING_OF_REGION.get(code, "") for code in regions}
    only = {facet: next(iter(programme.codes(facet)), "") for facet in ("collaboration", "tied", "scope")}
    return {
        "scope": only["scope"],
        "countries": _shares(programme, "country"),
        "regions": tuple(Place(code, rules.region_vocabulary(code)) for code in regions),
        "groupings": tuple(code for code in programme.codes("grouping") if code not in derived),
        "sectors": _sectors(programme),
        "themes": tuple(programme.codes("theme")),
        "markers": tuple(programme.codes("marker")),
        "collaboration_type": only["collaboration"],
        "flow_type": programme.flow_type,
        "finance_type": programme.finance_type,
        "aid_type": programme.aid_type,
        "tied_status": only["tied"],
    }


def _shares(programme: Programme, facet: str) -> Shares:
    return tuple(sorted((tag.value, tag.share) for tag in programme.tags if tag.facet == facet))


def _sectors(programme: Programme) -> dict[str, Shares]:
    found: dict[str, Shares] = {}
    for value, share in sorted(_shares(programme, "sector"), key=lambda pair: pair[0]):
        vocabulary, _colon, code = value.partition(":")
        found[vocabulary or "1"] = (*found.get(vocabulary or "1", ()), (code, share))
    if not found and programme.source != "iati":
        purposes = [programme.purpose_code] if programme.purpose_code else purposes_of(programme.codes("theme"))
        found = {"1": tuple((code, None) for code in purposes)} if purposes else {}
    return found


def purposes_of(codes: Iterable[str]) -> list[str]:
    """The OECD DAC purpose codes of themes, each once."""
    return list(dict.fromkeys(themes()[code].more["purpose_code"] for code in codes if code in themes()))


def _budgets(programme: Programme) -> Iterable[Budget]:
    for row in sorted(programme.budgets, key=lambda row: (row.starts_on or date.min, row.id or 0)):
        yield Budget(row.kind, row.amount, row.currency, row.starts_on, row.ends_on, row.valued_on)
    if not programme.budgets and programme.budget_amount is not None:
        yield Budget(ORIGINAL, programme.budget_amount, programme.currency, programme.starts_on, programme.ends_on)


def _transactions(programme: Programme) -> Iterable[Transaction]:
    for row in sorted(programme.transactions, key=lambda row: (row.happened_on or date.min, row.id or 0)):
        yield Transaction(
            row.kind, row.amount, row.currency, row.happened_on, row.description, _end(row, "provider"),
            _end(row, "receiver"),
        )  # fmt: skip


def _end(row: ProgrammeTransaction, side: str) -> Party | None:
    name = getattr(row, side)
    return Party(name) if name else None


def _documents(programme: Programme, titles: Mapping[str, str], outputs: Sequence[Output]) -> Iterable[Document]:
    if is_web_address(programme.website):
        yield Document(programme.website, _first(programme.language, titles), WEB_PAGE)
    for output in outputs:
        if is_web_address(output.website):
            yield Document(output.website, {output.language: output.title}, RESULT_PAGE, output.language)


def _related(programme: Programme, beside: Beside) -> tuple[tuple[str, str], ...]:
    kept = [(link.kind, link.identifier) for link in programme.links if link.kind != OTHER_REGISTER]
    said = {identifier for _kind, identifier in kept}
    return tuple(dict.fromkeys([*kept, *(pair for pair in beside.related if pair[1] not in said)]))
