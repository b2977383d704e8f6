"""Outputs for programs, which earlier work has left for others: read, recorded and amended, as on their pages."""

from __future__ import annotations

from typing import Any

from app.api.answers import Answer, absolute, record
from app.api.bodies import filled
from app.api.lists import list_of
from app.api.needs import NO_TOKEN
from app.api.operations import Parameter, reads, seen_version, writes
from app.api.parts import COUNTRY, HEAD, KIND, LANGUAGE, THEME, TIERS, WORDS, head, page_of
from app.api.shapes import given_of, shown_as, taken_by
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.permissions import Permission, require
from app.foundation.web import actor, current_language, found, now
from app.foundation.wording.versions import snapshot_of
from app.lessons import listing, rules
from app.lessons import output_service as service
from app.lessons.library.queries import Filters, narrowed
from app.lessons.models import Output
from app.lessons.output_forms import OutputForm, as_opened
from app.lessons.queries import find_output, find_subject
from app.lessons.shared import named_subject

LIST = surface("output.api_list", "api", "output")
ONE = surface("output.api", "api", "output")
WORDS_OF_IT = ("language", "title", "description", "kind", "licence", "website")
FACETS = {"theme": "themes", "kind": "kinds", "country": "countries"}

OutputGiven = given_of("Output", Output, WORDS_OF_IT, FACETS.values(), **HEAD, **TIERS, subject_ref=(str, ""))
Outputs = page_of("Outputs", OutputGiven)
OutputTaken = taken_by("OutputRecorded", OutputForm)
OutputChanged = taken_by("OutputAmended", OutputForm, leave_out=("organisation",), changes=True)
WHAT = Parameter("output_kind", "What it is.", lambda: list(rules.OUTPUT_KINDS))


@reads(
    "/outputs", Permission.PUBLIC_READ, LIST, Outputs, "Outputs that you may see",
    query=(WORDS, WHAT, THEME, COUNTRY, KIND, LANGUAGE), is_list=True,
)  # fmt: skip
def outputs(tx: Tx) -> Answer:
    """The list, narrowed as on its page."""
    filters: Filters = listing.filters_of(listing.read(Output))
    return list_of(tx, "outputs", narrowed(actor(), Output, filters), Output, lambda output: shown(tx, output))


@reads("/outputs/<ref>", Permission.PUBLIC_READ, ONE, OutputGiven, "One output")
def output(tx: Tx, ref: str) -> Answer:
    """One output."""
    return _answer(tx, found(find_output(tx, actor(), ref)))


@writes(
    "POST", "/outputs", Permission.OUTPUT_RECORD, ONE, OutputGiven, "Record an output", takes=OutputTaken, status=201,
    version="no",
)  # fmt: skip
def record_output(tx: Tx, body: Any) -> Answer:
    """Record what others can use again, for one of one's organisations."""
    form = filled(_form, body)
    draft = named_subject(tx, form).draft()
    return _answer(tx, service.record_output(tx, actor(), form.organisation_id, draft, now()), 201)


@writes(
    "PATCH", "/outputs/<ref>", Permission.OUTPUT_RECORD, ONE, OutputGiven, "Amend the record of an output",
    takes=OutputChanged, version="required",
)  # fmt: skip
def amend_output(tx: Tx, body: Any, ref: str) -> Answer:
    """Give the record of an output new words; what is not said stays as it is."""
    before: Output = found(find_output(tx, actor(), ref))
    require(actor(), Permission.OUTPUT_RECORD, now(), before)
    version = seen_version(before, "required")
    form = filled(lambda typed: _form(typed, as_opened(before)), body)
    service.amend_output(tx, actor(), before, named_subject(tx, form).draft(), version, now())
    return _answer(tx, before)


def _form(typed: Any, opened: dict[str, Any] | None = None) -> OutputForm:
    given = opened or {"language": current_language()}
    return OutputForm(reader=actor(), spoken=current_language(), formdata=typed, data=given, meta=NO_TOKEN)


def _answer(tx: Tx, output: Output, status: int = 200) -> Answer:
    tx.flush()
    location = absolute("api.output", ref=output.ref) if status == 201 else ""  # noqa: PLR2004 - made just now
    return record(shown(tx, output), output.version, status, location)


def shown(tx: Tx, output: Output) -> dict[str, Any]:
    """An output as its readers see it, with the record that it came of, as far as this reader may see that."""
    subject = output.subject_ref if find_subject(tx, actor(), output.subject_ref) is not None else ""
    more = {"subject_ref": subject, "restricted_fields": sorted(output.field_disclosure)}
    state = snapshot_of(output, WORDS_OF_IT, FACETS)
    return shown_as(OutputGiven, state | head(output, absolute("outputs.page", ref=output.ref), **more))
