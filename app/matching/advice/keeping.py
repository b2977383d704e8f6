"""What was answered to lessons beside a form: found among what was sent, saved in the transaction of the record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from app.foundation.db import Tx
from app.foundation.guarding import Keep
from app.foundation.web import actor, flash, gettext, now
from app.matching.advice.forms import BesideForm
from app.matching.advice.queries import find_answerable
from app.matching.advice.rules import AnswerDraft, AnswerRefused
from app.matching.advice.service import answer_lesson

FIELD = re.compile(r"lesson-(L-[0-9A-Z]{4}-[0-9A-Z]{4})-says")
MOST_ANSWERS = 20


def answered_in(typed: Mapping[str, Any]) -> dict[str, AnswerDraft]:
    """What was said to which lesson, by its reference; what nobody touched is not there."""
    refs = [found[1] for name in typed if (found := FIELD.fullmatch(name))][:MOST_ANSWERS]
    forms = {ref: BesideForm(typed, ref) for ref in refs}
    return {ref: form.draft() for ref, form in forms.items() if form.is_touched}


def keep_answers(typed: Mapping[str, Any]) -> Keep:
    """How to save with the record what was answered beside its form."""
    return partial(_save, answered_in(typed))


def _save(answers: Mapping[str, AnswerDraft], tx: Tx, record: Any) -> None:
    """Save the answers; one that lacks its reason holds nothing back, and its author is told where to give it."""
    tx.flush()
    for ref, draft in answers.items():
        pair = find_answerable(tx, actor(), ref, record.ref)
        if pair is None:
            continue
        try:
            answer_lesson(tx, actor(), *pair, draft, now())
        except AnswerRefused:
            words = gettext(
                "Your answer to “%(lesson)s” is not kept yet: say below, at that lesson, why it does not apply.",
                lesson=pair[0].title,
            )
            flash(words, "warning")
