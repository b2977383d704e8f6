import pytest

from app.notifications import rules
from app.notifications.reactions import NEWS
from app.wiring import WAKES


def test_a_cause_names_the_records_that_its_reader_has_to_see():
    cause = rules.cause_of("session_fits", ("need", "N-1"), ("course", "C-1"), ("session", "S-1"))
    assert cause == "session_fits|need:N-1|course:C-1|session:S-1"
    assert rules.what_of(cause) == "session_fits"
    assert rules.records_of(cause) == [("need", "N-1"), ("course", "C-1")]


def test_nobody_is_told_of_what_has_no_name():
    with pytest.raises(LookupError):
        rules.cause_of("gossip")


def test_a_pair_is_read_side_by_side_and_everything_else_on_its_own_page():
    pair = rules.cause_of("need_fits", ("need", "N-1"), ("programme", "P-1"))
    assert rules.path_of(pair, "need", "N-1") == "/needs/N-1/matches/programme/P-1"
    assert rules.path_of(rules.cause_of("pledge_made", ("pledge", "G-1")), "pledge", "G-1") == "/pledges/G-1"
    assert rules.path_of("invitation|invitation:I-1", "invitation", "I-1") == "/notices"


def test_two_records_that_stand_to_each_other_are_read_side_by_side(app):
    sides = (("programme", "P-2345-6789"), ("need", "N-2345-6789"))
    cause = rules.cause_of("relation_declared", *sides, ("answer", "RL-2345-6789 2026-11-23T09:00:00+00:00"))
    assert rules.records_of(cause) == list(sides)
    endpoint, values = app.url_map.bind("localhost").match(rules.path_of(cause, *sides[0]))
    assert (endpoint, values["own_ref"]) == ("relations.page", "P-2345-6789")


@pytest.mark.parametrize("kind", rules.PATHS)
def test_every_path_leads_somewhere(app, kind):
    path = rules.PATHS[kind].format(ref="X-2345-6789")
    assert app.url_map.bind("localhost").test(path, "GET")


def test_a_pair_leads_somewhere(app):
    cause = rules.cause_of("offer_fits", ("need", "N-2345-6789"), ("course", "C-2345-6789"))
    endpoint, _values = app.url_map.bind("localhost").match(rules.path_of(cause, "course", "C-2345-6789"))
    assert endpoint == "matching.page"


def test_a_mail_is_tried_less_and_less_often():
    waits = [rules.wait_after(attempts).total_seconds() / 60 for attempts in (1, 2, 3)]
    assert waits == [5, 10, 20]


def test_headers_have_one_line():
    assert rules.one_line("Need\r\nBcc: all@example.org\n") == "Need Bcc: all@example.org"


def test_facts_that_are_news_wake_the_telling():
    woken = {fact.name for fact, reactions in WAKES.items() if "tell" in reactions}
    assert set(NEWS) <= woken


def test_imports_tell_nobody():
    assert "ProgrammeImported" not in NEWS
