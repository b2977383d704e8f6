"""Programmes for programs: read, posted, amended, confirmed and closed, as on their pages."""

from __future__ import annotations

from typing import Any

from pydantic import Field as Said

from app.api.answers import Answer, absolute, record
from app.api.bodies import filled
from app.api.guarding import Answers, look
from app.api.lists import list_of
from app.api.needs import NO_TOKEN
from app.api.operations import Parameter, reads, seen_version, writes
from app.api.parts import COUNTRY, HEAD, KIND, STILL, THEME, TIERS, WORDS, head, page_of, rows_in
from app.api.shapes import given_of, many, shown_as, taken_by
from app.foundation.db import Tx
from app.foundation.disclosure import audience_of, may_see_field, surface
from app.foundation.guarding import Posting
from app.foundation.permissions import Membership, Permission, Refused, require
from app.foundation.web import actor, found, now, request
from app.programmes import listing, queries, rules, service
from app.programmes.changes import COLUMNS, FACETS, SENSITIVE, snapshot
from app.programmes.forms import CloseForm, NewProgrammeForm, ProgrammeForm, values_of
from app.programmes.models import Programme, ProgrammeLink, ProgrammeOffer, ProgrammeParticipant

LIST = surface("programme.api_list", "api", "programme")
ONE = surface("programme.api", "api", "programme")
KINDS_THAT_POST = ("donor", "regional", "ngo")
OFFER, PARTICIPANT, LINK = ("kind", "description", "quantity", "unit"), ("role", "name", "identifier"), (
    "kind", "identifier",
)  # fmt: skip

Offer = given_of("ProgrammeOffer", ProgrammeOffer, OFFER)
Participant = given_of("ProgrammeParticipant", ProgrammeParticipant, PARTICIPANT)
Link = given_of("ProgrammeLink", ProgrammeLink, LINK)
ProgrammeGiven = given_of(
    "Programme", Programme, [name for name in COLUMNS if name != "status"], FACETS.values(),
    **HEAD, **TIERS, iati_identifier=(str | None, None), kinds=(list[str], []),
    standing=(str, Said(description="What it is to a reader today: an offer, or a record of what is done.")),
    offers=(many(Offer), ...), participants=(many(Participant), []), links=(many(Link), []),
)  # fmt: skip
Programmes = page_of("Programmes", ProgrammeGiven)
ProgrammeTaken = taken_by("ProgrammePosted", NewProgrammeForm, **Answers)
ProgrammeChanged = taken_by("ProgrammeAmended", ProgrammeForm, changes=True, **Answers)
ProgrammeEnd = taken_by("ProgrammeEnded", CloseForm)
ACCEPTING = Parameter("accepting", "Whether States may ask for it now.", lambda: list(rules.ACCEPTING))


@reads(
    "/programmes", Permission.PUBLIC_READ, LIST, Programmes, "Programmes that you may see",
    query=(WORDS, ACCEPTING, THEME, COUNTRY, KIND, STILL), is_list=True,
)  # fmt: skip
def programmes(tx: Tx) -> Answer:
    """The list, narrowed as on its page."""
    filters = listing.filters_of(listing.read(request.args))
    query = queries.wanted_programmes(actor(), filters, now().date())
    return list_of(tx, "programmes", query, Programme, lambda programme: shown(tx, programme))


@reads("/programmes/<ref>", Permission.PUBLIC_READ, ONE, ProgrammeGiven, "One programme")
def programme(tx: Tx, ref: str) -> Answer:
    """One programme, as far as the reader may see it."""
    return _answer(tx, found(queries.find_programme_whole(tx, actor(), ref)))


@writes(
    "POST", "/programmes", Permission.PROGRAMME_POST, ONE, ProgrammeGiven, "Post a programme", takes=ProgrammeTaken,
    status=201, version="no",
)  # fmt: skip
def post_programme(tx: Tx, body: Any) -> Answer:
    """Post a programme for one of one's organisations."""
    owners = [(m.organisation_ref, m.organisation_name) for m in actor().of_kind(*KINDS_THAT_POST)]
    names = queries.organisations_to_name(tx)
    form = filled(lambda typed: NewProgrammeForm(owners, organisations=names, formdata=typed, meta=NO_TOKEN), body)
    owner = _owner(form.organisation.data)
    guarded = look(Posting("programme", form.draft(), owner.organisation_id), body)
    made = service.post_programme(tx, actor(), owner.organisation_id, form.draft(), now())
    guarded.keep(tx, made)
    return _answer(tx, made, 201)


@writes(
    "PATCH", "/programmes/<ref>", Permission.PROGRAMME_AMEND, ONE, ProgrammeGiven, "Amend a programme",
    takes=ProgrammeChanged, version="required",
)  # fmt: skip
def amend_programme(tx: Tx, body: Any, ref: str) -> Answer:
    """Give a programme new words; what is not said stays as it is."""
    before = own(tx, ref)
    amended(tx, before, body, seen_version(before, "required"))
    return _answer(tx, before)


def amended(tx: Tx, before: Programme, body: Any, version: int | None) -> None:
    """Make a new version of a programme by the form of its page, with what was sent in it."""
    names, values = queries.organisations_to_name(tx), values_of(before, queries.named_on(tx, before))
    form = filled(
        lambda typed: ProgrammeForm(names, programme=before, data=values, formdata=typed, meta=NO_TOKEN), body,
    )  # fmt: skip
    guarded = look(Posting("programme", form.draft(), before.organisation_id, before.ref), body)
    service.amend_programme(tx, actor(), before, form.draft(), version, now())
    guarded.keep(tx, before)


@writes(
    "POST", "/programmes/<ref>/confirm", Permission.PROGRAMME_AMEND, ONE, ProgrammeGiven,
    "Say that a programme still stands",
)  # fmt: skip
def confirm_programme(tx: Tx, ref: str) -> Answer:
    """The programme still stands as it is written."""
    here = own(tx, ref)
    seen_version(here)
    service.confirm_programme(tx, actor(), here, now())
    return _answer(tx, here)


@writes(
    "POST", "/programmes/<ref>/end", Permission.PROGRAMME_AMEND, ONE, ProgrammeGiven,
    "Close, cancel or suspend a programme", takes=ProgrammeEnd,
)  # fmt: skip
def end_programme(tx: Tx, body: Any, ref: str) -> Answer:
    """Close (4), cancel (5) or suspend (6) a programme, with a reason."""
    here = own(tx, ref)
    seen_version(here)
    form = filled(lambda typed: CloseForm(here, formdata=typed, meta=NO_TOKEN), body)
    service.close_programme(tx, actor(), here, form.ending.data, form.reason.data, now())
    return _answer(tx, here)


def _owner(ref: str | None) -> Membership:
    places = actor().of_kind(*KINDS_THAT_POST)
    named = [place for place in places if place.organisation_ref == ref]
    if not named:
        raise Refused(Permission.PROGRAMME_POST.value)
    return named[0]


def own(tx: Tx, ref: str) -> Programme:
    """The programme of this address, held until the transaction ends, for somebody who may change it."""
    programme: Programme = found(queries.find_programme_to_change(tx, actor(), ref))
    require(actor(), Permission.PROGRAMME_AMEND, now(), programme)
    return programme


def _answer(tx: Tx, programme: Programme, status: int = 200) -> Answer:
    tx.flush()
    location = absolute("api.programme", ref=programme.ref) if status == 201 else ""  # noqa: PLR2004 - made just now
    return record(shown(tx, programme), programme.version, status, location)


def shown(tx: Tx, programme: Programme) -> dict[str, Any]:
    """A programme as this reader may see it; a part that is kept from the reader is absent."""
    named = audience_of(tx, programme)
    state = snapshot(programme)
    parts = {"offers": OFFER, "participants": PARTICIPANT, "links": LINK}
    state |= {name: rows_in(state, name, wanted) for name, wanted in parts.items()}
    hidden = {
        entry
        for field, entries in SENSITIVE.items()
        if not may_see_field(actor(), programme, field, named)
        for entry in entries
    }
    more = {
        "kinds": programme.codes("kind"),
        "iati_identifier": programme.iati_identifier,
        "restricted_fields": sorted(programme.field_disclosure),
        "standing": "offer" if queries.standing_of(programme, now().date()).is_offer else "record",
    }
    state |= head(programme, absolute("programmes.page", ref=programme.ref), **more)
    return shown_as(ProgrammeGiven, {name: value for name, value in state.items() if name not in hidden})
