"""docs/rules.md says what the forms, rules and models say."""

from __future__ import annotations

from wtforms import Form

from app.accounts import rules
from app.foundation.forms import FieldList, FormField, short_text
from tests.architecture import rulebook


def test_the_page_says_what_the_code_says():
    assert rulebook.PAGE.read_text(encoding="utf-8") == rulebook.page(), "make access writes docs/rules.md anew"


def test_a_limit_that_changes_changes_the_page(monkeypatch):
    assert "| 12 hours | a sign-in at most |" in rulebook.page()
    monkeypatch.setattr(rules, "LONGEST_SIGN_IN", rules.LONGEST_LOCK)
    assert "| 1 hour | a sign-in at most |" in rulebook.page()


class RowForm(Form):
    name = short_text("Name", "Give a name.", 60)


class WholeForm(Form):
    rows = FieldList(FormField(RowForm), "Rows", max_entries=7)


def test_a_field_is_told_with_its_bounds():
    ((name, field),) = rulebook._own_fields(RowForm)
    assert (name, rulebook._shape(field), rulebook._needed(field)) == ("name", "text; at most 60 characters", "yes")
    ((_name, rows),) = rulebook._own_fields(WholeForm)
    assert rulebook._shape(rows) == "rows of `RowForm`, at most 7"
    assert rulebook._needed(rows) == "no"


def test_every_form_and_every_record_with_tiers_is_on_the_page():
    said = rulebook.page()
    for words in (
        "### `app.needs.forms.NeedForm`",
        "### `app.pledges.forms.PledgeForm`",
        "### `app.accounts.forms.PasswordForm`",
        "| need | contact, place, baseline, budget, files |",
        "| pledge | donor, amount |",
        "`app.needs.rules.check_move`",
        "`app.accounts.forms.PasswordForm.validate_repeated_password`",
    ):
        assert words in said, words
