"""The data in the head of public pages; pages of what a stranger may not see have none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.exchange.structured.words import (
    VOCABULARY,
    Data,
    dataset_data,
    lesson_data,
    need_data,
    organisation_data,
    output_data,
    programme_data,
)
from app.foundation.disclosure import find_readable, surface
from app.foundation.permissions import ANONYMOUS, Actor
from app.foundation.web import reading, render_part, site, url_for
from app.organisations.queries import readable_organisation
from app.search.documents import MODELS

surface("structured.panel", "panel", "need", "programme", "lesson", "output")

Make = Callable[[Any, str], Data]
MADE: dict[str, Make] = {
    "need": need_data, "programme": programme_data, "lesson": lesson_data, "output": output_data,
}  # fmt: skip


def head_of(kind: str) -> Callable[[Actor, str], str]:
    """What stands in the head of the page of a record of this kind."""

    def provider(_reader: Actor, ref: str) -> str:
        model = MODELS[kind]
        with reading() as tx:
            record = find_readable(tx, ANONYMOUS, model, ref)
            if record is None or not record.is_published:
                return ""
            return drawn(MADE[kind](record, site().settings.public_url))

    provider.__name__ = f"structured_{kind}"
    return provider


def head_of_organisation(_reader: Actor, ref: str) -> str:
    """What stands in the head of the page of an organisation that is listed."""
    with reading() as tx:
        owner = readable_organisation(tx, ANONYMOUS, ref)
        return "" if owner is None else drawn(organisation_data(owner, site().settings.public_url))


def head_of_country(_reader: Actor, code: str) -> str:
    """The open data of a country."""
    files = [
        ("Who does what where (HXL)", "text/csv", url_for("three_w.country", iso2=code, ending="csv")),
        ("What is new (Atom)", "application/atom+xml", url_for("feeds.country", iso2=code)),
    ]
    return drawn(dataset_data(site().settings.public_url, files, code))


def head_of_open_data(_reader: Actor, _ref: str) -> str:
    """All of the open data."""
    files = [
        ("Activities (IATI 2.03)", "application/xml", url_for("open_data.activities")),
        ("Organisations (IATI 2.03)", "application/xml", url_for("open_data.organisations")),
        ("Who does what where (HXL)", "text/csv", url_for("three_w.everything", ending="csv")),
        ("What is new (Atom)", "application/atom+xml", url_for("feeds.search")),
    ]
    return drawn(dataset_data(site().settings.public_url, files))


def drawn(data: Data) -> str:
    """The data as a part of a page."""
    return render_part("open_data/_structured.html", data={"@context": VOCABULARY} | data)
