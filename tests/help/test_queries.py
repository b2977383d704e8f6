import pytest

from app.help.queries import PROOFS, proven

ALL = tuple(PROOFS)


def test_somebody_new_has_proven_nothing(tx, world):
    assert proven(tx, world.actor(world.account()), ALL) == {"no_applications", "no_lessons"}
    assert proven(tx, world.somebody(), ALL) == {"member", "verified", "no_applications", "no_lessons"}


@pytest.mark.parametrize("proof", ["need", "programme", "course", "lesson"])
def test_what_ones_organisation_has_posted_is_seen(tx, world, proof):
    organisation = world.organisation()
    getattr(world, proof)(organisation)
    getattr(world, proof)(world.organisation())
    tx.flush()
    assert proven(tx, world.actor(world.account(organisation)), [proof]) == {proof}
    assert proven(tx, world.somebody(), [proof]) == frozenset()


def test_a_need_that_is_not_posted_is_no_first_need(tx, world):
    organisation = world.organisation()
    world.need(organisation, is_published=False, status="draft")
    assert proven(tx, world.actor(world.account(organisation)), ["need"]) == frozenset()


def test_a_date_is_seen(tx, world):
    centre = world.organisation("centre")
    course = world.course(centre)
    reader = world.actor(world.account(centre))
    assert proven(tx, reader, ["session"]) == frozenset()
    world.course_session(course)
    assert proven(tx, reader, ["session"]) == {"session"}


def test_a_pledge_is_the_donors_and_its_acceptance_the_states(tx, world):
    need, donor = world.need(world.organisation()), world.organisation("donor")
    giver, taker = world.actor(world.account(donor)), world.actor(world.account(need.organisation))
    pledge = world.pledge(need, donor, accepted_at=None)
    assert proven(tx, giver, ["pledge", "accepted"]) == {"pledge"}
    assert proven(tx, taker, ["pledge", "accepted"]) == frozenset()
    pledge.accepted_at = world.now
    tx.flush()
    assert proven(tx, taker, ["pledge", "accepted"]) == {"accepted"}


def test_the_queues_of_the_secretariat_are_seen_to_be_empty_or_not(tx, world):
    world.organisation(status="applied")
    world.lesson(world.organisation(), status="submitted")
    assert proven(tx, world.somebody("secretariat"), ["no_applications", "no_lessons"]) == frozenset()
