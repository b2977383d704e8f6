"""Organisations for programs: who is who, as the public list and each one's page say."""

from __future__ import annotations

from typing import Any

from app.api.answers import Answer, absolute, record
from app.api.lists import list_of
from app.api.operations import Parameter, reads
from app.api.parts import COUNTRY, WORDS, page_of
from app.api.shapes import given_of, shown_as
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.permissions import Permission
from app.foundation.web import actor, found
from app.organisations.listing import chosen
from app.organisations.models import Organisation
from app.organisations.queries import readable_organisation, wanted_organisations
from app.organisations.rules import KINDS

LIST = surface("organisation.api_list", "api", "organisation")
ONE = surface("organisation.api", "api", "organisation")
COLUMNS = (
    "ref", "version", "status", "kind", "name", "acronym", "language", "country", "grouping", "website", "about",
    "iati_identifier",
)  # fmt: skip
OrganisationGiven = given_of("Organisation", Organisation, COLUMNS, url=(str, ...), names=(dict[str, str], {}))
Organisations = page_of("Organisations", OrganisationGiven)
KIND = Parameter("kind", "Kinds of organisation.", lambda: list(KINDS))


@reads(
    "/organisations", Permission.PUBLIC_READ, LIST, Organisations, "Organisations", query=(WORDS, KIND, COUNTRY),
    is_list=True,
)  # fmt: skip
def organisations(tx: Tx) -> Answer:
    """The list, narrowed as on its page."""
    return list_of(tx, "organisations", wanted_organisations(tx, chosen()), Organisation, shown)


@reads("/organisations/<ref>", Permission.PUBLIC_READ, ONE, OrganisationGiven, "One organisation")
def organisation(tx: Tx, ref: str) -> Answer:
    """One organisation."""
    here: Organisation = found(readable_organisation(tx, actor(), ref))
    return record(shown(here), here.version)


def shown(organisation: Organisation) -> dict[str, Any]:
    """An organisation as everybody sees it."""
    values: dict[str, Any] = {name: getattr(organisation, name) for name in COLUMNS}
    names = {str(code): str(name) for code, name in (organisation.names or {}).items()}
    url = absolute("organisations.page", ref=organisation.ref)
    return shown_as(OrganisationGiven, {**values, "names": names, "url": url})
