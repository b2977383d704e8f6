"""The forms of certificates: issuing them, and typing a code."""

from __future__ import annotations

from app.foundation.forms import BaseForm, _l, short_text


class IssueForm(BaseForm):
    """Nothing to fill in: the button says it all."""


class CheckForm(BaseForm):
    """The code of a certificate that somebody was shown."""

    code = short_text(_l("Code"), _l("Type the twelve letters and digits that stand on the certificate."), 40)
