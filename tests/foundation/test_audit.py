"""The record that stands up: a chain for each day, in which nothing can be changed unseen."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

from sqlalchemy import select

from app.foundation import audit, migrate
from app.foundation.audit import AuditEvent, AuditHead, AuditOrigin, Origin, chain_hash, record_event
from app.foundation.audit.chain import come_from, origin_digest
from app.foundation.permissions import SYSTEM
from tests.factories import World


def events(tx):
    return tx.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()


def test_events_of_a_day_are_chained(world, tx, now):
    actor = world.somebody()
    need = world.need(world.organisation())
    audit.record_event(tx, actor, "need.posted", need, now)
    audit.record_event(tx, actor, "need.amended", need, now, {"fields": ["title"]})
    tx.flush()
    first, second = events(tx)
    assert (first.sequence, second.sequence) == (1, 2)
    assert first.previous_hash == ""
    assert second.previous_hash == first.hash == chain_hash(first)
    assert second.hash == chain_hash(second) == tx.get_one(AuditHead, now.date()).hash
    assert (first.record_kind, first.record_ref, first.organisation_id) == ("need", need.ref, need.organisation_id)
    assert first.account_id == actor.account_id


def test_events_of_many_records_are_chained_as_one_by_one(world, tx, now):
    needs = [world.need(world.organisation()) for _number in range(3)]
    audit.record_event(tx, SYSTEM, "need.posted", needs[0], now)
    audit.record_events(tx, SYSTEM, [audit.Entry("need.amended", need, {"place": need.id}) for need in needs], now)
    audit.record_events(tx, SYSTEM, [], now)
    audit.record_event(tx, SYSTEM, "need.closed", needs[0], now)
    tx.flush()
    tx.expire_all()
    found = events(tx)
    assert [event.sequence for event in found] == [1, 2, 3, 4, 5]
    assert [event.previous_hash for event in found] == ["", *(event.hash for event in found[:-1])]
    assert all(event.hash == chain_hash(event) for event in found)
    assert tx.get_one(AuditHead, now.date()).hash == found[-1].hash
    many = [(event.record_ref, event.organisation_id, event.details) for event in found[1:4]]
    assert many == [(need.ref, need.organisation_id, {"place": need.id}) for need in needs]


def test_events_of_many_records_say_each_from_where_they_came(world, tx, now):
    needs = [world.need(world.organisation()) for _number in range(2)]
    come_from(Origin("192.0.2.7", "asked"))
    try:
        audit.record_events(tx, SYSTEM, [audit.Entry("need.amended", need, {}) for need in needs], now)
    finally:
        come_from(None)
    tx.flush()
    found = events(tx)
    assert all(event.origin == origin_digest(tx.get_one(AuditOrigin, event.id)) for event in found)
    assert all(event.hash == chain_hash(event) for event in found)


def test_the_chain_begins_anew_each_day(world, tx, now):
    need = world.need(world.organisation())
    audit.record_event(tx, SYSTEM, "need.posted", need, now)
    audit.record_event(tx, SYSTEM, "need.amended", need, now + timedelta(days=1))
    tx.flush()
    assert [event.sequence for event in events(tx)] == [1, 1]


def test_a_changed_event_no_longer_has_its_hash(world, tx, now):
    need = world.need(world.organisation())
    audit.record_event(tx, SYSTEM, "need.posted", need, now, {"tier": "public"})
    tx.flush()
    tx.expire_all()
    (event,) = events(tx)
    assert chain_hash(event) == event.hash
    event.details = {"tier": "own"}
    assert chain_hash(event) != event.hash


def test_the_history_of_a_record_is_its_own_newest_first(world, tx, now):
    one, other = world.need(world.organisation()), world.need(world.organisation())
    for action, need in (("need.posted", one), ("need.posted", other), ("need.closed", one)):
        audit.record_event(tx, SYSTEM, action, need, now)
    tx.flush()
    assert [event.action for event in audit.history_of(tx, one.ref)] == ["need.closed", "need.posted"]


def test_those_who_begin_a_day_at_one_instant_follow_one_another(new_database, engine_name, now):
    database = new_database(engine_name)
    migrate.upgrade(database)
    with database.transaction() as tx:
        refs = [World(tx, now).organisation() for _number in range(6)]
    start, faults = Barrier(len(refs)), []

    def begin(record):
        start.wait()
        try:
            with database.transaction() as tx:
                record_event(tx, SYSTEM, "organisation.verified", record, now + timedelta(days=1))
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is one too many
            faults.append(fault)

    threads = [Thread(target=begin, args=(record,)) for record in refs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    with database.reading() as tx:
        tomorrow = select(AuditEvent).where(AuditEvent.day == now.date() + timedelta(days=1))
        events = tx.scalars(tomorrow.order_by(AuditEvent.sequence)).all()
    assert [event.sequence for event in events] == [1, 2, 3, 4, 5, 6]
    assert [event.previous_hash for event in events[1:]] == [event.hash for event in events[:-1]]
