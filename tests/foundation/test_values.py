"""NUL characters in addresses, forms and paths reach nobody, on PostgreSQL least of all."""

from __future__ import annotations

import pytest

from app.foundation.values import TypedValues


def test_values_lose_their_nul_characters_and_nothing_else():
    values = TypedValues([("q", "a\x00b"), ("q", "ç"), ("k\x00", 3)])
    assert values.getlist("q") == ["ab", "ç"]
    assert values["k"] == 3
    assert not TypedValues()


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
