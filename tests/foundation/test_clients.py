"""The tests' own browsers: two of them are two people, and each finds what is wrong with a page."""

from __future__ import annotations

import pytest

from app.needs.models import Need
from tests.pages import check_page, faults_of

FRAME = '<!doctype html><html lang="en"><head><title>Needs – Counterpart</title></head><body>{}</body></html>'
SOUND = FRAME.format("<h1>Needs</h1><p>None.</p>")


def test_two_clients_are_two_people(new_client, sign_in, world):
    alice, somebody = new_client(), new_client()
    account = world.account(world.organisation(), name="Alice Mendy")
    sign_in(alice, account)
    assert "Alice Mendy" in alice.get("/needs").get_data(as_text=True)
    assert "Alice Mendy" not in somebody.get("/needs").get_data(as_text=True)
    assert somebody.get("/desk").status_code == 302
    assert alice.get("/desk").status_code == 200


def test_a_post_without_token_is_refused(new_client, sign_in, world):
    alice = new_client()
    sign_in(alice, world.account(world.organisation()))
    assert alice.post("/sign-out", csrf=False).status_code == 403
    assert alice.post("/sign-out").status_code == 303


def test_a_wrong_password_does_not_sign_in(client, sign_in, world):
    with pytest.raises(AssertionError, match="could not sign in"):
        sign_in(client, world.account(world.organisation()), password="not the password at all")


def test_a_request_sees_the_test_and_the_test_sees_the_request(client, world, tx):
    need = world.need(world.organisation(), title="Un besoin nouveau")
    assert "Un besoin nouveau" in client.get(f"/needs/{need.ref}").get_data(as_text=True)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_look_that_writes_is_found(app, client, database, world, method):
    need = world.need(world.organisation())

    def touch():
        with database.transaction() as tx:
            tx.get(Need, need.id).title = "Touched"
        return ""

    app.add_url_rule("/touch", "touch", touch, methods=["GET", "POST"])
    if method == "post":
        client.post("/touch")
        assert need.title == "Touched"
    else:
        with pytest.raises(AssertionError, match="only looks"):
            client.get("/touch")


def test_a_sound_page_has_no_faults():
    check_page(SOUND, "a page")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<p>no heading</p>", "0 h1"),
        ("<h1>a</h1><h1>b</h1>", "2 h1"),
        ("<h1>a</h1><h3>b</h3>", "a level is left out"),
        ("<h1>a</h1><div><span></div></span>", "closes"),
        ("<h1>a</h1><p>one<div>two</div></p>", "ends a <p>"),
        ("<h1>a</h1><div>", "</body> in line 1 closes <div>"),
        ('<h1 id="x">a</h1><p id="x">b</p>', "was given before"),
        ('<h1>a</h1><input name="q">', "no label"),
        ('<h1>a</h1><p aria-describedby="gone">b</p>', "points to nothing"),
        ('<h1>a</h1><form method="post" action="/x"><button>Go</button></form>', "no csrf_token"),
        ('<h1>a</h1><p style="color: red">b</p>', "style="),
        ("<h1>a</h1><script>go()</script>", "without nonce"),
        ('<h1>a</h1><button onclick="go()">b</button>', "onclick="),
        ('<h1>a</h1><a href="/x"><svg><path d="M0 0"/></svg></a>', "nothing to read"),
        ('<h1>a</h1><img src="/x.png">', "without alt"),
        ('<h1>a</h1><a href="/x">b<a href="/y">c</a></a>', "inside another"),
    ],
)
def test_each_fault_is_found(body, fault):
    assert any(fault in found for found in faults_of(FRAME.format(body))), faults_of(FRAME.format(body))


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("Needs – Counterpart", "Needs", "the title is"),
        ("Needs – Counterpart", " – Counterpart", "the title is"),
        (' lang="en"', "", "language"),
    ],
)
def test_faults_of_the_frame_are_found(before, after, fault):
    assert any(fault in found for found in faults_of(SOUND.replace(before, after)))


def test_a_part_of_a_page_needs_no_frame():
    assert faults_of('<div id="matches"><p>None yet.</p></div>') == []
    assert faults_of('<div id="matches"><p>None yet.</p>') == ["<div> of line 1 is never closed"]


def test_controls_may_be_named_in_several_ways():
    body = (
        '<h1>a</h1><label for="x">X</label><input id="x"><label>Y <input name="y"></label><input aria-label="Z">'
        '<input type="hidden" name="h"><button aria-label="Go"></button>'
    )
    assert faults_of(FRAME.format(body)) == []
