"""What the guard needs to know of a need, a programme or a course, posted or about to be, as plain values."""

from __future__ import annotations

from typing import Any

from app.matching.guard.rules import Facts
from app.reference.groupings import groupings_of

ELSEWHERE = "other"
NAMES = {"theme": "themes", "country": "countries", "grouping": "groupings"}
"""What a draft calls its lists of codes."""


def facts(kind: str, record: Any, organisation_id: int) -> Facts:
    """A record, or the draft of one, as the guard sees it."""
    countries = frozenset(getattr(record, "places", ())) or _codes(record, "country")
    lines = [*getattr(record, "lines", ()), *getattr(record, "offers", ())]
    return Facts(
        organisation_id=organisation_id,
        language=record.language,
        texts=_texts(kind, record),
        countries=countries,
        groupings=_codes(record, "grouping"),
        groupings_of=frozenset(grouping for country in countries for grouping in groupings_of(country)),
        themes=_codes(record, "theme"),
        kinds=frozenset({"training"} if kind == "course" else {line.kind for line in lines}),
        units=frozenset(line.unit for line in lines if line.unit),
        served=getattr(record, "beneficiary_unit", "") or "",
        starts_on=getattr(record, "starts_on", None),
        ends_on=getattr(record, "ends_on", None),
        identifiers=_identifiers(record),
        identifier=(getattr(record, "iati_identifier", "") or "").strip().upper(),
    )


def _codes(record: Any, facet: str) -> frozenset[str]:
    if hasattr(record, "codes"):
        return frozenset(record.codes(facet))
    return frozenset(getattr(record, NAMES[facet], ()))


def _texts(kind: str, record: Any) -> dict[str, tuple[str, str]]:
    """Title and the rest by language, the record's own last, so that its words count."""
    others = [*getattr(record, "other_texts", ()), *getattr(record, "texts", ())]
    found = {text.language: (text.title, _rest(kind, text)) for text in others if text.title}
    return found | {record.language: (record.title, _rest(kind, record))}


def _rest(kind: str, record: Any) -> str:
    names = {"need": ("summary", "problem"), "course": ("description", "objectives")}.get(kind, ("description",))
    said = [getattr(record, name, "") or "" for name in names]
    said += [offer.description for offer in getattr(record, "offers", ())]
    return " ".join(part for part in said if part)


def _identifiers(record: Any) -> frozenset[str]:
    own = [getattr(record, "iati_identifier", "") or ""]
    own += [link.identifier for link in getattr(record, "links", ()) if link.kind == ELSEWHERE]
    return frozenset(one.strip().upper() for one in own if one.strip())
