"""What must hold after a fault: counted in the database, the index, the record of events and the mailbox alike.

Every figure of `faults` has to be 0. The same checks are run against careless variants of the site, and find them out.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.accounts.models import Membership
from app.conversations.clarifications.models import Answer, Clarification
from app.foundation import outbox
from app.foundation.audit import AuditEvent
from app.foundation.audit.verify import verify
from app.foundation.db import Database, Tx
from app.needs.models import Need
from app.nominations.models import Nomination
from app.notifications.models import Delivery, Mail, Notice
from app.notifications.rules import what_of
from app.organisations.models import Organisation
from app.pledges.models import Pledge
from app.search.engine import WhooshEngine
from app.search.verify import measure_drift
from tests.faults.writers import Account, Entry

NEWS = {"pledges": "pledge_made", "nominations": "nomination_made", "answers": "question_answered"}
EVENTS = {
    "needs": "need.posted", "pledges": "pledge.made", "nominations": "nomination.made",
    "answers": "clarification.answered",
}  # fmt: skip


# disclosure: the checks of this module look at their own world, whoever may see it.


def marked(tx: Tx, role: str) -> Iterator[tuple[str, str, int]]:
    """What was written in one way: the text that holds the marker, the record's reference, the organisation told."""
    if role == "needs":
        found = tx.execute(select(Need.title, Need.ref, Need.organisation_id))
    elif role == "pledges":
        found = tx.execute(select(Pledge.conditions, Pledge.ref, Pledge.need_organisation_id))
    elif role == "nominations":
        found = tx.execute(select(Nomination.email, Nomination.ref, Nomination.centre_id))
    else:
        asked = select(Answer.text, Clarification.ref, Clarification.asker_id).join(
            Clarification, Clarification.id == Answer.clarification_id
        )
        found = tx.execute(asked)
    for text, ref, told in found:
        if "zq" in text:
            yield marker_in(text), ref, told


def marker_in(text: str) -> str:
    """The marker of a writer in a text."""
    rest = text[text.index("zq") :]
    return rest[: len("zq00x00000x00000000")]


def kept(database: Database, account: Account) -> dict[str, int]:
    """What was acknowledged and is not there, or is there more than once; and what was given up and is there twice."""
    faults = Counter[str](lost=0, doubled=0)
    with database.reading() as tx:
        for role in EVENTS:
            there = Counter(marker for marker, _ref, _told in marked(tx, role))
            entries = [one for one in account.entries if one.role == role]
            faults["lost"] += sum(bool(one.led_to) and there[one.marker] == 0 for one in entries)
            faults["doubled"] += sum(max(0, there[one.marker] - 1) for one in entries)
    return dict(faults)


def lost(database: Database, account: Account) -> list[Entry]:
    """Which acknowledged entries are not there."""
    with database.reading() as tx:
        there = {marker for role in EVENTS for marker, _ref, _told in marked(tx, role)}
    return [one for one in account.acknowledged() if one.marker not in there]


def recorded(database: Database, folder: Path, key: str) -> dict[str, int]:
    """Records without their one event, events without their record, and whether the chain stands."""
    faults = Counter[str](moves_without_one_event=0, events_without_record=0)
    with database.reading() as tx:
        for role, action in EVENTS.items():
            refs = {ref for _marker, ref, _told in marked(tx, role)}
            query = select(AuditEvent.record_ref, func.count()).where(AuditEvent.action == action)
            events = Counter({str(ref): int(count) for ref, count in tx.execute(query.group_by(AuditEvent.record_ref))})
            faults["moves_without_one_event"] += sum(events[ref] != 1 for ref in refs)
            faults["events_without_record"] += len(events.keys() - refs)
        faults["chain"] = len(verify(tx, key, folder).faults)
    return dict(faults)


def told(database: Database) -> dict[str, int]:
    """Notices that are missing, or there twice, for whoever was to be told."""
    faults = Counter[str](notices_missing=0, notices_doubled=0)
    with database.reading() as tx:
        people: dict[int, list[int]] = {}
        for account_id, organisation_id in tx.execute(select(Membership.account_id, Membership.organisation_id)):
            people.setdefault(organisation_id, []).append(account_id)
        there = Counter(
            (what_of(cause), ref, account_id)
            for cause, ref, account_id in tx.execute(select(Notice.cause, Notice.record_ref, Notice.account_id))
        )
        for role, what in NEWS.items():
            wanted = {(what, ref, one) for _marker, ref, org in marked(tx, role) for one in people.get(org, ())}
            faults["notices_missing"] += sum(key not in there for key in wanted)
            faults["notices_doubled"] += sum(max(0, there[key] - 1) for key in wanted)
        causes = select(func.count()).select_from(Notice)
        unique = select(func.count()).select_from(select(Notice.account_id, Notice.cause).distinct().subquery())
        faults["notices_doubled"] += (tx.scalar(causes) or 0) - (tx.scalar(unique) or 0)
    return dict(faults)


def mailed(database: Database, taken: Mapping[str, int], kills: int) -> dict[str, int]:
    """Mails marked as sent that never came, that came without being known, or more often than kills can explain."""
    with database.reading() as tx:
        sent = set(tx.scalars(select(Mail.message_id).where(Mail.sent_at.is_not(None))))
        known = set(tx.scalars(select(Mail.message_id)))
        unsent = len(tx.scalars(select(Mail.id).where(Mail.sent_at.is_(None), Mail.body != "")).all())
        in_two = tx.scalar(
            select(func.count()).select_from(
                select(Delivery.notice_id)
                .group_by(Delivery.notice_id, Delivery.channel)
                .having(func.count() > 1)
                .subquery()
            )
        )
    repeated = sum(count - 1 for count in taken.values())
    return {
        "mails_lost": len(sent - taken.keys()) + unsent,
        "mails_unknown": len(taken.keys() - known),
        "mails_repeated_without_a_kill": max(0, repeated - kills),
        "news_in_two_mails": in_two or 0,
    }


def index_faults(database: Database, folder: Path, patience: float) -> tuple[dict[str, int], float]:
    """How far the index is from the database once it has had time to follow by itself, and how long it took."""
    engine, began = WhooshEngine(folder), time.monotonic()
    while True:
        drift = measure_drift(database, engine)
        took = time.monotonic() - began
        if drift.is_none or took > patience:
            engine.close()
            return {"index_differs": len(drift.keys) + int(drift.is_broken)}, took
        time.sleep(0.2)


def oversold(database: Database) -> dict[str, int]:
    """Lines of needs of which more was accepted than asked: none of what the writers do may lead there."""
    from app.pledges.queries import coverage_of

    over = 0
    with database.reading() as tx:
        for need in tx.scalars(select(Need).where(Need.id.in_(select(Pledge.need_id)))):
            over += sum(cover.counted > cover.needed for cover in coverage_of(tx, need).values())
    return {"over_pledged": over}


def waiting(database: Database) -> tuple[int, int]:
    """Facts that wait, and facts that were given up."""
    with database.reading() as tx:
        return outbox.count_waiting(tx), outbox.count_given_up(tx)


def worked_off(database: Database, patience: float) -> None:
    """Wait until the worker has caught up with the writers, however long it takes; fails where it does not go on."""
    fewest, since = waiting(database)[0], time.monotonic()
    while fewest:
        left = waiting(database)[0]
        if left < fewest:
            fewest, since = left, time.monotonic()
        assert time.monotonic() - since < patience, f"the worker does not go on: {left} facts wait"
        time.sleep(0.05)


def mails_waiting(database: Database) -> int:
    """Mails that are still to be sent or tried again."""
    with database.reading() as tx:
        return tx.scalar(select(func.count()).select_from(Mail).where(Mail.sent_at.is_(None), Mail.attempts < 8)) or 0


def work_done_since(database: Database, instant: float) -> bool:
    """Whether a worker has finished something since then (seconds since 1970)."""
    since = datetime.fromtimestamp(instant, UTC)
    with database.reading() as tx:
        row = outbox.OutboxRow
        return (
            tx.scalars(select(row.id).where(row.done_at.is_not(None), row.done_at > since).limit(1)).first() is not None
        )


def organisations(tx: Tx) -> Iterable[Any]:
    """All of them."""
    return tx.scalars(select(Organisation))
