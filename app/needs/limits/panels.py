"""The limits of a State on the page of its organisation, and those of a country on the page of the country."""

from __future__ import annotations

from datetime import date

from app.foundation.disclosure import surface
from app.foundation.permissions import Actor
from app.foundation.web import now, reading, render_part
from app.needs.limits.forms import setting_for
from app.needs.limits.queries import limits_of, standing_limits
from app.organisations.queries import readable_organisation

surface("limits.panel", "panel", "limit")


def limits_of_organisation(reader: Actor, ref: str) -> str:
    """What a State's organisation has limited; how to set a limit, for its own people."""
    with reading() as tx:
        organisation = readable_organisation(tx, reader, ref)
        if organisation is None or organisation.kind != "state":
            return ""
        limits = limits_of(tx, reader, organisation.id)
        may_set = any(m.organisation_ref == organisation.ref for m in setting_for(reader))
        country = organisation.country
        return render_part("limits/_panel.html", limits=limits, may_set=may_set, country=country, with_owner=False)


def limits_in_country(reader: Actor, iso2: str) -> str:
    """What is limited in a country from today on."""
    with reading() as tx:
        limits = standing_limits(tx, reader, now().date(), date.max, [iso2])
        may_set = any(m.country == iso2 for m in setting_for(reader))
        return render_part("limits/_panel.html", limits=limits, may_set=may_set, country=iso2, with_owner=True)
