"""Every route asks for a permission and says what it shows, and whoever only looks changes nothing."""

from __future__ import annotations

import pytest

from app.foundation.disclosure import NOTHING, SURFACES
from app.foundation.permissions import POLICIES, Permission
from app.foundation.web import API, GUARDS, unguarded
from tests.architecture.reading import none_of

# What is sent without a form's token, and why.
WITHOUT_TOKEN = {
    "app.accounts.entry.views.sign_in": "the form looks for it itself, so that a page open for too long keeps its text",
    "app.notifications.links.views.stop": "a mail program stops mails by one request (RFC 8058): its word is signed",
}
# Where no cookie is believed, so that nothing can be sent in anybody's name: a program brings a token.
WITHOUT_COOKIES = {"api"}
# Addresses that answer machines, or that lead elsewhere by design.
NOT_PAGES = ("/static/", "/health")


def addresses(app):
    """Every address without a variable part that can be looked at."""
    return sorted(
        {rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and not rule.arguments}
        - {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith(NOT_PAGES)}
    )


def test_every_route_is_guarded(app):
    none_of(unguarded(app))


def test_a_route_without_guard_would_be_found(app):
    app.add_url_rule("/forgotten", "forgotten", lambda: "")
    assert unguarded(app) == ["forgotten"]


def test_what_is_sent_needs_the_token_of_its_form_but_for_these(app):
    protection = app.extensions["csrf"]
    assert protection._exempt_views == set(WITHOUT_TOKEN)
    assert {getattr(one, "name", one) for one in protection._exempt_blueprints} == WITHOUT_COOKIES


def test_every_route_is_on_a_surface(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()} & set(GUARDS)
    none_of(e for e in sorted(endpoints) if GUARDS[e].surface not in {NOTHING, *SURFACES})


def test_every_surface_is_used(app):
    """A surface that no route shows is a panel, a mail or an export; a page or a list has an address."""
    shown = {guard.surface for guard in GUARDS.values()}
    none_of(s.name for s in SURFACES.values() if s.form in {"page", "list"} and s.name not in shown)


def test_every_permission_has_a_policy():
    assert set(POLICIES) == set(Permission)


def test_sign_out_cannot_be_a_link(client):
    assert client.get("/sign-out").status_code in {404, 405}


# With its form and its links looked at; that they open for all kinds of people, test_access sees.
@pytest.mark.parametrize("kind", [None, "state", "secretariat"])
def test_every_page_opens_for_everybody(app, client, sign_in, world, kind):
    """Each page is sound (the client checks), is refused in words, or leads to the sign-in; none breaks or writes."""
    if kind:
        sign_in(client, world.account(world.organisation(kind), role="focal_point"))
    wrong = {}
    for address in addresses(app):
        status = client.get(address).status_code
        if status not in {200, 301, 302, 303, 308, 403, 404} and not (status == 401 and address.startswith(API)):
            wrong[address] = status
    assert wrong == {}
