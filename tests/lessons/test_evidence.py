"""What stands behind a lesson: its files, who may fetch them, and the records that it comes from."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from sqlalchemy import select

from app.foundation.db import Tx
from app.foundation.filing.files import Attachment
from app.lessons.models import Lesson
from app.lessons.queries import lessons_from
from tests.documents import pdf
from tests.factories import World
from tests.lessons.test_views import LESSON
from tests.pages import CheckingClient

PDF = pdf("evaluation")


def tell(client: CheckingClient, **fields: Any) -> Any:
    return client.submit("/lessons/new", {**LESSON, **fields})


def test_a_file_of_evidence_is_kept_and_fetched(
    client: CheckingClient, world: World, sign_in: Any, new_client: Any
) -> None:
    sign_in(client, world.account(world.organisation("donor")))
    address = tell(client, files=(BytesIO(PDF), "Évaluation 2024.pdf")).location
    page = new_client().get(address).text
    assert "Évaluation 2024.pdf" in page
    link = page.split('href="/lessons/')[1:]
    path = next(f"/lessons/{part.split(chr(34))[0]}" for part in link if "/files/" in part.split(chr(34))[0])
    answer = new_client().get(path)

    assert answer.data == PDF
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.mimetype == "application/octet-stream"


def test_files_for_members_are_for_members_alone(
    client: CheckingClient, world: World, sign_in: Any, new_client: Any, tx: Tx
) -> None:
    sign_in(client, world.account(world.organisation("donor")))
    address = tell(client, files=(BytesIO(PDF), "figures.pdf"), files_for_members="y").location
    path = f"{address}/files/{tx.scalars(select(Attachment.ref)).one()}"

    assert new_client().get(path).status_code == 404
    assert "figures.pdf" not in new_client().get(address).text
    member = new_client()
    sign_in(member, world.account(world.organisation("centre")))
    assert member.get(path).data == PDF
    assert client.get(f"{address}/files/F-0000-0000").status_code == 404


def test_a_file_that_lies_is_refused_and_nothing_typed_is_lost(
    client: CheckingClient, world: World, sign_in: Any, tx: Tx
) -> None:
    sign_in(client, world.account(world.organisation("donor")))
    page = tell(client, files=(BytesIO(b"MZ program"), "figures.pdf"))

    assert page.status_code == 422
    assert "figures.pdf" in page.text
    assert LESSON["context"] in page.text
    assert tx.scalars(select(Lesson)).all() == []


def test_a_file_is_taken_off_again(client: CheckingClient, world: World, sign_in: Any, tx: Tx) -> None:
    sign_in(client, world.account(world.organisation("donor")))
    address = tell(client, files=(BytesIO(PDF), "figures.pdf")).location
    ref = tx.scalars(select(Attachment.ref)).one()
    assert client.submit(f"{address}/amend", {"unwanted_files": [ref]}).status_code == 303
    assert tx.scalars(select(Attachment)).all() == []


def test_further_records_are_linked_and_shown_to_whoever_may_see_them(
    client: CheckingClient, world: World, sign_in: Any, new_client: Any, tx: Tx
) -> None:
    donor = world.organisation("donor")
    need, hidden = world.need(world.organisation()), world.need(world.organisation(), disclosure="own")
    pledge = world.pledge(need, donor, disclosure="own")
    session = world.course_session(world.course(world.organisation("centre")))
    sign_in(client, world.account(donor))

    for wrong in (hidden.ref, "N-0000-0000", "L-7KQ2-MX4T", "nonsense"):
        page = tell(client, links=wrong)
        assert page.status_code == 422
        assert "that you may see" in page.text
    address = tell(client, links=f"{need.ref.lower()}, {pledge.ref} {session.ref}").location
    own, others = client.get(address).text, new_client().get(address).text

    assert f"/pledges/{pledge.ref}" in own
    assert f"/courses/{session.course.ref}/sessions/{session.ref}" in own
    assert f"/needs/{need.ref}" in others
    assert pledge.ref not in others
    assert [one.ref for one in lessons_from(tx, world.somebody("state"), need.ref)] == [address.rpartition("/")[2]]


def test_a_link_that_its_editor_may_not_see_any_more_stays(
    client: CheckingClient, world: World, sign_in: Any, tx: Tx
) -> None:
    sign_in(client, world.account(world.organisation("donor")))
    need, other = world.need(world.organisation()), world.need(world.organisation())
    address = tell(client, links=f"{need.ref} {other.ref}").location
    need.disclosure = "own"
    tx.flush()

    assert need.ref not in client.get(f"{address}/amend").text
    assert client.submit(f"{address}/amend", {"title": "Amended", "links": ""}).status_code == 303
    lesson = tx.scalars(select(Lesson)).one()
    tx.refresh(lesson)
    assert [link.subject_ref for link in lesson.links] == [need.ref]


def test_who_should_read_it_is_picked_and_what_was_typed_before_stays(
    client: CheckingClient, world: World, sign_in: Any, tx: Tx
) -> None:
    sign_in(client, world.account(world.organisation("donor")))
    address = tell(client, audiences=["trainers", "procurement"], audience="Donor officers").location
    page = client.get(address).text
    assert "Trainers and mentors" in page
    assert "Donor officers" in page
    assert tx.scalars(select(Lesson)).one().codes("audience") == ["procurement", "trainers"]
