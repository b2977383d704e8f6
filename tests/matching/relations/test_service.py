"""Saying how two records stand to each other: one answer for each organisation, seen by whoever may see both."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from app.foundation.audit import AuditEvent
from app.foundation.outbox import OutboxRow
from app.foundation.permissions import ANONYMOUS, Actor, Refused
from app.matching.relations import rules, service
from app.matching.relations.models import Relation
from app.matching.relations.queries import find_pair, pairs_of, ties_for
from app.matching.relations.rules import AnswerDraft
from app.organisations.merging import merge


class Scene:
    """Two programmes of two donors, and an editor of each."""

    def __init__(self, world: Any, tx: Any, now: Any, **tier: Any) -> None:
        self.world, self.tx, self.now = world, tx, now
        self.one = world.programme(world.organisation("donor"), title="Ports of Africa")
        self.other = world.programme(world.organisation("donor"), title="Ports d’Afrique", **tier)
        self.keys = [("programme", self.one.id), ("programme", self.other.id)]

    def editor(self, record: Any) -> Actor:
        return self.world.actor(self.world.account(record.organisation))

    def say(self, record: Any, says: str, sentence: str = "We pay half of it.") -> Relation:
        other = self.other if record is self.one else self.one
        actor = self.editor(record)
        pair = find_pair(self.tx, actor, record.ref, other.ref)
        assert pair is not None
        return service.declare(self.tx, actor, pair, record.organisation_id, AnswerDraft(says, sentence), self.now)

    def standing(self, reader: Actor) -> list[str]:
        return [pair.standing for pair in pairs_of(self.tx, reader, self.keys[0])]


@pytest.fixture
def scene(world: Any, tx: Any, now: Any) -> Scene:
    return Scene(world, tx, now)


def test_an_answer_stands_on_both_records_with_one_event_and_one_fact(scene: Scene) -> None:
    row = scene.say(scene.one, "co_fund")
    for key in scene.keys:
        (pair,) = pairs_of(scene.tx, ANONYMOUS, key)
        assert (pair.standing, pair.said[0].relation.sentence) == ("declared", "We pay half of it.")
    events = scene.tx.scalars(select(AuditEvent).where(AuditEvent.record_ref == row.ref)).all()
    assert [event.action for event in events] == ["relation.declared"]
    assert scene.tx.scalar(select(func.count()).where(OutboxRow.fact == "RelationDeclared")) == 1


def test_the_other_side_agrees_or_sees_it_differently(scene: Scene) -> None:
    scene.say(scene.one, "co_fund")
    assert ties_for(scene.tx, ANONYMOUS, scene.keys) == [(*scene.keys, "co_fund")]
    scene.say(scene.other, "co_fund")
    assert scene.standing(ANONYMOUS) == ["agreed"]
    scene.say(scene.other, "different", "Ours is in Dakar.")
    assert scene.standing(ANONYMOUS) == ["disputed"]
    assert ties_for(scene.tx, ANONYMOUS, scene.keys) == []
    assert scene.tx.scalar(select(func.count(Relation.id))) == 2


def test_which_replaces_which_is_kept_whoever_says_it(scene: Scene) -> None:
    scene.say(scene.one, "replaces")
    scene.say(scene.other, "replaced")
    assert scene.standing(ANONYMOUS) == ["agreed"]
    (pair,) = pairs_of(scene.tx, ANONYMOUS, scene.keys[1])
    assert {one.says for one in pair.said} == {"replaced"}


def test_what_was_said_before_stays_in_the_record(scene: Scene) -> None:
    scene.say(scene.one, "same")
    row = scene.say(scene.one, "complement")
    events = scene.tx.scalars(select(AuditEvent).where(AuditEvent.record_ref == row.ref).order_by(AuditEvent.id)).all()
    assert [event.details.get("before") for event in events] == [None, "same"]
    assert events[1].details["relation"] == "complement"


def test_posting_without_an_answer_takes_none_back_and_is_told_to_the_two_sides_alone(scene: Scene) -> None:
    scene.say(scene.one, "unanswered")
    assert scene.standing(ANONYMOUS) == []
    assert scene.standing(scene.world.somebody("donor")) == []
    assert scene.standing(scene.editor(scene.other)) == ["open"]
    assert scene.standing(scene.world.somebody("secretariat")) == ["open"]
    scene.say(scene.one, "same")
    assert scene.say(scene.one, "unanswered").kind == "same"


@pytest.mark.parametrize("kind", ["donor", "state", "secretariat"])
def test_only_the_two_sides_may_answer(scene: Scene, kind: str) -> None:
    stranger = scene.world.somebody(kind)
    pair = find_pair(scene.tx, stranger, scene.one.ref, scene.other.ref)
    assert pair is not None
    with pytest.raises(Refused):
        service.declare(scene.tx, stranger, pair, stranger.main.organisation_id, AnswerDraft("same", "So."), scene.now)


def test_one_side_cannot_answer_for_the_other(scene: Scene) -> None:
    actor = scene.editor(scene.one)
    pair = find_pair(scene.tx, actor, scene.one.ref, scene.other.ref)
    assert pair is not None
    with pytest.raises(Refused):
        service.declare(scene.tx, actor, pair, scene.other.organisation_id, AnswerDraft("same", "So."), scene.now)


def test_who_may_not_see_one_of_the_two_sees_nothing_of_it(world: Any, tx: Any, now: Any) -> None:
    scene = Scene(world, tx, now, disclosure="own")
    scene.say(scene.other, "same")
    assert scene.standing(scene.editor(scene.other)) == ["declared"]
    assert scene.standing(scene.editor(scene.one)) == scene.standing(ANONYMOUS) == []
    assert ties_for(tx, scene.editor(scene.one), scene.keys) == []
    assert ties_for(tx, scene.editor(scene.other), scene.keys) == [(*scene.keys, "same")]
    assert find_pair(tx, ANONYMOUS, scene.one.ref, scene.other.ref) is None


def test_ties_are_those_among_the_records_that_are_asked_about(scene: Scene) -> None:
    scene.say(scene.one, "same")
    third = scene.world.programme(scene.world.organisation("donor"))
    assert ties_for(scene.tx, ANONYMOUS, [scene.keys[0], ("programme", third.id)]) == []


def test_a_record_does_not_stand_to_itself(scene: Scene) -> None:
    assert find_pair(scene.tx, ANONYMOUS, scene.one.ref, scene.one.ref) is None


def test_organisations_that_become_one_say_one_thing(scene: Scene) -> None:
    scene.say(scene.one, "same")
    scene.say(scene.other, "different")
    office = scene.world.somebody("secretariat")
    merge(scene.tx, office, scene.one.organisation, scene.other.organisation, "One and the same.", scene.now)
    rows = scene.tx.scalars(select(Relation)).all()
    assert [row.kind for row in rows] == ["different"]


@pytest.mark.usefixtures("app")
def test_a_pledge_whose_donor_is_not_named_stands_to_nothing(scene: Scene) -> None:
    need = scene.world.need(scene.world.organisation())
    pledge = scene.world.pledge(need, scene.one.organisation, field_disclosure={"donor": "own"})
    actor = scene.editor(scene.one)
    pair = find_pair(scene.tx, actor, pledge.ref, scene.other.ref)
    assert pair is not None
    service.declare(scene.tx, actor, pair, pledge.organisation_id, AnswerDraft("complement", "Both help."), scene.now)
    assert [rules.kind_of(one.said[0].says) for one in pairs_of(scene.tx, actor, scene.keys[1])] == ["complement"]
    assert pairs_of(scene.tx, ANONYMOUS, scene.keys[1]) == []
