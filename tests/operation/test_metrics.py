"""The figures: given to whom they are for, counted where something happens, read from the database when asked."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from threading import Event, Thread

import pytest

from app import create_app
from app.config import Settings, SettingsError
from app.foundation import limits, tally
from app.foundation.audit import record_event
from app.foundation.audit.seals import sign_heads
from app.foundation.db import Database
from app.foundation.filing.files import Attachment
from app.foundation.outbox import MOST_ATTEMPTS, OutboxRow, Reaction, tell
from app.foundation.permissions import SYSTEM
from app.jobs.models import Job
from app.needs.events import NeedPosted
from app.notifications.models import Mail
from app.operation.measures import Measured
from app.operation.queries import Kept
from app.operation.service import WholeSite
from app.organisations.events import OrganisationTrusted
from app.search.engine_types import EngineBroken
from tests.operation.figures import figures_of

TOKEN = "a-token-for-figures-of-thirty-two-letters"
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}


# --- to whom ---


def test_this_machine_is_answered(client):
    answer = client.get("/metrics")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "# TYPE counterpart_request_duration_seconds histogram" in answer.text


@pytest.mark.parametrize(
    "asked",
    [
        {"environ_base": ELSEWHERE},
        {"headers": {"X-Forwarded-For": "127.0.0.1"}},
        {"environ_base": ELSEWHERE, "headers": {"Authorization": f"Bearer {TOKEN}"}},
    ],
)
def test_from_elsewhere_there_is_no_such_page(client, asked):
    answer = client.get("/metrics", **asked)
    assert answer.status_code == 404
    assert "counterpart_" not in answer.text


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"Bearer {TOKEN}x", 404),
        (f"Bearer {TOKEN[:-1]}", 404),
        (f"Basic {TOKEN}", 404),
        ("Bearer ", 404),
        ("Bearer \xe9\xff\x80", 404),
        ("", 404),
    ],
)
def test_whoever_brings_the_token_is_answered_from_anywhere(settings, database, said, status):
    client = create_app(replace(settings, metrics_token=TOKEN), database).test_client()
    for further in ({"environ_base": ELSEWHERE}, {"headers": {"X-Forwarded-For": "203.0.113.7"}}):
        headers = {**further.pop("headers", {}), "Authorization": said}
        assert client.get("/metrics", headers=headers, **further).status_code == status


@pytest.mark.parametrize("token", ["short", "é" * 40, "with spaces " * 4, "s" * 32])
def test_a_token_that_can_be_guessed_or_cannot_be_sent_is_refused(token):
    with pytest.raises(SettingsError, match="COUNTERPART_METRICS_TOKEN"):
        Settings.from_environment({"COUNTERPART_METRICS_TOKEN": token, "SECRET_KEY": "s" * 32})


def test_a_watcher_on_this_machine_need_not_know_the_public_name(settings, database):
    public = replace(
        settings, production=True, public_url="https://counterpart.example", smtp_url="smtp://localhost", fixed_now=None
    )
    client = create_app(public, database).test_client()
    here, there = (
        {"base_url": "http://127.0.0.1:5000"},
        {"base_url": "http://127.0.0.1:5000", "environ_base": ELSEWHERE},
    )
    assert client.get("/metrics", **here).status_code == 200
    assert client.get("/health/live", **here).status_code == 200
    assert client.get("/", **here).status_code == 400, "pages answer to the public name alone"
    assert client.get("/metrics", **there).status_code == 400
    assert client.get("/metrics", **here, headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 400


# --- what is counted ---


def test_answers_are_counted_by_route_method_and_class(client, figures):
    for path in ("/needs", "/needs?theme=customs", "/needs/N-2222-2222", "/nowhere", "/nowhere/else"):
        client.get(path)
    counted = {key: value for key, value in figures().items() if "duration_seconds_count" in key}
    assert counted['counterpart_request_duration_seconds_count{method="GET",route="/needs",status="2xx"}'] == 2
    assert counted['counterpart_request_duration_seconds_count{method="GET",route="/needs/<ref>",status="4xx"}'] == 1
    assert counted['counterpart_request_duration_seconds_count{method="GET",route="unknown",status="4xx"}'] == 2


def test_whatever_strangers_ask_for_the_figures_stay_as_many(client, figures):
    client.get("/x/0")
    client.open("/", method="BREW", check=False)
    before = len(figures())
    for number in range(1, 20):
        client.get(f"/x/{number}?{number}={number}")
        client.open("/", method=f"BREW{number}", check=False)
    # Asking for the figures is itself counted from the first time on.
    new = {key for key in figures() if "/metrics" not in key}
    assert len(new) == before


def test_requests_in_flight_come_back_to_one(client, figures, app):
    client.get("/nowhere")
    assert figures()["counterpart_requests_in_flight"] == 1, "the one that asks"


def test_two_applications_do_not_count_for_each_other(settings, database, client, figures):
    other = create_app(settings, database).test_client()
    other.get("/needs")
    assert not [key for key in figures() if 'route="/needs"' in key]


def test_a_form_without_its_token_is_counted(client, figures):
    client.post("/sign-out", csrf=False, check=False)
    assert figures()["counterpart_forms_refused_total"] == 1


def test_too_many_requests_are_counted(settings, database, monkeypatch):
    monkeypatch.setattr(limits, "IN_A_TRIAL", 1)
    app = create_app(replace(settings, rate_limits=True), database)
    client = app.test_client()
    for _number in range(21):
        answer = client.post("/sign-in", data={"email": "a@b.example", "password": "x"})
    assert answer.status_code == 429
    assert figures_of(client.get("/metrics").text)["counterpart_requests_limited_total"] == 1


def test_who_saves_second_is_counted(client, world, sign_in, figures, tx):
    state = world.organisation()
    sign_in(client, world.account(state))
    limit = world.limit(state)
    path = f"/limits/{limit.ref}/amend"
    fields = client.form(path)
    limit.reason = "Theirs"
    tx.flush()
    assert client.post(path, data=fields | {"reason": ["Mine"]}).status_code == 409
    assert figures()['counterpart_conflicts_total{kind="stale_version"}'] == 1


def test_more_than_was_asked_for_is_counted(client, world, sign_in, figures):
    state, donor = world.organisation(), world.organisation("donor")
    need = world.need(state, lines=[{"quantity": 20}])
    lines = [{"need_line_id": need.lines[0].id, "quantity": Decimal(18)}]
    pledges = [world.pledge(need, donor, lines=lines) for _number in range(2)]
    sign_in(client, world.account(state))
    for pledge in pledges:
        client.post(f"/pledges/{pledge.ref}/accept", data={})
    assert figures()['counterpart_conflicts_total{kind="over_pledge"}'] == 1


def test_a_search_without_an_index_is_counted(client, part, figures, monkeypatch):
    def torn(*_args, **_kw):
        raise EngineBroken("torn")

    monkeypatch.setattr(part.parts["search"], "search", torn)
    assert client.get("/search?q=judges").status_code == 200
    assert figures()["counterpart_searches_from_database_total"] == 1


def test_outside_a_request_nobody_counts():
    tally.count("limited")
    assert tally.end() == {}
    with pytest.raises(LookupError):
        tally.count("whatever")


# --- what the database says ---


def test_a_quiet_site_says_nought(figures, part):
    quiet = figures()
    assert quiet["counterpart_database_up"] == 1
    names = ("facts_waiting", "facts_oldest_waiting_seconds", "facts_given_up", "index_lag_seconds", "mails_waiting",
             "mails_given_up", "jobs_running", "jobs_failed_day", "files_unscanned", "files_never_scanned",
             "audit_unsigned_seconds")  # fmt: skip
    assert {name: quiet[f"counterpart_{name}"] for name in names} == dict.fromkeys(names, 0)


def test_facts_that_wait_and_those_given_up(tx, now, figures, part):
    ages = ((3, OrganisationTrusted(1), 0), (2, NeedPosted(1), 0), (1, NeedPosted(2), MOST_ATTEMPTS))
    for minutes, fact, attempts in ages:
        tell(tx, fact, now - timedelta(minutes=minutes))
        tx.flush()
        row = tx.query(OutboxRow).order_by(OutboxRow.id.desc()).first()
        row.attempts = attempts
    done = OutboxRow(fact="NeedPosted", payload={}, created_at=now - timedelta(hours=9), done_at=now)
    tx.add(done)
    said = figures()
    assert (said["counterpart_facts_waiting"], said["counterpart_facts_given_up"]) == (2, 1)
    assert said["counterpart_facts_oldest_waiting_seconds"] == 180
    assert said["counterpart_index_lag_seconds"] == 120, "an organisation that is trusted changes nothing in the index"


def test_the_index_is_behind_until_its_reaction_is_done(tx, now, figures, part):
    for minutes in (5, 4):
        tell(tx, NeedPosted(minutes), now - timedelta(minutes=minutes))
    tx.flush()
    rows = tx.query(OutboxRow).order_by(OutboxRow.id).all()
    assert figures()["counterpart_index_lag_seconds"] == 300
    tx.add(Reaction(outbox_id=rows[0].id, name="index"))
    tx.add(Reaction(outbox_id=rows[1].id, name="tell"))
    assert figures()["counterpart_index_lag_seconds"] == 240
    rows[1].attempts = MOST_ATTEMPTS
    assert figures()["counterpart_index_lag_seconds"] == 240, "what was given up is lacking in the index all the more"
    tx.add(Reaction(outbox_id=rows[1].id, name="index"))
    assert figures()["counterpart_index_lag_seconds"] == 0


def mail(number, now, **kw):
    words = {"cause": f"c{number}", "recipient": "ann@ministry.example", "subject": "s", "body": "b"}
    return Mail(**words, message_id=f"<{number}@x>", **{"created_at": now, **kw})


def test_mails_that_wait_and_those_given_up(tx, now, figures, part):
    tx.add_all([
        mail(1, now - timedelta(hours=2)), mail(2, now, attempts=3, claimed_at=now), mail(3, now, sent_at=now),
        mail(4, now, attempts=8, last_error="SMTPDataError()"),
        mail(5, now, attempts=8, last_error="withheld: nothing in it may be seen any more"),
    ])  # fmt: skip
    said = figures()
    assert (said["counterpart_mails_waiting"], said["counterpart_mails_given_up"]) == (2, 1)
    assert said["counterpart_mails_oldest_waiting_seconds"] == 7200


def test_work_in_the_background(tx, now, world, figures, part):
    account = world.account()
    common = {"account_id": account.id, "kind": "report", "title": {}, "language": "en", "created_at": now}
    for state, ended in (("waiting", None), ("running", None), ("failed", now), ("failed", now - timedelta(days=2)),
                         ("done", now)):  # fmt: skip
        tx.add(Job(state=state, ended_at=ended, **common))
    said = figures()
    assert [said[f"counterpart_jobs_{name}"] for name in ("waiting", "running", "failed_day")] == [1, 1, 1]


def test_files_that_wait_for_the_scanner(tx, now, world, figures, part):
    common = {"record_kind": "need", "record_ref": "N-1", "organisation_id": world.organisation().id, "size": 1,
              "sha256": "0" * 64, "uploaded_by": None}  # fmt: skip
    for minutes, state in ((9, "clean"), (7, "waiting"), (1, "waiting"), (30, "unscanned")):
        tx.add(Attachment(name="a.txt", state=state, uploaded_at=now - timedelta(minutes=minutes), **common))
    said = figures()
    assert said["counterpart_files_unscanned"] == 2
    assert said["counterpart_files_oldest_unscanned_seconds"] == 420
    assert said["counterpart_files_never_scanned"] == 1


def test_events_that_no_signature_covers(tx, now, figures, part, clock):
    record_event(tx, SYSTEM, "need.posted", WholeSite(), now)
    sign_heads(tx, "k" * 32, now)
    assert figures()["counterpart_audit_unsigned_seconds"] == 0
    record_event(tx, SYSTEM, "need.posted", WholeSite(), now + timedelta(minutes=1))
    record_event(tx, SYSTEM, "need.posted", WholeSite(), now + timedelta(minutes=2))
    clock.move(minutes=11)
    assert figures()["counterpart_audit_unsigned_seconds"] == 600


def test_a_database_that_is_gone_leaves_the_figures_of_the_process(app, own, tmp_path):
    folder = tmp_path / "a-folder-is-no-database"
    folder.mkdir()
    own.database = Database(f"sqlite:///{folder}")
    client = app.test_client()
    client.get("/nowhere")
    answer = client.get("/metrics")
    said = figures_of(answer.text)
    assert answer.status_code == 200
    assert said["counterpart_database_up"] == 0
    assert "counterpart_facts_waiting" not in said
    assert said["process_cpu_seconds_total"] > 0
    assert any(key.startswith("counterpart_request_duration_seconds") for key in said)


def test_whoever_asks_often_has_the_database_asked_once(client, part):
    kept = part.parts["operation.metrics"].of_site.measure
    asked = []
    kept._ask, before = lambda: asked.append(1) or before(), kept._ask
    kept._seconds = 60
    for _number in range(4):
        client.get("/metrics")
    assert len(asked) == 1


def test_where_the_database_hangs_one_asks_and_the_others_go_on():
    asked, answered = Event(), Event()

    def hang():
        asked.set()
        assert answered.wait(20)
        return Measured()

    kept = Kept(hang, seconds=60, patience=0.05)
    first = Thread(target=kept)
    first.start()
    assert asked.wait(20)
    assert kept() is None
    answered.set()
    first.join(20)
    assert kept() == Measured()


def test_the_disk_the_backup_and_the_version_are_told(client, figures, part, now):
    part.settings.data_dir.mkdir(parents=True, exist_ok=True)
    note = part.settings.data_dir / "last-backup.json"
    note.write_text('{"at": "2026-11-23T08:00:00+00:00", "file": "backup.tar", "rows": 12}')
    said = figures()
    assert said["counterpart_backup_age_seconds"] == 3600
    assert said["counterpart_disk_size_bytes"] > said["counterpart_disk_free_bytes"] > 0
    assert said['counterpart_build_info{version="0.1.0"}'] == 1
    note.write_text("{torn")
    assert "counterpart_backup_age_seconds" not in figures()


def test_names_keep_the_conventions(client):
    text = client.get("/metrics").text
    types = dict(re.findall(r"^# TYPE (\w+) (\w+)$", text, re.MULTILINE))
    helped = set(re.findall(r"^# HELP (\w+) ", text, re.MULTILINE))
    own = {
        name: kind for name, kind in types.items() if name.startswith("counterpart_") and not name.endswith("_created")
    }
    assert set(own) <= helped
    assert all(name.endswith("_total") == (kind == "counter") for name, kind in own.items())
    assert all(re.fullmatch(r"[a-z][a-z_]*", name) for name in own)
