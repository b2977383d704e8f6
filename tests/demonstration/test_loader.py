"""The invented records come in whole, through the services, at any time and never from the future."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from app.accounts import passwords
from app.accounts.models import Account
from app.accounts.proof.seal import Seal
from app.accounts.queries import account_by_email, actor_of
from app.conversations.clarifications.models import Clarification
from app.conversations.messages.models import Thread
from app.coordination.models import Meeting
from app.courses.models import Course, CourseSession
from app.demonstration.calendar import Calendar
from app.demonstration.drafts import form_fields, need_draft
from app.demonstration.loader import FOUNDED, load
from app.demonstration.people import new_passphrase
from app.demonstration.source import WRITTEN_ON, Source
from app.foundation import migrate
from app.foundation.audit import AuditEvent, chain_hash
from app.foundation.drafts import Draft
from app.foundation.outbox import OutboxRow
from app.foundation.permissions import ANONYMOUS
from app.lessons.models import Lesson
from app.matching.advice.models import LessonAnswer
from app.matching.relations.models import Relation
from app.needs.limits.models import Limit
from app.needs.models import Need
from app.needs.queries import find_need
from app.nominations.models import Nomination
from app.nominations.sponsors.models import SeatSponsorship
from app.notifications.following.models import Follow
from app.organisations.models import Organisation
from app.pledges.models import Pledge
from app.programmes.models import Programme
from app.reference.rates.models import ExchangeRate
from app.reference.rates.queries import rates_on
from app.reference.rates.rules import INVENTED
from app.search.models import SavedSearch
from tests.conftest import MORNING
from tests.house import RolledBackDatabase

SECRET_KEY = "the key of this installation alone"
PASSWORD = "nada-mavi-nebi-tosi-vife"


@pytest.fixture(scope="module")
def everything(engine_name, new_database, tmp_path_factory):
    """What is loaded, once for all tests that only look at it: what was told of it, and a transaction it stands in."""
    whole = new_database(engine_name)
    migrate.upgrade(whole)
    with whole.engine.connect() as connection:
        outer = connection.begin()
        with RolledBackDatabase(whole.url, connection).open(writing=True) as tx:
            folder = tmp_path_factory.mktemp("files")
            yield load(tx, MORNING, PASSWORD, Seal(SECRET_KEY), folder), tx
        outer.rollback()


@pytest.fixture
def loaded(everything):
    told, tx = everything
    tx.expire_all()
    return told


@pytest.fixture
def tx(request, engine_name):
    """That transaction, where the test asks for what was loaded; its own otherwise. Either is there on each engine."""
    name = "everything" if "loaded" in request.fixturenames else "own_tx"
    found = request.getfixturevalue(name)
    return found[1] if name == "everything" else found


@pytest.fixture
def own_tx(database):
    with database.open(writing=True) as tx:
        yield tx


def number(tx, model, *criteria) -> int:
    return tx.scalar(select(func.count()).select_from(model).where(*criteria))


def test_everything_of_the_files_is_there(tx, loaded) -> None:
    assert dict(loaded.counts) == {
        "organisations": 26,
        "accounts": 34,
        "programmes": 24,
        "courses": 30,
        "sessions": 38,
        "needs": 37,
        "drafts": 3,
        "lessons": 41,
        "pledges": 12,
        "rates": 162,
        "meetings": 3,
        "sponsorships": 2,
        "nominations": 9,
        "limits": 3,
        "relations": 4,
        "questions": 10,
        "threads": 2,
        "subscriptions": 8,
        "answers": 7,
    }
    models = {"organisations": Organisation, "accounts": Account, "programmes": Programme, "courses": Course}
    models |= {"sessions": CourseSession, "needs": Need, "drafts": Draft, "lessons": Lesson, "pledges": Pledge}
    models |= {"rates": ExchangeRate, "limits": Limit, "meetings": Meeting, "relations": Relation}
    models |= {
        "nominations": Nomination,
        "questions": Clarification,
        "threads": Thread,
        "sponsorships": SeatSponsorship,
    }
    there = {name: number(tx, model) for name, model in models.items()}
    there["subscriptions"] = number(tx, SavedSearch) + number(tx, Follow)
    there["answers"] = number(tx, LessonAnswer)
    assert there == dict(loaded.counts)


def test_its_rates_say_that_they_are_invented_and_hold_on_every_day(tx, loaded, now) -> None:
    assert set(tx.scalars(select(ExchangeRate.source))) == {INVENTED}
    for days in range(-FOUNDED, 90):
        table = rates_on(tx, now.date() + timedelta(days=days))
        assert table.lacking("EUR", "USD", "GBP", "CAD", "XOF") == ()


def test_there_is_a_sign_in_for_every_kind_of_user(tx, loaded) -> None:
    assert {s.kind for s in loaded.sign_ins} == {"state", "donor", "centre", "regional", "ngo", "secretariat"}
    assert {s.role for s in loaded.sign_ins} == {"member", "editor", "focal_point"}
    for sign_in in loaded.sign_ins[:3]:
        account = account_by_email(tx, sign_in.email)
        assert passwords.matches(account.password_hash, sign_in.password)
    roles = {s.email: actor_of(account_by_email(tx, s.email)).main.role for s in loaded.sign_ins}
    assert roles == {s.email: s.role for s in loaded.sign_ins}


def test_one_organisation_waits_for_the_secretariat(tx, loaded) -> None:
    waiting = tx.scalars(select(Organisation).where(Organisation.status == "applied")).one()
    assert waiting.country == "TG"
    assert waiting.letter
    assert waiting.applicant_email.endswith(waiting.email_domain)


def test_nothing_happened_in_the_future_and_needs_are_spread_over_two_months(tx, loaded, now) -> None:
    latest = [tx.scalar(select(func.max(AuditEvent.happened_at))), tx.scalar(select(func.max(OutboxRow.created_at)))]
    latest += [tx.scalar(select(func.max(Draft.saved_at)))]
    assert max(latest) <= now
    posted = sorted(tx.scalars(select(Need.posted_at)))
    assert posted[-1] - posted[0] > timedelta(days=50)
    assert max(late - early for early, late in pairwise(posted)) < timedelta(days=4)


def test_the_record_of_what_happened_is_in_the_order_of_time(tx, loaded) -> None:
    events = tx.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    wrong = [(a.action, b.action) for a, b in pairwise(events) if a.happened_at > b.happened_at]
    assert wrong == []
    assert all(event.hash == chain_hash(event) for event in events)


def test_statuses_are_those_of_the_files(tx, loaded) -> None:
    assert number(tx, Need, Need.status == "closed", Need.status_reason != "") == 1
    assert number(tx, Need, Need.status == "withdrawn") == 1
    assert number(tx, Pledge, Pledge.status == "interest") == 1
    assert number(tx, Pledge, Pledge.accepted_at.is_not(None)) == 8
    assert number(tx, Lesson, Lesson.status == "validated") == 35


def test_people_write_for_their_own_organisation(tx, loaded) -> None:
    for event in tx.scalars(select(AuditEvent).where(AuditEvent.action.in_(("need.posted", "programme.posted")))):
        actor = actor_of(tx.get(Account, event.account_id))
        assert event.organisation_id in actor.organisation_ids


def test_a_public_lesson_names_no_need_that_is_not_public(tx, loaded) -> None:
    for lesson in tx.scalars(select(Lesson).where(Lesson.subject_kind == "need")):
        assert find_need(tx, ANONYMOUS, lesson.subject_ref) is not None


def test_a_need_that_names_organisations_is_hidden_from_others(tx, loaded) -> None:
    named = tx.scalars(select(Need).where(Need.disclosure == "named")).all()
    assert len(named) == 2
    assert all(find_need(tx, ANONYMOUS, need.ref) is None for need in named)


@pytest.mark.parametrize("day", [datetime(2026, 2, 1, 0, 30, tzinfo=UTC), datetime(2029, 7, 4, 23, 59, tzinfo=UTC)])
def test_it_comes_in_on_any_day(tx, day: datetime, tmp_path) -> None:
    loaded = load(tx, day, PASSWORD, Seal(SECRET_KEY), tmp_path)
    assert loaded.counts["pledges"] == 12
    assert tx.scalar(select(func.max(AuditEvent.happened_at))) <= day
    # One session is over, and its results are there; all others are to come.
    begins = sorted(tx.scalars(select(CourseSession.starts_on)))
    assert begins[0] < day.date() < begins[1]


def test_days_move_by_whole_weeks() -> None:
    (before, *_), (after, *_) = (Source(day).needs() for day in (WRITTEN_ON, WRITTEN_ON + timedelta(days=400)))
    moved = after["line"][0]["starts_on"] - before["line"][0]["starts_on"]
    assert moved == timedelta(weeks=57)
    assert after["title"] == before["title"]


def test_the_calendar_stays_in_the_past(now) -> None:
    calendar = Calendar(now)
    moments = calendar.spread(40, 60, 0)
    assert moments == sorted(moments)
    assert all(now - timedelta(days=61) < moment < now for moment in moments)
    assert calendar.after([now], now - timedelta(days=9)) < now


def test_passphrases_are_long_and_never_the_same() -> None:
    some = {new_passphrase() for _ in range(100)}
    assert len(some) == 100
    assert all(len(phrase) == 24 for phrase in some)


def test_a_draft_holds_what_the_form_would_have_sent(app) -> None:
    from app.needs.forms import NeedForm

    entry = next(entry for entry in Source(WRITTEN_ON).needs() if entry["status"] == "draft")
    draft = need_draft(entry, {})
    fields = form_fields(draft, "a-key")
    with app.test_request_context():
        form = NeedForm((), today=WRITTEN_ON, formdata=MultiDict(fields))
        assert form.key == "a-key"
        assert form.draft() == draft


def test_some_needs_are_given_in_a_second_language(tx, loaded) -> None:
    given = {text.language for need in tx.scalars(select(Need)) for text in need.other_texts}
    assert given == {"en", "fr"}
