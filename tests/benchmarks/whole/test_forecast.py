"""The forecast against small sites that can be reckoned by hand."""

import math
from dataclasses import replace

import pytest

from tests.benchmarks.whole import forecast
from tests.benchmarks.whole.forecast import Assumptions, Growth, Line, Site, demand, fitted, full_at, needs, straight

FLAT = Growth(100.0, 10.0, 0.0)
PAGES = (*forecast.MIX, "post_form", "post_sent")


@pytest.fixture
def flat():
    """A site on which everything takes 10 ms of the web process and 5 of the database, whatever is there."""
    web, database = dict.fromkeys(PAGES, FLAT), dict.fromkeys(PAGES, replace(FLAT, value=5.0))
    megabytes = Line(100.0, 0.0)
    return Site(
        "sqlite", web, database, replace(FLAT, value=100.0), Line(0.0, 5000.0), Line(0, 1000), megabytes, megabytes
    )


def test_demand_by_hand():
    said = Assumptions(visits_a_day=1, pages_of_a_visit=9, visits_of_others_a_day=1, pages_of_others=1, busy_hour=0.36)
    asked = demand(1000, said)
    # 1,000 accounts * 10 pages * 0.36 in an hour of 3,600 seconds.
    assert asked.pages == pytest.approx(1.0)
    assert asked.posts == pytest.approx(0.1 / 21)
    assert asked.facts == pytest.approx(0.4 / 21)
    assert asked.requests == pytest.approx(1.0 + 0.2 / 21)


def test_a_growth_goes_through_both_measurements():
    growth = fitted((10_000, 20.0), (100_000, 40.0))
    assert growth.power == pytest.approx(math.log10(2))
    assert growth(10_000) == pytest.approx(20.0)
    assert growth(1_000_000) == pytest.approx(80.0)


def test_what_grew_smaller_does_not_grow_and_is_not_hoped_to_shrink():
    growth = fitted((10_000, 20.0), (100_000, 19.0))
    assert growth(10_000_000) == pytest.approx(20.0)


@pytest.mark.parametrize("points", [((10, 1.0), (10, 2.0)), ((10, 0.0), (100, 1.0)), ((100, 1.0), (10, 1.0))])
def test_no_growth_without_two_sizes(points):
    with pytest.raises(ValueError, match="two sizes"):
        fitted(*points)


def test_a_line_goes_through_both_measurements():
    line = straight((10, 200.0), (110, 300.0))
    assert line(10) == pytest.approx(200.0)
    assert line(1010) == pytest.approx(1200.0)


def test_service_and_needs_by_hand(flat):
    said = Assumptions()
    one = forecast.service(flat, 1000, said)
    assert one.mean == pytest.approx(0.01)
    assert one.database == pytest.approx(0.005)
    # Every page the same mean: no more varied than exponential.
    assert one.variation == pytest.approx(1.0)
    wanted, asked = needs(flat, 1000, said), demand(1000, said)
    assert wanted.web_cores == pytest.approx(asked.requests * 0.01)
    assert wanted.worker_cores == pytest.approx(asked.facts * 0.1)
    assert wanted.database_gb == pytest.approx(1000 * 100 * 5000 / 1e9)


def test_a_part_is_full_where_its_figure_meets_its_limit(flat):
    said = Assumptions()
    accounts = full_at(flat, "one web process", said)
    assert needs(flat, accounts, said).web_cores == pytest.approx(forecast.MOST_BUSY, rel=1e-6)
    assert full_at(flat, "sixteen web processes", said) == pytest.approx(16 * accounts, rel=1e-6)
    assert full_at(flat, "8 GB of memory for one web process", said) == math.inf


def test_more_processes_answer_sooner_and_too_few_never(flat):
    said = Assumptions()
    accounts = full_at(flat, "one web process", said) * 2.9
    times = [forecast.page_times(flat, accounts, processes, said)[1] for processes in (1, 3, 16)]
    assert times[0] == math.inf
    assert times[1] > times[2] > 0.01
    count = forecast.processes_for(flat, accounts, said)
    assert count == 3
    assert forecast.page_times(flat, accounts, count, said)[1] <= forecast.PATIENCE_S


def test_no_number_of_processes_mends_a_page_that_is_itself_too_slow(flat):
    slow = replace(flat, web=dict.fromkeys(PAGES, replace(FLAT, value=2000.0)))
    assert forecast.processes_for(slow, 100, Assumptions()) is None


def test_two_sizes_are_needed():
    assert forecast.site_from([], "sqlite") is None


def measured(records, ms, **more):
    pages = {name: {"cpu_ms": ms, "database_ms": 0.0} for name in PAGES}
    megabytes = 100.0 + records / 1000
    sizes = {"index": records * 10, "database": records * 100}
    return {
        "records": records, "engine": "sqlite", "processes": 1, "pages": pages, "bytes": sizes,
        "memory_mb": [megabytes, 20.0], "worker": {"cpu_ms": ms, "memory_mb": megabytes}, **more,
    }  # fmt: skip


def test_each_figure_is_taken_from_the_two_largest_sizes_at_which_it_was_measured():
    large = measured(100_000, 40.0, bytes={"database": 10**7}, worker={"cpu_ms": 0.0, "memory_mb": 0}, memory_mb=[])
    del large["pages"]["search"]
    site = forecast.site_from([large, measured(1000, 10.0), measured(10_000, 20.0)], "sqlite")
    assert site.web["list"](100_000) == pytest.approx(40.0)
    assert site.web["search"](10_000) == pytest.approx(20.0)
    assert site.web["search"](1000) == pytest.approx(10.0)
    assert site.fact(1000) == pytest.approx(10.0)
    assert site.index_bytes(10_000_000) == pytest.approx(10**8)
    assert site.memory(10_000) == pytest.approx(110.0)
    assert site.database["list"](10**7) == 0.0


def test_without_two_sizes_there_is_no_forecast():
    assert forecast.site_from([measured(1000, 10.0)], "sqlite") is None
    assert forecast.site_from([measured(1000, 10.0), measured(10_000, 20.0)], "postgresql") is None
