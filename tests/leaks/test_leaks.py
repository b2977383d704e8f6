"""What a reader may not see does not exist for that reader: nothing on any surface differs for its being there."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from app.foundation.disclosure import SURFACES, readable
from app.search.documents import MODELS
from tests.leaks.explore import Plan, Tally, draw
from tests.leaks.hidden import WHAT, Hidden
from tests.leaks.oracle import Person, Place, Thing, may_see, may_see_field
from tests.leaks.readers import READERS
from tests.leaks.seeded import SEEDED, is_caught
from tests.leaks.surfaces import REGISTER, shows_records

pytestmark = pytest.mark.one_engine

HIDDEN_AT_ONCE = 19
CONTROLS = 4
MEMBER = Person((Place(7, "donor", "verified", "member"),))


def test_nothing_leaks(explorer):
    tally = Tally()
    drawn: list[Hidden] = []
    # The same ones each day: `python -m tests.leaks.run` looks for others.
    draw(HIDDEN_AT_ONCE, 20, drawn.append)
    for what in drawn:
        explorer.explore(what, Plan(everywhere=1, sharp=1), tally)
    shown = "\n\n".join(f"{leak.reader}: {leak.what}\n{leak.ask}\n{leak.difference}" for leak in tally.leaks[:5])
    assert not tally.leaked, f"{tally.leaked} of {tally.checks} answers tell of something hidden\n{shown}"
    assert tally.cases >= 300
    assert tally.checks >= 600
    assert set(tally.readers) == {reader.name for reader in READERS}
    assert len(tally.surfaces) >= 30


def test_every_kind_can_be_hidden(explorer):
    """A thing that nobody is refused, or that is not there at all, would prove nothing."""
    for kind, tier in WHAT:
        things = explorer.base.things_of(Hidden(kind, tier, chance=5))
        refused = [name for name, person in explorer.people.items() if not any(may_see(person, t) for t in things)]
        assert refused or kind.startswith("field "), (kind, tier)


@pytest.mark.parametrize("leak", SEEDED, ids=lambda leak: leak.name)
def test_a_leak_that_is_put_in_is_found(explorer, leak):
    assert is_caught(leak, explorer)


def test_without_a_leak_put_in_nothing_is_found(explorer):
    """The same questions to the site as it is."""
    from contextlib import nullcontext

    for leak in Random(5).sample(SEEDED, CONTROLS):
        assert not is_caught(replace(leak, patched=nullcontext), explorer), leak.name


def test_there_are_twenty_seeded_leaks_of_different_functions():
    assert len({leak.name for leak in SEEDED}) >= 20


def test_every_route_that_shows_records_is_asked(explorer):
    missing = {rule.endpoint for rule in shows_records(explorer.base.app)} - set(REGISTER)
    assert not missing, f"say in tests/leaks/surfaces.py what is asked of {sorted(missing)}"


def test_what_is_asked_exists(explorer):
    known = set(SURFACES) | {"mails"}
    assert {ask.surface for ask in explorer.surfaces.everywhere} <= known


def test_the_same_question_has_the_same_answer(explorer):
    """Or else everything would look like a leak."""
    rng = Random(3)
    for reader in rng.sample(READERS, 4):
        asks = rng.sample(explorer.surfaces.everywhere, 12)
        explorer.comparison.prepare(reader, asks)
        with explorer.base.without():
            for ask in asks:
                answer = explorer.comparison.answer(reader, ask)
                assert explorer.comparison.is_same(reader, ask, answer), (reader, ask)


def test_what_is_hidden_is_there_for_whoever_may_see_it(explorer):
    """The record is really in the world, in its index too; readers would be told apart by nothing otherwise."""
    what = Hidden("need", "members", canary="zorvaquin", words=("police",))
    with explorer.base.with_hidden(what), explorer.base.site.database.reading() as tx:
        from app.foundation.permissions import SYSTEM

        number = tx.scalars(readable(SYSTEM, MODELS["need"]).order_by(MODELS["need"].id.desc())).first().id
        assert ("need", number) in explorer.base.site.parts["search"].versions()
        member = next(reader for reader in READERS if reader.name == "ngo, member")
        words = next(
            ask for ask in explorer.surfaces.sharp(what) if ask.path.startswith("/needs") and "q=zorvaquin" in ask.path
        )
        assert b"N-HXDD-EN22" in explorer.comparison.answer(member, words).body


def test_the_record_of_events_tells_no_word_of_a_draft(explorer):
    """That is all that keeps_record of the oracle leaves to those who decide for the office."""
    office = next(reader for reader in READERS if reader.name == "office, editor")
    asks = [ask for ask in explorer.surfaces.everywhere if ask.surface.startswith("record.")]
    with explorer.base.with_hidden(Hidden("need draft", "public", canary="zorvaquin")):
        answers = [explorer.comparison.answer(office, ask).body for ask in asks]
    assert any(b"N-HXDD-EN22" in body for body in answers)
    assert not any(b"zorvaquin" in body for body in answers)


@pytest.mark.parametrize(
    ("thing", "sees"),
    [
        (Thing("need", "public", 1), True),
        (Thing("need", "members", 1), True),
        (Thing("need", "named", 1, frozenset({7})), True),
        (Thing("need", "named", 1, frozenset({8})), False),
        (Thing("need", "own", 1), False),
        (Thing("need", "own", 7), True),
        (Thing("need", "public", 1, is_posted=False), False),
        (Thing("pledge", "own", 1, recipient=7), True),
        (Thing("pledge", "public", 1, on=Thing("need", "own", 2)), False),
        (Thing("organisation", owner=1, status="applied"), False),
        (Thing("organisation", owner=1, status="recorded"), True),
    ],
)
def test_what_the_oracle_says_of_a_member(thing, sees):
    assert may_see(MEMBER, thing) is sees


def test_the_oracle_asks_whether_an_organisation_is_verified():
    for status in ("applied", "suspended", "refused"):
        assert not may_see(Person((Place(7, "donor", status, "editor"),)), Thing("need", "members", 1))
    assert not may_see(Person((Place(7, "donor", "suspended", "editor"),)), Thing("need", "own", 7))


def test_the_oracle_keeps_fields_from_the_office():
    office = Person((Place(9, "secretariat", "verified", "editor"),))
    assert may_see_field(office, Thing("need", "public", 1), "members")
    assert not may_see_field(office, Thing("need", "public", 1), "own")
