"""Several people at once: every page is answered, by the process that was there before."""

from __future__ import annotations

import http.client
import random
import threading
from collections import Counter
from contextlib import closing

import pytest

from app.config import Settings
from app.foundation.db import Database
from app.foundation.disclosure import readable
from app.foundation.permissions import ANONYMOUS
from app.needs.models import Need
from tests.running import RunningSite, serve

pytestmark = [pytest.mark.one_engine, pytest.mark.slow]

PEOPLE, PAGES = 6, 25
SEED = 4127


def addresses(site: RunningSite) -> list[str]:
    """Pages that many parts draw; needs most of all."""
    database = Database(Settings.from_environment(site.environment).database_url)
    with database.reading() as tx:
        refs = [need.ref for need in tx.scalars(readable(ANONYMOUS, Need))]
    database.close()
    needs = [f"/needs/{ref}" for ref in refs]
    return [*needs, *needs, *(f"{need}/matches" for need in needs), "/needs", "/search?q=judges&kind=training"]


def read(port: int, paths: list[str], person: int, seen: Counter[int | str]) -> None:
    """Read one page after the other as a browser does; each address is new, so that no page is given again."""
    source = random.Random(SEED + person)
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        for number in range(PAGES):
            path = source.choice(paths)
            mark = f"{'&' if '?' in path else '?'}asked={person}-{number}"
            headers = {"Host": f"localhost:{port}", "Accept-Encoding": "gzip, br"}
            try:
                connection.request("GET", path + mark, headers=headers)
                answer = connection.getresponse()
                answer.read()
                seen[answer.status] += 1
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                seen[type(error).__name__] += 1


def test_many_people_at_once_are_all_answered(at_rest):
    serve(at_rest)
    paths, seen = addresses(at_rest), Counter()
    port = int(at_rest.environment["PORT"])
    people = [threading.Thread(target=read, args=(port, paths, person, seen)) for person in range(PEOPLE)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert seen == {200: PEOPLE * PAGES}
    said = (at_rest.folder / "said.txt").read_text()
    assert "ended with" not in said, said
    assert "Unexpected exit" not in said, said
