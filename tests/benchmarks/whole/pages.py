"""The pages that are measured, each with the addresses that are asked in turn and who asks."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count, cycle
from typing import Any
from urllib.parse import quote_plus, urlencode

from sqlalchemy import select

from app.foundation.db import Database
from app.matching.models import Match
from app.needs.models import Need
from app.programmes.models import Programme
from tests.benchmarks.desk_bench import PROBLEM
from tests.benchmarks.search_bench import page_questions
from tests.benchmarks.visitor import PATIENCE_S, Visitor
from tests.benchmarks.whole.rows import DONOR, OFFICIAL
from tests.factories import PASSWORD

SEED, ADDRESSES, FEW = 496, 60, 10
AGAIN = ("home_again", "list_again", "need_again", "search_again")
KEPT_S = 3.0
AS_BROWSERS_DO = {"Accept-Encoding": "gzip, deflate, br"}
TARGETS: dict[str, float] = {
    "list": 3, "list_again": 3, "list_filtered": 3, "need": 3, "need_again": 3, "desk_official": 3, "desk_donor": 3,
    "programmes": 3, "courses": 3, "lessons": 3, "seats": 3, "search": 6, "search_again": 6, "post_form": 4,
    "post_sent": 4,
}  # fmt: skip
"""How many bare pages each may cost at 100,000 records."""
NAMES = {
    "home": "home",
    "home_again": "home, nothing changed since it was drawn",
    "list": "list of needs",
    "list_again": "list of needs, nothing changed",
    "list_filtered": "list of needs, two filters",
    "programmes": "list of programmes",
    "courses": "list of courses",
    "lessons": "list of lessons",
    "seats": "list of free seats",
    "calendar": "calendar of courses, one month",
    "gaps": "what is asked and offered, by theme and country",
    "who": "who does what",
    "flows": "flows of money",
    "timeline": "timeline",
    "radar": "radar",
    "need": "need",
    "need_again": "need, nothing changed",
    "matches": "matches of a need",
    "desk_official": "desk of a focal point",
    "desk_donor": "desk of a donor",
    "search": "search, two or three words and a filter",
    "search_again": "the same search, nothing changed",
    "post_form": "the form to post a need",
    "post_sent": "a need posted, acknowledged",
}


@dataclass
class Caller:
    """A browser that keeps its connections open, one for each web process so that all of them are asked."""

    port: int
    connections: int
    cookies: str = ""
    received: int = 0
    asked_at: float = 0.0

    def __post_init__(self) -> None:
        self.lines = [HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S) for _n in range(self.connections)]
        self.turns = cycle(self.lines)

    def ask(self, path: str, body: str | None = None) -> int:
        """Ask for a page and read it whole; the status of the answer."""
        line = next(self.turns)
        if time.monotonic() - self.asked_at > KEPT_S:
            # The server hangs up on a line that rests; the next request opens it anew.
            self.close()
        self.asked_at = time.monotonic()
        headers = {"Host": f"localhost:{self.port}", "Cookie": self.cookies, **AS_BROWSERS_DO}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://localhost:{self.port}"}
        line.request("GET" if body is None else "POST", path, body, headers)
        answer = line.getresponse()
        self.received += len(answer.read())
        return answer.status

    def close(self) -> None:
        """Hang up."""
        for line in self.lines:
            line.close()


@dataclass(frozen=True)
class Measured:
    """One page: its name, and what asks for it once more."""

    name: str
    act: Callable[[], None]


class Unexpected(RuntimeError):
    """A page was not answered as it should be: a quick wrong answer is no figure."""


def addresses(database_url: str) -> dict[str, list[str]]:
    """The addresses of each page that anybody may see, drawn from what is there."""
    source = random.Random(SEED)
    database = Database(database_url)
    try:
        with database.reading() as tx:
            # disclosure: public records alone, of the benchmark's own site.
            matched = select(Match.need_id).where(Match.gate == "match")
            query = select(Need.ref, Need.id).where(Need.disclosure == "public", Need.id.in_(matched))
            needs = [ref for ref, _number in tx.execute(query.order_by(Need.id).limit(2000))]
            places = list(tx.scalars(select(Programme.title).limit(1)))
    finally:
        database.close()
    if not needs or not places:
        raise Unexpected("the database has no needs with matches")
    chosen = source.sample(needs, min(ADDRESSES, len(needs)))
    return {
        "home": ["/"],
        "list": ["/needs", *(f"/needs?page={page}" for page in range(2, 6))],
        **{name: [f"/{name}", *(f"/{name}?page={page}" for page in range(2, 6))] for name in OTHER_LISTS},
        "calendar": ["/courses/calendar"],
        "gaps": ["/overview"],
        **{name: [f"/overview/{name}"] for name in PICTURES},
        "list_filtered": [f"/needs?theme={theme}&kind={kind}" for theme in THEMES for kind in KINDS],
        "need": [f"/needs/{ref}" for ref in chosen],
        "matches": [f"/needs/{ref}/matches" for ref in chosen],
        "search": list(_searches()),
    }


OTHER_LISTS = ("programmes", "courses", "lessons", "seats")
PICTURES = ("who", "flows", "timeline", "radar")
THEMES = ("prisons", "judicial_process", "asset_recovery", "border_control")
KINDS = ("training", "mentoring", "equipment")


def _searches() -> Iterator[str]:
    for asked in page_questions(ADDRESSES):
        name, value = next(iter(asked.filters.items()))
        yield f"/search?q={quote_plus(asked.text)}&{urlencode({name: value})}"


def measured_pages(port: int, connections: int, database_url: str) -> tuple[list[Measured], list[Caller]]:
    """Every page with whoever asks for it."""
    anybody = Caller(port, connections)
    official, donor = _signed_in(port, connections, OFFICIAL), _signed_in(port, connections, DONOR)
    paths = addresses(database_url)
    found = [Measured(name, _in_turn(anybody, many, anew=True)) for name, many in paths.items()]
    found += [Measured(name, _in_turn(anybody, paths[name.removesuffix("_again")][:FEW])) for name in AGAIN]
    found += [
        Measured("desk_official", _in_turn(official, ["/desk"])),
        Measured("desk_donor", _in_turn(donor, ["/desk"])),
        Measured("post_form", _in_turn(official, ["/needs/new"])),
        Measured("post_sent", posting(port, official)),
    ]
    return found, [anybody, official, donor]


def _signed_in(port: int, connections: int, email: str) -> Caller:
    visitor = Visitor(f"http://localhost:{port}")
    visitor.sign_in(email, PASSWORD)
    return Caller(port, connections, cookies_of(visitor))


def cookies_of(visitor: Visitor) -> str:
    """The cookies of a browser as it sends them."""
    return "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())


def drawn_anew(path: str, number: int) -> str:
    """The address of the same page, as nobody has asked for it: pages for anybody are kept by their whole address."""
    return f"{path}{'&' if '?' in path else '?'}asked={number}"


def _in_turn(caller: Caller, paths: Sequence[str], *, anew: bool = False) -> Callable[[], None]:
    turns, numbers = cycle(paths), count()

    def act() -> None:
        path = drawn_anew(next(turns), next(numbers)) if anew else next(turns)
        status = caller.ask(path)
        if status != 200:
            raise Unexpected(f"{path} was answered {status}")

    return act


def posting(port: int, official: Caller) -> Callable[[], None]:
    """What sends a need, a different one each time; the form is fetched once and its key is made anew."""
    visitor = Visitor(f"http://localhost:{port}", dict(_pairs(official.cookies)))
    fields = visitor.form("/needs/new", "need-form")
    # The form's protection is bound to the cookie that came with it.
    official.cookies = cookies_of(visitor)
    source, numbers = random.Random(SEED), iter(range(10**9))

    def act() -> None:
        number = next(numbers)
        typed: dict[str, Any] = {**_typed(number, source), "form_key": f"bench{number:011d}"}
        kept = [(name, value) for name, value in fields if name not in typed]
        many = [(name, one) for name, given in typed.items() for one in (given if isinstance(given, list) else [given])]
        status = official.ask("/needs/new", urlencode([*kept, *many]))
        if status != 303:
            raise Unexpected(f"a need that was posted was answered {status}")

    return act


def _typed(number: int, source: random.Random) -> dict[str, Any]:
    theme = source.choice(THEMES)
    title = f"Training of {40 + number} officials in {theme.replace('_', ' ')} ({source.randrange(10**6)})"
    return {
        "language": "en", "title": title, "problem": f"{title}. {PROBLEM}", "themes": [theme],
        "lines-0-kind": "training", "lines-0-quantity": "40", "lines-0-unit": "participants",
        "lines-0-description": title, "delivery_languages": ["fr", "en"], "guard-anyway": "1",
    }  # fmt: skip


def _pairs(cookies: str) -> Iterator[tuple[str, str]]:
    for one in cookies.split("; "):
        name, _equals, value = one.partition("=")
        yield name, value
