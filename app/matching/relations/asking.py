"""The question of how two records stand to each other, as it is put to whoever may answer it."""

from __future__ import annotations

from app.foundation.permissions import Actor
from app.matching.relations.forms import RelationForm
from app.matching.relations.queries import Pair
from app.matching.relations.rules import UNANSWERED, speaks_for


def prefix_of(other_ref: str) -> str:
    """What the fields of one pair's form begin with, so that several can stand on one page."""
    return f"{other_ref}-"


def form_for(reader: Actor, pair: Pair) -> RelationForm | None:
    """The form, opened with what the reader's organisation has said before; none for whoever may not answer."""
    places = speaks_for(reader, pair.organisation_ids)
    if not places:
        return None
    said = pair.answer_of(places[0].organisation_id)
    is_given = said is not None and said.relation.kind != UNANSWERED
    opened = {"says": said.says, "sentence": said.relation.sentence} if said and is_given else {}
    return RelationForm(formdata=None, places=places, prefix=prefix_of(pair.other.ref), data=opened)
