"""The open data: files that hold what anybody may see, whoever asks, and the page that lists them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO

from app.exchange.iati_out import shelf
from app.exchange.iati_out.activity import Frame
from app.exchange.iati_out.fingerprint import fingerprint
from app.exchange.iati_out.places import ODA_HINT
from app.exchange.iati_out.publishers import all_organisations, publishers
from app.exchange.iati_out.serving import kept_file
from app.exchange.iati_out.writing import Scope, write_activities, write_organisations
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.paging import Page, page_number
from app.foundation.permissions import ANONYMOUS, Permission
from app.foundation.web import (
    blueprint,
    current_language,
    found,
    now,
    reading,
    redirect,
    render,
    request,
    route,
    site,
    url_for,
)
from app.organisations.models import Organisation
from app.organisations.queries import merged_into, readable_organisation
from app.organisations.rules import flat
from app.programmes.queries import find_programme
from app.reference.themes import theme_name, themes

bp = blueprint("open_data")

PAGE = surface("open_data.page", "page", "programme", "pledge", "need")
ACTIVITIES = surface("open_data.activities", "export", "programme", "pledge", "need", "output")
ORGANISATIONS = surface("open_data.organisations", "export", "programme")
SIZE = 25
LONGEST_NAME = 60
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
WHOLE, EVERY_ORGANISATION = "activities", "organisations"


@route(bp, "/open-data", Permission.PUBLIC_READ, PAGE)
def index() -> Any:
    """Which files there are, how large, since when, and under which licence."""
    wanted = request.args.get("q", "").strip()[:LONGEST_NAME]
    with reading() as tx:
        known = [one for one in publishers(tx) if flat(wanted) in flat(_called(one.organisation))]
        number = page_number(request.args.get("page"), len(known), SIZE)
        shown = known[(number - 1) * SIZE : number * SIZE]
        return render(
            "open_data/index.html",
            page=Page(shown, number, len(known), SIZE),
            wanted=wanted,
            url_for_page=lambda n: url_for("open_data.index", q=wanted or None, page=n, _anchor="each"),
            is_open=bool(wanted or request.args.get("page")),
            oda_hint=ODA_HINT,
            licence=LICENCE,
            themes=[[code, theme_name(code, current_language()), purpose] for code, purpose in _purposes()],
            notes={name: shelf.last_note(site().settings.data_dir, name) for name in _names(shown)},
        )


def _called(one: Organisation) -> str:
    return " ".join([one.name, one.acronym, *map(str, (one.names or {}).values())])


def _purposes() -> list[tuple[str, str]]:
    return [(code, entry.more["purpose_code"]) for code, entry in themes().items()]


def _names(shown: list[Any]) -> list[str]:
    return [WHOLE, EVERY_ORGANISATION, "3w-csv", *(f"{one.organisation.ref}-activities" for one in shown)]


@route(bp, "/iati/activities.xml", Permission.PUBLIC_READ, ACTIVITIES)
def activities() -> Any:
    """Everything that anybody may see, as one file."""
    return _file(WHOLE, lambda tx, target: write_activities(tx, Scope(), target, frame()))


@route(bp, "/iati/organisations.xml", Permission.PUBLIC_READ, ORGANISATIONS)
def organisations() -> Any:
    """Every organisation that is listed, as one file."""
    return _file(EVERY_ORGANISATION, lambda tx, target: write_organisations(tx, all_organisations(tx), target, frame()))


@route(bp, "/organisations/<ref>/iati-activities.xml", Permission.PUBLIC_READ, ACTIVITIES)
def of_organisation(ref: str) -> Any:
    """The programmes, pledges and needs of one organisation."""
    owner = _organisation(ref)
    if owner.ref != ref:
        return redirect(url_for("open_data.of_organisation", ref=owner.ref), code=301)
    scope = Scope(organisation_id=owner.id)
    return _file(f"{owner.ref}-activities", lambda tx, target: write_activities(tx, scope, target, frame()))


@route(bp, "/organisations/<ref>/iati-organisation.xml", Permission.PUBLIC_READ, ORGANISATIONS)
def organisation(ref: str) -> Any:
    """One organisation: its names, and what it sets aside in each year."""
    owner = _organisation(ref)
    if owner.ref != ref:
        return redirect(url_for("open_data.organisation", ref=owner.ref), code=301)
    return _file(f"{owner.ref}-organisation", lambda tx, target: write_organisations(tx, [owner], target, frame()))


@route(bp, "/programmes/<ref>/iati.xml", Permission.PUBLIC_READ, ACTIVITIES)
def programme(ref: str) -> Any:
    """One programme, with the pledges that are paid from it."""
    with reading() as tx:
        its = found(find_programme(tx, ANONYMOUS, ref)).ref
    return _file(its, lambda tx, target: write_activities(tx, Scope(programme_ref=its), target, frame()))


def _organisation(ref: str) -> Organisation:
    with reading() as tx:
        whole = merged_into(tx, ref)
        owner: Organisation = found(readable_organisation(tx, ANONYMOUS, whole.ref if whole else ref))
        return owner


def frame() -> Frame:
    """What holds for every file that is written now."""
    return Frame(now(), f"{site().settings.public_url}/open-data")


def _file(name: str, make: Callable[[Tx, BinaryIO], int]) -> Any:
    """A file as it has to be now; 304 for whoever has it already, 404 where there is nothing to tell."""
    with reading() as tx:
        mark = fingerprint(tx, now().date(), frame().lists)
        return kept_file(tx, name, mark, make, "application/xml", f"{name}.xml")
