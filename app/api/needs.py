"""Needs for programs: read, posted, amended, confirmed and ended, as on their pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.api.answers import Answer, absolute, in_words, missing, record
from app.api.bodies import filled
from app.api.guarding import Answers, look
from app.api.lists import list_of
from app.api.operations import Parameter, reads, seen_version, writes
from app.api.parts import COUNTRY, HEAD, KIND, STILL, THEME, TIERS, WORDS, head, page_of, rows_in
from app.api.shapes import given_of, many, shown_as, taken_by
from app.foundation.db import Tx
from app.foundation.disclosure import audience_of, surface
from app.foundation.guarding import Posting
from app.foundation.messages import msg
from app.foundation.permissions import Membership, Permission, Refused, require
from app.foundation.references import tidy_reference
from app.foundation.web import actor, found, now, request, site
from app.needs import rules, service
from app.needs.forms import EndForm, NeedForm
from app.needs.listing import STATUS_CHOICES, Asked
from app.needs.models import Need, NeedIndicator, NeedLine, NeedText
from app.needs.queries import find_need_whole, visible_fields, wanted_needs
from app.needs.snapshots import COLUMNS, FACETS, TEXT_COLUMNS, snapshot, without
from app.organisations.queries import verified_names

LIST = surface("need.api_list", "api", "need")
ONE = surface("need.api", "api", "need")
LINE = (
    "ref", "kind", "description", "quantity", "unit", "is_essential", "beneficiary_unit", "starts_on", "ends_on",
    "cost_amount", "currency",
)  # fmt: skip
INDICATOR = ("ref", "name", "unit", "baseline", "target", "due_on")
SENSITIVE = {
    "contact": ("contact",), "place": ("place",), "baseline": ("baseline",), "budget": ("budget_amount", "currency"),
}  # fmt: skip
IN_ROWS = {"baseline": ("indicators", ("baseline",)), "budget": ("lines", ("cost_amount", "currency"))}
"""The parts of rows that belong to a sensitive field."""
WORDS_OF_END = msg("Choose whether it is closed or withdrawn.")

Line = given_of("NeedLine", NeedLine, LINE)
Indicator = given_of("NeedIndicator", NeedIndicator, INDICATOR)
OtherText = given_of("NeedText", NeedText, TEXT_COLUMNS)
NeedGiven = given_of(
    "Need", Need, [name for name in COLUMNS if name != "disclosure"], FACETS,
    **HEAD, **TIERS, status_reason=(str, ""), kinds=(list[str], []),
    lines=(many(Line), ...), indicators=(many(Indicator), []), other_texts=(many(OtherText), []),
)  # fmt: skip
Needs = page_of("Needs", NeedGiven)
NeedTaken = taken_by("NeedPosted", NeedForm, **Answers)
NeedChanged = taken_by("NeedAmended", NeedForm, leave_out=("organisation",), changes=True, **Answers)
NeedEnd = taken_by("NeedEnded", EndForm)
STATUS = Parameter("status", "Where it stands; without it, what is open.", lambda: STATUS_CHOICES)


@reads(
    "/needs", Permission.PUBLIC_READ, LIST, Needs, "Needs that you may see",
    query=(WORDS, STATUS, COUNTRY, THEME, KIND, STILL), is_list=True,
)  # fmt: skip
def needs(tx: Tx) -> Answer:
    """The list, narrowed as on its page."""
    query = wanted_needs(actor(), Asked.from_address(request.args).filters)
    return list_of(tx, "needs", query, Need, lambda need: shown(tx, need))


@reads("/needs/<ref>", Permission.PUBLIC_READ, ONE, NeedGiven, "One need")
def need(tx: Tx, ref: str) -> Answer:
    """One need, as far as the reader may see it."""
    return _answer(tx, here(tx, ref))


@writes(
    "POST", "/needs", Permission.NEED_POST, ONE, NeedGiven, "Post a need", takes=NeedTaken, status=201, version="no"
)
def post_need(tx: Tx, body: Any) -> Answer:
    """Post a need for one of one's organisations."""
    places = _places()
    form = filled(lambda typed: _form(tx, places, typed), body)
    guarded = look(Posting("need", form.draft(), form.organisation_id), body)
    made = service.post_need(tx, actor(), form.organisation_id, form.draft(), now())
    guarded.keep(tx, made)
    return _answer(tx, made, 201)


@writes(
    "PATCH", "/needs/<ref>", Permission.NEED_AMEND, ONE, NeedGiven, "Amend a need", takes=NeedChanged,
    version="required",
)  # fmt: skip
def amend_need(tx: Tx, body: Any, ref: str) -> Answer:
    """Give a need new words; what is not said stays as it is."""
    before = own(tx, ref)
    amended(tx, before, body, seen_version(before, "required"))
    return _answer(tx, before)


def amended(tx: Tx, before: Need, body: Any, version: int | None) -> None:
    """Make a new version of a need by the form of its page, with what was sent in it."""
    form = filled(lambda typed: _form(tx, _places_of(before), typed, before), body)
    guarded = look(Posting("need", form.draft(), before.organisation_id, before.ref), body)
    service.amend_need(tx, actor(), before, form.draft(), version, now())
    guarded.keep(tx, before)


@writes("POST", "/needs/<ref>/confirm", Permission.NEED_AMEND, ONE, NeedGiven, "Say that a need still stands")
def confirm_need(tx: Tx, ref: str) -> Answer:
    """The need still stands as it is written."""
    mine = own(tx, ref)
    seen_version(mine)
    service.confirm_need(tx, actor(), mine, now())
    return _answer(tx, mine)


@writes("POST", "/needs/<ref>/end", Permission.NEED_AMEND, ONE, NeedGiven, "Close or withdraw a need", takes=NeedEnd)
def end_need(tx: Tx, body: Any, ref: str) -> Answer:
    """Close a need, or withdraw it, with the reason that readers see."""
    mine = own(tx, ref)
    form = filled(lambda typed: EndForm(formdata=typed, meta=NO_TOKEN), body)
    if form.status.data not in rules.ENDED:
        raise missing("/status", in_words(WORDS_OF_END))
    seen_version(mine)
    service.end_need(tx, actor(), mine, form.status.data, form.status_reason.data, now())
    return _answer(tx, mine)


NO_TOKEN = {"csrf": False}


def here(tx: Tx, ref: str) -> Need:
    """The need of this address, if the reader may see it."""
    need: Need = found(find_need_whole(tx, actor(), tidy_reference(ref)))
    if actor().is_secretariat and rules.is_watched(need.disclosure, need.organisation_id, actor().organisation_ids):
        # As on its page: that the office has looked at what was not written for it is on record.
        with site().database.transaction() as noting:
            service.note_look(noting, actor(), need, now())
    return need


def own(tx: Tx, ref: str) -> Need:
    """The need of this address, for somebody who may change it."""
    need: Need = found(find_need_whole(tx, actor(), tidy_reference(ref)))
    require(actor(), Permission.NEED_AMEND, now(), need)
    return need


def _answer(tx: Tx, need: Need, status: int = 200) -> Answer:
    tx.flush()
    location = absolute("api.need", ref=need.ref) if status == 201 else ""  # noqa: PLR2004 - made just now
    return record(shown(tx, need), need.version, status, location)


def shown(tx: Tx, need: Need) -> dict[str, Any]:
    """A need as this reader may see it; a part that is kept from the reader is absent."""
    sees = visible_fields(tx, actor(), need)
    hidden = {field for field, may in sees.items() if not may}
    state = without(snapshot(need), hidden)
    parts = {"lines": LINE, "indicators": INDICATOR}
    for field in hidden & set(IN_ROWS):
        rows, left_out = IN_ROWS[field]
        parts[rows] = tuple(part for part in parts[rows] if part not in left_out)
    state |= {name: rows_in(state, name, wanted) for name, wanted in parts.items()}
    for field in hidden & set(SENSITIVE):
        state = {name: value for name, value in state.items() if name not in SENSITIVE[field]}
    url = absolute("needs.page", ref=need.ref)
    more = {
        "status_reason": need.status_reason, "kinds": need.codes("kind"),
        "restricted_fields": sorted(need.field_disclosure),
    }  # fmt: skip
    return shown_as(NeedGiven, state | head(need, url, **more))


def _places() -> tuple[Membership, ...]:
    places = tuple(m for m in actor().memberships if m.organisation_kind in rules.CAN_ASK and m.may_draft)
    if not places:
        raise Refused(Permission.NEED_POST.value)
    return places


def _places_of(need: Need) -> tuple[Membership, ...]:
    return tuple(m for m in actor().memberships if m.organisation_id == need.organisation_id)


def _form(tx: Tx, places: Sequence[Membership], typed: Any, need: Need | None = None) -> NeedForm:
    return NeedForm(
        places, today=now().date(), need=need, named=audience_of(tx, need) if need else (),
        organisations=verified_names(tx), formdata=typed, meta=NO_TOKEN,
    )  # fmt: skip
