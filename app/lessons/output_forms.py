"""The form in which an output is recorded: what it is, in which language, under which licence, and where it is."""

from __future__ import annotations

from typing import Any

from app.foundation.forms import SelectField, _l, choices, long_text, picked, short_text
from app.lessons import rules
from app.lessons.forms import RecordForm, named, opened_parts
from app.lessons.models import Output
from app.lessons.output_service import OutputDraft


class OutputForm(RecordForm):
    """A study, a model law, a curriculum, a manual, a data set or a program that others can use again."""

    kind = SelectField(_l("What it is"), validators=picked(_l("Choose what it is.")))
    description = long_text(_l("Description"), _l("Say what it contains and what others could use it for."))
    licence = SelectField(_l("Licence"), validators=picked(_l("Choose under which licence others may use it.")))
    website = short_text(_l("Where it is"), longest=rules.LONGEST_ADDRESS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = choices(named(rules.OUTPUT_KINDS, kwargs["spoken"]))
        self.licence.choices = choices(named(rules.LICENCES, kwargs["spoken"]))

    def validate(self, extra_validators: Any = None) -> bool:
        """Readers are sent only to addresses that they can safely follow, or to the owner."""
        is_sound = bool(super().validate(extra_validators))
        wrong = self._wrong_address()
        if wrong is not None:
            self.website.errors = [*self.website.errors, wrong]
        return is_sound and wrong is None

    def _wrong_address(self) -> Any:
        if self.website.data:
            is_safe = rules.is_safe_address(self.website.data)
            return None if is_safe else _l("Give a full address that begins with https://, or leave this empty.")
        is_asked_for = self.licence.data == "on_request"
        return None if is_asked_for else _l("Say where it can be found, or choose the licence “On request”.")

    def draft(self) -> OutputDraft:
        """What was said, as plain values."""
        return OutputDraft(
            **self.shared(),
            kind=self.kind.data,
            description=self.description.data,
            licence=self.licence.data,
            website=self.website.data or "",
        )


def as_opened(output: Output) -> dict[str, Any]:
    """What the form shows when an output is opened for amending."""
    own = {name: getattr(output, name) for name in ("kind", "description", "licence", "website")}
    return {**own, **opened_parts(output)}
