"""The queueing functions against values that can be reckoned by hand or looked up."""

import math

import pytest

from tests.benchmarks.whole.queues import circle, erlang_c, highest_rate, mean_response, response_quantile


@pytest.mark.parametrize(
    ("servers", "load", "chance"),
    [
        (1, 0.0, 0.0),
        (1, 0.5, 0.5),  # one server: the chance to wait is how busy it is
        (2, 1.0, 1 / 3),  # by hand: (1/2 * 2) / (1 + 1 + 1/2 * 2)
        (3, 2.0, 4 / 9),  # by hand: (8/6 * 3) / (1 + 2 + 2 + 8/6 * 3)
        (5, 4.0, 0.5541),  # tables of Erlang C
        (10, 8.0, 0.4092),
        (2, 2.0, 1.0),
        (2, 5.0, 1.0),
    ],
)
def test_erlang_c(servers, load, chance):
    assert erlang_c(servers, load) == pytest.approx(chance, abs=1e-4)


def test_many_servers_neither_overflow_nor_lose_digits():
    assert 0 < erlang_c(1000, 950.0) < 0.2
    assert erlang_c(500, 100.0) < 1e-100


@pytest.mark.parametrize(("servers", "load"), [(0, 0.5), (1, -0.1)])
def test_a_queue_without_server_is_refused(servers, load):
    with pytest.raises(ValueError, match="needs a server"):
        erlang_c(servers, load)


def test_one_server_half_busy_takes_twice_the_service():
    assert mean_response(1, 5.0, 0.1) == pytest.approx(0.2)
    # Always the same service halves the wait (Pollaczek and Khinchine).
    assert mean_response(1, 5.0, 0.1, variation=0.0) == pytest.approx(0.15)
    assert mean_response(1, 5.0, 0.1, variation=3.0) == pytest.approx(0.3)
    assert mean_response(2, 20.0, 0.1) == math.inf


def test_the_quantile_of_one_server_is_that_of_an_exponential():
    # M/M/1: the response is exponential with rate mu - lambda = 5.
    assert response_quantile(1, 5.0, 0.1, 0.95) == pytest.approx(math.log(20) / 5)
    assert response_quantile(4, 0.0, 0.1, 0.95) == pytest.approx(0.1 * math.log(20))
    assert response_quantile(1, 11.0, 0.1, 0.95) == math.inf


def test_the_highest_rate_is_where_the_quantile_meets_its_limit():
    rate = highest_rate(4, 0.1, 0.95, 0.5)
    assert response_quantile(4, rate, 0.1, 0.95) == pytest.approx(0.5)
    assert highest_rate(4, 1.0, 0.95, 0.5) == 0.0


def test_a_circle_of_one_never_waits():
    alone = circle(1, 1, 0.2, 0.8)
    assert alone.rate == pytest.approx(1.0)
    assert alone.mean == pytest.approx(0.2)
    assert alone.p95 == pytest.approx(0.2 * math.log(20))


def test_a_circle_of_two_at_one_server_by_hand():
    # Weights 1, 2 * s / z, 2 * (s / z)^2 with s = z: 1, 2, 2, so the server is busy for 4 parts of 5.
    two = circle(1, 2, 1.0, 1.0)
    assert two.rate == pytest.approx(0.8)
    assert two.mean == pytest.approx(1.5)
    # Of those who ask half find nobody, half one: the mean of their answers is 1 and 2.
    assert two.mean == pytest.approx((1 + 2) / 2)


def test_a_circle_without_pauses_keeps_every_server_busy():
    busy = circle(2, 8, 0.1, 0.0)
    assert busy.rate == pytest.approx(20.0)
    assert busy.mean == pytest.approx(0.4)


def test_the_quantile_of_a_circle_lies_beyond_its_mean_and_grows_with_the_crowd():
    few, many = circle(2, 4, 0.1, 0.5), circle(2, 32, 0.1, 0.5)
    assert few.mean < few.p95 < many.p95
    # With very many people the circle is as an open stream of the same rate that it cannot exceed.
    assert many.rate == pytest.approx(20.0, rel=0.01)


@pytest.mark.parametrize(("servers", "people"), [(0, 1), (1, 0)])
def test_a_circle_without_anybody_is_refused(servers, people):
    with pytest.raises(ValueError, match="needs a server"):
        circle(servers, people, 0.1, 0.1)
