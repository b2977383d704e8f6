"""Where the files are linked: on the page of an organisation and of a programme, for people and for programs."""

from __future__ import annotations

from app.exchange.iati_out.publishers import has_something
from app.foundation.disclosure import surface
from app.foundation.permissions import ANONYMOUS, Actor
from app.foundation.web import reading, render_part
from app.organisations.queries import readable_organisation
from app.programmes.queries import find_programme

surface("open_data.panel", "panel", "programme", "pledge", "need")


def files_of_organisation(_reader: Actor, ref: str) -> str:
    """The two files of an organisation."""
    return _of_organisation("open_data/_organisation.html", ref)


def head_of_organisation(_reader: Actor, ref: str) -> str:
    """The same for programs."""
    return _of_organisation("open_data/_organisation_head.html", ref)


def _of_organisation(template: str, ref: str) -> str:
    with reading() as tx:
        owner = readable_organisation(tx, ANONYMOUS, ref)
        if owner is None:
            return ""
        return render_part(template, owner=owner, has_activities=has_something(tx, owner.id))


def file_of_programme(_reader: Actor, ref: str) -> str:
    """The file of a programme that anybody may see."""
    return _of_programme("open_data/_programme.html", ref)


def head_of_programme(_reader: Actor, ref: str) -> str:
    """The same for programs."""
    return _of_programme("open_data/_programme_head.html", ref)


def _of_programme(template: str, ref: str) -> str:
    with reading() as tx:
        programme = find_programme(tx, ANONYMOUS, ref)
        return "" if programme is None else render_part(template, programme=programme)
