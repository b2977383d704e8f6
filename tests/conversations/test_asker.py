"""Two worlds that differ only in who asked: for everybody but the two who might have, every answer is the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.models import Account
from app.conversations.clarifications import service
from app.conversations.clarifications.events import ClarificationAmended, ClarificationAnswered, ClarificationAsked
from app.conversations.clarifications.service import Words
from app.foundation.permissions import ANONYMOUS, Actor
from app.notifications.models import Notice
from app.notifications.reactions import tell_people
from tests.conversations.conftest import Square
from tests.leaks.compare import cleaned
from tests.notifications.mailbox import carried
from tests.pages import sign_in_with

SEALS = re.compile(rb"\b[0-9a-f]{64}\b")
# A database that counts on after what was rolled back gives the second world other numbers.
NUMBERS = re.compile(rb"/notices/\d+/")
PAGES = (
    "/needs/{need}", "/needs/{need}/history", "/clarifications/about/{need}", "/clarifications/{question}", "/desk",
    "/notices", "/organisations/{one}", "/search?q=second+visit", "/record",
)  # fmt: skip


@pytest.fixture
def readers(square: Square, new_client: Any) -> dict[str, tuple[Actor, Any]]:
    """Whoever might learn of it: the owner, a donor with a pledge, somebody of no side, the office, nobody."""
    people = {
        "owner": square.owner,
        "owner's member": square.world.actor(square.world.account(square.state, "member")),
        "pledger": square.askers[2],
        "stranger": square.world.somebody("centre"),
        "office": square.world.somebody("secretariat", "focal_point"),
    }
    square.world.pledge(square.need, square.donors[2])
    found: dict[str, tuple[Actor, Any]] = {"nobody": (ANONYMOUS, new_client())}
    for name, actor in people.items():
        client = new_client()
        sign_in_with(client, square.tx.get_one(Account, actor.account_id))
        found[name] = (actor, client)
    return found


def world_in_which(square: Square, app: Any, who: int, readers: dict[str, tuple[Actor, Any]]) -> Iterable[Any]:
    """Everything that anybody is shown and told, step by step, when that one of the donors asks."""
    site = app.extensions["counterpart"]

    def react(fact: Any) -> None:
        square.tx.flush()
        tell_people(site, [fact])(square.tx)

    asks = square.ask(who, text="Is the second visit paid for?")
    react(ClarificationAsked(asks.id))
    yield from seen(square, readers, asks)
    square.answer(asks)
    react(ClarificationAnswered(asks.id))
    yield from seen(square, readers, asks)
    service.amend(square.tx, square.owner, asks, Words("No, it is not.", "en"), None, square.now)
    react(ClarificationAmended(asks.id, 2))
    yield from seen(square, readers, asks)


def seen(square: Square, readers: dict[str, tuple[Actor, Any]], row: Any) -> Iterable[Any]:
    square.tx.flush()
    refs = {"need": square.need.ref, "question": row.ref, "one": square.donors[0].ref}
    for name, (actor, client) in readers.items():
        for page in PAGES:
            answer = cleaned(client.get(page.format(**refs), check=False))
            yield name, page, answer.status, NUMBERS.sub(b"/notices/*/", SEALS.sub(b"*", answer.body)), answer.headers
        yield name, "told", told(square, actor)


def told(square: Square, actor: Actor) -> Any:
    account = square.tx.get(Account, actor.account_id) if actor.account_id else None
    if account is None:
        return ()
    notices = square.tx.execute(select(Notice.cause, Notice.message).where(Notice.account_id == account.id)).all()
    mails = [cause for address, cause in carried(square.tx) if address == account.email]
    return sorted(map(str, notices)), sorted(map(str, mails))


def both(square: Square, app: Any, readers: Any, monkeypatch: Any) -> list[list[Any]]:
    worlds = []
    for who in (0, 1):
        numbers = count(2222)
        monkeypatch.setattr("app.foundation.db.new_reference", lambda prefix: f"{prefix}-{next(numbers)}-WRLD")  # noqa: B023
        point = square.tx.begin_nested()
        worlds.append(list(world_in_which(square, app, who, readers)))
        point.rollback()
        square.tx.expire_all()
    return worlds


def test_nobody_can_tell_who_asked(square, app, readers, monkeypatch):
    one, other = both(square, app, readers, monkeypatch)
    assert len(one) == len(other) == 3 * len(readers) * (len(PAGES) + 1)
    differing = [(a[0], a[1]) for a, b in zip(one, other, strict=True) if a != b]
    assert differing == []
    # And the question was there to be seen.
    assert any(b"second visit" in step[3] for step in one if step[0] == "nobody" and step[1] != "told")


def test_one_that_tells_would_be_found(square, app, readers, monkeypatch):
    asker = square.askers[0]
    few = {"asker": (asker, readers["nobody"][1]), "stranger": readers["stranger"]}
    one, other = both(square, app, few, monkeypatch)
    assert {a[0] for a, b in zip(one, other, strict=True) if a != b} == {"asker"}
