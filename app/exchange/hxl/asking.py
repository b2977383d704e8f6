"""New activities of a 3W table that seem to be here already: the guard of the forms asks about each of them.

What is answered is saved with the programme. What nobody has answered yet waits, as what an import brings does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.exchange.hxl.drafts import HELD, NEW, Outcome
from app.foundation.db import Tx
from app.foundation.guarding import Posting
from app.foundation.permissions import Actor
from app.matching.guard.forms import AnswerForm
from app.matching.guard.looks import Question, answer_in, missing, questions_of_many
from app.matching.relations.rules import SAME, UNANSWERED, AnswerDraft


@dataclass(frozen=True)
class Said:
    """What was answered of one activity, by the reference of each record that it seems to repeat.

    `open` are the numbers of those of which nobody has said yet how they stand to it.
    """

    answers: Mapping[str, AnswerDraft] = field(default_factory=dict)
    open: frozenset[int] = frozenset()

    @property
    def is_there(self) -> bool:
        """Whether the activity was said to be one that is here already: it is not posted a second time."""
        return any(answer.says == SAME for answer in self.answers.values())


NOTHING_ASKED = Said()


def asked(
    tx: Tx, reader: Actor, organisation_id: int, found: Iterable[Outcome], typed: Mapping[str, Any]
) -> list[Outcome]:
    """The outcomes, those held back that are new and seem to be here already; `typed` is what was answered so far."""
    outcomes = [*found]
    new = {
        f"{one.told.first}-": Posting("programme", one.draft, organisation_id) for one in outcomes if one.kind == NEW
    }
    asked_about = dict(zip(new, questions_of_many(tx, reader, new, typed), strict=True))
    return [_held(one, asked_about.get(f"{one.told.first}-", ())) for one in outcomes]


def _held(one: Outcome, about: Sequence[Question]) -> Outcome:
    return replace(one, kind=HELD, asked=about) if about and one.kind == NEW else one


def problems(found: Iterable[Outcome]) -> list[tuple[str, str]]:
    """What answers lack that were begun: the id of the field, and what to do. Not to answer is none."""
    return [
        told for outcome in found for one in outcome.asked if one.form and _is_begun(one.form) for told in missing(one)
    ]


def said_in(found: Iterable[Outcome]) -> dict[int, Said]:
    """What was answered of each activity that is held back, by its first row."""
    return {one.told.first: _said(one) for one in found if one.kind == HELD}


def _said(outcome: Outcome) -> Said:
    given = {
        one.suspect.side: answer_in(one.form) if _is_begun(one.form) else AnswerDraft(UNANSWERED)
        for one in outcome.asked
        if one.form
    }
    answers = {side.ref: answer for side, answer in given.items() if answer.says != UNANSWERED}
    return Said(answers, frozenset(side.number for side in given if side.ref not in answers))


def _is_begun(form: AnswerForm) -> bool:
    return bool(form.says.data or form.sentence.data)
