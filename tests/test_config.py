"""The settings are checked at the start: what would be unsafe is refused with a word about how to mend it."""

from __future__ import annotations

import pytest

from app.config import Settings, SettingsError, is_this_machine

SOUND = {
    "COUNTERPART_ENV": "production",
    "SECRET_KEY": "s" * 32,
    "AUDIT_KEY": "a" * 32,
    "SMTP_URL": "smtp://localhost:25",
    "PUBLIC_URL": "https://counterpart.example",
}


def test_a_sound_production_starts():
    settings = Settings.from_environment(SOUND)
    assert settings.production
    assert settings.audit_key == "a" * 32


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", None),
        ("SECRET_KEY", "short"),
        ("AUDIT_KEY", None),
        ("AUDIT_KEY", "short"),
        ("AUDIT_KEY", SOUND["SECRET_KEY"]),
        ("SMTP_URL", None),
        ("PUBLIC_URL", "counterpart.example"),
        ("PUBLIC_URL", "http://counterpart.example"),
        ("PUBLIC_URL", "http://localhost.counterpart.example"),
        ("DATABASE_URL", "postgresql://site:word@db.counterpart.example/site"),
        ("DATABASE_URL", "postgresql://site@db.counterpart.example/site?sslmode=require"),
        ("COUNTERPART_UNENCRYPTED", "everything"),
        ("COUNTERPART_SEMANTIC", "yes"),
        ("COUNTERPART_NOW", "2026-11-23T09:00:00"),
        ("COUNTERPART_NOW", "yesterday"),
        ("PORT", "http"),
    ],
)
def test_an_unsafe_production_is_refused_by_name(name, value):
    environ = {**SOUND, name: value} if value else {key: kept for key, kept in SOUND.items() if key != name}
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment(environ)


def test_nothing_has_to_be_set_for_a_demonstration():
    assert not Settings.from_environment({}).production


def test_meaning_counts_only_where_it_is_switched_on():
    assert [Settings.from_environment({"COUNTERPART_SEMANTIC": v}).semantic for v in ("", "off", "on")] == [0, 0, 1]
    assert not Settings.from_environment({}).semantic


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "http://localhost:5000"),
        ("PUBLIC_URL", "http://127.0.0.1:5000"),
        ("DATABASE_URL", "postgresql://site@db.counterpart.example/site?sslmode=verify-full"),
        ("DATABASE_URL", "postgresql://site@localhost/site"),
        ("DATABASE_URL", "postgresql:///site?host=/run/postgresql"),
    ],
)
def test_what_stays_on_the_machine_or_is_sealed_is_taken_in_production(name, value):
    assert Settings.from_environment({**SOUND, name: value}).production


def test_the_operator_may_say_on_which_way_nobody_listens():
    remote = {"DATABASE_URL": "postgresql://site@db.internal/site", "COUNTERPART_UNENCRYPTED": "mail, database"}
    assert Settings.from_environment({**SOUND, **remote}).unencrypted == {"mail", "database"}


@pytest.mark.parametrize(
    ("host", "is_here"),
    [("localhost", True), ("127.0.0.9", True), ("::1", True), (None, True), ("10.0.0.1", False), ("db", False)],
)
def test_only_loopback_is_this_machine(host, is_here):
    assert is_this_machine(host) is is_here
