"""The options of a list are drawn as the library draws them, whatever was drawn before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from wtforms import Form, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import Select

from app.foundation.options import KnownOptions

LABELS = st.text(max_size=12) | st.builds(Markup, st.sampled_from(["<b>a</b>", "a & b", "a &amp; b", ""]))


@given(st.lists(st.tuples(st.text(max_size=8), LABELS), max_size=6), st.text(max_size=8))
def test_options_are_those_of_the_library(pairs, chosen):
    class Two(Form):
        one = SelectField(choices=[SelectChoice(value, label) for value, label in pairs], default=chosen)

    field = Two().one
    assert KnownOptions()(field) == Select()(field)


def test_text_and_html_of_the_same_letters_are_two_options():
    class Two(Form):
        text = SelectField(choices=[SelectChoice("a", "<b>x</b>")])
        html = SelectField(choices=[SelectChoice("a", Markup("<b>x</b>"))])

    form = Two()
    assert "&lt;b&gt;" in KnownOptions()(form.text)
    assert "<b>x</b>" in KnownOptions()(form.html)
    assert "&lt;b&gt;" in KnownOptions()(form.text)
