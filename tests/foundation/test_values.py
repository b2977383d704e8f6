"""NUL characters in addresses, forms and paths reach nobody, on PostgreSQL least of all."""

from __future__ import annotations

import pytest

from app.foundation.forms import posted_fields
from app.foundation.values import TypedValues


def test_values_lose_their_nul_characters_and_nothing_else():
    values = TypedValues([("q", "a\x00b"), ("q", "ç"), ("k\x00", 3)])
    assert values.getlist("q") == ["ab", "ç"]
    assert values["k"] == 3
    assert not TypedValues()


def test_a_part_without_a_name_has_the_empty_one():
    assert sorted(TypedValues([("q", "a"), (None, "b")])) == ["", "q"]


def test_what_was_typed_can_be_shown_again_though_a_part_has_no_name(app):
    nameless = b"--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--\r\n"
    kind = "multipart/form-data; boundary=B"
    with app.test_request_context("/needs/new", method="POST", data=nameless, content_type=kind):
        assert posted_fields() == [("", "x")]


@pytest.mark.parametrize(
    "path",
    ["/needs?q=%00", "/search?q=a%00b", "/programmes?q=%00", "/countries?q=%00", "/organisations?q=%00&kind=%00"],
)
def test_an_address_with_nul_gives_a_page(client, path):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/needs/N-%00", "/programmes/%00", "/organisations/%00", "/needs/%00/history", "/%00"]
)
def test_a_path_with_nul_leads_nowhere(client, path):
    assert client.get(path).status_code == 404
