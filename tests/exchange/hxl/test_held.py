"""New rows of a 3W table that seem to be here already: asked about first, and held back until somebody answers."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from sqlalchemy import event, select

from app.foundation.audit import AuditEvent
from app.matching.relations.models import Relation
from app.programmes.models import Programme
from tests.exchange.hxl.sheets import looked_at, programmes, save

TITLE = "Scanners and training for container searches in the port of Dakar"
WORDS = "One container in two hundred is opened. Customs officers ask for scanners and for training in profiling."
HEAD = "#activity+id,#activity+name,#description,#sector,#country,#date+start,#date+end,#activity+type,#value+eur"
ROW = f"A-1,{TITLE},{WORDS},port_control,SN,2027-02-01,2028-06-30,training,250000"
OTHER = "A-2,Treatment courts,Care instead of prison for whoever needs it,treatment,PE,,,training,"
ASKED = "Is this here already?"


@pytest.fixture
def there(world):
    """Another donor's programme, which the first row repeats."""

    def make(**values) -> Programme:
        given = {"title": TITLE, "description": WORDS, "themes": ["port_control"], "language": "en",
                 "starts_on": date(2027, 1, 15), "ends_on": date(2028, 6, 30)}  # fmt: skip
        return world.programme(world.organisation("donor", name="Southland Aid"), **{**given, **values})

    return make


def answers(other, says: str, sentence: str = "We pay half of it.", row: int = 2) -> dict[str, str]:
    return {f"guard-{row}-{other.ref}-says": says, f"guard-{row}-{other.ref}-sentence": sentence}


def mine(tx, donor) -> list[Programme]:
    return [one for one in programmes(tx) if one.organisation_id == donor.id]


def relations(tx) -> list[str]:
    return list(tx.scalars(select(Relation.kind).order_by(Relation.id)))


def test_the_preview_holds_the_row_back_beside_what_it_repeats(client, editor, tx, donor, there):
    other = there()
    page = client.get(looked_at(client, ROW, OTHER, head=HEAD)).text
    assert "One programme can be saved" in page
    assert "This programme seems to be here already" in page
    for words in (
        ASKED, "<mark>Senegal</mark>", "<mark>Scanners</mark>", "Southland Aid", f'href="/programmes/{other.ref}"',
        f'name="guard-2-{other.ref}-says"', "Save these 2 programmes", "The same thing, told twice", "Not the same",
    ):  # fmt: skip
        assert words in page, words
    assert mine(tx, donor) == []


def test_nothing_is_asked_where_nothing_is_alike(client, editor, there):
    there(countries=["PE"])
    assert ASKED not in client.get(looked_at(client, ROW, OTHER, head=HEAD)).text


@pytest.mark.parametrize(
    ("says", "kept"), [("co_fund", "co_fund"), ("replaces", "replace"), ("different", "different")]
)
def test_an_answer_is_saved_with_the_programme(client, editor, tx, donor, there, says, kept):
    other = there()
    answer = save(client, looked_at(client, ROW, OTHER, head=HEAD), **answers(other, says))
    assert (answer.status_code, answer.location) == (303, f"/organisations/{donor.ref}")
    assert [(one.title, one.is_published, one.held_since) for one in mine(tx, donor)] == [
        (TITLE, True, None), ("Treatment courts", True, None),
    ]  # fmt: skip
    assert relations(tx) == [kept]
    assert "We pay half of it." in client.get(f"/programmes/{other.ref}").text


def test_what_is_the_same_is_not_posted_twice(client, editor, tx, donor, there):
    other = there()
    address = looked_at(client, ROW, OTHER, head=HEAD)
    assert save(client, address, **answers(other, "same")).location == f"/organisations/{donor.ref}"
    assert [one.title for one in mine(tx, donor)] == ["Treatment courts"]
    assert relations(tx) == []
    again = looked_at(client, ROW, head=HEAD)
    assert save(client, again, **answers(other, "same")).status_code == 303
    assert "There was nothing more to save" in client.get(f"/organisations/{donor.ref}").text
    assert len(mine(tx, donor)) == 1


def test_what_is_not_answered_waits_as_an_import_does(client, editor, tx, donor, there, new_client):
    other = there()
    answer = save(client, looked_at(client, ROW, OTHER, head=HEAD))
    assert (answer.status_code, answer.location) == (303, "/programmes/held")
    held, shown = mine(tx, donor)
    assert (held.is_published, held.held_since is not None, shown.is_published) == (False, True, True)
    assert relations(tx) == ["unanswered"]
    assert new_client().get(f"/programmes/{held.ref}").status_code == 404
    assert TITLE in client.get("/programmes/held").text
    assert held.ref not in client.get("/open-data/3w.csv").text
    again = client.get(looked_at(client, ROW, OTHER, head=HEAD)).text
    assert "2 programmes are unchanged" in again
    assert ASKED not in again
    form = {f"{held.ref}-{other.ref}-says": "co_fund", f"{held.ref}-{other.ref}-sentence": "Half each."}
    said = client.submit("/programmes/held", form, to=f"/programmes/held/{held.ref}/{other.ref}")
    assert said.status_code == 303
    tx.expire_all()
    assert (held.is_published, held.held_since, relations(tx)) == (True, None, ["co_fund"])
    assert new_client().get(f"/programmes/{held.ref}").status_code == 200
    actions = list(tx.scalars(select(AuditEvent.action).where(AuditEvent.record_ref == held.ref)))
    assert actions == ["programme.posted", "programme.released"]


@pytest.mark.parametrize(("says", "sentence"), [("co_fund", ""), ("", "We pay half of it.")])
def test_half_an_answer_is_asked_for_again_and_nothing_is_saved(client, editor, tx, donor, there, says, sentence):
    other = there()
    answer = save(client, looked_at(client, ROW, OTHER, head=HEAD), **answers(other, says, sentence))
    assert answer.status_code == 422
    assert f'href="#guard-2-{other.ref}-{"sentence" if says else "says"}"' in answer.text
    assert mine(tx, donor) == []
    assert relations(tx) == []


def test_two_rows_that_repeat_one_record_are_answered_each(client, editor, tx, donor, there):
    other = there()
    second = ROW.replace("A-1", "A-3").replace("training,250000", "equipment,1")
    said = answers(other, "different", "Other piers.") | answers(other, "same", row=3)
    save(client, looked_at(client, ROW, second, head=HEAD), **said)
    assert [one.codes("kind") for one in mine(tx, donor)] == [["training"]]
    assert relations(tx) == ["different"]


def test_one_answer_of_two_leaves_the_programme_waiting(client, editor, tx, donor, there):
    first, _second = there(), there()
    save(client, looked_at(client, ROW, head=HEAD), **answers(first, "co_fund"))
    (held,) = mine(tx, donor)
    assert held.is_published is False
    assert sorted(relations(tx)) == ["co_fund", "unanswered"]


@pytest.mark.parametrize("tier", ["own", "named"])
def test_what_the_sender_may_not_see_changes_nothing(client, editor, there, world, tier):
    there(disclosure=tier, named=[world.organisation("donor")] if tier == "named" else [])
    assert ASKED not in client.get(looked_at(client, ROW, head=HEAD)).text


def test_a_programme_that_is_here_is_amended_without_a_question(client, editor, tx, donor, there):
    other = there()
    save(client, looked_at(client, ROW, head=HEAD), **answers(other, "different"))
    page = client.get(looked_at(client, ROW.replace("250000", "99"), head=HEAD)).text
    assert "Changed" in page
    assert ASKED not in page


def test_many_rows_cost_no_more_questions_to_the_database_than_a_few(client, editor, database, there, index):
    for _number in range(3):
        there()
    index()
    asked = []
    for number in (2, 40):
        rows = [f"A-{row},{TITLE} at pier {row},{WORDS},port_control,SN,,,training," for row in range(number)]
        address = looked_at(client, *rows, head=HEAD)
        statements: list[str] = []
        count = partial(_note, statements)
        event.listen(database.connection, "before_cursor_execute", count)
        client.get(address)
        event.remove(database.connection, "before_cursor_execute", count)
        asked.append(len(statements))
    assert asked[0] == asked[1] < 40


def _note(statements: list[str], *cursor_and_statement: object) -> None:
    statements.append(str(cursor_and_statement[2]))
