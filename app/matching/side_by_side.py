"""A need and an offer side by side: each requirement with its verdict, the words that show it, what is said of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.foundation.db import Tx
from app.foundation.languages import word
from app.foundation.permissions import Actor, Membership
from app.foundation.web import actor, current_language, now, render
from app.matching.evidence import Quote, asked_beside, asked_by_line, given_beside, given_for_line
from app.matching.facts import need_facts, offer_facts
from app.matching.feedback import rules
from app.matching.feedback.forms import AnswerForm, ReviewForm
from app.matching.feedback.models import MatchAnswer
from app.matching.feedback.queries import answer_of, discussed
from app.matching.queries import ShownMatch
from app.matching.requirements import requirements
from app.matching.semantic.queries import closest_passages
from app.needs.models import Need
from app.needs.queries import visible_fields


@dataclass(frozen=True)
class Row:
    """One thing that is asked: the line or the requirement, its verdict, and what both records say to it."""

    what: Any
    verdict: str
    asked: Sequence[Quote]
    given: Sequence[Quote]
    why: Any = None


@dataclass(frozen=True)
class Voice:
    """An organisation for which this person may say what the match is worth, and what it has said so far."""

    place: Membership
    answer: MatchAnswer | None
    form: AnswerForm


def pair_page(
    tx: Tx, shown: ShownMatch, status: int = 200, answer_form: AnswerForm | None = None,
    review_form: ReviewForm | None = None,
) -> Any:  # fmt: skip
    """The page of one pair; a form that was refused is drawn with what was typed."""
    reader, today = actor(), now().date()
    lines, others = line_rows(shown, today), other_rows(tx, reader, shown, today)
    talk = discussed(tx, reader, shown)
    if talk and review_form is None:
        review_form = ReviewForm(formdata=None, decisions=decisions_of(talk), prefix="review-")
    return render(
        "matching/page.html",
        status,
        need=shown.need,
        shown=shown,
        kind=shown.match.offer_kind,
        lines=lines,
        others=others,
        closest=closest_passages(tx, shown),
        totals=Counter(row.verdict for row in [*lines, *others]),
        worded=lambda value: word(value, current_language()),
        voices=voices(tx, reader, shown, answer_form),
        talk=talk,
        review_form=review_form,
        rules=rules,
    )


def line_rows(shown: ShownMatch, today: date) -> list[Row]:
    """The lines of the need, each with the verdict that the match has on it."""
    need, offer, kind = shown.need, shown.offer, shown.match.offer_kind
    verdicts = {verdict["ref"]: verdict for verdict in shown.match.lines}
    return [
        Row(line, found["verdict"], asked_by_line(need, line, number), given_for_line(kind, offer, line, today),
            found["why"])
        for number, line in enumerate(need.lines, start=1)
        if (found := verdicts.get(line.ref))
    ]  # fmt: skip


def other_rows(tx: Tx, reader: Actor, shown: ShownMatch, today: date) -> list[Row]:
    """Themes, place, languages, dates and requests."""
    need, offer, kind = shown.need, shown.offer, shown.match.offer_kind
    place = _exact_place(tx, reader, need)
    asked = requirements(need_facts(need), offer_facts(kind, offer, today), today)
    return [
        Row(each, each.verdict, asked_beside(need, each.part, place), given_beside(need, kind, offer, each.part))
        for each in asked
    ]


def _exact_place(tx: Tx, reader: Actor, need: Need) -> str:
    return need.place if need.place and visible_fields(tx, reader, need)["place"] else ""


def voices(tx: Tx, reader: Actor, shown: ShownMatch, sent: AnswerForm | None = None) -> list[Voice]:
    """For whom this reader may speak about the pair; nearly always one organisation, or none."""
    found = []
    for place in rules.speaks_for(reader, shown.match):
        answer = answer_of(tx, shown.match, place.organisation_id)
        form = AnswerForm(formdata=None, answer=answer, prefix=prefix_of(place.organisation_ref))
        if sent is not None and sent.says.name == form.says.name:
            form = sent
        found.append(Voice(place, answer, form))
    return found


def prefix_of(organisation_ref: str) -> str:
    """What the fields of one organisation's form begin with, so that two forms can stand on one page."""
    return f"{organisation_ref}-"


def decisions_of(talk: Any) -> list[str]:
    """What the secretariat may decide on a pair: agree with what is said, keep it, or stay with what was decided."""
    choices = rules.decisions_on(one.answer.says for one in talk.said)
    before = talk.review.verdict if talk.review else rules.KEPT
    return choices if before in choices else [before, *choices]
