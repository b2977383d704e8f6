"""The lessons as they are drawn: beside a form with what was typed into it, and on the page of a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import selectinload
from werkzeug.datastructures import MultiDict

from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.drafts import find_draft
from app.foundation.permissions import Actor, Permission, allowed
from app.foundation.web import now, render_part, request, site
from app.lessons.models import Lesson
from app.matching.advice import rules
from app.matching.advice.facts import Asking, asking_of, typed_asking
from app.matching.advice.forms import AnswerForm, BesideForm
from app.matching.advice.judged import advise_on
from app.matching.advice.keeping import answered_in
from app.matching.advice.queries import Advice, advise, asking_for, pledge_asking, tallies, with_answers
from app.matching.relations.records import Side, side_by_ref
from app.search.reactions import engine_of

FORMS: Mapping[str, str] = {
    "need-form": "need",
    "programme-form": "programme",
    "course-form": "course",
    "pledge-form": "pledge",
}
"""The forms beside which lessons are answered, and what each of them makes."""


def typed_here(tx: Tx, reader: Actor) -> Mapping[str, Any]:
    """What stands in the form of this page: as it was sent, or as a draft has kept it."""
    if request.method == "POST":
        sent: Mapping[str, Any] = request.form
        return sent
    key = request.args.get("draft", "")
    draft = find_draft(tx, reader, key) if key else None
    return MultiDict((str(name), str(text)) for name, text in draft.fields) if draft else MultiDict()


def beside_form(tx: Tx, reader: Actor, form_id: str, ref: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What is drawn beside a form: `ref` is the record that it amends, or the need that a pledge is for, if any."""
    side = side_by_ref(tx, reader, ref) if ref else None
    mine = _asking(FORMS.get(form_id, ""), side, typed, _home(reader))
    shown = advise(tx, reader, engine_of(site()), mine)
    if side is not None and side.kind == FORMS.get(form_id):
        shown = with_answers(tx, reader, side, shown)
    shown = [*shown, *_answered_before(tx, reader, typed, shown)]
    forms = {one.lesson.ref: BesideForm(typed, one.lesson.ref, one.answer) for one in shown}
    return {
        "shown": shown,
        "forms": forms if form_id in FORMS else {},
        "form_id": form_id,
        "is_empty": mine.is_empty,
        "counts": tallies(tx, reader, [one.lesson.id for one in shown]),
        "rules": rules,
    }


def _asking(kind: str, side: Side | None, typed: Mapping[str, Any], home: str) -> Asking:
    if kind == "pledge":
        need = side.record if side is not None and side.kind == "need" else None
        return Asking(kind) if need is None else pledge_asking(need, str(typed.get("conditions", "")))
    own_ref = side.ref if side is not None else ""
    if not typed and side is not None:
        return asking_of(side.record)
    return typed_asking(kind, typed, home if typed and kind == "need" else "", own_ref)


def _home(reader: Actor) -> str:
    return (reader.main.country or "") if reader.main else ""


def _answered_before(tx: Tx, reader: Actor, typed: Mapping[str, Any], shown: Sequence[Advice]) -> list[Advice]:
    """Lessons that were answered and would not be shown any more stay, so that no answer is lost while one types on."""
    gone = set(answered_in(typed)) - {one.lesson.ref for one in shown}
    if not gone:
        return []
    query = readable(reader, Lesson).where(Lesson.ref.in_(sorted(gone)), Lesson.is_published)
    return [Advice(row) for row in tx.scalars(query.options(selectinload(Lesson.organisation)).order_by(Lesson.id))]


def on_record(tx: Tx, reader: Actor, side: Side, mine: Asking | None) -> str:
    """The lessons on the page of a record, with what was said to each; who writes for its owner may answer there."""
    shown = with_answers(tx, reader, side, advise_on(tx, reader, mine) if mine is not None else [])
    if not shown:
        return ""
    may_answer = allowed(reader, Permission.LESSON_ANSWER, now(), side.record)
    forms = {
        one.lesson.ref: AnswerForm(one.lesson.ref, one.answer, formdata=None) for one in (shown if may_answer else ())
    }
    return render_part(
        "advice/_on_record.html",
        shown=shown,
        side=side,
        forms=forms,
        counts=tallies(tx, reader, [one.lesson.id for one in shown]),
        rules=rules,
    )


def on_pair(tx: Tx, reader: Actor, need: Side, offer: Side | None) -> str:
    """The lessons on the page of a match; who writes for one of the two records answers for that one."""
    mine = asking_for(tx, reader, need)
    if mine is not None and offer is not None:
        mine = mine.beside(asking_of(offer.record))
    sides = [side for side in (need, offer) if side is not None]
    own = next((s for s in sides if allowed(reader, Permission.LESSON_ANSWER, now(), s.record)), need)
    return on_record(tx, reader, own, mine)
