"""How long organisations take to answer: the figures, what they are made of, and who sees them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.foundation.days import after_working_days, working_days_between
from app.foundation.messages import msg
from app.nominations.answering_times import nominations_decided
from app.pledges.service import accept_pledge
from app.upkeep.response import queries
from app.upkeep.response.rules import at_share, times_of

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def after(days):
    return MONDAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("begin", "end", "days"),
    [(0, 0, 0), (0, 1, 1), (0, 4, 4), (0, 5, 4), (0, 7, 5), (4, 7, 1), (5, 6, 0), (0, 21, 15), (3, 1, 0)],
)  # fmt: skip
def test_working_days_between(begin, end, days):
    assert working_days_between(after(begin), after(end)) == days


def test_the_two_ways_of_counting_agree():
    for days in range(30):
        assert working_days_between(MONDAY, after_working_days(MONDAY, days)) == days


def test_figures_begin_with_three_answers():
    two = times_of([(1, MONDAY, after(1)), (1, MONDAY, after(2))], MONDAY)
    assert (two[0].answered, two[0].median, two[0].most) == (2, None, None)
    three = times_of([(1, MONDAY, after(days)) for days in (1, 2, 4)], MONDAY)
    assert (three[0].answered, three[0].median, three[0].most) == (3, 2, 4)


@pytest.mark.parametrize(
    ("days", "share", "found"),
    [([1], 0.9, 1), ([1, 2], 0.5, 1), (list(range(1, 11)), 0.9, 9), (list(range(1, 11)), 0.5, 5), ([1, 2, 3], 0.5, 2)],
)
def test_the_nearest_rank(days, share, found):
    assert at_share(days, share) == found


def test_who_waits_and_since_when():
    (times,) = times_of([(1, MONDAY, None), (1, after(2), None)], after(7))
    assert (times.waiting, times.oldest, times.answered) == (2, 5, 0)


def test_pledges_from_their_day_to_the_answer(tx, world, now):
    state, donor = world.organisation(), world.organisation("donor")
    need = world.need(state)
    answered = world.pledge(need, donor, status="pledged", posted_at=now - timedelta(days=3))
    world.pledge(need, donor, status="pledged", posted_at=now - timedelta(days=1))
    world.pledge(need, donor, status="withdrawn", posted_at=now)
    world.pledge(need, donor, status="interest", posted_at=now)
    accept_pledge(tx, world.actor(world.account(state)), answered, now)
    spans = sorted(queries.pledges_answered(tx, world.somebody("secretariat")), key=lambda span: span[1])
    assert spans == [(state.id, now - timedelta(days=3), now), (state.id, now - timedelta(days=1), None)]


def test_candidates_are_counted_by_centre_for_the_office_and_for_nobody_else(tx, world, now):
    centre = world.organisation("centre")
    session = world.course(centre, sessions=[{}]).sessions[0]
    world.nomination(session, world.organisation(), status="nominated")
    assert [span[0] for span in nominations_decided(tx, world.somebody("secretariat"))] == [centre.id]
    assert list(nominations_decided(tx, world.somebody("regional"))) == []


def test_one_more_kind_is_added_by_one_line(app, tx, world, now, monkeypatch):
    monkeypatch.setattr(queries, "_MEASURED", dict(queries._MEASURED))
    state = world.organisation()
    queries.register_clock("further", msg("Answers to pledges"), lambda _tx, _reader: [(state.id, now, None)])
    which = queries.measured()[-1]
    (row,) = queries.rows_of(tx, world.somebody("secretariat"), which, now)
    assert row.organisation.id == state.id


def test_a_desk_reads_of_its_members_alone_and_of_no_pledge_that_it_may_not_see(tx, world, now):
    member, stranger = world.organisation(country="SN"), world.organisation(country="BO")
    donor = world.organisation("donor")
    for state, tier in ((member, "public"), (stranger, "public"), (world.organisation(country="GH"), "own")):
        world.pledge(world.need(state), donor, status="pledged", posted_at=now, disclosure=tier)
    which = queries.Measured("pledges", msg("Answers to pledges"), queries.pledges_answered)
    desk, office = world.somebody("regional"), world.somebody("secretariat")
    assert [row.organisation.id for row in queries.rows_of(tx, desk, which, now)] == [member.id]
    assert len(queries.rows_of(tx, office, which, now)) == 3


def test_the_page_and_its_file(client, sign_in, world, now):
    donor = world.organisation("donor")
    state = world.organisation(name="Ministry of Waiting")
    world.pledge(world.need(state), donor, status="pledged", posted_at=now - timedelta(days=4))
    sign_in(client, world.account(world.organisation("secretariat")))
    text = client.get("/upkeep/response-times").text
    assert "Ministry of Waiting" in text
    assert "too few answers yet" in text
    assert "Ministry of Waiting" in client.get("/upkeep/response-times.csv").text
    assert client.get("/upkeep/response-times?what=nonsense").status_code == 200


@pytest.mark.parametrize("kind", ["donor", "state", "centre", "ngo"])
def test_it_is_nobody_elses_business(client, sign_in, world, kind):
    sign_in(client, world.account(world.organisation(kind)))
    assert client.get("/upkeep/response-times").status_code == 403
    assert client.get("/upkeep/response-times.csv").status_code == 403
