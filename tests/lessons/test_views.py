"""The pages of lessons and outputs, as people of every kind use them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.foundation.db import Tx
from app.foundation.drafts import Draft
from app.lessons.models import Lesson, Output
from tests.factories import World
from tests.pages import CheckingClient

LESSON: dict[str, Any] = {
    "title": "Kits expired at customs",
    "language": "en",
    "context": "In 2019 a donor shipped 2,000 kits.",
    "action": "Nobody opened the exemption file.",
    "result": "Four kits were within their shelf life.",
    "instruction": "Name one person who opens the file.",
    "verdict": "failed",
    "themes": ["precursor_control"],
}
OUTPUT: dict[str, Any] = {
    "title": "Model law on precursors",
    "language": "en",
    "kind": "model_law",
    "description": "Forty articles with a commentary.",
    "licence": "CC-BY-4.0",
    "website": "https://example.org/model-law",
    "themes": ["precursor_control"],
}
SignIn = Callable[..., Any]


@pytest.fixture
def author(client: CheckingClient, world: World, sign_in: SignIn) -> Any:
    """An editor of a verified donor, signed in."""
    account = world.account(world.organisation("donor"))
    sign_in(client, account)
    return account


def test_the_library_is_open_to_everybody(client: CheckingClient, world: World) -> None:
    world.lesson(world.organisation(), title="Former les suppléants")

    page = client.get("/lessons?theme=asset_recovery&q=suppl")

    assert page.status_code == 200
    assert "Former les suppléants" in page.text


def test_a_filter_that_finds_nothing_says_so(client: CheckingClient) -> None:
    assert "No lesson fits all of this" in client.get("/lessons?country=PE").text


def test_a_lesson_is_told_and_read(client: CheckingClient, author: Any) -> None:
    answer = client.submit("/lessons/new", LESSON)
    assert answer.status_code == 303

    page = client.get(answer.location)
    assert LESSON["instruction"] in page.text
    assert "Not yet validated" in page.text


@pytest.mark.parametrize(("kind", "view"), [("state", "recipient"), ("centre", "centre"), ("ngo", "partner")])
def test_whose_view_it_is_begins_with_that_of_the_organisation(
    client: CheckingClient, world: World, sign_in: SignIn, kind: str, view: str
) -> None:
    sign_in(client, world.account(world.organisation(kind)))
    assert client.form("/lessons/new")["view"] == [view]
    address = client.submit("/lessons/new", {**LESSON, "view": "evaluator"}).location
    assert client.form(f"{address}/amend")["view"] == ["evaluator"], "what its author said stays"


def test_the_words_of_a_lesson_are_read_in_their_own_direction(client: CheckingClient, world: World) -> None:
    world.lesson(world.organisation(), language="fr", instruction="Former les suppléants.")
    page = client.get("/lessons/alike?theme=asset_recovery", headers={"Accept-Language": "ar"}).text
    assert '<span lang="fr" dir="auto">Former les suppléants.</span>' in page


def test_sent_twice_it_is_told_once(client: CheckingClient, author: Any, tx: Tx) -> None:
    fields = {**client.form("/lessons/new"), **LESSON}
    first, second = client.post("/lessons/new", data=fields), client.post("/lessons/new", data=fields)

    assert first.location == second.location
    assert len(tx.scalars(select(Lesson)).all()) == 1


def test_what_is_missing_is_named_and_the_rest_kept(client: CheckingClient, author: Any, tx: Tx) -> None:
    page = client.submit("/lessons/new", {**LESSON, "instruction": "", "themes": []})

    assert page.status_code == 422
    assert "Say what somebody else should do next time" in page.text
    assert "Choose at least one theme" in page.text
    assert LESSON["context"] in page.text
    assert tx.scalars(select(Lesson)).all() == []


@pytest.mark.parametrize("address", ["/lessons/new", "/outputs/new"])
def test_visitors_are_asked_to_sign_in(client: CheckingClient, address: str) -> None:
    assert "/sign-in" in client.get(address).location


def test_members_who_only_read_are_refused(client: CheckingClient, world: World, sign_in: SignIn) -> None:
    sign_in(client, world.account(world.organisation("donor"), role="member"))
    assert client.get("/lessons/new").status_code == 403


def test_what_was_typed_is_kept_and_can_be_taken_up_again(client: CheckingClient, author: Any, tx: Tx) -> None:
    fields = {**client.form("/lessons/new"), "title": "Half a lesson", "context": "In 2024 …"}
    saved = client.post("/lessons/draft", data=fields)
    assert saved.status_code == 204

    draft = tx.scalars(select(Draft)).one()
    page = client.get(f"/lessons/new?draft={draft.key}")

    assert "Half a lesson" in page.text
    assert "In 2024 …" in page.text
    assert client.submit(f"/lessons/new?draft={draft.key}", LESSON).status_code == 303
    assert tx.scalars(select(Draft)).all() == []


def test_a_lesson_names_what_taught_it_only_to_those_who_may_see_that(
    client: CheckingClient, new_client: Any, world: World, author: Any
) -> None:
    need = world.need(world.organisation(), disclosure="members")
    answer = client.submit(f"/lessons/new?need={need.ref}", LESSON)

    assert need.ref in client.get(answer.location).text
    assert need.ref not in new_client().get(answer.location).text


def test_a_record_that_the_author_may_not_see_is_not_taken_over(
    client: CheckingClient, world: World, author: Any, tx: Tx
) -> None:
    need = world.need(world.organisation(), disclosure="own")

    assert client.submit("/lessons/new", {**LESSON, "subject_ref": need.ref}).status_code == 303

    assert tx.scalars(select(Lesson)).one().subject_ref == ""


def test_a_lesson_of_somebody_else_does_not_exist_if_hidden(client: CheckingClient, world: World) -> None:
    lesson = world.lesson(world.organisation(), disclosure="own")

    assert client.get(f"/lessons/{lesson.ref}").status_code == 404


def test_amending_shows_both_texts_when_somebody_was_faster(client: CheckingClient, author: Any, tx: Tx) -> None:
    address = client.submit("/lessons/new", LESSON).location + "/amend"
    mine, theirs = client.form(address), client.form(address)
    assert client.post(address, data={**theirs, "title": "Theirs"}).status_code == 303

    page = client.post(address, data={**mine, "title": "Mine"})

    assert page.status_code == 409
    assert "Mine" in page.text
    assert "Theirs" in page.text
    assert tx.scalars(select(Lesson)).one().title == "Theirs"


def test_only_its_owner_amends_a_lesson(client: CheckingClient, world: World, author: Any) -> None:
    lesson = world.lesson(world.organisation("donor"))
    assert client.get(f"/lessons/{lesson.ref}/amend").status_code == 403


def test_the_secretariat_validates_and_returns(client: CheckingClient, world: World, sign_in: SignIn, tx: Tx) -> None:
    one, other = (world.lesson(world.organisation(), status="submitted") for _ in range(2))
    sign_in(client, world.account(world.organisation("secretariat")))
    assert one.title in client.get("/lessons/queue").text

    fields: dict[str, Any] = client.form(f"/lessons/{one.ref}", "decide-form")
    assert client.post(f"/lessons/{one.ref}/decide", data={**fields, "decision": "validate"}).status_code == 303
    fields = client.form(f"/lessons/{other.ref}", "decide-form")
    page = client.post(f"/lessons/{other.ref}/decide", data={**fields, "decision": "return", "reason": ""})
    assert page.status_code == 422
    assert "Say what the author should mend" in page.text
    fields = {**fields, "decision": "return", "reason": "Who?"}
    assert client.post(f"/lessons/{other.ref}/decide", data=fields).status_code == 303
    assert client.post(f"/lessons/{other.ref}/decide", data=fields).status_code in {303, 404}

    assert [tx.get_one(Lesson, lesson.id).status for lesson in (one, other)] == ["validated", "returned"]


def test_the_queue_of_whoever_was_asked_nothing_is_empty(client: CheckingClient, author: Any, world: World) -> None:
    waiting = world.lesson(world.organisation(), status="submitted", title="Somebody else's to decide")
    page = client.get("/lessons/queue").text

    assert waiting.title not in page
    assert "You are asked to review no lesson now" in page


def test_the_queue_is_for_those_who_write_for_somebody(client: CheckingClient, world: World, sign_in: SignIn) -> None:
    sign_in(client, world.account(world.organisation("donor"), "member"))
    assert client.get("/lessons/queue").status_code == 403


@pytest.mark.parametrize("names", [("theme", "kind", "country"), ("themes", "lines-0-kind", "countries")])
def test_lessons_alike_come_as_a_part_of_a_page(
    client: CheckingClient, world: World, names: tuple[str, str, str]
) -> None:
    world.lesson(world.organisation(), title="Former les suppléants")
    codes = dict(zip(names, ("asset_recovery", "training", "SN"), strict=True))

    for answer in (client.get("/lessons/alike", query_string=codes), client.post("/lessons/alike", data=codes)):
        assert "Former les suppléants" in answer.text
        assert "<html" not in answer.text


def test_nonsense_asked_for_finds_nothing(client: CheckingClient) -> None:
    assert client.get("/lessons/alike?theme=' OR 1=1&kind=<script>").status_code == 200
    assert client.get("/lessons?page=99999999999&verdict=zzz&theme=").status_code == 200


def test_an_output_is_recorded_found_and_amended(client: CheckingClient, author: Any, tx: Tx) -> None:
    answer = client.submit("/outputs/new", OUTPUT)
    assert answer.status_code == 303
    assert "example.org" in client.get(answer.location).text
    assert OUTPUT["title"] in client.get("/outputs?output_kind=model_law&q=precursors").text

    assert client.submit(answer.location + "/amend", {"title": "Model law, second edition"}).status_code == 303

    assert tx.scalars(select(Output)).one().title == "Model law, second edition"


def test_an_output_with_a_wrong_address_is_not_taken(client: CheckingClient, author: Any) -> None:
    page = client.submit("/outputs/new", {**OUTPUT, "website": "javascript:alert(1)"})

    assert page.status_code == 422
    assert "begins with https://" in page.text
    assert OUTPUT["description"] in page.text


def test_a_list_is_ordered_and_as_long_as_one_asks(client: CheckingClient, world: World) -> None:
    told = world.organisation()
    world.lesson(told, title="Zebra", evidence="evaluated")
    world.lesson(told, title="Aardvark", evidence="anecdotal")
    page = client.get("/lessons?sort=title&size=100").text
    assert page.index("Aardvark") < page.index("Zebra")
    assert '<option value="100" selected>' in page
    page = client.get("/lessons?sort=evidence").text
    assert page.index("Zebra") < page.index("Aardvark")


def test_the_history_shows_what_changed_word_by_word(
    client: CheckingClient, author: Any, new_client: Any, tx: Tx
) -> None:
    address = client.submit("/lessons/new", LESSON).location
    assert "See what changed" not in client.get(address).text
    assert client.submit(f"{address}/amend", {"title": "Kits expired at sea"}).status_code == 303
    page = new_client().get(f"{address}/history").text
    assert ">taken out: </span>customs</del>" in page
    assert ">put in: </span>sea</ins>" in page
    assert f'href="{address}/history"' in client.get(address).text


def test_what_was_returned_to_its_author_is_in_nobody_elses_history(
    client: CheckingClient, author: Any, new_client: Any, world: World, sign_in: SignIn
) -> None:
    address = client.submit("/lessons/new", LESSON | {"context": "Sergeant Silva said so."}).location
    office = new_client()
    sign_in(office, world.account(world.organisation("secretariat")))
    answer = {"decision": "return", "reason": "It names a person."}
    assert office.submit(address, answer, form_id="decide-form", to=f"{address}/decide").status_code == 303
    client.submit(f"{address}/amend", {"context": "An officer said so."})
    assert "Silva" not in new_client().get(f"{address}/history").text
    assert "Silva" in client.get(f"{address}/history").text


def test_an_output_in_the_making_is_kept_and_taken_up_again(client: CheckingClient, author: Any, tx: Tx) -> None:
    assert 'data-autosave="/outputs/draft"' in client.get("/outputs/new").text
    fields = {**client.form("/outputs/new"), **OUTPUT, "title": "Half an output"}
    assert client.post("/outputs/draft", data=fields).status_code == 204
    draft = tx.scalars(select(Draft)).one()
    again = f"/outputs/new?draft={draft.key}"
    assert f'href="{again}"' in client.get("/desk").text
    assert "Half an output" in client.get(again).text
    assert client.submit(again, {}).status_code == 303
    assert tx.scalars(select(Draft)).all() == []


def test_hard_fields_come_with_a_good_and_a_bad_example(client: CheckingClient, author: Any) -> None:
    page = client.get("/lessons/new").text
    assert page.count('class="examples"') == 4
    assert "Co-ordination should be strengthened." in page
