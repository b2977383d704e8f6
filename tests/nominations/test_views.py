"""The pages of nominations: putting forward, deciding, answering by a link, and who is shown what."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.foundation.db import Tx
from app.nominations.links import token_for
from app.nominations.models import Intake, Nomination
from tests.factories import SECRET_KEY, World
from tests.house import MovableClock
from tests.pages import CheckingClient

PERSON = {
    "name": "Ana Lopes", "email": "ana@mj.example", "language": "pt", "rank": "1", "line": "", "sex": "f",
    "motivation": "She leads the unit.",
}  # fmt: skip


@dataclass
class Pages:
    """A focal point and a registrar, each at a browser, and the session between them."""

    tx: Tx
    world: World
    run: Any
    state: Any
    focal: CheckingClient
    registrar: CheckingClient
    people: tuple[Any, Any]
    sign_in: Callable[..., object]

    def sign_in_again(self) -> None:
        """The day after, everybody signs in anew."""
        for client, account in zip((self.focal, self.registrar), self.people, strict=True):
            client.get("/sign-in")
            self.sign_in(client, account)

    @property
    def here(self) -> str:
        """The address of the session."""
        return f"/courses/{self.run.course.ref}/sessions/{self.run.ref}"

    def nominations(self) -> list[Nomination]:
        """All of them, as they stand now."""
        self.tx.expire_all()
        return list(self.tx.scalars(select(Nomination).order_by(Nomination.id)))

    def put_forward(self, **typed: str) -> Any:
        """The focal point sends the form."""
        return self.focal.submit(f"{self.here}/nominations/new", PERSON | typed)


@pytest.fixture
def pages(world: World, tx: Tx, new_client: Callable[[], CheckingClient], sign_in: Callable[..., object]) -> Pages:
    centre, state = world.organisation("centre"), world.organisation("state")
    course = world.course(centre, sessions=[{"seats": 1}])
    focal, registrar = new_client(), new_client()
    people = (world.account(state, "focal_point"), world.account(centre))
    made = Pages(tx, world, course.sessions[0], state, focal, registrar, people, sign_in)
    made.sign_in_again()
    return made


def test_the_seats_of_a_session_are_for_everybody_and_its_candidates_are_not(
    pages: Pages, client: CheckingClient
) -> None:
    assert pages.put_forward().status_code == 303
    page = client.get(pages.here).text
    assert "How seats are given" in page
    assert "Ana Lopes" not in page
    assert client.get(f"/nominations/{pages.nominations()[0].ref}").status_code in {302, 303, 403}
    assert client.get(f"{pages.here}/nominations").status_code in {302, 303, 403}


def test_a_candidate_is_put_forward_and_both_sides_see_it(pages: Pages) -> None:
    answer = pages.put_forward()
    assert answer.location == f"{pages.here}/nominations"
    (one,) = pages.nominations()
    assert (one.name, one.status, one.rank) == ("Ana Lopes", "nominated", 1)
    for reader in (pages.focal, pages.registrar):
        assert "Ana Lopes" in reader.get(f"{pages.here}/nominations").text
        assert "She leads the unit." in reader.get(f"/nominations/{one.ref}").text
        assert "Ana Lopes" in reader.get("/nominations").text
    assert "Candidates who wait for you" in pages.registrar.get("/desk").text


def test_strangers_are_not_shown_that_there_is_one(
    pages: Pages, new_client: Callable[[], CheckingClient], sign_in: Callable[..., object], world: World
) -> None:
    pages.put_forward()
    ref = pages.nominations()[0].ref
    for kind in ("state", "donor", "centre", "secretariat"):
        stranger = new_client()
        sign_in(stranger, world.account(world.organisation(kind)))
        assert stranger.get(f"/nominations/{ref}").status_code == 404
        assert "Ana Lopes" not in stranger.get(f"{pages.here}/nominations").text


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"name": ""}, "name"), ({"email": "nobody"}, "email"), ({"rank": "first"}, "rank"), ({"rank": "0"}, "rank")],
)
def test_what_is_wrong_is_named_and_what_was_typed_stays(pages: Pages, typed: dict[str, str], field: str) -> None:
    answer = pages.put_forward(**typed)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert "She leads the unit." in answer.text
    assert pages.nominations() == []


def test_the_same_person_twice_is_said(pages: Pages) -> None:
    pages.put_forward()
    answer = pages.put_forward(rank="2")
    assert answer.status_code == 422
    assert "put this person forward for this session already" in answer.text


def accept(pages: Pages, *people: Nomination) -> Any:
    fields = pages.registrar.form(f"{pages.here}/nominations") | {"chosen": [one.ref for one in people]}
    return pages.registrar.post(f"{pages.here}/nominations/accept", data=fields)


def test_the_registrar_accepts_and_the_last_seat_goes_to_one(pages: Pages) -> None:
    pages.put_forward()
    pages.put_forward(name="Bia Reis", email="bia@mj.example", rank="2")
    assert accept(pages, *pages.nominations()).status_code == 303
    assert [one.status for one in pages.nominations()] == ["approved", "waitlisted"]
    page = pages.focal.get(f"{pages.here}/nominations").text
    assert "Every seat is given." in page
    assert "to be confirmed by" in page
    nobody = pages.registrar.post(f"{pages.here}/nominations/accept", data={})
    assert nobody.status_code == 422
    assert "Tick the candidates" in nobody.text


def test_the_candidate_answers_without_an_account(pages: Pages, client: CheckingClient, clock: MovableClock) -> None:
    pages.put_forward()
    pages.put_forward(name="Bia Reis", email="bia@mj.example", rank="2")
    accept(pages, *pages.nominations())
    first, second = pages.nominations()
    link = f"/seat/{token_for(SECRET_KEY, first)}"
    assert "I come" in client.get(link).text
    assert client.submit(link, {"answer": "yes"}).status_code == 303
    assert "You come." in client.get(link).text
    assert client.submit(link, {"answer": "no", "reason": "Ill"}).status_code == 303
    assert [one.status for one in pages.nominations()] == ["withdrawn", "approved"]
    clock.move(days=8)
    late = f"/seat/{token_for(SECRET_KEY, second)}"
    assert "The seat has gone to the next one" in client.get(late).text
    assert client.post(late, data={"answer": "yes"}).status_code == 303
    assert pages.nominations()[1].status != "confirmed"


@pytest.mark.parametrize("change", [lambda t: t[:-2], lambda t: t[1:], lambda _t: "x", lambda t: t + "A"])
def test_an_altered_link_is_refused(pages: Pages, client: CheckingClient, change: Callable[[str], str]) -> None:
    pages.put_forward()
    accept(pages, *pages.nominations())
    link = f"/seat/{change(token_for(SECRET_KEY, pages.nominations()[0]))}"
    answer = client.get(link)
    assert answer.status_code == 410
    assert "not good any more" in answer.text
    assert client.post(link, data={"answer": "yes"}).status_code == 410
    assert pages.nominations()[0].status == "approved"


def test_an_old_link_does_not_take_a_new_seat(pages: Pages, client: CheckingClient) -> None:
    pages.put_forward()
    accept(pages, *pages.nominations())
    one = pages.nominations()[0]
    old = token_for(SECRET_KEY, one)
    one.seat_given_at = one.seat_given_at + timedelta(hours=1)
    pages.tx.flush()
    assert client.get(f"/seat/{old}").status_code == 410


def test_turning_down_asks_for_a_reason(pages: Pages) -> None:
    pages.put_forward()
    one = pages.nominations()[0]
    assert pages.registrar.post(f"/nominations/{one.ref}/reject", data={"reason": ""}).status_code == 422
    answer = pages.registrar.post(f"/nominations/{one.ref}/reject", data={"reason": "Another course fits better."})
    assert answer.status_code == 303
    assert "Another course fits better." in pages.focal.get(f"/nominations/{one.ref}").text
    assert pages.focal.post(f"/nominations/{one.ref}/reject", data={"reason": "x"}).status_code == 403


def test_withdrawing_frees_the_seat(pages: Pages) -> None:
    pages.put_forward()
    one = pages.nominations()[0]
    assert pages.focal.post(f"/nominations/{one.ref}/withdraw", data={}).status_code == 303
    assert pages.nominations()[0].status == "withdrawn"
    again = pages.focal.post(f"/nominations/{one.ref}/withdraw", data={})
    assert "not possible any more" in pages.focal.get(again.location).text


def test_the_centre_says_how_seats_are_given(pages: Pages, client: CheckingClient) -> None:
    form = {"reserve": "3", "answer_days": "5", "keep_months": "6", "quotas-0-who": "sex:f", "quotas-0-bound": "floor",
            "quotas-0-seats": "1"}  # fmt: skip
    first = pages.registrar.submit(f"{pages.here}/seats", form)
    assert first.status_code == 303
    intake = pages.tx.scalars(select(Intake)).one()
    assert (intake.reserve, intake.quotas[0]["seats"]) == (3, 1)
    page = client.get(pages.here).text
    assert "at least 1 for Female" in page
    assert "within 5 days" in page
    wrong = pages.registrar.submit(f"{pages.here}/seats", form | {"quotas-0-seats": "2", "reserve": "many"})
    assert wrong.status_code == 422
    too_many = pages.registrar.submit(f"{pages.here}/seats", form | {"quotas-0-seats": "2"})
    assert "The floors together keep 2 seats" in too_many.text


def test_results_are_written_from_the_first_day_on(pages: Pages, clock: MovableClock, client: CheckingClient) -> None:
    need = pages.world.need(pages.state)
    pages.put_forward(line=need.lines[0].ref)
    accept(pages, *pages.nominations())
    one = pages.nominations()[0]
    client.submit(f"/seat/{token_for(SECRET_KEY, one)}", {"answer": "yes"})
    rows = {"rows-0-ref": one.ref, "rows-0-status": "passed", "rows-0-mark": "81"}
    early = pages.registrar.submit(f"{pages.here}/results", rows)
    assert early.status_code == 422
    assert "begins on" in early.text
    clock.move(days=107)
    pages.sign_in_again()
    wrong = pages.registrar.submit(f"{pages.here}/results", rows | {"rows-0-mark": "eighty"})
    assert wrong.status_code == 422
    assert 'value="eighty"' in wrong.text
    assert pages.registrar.submit(f"{pages.here}/results", rows).status_code == 303
    (one,) = pages.nominations()
    assert (one.status, one.mark) == ("passed", 81)
    assert "Confirm the result" in pages.focal.get(f"/nominations/{one.ref}").text
    assert pages.focal.post(f"/nominations/{one.ref}/agree", data={}).status_code == 303
    assert "Both sides have confirmed it" in pages.focal.get(f"/nominations/{one.ref}").text


def test_a_copy_is_announced_with_new_dates(pages: Pages) -> None:
    path = f"/courses/{pages.run.course.ref}/sessions/new?copy={pages.run.ref}"
    assert "A copy of the session" in pages.registrar.get(path).text
    answer = pages.registrar.submit(path, {"starts_on": "2027-09-06", "ends_on": "2027-09-10"})
    assert answer.status_code == 303
    pages.tx.expire_all()
    copy = next(one for one in pages.run.course.sessions if one.ref != pages.run.ref)
    assert (copy.seats, copy.place, copy.copied_from) == (1, "Dakar", pages.run.ref)


def test_names_that_look_like_formulas_stay_words(pages: Pages) -> None:
    assert pages.put_forward(name="=cmd|' /C calc'!A0").status_code == 303
    page = pages.registrar.get(f"{pages.here}/nominations").text
    assert re.search(r"=cmd\|&#39; /C calc&#39;!A0", page)
