"""Reading pledges: one pledge with everything that its reader may see of it, and its evidence."""

from __future__ import annotations

from typing import Any

from app.foundation.db import Tx
from app.foundation.filing.downloads import download, one_of
from app.foundation.filing.files import files_of
from app.foundation.permissions import Permission
from app.foundation.web import actor, current_language, found, now, reading, render, route
from app.pledges import rules
from app.pledges.forms import AcceptForm, DeclineForm, DeliveryForm, ReasonForm, line_name
from app.pledges.models import Pledge
from app.pledges.queries import find_pledge, is_of_either_side
from app.pledges.showing import ACTIONS, pledge_seen
from app.pledges.surfaces import FILE, PAGE, bp


@route(bp, "/pledges/<ref>", Permission.PUBLIC_READ, PAGE)
def page(ref: str) -> Any:
    """One pledge."""
    with reading() as tx:
        return draw(tx, found(find_pledge(tx, actor(), ref)))


def draw(tx: Tx, pledge: Pledge, status: int = 200, **sent: Any) -> Any:
    """The page of a pledge, with the forms as they were sent, or empty."""
    forms = {
        "accept_form": AcceptForm(prefix="accept-", formdata=None),
        "decline_form": DeclineForm(prefix="decline-", formdata=None),
        "withdraw_form": ReasonForm(prefix="withdraw-", formdata=None),
        "delivery_form": None if "delivery_form" in sent else delivery_form(tx, pledge, formdata=None),
        "confirm_form": None,
    }
    seen = pledge_seen(tx, actor(), pledge, now().date())
    return render("pledges/page.html", status, seen=seen, rules=rules, ACTIONS=ACTIONS, **{**forms, **sent})


def delivery_form(tx: Tx, pledge: Pledge, **kwargs: Any) -> DeliveryForm:
    """The form that records a delivery, with the lines of the pledge by name."""
    rows = pledge_seen(tx, actor(), pledge, now().date()).rows
    names = {row.line.id: line_name(row.line, row.need_line, current_language()) for row in rows}
    return DeliveryForm(prefix="delivery-", pledge=pledge, names=names, **kwargs)


@route(bp, "/pledges/<ref>/files/<fref>", Permission.PUBLIC_READ, FILE)
def file(ref: str, fref: str) -> Any:
    """A file of a pledge, for its two sides alone, as a download and nothing else."""
    with reading() as tx:
        pledge = found(find_pledge(tx, actor(), ref))
        files = files_of(tx, pledge.ref, actor()) if is_of_either_side(actor(), pledge) else []
        attachment = one_of(files, fref)
        tx.expunge_all()
    return download(attachment)
