"""What others give already, beside a pledge that is being made: the same question as the duplicate guard asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.foundation.db import Tx
from app.foundation.permissions import Actor
from app.foundation.web import site
from app.matching.guard.facts import facts
from app.matching.guard.forms import AnswerForm
from app.matching.guard.service import suspects
from app.matching.relations.queries import find_pair
from app.matching.relations.records import Side
from app.matching.relations.service import declare
from app.needs.models import Need
from app.pledges.models import Pledge
from app.pledges.queries import pledges_on
from app.pledges.relations import find_pledge_sides
from app.pledges.rules import ENDED
from app.search.reactions import engine_of

SHOWN = 5


@dataclass(frozen=True)
class Beside:
    """A pledge or a programme of others that seems to give the same to the same place, and the question about it."""

    side: Side
    form: AnswerForm


def beside(tx: Tx, reader: Actor, need: Need, typed: Mapping[str, Any] | None) -> list[Beside]:
    """Pledges of others for the same need, then programmes that seem to do it; the few that this donor may see."""
    found = [side for side in [*_pledges(tx, reader, need), *_programmes(tx, reader, need)]
             if side.organisation.id not in reader.organisation_ids]  # fmt: skip
    return [Beside(side, AnswerForm(typed or None, side.ref)) for side in found[:SHOWN]]


def _pledges(tx: Tx, reader: Actor, need: Need) -> Sequence[Side]:
    live = [pledge.id for pledge in pledges_on(tx, reader, need) if pledge.status not in ENDED]
    return find_pledge_sides(tx, reader, Pledge.id.in_(live)) if live else []


def _programmes(tx: Tx, reader: Actor, need: Need) -> list[Side]:
    mine = facts("need", need, need.organisation_id)
    return [one.side for one in suspects(tx, engine_of(site()), reader, "programme", mine)]


def are_sound(asked: Sequence[Beside]) -> bool:
    """Whether every question that was begun is answered whole; whoever says nothing need not."""
    # Each is looked at, so that all of them say at once what they lack.
    wrong = [one for one in asked if (one.form.says.data or one.form.sentence.data) and not one.form.is_given()]
    return not wrong


def keep_answers(tx: Tx, actor: Actor, pledge: Pledge, asked: Sequence[Beside], now: datetime) -> None:
    """Save how a pledge stands to what others give, in its own transaction."""
    tx.flush()
    for one in asked:
        pair = find_pair(tx, actor, pledge.ref, one.side.ref) if one.form.says.data else None
        if pair is not None:
            declare(tx, actor, pair, pledge.organisation_id, one.form.draft(), now)
