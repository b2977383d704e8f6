"""The page for the office: one sentence, what to do for each thing that is not well, and trying again what failed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.foundation.audit import AuditEvent
from app.foundation.outbox import MOST_ATTEMPTS, OutboxRow, tell
from app.needs.events import NeedPosted
from app.operation import rules
from app.search.reactions import engine_of
from tests.architecture.reading import ROOT

SECRET = "ann@ministry.example"


@pytest.fixture(autouse=True)
def _index(part):
    engine_of(part).rebuild([])


def given_up(tx, now, count=1, error=f"match: KeyError('{SECRET}')"):
    for number in range(count):
        tell(tx, NeedPosted(number), now - timedelta(hours=1))
    tx.flush()
    for row in tx.scalars(select(OutboxRow)):
        row.attempts, row.last_error, row.not_before = MOST_ATTEMPTS, error, now + timedelta(days=1)


@pytest.mark.parametrize(
    ("kind", "role", "status"),
    [("secretariat", "editor", 200), ("secretariat", "focal_point", 200), ("secretariat", "member", 403),
     ("state", "focal_point", 403), ("donor", "editor", 403)],
)  # fmt: skip
def test_it_is_for_whoever_decides_for_the_office(client, world, sign_in, kind, role, status):
    sign_in(client, world.account(world.organisation(kind), role))
    assert client.get("/operations").status_code == status
    assert client.post("/operations/try-again").status_code == (303 if status == 200 else 403)
    assert ("/operations" in client.get("/desk").text) is (status == 200)


def test_nobody_else_sees_it(client):
    assert client.get("/operations").status_code == 302


def test_a_quiet_site_is_well(office):
    page = office.get("/operations")
    assert "Everything is well." in page.text
    assert "What is to be done" not in page.text
    assert "Try again" not in page.text
    for words in ("Records that can be found: 0.", "None is known of.", "None is set up", "0.1.0", "tables of"):
        assert words in page.text


def test_each_thing_that_is_not_well_says_what_to_do(office, tx, now, part):
    tell(tx, NeedPosted(1), now - timedelta(minutes=6))
    page = office.get("/operations")
    assert "Something is wrong. Somebody has to look at it now." in page.text
    for words in (
        "Waiting: 1, the oldest for 6 minutes.",
        "The worker seems to stand still",
        "It is behind by 6 minutes",
    ):
        assert words in page.text


def test_an_index_that_cannot_be_read_is_said(office, part):
    (part.settings.search_dir / "CURRENT").unlink()
    page = office.get("/operations")
    assert "It cannot be read. Searches are answered from the database" in page.text
    assert "flask reindex" in page.text


def test_the_last_backup_stands_there(office, part):
    part.settings.data_dir.mkdir(parents=True, exist_ok=True)
    note = part.settings.data_dir / "last-backup.json"
    note.write_text('{"at": "2026-11-23T08:00:00+00:00", "file": "../../etc/of-monday.tar", "rows": 1234}')
    page = office.get("/operations")
    for words in ("The last one was made on 23 November 2026, 08:00", "of-monday.tar", "1,234", "Everything is well."):
        assert words in page.text
    assert "etc" not in page.text
    note.write_text('{"at": "2026-11-20T08:00:00+00:00"}')
    assert "Somebody should look at what is marked below." in office.get("/operations").text
    note.write_text("[]")
    assert "The note of the last one cannot be read." in office.get("/operations").text


def test_what_failed_is_told_without_anybodys_words(office, tx, now):
    given_up(tx, now, 2)
    page = office.get("/operations")
    for words in ("Failed eight times and not tried any more: 2.", "NeedPosted", "match: KeyError", "Try again"):
        assert words in page.text
    assert SECRET not in page.text


def test_an_error_of_another_shape_tells_nothing(office, tx, now):
    given_up(tx, now, error=f"{SECRET} said (no)")
    page = office.get("/operations")
    assert "?: ?" in page.text
    assert SECRET not in page.text


def test_what_failed_is_tried_again_and_that_is_on_record_once(office, tx, now):
    given_up(tx, now, 3)
    tell(tx, NeedPosted(9), now)
    tx.flush()
    waiting = tx.scalars(select(OutboxRow).order_by(OutboxRow.id.desc())).first()
    waiting.attempts, waiting.not_before = 2, now + timedelta(minutes=1)
    answer = office.post("/operations/try-again", follow_redirects=True)
    assert "3 events are tried again." in answer.text
    rows = tx.scalars(select(OutboxRow).order_by(OutboxRow.id)).all()
    assert [(row.attempts, row.not_before is None) for row in rows] == [(0, True)] * 3 + [(2, False)]
    assert "Nothing had failed for good" in office.post("/operations/try-again", follow_redirects=True).text
    (event,) = tx.scalars(select(AuditEvent).where(AuditEvent.action == "site.tried_again"))
    assert (event.account_id, event.details) == (office.account.id, {"facts": 3})
    record = office.get("/record?kind=site")
    assert "What had failed let be tried again" in record.text
    assert "events: 3" in record.text


def test_trying_again_asks_first_and_needs_the_token(office, tx, now):
    given_up(tx, now)
    assert "Yes, try again" in office.get("/operations").text
    assert office.get("/operations/try-again").status_code in {303, 405}
    assert office.post("/operations/try-again", csrf=False).status_code == 403
    tx.expire_all()
    assert tx.scalars(select(OutboxRow)).one().attempts == MOST_ATTEMPTS


def test_no_secret_and_no_path_stands_on_the_page(office, part):
    text = office.get("/operations").text
    for secret in (part.settings.secret_key, part.settings.audit_key, str(part.settings.data_dir), part.database.url):
        assert secret not in text
    assert str(Path(ROOT)) not in text


@pytest.mark.parametrize("language", ["fr", "es", "pt", "ar"])
def test_whiles_and_sizes_are_worded_in_each_language(office, tx, now, language):
    tell(tx, NeedPosted(1), now - timedelta(minutes=6))
    office.set_cookie("language", language)
    page = office.get("/operations").text
    assert {"fr": "6 minutes", "es": "6 minutos", "pt": "6 minutos", "ar": "6 دقائق"}[language] in page


# --- the judgement itself ---


def test_the_worst_state_decides():
    parts = [rules.Finding("a", state, "x") for state in (rules.WELL, rules.WARNING, rules.WRONG)]
    assert [rules.worst(parts[:n]) for n in range(4)] == ["well", "well", "warning", "wrong"]


@pytest.mark.parametrize(
    ("free", "size", "state"),
    [(50e9, 100e9, "well"), (4e9, 100e9, "warning"), (0.9e9, 10e9, "warning"), (0.05e9, 10e9, "wrong")],
)
def test_room_on_the_disk(free, size, state):
    assert rules.judge_disk(rules.Disk(int(free), int(size))).state == state


def test_limits_are_met_to_the_second(now):
    edge = now - rules.STUCK_AFTER
    assert rules.judge_facts(rules.Facts(1, 0, edge), now).state == "wrong"
    assert rules.judge_facts(rules.Facts(1, 0, edge + timedelta(seconds=1)), now).state == "well"
    late = now - rules.MAIL_LATE_AFTER
    assert rules.judge_mail(rules.Mails(1, late), now).state == "warning"
    assert rules.judge_mail(rules.Mails(1, late + timedelta(seconds=1)), now).state == "well"
    assert rules.judge_mail(rules.Mails(0, None, 9, 1), now).state == "warning"
    assert rules.judge_mail(rules.Mails(0, None, 9, 0), now).state == "well", "an old failure is no news"
    assert rules.judge_jobs(rules.Jobs(failed=1)).state == "warning"
    assert rules.judge_scanner(rules.Files(1, edge), now, is_set=True).state == "warning"
    assert rules.judge_scanner(rules.Files(unscanned=1), now, is_set=True).state == "warning"
    assert rules.judge_scanner(rules.Files(unscanned=1), now, is_set=False).state == "well", "nobody scans here"
    unsigned = rules.Measured(unsigned=now - rules.UNSIGNED_AFTER)
    assert rules.judge_record(unsigned, now).state == "warning"
    assert rules.judge_backup(rules.Backup(), now, production=True).state == "warning"
    assert rules.judge_backup(rules.Backup(), now, production=False).state == "well"


def test_whatever_is_not_well_says_what_to_do(now):
    old = now - timedelta(days=30)
    found = [
        rules.judge_facts(rules.Facts(1, 1, old, old), now), rules.judge_given_up(rules.Facts(1, 1)),
        rules.judge_index(rules.Index(is_readable=False), rules.Facts(), now),
        rules.judge_index(rules.Index(), rules.Facts(1, 0, old, old), now), rules.judge_mail(rules.Mails(1, old), now),
        rules.judge_mail(rules.Mails(0, None, 1, 1), now), rules.judge_jobs(rules.Jobs(failed=1)),
        rules.judge_record(rules.Measured(unsigned=old), now), rules.judge_disk(None),
        rules.judge_scanner(rules.Files(1, old), now, is_set=True), rules.judge_disk(rules.Disk(1, 10)),
        rules.judge_scanner(rules.Files(unscanned=3), now, is_set=True),
        rules.judge_backup(rules.Backup(old), now, production=True), rules.judge_tables("SQLite", None, "0031"),
        rules.judge_tables("SQLite", "0030", "0031"), rules.judge_backup(rules.Backup(), now, production=True),
    ]  # fmt: skip
    assert not [one for one in found if one.state == rules.WELL or not one.mend]
    assert {one.name for one in found} == set(rules.NAMES)
