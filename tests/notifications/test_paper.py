"""The HTML half of a letter that was written as plain text."""

from __future__ import annotations

import pytest
from lxml import html as reader

from app.notifications.paper import html_of

SITE = "https://counterpart.example"
TEXT = (
    f"Good day,\n\n1. A need\nStill true{{colon}}\n{SITE}/a/true\nNeeds a change{{colon}}\n{SITE}/a/change\n\nGoodbye."
)


@pytest.mark.parametrize("colon", [":", " :", "\N{NO-BREAK SPACE}:"])
def test_a_link_below_a_label_goes_by_the_label_and_the_first_is_the_button(colon):
    page = reader.fromstring(html_of(TEXT.format(colon=colon), "Asked", "en", SITE))
    links = [(link.text_content(), link.get("href"), link.get("class")) for link in page.iter("a")]
    assert links == [("Still true", f"{SITE}/a/true", "button"), ("Needs a change", f"{SITE}/a/change", None)]
    assert SITE not in page.text_content()


def test_a_link_without_a_label_shows_where_it_leads():
    page = reader.fromstring(html_of(f"Good day.\n\nSee {SITE}/a and {SITE}/b.\n", "Asked", "en", SITE))
    assert [link.text_content() for link in page.iter("a")] == [f"{SITE}/a", f"{SITE}/b"]


def test_what_leads_elsewhere_is_no_link():
    page = reader.fromstring(html_of("Look here:\nhttps://evil.example/a\n", "Asked", "en", SITE))
    assert not list(page.iter("a"))
    assert "Look here:" in page.text_content()
