"""The law of clarifications and of messages, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.conversations.clarifications import rules
from app.conversations.clarifications.rules import Own
from app.conversations.messages import rules as messages
from app.foundation.hours import moment_text, zone_of
from app.pledges import rules as pledges

pytestmark = pytest.mark.one_engine
OWN = Own(("Nordland Agency for Justice Cooperation", "Nordland"), ("NAJC", "UN"), ("Norway", "Norvège", "Noruega"))
FRIDAY = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize("status", sorted(rules.MOVES))
@pytest.mark.parametrize("wanted", sorted(rules.MOVES))
def test_how_a_question_moves(status, wanted):
    if wanted in rules.MOVES[status]:
        rules.check_move(status, wanted)
    else:
        with pytest.raises(rules.MoveRefused):
            rules.check_move(status, wanted)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Who pays for the trip?", []),
        ("nordland asks who pays", ["It names your organisation: “Nordland”."]),
        ("The Nordland Agency for Justice Cooperation asks", ["It names your organisation: “Nordland Agency for"]),
        ("Nordlandic customs", []),
        ("We of NAJC ask", ["It contains the acronym of your organisation: “NAJC”."]),
        ("Il faut un juge", []),
        ("En Norvege, on demande", ["It names your country: “Norvège”."]),
        ("Write to desk@najc.example soon", ["It contains an e-mail address: “desk@najc.example”."]),
        ("Call +47 22 00 00 00", ["It contains a telephone number: “+47 22 00 00 00”."]),
        ("Is 2027-03-31 the day, or 31/03/2027?", []),
        ("Is it 250 000 EUR for N-7KQ2-MX4T?", []),
    ],
)
def test_what_in_the_words_may_tell_who_asks(text, found):
    said = [str(each) for each in rules.betrays(text, OWN)]
    assert len(said) == len(found)
    assert all(each.startswith(start) for each, start in zip(said, found, strict=True))


def test_the_clock_counts_working_days():
    clock = rules.clock_from(FRIDAY)
    assert clock.due_at == FRIDAY + timedelta(days=7)
    assert clock.remind_at == FRIDAY + timedelta(days=6)
    assert not rules.is_overdue("waiting", clock.due_at, clock.due_at)
    assert rules.is_overdue("waiting", clock.due_at, clock.due_at + timedelta(seconds=1))
    assert not rules.is_overdue("answered", clock.due_at, clock.due_at + timedelta(days=9))


def test_the_same_words_are_the_same_question():
    assert rules.fingerprint("Qui paie  l’hôtel ?") == rules.fingerprint("qui paie l'HOTEL")
    assert rules.fingerprint("Who pays?") != rules.fingerprint("Who paid?")


def test_a_seal_tells_nobody_who_it_was_and_proves_it():
    assert rules.seal("salt", 7, 3) == rules.seal("salt", 7, 3)
    assert (
        len({rules.seal("salt", 7, 3), rules.seal("salt", 8, 3), rules.seal("salt", 7, 4), rules.seal("s", 7, 3)}) == 4
    )


def test_an_amendment_changes_something():
    rules.check_amendment("answered", "Yes.", "No.")
    for status, after in (("answered", " Yes. "), ("waiting", "No."), ("declined", "No.")):
        with pytest.raises(rules.MoveRefused):
            rules.check_amendment(status, "Yes.", after)


def test_messages_end_with_the_pledge_as_the_law_of_pledges_says():
    assert messages.ENDED_PLEDGES == pledges.ENDED


def test_hours_are_those_of_the_readers_state():
    noon = datetime(2027, 7, 1, 12, 0, tzinfo=UTC)
    assert moment_text(noon, "FR", "en") == "1 July 2027, 14:00 (GMT+02:00)"
    assert moment_text(noon, "PE", "en") == "1 July 2027, 07:00 (GMT-05:00)"
    # A State with several times: nobody knows which one its official lives in.
    assert zone_of("US") is UTC
    assert moment_text(noon, "", "en").startswith("1 July 2027, 12:00")
