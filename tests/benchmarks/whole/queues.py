"""Queues, as pure functions: how long one waits for one of several servers, in an open stream and in a closed circle.

Times are in seconds, rates in requests a second. A web process counts as one server: Python works on one request of a
process at a time.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

ENOUGH = 80
"""Steps of halving an interval: far beyond what a number holds."""


def erlang_c(servers: int, load: float) -> float:
    """The chance that somebody has to wait: `load` is the arrival rate times the mean service time, in servers.

    Raises:
        ValueError: there is no server, or a load below nothing.
    """
    if servers < 1 or load < 0:
        raise ValueError("a queue needs a server and a load that is not negative")
    if load >= servers:
        return 1.0
    # Erlang B by recursion, which neither overflows nor loses digits; then C from B.
    blocked = 1.0
    for number in range(1, servers + 1):
        blocked = load * blocked / (number + load * blocked)
    return servers * blocked / (servers - load * (1 - blocked))


def mean_response(servers: int, rate: float, service: float, variation: float = 1.0) -> float:
    """Mean seconds from asking to the answer; endless where more comes in than can be done.

    `variation` is the squared coefficient of variation of the service time; 1 is exponential (M/M/c), anything else
    scales the wait as Allen and Cunneen do.
    """
    load = rate * service
    if load >= servers:
        return math.inf
    wait = erlang_c(servers, load) * service / (servers - load)
    return service + wait * (1 + variation) / 2


def response_quantile(servers: int, rate: float, service: float, share: float, variation: float = 1.0) -> float:
    """The seconds within which such a share of the answers comes (0.95: the 95th percentile)."""
    load = rate * service
    if load >= servers:
        return math.inf
    waits = erlang_c(servers, load)
    # Whoever waits does so exponentially; with varied services at the pace that keeps the mean of Allen and Cunneen.
    leaving = (servers - load) / service * 2 / (1 + variation)
    return _solve(lambda moment: _later(moment, 1 / service, leaving, waits), 1 - share, service)


def _later(moment: float, serving: float, leaving: float, waits: float) -> float:
    """The chance that an answer takes longer: served at once, or after an exponential wait."""
    at_once = math.exp(-serving * moment)
    if abs(serving - leaving) < 1e-9 * serving:
        both = (1 + serving * moment) * at_once
    else:
        both = (leaving * at_once - serving * math.exp(-leaving * moment)) / (leaving - serving)
    return (1 - waits) * at_once + waits * both


def _solve(chance: Callable[[float], float], wanted: float, scale: float) -> float:
    low, high = 0.0, scale
    while chance(high) > wanted:
        low, high = high, high * 2
    for _step in range(ENOUGH):
        middle = (low + high) / 2
        low, high = (middle, high) if chance(middle) > wanted else (low, middle)
    return high


def highest_rate(servers: int, service: float, share: float, limit: float, variation: float = 1.0) -> float:
    """The highest rate at which such a share of the answers comes within `limit` seconds; 0 where none does."""
    if response_quantile(servers, 0.0, service, share, variation) > limit:
        return 0.0
    low, high = 0.0, servers / service
    for _step in range(ENOUGH):
        middle = (low + high) / 2
        fits = response_quantile(servers, middle, service, share, variation) <= limit
        low, high = (middle, high) if fits else (low, middle)
    return low


@dataclass(frozen=True)
class Circle:
    """What a closed circle settles at: requests a second, mean seconds of an answer, its 95th percentile."""

    rate: float
    mean: float
    p95: float


def circle(servers: int, people: int, service: float, think: float) -> Circle:
    """So many people who ask, read for `think` seconds and ask again: the machine repairman.

    Raises:
        ValueError: there is nobody, or no server.
    """
    if servers < 1 or people < 1:
        raise ValueError("a circle needs a server and somebody who asks")
    shares = _states(servers, people, service, think)
    busy = sum(share * min(number, servers) for number, share in enumerate(shares))
    rate = busy / service
    mean = people / rate - think
    # Whoever asks finds the circle as it would be without her.
    found = _states(servers, people - 1, service, think)
    p95 = _solve(lambda moment: _found_later(moment, found, servers, 1 / service), 0.05, service)
    return Circle(rate, mean, p95)


def _states(servers: int, people: int, service: float, think: float) -> list[float]:
    """The chance that so many people wait for an answer or are being answered, for each number from 0 up."""
    if think == 0:
        return [0.0] * people + [1.0]
    weights = [1.0]
    for number in range(1, people + 1):
        coming = (people - number + 1) / think
        weights.append(weights[-1] * coming * service / min(number, servers))
    total = sum(weights)
    return [weight / total for weight in weights]


def _found_later(moment: float, found: list[float], servers: int, serving: float) -> float:
    """The chance that an answer takes longer than `moment`, given how many are found before."""
    total = 0.0
    for number, share in enumerate(found):
        before = max(0, number - servers + 1)
        total += share * _stages(moment, before, servers * serving, serving)
    return total


def _stages(moment: float, before: int, leaving: float, serving: float) -> float:
    """The chance that so many departures, one after the other, and then one's own service take longer than `moment`."""
    own = math.exp(-serving * moment)
    if not before:
        return own
    if abs(leaving - serving) < 1e-12 * serving:
        return _poisson_below(before + 1, serving * moment)
    # The departures are over in Erlang time; the rest is exponential: the usual convolution, in closed form.
    factor = (leaving / (leaving - serving)) ** before
    within = 1 - _poisson_below(before, (leaving - serving) * moment)
    return _poisson_below(before, leaving * moment) + factor * own * within


def _poisson_below(count: int, mean: float) -> float:
    term = total = math.exp(-mean)
    for number in range(1, count):
        term *= mean / number
        total += term
    return min(1.0, total)
