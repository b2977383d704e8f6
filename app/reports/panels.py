"""Reports on other pages: on that of a need, of a country, of a grouping, and of what is pledged."""

from __future__ import annotations

from app.foundation.disclosure import surface
from app.foundation.permissions import ROLES_THAT_EDIT, Actor
from app.foundation.web import reading, render_part
from app.reports.regional.queries import list_regional
from app.reports.regional.rules import STATUS_NAMES
from app.reports.rules import DONOR, STATE, kinds_of

surface("report.grouping.panel", "panel", "regional_report")


def note_on_need(_reader: Actor, ref: str) -> str:
    """The need as a note verbale."""
    return render_part("reports/_on_need.html", ref=ref)


def account_on_country(reader: Actor, iso2: str) -> str:
    """The account of a State, for those who write for one of its authorities."""
    mine = next((one for one in reader.of_kind("state") if one.country == iso2), None)
    return render_part("reports/_on_country.html", place=mine, kind=STATE) if mine else ""


def portfolio_on_pledges(reader: Actor, _side: str) -> str:
    """The portfolio of an organisation that gives, for those who write for it."""
    here = (one for one in reader.memberships if one.is_verified and one.role in ROLES_THAT_EDIT)
    mine = next((one for one in here if DONOR in kinds_of(one.organisation_kind)), None)
    return render_part("reports/_on_pledges.html", place=mine, kind=DONOR) if mine else ""


def reports_of_grouping(reader: Actor, grouping: str) -> str:
    """The reports of a region; its desk may begin one."""
    with reading() as tx:
        reports = list_regional(tx, reader, grouping)
        writes = any(one.grouping == grouping for one in reader.of_kind("regional"))
        if not (reports or writes):
            return ""
        return render_part("reports/_on_grouping.html", reports=reports, writes=writes, statuses=STATUS_NAMES)
