"""A centre with a course and a session, a State with a focal point, and what they do with one another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from app.courses.models import CourseSession
from app.foundation.db import Tx
from app.foundation.permissions import Actor
from app.nominations import service
from app.nominations.models import Nomination
from app.nominations.rules import Candidate
from app.nominations.seating import Quota
from app.nominations.service import IntakeDraft, NominationDraft
from tests.factories import World
from tests.nominations.test_views import pages  # noqa: F401 - a fixture for all files of this folder


@dataclass
class School:
    """A centre's registrar and a State's focal point at one session."""

    tx: Tx
    world: World
    now: datetime
    session: CourseSession
    centre: Actor
    state: Actor
    state_id: int

    def put_forward(self, name: str = "Ana Lopes", rank: int | None = None, **kw: Any) -> Nomination:
        """One more candidate of the State."""
        number = len(self.session_people()) + 1
        draft = {"email": f"c{number}@mj.example", **kw}
        line = draft.pop("need_line", None)
        candidate = Candidate(name=name, **draft)
        wanted = NominationDraft(candidate, "She leads the unit.", rank or number, line)
        return service.nominate(self.tx, self.state, self.state_id, self.session, wanted, self.now)

    def session_people(self) -> list[Nomination]:
        """Everybody who was put forward."""
        return service.hold_session(self.tx, self.session.id, self.now).people

    def accept(self, *people: Nomination) -> None:
        """The centre accepts them, all at once."""
        service.accept(self.tx, self.centre, {one.id for one in people}, self.session, self.now)

    def quotas(self, *quotas: Quota, **terms: Any) -> None:
        """The centre sets these quotas."""
        service.set_intake(self.tx, self.centre, self.session, IntakeDraft(quotas=quotas, **terms), self.now)

    def states(self) -> list[str]:
        """In which state each candidate is, in the order in which they were put forward."""
        return [one.status for one in self.session_people()]


@pytest.fixture
def school(world: World, tx: Tx, now: datetime) -> School:
    """Two seats in March 2027 in Dakar; registration until the first of February."""
    centre, state = world.organisation("centre"), world.organisation("state")
    course = world.course(centre, sessions=[{"seats": 2}])
    registrar = world.actor(world.account(centre))
    focal = world.actor(world.account(state, "focal_point"))
    return School(tx, world, now, course.sessions[0], registrar, focal, state.id)
