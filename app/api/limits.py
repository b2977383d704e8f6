"""Limits of absorption for programs: read, set, amended and ended, as on their pages."""

from __future__ import annotations

from typing import Any

from pydantic import Field as Said

from app.api.answers import Answer, absolute, record
from app.api.bodies import filled
from app.api.lists import list_of
from app.api.needs import NO_TOKEN
from app.api.operations import reads, seen_version, writes
from app.api.parts import COUNTRY, HEAD, head, page_of
from app.api.shapes import given_of, shown_as, taken_by
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.permissions import Permission, Refused, require
from app.foundation.web import actor, current_language, found, now, request
from app.needs.limits import queries, rules, service
from app.needs.limits.forms import EndLimitForm, LimitForm, setting_for, values_of
from app.needs.limits.models import Limit

LIST = surface("limit.api_list", "api", "limit")
ONE = surface("limit.api", "api", "limit")
COLUMNS = (
    "country", "measure", "most", "theme", "kind", "beneficiary_unit", "starts_on", "ends_on", "language", "reason",
    "status_reason",
)  # fmt: skip
LimitGiven = given_of(
    "Limit", Limit, COLUMNS, **HEAD,
    disclosure=(str, Said(description="Who may see it: public, members or own.")),
    is_in_force=(bool, Said(description="It stands, and today is one of its days.")),
)  # fmt: skip
Limits = page_of("Limits", LimitGiven)
LimitTaken = taken_by("LimitSet", LimitForm)
LimitChanged = taken_by("LimitAmended", LimitForm, leave_out=("organisation",), changes=True)
LimitEnd = taken_by("LimitEnded", EndLimitForm)


@reads(
    "/limits", Permission.PUBLIC_READ, LIST, Limits, "Limits of absorption that you may see", query=(COUNTRY,),
    is_list=True,
)  # fmt: skip
def limits(tx: Tx) -> Answer:
    """The limits of every country or of some, those that were ended too, as on their page."""
    query = queries.wanted_limits(actor(), request.args.getlist("country"))
    return list_of(tx, "limits", query, Limit, shown)


@reads("/limits/<ref>", Permission.PUBLIC_READ, ONE, LimitGiven, "One limit of absorption")
def limit(tx: Tx, ref: str) -> Answer:
    """One limit."""
    return _answer(tx, _here(tx, ref))


@writes(
    "POST", "/limits", Permission.LIMIT_SET, ONE, LimitGiven, "Set a limit of absorption", takes=LimitTaken,
    status=201, version="no",
)  # fmt: skip
def set_limit(tx: Tx, body: Any) -> Answer:
    """Say what one's State can take in at most, in its own country."""
    places = setting_for(actor())
    if not places:
        raise Refused(Permission.LIMIT_SET.value)
    opened = {
        "organisation": places[0].organisation_ref, "language": current_language(), "starts_on": now().date(),
    }  # fmt: skip
    form = filled(lambda typed: _form(typed, opened), body)
    return _answer(tx, service.set_limit(tx, actor(), form.organisation_id, form.draft(), now()), 201)


@writes(
    "PATCH", "/limits/<ref>", Permission.LIMIT_SET, ONE, LimitGiven, "Amend a limit of absorption",
    takes=LimitChanged, version="required",
)  # fmt: skip
def amend_limit(tx: Tx, body: Any, ref: str) -> Answer:
    """Let a limit say something else; what is not said stays as it is."""
    before = _own(tx, ref)
    version = seen_version(before, "required")
    form = filled(lambda typed: _form(typed, values_of(before)), body)
    return _answer(tx, service.amend_limit(tx, actor(), before, form.draft(), version, now()))


@writes("POST", "/limits/<ref>/end", Permission.LIMIT_SET, ONE, LimitGiven, "End a limit of absorption", takes=LimitEnd)
def end_limit(tx: Tx, body: Any, ref: str) -> Answer:
    """The limit holds no longer, with the reason that readers see."""
    mine = _own(tx, ref)
    form = filled(lambda typed: EndLimitForm(formdata=typed, meta=NO_TOKEN), body)
    seen_version(mine)
    service.end_limit(tx, actor(), mine, form.reason.data, now())
    return _answer(tx, mine)


def _here(tx: Tx, ref: str) -> Limit:
    limit: Limit = found(queries.find_limit(tx, actor(), ref))
    return limit


def _own(tx: Tx, ref: str) -> Limit:
    limit = _here(tx, ref)
    require(actor(), Permission.LIMIT_SET, now(), limit)
    return limit


def _form(typed: Any, opened: Any) -> LimitForm:
    return LimitForm(reader=actor(), spoken=current_language(), data=dict(opened), formdata=typed, meta=NO_TOKEN)


def _answer(tx: Tx, limit: Limit, status: int = 200) -> Answer:
    tx.flush()
    location = absolute("api.limit", ref=limit.ref) if status == 201 else ""  # noqa: PLR2004 - made just now
    return record(shown(limit), limit.version, status, location)


def shown(limit: Limit) -> dict[str, Any]:
    """A limit as its readers see it."""
    values = {name: getattr(limit, name) for name in COLUMNS}
    today = now().date()
    more = {
        "disclosure": limit.disclosure,
        "is_in_force": rules.is_in_force(limit.status, limit.starts_on, limit.ends_on, today),
    }
    return shown_as(LimitGiven, values | head(limit, absolute("limits.page", ref=limit.ref), **more))
