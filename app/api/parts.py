"""The parts that many answers share: whose a record is, where its page is, when it was changed, and the filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import Field as Said
from pydantic import create_model

from app.api.answers import absolute
from app.api.operations import Parameter
from app.api.shapes import Given, many
from app.foundation.confirming import CONFIRMED
from app.reference.codelists import codelist
from app.reference.countries import countries
from app.reference.themes import themes


class Whose(Given):
    """An organisation, in a few words. Its country is an ISO 3166-1 alpha-2 code."""

    ref: str
    name: str
    kind: str
    country: str | None
    url: str


class Text(Given):
    """A sentence for people, in the language that was asked for."""

    text: str


HEAD: Mapping[str, Any] = {
    "ref": (str, ...),
    "url": (str, Said(description="Where its page is.")),
    "version": (int, Said(description="Moves with every change; part of the ETag.")),
    "status": (str, ...),
    "organisation": (Whose, ...),
    "posted_at": (datetime | None, None),
    "changed_at": (datetime, ...),
}
"""What stands in every record."""
TIERS: Mapping[str, Any] = {
    "disclosure": (str, Said(description="Who may see it: public, members, named or own.")),
    "restricted_fields": (list[str], Said(default=[], description="Fields that are kept for members.")),
}


def head(record: Any, url: str, **more: Any) -> dict[str, Any]:
    """The part of an answer that every record has."""
    return {
        "ref": record.ref,
        "url": url,
        "version": record.version,
        "status": record.status,
        "organisation": whose(record.organisation),
        "posted_at": getattr(record, "posted_at", None),
        "changed_at": record.changed_at,
        **more,
    }


def whose(organisation: Any) -> dict[str, Any]:
    """An organisation in a few words."""
    url = absolute("organisations.page", ref=organisation.ref)
    return {
        "ref": organisation.ref, "name": organisation.name, "kind": organisation.kind,
        "country": organisation.country, "url": url,
    }  # fmt: skip


def page_of(name: str, item: type[Given]) -> Any:
    """A page of a list of such records."""
    following = (str | None, Said(description="The address of the next page; none on the last one."))
    shown: dict[str, Any] = {"items": (many(item), ...), "next": following}
    return create_model(name, __base__=Given, __doc__="A page of a list.", **shown)


def rows_in(state: Mapping[str, Any], name: str, parts: Sequence[str]) -> list[dict[str, Any]]:
    """The rows of a snapshot with these parts alone."""
    return [{part: row[part] for part in parts if part in row} for row in state[name]]


WORDS = Parameter("q", "Words that have to stand in the title.", many=False)
THEME = Parameter("theme", "Themes, by the codes of /codes/themes; any of them.", lambda: list(themes()))
COUNTRY = Parameter("country", "Countries, by ISO 3166-1 alpha-2 code; any of them.", lambda: list(countries()))
KIND = Parameter(
    "kind", "Kinds of assistance, by the codes of /codes/kinds.", lambda: list(codelist("assistance_kinds"))
)
STILL = Parameter("confirmed", "yes: only what its author has confirmed in time.", lambda: list(CONFIRMED))
LANGUAGE = Parameter("language", "ISO 639-1 codes of languages; any of them.", pattern="^[a-z]{2,3}$")
