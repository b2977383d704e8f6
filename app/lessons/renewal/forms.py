"""The form in which somebody says that a lesson is still true."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from app.foundation.forms import BaseForm, DayField, _l, picked


class AffirmForm(BaseForm):
    """Until when it is still true; the form proposes two years."""

    review_by = DayField(_l("Look at it again by"), picked(_l("Say when it should be looked at again.")))

    @property
    def day(self) -> date:
        """The day that was given; the form has been found sound."""
        return cast(date, self.review_by.data)

    def blame_day(self) -> None:
        """The day does not lie ahead."""
        self.review_by.errors = [*self.review_by.errors, _l("Choose a day that lies ahead.")]

    @classmethod
    def proposing(cls, day: Any, version: int) -> AffirmForm:
        """The form as it is first shown."""
        return cls(formdata=None, review_by=day, version=version)
