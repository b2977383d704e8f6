"""The forms by which a candidate is amended, and the candidates of one organisation are ranked anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.foundation.forms import (
    BaseForm,
    FieldList,
    Form,
    FormField,
    HiddenField,
    InputRequired,
    IntegerField,
    NumberRange,
)
from app.foundation.languages import LANGUAGES, language_name, say
from app.foundation.web import current_language, request
from app.nominations.amending import rules
from app.nominations.amending.service import AmendDraft
from app.nominations.forms import RANK, CandidateForm
from app.nominations.models import Nomination
from app.nominations.rules import MOST_RANK


class AmendForm(CandidateForm):
    """One candidate who was put forward already; the organisation stays, and ranks have a page of their own."""

    def __init__(self, nomination: Nomination, lines: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(lines, **kwargs)
        if nomination.language not in LANGUAGES:
            # A sheet may have said another language: it is kept as long as nobody chooses.
            named = (nomination.language, language_name(nomination.language, current_language()))
            self.language.choices = [*self.language.choices, named]

    def amended(self, line: Any) -> AmendDraft:
        """What was typed, with the line that it names."""
        return AmendDraft(self.candidate(), self.motivation.data or "", line)


def values_of(one: Nomination) -> dict[str, Any]:
    """A candidate as the form shows it."""
    line = one.need_line.ref if one.need_line else ""
    return vars(one.candidate) | {"motivation": one.motivation, "line": line, "version": str(one.version)}


class RankRow(Form):
    """The rank of one candidate."""

    ref = HiddenField()
    rank = IntegerField(RANK, [InputRequired(RANK), NumberRange(1, MOST_RANK, RANK)], invalid_value_message=RANK)


class RankForm(BaseForm):
    """All candidates of one organisation for a session, each with its rank; `seen` marks the order that was shown."""

    seen = HiddenField()
    rows = FieldList(FormField(RankRow))

    def ranks(self) -> dict[str, int | None]:
        """What was typed, by the reference of the candidate."""
        return {entry.form.ref.data or "": entry.form.rank.data for entry in self.rows.entries}

    def press(self) -> str:
        """The button up or down that was pressed, if one was: then the rows change places, and nothing is saved."""
        pressed: str = request.form.get("step", "")
        if pressed:
            ranks = self.ranks()
            self.arrange(rules.stepped(rules.in_order(ranks, list(ranks)), pressed))
        return pressed

    def arrange(self, order: Sequence[str]) -> None:
        """Put the rows into this order, and number them through."""
        place = {ref: number for number, ref in enumerate(order, start=1)}
        self.rows.entries.sort(key=lambda entry: place.get(entry.form.ref.data or "", MOST_RANK))
        for entry in self.rows.entries:
            entry.form.rank.data = place.get(entry.form.ref.data or "")
            # What was typed before would be shown again instead.
            entry.form.rank.raw_data = None
            entry.form.rank.errors = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields; each candidate has a rank of its own."""
        is_sound = bool(super().validate(extra_validators))
        problems = rules.rank_problems(self.ranks())
        self.mark(problems)
        return is_sound and not problems

    def mark(self, problems: Mapping[str, Any]) -> None:
        """Put each message at the row of its candidate, where none stands yet."""
        for entry in self.rows.entries:
            problem = problems.get(entry.form.ref.data or "")
            if problem is not None and not entry.form.rank.errors:
                entry.form.rank.errors = [say(problem, current_language())]
