"""The address of a list: what it asks for, and what stands beside the list because of it."""

from __future__ import annotations

from flask import Flask
from werkzeug.datastructures import MultiDict

from app.foundation.listing import Asked, Words, beside, read_address
from app.foundation.messages import msg

KNOWN = {"theme": lambda code: code in {"customs", "courts"}, "mood": lambda code: code in {"yes", "no"}}
SORTS = ("open", "newest")
WORDS = Words(
    titles={"q": "Words", "mood": "Mood", "theme": "Theme"},
    own={"mood": {"yes": msg("Yes"), "no": msg("No")}},
    sorts={"open": msg("Open first"), "newest": msg("Newest first")},
    fixed={"mood": ("yes", "no")},
)


def read(*pairs: tuple[str, str]) -> Asked:
    return read_address("programmes.index", MultiDict(pairs), KNOWN, SORTS)


def test_what_no_list_knows_is_passed_over() -> None:
    asked = read(("theme", "customs"), ("theme", "customs"), ("theme", "<b>"), ("sort", "x"), ("size", "7"))
    assert asked.chosen == {"theme": ("customs",), "mood": ()}
    assert (asked.sort, asked.size) == ("open", 20)


def test_the_same_list_has_the_same_address(app: Flask) -> None:
    with app.test_request_context():
        assert read(("sort", "open"), ("size", "20"), ("q", "")).address() == "/programmes"
        asked = read(("q", "ports"), ("theme", "customs"), ("sort", "newest"), ("size", "50"))
        assert asked.address(2) == "/programmes?theme=customs&q=ports&sort=newest&size=50&page=2"
        assert asked.without("theme", "customs") == "/programmes?q=ports&sort=newest&size=50"
        assert asked.without("q", "ports") == "/programmes?theme=customs&sort=newest&size=50"


def test_choices_keep_what_is_ticked_and_leave_most_first(app: Flask) -> None:
    asked = read(("theme", "courts"))
    with app.test_request_context():
        drawn = beside(asked, {"theme": {"customs": 4}, "mood": {"no": 1}}, WORDS)
    facets = {
        name: [(choice.value, choice.count, choice.selected) for choice in made]
        for name, _title, made in drawn["facets"]
    }
    assert facets["theme"] == [("customs", 4, False), ("courts", 0, True)]
    assert facets["mood"] == [("yes", 0, False), ("no", 1, False)]
    assert [(tag["label"], tag["remove_url"]) for tag in drawn["tags"]] == [("Theme:", "/programmes")]
    assert drawn["sorts"] == [("open", "Open first"), ("newest", "Newest first")]


def test_a_facet_without_choices_is_not_drawn(app: Flask) -> None:
    with app.test_request_context():
        drawn = beside(read(), {"theme": {}, "mood": {}}, WORDS)
    assert [name for name, _title, _choices in drawn["facets"]] == ["mood"]
