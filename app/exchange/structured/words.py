"""Records in the words of schema.org; each type has the properties that its definition there gives it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from app.exchange.feeds.atom import LICENCE
from app.exchange.feeds.words import PAGES, cut, said_of
from app.foundation.disclosure import may_see_field
from app.foundation.languages import name_of
from app.foundation.permissions import ANONYMOUS
from app.foundation.web import url_for
from app.organisations.models import Organisation

VOCABULARY: Final = "https://schema.org"
OWN: Final = "Counterpart"
ORGANISATIONS: Mapping[str, str] = {
    "state": "GovernmentOrganization", "centre": "EducationalOrganization", "ngo": "NGO", "donor": "Organization",
    "regional": "Organization", "secretariat": "Organization",
}  # fmt: skip
Data = dict[str, Any]


def told(words: Data) -> Data:
    """What is said; what is empty is left out."""
    return {name: value for name, value in words.items() if value not in (None, "", [])}


def organisation_data(owner: Organisation, public_url: str) -> Data:
    """An organisation by itself."""
    address = public_url + url_for("organisations.page", ref=owner.ref)
    return told({
        "@type": ORGANISATIONS.get(owner.kind, "Organization"), "@id": address, "name": owner.name, "url": address,
        "alternateName": sorted({owner.acronym, *map(str, (owner.names or {}).values())} - {"", owner.name}),
        "identifier": [one for one in (owner.ref, owner.iati_identifier) if one],
        "description": cut(owner.about),
        "sameAs": owner.website if owner.website.startswith(("https://", "http://")) else "",
        "location": _country(owner.country) if owner.country else None,
    })  # fmt: skip


def _brief(owner: Organisation, public_url: str) -> Data:
    whole = organisation_data(owner, public_url)
    return {name: whole[name] for name in ("@type", "@id", "name", "url")}


def _country(code: str) -> Data:
    return {"@type": "Country", "name": name_of("country", code, "en"), "identifier": code}


def _common(kind: str, record: Any, public_url: str) -> Data:
    said = said_of(kind, record, record.language)
    return {
        "name": said.title, "description": said.summary or said.title, "identifier": record.ref,
        "url": public_url + url_for(PAGES[kind], ref=record.ref),
    }  # fmt: skip


def _themes(record: Any) -> list[str]:
    return [name_of("theme", code, "en") for code in record.codes("theme")]


def _day(day: Any) -> str:
    return day.isoformat()[:10] if day else ""


def need_data(need: Any, public_url: str) -> Data:
    """A need: what an organisation seeks (`seeks`, of which the range is Demand)."""
    service = {"@type": "Service", "name": need.title, "serviceType": _themes(need)}
    demand = told({
        "@type": "Demand", **_common("need", need, public_url),
        "itemOffered": told(service | {"areaServed": [_country(code) for code in need.codes("country")]}),
        "availabilityStarts": _day(need.starts_on), "availabilityEnds": _day(need.ends_on),
        "validFrom": _day(need.posted_at), "validThrough": _day(need.offers_due_on),
    })  # fmt: skip
    return _brief(need.organisation, public_url) | {"seeks": demand}


def programme_data(programme: Any, public_url: str) -> Data:
    """A programme: a project of its donor and, where anybody may see its budget, the grant that pays for it."""
    owner, budget = _brief(programme.organisation, public_url), programme.budget
    grant = None
    if budget is not None and budget.currency and may_see_field(ANONYMOUS, programme, "budget"):
        amount = {"@type": "MonetaryAmount", "value": f"{budget.amount:f}", "currency": budget.currency}
        grant = {"@type": "MonetaryGrant", "name": programme.title, "amount": amount, "funder": owner}
    return told({
        "@type": "Project", **_common("programme", programme, public_url), "parentOrganization": owner,
        "funder": owner, "funding": grant, "keywords": _themes(programme),
        "areaServed": [_country(code) for code in programme.codes("country")],
        "foundingDate": _day(programme.starts_on), "dissolutionDate": _day(programme.ends_on),
        "sameAs": programme.website if programme.website.startswith(("https://", "http://")) else "",
    })  # fmt: skip


def lesson_data(lesson: Any, public_url: str) -> Data:
    """A lesson: an article of the organisation that learned it."""
    common = _common("lesson", lesson, public_url)
    return told({
        "@type": "Article", **common, "headline": common["name"], "author": _brief(lesson.organisation, public_url),
        "datePublished": _day(lesson.validated_at or lesson.posted_at), "inLanguage": lesson.language,
        "about": _themes(lesson), "license": LICENCE,
    })  # fmt: skip


def output_data(output: Any, public_url: str) -> Data:
    """What others can use again: a work, under the licence that its owner says."""
    return told({
        "@type": "CreativeWork", **_common("output", output, public_url), "inLanguage": output.language,
        "author": _brief(output.organisation, public_url), "datePublished": _day(output.posted_at),
        "about": _themes(output), "license": LICENCE if output.licence == "CC-BY-4.0" else "",
    })  # fmt: skip


def dataset_data(public_url: str, files: Iterable[tuple[str, str, str]], country: str = "") -> Data:
    """The open data, or that of one country; `files` are (name, MIME type, path)."""
    where = f", {name_of('country', country, 'en')}" if country else ""
    page = url_for("overview.country", iso2=country) if country else url_for("open_data.index")
    return told({
        "@type": "Dataset", "name": f"{OWN}: who needs and does what against drug trafficking{where}",
        "description": "Needs, programmes and pledges of capacity building that anybody may see, as open data.",
        "url": public_url + page, "license": LICENCE, "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": OWN, "url": public_url},
        "spatialCoverage": _country(country) if country else None,
        "distribution": [
            {"@type": "DataDownload", "name": name, "encodingFormat": mime, "contentUrl": public_url + path}
            for name, mime, path in files
        ],
    })  # fmt: skip
