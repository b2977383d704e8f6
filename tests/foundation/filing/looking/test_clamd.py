"""The scanner is asked in its own protocol; whatever it does that says nothing of the file, it counts as away."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.config import Settings, SettingsError, scanner_place
from app.foundation.filing.looking.clamd import ScannerAway, Verdict, scan, verdict_of
from tests.little_clamd import EICAR, LARGEST, little_clamd

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("stream: OK\x00", Verdict()),
        ("stream: Eicar-Signature FOUND\x00", Verdict("Eicar-Signature")),
        ("stream: Win.Test(abc) FOUND FOUND\x00", Verdict("Win.Test(abc) FOUND")),
        ("stream: a\x07b FOUND\x00", Verdict("ab")),
    ],
)
def test_what_an_answer_means(answer, verdict):
    assert verdict_of(answer) == verdict


@pytest.mark.parametrize("answer", ["", "OK", "stream: OK no", "INSTREAM size limit exceeded. ERROR", "FOUND", "PONG"])
def test_what_says_nothing_of_the_file(answer):
    with pytest.raises(ScannerAway):
        verdict_of(answer)


@pytest.mark.parametrize("on_socket", [False, True])
def test_the_whole_file_is_sent_and_the_finding_is_named(tmp_path, on_socket):
    content = bytes(range(256)) * 1000
    with little_clamd(tmp_path / "c.sock" if on_socket else None) as clamd:
        place = scanner_place(clamd.url)
        assert scan(place, content) == Verdict()
        assert clamd.seen == [content]
        assert scan(place, b"letter " + EICAR) == Verdict("Eicar-Signature")


@pytest.mark.parametrize("mood", ["drop", "odd", "slow"])
def test_a_scanner_that_fails_is_away(mood):
    with little_clamd() as clamd:
        clamd.mood = mood
        with pytest.raises(ScannerAway):
            scan(scanner_place(clamd.url), b"letter", seconds=0.3)


def test_a_file_above_its_limit_and_a_scanner_that_is_not_there():
    with little_clamd() as clamd:
        with pytest.raises(ScannerAway):
            scan(scanner_place(clamd.url), bytes(LARGEST * 3))
        gone = scanner_place(clamd.url)
    with pytest.raises(ScannerAway):
        scan(gone, b"letter", seconds=0.5)
    with pytest.raises(ScannerAway):
        scan(Path("/nowhere/clamd.sock"), b"letter", seconds=0.5)


def test_its_address_is_checked_when_the_site_starts():
    assert scanner_place("tcp://127.0.0.1:3310") == ("127.0.0.1", 3310)
    assert scanner_place("unix:/run/clamav/clamd.ctl") == Path("/run/clamav/clamd.ctl")
    for wrong in ("clamd", "tcp://127.0.0.1", "tcp://host:x", "http://127.0.0.1:3310", "unix:relative", "tcp://h:1/x"):
        with pytest.raises(SettingsError, match="CLAMD_URL must look like"):
            Settings.from_environment({"CLAMD_URL": wrong})
    assert Settings.from_environment({"CLAMD_URL": ""}).clamd_url is None


def test_files_go_to_another_machine_only_when_somebody_says_so():
    sound = {
        "COUNTERPART_ENV": "production", "SECRET_KEY": "s" * 40, "AUDIT_KEY": "a" * 40, "SMTP_URL": "smtp://localhost",
        "PUBLIC_URL": "https://counterpart.example", "CLAMD_URL": "tcp://scanner.example:3310",
    }  # fmt: skip
    with pytest.raises(SettingsError, match="another machine"):
        Settings.from_environment(sound)
    assert Settings.from_environment(sound | {"COUNTERPART_UNENCRYPTED": "scanner"}).clamd_url
    assert Settings.from_environment(sound | {"CLAMD_URL": "tcp://127.0.0.1:3310"}).clamd_url
