"""Whoever changes the past of the record is found out: by the chain, by its signed heads, or by the notes of these."""

from __future__ import annotations

import json
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import delete, select, update

from app.foundation.audit import AuditEvent, AuditHead, AuditOrigin, chain_hash, record_event
from app.foundation.audit.chain import Origin, come_from
from app.foundation.audit.seals import NOTEBOOK, note, sign_heads
from app.foundation.audit.verify import verify
from app.foundation.permissions import SYSTEM

KEY = "the key of the tests, long enough to be one"
NEED = SimpleNamespace(ref="N-TEST", record_kind="need", organisation_id=None, version=1)


@pytest.fixture
def record(tx, now, tmp_path):
    """Three days with three events each, all signed and noted; the last event says where it came from."""
    for day in range(3):
        for number in range(3):
            record_event(tx, SYSTEM, f"need.step{number}", NEED, now + timedelta(days=day, minutes=number))
        note(tmp_path, sign_heads(tx, KEY, now + timedelta(days=day, hours=1)))
    come_from(Origin("192.0.2.7", "request-1"))
    record_event(tx, SYSTEM, "need.viewed", NEED, now + timedelta(days=2, hours=2))
    come_from(None)
    note(tmp_path, sign_heads(tx, KEY, now + timedelta(days=2, hours=3)))
    tx.flush()
    return tx


def faults(tx, folder, key=KEY):
    tx.flush()
    tx.expire_all()
    return verify(tx, key, folder).faults


def rehash(tx):
    """What somebody does who knows the code: every hash and every head made to fit again."""
    before: dict[date, AuditEvent] = {}
    for event in tx.scalars(select(AuditEvent).order_by(AuditEvent.day, AuditEvent.sequence)):
        last = before.get(event.day)
        event.sequence = last.sequence + 1 if last else 1
        event.previous_hash = last.hash if last else ""
        event.hash = chain_hash(event)
        before[event.day] = event
        head = tx.get_one(AuditHead, event.day)
        head.sequence, head.hash = event.sequence, event.hash
    tx.flush()


def test_an_untouched_record_is_whole(record, tmp_path):
    verdict = verify(record, KEY, tmp_path)
    assert (verdict.events, verdict.days, verdict.signatures, verdict.faults) == (10, 3, 3, [])
    assert len((tmp_path / NOTEBOOK).read_text().splitlines()) == 4


CHANGES = (
    {"action": "need.other"},
    {"account_id": 7},
    {"organisation_id": 7},
    {"record_kind": "programme"},
    {"record_ref": "N-ELSE"},
    {"record_version": 9},
    {"details": {"tier": "public"}},
    {"origin": "0" * 64},
)
HASHES = ({"previous_hash": "0" * 64}, {"hash": "0" * 64})
"""What making the hashes fit again would undo."""


@pytest.mark.parametrize(
    ("change", "fits_again"),
    [*((change, fits) for change in CHANGES for fits in (False, True)), *((change, False) for change in HASHES)],
)
def test_a_changed_event_is_found(record, tmp_path, change, fits_again):
    event = record.scalars(select(AuditEvent).order_by(AuditEvent.id).offset(4)).first()
    record.execute(update(AuditEvent).where(AuditEvent.id == event.id).values(**change))
    record.expire_all()
    if fits_again:
        rehash(record)
    assert faults(record, tmp_path)


def test_a_changed_hour_is_found(record, tmp_path):
    event = record.scalars(select(AuditEvent).order_by(AuditEvent.id)).first()
    event.happened_at += timedelta(seconds=1)
    assert faults(record, tmp_path)


@pytest.mark.parametrize("place", range(10))
@pytest.mark.parametrize("fits_again", [False, True])
def test_an_event_taken_out_is_found(record, tmp_path, place, fits_again):
    event = record.scalars(select(AuditEvent).order_by(AuditEvent.id).offset(place)).first()
    record.execute(delete(AuditOrigin).where(AuditOrigin.event_id == event.id))
    record.delete(event)
    record.flush()
    if fits_again:
        rehash(record)
    assert faults(record, tmp_path)


@pytest.mark.parametrize("fits_again", [False, True])
def test_an_event_put_in_is_found(record, tmp_path, now, fits_again):
    one = record.scalars(select(AuditEvent).order_by(AuditEvent.id)).first()
    values = {c.key: getattr(one, c.key) for c in AuditEvent.__table__.columns if c.key != "id"}
    record.add(AuditEvent(**{**values, "sequence": 4, "action": "need.invented"}))
    record.flush()
    if fits_again:
        rehash(record)
    assert faults(record, tmp_path)


@pytest.mark.parametrize("day", range(3))
def test_a_whole_day_taken_out_is_found(record, tmp_path, now, day):
    """Also the last one: its signature stands in the notes."""
    gone = now.date() + timedelta(days=day)
    record.execute(delete(AuditOrigin))
    record.execute(delete(AuditEvent).where(AuditEvent.day == gone))
    record.execute(delete(AuditHead).where(AuditHead.day == gone))
    assert faults(record, tmp_path)


def test_signatures_made_with_another_key_are_found(record, tmp_path, now):
    record.execute(update(AuditHead).values(signed_sequence=0, signature=""))
    record.expire_all()
    sign_heads(record, "a key that somebody made up", now + timedelta(days=3))
    assert faults(record, tmp_path)


def test_changed_and_unreadable_notes_are_found(record, tmp_path):
    path = tmp_path / NOTEBOOK
    lines = path.read_text().splitlines()
    path.write_text("\n".join([json.dumps({**json.loads(lines[0]), "sequence": 2}), *lines[1:]]))
    assert len(faults(record, tmp_path)) == 1
    path.write_text("nonsense\n")
    assert faults(record, tmp_path) == ["the notes of the signatures cannot be read"]


def test_an_origin_may_be_erased_and_not_replaced(record, tmp_path):
    origin = record.scalars(select(AuditOrigin)).one()
    assert origin.address == "192.0.2.7"
    origin.address = "198.51.100.1"
    assert len(faults(record, tmp_path)) == 1
    record.execute(delete(AuditOrigin))
    assert faults(record, tmp_path) == []


def test_after_a_clock_went_back_the_newest_day_goes_on(record, tmp_path, now):
    record_event(record, SYSTEM, "need.late", NEED, now)
    record.flush()
    last = record.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (last.day, last.happened_at) == (now.date() + timedelta(days=2), now)
    assert faults(record, tmp_path) == []


def test_a_head_is_signed_after_a_pause_alone(record, now):
    later = now + timedelta(days=2, hours=3)
    record_event(record, SYSTEM, "need.more", NEED, later)
    assert sign_heads(record, KEY, later + timedelta(minutes=9)) == []
    assert [seal.sequence for seal in sign_heads(record, KEY, later + timedelta(minutes=10))] == [5]


def test_a_day_is_not_signed_while_the_day_before_may_still_be_written(tx, now):
    midnight = now.replace(hour=0, minute=1)
    record_event(tx, SYSTEM, "need.posted", NEED, midnight)
    assert sign_heads(tx, KEY, midnight) == []
    assert len(sign_heads(tx, KEY, midnight + timedelta(minutes=4))) == 1


def test_the_terminal_says_whether_the_record_is_whole(app, database, now):
    with database.transaction() as tx:
        record_event(tx, SYSTEM, "need.posted", NEED, now)
    signed = app.test_cli_runner().invoke(args=["audit", "sign"])
    assert signed.output == "1 heads signed.\n"
    result = app.test_cli_runner().invoke(args=["audit", "verify", "--json"])
    assert result.exit_code == 0
    assert json.loads(result.output) == {"whole": True, "events": 1, "days": 1, "signatures": 1, "faults": []}
    with database.transaction() as tx:
        tx.execute(update(AuditEvent).values(action="need.closed"))
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert result.exit_code == 1
    assert "its content was changed" in result.output
    assert "NOT whole" in result.output


def test_what_a_browser_does_says_where_it_came_from(client, sign_in, world, tx):
    sign_in(client, world.account(world.organisation("state")))
    origins = tx.scalars(select(AuditOrigin)).all()
    assert {origin.address for origin in origins} == {"127.0.0.1"}
    assert all(origin.request for origin in origins)
