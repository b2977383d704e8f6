"""The law of accounts, without a database."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import near_words, passwords, rules
from app.foundation.permissions import ANONYMOUS, Actor, Membership
from app.organisations.models import Organisation
from app.organisations.rules import KINDS
from tests import quick

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_a_sentence_is_a_password_and_no_composition_is_asked_for() -> None:
    assert rules.password_fault("baobab harbour lantern", "kossi@x.example") is None


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short words", "12 characters"),
        ("x" * 300, "at most"),
        ("kossi likes mangoes", "e-mail address"),
        ("KOSSÍ likes mangoes", "e-mail address"),
        ("correct horse battery staple", "guessed first"),
        ("Password 1234", "guessed first"),
        ("aaaaaaaaaaaaaa", "guessed first"),
    ],
)
def test_a_password_that_will_not_do_is_told_why(password: str, why: str) -> None:
    assert why in str(rules.password_fault(password, "kossi@x.example"))


@pytest.mark.parametrize(
    "password", ["Zollkriminalamt2026", "zollkriminalamt!!", "Cabo Verde 2026", "caboverdecustoms", "assistance donors"]
)
def test_words_of_ones_organisation_country_and_trade_are_too_near(password: str) -> None:
    office = Organisation(name="Zollkriminalamt Praia", acronym="ZKA", names={"fr": "Douane"}, country="CV")
    near = near_words.words_of([office])
    assert {"zollkriminalamt", "zollkriminalamtpraia", "douane", "verde", "caboverde"} <= near
    assert "zka" not in near
    assert "guessed first" in str(rules.password_fault(password, "kossi@x.example", near))


def test_near_words_among_others_forbid_nothing() -> None:
    assert rules.password_fault("verde baobab harbour lantern", "kossi@x.example", {"verde", "caboverde"}) is None


def test_a_very_short_local_part_forbids_nothing() -> None:
    assert rules.password_fault("jolly mangoes in jars", "jo@x.example") is None


def test_the_lock_begins_after_the_fifth_failure_and_doubles_up_to_an_hour() -> None:
    waits = [rules.lock_after(failures) for failures in range(13)]
    assert waits[:5] == [None] * 5
    assert waits[5:13] == [timedelta(minutes=m) for m in (1, 2, 4, 8, 16, 32, 60, 60)]
    assert rules.lock_after(10**6) == timedelta(hours=1)


def test_passwords_are_kept_as_owasp_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", quick.AS_IN_USE)
    kept = passwords.hash_password("baobab harbour lantern")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches(kept, "baobab harbour lantern")
    assert not passwords.matches(kept, "baobab harbour Lantern")
    assert not passwords.needs_rehash(kept)
    assert passwords.needs_rehash(kept.replace("m=19456", "m=4096"))


def test_where_no_password_is_kept_none_is_right() -> None:
    assert not passwords.matches("", "nobody has this password")
    assert not passwords.matches("not a hash", "nobody has this password")


def invitation(**kw: Any) -> SimpleNamespace:
    open_one = {"accepted_at": None, "revoked_at": None, "expires_at": NOW + timedelta(days=14)}
    return SimpleNamespace(**(open_one | kw))


def test_an_invitation_is_open_once_for_fourteen_days_until_it_is_taken_back() -> None:
    assert rules.is_open(invitation(), NOW)
    assert not rules.is_open(invitation(accepted_at=NOW), NOW)
    assert not rules.is_open(invitation(revoked_at=NOW), NOW)
    assert not rules.is_open(invitation(), NOW + timedelta(days=14))


def test_an_organisation_keeps_a_focal_point() -> None:
    assert rules.may_leave("editor", 0)
    assert rules.may_leave("focal_point", 2)
    assert not rules.may_leave("focal_point", 1)


def test_what_was_carried_comes_back_without_passwords_and_tokens() -> None:
    pairs = [["title", "Saisies"], ["csrf_token", "t"], ["new_password", "secret"], ["themes", "a"], ["themes", "b"]]
    assert rules.read_carried(json.dumps(pairs)) == [("title", "Saisies"), ("themes", "a"), ("themes", "b")]


@pytest.mark.parametrize("text", ["", "{", "{}", "[1]", '[["a"]]', '[["a", 1]]', "[" * 100_000, '"x"', "null"])
def test_what_cannot_be_read_is_left_behind(text: str) -> None:
    assert rules.read_carried(text) == []


def test_more_than_any_form_can_hold_is_left_behind() -> None:
    assert rules.read_carried(json.dumps([["a", "x" * rules.LARGEST_CARRIED]])) == []


@given(st.text(max_size=200))
def test_no_carried_text_breaks_the_sign_in(text: str) -> None:
    assert isinstance(rules.read_carried(text), list)


@pytest.mark.parametrize(
    ("path", "form", "ref"),
    [
        ("/needs/new", "needs/new", None),
        ("/needs/new?draft=x", "needs/new", None),
        ("/needs/N-7KQ2-MX4T/amend", "needs/amend", "N-7KQ2-MX4T"),
        ("/", "", None),
    ],
)
def test_a_form_is_known_by_its_address(path: str, form: str, ref: str | None) -> None:
    assert rules.form_address(path) == rules.FormAddress(form, ref)


def test_the_draft_is_noted_in_the_address_once() -> None:
    assert rules.with_draft("/needs/new?draft=old&theme=a%26b", "new") == "/needs/new?theme=a%26b&draft=new"


def test_the_mail_of_an_invitation_says_who_what_and_until_when() -> None:
    organisation = SimpleNamespace(named=lambda language: {"fr": "Cellule"}.get(language, "Unit"))
    invited = invitation(organisation=organisation, name="Kossi", role="editor")
    subject, body = rules.invitation_mail(invited, "https://x.example/invitations/t", "fr")
    assert "Cellule" in str(subject)
    for words in ("Cellule", "Dear Kossi", "https://x.example/invitations/t", "Editor"):
        assert words in str(body)


def person(kind: str = "state", status: str = "verified", role: str = "editor") -> Actor:
    return Actor(1, "Ama", "en", (Membership(1, "O-1", "Office", kind, status, role),))


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_writes_stands_for_the_kind_of_the_organisation(kind: str) -> None:
    assert rules.standing(person(kind)) == kind


def test_others_stand_for_what_they_may() -> None:
    assert rules.standing(ANONYMOUS) == "nobody"
    assert rules.standing(person(status="applied")) == "unverified"
    assert rules.standing(person(role="member")) == "reader"
