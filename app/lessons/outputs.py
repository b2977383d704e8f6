"""The pages of outputs: what earlier work has left for others to use again."""

from __future__ import annotations

from typing import Any

from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.permissions import Permission
from app.foundation.sending import keep_typed, resumed, send_once
from app.foundation.web import (
    NOTHING,
    abort,
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
    sent_before,
    url_for,
)
from app.foundation.wording.versions import StaleVersion
from app.lessons import listing, rules
from app.lessons import output_service as service
from app.lessons.forms import writing_for
from app.lessons.models import Output
from app.lessons.output_forms import OutputForm, as_opened
from app.lessons.queries import find_output
from app.lessons.shared import beginning, both_texts, named_subject, subject_address

bp = blueprint("outputs", "/outputs")

LIST = surface("output.list", "list", "output")
PAGE = surface("output.page", "page", "output")
FORM = surface("output.form", "page", "output")


@route(bp, "", Permission.PUBLIC_READ, surface=LIST)
def index() -> Any:
    """Everything that can be used again."""
    asked = listing.read(Output)
    with reading() as tx:
        return render(
            "outputs/index.html",
            asked=asked,
            page=listing.page_of(tx, Output, asked),
            **listing.drawn_beside(tx, Output, asked),
            rules=rules,
        )


@route(bp, "/new", Permission.OUTPUT_RECORD, surface=FORM, methods=("GET", "POST"))
def new() -> Any:
    """Record an output."""
    with reading() as tx:
        form = OutputForm(reader=actor(), spoken=current_language(), **resumed(tx), **beginning(tx))
    if form.is_posted and (already := sent_before(form)):
        return already
    if form.is_sound():

        def write(tx: Tx) -> str:
            draft = named_subject(tx, form).draft()
            output = service.record_output(tx, actor(), form.organisation_id, draft, now())
            return url_for("outputs.page", ref=output.ref)

        return send_once(form, write, gettext("The output is recorded, and others can find it."))
    return render("outputs/form.html", 422 if form.is_posted else 200, form=form, output=None)


@route(bp, "/draft", Permission.OUTPUT_RECORD, surface=NOTHING, methods=("POST",))
def save_draft() -> Any:
    """Keep what has been typed so far."""
    ref = request.args.get("ref")
    return keep_typed("output", ref, lambda tx: found(find_output(tx, actor(), ref or "")))


@route(bp, "/<ref>", Permission.PUBLIC_READ, surface=PAGE)
def page(ref: str) -> Any:
    """One output."""
    with reading() as tx:
        output = found(find_output(tx, actor(), ref))
        return render("outputs/page.html", output=output, rules=rules, subject=subject_address(tx, output))


@route(bp, "/<ref>/amend", Permission.OUTPUT_RECORD, surface=FORM, methods=("GET", "POST"))
def amend(ref: str) -> Any:
    """Change the record of an output."""
    with reading() as tx:
        output = found(find_output(tx, actor(), ref))
        if output.organisation_id not in {m.organisation_id for m in writing_for(actor())}:
            abort(403)
        form = OutputForm(reader=actor(), spoken=current_language(), **resumed(tx), **as_opened(output))
        if form.is_posted and (already := sent_before(form)):
            return already
        if not form.is_sound():
            return render("outputs/form.html", 422 if form.is_posted else 200, form=form, output=output)

    def write(tx: Tx) -> str:
        draft = named_subject(tx, form).draft()
        service.amend_output(tx, actor(), found(find_output(tx, actor(), ref)), draft, form.opened_version, now())
        return url_for("outputs.page", ref=ref)

    try:
        return send_once(form, write, gettext("The record is changed."))
    except StaleVersion:
        with reading() as tx:
            return both_texts(form, found(find_output(tx, actor(), ref)), "outputs.amend")
