"""What a convener does with a meeting, for programs: convene, amend, fill its agenda, write its minutes, cancel it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field as Said
from pydantic import create_model

from app.api.answers import Answer, in_words
from app.api.bodies import filled
from app.api.meetings import ONE, MeetingGiven, RecordGiven, answer_of, here, records
from app.api.needs import NO_TOKEN
from app.api.operations import reads, seen_version, writes
from app.api.rules import Problem
from app.api.shapes import Given, many, shown_as, taken_by
from app.coordination import queries, service
from app.coordination.findings import Found, findings_on, hidden_from_some, still_to_add
from app.coordination.forms import CONVENE, AgendaForm, MeetingForm, MinutesForm, ReasonForm
from app.coordination.models import AgendaItem, Meeting
from app.coordination.shared import amending_form
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.messages import msg
from app.foundation.permissions import Actor, Permission, Refused, require
from app.foundation.references import tidy_reference
from app.foundation.web import actor, current_language, found, now
from app.organisations.queries import verified_organisations

FINDINGS = surface("meeting.findings.api", "api", "meeting", "need", "programme", "course", "pledge")
AGENDA = "/meetings/<ref>/agenda"
LONGEST_KEY = 500
NOT_HELD = msg("This meeting has no minutes yet. They are written once it has been held.")


class FindingGiven(Given):
    """A gap or an overlap in the country of a meeting, which may be put on its agenda."""

    key: str = Said(description="By which it is put on the agenda.")
    kind: str = Said(description="gap, crowding, collision or overlap")
    theme: str
    first_quarter: str
    last_quarter: str
    why: list[str]
    records: list[RecordGiven]
    is_for_all: bool = Said(description="Everybody who may see the meeting may see what it rests on.")


Findings = create_model(
    "Findings", __base__=Given, __doc__="What is found on a country and not on the agenda yet.",
    items=(many(FindingGiven), ...),
)  # fmt: skip
MeetingTaken = taken_by("MeetingConvened", MeetingForm, leave_out=("minutes",))
MeetingChanged = taken_by("MeetingAmended", MeetingForm, leave_out=("organisation", "country"), changes=True)
Minutes = taken_by("MeetingHeld", MinutesForm)
Reason = taken_by("MeetingCancelled", ReasonForm)
AgendaTaken = taken_by(
    "AgendaFilled", AgendaForm, leave_out=("findings",),
    findings=(
        Annotated[list[Annotated[str, Said(max_length=LONGEST_KEY)]], Said(max_length=100)],
        Said(default=[], description="What was found, by its keys; what is no longer found is passed over."),
    ),
)  # fmt: skip


@writes(
    "POST", "/meetings", Permission.MEETING_CONVENE, ONE, MeetingGiven, "Convene a meeting", takes=MeetingTaken,
    status=201, version="no",
)  # fmt: skip
def convene_meeting(tx: Tx, body: Any) -> Answer:
    """Convene a meeting on a country, and invite organisations by their references."""
    if not actor().of_kind(*CONVENE):
        raise Refused(Permission.MEETING_CONVENE.value)
    opened, organisations = {"language": current_language()}, verified_organisations(tx)
    form = filled(
        lambda typed: MeetingForm(
            reader=actor(), organisations=organisations, data=opened, formdata=typed, meta=NO_TOKEN
        ),
        body,
    )
    return answer_of(tx, service.convene(tx, actor(), form.organisation_id, form.draft(), now()), 201)


@writes(
    "PATCH", "/meetings/<ref>", Permission.MEETING_CONVENE, ONE, MeetingGiven, "Amend a meeting", takes=MeetingChanged,
    version="required",
)  # fmt: skip
def amend_meeting(tx: Tx, body: Any, ref: str) -> Answer:
    """Change a meeting, and its minutes once it has been held; what is not said stays as it is."""
    meeting = own(tx, ref)
    version = seen_version(meeting, "required")
    form = filled(lambda typed: amending_form(tx, meeting, formdata=typed, meta=NO_TOKEN), body)
    if meeting.status == "planned" and "minutes" in body.model_fields_set:
        raise Problem("not-possible", in_words(NOT_HELD))
    service.amend(tx, actor(), meeting, form.draft(), version, now())
    return answer_of(tx, meeting)


@writes(
    "POST", "/meetings/<ref>/hold", Permission.MEETING_CONVENE, ONE, MeetingGiven, "Write the minutes of a meeting",
    takes=Minutes,
)  # fmt: skip
def hold_meeting(tx: Tx, body: Any, ref: str) -> Answer:
    """The meeting has taken place: its minutes."""
    meeting = own(tx, ref)
    form = filled(lambda typed: MinutesForm(formdata=typed, meta=NO_TOKEN), body)
    seen_version(meeting)
    service.hold(tx, actor(), meeting, form.minutes.data or "", now())
    return answer_of(tx, meeting)


@writes(
    "POST", "/meetings/<ref>/cancel", Permission.MEETING_CONVENE, ONE, MeetingGiven, "Cancel a meeting", takes=Reason
)
def cancel_meeting(tx: Tx, body: Any, ref: str) -> Answer:
    """The meeting is not held, with the reason that those who are invited read."""
    meeting = own(tx, ref)
    form = filled(lambda typed: ReasonForm(formdata=typed, meta=NO_TOKEN), body)
    seen_version(meeting)
    service.cancel(tx, actor(), meeting, form.reason.data or "", now())
    return answer_of(tx, meeting)


@reads("/meetings/<ref>/findings", Permission.MEETING_CONVENE, FINDINGS, Findings, "What an agenda could speak of")
def meeting_findings(tx: Tx, ref: str) -> Answer:
    """Gaps and overlaps in the country of a meeting that its convener may see, the widest of a kind first."""
    meeting = own(tx, ref)
    findings = _found(tx, meeting)
    not_for_all = hidden_from_some(tx, meeting, findings)
    links = queries.linked(tx, actor(), (part for one in findings for part in one.records))
    items = []
    for one in findings:
        values = {
            "key": one.key, "kind": one.kind, "theme": one.theme, "first_quarter": one.first,
            "last_quarter": one.last, "why": [in_words(why) for why in one.why],
            "records": records(links[part] for part in one.records if part in links),
            "is_for_all": one.key not in not_for_all,
        }  # fmt: skip
        items.append(shown_as(FindingGiven, values))
    return Answer({"items": items})


@writes(
    "POST", AGENDA, Permission.MEETING_CONVENE, ONE, MeetingGiven, "Put items on an agenda", takes=AgendaTaken,
    version="no",
)  # fmt: skip
def fill_agenda(tx: Tx, body: Any, ref: str) -> Answer:
    """Put an item in one's own words, and what was found, on the agenda of a meeting to come."""
    meeting = own(tx, ref)
    here_found = _found(tx, meeting)
    form = filled(lambda typed: AgendaForm(found=here_found, formdata=typed, meta=NO_TOKEN), body)
    service.fill_agenda(tx, actor(), meeting, form.text.data or "", form.chosen(), now())
    return answer_of(tx, meeting)


@writes(
    "DELETE", f"{AGENDA}/<item_ref>", Permission.MEETING_CONVENE, ONE, MeetingGiven, "Take an item off an agenda",
    version="no",
)  # fmt: skip
def take_off_item(tx: Tx, ref: str, item_ref: str) -> Answer:
    """Take an item off the agenda of a meeting to come."""
    return _with_item(tx, ref, item_ref, service.take_off)


@writes(
    "POST", f"{AGENDA}/<item_ref>/up", Permission.MEETING_CONVENE, ONE, MeetingGiven, "Move an item of an agenda up",
    version="no",
)  # fmt: skip
def move_item_up(tx: Tx, ref: str, item_ref: str) -> Answer:
    """Let an item be spoken of before the one that stands above it."""
    return _with_item(tx, ref, item_ref, service.move_up)


def own(tx: Tx, ref: str) -> Meeting:
    """The meeting of this address, for somebody who may change it."""
    meeting = here(tx, ref)
    require(actor(), Permission.MEETING_CHANGE, now(), meeting)
    return meeting


def _with_item(
    tx: Tx, ref: str, item_ref: str, act: Callable[[Tx, Actor, Meeting, AgendaItem, datetime], None]
) -> Answer:
    meeting = own(tx, ref)
    item: AgendaItem = found(queries.find_item(tx, actor(), meeting, tidy_reference(item_ref)))
    act(tx, actor(), meeting, item, now())
    return answer_of(tx, meeting)


def _found(tx: Tx, meeting: Meeting) -> list[Found]:
    return still_to_add(tx, meeting, findings_on(tx, actor(), meeting.country, now().date()))
