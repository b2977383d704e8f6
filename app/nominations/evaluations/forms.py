"""The two forms by which those who took part say what they think."""

from __future__ import annotations

from typing import Any

from app.foundation.forms import BaseForm, CheckboxesField, RadioField, _l, long_text, picked, worded
from app.nominations.evaluations import rules
from app.nominations.evaluations.models import Evaluation

PICK = _l("Choose one of the answers.")


class AnswersForm(BaseForm):
    """What both forms share; the fields are called as the questions of rules are."""

    kind = ""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for question in rules.QUESTIONS[self.kind]:
            self[question.code].choices = worded(question.options)

    def figures(self) -> dict[str, Any]:
        """The options that were picked."""
        return {question.code: self[question.code].data for question in rules.QUESTIONS[self.kind]}

    def texts(self) -> dict[str, str]:
        """What was written in own words."""
        return {name: self[name].data or "" for name in rules.TEXTS[self.kind]}


class EndForm(AnswersForm):
    """At the end of a session: reaction and learning."""

    kind = rules.END
    relevance = RadioField(_l("The course was relevant to my work"), validators=picked(PICK))
    teaching = RadioField(_l("The teaching helped me to learn"), validators=picked(PICK))
    organisation = RadioField(_l("The course was well organised"), validators=picked(PICK))
    before = RadioField(_l("How well did you know the subject before the course?"), validators=picked(PICK))
    after = RadioField(_l("How well do you know it now?"), validators=picked(PICK))
    change = long_text(_l("What should be changed?"), longest=rules.LONGEST)


class UseForm(AnswersForm):
    """Six months later: use on the job."""

    kind = rules.USE
    used = RadioField(_l("Have you used on the job what you learned?"), validators=picked(PICK))
    example = long_text(_l("An example of how you used it"), longest=rules.LONGEST)
    obstacles = CheckboxesField(_l("What has hindered you?"))
    hindered = long_text(_l("What else has hindered you?"), longest=rules.LONGEST)
    advice = RadioField(_l("Would you send a colleague to this course?"), validators=picked(PICK))


FORMS = {form.kind: form for form in (EndForm, UseForm)}


def form_for(evaluation: Evaluation, *, is_blank: bool = False) -> AnswersForm:
    """The form of this kind, with what was answered before."""
    made = FORMS[evaluation.kind]
    kept = {**evaluation.figures, **evaluation.texts}
    return made(formdata=None, data=kept) if is_blank else made(data=kept)


class DraftForm(BaseForm):
    """Nothing to fill in: the button says it all."""
