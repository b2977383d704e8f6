"""What either side does with a pledge on its page: accept, decline, withdraw, move on; record and confirm deliveries.

Every form carries a key, so that the same one sent twice does what it does once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.foundation.db import Tx
from app.foundation.drafts import already_done, note_done
from app.foundation.languages import say
from app.foundation.messages import Message
from app.foundation.permissions import Permission, require
from app.foundation.sending import LONGEST_KEY, send_once
from app.foundation.web import (
    actor,
    current_language,
    found,
    gettext,
    now,
    reading,
    request,
    route,
    see,
    sent_before,
    site,
    url_for,
)
from app.needs.queries import find_need
from app.pledges import deliveries, rules, service
from app.pledges.forms import AcceptForm, ConfirmForm, DeclineForm, ReasonForm
from app.pledges.models import Contribution, Pledge
from app.pledges.queries import find_contribution, find_pledge
from app.pledges.showing import excess_words
from app.pledges.surfaces import PAGE, bp
from app.pledges.views import delivery_form, draw

Change = Callable[[Tx, Pledge], None]


@route(bp, "/pledges/<ref>/accept", Permission.PLEDGE_ANSWER, PAGE, ("POST",))
def accept(ref: str) -> Any:
    """The recipient accepts."""
    form = AcceptForm(prefix="accept-")
    if not form.is_sound():
        return _again(ref, Permission.PLEDGE_ANSWER, accept_form=form)

    def change(tx: Tx, pledge: Pledge) -> None:
        service.accept_pledge(tx, actor(), pledge, now(), form.reason.data or "")

    try:
        return _act(ref, change, gettext("You have accepted this pledge. It covers its lines from now on."), form.key)
    except rules.ExcessRefused as refused:
        with reading() as tx:
            pledge = found(find_pledge(tx, actor(), ref))
            need = found(find_need(tx, actor(), pledge.need_ref))
            words = excess_words(need, refused.excess, current_language())
            text = gettext("This is more than you asked for (%(lines)s). Say why you take it anyway.", lines=words)
            form.reason.errors = [text]
            return draw(tx, pledge, 422, accept_form=form, is_too_much=True)


@route(bp, "/pledges/<ref>/decline", Permission.PLEDGE_ANSWER, PAGE, ("POST",))
def decline(ref: str) -> Any:
    """The recipient declines."""
    form = DeclineForm(prefix="decline-")
    if not form.is_sound():
        return _again(ref, Permission.PLEDGE_ANSWER, decline_form=form)

    def change(tx: Tx, pledge: Pledge) -> None:
        service.decline_pledge(tx, actor(), pledge, form.reason.data, now(), form.cause.data)

    return _act(ref, change, gettext("You have declined this pledge, and the donor will be told why."), form.key)


@route(bp, "/pledges/<ref>/withdraw", Permission.PLEDGE_CHANGE, PAGE, ("POST",))
def withdraw(ref: str) -> Any:
    """The donor withdraws."""
    form = ReasonForm(prefix="withdraw-")
    if not form.is_sound():
        return _again(ref, Permission.PLEDGE_CHANGE, withdraw_form=form)

    def change(tx: Tx, pledge: Pledge) -> None:
        service.withdraw_pledge(tx, actor(), pledge, form.reason.data, now())

    done = gettext("You have withdrawn this pledge. What was not delivered is open again.")
    return _act(ref, change, done, form.key)


@route(bp, "/pledges/<ref>/move", Permission.PLEDGE_CHANGE, PAGE, ("POST",))
def move(ref: str) -> Any:
    """The donor moves the pledge one step on."""
    to = request.form.get("to", "")

    def change(tx: Tx, pledge: Pledge) -> None:
        service.move_pledge(tx, actor(), pledge, to, now())

    return _act(ref, change, gettext("The pledge has moved on, and the recipient will be told."), _sent_key())


@route(bp, "/pledges/<ref>/contribute", Permission.DESK_READ, PAGE, ("POST",))
def contribute(ref: str) -> Any:
    """Either side records a delivery."""
    with reading() as tx:
        pledge = found(find_pledge(tx, actor(), ref))
        form = delivery_form(tx, pledge)
        if already := sent_before(form):
            return already
        if not form.is_sound():
            return draw(tx, pledge, 422, delivery_form=form)

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
    """The other side says how much arrived of a delivery."""
    form = ConfirmForm(prefix="confirm-")
    form.part = request.form.get("contribution", "")
    if not form.is_sound():
        return _again(ref, Permission.DESK_READ, confirm_form=form)

    def change(tx: Tx, pledge: Pledge) -> None:
        deliveries.confirm_contribution(tx, actor(), pledge, _part(tx, pledge), now(), form.much.data)

    try:
        return _act(ref, change, gettext("You have answered. What both sides confirm counts from now on."), form.key)
    except service.PledgeRefused as refused:
        form.much.errors = [*form.much.errors, _say(refused.reason)]
        return _again(ref, Permission.DESK_READ, confirm_form=form)


@route(bp, "/pledges/<ref>/agree", Permission.DESK_READ, PAGE, ("POST",))
def agree(ref: str) -> Any:
    """A side takes over the other side's figure of a delivery."""

    def change(tx: Tx, pledge: Pledge) -> None:
        deliveries.agree_on_contribution(tx, actor(), pledge, _part(tx, pledge), now())

    return _act(ref, change, gettext("Both sides now say the same of this delivery."), _sent_key())


def _part(tx: Tx, pledge: Pledge) -> Contribution:
    part: Contribution = found(find_contribution(tx, pledge, request.form.get("contribution", "")))
    return part


def _sent_key() -> str:
    return request.form.get("form_key", "")[:LONGEST_KEY]


def _act(ref: str, change: Change, done: str, key: str) -> Any:
    """Change a pledge once, however often the form with that key is sent, or say why it cannot be."""
    try:
        with site().database.transaction() as tx:
            pledge = found(find_pledge(tx, actor(), ref))
            if not key or already_done(tx, actor(), key) is None:
                change(tx, pledge)
                if key:
                    note_done(tx, actor(), key, url_for("pledges.page", ref=ref), now())
    except rules.MoveRefused as refused:
        return see("pledges.page", _say(refused.reason), "warning", ref=ref)
    return see("pledges.page", done, ref=ref)


def _again(ref: str, permission: Permission, **forms: Any) -> Any:
    """The page of the pledge with the form as it was sent, for somebody who may send it."""
    with reading() as tx:
        pledge = found(find_pledge(tx, actor(), ref))
        require(actor(), permission, now(), pledge)
        return draw(tx, pledge, 422, **forms)


def _say(message: Message) -> str:
    return say(message, current_language())
