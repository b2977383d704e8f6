"""Action points for programs: set and amended by the convener, closed and opened again by whoever owes them too."""

from __future__ import annotations

from typing import Any

from pydantic import Field as Said
from pydantic import create_model

from app.api.answers import Answer
from app.api.bodies import faults_of, filled
from app.api.convening import own
from app.api.meetings import POINT, PointGiven, at_version, here, point_answer, point_here
from app.api.needs import NO_TOKEN
from app.api.operations import reads, seen_version, writes
from app.api.parts import Whose, whose
from app.api.rules import Problem
from app.api.shapes import Given, many, shown_as, taken_by
from app.coordination import points, service
from app.coordination.forms import CloseForm, PointForm, ReopenForm
from app.coordination.models import ActionPoint, Meeting
from app.coordination.service import PointDraft
from app.coordination.shared import named_records, point_form
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.permissions import Permission, allowed, require
from app.foundation.web import actor, now

TABLE = surface("meeting.table.api", "api", "meeting")
POINTS = "/meetings/<ref>/points"
HERE = f"{POINTS}/<point_ref>"


class PersonGiven(Given):
    """Somebody who may be named on an action point."""

    key: str = Said(description="By which an action point names the person.")
    name: str
    organisation_ref: str


Table = create_model(
    "Table", __base__=Given, __doc__="Who sits at the table: whoever may owe an action point.",
    organisations=(many(Whose), ...), people=(many(PersonGiven), ...),
)  # fmt: skip
PointTaken = taken_by("PointSet", PointForm)
PointChanged = taken_by("PointAmended", PointForm, changes=True)
Close = taken_by("PointClosed", CloseForm)
Reopen = taken_by("PointReopened", ReopenForm)


@reads("/meetings/<ref>/table", Permission.MEETING_CONVENE, TABLE, Table, "Who may owe an action point")
def meeting_table(tx: Tx, ref: str) -> Answer:
    """The organisations that convene a meeting or are invited to it, and the people whom its convener may name."""
    form = point_form(tx, own(tx, ref), formdata=None, meta=NO_TOKEN)
    people = [
        shown_as(PersonGiven, {"key": key, "name": one.account.name, "organisation_ref": one.organisation.ref})
        for key, one in form.people.items()
    ]
    return Answer({"organisations": [whose(one) for one in form.table], "people": people})


@writes(
    "POST", POINTS, Permission.MEETING_CONVENE, POINT, PointGiven, "Set an action point", takes=PointTaken, status=201,
    version="no",
)  # fmt: skip
def set_point(tx: Tx, body: Any, ref: str) -> Answer:
    """Keep what was agreed; whoever owes it is told."""
    meeting = own(tx, ref)
    made = service.set_point(tx, actor(), meeting, _draft(tx, meeting, body), now())
    return point_answer(tx, meeting, made.ref, 201)


@writes(
    "PATCH", HERE, Permission.MEETING_CONVENE, POINT, PointGiven, "Amend an action point", takes=PointChanged,
    version="required",
)  # fmt: skip
def amend_point(tx: Tx, body: Any, ref: str, point_ref: str) -> Answer:
    """Say otherwise what was agreed, who does it or by when; what is not said stays as it is."""
    meeting = own(tx, ref)
    point = point_here(tx, meeting, point_ref)
    seen_version(at_version(tx, point), "required")
    points.amend_point(tx, actor(), point, _draft(tx, meeting, body, point), now())
    return point_answer(tx, meeting, point.ref)


@writes("POST", f"{HERE}/close", Permission.DESK_READ, POINT, PointGiven, "Close an action point", takes=Close)
def close_point(tx: Tx, body: Any, ref: str, point_ref: str) -> Answer:
    """It is done, or nobody will do it."""
    meeting, point = _to_close(tx, ref, point_ref)
    form = filled(lambda typed: CloseForm(formdata=typed, meta=NO_TOKEN), body)
    seen_version(at_version(tx, point))
    points.close_point(tx, actor(), point, form.status.data, form.note.data or "", now())
    return point_answer(tx, meeting, point.ref)


@writes("POST", f"{HERE}/reopen", Permission.DESK_READ, POINT, PointGiven, "Open an action point again", takes=Reopen)
def reopen_point(tx: Tx, body: Any, ref: str, point_ref: str) -> Answer:
    """It has to be done after all."""
    meeting, point = _to_close(tx, ref, point_ref)
    form = filled(lambda typed: ReopenForm(formdata=typed, meta=NO_TOKEN), body)
    seen_version(at_version(tx, point))
    points.reopen_point(tx, actor(), point, form.reason.data or "", now())
    return point_answer(tx, meeting, point.ref)


def _to_close(tx: Tx, ref: str, point_ref: str) -> tuple[Meeting, ActionPoint]:
    """The action point, for somebody who owes it or has convened its meeting."""
    meeting = here(tx, ref)
    point = point_here(tx, meeting, point_ref)
    if not allowed(actor(), Permission.ACTION_CLOSE, now(), point):
        require(actor(), Permission.MEETING_CHANGE, now(), meeting)
    return meeting, point


def _draft(tx: Tx, meeting: Meeting, body: Any, point: ActionPoint | None = None) -> PointDraft:
    form = filled(lambda typed: point_form(tx, meeting, point, formdata=typed, meta=NO_TOKEN), body)
    records = named_records(tx, form)
    if records is None:
        raise Problem("not-sound", faults=list(faults_of(form)))
    draft: PointDraft = form.draft(records)
    return draft
