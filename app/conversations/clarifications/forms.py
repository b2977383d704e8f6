"""Questions, answers and reasons as they are typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.conversations.clarifications import rules
from app.conversations.clarifications.service import Words
from app.foundation.forms import BaseForm, SelectField, _l, choices, long_text
from app.foundation.languages import LANGUAGES, language_name, say
from app.foundation.messages import Message
from app.foundation.permissions import Membership
from app.foundation.web import current_language


class WordsForm(BaseForm):
    """Something written in one of the site's languages."""

    language = SelectField(_l("You write in"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = current_language()
        self.language.choices = choices((code, language_name(code, here)) for code in LANGUAGES)
        if not self.language.data:
            self.language.data = here


class AskForm(WordsForm):
    """A question of one's organisation; `warnings` tell what in its words may tell who asks."""

    organisation = SelectField(_l("You ask for"))
    question = long_text(_l("Your question"), _l("Write your question."), longest=rules.LONGEST_QUESTION)

    def __init__(self, *args: Any, places: Sequence[Membership] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        self.warnings: list[Message] = []
        self.organisation.choices = choices([(m.organisation_ref, m.organisation_name) for m in places])
        # The only place is not asked for; but whoever names another one is told, and does not ask for this one.
        if len(places) == 1 and not (self.is_posted and self.organisation.data):
            self.organisation.data = places[0].organisation_ref

    @property
    def asker_id(self) -> int:
        """The organisation that asks; 0, which belongs to nobody, if it is none of these."""
        chosen = self.organisation.data
        return next((m.organisation_id for m in self.places if m.organisation_ref == chosen), 0)

    def words(self) -> Words:
        """What is asked."""
        return Words(self.question.data or "", self.language.data or "en")


class AnswerForm(WordsForm):
    """An answer, or another one in the place of the one that stands."""

    answer = long_text(_l("Answer"), _l("Write the answer."), longest=rules.LONGEST_ANSWER)

    def words(self) -> Words:
        """What is answered."""
        return Words(self.answer.data or "", self.language.data or "en")


class DeclineForm(BaseForm):
    """Why there is no answer."""

    reason = long_text(
        _l("Reason"), _l("Write the reason in a sentence or two: whoever asked reads it."), longest=rules.LONGEST_REASON
    )


class WithdrawForm(BaseForm):
    """A question is taken back."""


def tell_on(form: BaseForm, reason: Message) -> None:
    """Say above the form why it cannot be acted upon."""
    form.form_errors = [say(reason, current_language())]
