"""What somebody typed stands in a refusal as text, in every way in which a template may write it."""

from __future__ import annotations

import pytest
from flask import render_template_string

from app.foundation.forms import BaseForm, ValidationError, _l, short_text

TYPED = "\"'><img src=x onerror=probe()>"


class Asking(BaseForm):
    code = short_text("Code")

    def validate_code(self, _field):
        raise ValidationError(_l("“%(code)s” is not a currency. Use three letters, such as EUR or XOF.", code=TYPED))


@pytest.mark.parametrize(
    "template",
    [
        "{{ form.code.errors[0] }}",
        "{% for e in form.code.errors %}{{ e }}{% endfor %}",
        "{{ form.code.errors | join(' ') }}",
        "{{ _('Error:') ~ form.code.errors[0] }}",
        "{{ _('Seen by %(who)s', who=form.code.errors[0]) }}",
        "{% from 'components/form.html' import error_summary %}{{ error_summary(form) }}",
        "{{ form.code(placeholder=form.code.errors[0]) }}",
    ],
)
def test_what_was_typed_is_text_in_a_refusal(app, template):
    with app.test_request_context("/", method="POST", data={"code": "x"}):
        form = Asking()
        form.validate()
        page = render_template_string(template, form=form)
    assert "img src=x" in page
    assert "<img" not in page
