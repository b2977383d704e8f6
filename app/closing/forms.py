"""The two-minute form: three short fields and how it went; the rest is told by the record, and may be put right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.closing.rules import offered_tiers, proposed_tier, title_from
from app.foundation.forms import BaseForm, RadioField, SelectField, _l, choices, long_text, picked, worded
from app.foundation.languages import LANGUAGES
from app.lessons.rules import TIERS, VERDICTS
from app.lessons.service import LessonDraft

LONGEST_ANSWER = 600
LONGEST_FILLED = 2000


class ClosingForm(BaseForm):
    """What happened, why, and what to do next time."""

    verdict = RadioField(_l("How it went"), validators=picked(_l("Choose how it went.")))
    result = long_text(_l("What came of it?"), _l("Say in a sentence or two what came of it."), LONGEST_ANSWER)
    cause = long_text(_l("Why, as far as you know?"), longest=LONGEST_ANSWER)
    instruction = long_text(
        _l("What should somebody else do next time?"),
        _l("Say what to do next time, as an instruction."),
        LONGEST_ANSWER,
    )
    context = long_text(_l("When and where"), _l("Say when and where this was."), LONGEST_FILLED)
    action = long_text(_l("What was done"), _l("Say what was done, and by whom."), LONGEST_FILLED)
    language = SelectField(_l("Language that you write in"), validators=picked(_l("Choose a language.")))
    disclosure = RadioField(_l("Who may see it"), validators=picked(_l("Choose who may see it.")))

    def __init__(self, *args: Any, tier: str, is_owner: bool, **kwargs: Any) -> None:
        kwargs["data"] = {"disclosure": proposed_tier(tier), **(kwargs.get("data") or {})}
        super().__init__(*args, **kwargs)
        self.verdict.choices = worded((code, name) for code, (name, _colour) in VERDICTS.items())
        self.language.choices = choices(LANGUAGES.items())
        self.disclosure.choices = worded((code, TIERS[code]) for code in offered_tiers(tier, is_owner=is_owner))

    def draft(self, view: str, subject: tuple[str, str], codes: Mapping[str, tuple[str, ...]]) -> LessonDraft:
        """The lesson; its title is its instruction."""
        kind, ref = subject
        return LessonDraft(
            language=self.language.data,
            title=title_from(self.instruction.data),
            context=self.context.data,
            action=self.action.data,
            result=self.result.data,
            cause=self.cause.data or "",
            instruction=self.instruction.data,
            verdict=self.verdict.data,
            view=view,
            stage="handover",
            themes=codes["theme"],
            kinds=codes["kind"],
            countries=codes["country"],
            disclosure=self.disclosure.data,
            subject_kind=kind,
            subject_ref=ref,
        )
