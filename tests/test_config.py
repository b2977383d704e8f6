"""The settings are checked at the start: what would be unsafe is refused with a word about how to mend it."""

from __future__ import annotations

import pytest

from app.config import Settings, SettingsError

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
