from __future__ import annotations

import pytest

from app.needs.forms import NeedForm
from app.needs.sections import SECTIONS, Section, section_state

CHIEF = Section("chief", SECTIONS[0].title, ("title", "themes", "place"), ("title", "themes"))
EXTRA = Section("extra", SECTIONS[0].title, ("place", "disclosure"))


@pytest.mark.parametrize(
    ("section", "filled", "wrong", "state"),
    [
        (CHIEF, [], [], "to_do"),
        (CHIEF, ["title"], [], "to_do"),
        (CHIEF, ["title", "themes"], [], "complete"),
        (CHIEF, ["title", "themes"], ["place"], "errors"),
        (CHIEF, ["title", "themes"], ["elsewhere"], "complete"),
        (EXTRA, [], [], "optional"),
        (EXTRA, ["disclosure"], [], "optional"),
        (EXTRA, ["place"], [], "complete"),
        (EXTRA, [], ["disclosure"], "errors"),
    ],
)
def test_how_far_a_section_is(section, filled, wrong, state):
    assert section_state(section, filled, wrong) == state


def test_every_field_of_the_form_stands_in_one_section_and_the_required_ones_are_in_it():
    placed = [name for section in SECTIONS for name in section.fields]
    # Hidden: the form's key, the version that it was opened on, and the token.
    fields = {name for name in dir(NeedForm) if hasattr(getattr(NeedForm, name), "field_class")} - {
        "form_key",
        "version",
    }
    assert sorted(placed) == sorted(fields)
    assert all(set(section.required) <= set(section.fields) for section in SECTIONS)
