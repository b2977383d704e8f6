"""What nobody has confirmed in time stands lower in search and in matches, is found still, and can be left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.search.engine_types import EngineQuery, IndexDocument
from app.search.gathering import segment_of
from app.search.ranking import UNCONFIRMED

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def test_the_column_is_kept_in_the_index():
    document = IndexDocument(("need", 1), 1, ("a",), (), (), (), {}, is_public=True, confirm=739_000)
    assert segment_of([document]).plain["confirm"].tolist() == [739_000]


def test_a_query_without_a_day_takes_no_notice():
    assert EngineQuery().today == 0
    assert 0 < UNCONFIRMED < 1


@pytest.mark.parametrize(("due", "is_late"), [(TODAY - DAY, True), (TODAY, False), (None, False)])
def test_a_record_is_unconfirmed_the_day_after_its_day(world, due, is_late):
    need = world.need(world.organisation(), verify_by=due)
    assert need.is_unconfirmed(TODAY) is is_late
    need.status = "closed"
    assert not need.is_unconfirmed(TODAY)


def test_each_side_that_is_not_confirmed_lowers_the_score_of_a_pair():
    from app.matching.scoring import judge
    from app.matching.service import weights
    from tests.matching.test_scoring import ALIKE, NEED, OFFER

    scores = [
        judge(replace(NEED, is_unconfirmed=need), replace(OFFER, is_unconfirmed=offer), ALIKE, TODAY, weights()).score
        for need, offer in ((False, False), (False, True), (True, True))
    ]
    lost = weights()["match"]["unconfirmed"]
    assert scores[0] - scores[1] == pytest.approx(lost)
    assert scores[1] - scores[2] == pytest.approx(lost)


@pytest.mark.parametrize("kind", ["need", "programme", "course"])
def test_lists_can_be_narrowed_to_what_is_confirmed(client, world, kind):
    owner = world.organisation({"need": "state", "programme": "donor", "course": "centre"}[kind])
    make = getattr(world, kind)
    make(owner, title="Fresh one", verify_by=TODAY + DAY)
    make(owner, title="Stale one", verify_by=TODAY - DAY)
    text = client.get(f"/{kind}s?confirmed=yes").text
    assert "Fresh one" in text
    assert "Stale one" not in text
    assert "Stale one" in client.get(f"/{kind}s").text
