"""The pages of clarifications: everything that was asked about a record, one question, and what either side does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.conversations.clarifications import queries, rules, service
from app.conversations.clarifications.forms import AnswerForm, AskForm, DeclineForm, WithdrawForm, tell_on
from app.conversations.clarifications.models import Clarification
from app.conversations.clarifications.showing import PREFIX, asking_for, form_for, seen, warnings_on
from app.conversations.clarifications.subjects import Subject, subject_by_ref, subject_of
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.forms import BaseForm
from app.foundation.messages import msg
from app.foundation.permissions import Permission, require
from app.foundation.references import tidy_reference
from app.foundation.sending import keep_typed, send_once, taken_up
from app.foundation.web import (
    actor,
    blueprint,
    found,
    gettext,
    now,
    reading,
    render,
    request,
    route,
    sent_before,
    site,
    url_for,
)
from app.foundation.wording.versions import StaleVersion
from app.matching.looks import note_looks

bp = blueprint("clarifications", "/clarifications")
LIST = surface("clarification.list", "list", "clarification", "need", "programme", "course")
PAGE = surface("clarification.page", "page", "clarification", "need", "programme", "course")
AT_ONCE = 20
DRAFT = "clarification"
AMENDS = {"need": "needs.amend", "programme": "programmes.amend", "course": "courses.amend"}


@route(bp, "/about/<ref>", Permission.PUBLIC_READ, LIST)
def about(ref: str) -> Any:
    """Everything that was asked about a record, and the form for a further question."""
    with reading() as tx:
        subject = _subject(tx, ref)
        typed = taken_up(tx, DRAFT, subject.ref) if actor().account_id else {}
        answer = _draw_list(tx, subject, form_for(actor(), subject, now(), typed.get("formdata")))
        tx.expunge_all()
    note_looks(site().database, actor(), [subject.record], now())
    return answer


@route(bp, "/about/<ref>", Permission.CLARIFICATION_ASK, LIST, ("POST",))
def ask(ref: str) -> Any:
    """Ask about a record; once more where the words may tell who asks, so that a person has looked at them."""
    with reading() as tx:
        subject = _subject(tx, ref)
        form = AskForm(places=asking_for(actor(), subject, now()).places, prefix=PREFIX)
        if already := sent_before(form):
            return already
        if form.is_sound() and "sure" not in request.form:
            form.warnings = warnings_on(tx, form.asker_id, subject, form.question.data or "")
        if not form.is_sound() or form.warnings:
            return _draw_list(tx, subject, form, 422)

    def write(tx: Tx) -> str:
        row = service.ask(tx, actor(), form.asker_id, _subject(tx, ref), form.words(), now())
        return url_for("clarifications.page", ref=row.ref)

    try:
        return send_once(form, write, gettext("Your question is on its way. Nobody is told who asks it."))
    except rules.AskRefused as refused:
        return _asked_again(ref, form, refused)


@route(bp, "/about/<ref>/draft", Permission.CLARIFICATION_ASK, LIST, ("POST",))
def keep(ref: str) -> Any:
    """Keep what has been typed so far."""
    return keep_typed(DRAFT, tidy_reference(ref), lambda tx: _subject(tx, ref).record, PREFIX)


def _asked_again(ref: str, form: AskForm, refused: rules.AskRefused) -> Any:
    tell_on(form, refused.reason)
    with reading() as tx:
        return _draw_list(tx, _subject(tx, ref), form, 422, refused.same_as)


def _draw_list(tx: Tx, subject: Subject, form: AskForm | None, status: int = 200, same_as: str = "") -> Any:
    on = queries.on_record(tx, actor(), subject, request.args.get("page"), AT_ONCE)
    return render(
        "clarifications/about.html", status, subject=subject, on=on, form=form, rules=rules, same_as=same_as,
        asking=asking_for(actor(), subject, now()), seen=lambda row: seen(actor(), row, subject, now()),
        url_for_page=lambda number: url_for("clarifications.about", ref=subject.ref, page=number),
    )  # fmt: skip


@route(bp, "/<ref>", Permission.PUBLIC_READ, PAGE)
def page(ref: str) -> Any:
    """One question, with the answer that stands and those before it."""
    with reading() as tx:
        row, subject = _question(tx, ref)
        drawn = _draw(row, subject)
        tx.expunge_all()
    note_looks(site().database, actor(), [subject.record], now())
    return drawn


@route(bp, "/<ref>/answer", Permission.CLARIFICATION_ANSWER, PAGE, ("POST",))
def answer(ref: str) -> Any:
    """The owner answers, and may go on to correct the record."""
    form = AnswerForm(prefix="answer-")

    def write(tx: Tx, row: Clarification, subject: Subject) -> str:
        service.answer(tx, actor(), row, form.words(), now())
        here = url_for("clarifications.page", ref=row.ref)
        return url_for(AMENDS[subject.kind], ref=subject.record.ref) if request.form.get("then") == "amend" else here

    return _act(ref, form, write, gettext("The answer is published to everybody who may see the record."), "answer")


@route(bp, "/<ref>/amend", Permission.CLARIFICATION_ANSWER, PAGE, ("POST",))
def amend(ref: str) -> Any:
    """The owner puts another answer in the place of one."""
    form = AnswerForm(prefix="amend-")

    def write(tx: Tx, row: Clarification, _subject: Subject) -> str:
        service.amend(tx, actor(), row, form.words(), form.opened_version, now())
        return url_for("clarifications.page", ref=row.ref)

    return _act(ref, form, write, gettext("The new answer stands. The earlier one is kept below it."), "amend")


@route(bp, "/<ref>/decline", Permission.CLARIFICATION_ANSWER, PAGE, ("POST",))
def decline(ref: str) -> Any:
    """The owner does not answer, and says why."""
    form = DeclineForm(prefix="decline-")

    def write(tx: Tx, row: Clarification, _subject: Subject) -> str:
        service.decline(tx, actor(), row, form.reason.data or "", now())
        return url_for("clarifications.page", ref=row.ref)

    return _act(ref, form, write, gettext("Whoever asked will read your reason. Nobody else does."), "decline")


@route(bp, "/<ref>/withdraw", Permission.CLARIFICATION_ASK, PAGE, ("POST",))
def withdraw(ref: str) -> Any:
    """Who asked takes the question back."""

    def write(tx: Tx, row: Clarification, _subject: Subject) -> str:
        service.withdraw(tx, actor(), row, now())
        return url_for("clarifications.page", ref=row.ref)

    return _act(ref, WithdrawForm(), write, gettext("You have taken the question back."), "withdraw")


@route(bp, "/<ref>/asker", Permission.AUDIT_READ, PAGE, ("POST",))
def asker(ref: str) -> Any:
    """The secretariat looks who asks; each look is on record."""
    with site().database.transaction() as tx:
        row, subject = _question(tx, ref)
        service.note_look(tx, actor(), row, now())
        who = queries.asker_of(tx, row)
        return _draw(row, subject, asker=who, is_sealed=queries.is_sealed(tx, row))


def _subject(tx: Tx, ref: str) -> Subject:
    subject: Subject = found(subject_by_ref(tx, actor(), tidy_reference(ref)))
    return subject


def _question(tx: Tx, ref: str) -> tuple[Clarification, Subject]:
    row: Clarification = found(queries.find(tx, actor(), tidy_reference(ref)))
    return row, found(subject_of(tx, actor(), row))


def _draw(row: Clarification, subject: Subject, status: int = 200, **sent: Any) -> Any:
    words = {"language": row.answer.language, "answer": row.answer.text} if row.answer else {}
    forms = {
        "answer_form": AnswerForm(prefix="answer-", formdata=None),
        "amend_form": AnswerForm(prefix="amend-", formdata=None, data={**words, "version": row.version}),
        "decline_form": DeclineForm(prefix="decline-", formdata=None),
        "withdraw_form": WithdrawForm(formdata=None),
    }
    one = seen(actor(), row, subject, now())
    return render("clarifications/page.html", status, one=one, row=row, subject=subject, rules=rules,
                  **{**forms, **sent})  # fmt: skip


def _act(
    ref: str, form: BaseForm, write: Callable[[Tx, Clarification, Subject], str], message: str, name: str
) -> Any:  # fmt: skip
    """Do something with a question once, however often it is sent, or show the page with what was typed."""
    permission = Permission.CLARIFICATION_ASK if name == "withdraw" else Permission.CLARIFICATION_ANSWER
    with reading() as tx:
        row, subject = _question(tx, ref)
        require(actor(), permission, now(), service.Asker(row.asker_id) if name == "withdraw" else row)
        if already := sent_before(form):
            return already
        if not form.is_sound():
            return _draw(row, subject, 422, **{f"{name}_form": form})
    try:
        return send_once(form, lambda tx: write(tx, *_question(tx, ref)), message)
    except rules.MoveRefused as refused:
        tell_on(form, refused.reason)
    except StaleVersion:
        tell_on(form, msg("A colleague has amended the answer meanwhile: it stands above. Compare, then send yours."))
    with reading() as tx:
        row, subject = _question(tx, ref)
        # Whoever has seen what stands there now may send the form again.
        form.version.data = str(row.version)
        return _draw(row, subject, 409, **{f"{name}_form": form})
