"""The pages of limits: those of a country, setting one, amending it, and ending it."""

from __future__ import annotations

from typing import Any

from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.permissions import Permission, allowed, require
from app.foundation.sending import send_once
from app.foundation.web import (
    actor,
    blueprint,
    current_language,
    found,
    gettext,
    now,
    reading,
    render,
    request,
    route,
    see,
    sent_before,
    url_for,
)
from app.foundation.wording.two_texts import differences
from app.foundation.wording.versions import StaleVersion
from app.needs.limits import queries, rules, service
from app.needs.limits.forms import EndLimitForm, LimitForm, setting_for, values_of
from app.needs.limits.models import Limit
from app.needs.limits.service import LimitRefused
from app.reference.countries import countries

bp = blueprint("limits", "/limits")

LIST = surface("limit.list", "list", "limit")
PAGE = surface("limit.page", "page", "limit")
FORM = surface("limit.form", "page", "limit")


@bp.app_template_global("limit_headline")
def limit_headline(limit: Limit) -> Any:
    """What a limit says, in a few words."""
    return rules.headline(limit.measure, limit.most)


@bp.app_template_global("limit_status")
def limit_status(limit: Limit) -> tuple[Any, str]:
    """Where a limit stands, and the colour of its tag."""
    return rules.STATUS_NAMES[limit.status]


@route(bp, "", Permission.PUBLIC_READ, surface=LIST)
def index() -> Any:
    """The limits that the reader may see, of every country or of one."""
    asked = request.args.get("country", "").upper()
    country = asked if asked in countries() else ""
    with reading() as tx:
        return render(
            "limits/index.html",
            page=queries.list_limits(tx, actor(), country, request.args.get("page")),
            country=country,
            countries={*queries.countries_with_limits(tx, actor()), *([country] if country else [])},
            address=lambda number: url_for(
                "limits.index", country=country or None, page=number if number > 1 else None
            ),
        )


@route(bp, "/new", Permission.LIMIT_SET, surface=FORM, methods=("GET", "POST"))
def new() -> Any:
    """Set a limit."""
    first = setting_for(actor())[0].organisation_ref
    beginning = {"organisation": first, "language": current_language(), "starts_on": now().date()}
    form = LimitForm(reader=actor(), spoken=current_language(), **beginning)
    if form.is_posted and (already := sent_before(form)):
        return already
    if form.is_sound():

        def write(tx: Tx) -> str:
            limit = service.set_limit(tx, actor(), form.organisation_id, form.draft(), now())
            return url_for("limits.page", ref=limit.ref)

        try:
            return send_once(form, write, gettext("The limit is set. Donors see it when they plan."))
        except LimitRefused as refused:
            form.mark(refused.problems)
    return render("limits/form.html", 422 if form.is_posted else 200, form=form, limit=None)


@route(bp, "/<ref>", Permission.PUBLIC_READ, surface=PAGE)
def page(ref: str) -> Any:
    """One limit."""
    with reading() as tx:
        limit = found(queries.find_limit(tx, actor(), ref))
        may_amend = allowed(actor(), Permission.LIMIT_SET, now(), limit) and limit.status == "standing"
        return render("limits/page.html", limit=limit, may_amend=may_amend, readers=rules.DISCLOSURE_NAMES)


@route(bp, "/<ref>/amend", Permission.LIMIT_SET, surface=FORM, methods=("GET", "POST"))
def amend(ref: str) -> Any:
    """Let a limit say something else; whoever saves second is shown both texts."""
    with reading() as tx:
        limit = _own(tx, ref)
        form = LimitForm(reader=actor(), spoken=current_language(), **values_of(limit))
        if form.is_posted and (already := sent_before(form)):
            return already
        if not form.is_sound():
            return render("limits/form.html", 422 if form.is_posted else 200, form=form, limit=limit)

    def write(tx: Tx) -> str:
        changed = service.amend_limit(tx, actor(), _own(tx, ref), form.draft(), form.opened_version, now())
        return url_for("limits.page", ref=changed.ref)

    try:
        return send_once(form, write, gettext("The limit is amended."))
    except StaleVersion:
        return _both(form, ref)
    except LimitRefused as refused:
        form.mark(refused.problems)
        return _again(form, ref, 422)
    except rules.MoveRefused:
        return _ended_before(ref)


@route(bp, "/<ref>/end", Permission.LIMIT_SET, surface=FORM, methods=("GET", "POST"))
def end(ref: str) -> Any:
    """End a limit, with a reason."""
    form = EndLimitForm()
    with reading() as tx:
        limit = _own(tx, ref)
        if form.is_posted and (already := sent_before(form)):
            return already
        if not form.is_sound():
            return render("limits/end.html", 422 if form.is_posted else 200, form=form, limit=limit)

    def write(tx: Tx) -> str:
        service.end_limit(tx, actor(), _own(tx, ref), form.reason.data, now())
        return url_for("limits.page", ref=limit.ref)

    try:
        return send_once(form, write, gettext("The limit is ended."))
    except rules.MoveRefused:
        return _ended_before(ref)


def _own(tx: Tx, ref: str) -> Limit:
    limit: Limit = found(queries.find_limit(tx, actor(), ref))
    require(actor(), Permission.LIMIT_SET, now(), limit)
    return limit


def _again(form: LimitForm, ref: str, status: int, **more: Any) -> Any:
    with reading() as tx:
        return render("limits/form.html", status, form=form, limit=_own(tx, ref), **more)


def _both(form: LimitForm, ref: str) -> Any:
    with reading() as tx:
        theirs = values_of(_own(tx, ref))
    form.version.data = theirs["version"]
    return _again(form, ref, 409, differences=differences(form, theirs))


def _ended_before(ref: str) -> Any:
    return see("limits.page", gettext("This limit has ended already."), "info", ref=ref)
