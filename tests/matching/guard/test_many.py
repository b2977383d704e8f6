"""Many that are about to be posted are looked at together: each finds what it would have found alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.foundation.permissions import ANONYMOUS
from app.matching.guard import service
from app.matching.guard.facts import facts
from app.matching.guard.newest import NewestOfMany, newest_of
from app.matching.guard.records import facts_of
from app.matching.guard.rules import Facts
from app.matching.guard.service import suspects, suspects_of_many
from app.needs.models import NeedText
from app.programmes.models import ProgrammeLink, ProgrammeText
from app.search.indexer import all_documents
from app.search.reactions import engine_of

TITLE = "Scanners and training for container searches in the port of Dakar"
WORDS = "One container in two hundred is opened. Customs officers ask for scanners and for training in profiling."
MINE = Facts(
    1, "en", {"en": (TITLE, WORDS)}, frozenset({"SN"}), groupings_of=frozenset({"ECOWAS", "AU"}),
    themes=frozenset({"port_control"}), starts_on=date(2027, 1, 15), ends_on=date(2028, 6, 30),
)  # fmt: skip
ASKED = [
    MINE,
    replace(MINE, themes=frozenset({"customs"})),
    replace(MINE, themes=frozenset()),
    replace(MINE, countries=frozenset({"GH"})),
    replace(MINE, countries=frozenset(), groupings=frozenset({"ECOWAS"}), groupings_of=frozenset()),
    replace(MINE, countries=frozenset(), groupings_of=frozenset()),
    replace(MINE, texts={"en": (TITLE.replace("port of Dakar", "railways of Thiès"), WORDS)}),
    replace(MINE, texts={"en": ("Rural roads", "Farmers reach the market.")}),
    replace(MINE, texts={"en": ("Treatment courts", "Care instead of prison.")}, themes=frozenset({"treatment"})),
]


@pytest.fixture
def there(world) -> list[Any]:
    """Programmes that repeat what is asked about, and others, some of them not for everybody."""
    owner, other = world.organisation("donor"), world.organisation("donor")
    given = {"title": TITLE, "description": WORDS, "themes": ["port_control"], "starts_on": date(2027, 1, 15),
             "ends_on": date(2028, 6, 30)}  # fmt: skip
    variants: list[dict[str, Any]] = [
        {}, {"countries": ["GH"]}, {"countries": ["GH", "SN"], "themes": ["customs"]}, {"groupings": ["ECOWAS"]},
        {"countries": [], "groupings": ["ECOWAS"]}, {"countries": [], "groupings": []}, {"themes": []},
        {"disclosure": "members"}, {"disclosure": "own"}, {"disclosure": "named", "named": [owner]}, {"status": "5"},
        {"is_published": False}, {"title": "Treatment courts", "themes": ["treatment"], "description": "Care."},
        {"title": "Books for schools", "themes": ["customs"]}, {"title": "Ports of the coast, and what they need"},
    ]  # fmt: skip
    made = [world.programme(other, **{**given, **some}) for some in variants]
    made += [world.programme(owner, **given)]
    return [owner, *made]


def index(app, tx) -> Any:
    tx.flush()
    site = app.extensions["counterpart"]
    engine_of(site).rebuild(all_documents(site.database))
    return engine_of(site)


@pytest.mark.parametrize("who", ["anybody", "somebody", "owner"])
@pytest.mark.parametrize("is_indexed", [True, False])
def test_many_find_what_each_finds_alone(app, tx, world, there, monkeypatch, who, is_indexed):
    engine = index(app, tx) if is_indexed else engine_of(app.extensions["counterpart"])
    monkeypatch.setattr(service, "AT_ONCE", 2)
    monkeypatch.setattr(service, "MOST_HELD", 3)
    readers = {
        "anybody": lambda: ANONYMOUS, "somebody": lambda: world.somebody("donor"),
        "owner": lambda: world.actor(world.account(there[0])),
    }  # fmt: skip
    reader = readers[who]()
    alone = [suspects(tx, engine, reader, "programme", mine) for mine in ASKED]
    strong = [found if any(one.judgement.is_strong for one in found) else [] for found in alone]
    assert suspects_of_many(tx, engine, reader, "programme", ASKED) == strong
    assert any(strong)
    # Of some there are only such as are alike, and of some nothing.
    assert any(found for found, kept in zip(alone, strong, strict=True) if not kept)
    assert not all(alone)


@pytest.mark.parametrize("asked", [ASKED, ASKED[:2], ASKED[2:3], ASKED[3:5]])
def test_the_newest_of_many_are_those_of_each(tx, world, there, monkeypatch, asked):
    monkeypatch.setattr("app.matching.guard.newest.NEWEST", 3)
    reader = world.actor(world.account(there[0]))
    together = NewestOfMany(tx, reader, "programme", asked)
    for mine in asked:
        assert sorted(together.of(mine)) == sorted(newest_of(tx, reader, "programme", mine))


def test_what_is_read_of_a_record_is_what_the_record_says(tx, world):
    donor, state, centre = world.organisation("donor"), world.organisation(), world.organisation("centre")
    programme = world.programme(
        donor, iati_identifier="XM-1", groupings=["ECOWAS"],
        offers=[{"description": "Courses"}, {"kind": "equipment", "unit": "units", "description": "Scanners"}],
    )  # fmt: skip
    programme.texts.append(ProgrammeText(language="fr", title="Des scanners", description="Pour le port"))
    programme.links += [ProgrammeLink(kind="other", identifier="Q-1"), ProgrammeLink(kind="1", identifier="Q-2")]
    likely = world.programme(donor, countries=[])
    likely.set_codes("likely_country", ["GH"])
    need = world.need(state, lines=[{}, {"kind": "equipment", "unit": "units"}], beneficiary_unit="OCRTIS")
    need.other_texts.append(NeedText(language="en", title="Judges", summary="Twenty", problem="None is trained"))
    course = world.course(centre, sessions=[{}])
    tx.flush()
    for record in (programme, likely, need, course):
        its = facts(record.record_kind, record, record.organisation_id)
        assert facts_of(tx, world.actor(world.account(donor)), record.record_kind, [record.id]) == {record.id: its}


def test_nobody_reads_what_is_kept_from_him(tx, world, there):
    numbers = [one.id for one in there[1:]]
    found = facts_of(tx, ANONYMOUS, "programme", numbers)
    public = [one.id for one in there[1:] if one.disclosure == "public" and one.is_published and one.status != "5"]
    assert set(found) == set(public)
