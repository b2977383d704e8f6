"""Matches for programs: what fits a need, with the reasons in words, and what one's organisation says of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field as Said

from app.api.answers import Answer, absolute, in_words
from app.api.bodies import filled
from app.api.needs import NO_TOKEN
from app.api.operations import Parameter, reads, writes
from app.api.parts import Whose, whose
from app.api.shapes import Given, taken_by
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.messages import Message
from app.foundation.permissions import Membership, Permission, Refused
from app.foundation.web import actor, found, now, request
from app.matching.feedback import service
from app.matching.feedback.forms import AnswerForm
from app.matching.feedback.rules import speaks_for
from app.matching.queries import GATES, ShownMatch, find_pair, matches_of_need
from app.needs.queries import find_need

LIST = surface("match.api_list", "api", "need", "programme", "course", "output")
ONE = surface("match.api", "api", "need", "programme", "course", "output")
MOST = 60


class Offer(Given):
    """What would help: a programme, a course or an output."""

    kind: str
    ref: str
    title: str
    language: str
    organisation: Whose
    url: str


class MatchGiven(Given):
    """A need and an offer that fit each other (match), nearly do (near_miss), or tell of the same (related)."""

    need_ref: str
    offer: Offer
    gate: str
    strength: str = Said(description="strong, fair or weak")
    reasons: list[str]
    obstacles: list[str] = Said(description="What would make it fit.")
    computed_at: datetime


class Matches(Given):
    """What fits a need, the best first."""

    items: list[MatchGiven]


SaidOf = taken_by(
    "MatchAnswered", AnswerForm,
    organisation=(
        Annotated[str, Said(max_length=20)] | None,
        Said(default=None, description="For which of your organisations; the only one if nothing is said."),
    ),
)  # fmt: skip
GATE = Parameter("gate", "How well it fits.", lambda: GATES, many=False)


@reads("/needs/<ref>/matches", Permission.PUBLIC_READ, LIST, Matches, "What fits a need", query=(GATE,))
def matches(tx: Tx, ref: str) -> Answer:
    """The matches of a need that the reader may see, the best first; what one's own side hides is not among them."""
    need = found(find_need(tx, actor(), ref))
    found_now = matches_of_need(tx, actor(), need, request.args.get("gate"), MOST)
    return Answer({"items": [shown(one) for one in found_now]})


@writes(
    "POST", "/needs/<ref>/matches/<kind>/<offer_ref>/answer", Permission.MATCH_JUDGE, ONE, MatchGiven,
    "Say what a match is worth", takes=SaidOf, version="no",
)  # fmt: skip
def answer_match(tx: Tx, body: Any, ref: str, kind: str, offer_ref: str) -> Answer:
    """Say for one's organisation whether a match is useful or not a fit, with the reason."""
    pair = _pair(tx, ref, kind, offer_ref)
    place = _speaker(pair, body)
    form = filled(lambda typed: AnswerForm(formdata=typed, meta=NO_TOKEN), body)
    service.answer(tx, actor(), pair, place.organisation_id, form.draft(), now())
    return Answer(shown(pair))


def _pair(tx: Tx, ref: str, kind: str, offer_ref: str) -> ShownMatch:
    need = found(find_need(tx, actor(), ref))
    pair: ShownMatch = found(find_pair(tx, actor(), need, kind, offer_ref))
    return pair


def _speaker(pair: ShownMatch, body: Any) -> Membership:
    own = speaks_for(actor(), pair.match)
    # Whether one may answer at all is asked before what was sent is looked at.
    places = [place for place in own if body.organisation in {None, "", place.organisation_ref}]
    if not places:
        raise Refused(Permission.MATCH_JUDGE.value)
    return places[0]


def shown(one: ShownMatch) -> dict[str, Any]:
    """A match as the page shows it; what orders them is not told."""
    values = {
        "need_ref": one.need.ref, "offer": offered(one.match.offer_kind, one.offer), "gate": one.match.gate,
        "strength": one.match.strength, "reasons": _words(one.match.reasons), "obstacles": _words(one.match.obstacles),
        "computed_at": one.match.computed_at,
    }  # fmt: skip
    return MatchGiven.model_validate(values).model_dump(mode="json")


def offered(kind: str, offer: Any) -> dict[str, Any]:
    """A programme, a course or an output in a few words."""
    endpoint = {"programme": "programmes.page", "course": "courses.page", "output": "outputs.page"}[kind]
    return {
        "kind": kind, "ref": offer.ref, "title": offer.title, "language": offer.language,
        "organisation": whose(offer.organisation), "url": absolute(endpoint, ref=offer.ref),
    }  # fmt: skip


def _words(messages: Iterable[dict[str, Any]]) -> list[str]:
    return [in_words(Message.from_json(one)) for one in messages]
