"""The secretariat searches the record, and takes what it found along as a file."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from app.foundation.disclosure import surface
from app.foundation.languages import say
from app.foundation.messages import Message
from app.foundation.permissions import Permission
from app.foundation.web import actor, blueprint, current_language, now, reading, redirect, render, request, route, site
from app.record import queries, service
from app.record.forms import SearchForm
from app.record.listing import (
    address_of,
    file_of,
    in_use,
    names_somebody,
    page_number,
    page_of,
    values_of,
    what_is_left,
)
from app.record.rules import NO_REFERENCE, record_words

bp = blueprint("record", "/record")

SEARCH = surface("record.search", "list", "organisation", *sorted(queries.OWNED))
EXPORT = surface("record.export", "export", "organisation", *sorted(queries.OWNED))


@route(bp, "", Permission.AUDIT_READ, surface=SEARCH, methods=("GET", "POST"))
def search() -> Any:
    """Every event, the newest first, narrowed by words, kind and days.

    The form is sent in the body: names and network addresses are not for addresses, which are logged and kept. What
    names nobody is then led to its address, which can be passed on.
    """
    form = SearchForm(what_is_left(_typed()))
    if not form.validate():
        return _refused(form)
    if request.method == "POST" and not names_somebody(form.filters()):
        return redirect(address_of(form.filters(), page_number(_typed())), code=303)
    return _page(form)


def _typed() -> Any:
    return request.form if request.method == "POST" else request.args


@route(bp, "/export.csv", Permission.AUDIT_READ, surface=EXPORT, methods=("POST",), proof=True)
def export() -> Any:
    """The events that were found, as comma-separated values; that they were taken along is on record."""
    form = SearchForm(request.form)
    if not form.validate():
        return _refused(form)
    try:
        with site().database.transaction() as tx:
            body = file_of(service.export(tx, actor(), form.filters(), now()))
    except service.TooMany as error:
        return _page(form, 422, error.message)
    name = f"counterpart-record-{now().date().isoformat()}.csv"
    disposition = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(body, mimetype="text/csv", headers=disposition)


def _page(form: SearchForm, status: int = 200, refusal: Message | None = None) -> Any:
    filters = form.filters()
    with reading() as tx:
        return render(
            "record/search.html",
            status,
            form=form,
            page=queries.search(tx, actor(), filters, _typed().get("page")),
            used=in_use(filters),
            asked=values_of(filters),
            is_posted=names_somebody(filters),
            refusal=say(refusal, current_language()) if refusal else "",
            page_of=page_of,
            record_words=record_words,
            no_reference=NO_REFERENCE,
            url_for_page=lambda number: address_of(filters, number),
        )


def _refused(form: SearchForm) -> Any:
    return render("record/search.html", 422, form=form, page=None, used=[])
