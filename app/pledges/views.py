"""The pages of pledges: making one against a need, its page, and what either side may do with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from app.foundation import disclosure
from app.foundation.db import Tx
from app.foundation.languages import say
from app.foundation.messages import Message
from app.foundation.permissions import Permission, require
from app.foundation.sending import keep_typed, resumed, send_once
from app.foundation.web import (
    NOTHING,
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
    site,
    url_for,
)
from app.needs.queries import find_need
from app.needs.rules import OPEN
from app.pledges import deliveries, rules, service
from app.pledges.beside import Beside, are_sound, beside, keep_answers
from app.pledges.forms import AcceptForm, DeliveryForm, PledgeForm, ReasonForm, giving_for, line_name, what_is_open
from app.pledges.models import Pledge
from app.pledges.queries import coverage_shown, find_contribution, find_pledge, programmes_of
from app.pledges.showing import ACTIONS, excess_words, learned, ledger_of, pledge_seen

bp = blueprint("pledges")
FORM = disclosure.surface("pledge.form", "page", "need", "pledge", "programme", "lesson")
PAGE = disclosure.surface("pledge.page", "page", "pledge", "need", "programme")


@route(bp, "/needs/<need_ref>/pledge", Permission.PLEDGE_MAKE, FORM, ("GET", "POST"))
def new(need_ref: str) -> Any:
    """Pledge for a need."""
    with reading() as tx:
        form = _pledge_form(tx, need_ref)
        if form.is_posted and (already := sent_before(form)):
            return already
        asked = beside(tx, actor(), found(find_need(tx, actor(), need_ref)), request.form)
        if not (form.is_sound() and are_sound(asked)):
            return _new_page(tx, need_ref, form, asked)

    def write(tx: Tx) -> str:
        need = found(find_need(tx, actor(), need_ref))
        pledge = service.make_pledge(tx, actor(), form.organisation_id, need, form.draft(), now())
        keep_answers(tx, actor(), pledge, asked, now())
        return url_for("pledges.page", ref=pledge.ref)

    try:
        return send_once(form, write, gettext("Your pledge is recorded, and the recipient will be told."))
    except service.PledgeRefused as refused:
        form[refused.field].errors = [*form[refused.field].errors, _say(refused.reason)]
    except rules.ExcessRefused:
        form.lines.errors = [*form.lines.errors, gettext("That is more than is open. Pledge what is open.")]
    with reading() as tx:
        return _new_page(tx, need_ref, form, asked)


def _pledge_form(tx: Tx, need_ref: str) -> PledgeForm:
    need = found(find_need(tx, actor(), need_ref))
    places = giving_for(actor())
    opened: dict[str, Any] = {"lines": what_is_open(need, coverage_shown(tx, actor(), need))}
    if places:
        opened["organisation"] = places[0].organisation_ref
    programmes = programmes_of(tx, actor(), [place.organisation_id for place in places])
    return PledgeForm(
        reader=actor(), need=need, programmes=programmes, spoken=current_language(), data=opened,
        programme=request.args.get("programme", ""), **resumed(tx),
    )  # fmt: skip


def _new_page(tx: Tx, need_ref: str, form: PledgeForm, asked: Sequence[Beside]) -> Any:
    need = found(find_need(tx, actor(), need_ref))
    return render(
        "pledges/form.html",
        422 if form.is_posted else 200,
        form=form,
        ledger=ledger_of(tx, actor(), need),
        is_open=need.status in OPEN,
        alike=learned(tx, actor(), need),
        asked=asked,
        rules=rules,
    )


@route(bp, "/needs/<need_ref>/pledge/draft", Permission.PLEDGE_MAKE, NOTHING, ("POST",))
def save_draft(need_ref: str) -> Any:
    """Keep what has been typed so far."""
    return keep_typed("pledge", need_ref, lambda tx: found(find_need(tx, actor(), need_ref)))


@route(bp, "/pledges/<ref>", Permission.PUBLIC_READ, PAGE)
def page(ref: str) -> Any:
    """One pledge."""
    with reading() as tx:
        return _page(tx, found(find_pledge(tx, actor(), ref)))


def _page(tx: Tx, pledge: Pledge, status: int = 200, **sent: Any) -> Any:
    forms = {
        "accept_form": AcceptForm(prefix="accept-", formdata=None),
        "decline_form": ReasonForm(prefix="decline-", formdata=None),
        "withdraw_form": ReasonForm(prefix="withdraw-", formdata=None),
        "delivery_form": None if "delivery_form" in sent else _delivery_form(tx, pledge, formdata=None),
    }
    seen = pledge_seen(tx, actor(), pledge)
    return render("pledges/page.html", status, seen=seen, rules=rules, ACTIONS=ACTIONS, **{**forms, **sent})


def _delivery_form(tx: Tx, pledge: Pledge, **kwargs: Any) -> DeliveryForm:
    rows = pledge_seen(tx, actor(), pledge).rows
    names = {row.line.id: line_name(row.line, row.need_line, current_language()) for row in rows}
    return DeliveryForm(prefix="delivery-", pledge=pledge, names=names, **kwargs)


@route(bp, "/pledges/<ref>/accept", Permission.PLEDGE_ANSWER, PAGE, ("POST",))
def accept(ref: str) -> Any:
    """The recipient accepts."""
    form = AcceptForm(prefix="accept-")
    if not form.is_sound():
        return _again(ref, Permission.PLEDGE_ANSWER, accept_form=form)
    try:
        return _act(
            ref,
            lambda tx, pledge: service.accept_pledge(tx, actor(), pledge, now(), form.reason.data or ""),
            gettext("You have accepted this pledge. It covers its lines from now on."),
        )
    except rules.ExcessRefused as refused:
        with reading() as tx:
            pledge = found(find_pledge(tx, actor(), ref))
            need = found(find_need(tx, actor(), pledge.need_ref))
            words = excess_words(need, refused.excess, current_language())
            text = gettext("This is more than you asked for (%(lines)s). Say why you take it anyway.", lines=words)
            form.reason.errors = [text]
            return _page(tx, pledge, 422, accept_form=form)


@route(bp, "/pledges/<ref>/decline", Permission.PLEDGE_ANSWER, PAGE, ("POST",))
def decline(ref: str) -> Any:
    """The recipient declines."""
    form = ReasonForm(prefix="decline-")
    if not form.is_sound():
        return _again(ref, Permission.PLEDGE_ANSWER, decline_form=form)
    return _act(
        ref,
        lambda tx, pledge: service.decline_pledge(tx, actor(), pledge, form.reason.data, now()),
        gettext("You have declined this pledge, and the donor will be told why."),
    )


@route(bp, "/pledges/<ref>/withdraw", Permission.PLEDGE_CHANGE, PAGE, ("POST",))
def withdraw(ref: str) -> Any:
    """The donor withdraws."""
    form = ReasonForm(prefix="withdraw-")
    if not form.is_sound():
        return _again(ref, Permission.PLEDGE_CHANGE, withdraw_form=form)
    return _act(
        ref,
        lambda tx, pledge: service.withdraw_pledge(tx, actor(), pledge, form.reason.data, now()),
        gettext("You have withdrawn this pledge. What was not delivered is open again."),
    )


@route(bp, "/pledges/<ref>/move", Permission.PLEDGE_CHANGE, PAGE, ("POST",))
def move(ref: str) -> Any:
    """The donor moves the pledge one step on."""
    to = request.form.get("to", "")
    return _act(
        ref,
        lambda tx, pledge: service.move_pledge(tx, actor(), pledge, to, now()),
        gettext("The pledge has moved on, and the recipient will be told."),
    )


@route(bp, "/pledges/<ref>/contribute", Permission.DESK_READ, PAGE, ("POST",))
def contribute(ref: str) -> Any:
    """Either side records a delivery."""
    with reading() as tx:
        pledge = found(find_pledge(tx, actor(), ref))
        form = _delivery_form(tx, pledge)
        if already := sent_before(form):
            return already
        if not form.is_sound():
            return _page(tx, pledge, 422, delivery_form=form)

    def write(tx: Tx) -> str:
        current = found(find_pledge(tx, actor(), ref))
        deliveries.record_contribution(tx, actor(), current, form.draft(), now())
        return url_for("pledges.page", ref=ref)

    try:
        return send_once(form, write, gettext("The delivery is recorded; the other side will be asked to confirm it."))
    except service.PledgeRefused as refused:
        form[refused.field].errors = [*form[refused.field].errors, _say(refused.reason)]
        return _again(ref, Permission.DESK_READ, delivery_form=form)
    except rules.MoveRefused as refused:
        return see("pledges.page", _say(refused.reason), "warning", ref=ref)


@route(bp, "/pledges/<ref>/confirm", Permission.DESK_READ, PAGE, ("POST",))
def confirm(ref: str) -> Any:
    """The other side confirms a delivery."""

    def change(tx: Tx, pledge: Pledge) -> None:
        part = found(find_contribution(tx, pledge, request.form.get("contribution", "")))
        deliveries.confirm_contribution(tx, actor(), pledge, part, now())

    return _act(ref, change, gettext("You have confirmed the delivery. It counts from now on."))


def _act(ref: str, change: Callable[[Tx, Pledge], None], done: str) -> Any:
    """Change a pledge, or say why it cannot be; sent twice, the second time changes nothing."""
    try:
        with site().database.transaction() as tx:
            change(tx, found(find_pledge(tx, actor(), ref)))
    except rules.MoveRefused as refused:
        return see("pledges.page", _say(refused.reason), "warning", ref=ref)
    return see("pledges.page", done, ref=ref)


def _again(ref: str, permission: Permission, **forms: Any) -> Any:
    """The page of the pledge with the form as it was sent, for somebody who may send it."""
    with reading() as tx:
        pledge = found(find_pledge(tx, actor(), ref))
        require(actor(), permission, now(), pledge)
        return _page(tx, pledge, 422, **forms)


def _say(message: Message) -> str:
    return say(message, current_language())
