"""What tests of lessons share: ties between lessons, made as their authors make them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from app.foundation.db import Tx
from app.lessons.models import Lesson
from app.lessons.standing.models import LessonTie
from app.lessons.standing.queries import Pair
from app.lessons.standing.service import declare_tie
from tests.factories import World

Ties = Callable[..., LessonTie]


@pytest.fixture
def tie(tx: Tx, world: World, now: datetime) -> Ties:
    """`tie(one, other, kind)`: an editor of the first one's organisation says how the two stand."""

    def declare(one: Lesson, other: Lesson, kind: str = "corroborates") -> LessonTie:
        author = world.actor(world.account(one.organisation))
        return declare_tie(tx, author, Pair(one, other), kind, "We saw the same in two ports.", now)

    return declare
