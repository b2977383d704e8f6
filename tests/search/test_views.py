"""The search page, through the test client."""

from __future__ import annotations

from tests.pages import CheckingClient


def test_a_page_of_results_is_as_long_as_one_asks(client: CheckingClient) -> None:
    page = client.get("/search?q=ports&size=50").text
    assert '<option value="50" selected>' in page
    assert '<option value="" selected>20</option>' in client.get("/search?q=ports&size=7").text


def test_nothing_found_says_what_to_do(client: CheckingClient) -> None:
    page = client.get("/search?q=zzqqxx").text
    assert "Nothing was found" in page
    assert "Try fewer or other words" in page
