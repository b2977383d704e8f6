"""The parts of a page read in one transaction, until something changes or goes wrong."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from app.foundation.disclosure import find_readable
from app.foundation.kept.once import read_once
from app.foundation.kept.one_reading import end_readings
from app.foundation.permissions import ANONYMOUS
from app.foundation.web import reading, site
from app.needs.models import Need


def test_what_is_asked_twice_in_a_page_is_read_once(app, world):
    need = world.need(world.organisation())
    world.tx.flush()
    with app.test_request_context("/needs"):
        with reading() as tx:
            first = find_readable(tx, ANONYMOUS, Need, need.ref)
        with reading() as again:
            assert again is tx
            assert find_readable(again, ANONYMOUS, Need, need.ref) is first
    assert first is not None


def test_another_reader_or_another_record_is_another_question(app, world):
    need, other = (world.need(world.organisation()) for _n in range(2))
    need.disclosure = "own"
    world.tx.flush()
    owner = world.actor(world.account(need.organisation))
    with app.test_request_context("/needs"), reading() as tx:
        assert find_readable(tx, owner, Need, need.ref).id == need.id
        assert find_readable(tx, ANONYMOUS, Need, need.ref) is None
        assert find_readable(tx, ANONYMOUS, Need, other.ref).id == other.id


def test_what_this_request_changes_the_next_part_sees(app, world):
    need = world.need(world.organisation(), title="Before")
    world.tx.flush()
    with app.test_request_context("/needs"), reading() as before:
        assert find_readable(before, ANONYMOUS, Need, need.ref).title == "Before"
        with site().database.transaction() as tx:
            tx.get_one(Need, need.id).title = "After"
        with reading() as after:
            assert after is not before
            assert find_readable(after, ANONYMOUS, Need, need.ref).title == "After"


def test_a_form_that_is_sent_reads_anew_each_time(app):
    with app.test_request_context("/needs/new", method="POST"):
        with reading() as first:
            assert read_once(first, "asked", lambda: 1) == 1
            assert read_once(first, "asked", lambda: 2) == 2
        with reading() as second:
            assert second is not first


def test_where_something_went_wrong_the_next_part_begins_anew(app):
    with app.test_request_context("/needs"):
        with pytest.raises(OperationalError), reading() as first:
            raise OperationalError("SELECT", {}, ValueError())
        with reading() as second:
            assert second is not first


def test_it_ends_with_the_request(app, monkeypatch):
    closed = []
    with app.test_request_context("/needs"):
        with reading() as tx:
            monkeypatch.setattr(tx, "close", lambda: closed.append(True))
        assert not closed
        end_readings()
        assert closed == [True]
        with reading() as another:
            assert another is not tx
