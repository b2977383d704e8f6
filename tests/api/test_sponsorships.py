"""Sponsored seats by programs: offered, answered and withdrawn by the rules of the pages, and seen by whom they may."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.foundation.audit import history_of
from app.foundation.outbox import OutboxRow
from app.nominations.sponsors.events import SeatsOffered, SponsorshipMoved
from app.nominations.sponsors.models import SeatSponsorship
from app.pledges.models import Pledge
from tests.api.test_files import kind_of
from tests.api.test_lists import every_ref

OWN = "http://localhost:5000"
OFFER = {"seats": 2, "countries": ["SN"], "pays": ["travel"], "note": "Two women at least."}


class School:
    """A centre with a session for Senegal, a donor that may pay for seats, and the programs of both and of others."""

    def __init__(self, world, program, tx):
        self.world, self.program, self.tx = world, program, tx
        self.centre, self.donor = world.organisation("centre"), world.organisation("donor")
        self.session = world.course_session(world.course(self.centre, countries=["SN"], themes=["prisons"]), seats=4)
        self.teaches, self.sponsors = program(world.account(self.centre)), program(world.account(self.donor))
        self.other = program(world.account(world.organisation("donor")))
        self.here = f"/courses/{self.session.course.ref}/sessions/{self.session.ref}/sponsorships"

    def offered(self, **body):
        """The address of an offer of the donor, and what was answered."""
        made = self.sponsors("POST", self.here, json={**OFFER, **body})
        assert made.status_code == 201, made.text
        return f"/sponsorships/{made.json['ref']}", made


def kept(tx):
    tx.expire_all()
    return [one.status for one in tx.scalars(select(SeatSponsorship).order_by(SeatSponsorship.id))]


@pytest.fixture
def school(world, program, tx):
    return School(world, program, tx)


def test_seats_are_offered_between_two_sides_and_for_all_once_the_centre_has_accepted(school, tx):
    here, made = school.offered()
    assert made.headers["Location"] == f"{OWN}/api/v1{here}"
    told = {name: made.json[name] for name in (*OFFER, "status", "url", "course_ref", "session_ref")}
    assert told == {
        **OFFER, "status": "offered", "url": OWN + here, "course_ref": school.session.course.ref,
        "session_ref": school.session.ref,
    }  # fmt: skip
    assert (made.json["organisation"]["ref"], made.json["centre"]["ref"]) == (school.donor.ref, school.centre.ref)
    ref = made.json["ref"]
    for ask in (school.sponsors, school.teaches):
        assert ask("GET", here).json == made.json
        assert [one["ref"] for one in ask("GET", "/sponsorships").json["items"]] == [ref]
        assert [one["ref"] for one in ask("GET", school.here).json["items"]] == [ref]
    assert kind_of(school.other("GET", here)) == "not-found"
    for ask in (school.other, school.program()):
        assert ask("GET", school.here).json["items"] == []
    assert school.other("GET", "/sponsorships").json["items"] == []
    late = school.teaches("POST", f"{here}/accept", headers={"If-Match": '"9.0123456789ab"'})
    assert kind_of(late) == "changed-meanwhile"
    accepted = school.teaches("POST", f"{here}/accept", headers={"If-Match": made.headers["ETag"]})
    assert (accepted.status_code, accepted.json["status"]) == (200, "accepted")
    assert school.other("GET", here).json == accepted.json
    (public,) = school.program()("GET", school.here).json["items"]
    # What is said to the centre is not for everybody.
    assert {**public, "note": OFFER["note"], "status_reason": ""} == accepted.json
    assert {event.action for event in history_of(tx, ref)} == {"sponsorship.offered", "sponsorship.accepted"}
    assert all(event.details["program"] for event in history_of(tx, ref))
    assert {SeatsOffered.__name__, SponsorshipMoved.__name__} <= set(tx.scalars(select(OutboxRow.fact)))


def test_for_a_line_of_a_need_it_is_a_pledge_besides(school, tx):
    need = school.world.need(
        school.world.organisation(), themes=["prisons"], countries=["SN"],
        lines=[{"kind": "training", "description": "Judges", "quantity": 5}],
    )  # fmt: skip
    line = need.lines[0].ref
    made = school.sponsors("POST", school.here, json={"seats": 2, "line": line, "pays": ["travel"]})
    assert made.status_code == 201, made.text
    assert (made.json["need_ref"], made.json["need_line"], made.json["countries"]) == (need.ref, line, [])
    pledge = tx.scalars(select(Pledge)).one()
    assert made.json["pledge_ref"] == pledge.ref
    for ask in (school.sponsors, school.teaches):
        seen = ask("GET", f"/sponsorships/{made.json['ref']}").json
        assert ("pledge_ref" in seen) == (ask("GET", f"/pledges/{pledge.ref}").status_code == 200)
    both = school.sponsors("POST", school.here, json={**OFFER, "line": line})
    assert (both.status_code, both.json["errors"][0]["pointer"]) == (422, "/countries")


def test_an_offer_is_declined_or_withdrawn_with_a_reason_and_once(school):
    declined, _made = school.offered()
    withdrawn, _made = school.offered()
    told = school.teaches("POST", f"{declined}/decline", json={"reason": "We have a sponsor."})
    assert (told.json["status"], told.json["status_reason"]) == ("declined", "We have a sponsor.")
    told = school.sponsors("POST", f"{withdrawn}/withdraw", json={"reason": "No money."})
    assert (told.json["status"], told.json["status_reason"]) == ("withdrawn", "No money.")
    for here in (declined, withdrawn):
        for ask, move, body in ((school.teaches, "accept", None), (school.teaches, "decline", {"reason": "So."}),
                                (school.sponsors, "withdraw", {"reason": "So."})):  # fmt: skip
            answer = ask("POST", f"{here}/{move}", json=body)
            assert (answer.status_code, kind_of(answer)) == (409, "not-possible")
            french = ask("POST", f"{here}/{move}", json=body, headers={"Accept-Language": "fr"})
            assert french.json["detail"] != answer.json["detail"]
    assert school.sponsors("GET", school.here).json["items"] == []
    assert len(school.sponsors("GET", "/sponsorships").json["items"]) == 2


def test_who_may_not_is_told_so_whatever_is_sent(school, world, tx):
    here, _made = school.offered()
    members = [school.program(world.account(one, "member")) for one in (school.donor, school.centre)]
    reads_alone = school.program(world.account(school.donor), scope="read")
    office = school.program(world.account(world.organisation("secretariat"), "focal_point"))
    waits = school.program(world.account(world.organisation("donor", status="applied")))
    for body in (OFFER, {"reason": "So."}, {"no such field": 1}):
        for ask in (*members, reads_alone, office, waits):
            assert kind_of(ask("POST", school.here, json=body)) == "refused"
        for ask, moves in ((school.sponsors, ("accept", "decline")), (school.teaches, ("withdraw",))):
            for move in moves:
                assert kind_of(ask("POST", f"{here}/{move}", json=body)) == "refused"
        for move in ("accept", "decline", "withdraw"):
            assert school.other("POST", f"{here}/{move}", json=body).status_code in {403, 404}
            assert kind_of(school.program()("POST", f"{here}/{move}", json=body)) == "sign-in"
    for path in ("/sponsorships", here):
        assert kind_of(school.program()("GET", path)) == "sign-in"
    assert kept(tx) == ["offered"]


def test_what_one_may_not_see_is_not_there(school, tx):
    here, _made = school.offered()
    school.teaches("POST", f"{here}/accept")
    school.session.course.disclosure = "own"
    tx.flush()
    for ask in (school.sponsors, school.other):
        assert kind_of(ask("GET", here)) == "not-found"
        assert kind_of(ask("GET", school.here)) == "not-found"
        for body in (OFFER, {"no such field": 1}):
            assert kind_of(ask("POST", school.here, json=body)) == "not-found"
            assert kind_of(ask("POST", f"{here}/withdraw", json=body)) == "not-found"
    assert kind_of(school.program()("GET", school.here)) == "not-found"
    assert kind_of(school.teaches("GET", "/sponsorships/SP-7KQ2-MX4T")) == "not-found"


def test_pages_of_the_list_follow_one_another(school):
    for _number in range(5):
        school.offered()
    refs, pages = every_ref(school.sponsors, "/sponsorships?limit=2")
    assert (len(set(refs)), len(refs), pages) == (5, 5, 3)
    assert set(every_ref(school.teaches, f"{school.here}?limit=3")[0]) == set(refs)
    for query in ("cursor=x", "limit=0", "q=port"):
        assert kind_of(school.sponsors("GET", f"/sponsorships?{query}")) == "unknown-filter"


def test_the_same_request_with_the_same_key_is_done_once(school, tx):
    key = {"Idempotency-Key": "seats-1"}
    first, again = (school.sponsors("POST", school.here, json=OFFER, headers=key) for _time in range(2))
    assert (first.status_code, again.status_code, again.json) == (201, 201, first.json)
    assert kind_of(school.sponsors("POST", school.here, json={**OFFER, "seats": 1}, headers=key)) == "key-used"
    accept = f"/sponsorships/{first.json['ref']}/accept"
    first, again = (school.teaches("POST", accept, headers=key) for _time in range(2))
    assert (first.status_code, again.json) == (200, first.json)
    assert kept(tx) == ["accepted"]


@pytest.mark.parametrize(
    ("body", "place", "words"),
    [
        ({"seats": 0}, "/seats", "Write how many seats"),
        ({"seats": 5}, "/seats", "Write how many seats: a whole number from 1 to 4."),
        ({"seats": "two"}, "/seats", "Write this as a whole number."),
        ({"countries": []}, "/countries", "Choose the States that the seats are for"),
        ({"countries": ["GT"]}, "/countries", "is not a valid choice"),
        ({"pays": []}, "/pays", "Say what you pay for."),
        ({"pays": ["gold"]}, "/pays", "is not a valid choice"),
        ({"line": "NL-7KQ2-MX4T"}, "/line", "Choose one of the list."),
        ({"organisation": "O-7KQ2-MX4T"}, "/organisation", "Choose one of the list."),
        ({"price": 1}, "/price", "There is no such field here."),
    ],
)
def test_what_is_wrong_is_told_where_it_is_in_words(school, tx, body, place, words):
    answer = school.sponsors("POST", school.here, json={**OFFER, **body})
    assert (answer.status_code, kind_of(answer)) == (422, "not-sound"), answer.text
    (error,) = answer.json["errors"]
    assert (error["pointer"], words in error["detail"]) == (place, True), error
    french = school.sponsors("POST", school.here, json={**OFFER, **body}, headers={"Accept-Language": "fr"})
    assert french.json["errors"][0]["detail"] != error["detail"]
    for raw in (b"{", b"[]", b'{"note": "\\u0000"}'):
        assert kind_of(school.sponsors("POST", school.here, data=raw, content_type="application/json")) == "unreadable"
    assert kept(tx) == []


@pytest.mark.one_engine
def test_the_description_says_what_sponsored_seats_are(client):
    described = client.get("/api/v1/openapi.json").json
    assert set(described["paths"]["/courses/{ref}/sessions/{session_ref}/sponsorships"]) == {"get", "post"}
    assert described["components"]["schemas"]["SeatsOffered"]["required"] == ["seats"]
    assert "Seats that you sponsor or teach" in client.get("/api").text
    assert "SponsorshipGiven" in client.get("/api/sponsorships").text
