"""The clock jumps a day back, and on again, under a running site: order is by sequence, and nothing is sent twice.

The site's own clock is moved inside its processes: under libfaketime 0.9.10 Python's sleep ends with an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from app.foundation.audit import AuditEvent
from app.foundation.audit.verify import verify
from app.foundation.outbox import OutboxRow
from tests.faults import checker
from tests.faults.conftest import KEY, Place
from tests.faults.hosts import wait_for
from tests.faults.letters import MailServer

pytestmark = [pytest.mark.slow, pytest.mark.one_engine, pytest.mark.at_length]


@pytest.fixture
def mails() -> Iterator[MailServer]:
    server = MailServer().start()
    yield server
    server.stop()


def test_a_jump_of_the_clock_keeps_order_and_repeats_nothing(
    mails: MailServer, place_on: Callable[..., Place], tmp_path: Path
) -> None:
    place = place_on("sqlite", writes=80, SMTP_URL=mails.url)
    place.site.stop()
    file = tmp_path / "clock"
    file.write_text("+0d\n")
    site = place.site
    site.environment["FAULTS_CLOCK"] = str(file)
    for part in site.parts:
        part.careless = "moved-clock"
    site.start()
    people = [place.person(role) for role in ("needs", "pledges", "nominations", "answers")]
    order = []
    for offset in ("+0d", "-1d", "+0d", "+2d", "-1d"):
        file.write_text(f"{offset}\n")
        for person in people:
            if offset == "+2d":
                # Two days later everybody has been signed out.
                continue
            person.one()
            order.append(person.account.entries[-1].marker)
        place.settle()
    assert len(place.account.acknowledged()) == len(order), dict(place.account.answers)
    in_order(place, order)
    wait_for(lambda: not unsent(place), "a mail waits for ever")
    faults = {**checker.kept(place.database, place.account), **checker.told(place.database)}
    assert not any(faults.values()), faults
    assert mails.taken, "no mail was sent at all"
    assert set(mails.taken.values()) == {1}


def in_order(place: Place, order: list[str]) -> None:
    """The chain stands, its sequence is the order in which things were written, and the times in it are not."""
    with place.database.reading() as tx:
        verdict = verify(tx, KEY, place.site.folder)
        assert verdict.is_whole, verdict.faults
        made = {
            ref: marker for role in checker.EVENTS for marker, ref, _told in checker.marked(tx, role)
        }  # fmt: skip
        actions = set(checker.EVENTS.values())
        events = tx.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
        by_sequence = [made[e.record_ref] for e in events if e.action in actions]
        assert by_sequence == order
        times = [event.happened_at for event in events if event.action in actions]
        assert times != sorted(times), "the clock did not jump"
        ids = tx.scalars(select(OutboxRow.id).order_by(OutboxRow.id)).all()
        assert list(ids) == sorted(ids)


def unsent(place: Place) -> int:
    return checker.mails_waiting(place.database)
