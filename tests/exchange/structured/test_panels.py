"""Public pages in the words of schema.org: sound, and never more than a stranger may see."""

from __future__ import annotations

import json
from decimal import Decimal

from lxml import html

REQUIRED = {
    "Demand": {"name", "description", "url", "identifier", "itemOffered"},
    "Project": {"name", "description", "url", "identifier", "parentOrganization", "funder"},
    "Article": {"headline", "author", "datePublished", "inLanguage", "license"},
    "CreativeWork": {"name", "author", "inLanguage"},
    "Dataset": {"name", "description", "url", "license", "creator", "distribution"},
    "DataDownload": {"contentUrl", "encodingFormat"},
    "MonetaryGrant": {"name", "amount", "funder"},
    "MonetaryAmount": {"value", "currency"},
    "GovernmentOrganization": {"name", "url"},
    "Organization": {"name", "url"},
    "EducationalOrganization": {"name", "url"},
    "Country": {"name", "identifier"},
    "Service": {"name"},
}


def data_of(page) -> list[dict]:
    found = html.fromstring(page.text).xpath("//script[@type='application/ld+json']")
    assert all(each.get("nonce") for each in found)
    return [json.loads(each.text) for each in found]


def types_in(node) -> set[str]:
    """The types in some data, each with what its definition asks for."""
    if isinstance(node, list):
        return {kind for each in node for kind in types_in(each)}
    if not isinstance(node, dict):
        return set()
    kind = node["@type"]
    assert REQUIRED[kind] <= node.keys(), (kind, node)
    assert all(str(node[name]).startswith("http") for name in ("url", "contentUrl") if name in node)
    return {kind, *(kind for name, each in node.items() if name != "@context" for kind in types_in(each))}


def test_each_public_page_is_told(client, world):
    state, donor, centre = (world.organisation(kind) for kind in ("state", "donor", "centre"))
    need = world.need(state, title="Ports </script><script>alert(1)</script>")
    programme = world.programme(donor, budget_amount=Decimal(500), currency="EUR")
    lesson, output = world.lesson(donor), world.output(donor)
    pages = {
        f"/needs/{need.ref}": {"GovernmentOrganization", "Demand", "Service", "Country"},
        f"/programmes/{programme.ref}": {"Project", "Organization", "MonetaryGrant", "MonetaryAmount"},
        f"/lessons/{lesson.ref}": {"Article", "Organization"},
        f"/outputs/{output.ref}": {"CreativeWork", "Organization"},
        f"/organisations/{centre.ref}": {"EducationalOrganization", "Country"},
        "/countries/SN": {"Dataset", "DataDownload", "Organization", "Country"},
        "/open-data": {"Dataset", "DataDownload", "Organization"},
    }
    for path, kinds in pages.items():
        (data,) = data_of(client.get(path))
        assert data["@context"] == "https://schema.org"
        assert types_in(data) >= kinds, path
    (said,) = data_of(client.get(f"/needs/{need.ref}"))
    assert said["seeks"]["name"] == need.title


def test_a_signed_in_reader_is_told_no_more(client, sign_in, world):
    donor = world.organisation("donor")
    shown = world.programme(donor, budget_amount=Decimal(77777), currency="EUR", field_disclosure={"budget": "members"})
    own = world.programme(donor, disclosure="own")
    sign_in(client, world.account(donor))
    page = client.get(f"/programmes/{shown.ref}")
    assert "77777" not in json.dumps(data_of(page))
    assert "funding" not in data_of(page)[0]
    assert data_of(client.get(f"/programmes/{own.ref}")) == []


def test_the_files_that_are_told_are_there(client, world, index):
    world.programme(world.organisation("donor"))
    index()
    for path in ("/open-data", "/countries/SN"):
        for file in data_of(client.get(path))[0]["distribution"]:
            answer = client.get(file["contentUrl"].removeprefix("http://localhost:5000"))
            assert (answer.status_code, answer.mimetype) == (200, file["encodingFormat"])
