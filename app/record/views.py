"""The secretariat searches the record, and takes what it found along as a file."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from app.foundation.disclosure import surface
from app.foundation.languages import say
from app.foundation.messages import Message
from app.foundation.permissions import Permission
from app.foundation.web import actor, blueprint, current_language, now, reading, render, request, route, site
from app.record import queries, service
from app.record.forms import SearchForm
from app.record.listing import address_of, file_of, in_use, page_of, values_of
from app.record.rules import NO_REFERENCE, record_words

bp = blueprint("record", "/record")

SEARCH = surface("record.search", "list", "organisation", *sorted(queries.OWNED))
EXPORT = surface("record.export", "export", "organisation", *sorted(queries.OWNED))


@route(bp, "", Permission.AUDIT_READ, surface=SEARCH)
def search() -> Any:
    """Every event, the newest first, narrowed by words, kind and days."""
    form = SearchForm(request.args)
    return _page(form) if form.validate() else _refused(form)


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
            page=queries.search(tx, actor(), filters, request.args.get("page")),
            used=in_use(filters),
            asked=values_of(filters),
            refusal=say(refusal, current_language()) if refusal else "",
            page_of=page_of,
            record_words=record_words,
            no_reference=NO_REFERENCE,
            url_for_page=lambda number: address_of(filters, number),
        )


def _refused(form: SearchForm) -> Any:
    return render("record/search.html", 422, form=form, page=None, used=[])
