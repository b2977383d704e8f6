"""From an activity as a file states it to a programme as the site keeps it: texts, places, themes, money and links."""

from __future__ import annotations

import hashlib
from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from app.exchange.iati.activity import NO_LANGUAGE, Activity, Party
from app.exchange.iati.guess import contradicts, guess_language
from app.exchange.iati.themes import kinds_of, purpose_of, themes_of
from app.foundation.languages import LANGUAGES
from app.programmes.imports import (
    ImportedBudget,
    ImportedLink,
    ImportedParticipant,
    ImportedProgramme,
    ImportedText,
    ImportedTransaction,
)
from app.reference.groupings import groupings
from app.reference.themes import themes

DEFAULT_LANGUAGE = "en"
IMPLEMENTATION, CLOSED = "2", "4"
OTHER_REGISTER = "other"

GROUPING_OF_REGION = {
    "2": "AU",
    "298": "AU",
    "11": "ECOWAS",
    "1030": "ECOWAS",
    "29": "CARICOM",
    "1031": "CARICOM",
    "13": "SICA",
    "1032": "SICA",
    "35": "ASEAN",
    "498": "OAS",
    "19": "OAS",
}
"""Regions of the UN M49 and OECD DAC lists whose States are, but for one or two, the members of a grouping."""

# Where an activity comes from does not change what it says.
NOT_IN_DIGEST = frozenset({"digest", "source_name"})


@dataclass(frozen=True)
class Mapped:
    """A programme, and the languages that were (declared, found) where a publisher was beyond doubt mistaken."""

    programme: ImportedProgramme
    corrected: tuple[tuple[str, str], ...] = ()


def map_activity(activity: Activity, source_name: str) -> Mapped:
    """Everything of an activity that a programme has room for; `source_name` is what people call the file."""
    texts, corrected = texts_of(activity)
    main = choose_text(texts)
    values = _values(activity, main)
    values["texts"] = tuple(texts)
    return Mapped(
        ImportedProgramme(**values, digest=digest_of(values), source_name=source_name),
        corrected,
    )


def texts_of(activity: Activity) -> tuple[list[ImportedText], tuple[tuple[str, str], ...]]:
    """Title and description by language, and which languages were declared one way and found to be another."""
    found: dict[str, ImportedText] = {}
    corrected = []
    for declared in dict.fromkeys((*activity.titles, *activity.descriptions)):
        title, description = activity.titles.get(declared, ""), activity.descriptions.get(declared, "")
        language = _language_of(f"{title}\n{description}".strip(), declared)
        if declared not in (NO_LANGUAGE, language):
            corrected.append((declared, language))
        text = ImportedText(language, title, description)
        found[language] = _joined(found[language], text) if language in found else text
    return list(found.values()), tuple(corrected)


def choose_text(texts: list[ImportedText]) -> ImportedText:
    """The text that stands for the programme: in the first of the site's languages that has a title, else the first."""
    titled = {text.language: text for text in texts if text.title}
    return next((titled[language] for language in LANGUAGES if language in titled), next(iter(titled.values())))


def digest_of(values: dict[str, Any]) -> str:
    """SHA-256 over everything that was imported, in the order of the field names."""
    body = repr(sorted((name, value) for name, value in values.items() if name not in NOT_IN_DIGEST))
    return hashlib.sha256(body.encode()).hexdigest()


def status_of(activity: Activity) -> str:
    """The status stated; where there is none, closed when an actual end is stated, otherwise under way."""
    return activity.status or (CLOSED if activity.actual_end else IMPLEMENTATION)


def groupings_of(activity: Activity) -> tuple[str, ...]:
    """Groupings whose territory a region is; none where countries are named, since those are what is meant."""
    if activity.countries:
        return ()
    found = (GROUPING_OF_REGION.get(region, "") for region in activity.regions)
    return tuple(dict.fromkeys(filter(None, found)))


def _values(activity: Activity, main: ImportedText) -> dict[str, Any]:
    return {
        "iati_identifier": activity.identifier,
        "language": main.language,
        "title": main.title,
        "description": main.description,
        "status": status_of(activity),
        "conditions": "\n\n".join(activity.conditions),
        "website": activity.website or "",
        "aid_type": activity.aid_type or "",
        "finance_type": activity.finance_type or "",
        "flow_type": activity.flow_type or "",
        "starts_on": activity.starts_on,
        "ends_on": activity.ends_on,
        "planned_start": activity.planned_start,
        "actual_start": activity.actual_start,
        "planned_end": activity.planned_end,
        "actual_end": activity.actual_end,
        "hierarchy": activity.hierarchy,
        "participants": tuple(dict.fromkeys(_participant(party, main.language) for party in activity.participants)),
        "links": _links(activity),
        **_codes(activity, main),
        **_money(activity),
    }


def _codes(activity: Activity, main: ImportedText) -> dict[str, Any]:
    return {
        "purpose_code": purpose_of(activity.sectors),
        "countries": tuple((country.iso2, country.percentage) for country in activity.countries),
        "sectors": tuple((f"{sector.vocabulary}:{sector.code}", sector.percentage) for sector in activity.sectors),
        "regions": activity.regions,
        "groupings": (*groupings_of(activity), *_known(activity.groupings, groupings())),
        "themes": _known(activity.themes, themes()) or themes_of(activity.sectors, main.title, main.description),
        "markers": activity.markers,
        "collaboration_type": activity.collaboration_type or "",
        "tied_status": activity.tied_status or "",
        "scope": activity.scope or "",
        "kinds": kinds_of(main.title, main.description),
    }


def _known(codes: tuple[str, ...], known: Container[str]) -> tuple[str, ...]:
    return tuple(code for code in codes if code in known)


def _money(activity: Activity) -> dict[str, Any]:
    return {
        "budgets": tuple(
            ImportedBudget(
                amount=budget.amount,
                currency=budget.currency or "",
                kind=budget.type,
                starts_on=budget.start,
                ends_on=budget.end,
                valued_on=budget.value_date,
            )
            for budget in activity.budgets
        ),
        "transactions": tuple(
            ImportedTransaction(
                kind=transaction.type,
                amount=transaction.amount,
                currency=transaction.currency or "",
                happened_on=transaction.date,
                provider=transaction.provider,
                receiver=transaction.receiver,
                description=transaction.description,
            )
            for transaction in activity.transactions
        ),
    }


def _participant(party: Party, language: str) -> ImportedParticipant:
    name = party.names.get(language) or party.name
    return ImportedParticipant(party.role or "", name, party.ref, party.type or "")


def _links(activity: Activity) -> tuple[ImportedLink, ...]:
    related = [ImportedLink(link.type, link.identifier) for link in activity.related]
    others = [ImportedLink(OTHER_REGISTER, identifier) for identifier in activity.other_identifiers]
    return tuple(dict.fromkeys([*related, *others]))


def _language_of(text: str, declared: str) -> str:
    if declared == NO_LANGUAGE:
        return guess_language(text) or DEFAULT_LANGUAGE
    return contradicts(text, declared) or declared


def _joined(first: ImportedText, second: ImportedText) -> ImportedText:
    # Two texts turned out to be in one language: the first title stays, and nothing that the second adds is lost.
    title = first.title or second.title
    parts = (first.description, second.title, second.description)
    kept = dict.fromkeys(part for part in parts if part and part != title)
    return ImportedText(first.language, title, "\n\n".join(kept))
