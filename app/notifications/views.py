"""A person's notices: the list, and marking them as read."""

from __future__ import annotations

from typing import Any

from app.foundation.addresses import local_address
from app.foundation.disclosure import surface
from app.foundation.permissions import Permission
from app.foundation.web import (
    actor,
    blueprint,
    found,
    gettext,
    now,
    reading,
    redirect,
    render,
    request,
    route,
    see,
    site,
    url_for,
)
from app.notifications import queries, service
from app.notifications.rules import RECORDS, path_of

bp = blueprint("notifications", "/notices")

LIST = surface("notices.list", "list", *sorted(RECORDS))


@route(bp, "", Permission.DESK_READ, surface=LIST)
def index() -> Any:
    """Everything that this person was told, unread first."""
    with reading() as tx:
        page = queries.list_notices(tx, actor(), request.args.get("page"))
        unread = queries.unread_count(tx, actor())
    return render(
        "notifications/index.html",
        page=page,
        unread=unread,
        path_of=path_of,
        url_for_page=lambda number: url_for("notifications.index", page=number),
    )


@route(bp, "/<int(max=2147483647):notice_id>/read", Permission.DESK_READ, surface=LIST, methods=("POST",))
def read(notice_id: int) -> Any:
    """Mark one as read, and go on to what it is about or back to where one was."""
    with site().database.transaction() as tx:
        notice = found(service.mark_read(tx, actor(), notice_id, now()))
        address = path_of(notice.cause, notice.record_kind, notice.record_ref)
    if request.form.get("open"):
        return redirect(address, code=303)
    return redirect(local_address(request.form.get("next"), url_for("notifications.index")), code=303)


@route(bp, "/read", Permission.DESK_READ, surface=LIST, methods=("POST",))
def read_all() -> Any:
    """Mark everything as read."""
    with site().database.transaction() as tx:
        service.mark_all_read(tx, actor(), now())
    return see("notifications.index", gettext("Everything is marked as read."))
