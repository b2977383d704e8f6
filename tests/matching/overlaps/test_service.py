"""Overlaps follow the programmes: found when one is posted, gone when no longer true, shown to whoever may see both."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app.foundation import outbox
from app.foundation.permissions import ANONYMOUS
from app.foundation.worker import work_off
from app.matching.overlaps import service
from app.matching.overlaps.models import Overlap
from app.matching.overlaps.queries import overlaps_of
from app.programmes.events import ProgrammeAmended, ProgrammeImported, ProgrammePosted
from app.programmes.models import ProgrammeLink
from app.wiring import REACTIONS
from tests.pages import CheckingClient

WORDS = "Confiscation of criminal assets: training for investigating judges and prosecutors."


class Field:
    """Programmes that the worker has compared."""

    def __init__(self, app: Flask, world: Any, tx: Any) -> None:
        self.site, self.world, self.tx = app.extensions["counterpart"], world, tx

    def programme(self, owner: Any = None, fact: Any = ProgrammePosted, **values: Any) -> Any:
        given = {"title": "Confiscating criminal assets", "description": WORDS, "countries": ["SN"], **values}
        row = self.world.programme(owner or self.world.organisation("donor"), **given)
        return self.happened(row, fact)

    def happened(self, row: Any, fact: Any = ProgrammeAmended) -> Any:
        self.tx.flush()
        outbox.tell(self.tx, fact(row.id), self.site.clock.now())
        self.tx.flush()
        self.work()
        return row

    def work(self) -> None:
        while work_off(self.site, REACTIONS):
            pass
        self.tx.expire_all()

    def alike(self, reader: Any, programme: Any) -> list[int]:
        return [shown.other.id for shown in overlaps_of(self.tx, reader, programme)]


@pytest.fixture
def field(app: Flask, world: Any, tx: Any) -> Field:
    return Field(app, world, tx)


def test_a_programme_that_is_posted_or_imported_is_compared_in_both_directions(field: Field) -> None:
    one = field.programme()
    other = field.programme(fact=ProgrammeImported, source="iati", accepting="unknown")
    assert field.alike(ANONYMOUS, one) == [other.id]
    assert field.alike(ANONYMOUS, other) == [one.id]


def test_what_is_no_longer_true_goes_and_what_stands_keeps_its_hour(field: Field, clock: Any) -> None:
    one, other = field.programme(), field.programme()
    found_at = field.tx.scalars(select(Overlap.computed_at)).one()
    clock.move(days=2)
    field.happened(one)
    assert field.tx.scalars(select(Overlap.computed_at)).one() == found_at
    other.set_codes("country", ["BR"])
    field.happened(other)
    assert field.tx.scalars(select(Overlap)).all() == []
    other.set_codes("country", ["SN"])
    field.happened(other)
    assert field.tx.scalars(select(Overlap.computed_at)).one() == found_at + timedelta(days=2)
    one.is_published = False
    field.happened(one)
    assert field.tx.scalars(select(Overlap)).all() == []


def test_a_pair_is_shown_to_whoever_may_see_both(field: Field, world: Any) -> None:
    one, named = field.programme(), world.organisation("donor")
    hidden = field.programme(disclosure="named", named=[named])
    owner, friend = (world.actor(world.account(organisation)) for organisation in (hidden.organisation, named))
    assert field.alike(ANONYMOUS, one) == []
    assert field.alike(owner, one) == field.alike(friend, one) == [hidden.id]
    assert field.alike(world.somebody("donor"), one) == []


def test_hidden_programmes_push_no_public_one_out(field: Field, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_CANDIDATES", 1)
    one = field.programme()
    before = field.alike(ANONYMOUS, one)
    for _ in range(3):
        field.programme(disclosure="own", title="Confiscating criminal assets, judges and prosecutors")
    other = field.programme(description=f"{WORDS} At ports.")
    assert before == []
    assert field.alike(ANONYMOUS, one) == [other.id]


def test_a_donors_own_programmes_push_no_other_one_out(field: Field, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_CANDIDATES", 1)
    one = field.programme()
    for _ in range(3):
        field.programme(one.organisation)
    other = field.programme(title="Judges and assets", countries=["SN", "ML"])
    field.tx.execute(delete(Overlap))
    field.happened(one)
    assert field.alike(ANONYMOUS, one) == [other.id]


def test_the_same_undertaking_published_again_is_not_another(field: Field, world: Any) -> None:
    one = field.programme(iati_identifier="XM-DAC-1-A")
    again = world.programme(world.organisation("donor"), description=WORDS, iati_identifier="XM-DAC-2-B")
    again.links.append(ProgrammeLink(kind="1", identifier="xm-dac-1-a "))
    field.happened(again)
    assert field.alike(ANONYMOUS, one) == []


def test_organisations_that_have_become_one_overlap_no_more(field: Field) -> None:
    one, other = field.programme(), field.programme()
    other.organisation_id = one.organisation_id
    field.tx.flush()
    assert field.alike(ANONYMOUS, one) == []


def test_one_question_to_the_index_for_each_programme(field: Field, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    one, engine = field.programme(), field.site.parts["search"]
    ask = engine.search
    monkeypatch.setattr(engine, "search", lambda query: asked.append(query) or ask(query))
    service.find_alike(field.tx, engine, one)
    assert [(query.only, query.limit) for query in asked] == [("public", service.MOST_HITS)]


def test_the_page_of_a_programme_names_the_others_with_the_reasons(field: Field, client: CheckingClient) -> None:
    one, other = field.programme(), field.programme(title="Saisies au Sénégal", language="fr")
    page = client.get(f"/programmes/{one.ref}").text
    assert page.index("Others who do something alike") < page.index("Saisies au Sénégal")
    assert "both use the words" in page
    other.disclosure = "own"
    field.tx.flush()
    assert "Others who do something alike" not in client.get(f"/programmes/{one.ref}").text
