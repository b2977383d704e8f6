"""The guard of the forms: looks before something is posted, draws its questions, keeps the answers with the record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from werkzeug.datastructures import MultiDict

from app.foundation.db import Tx
from app.foundation.disclosure import readable, surface
from app.foundation.guarding import Guarded, Posting
from app.foundation.permissions import Actor
from app.foundation.web import actor, gettext, now, reading, render_part, site
from app.matching.guard.facts import facts
from app.matching.guard.forms import AnswerForm, prefix_of
from app.matching.guard.records import MODELS
from app.matching.guard.rules import Facts
from app.matching.guard.service import Suspect, suspects, suspects_of_many
from app.matching.guard.showing import Row, rows
from app.matching.relations.models import Relation
from app.matching.relations.queries import answers_among, answers_on, find_pair
from app.matching.relations.rules import SAME, UNANSWERED, AnswerDraft, ordered
from app.matching.relations.service import declare
from app.search.reactions import engine_of

surface("guard.form", "panel", "need", "programme", "course")
ANYWAY = "guard-anyway"
"""The button with which one goes on without an answer."""


@dataclass(frozen=True)
class Question:
    """A record that seems to be the same as `mine` and, where it has to be answered, the form for it.

    `name` is what its place on the page is called after.
    """

    name: str
    mine: Facts
    suspect: Suspect
    form: AnswerForm | None

    @cached_property
    def rows(self) -> Sequence[Row]:
        """The two side by side, with what of them is the same."""
        return rows(self.mine, self.suspect)


def guard(reader: Actor, posting: Posting, typed: Mapping[str, Any]) -> Guarded:
    """What to ask of something that is about to be posted; nothing where nothing seems to be the same."""
    with reading() as tx:
        asked = questions(tx, reader, posting, typed)
        problems = [] if ANYWAY in typed else [told for one in asked for told in _held_back_by(one)]
        if problems:
            same = [one.suspect.side for one in asked if one.form and one.form.says.data == SAME]
            part = render_part("matching/_guard.html", asked=asked, same=same, anyway=ANYWAY)
            return Guarded(part, problems)
    answers = {one.suspect.side.ref: answer_in(one.form) for one in asked if one.form}
    return Guarded(keep=partial(keep_answers, posting.organisation_id, answers)) if answers else Guarded()


def questions(tx: Tx, reader: Actor, posting: Posting, typed: Mapping[str, Any]) -> list[Question]:
    """The records that seem to be the same, with the answers as typed; none where none of them has to be answered."""
    mine = facts(posting.kind, posting.draft, posting.organisation_id)
    return _questions(mine, _suspects(tx, reader, posting, mine), typed)


def questions_of_many(
    tx: Tx, reader: Actor, several: Mapping[str, Posting], typed: Mapping[str, Any]
) -> Iterator[list[Question]]:
    """The same for each of many of one kind, in their order, on one page.

    The keys keep apart what is asked of them: the names of their fields begin with these.
    """
    mine = {mark: facts(one.kind, one.draft, one.organisation_id) for mark, one in several.items()}
    found = _suspects_of_many(tx, reader, several, mine)
    for mark, its in mine.items():
        yield _questions(its, found.get(mark, ()), typed, mark)


def asked_of_many(reader: Actor, several: Sequence[Posting]) -> list[list[str]]:
    """What would be asked of each of many that come by another way than the form, where nobody can answer it."""
    marked = {f"{number}-": one for number, one in enumerate(several)}
    with reading() as tx:
        return [
            [text for one in asked for _field, text in missing(one)]
            for asked in questions_of_many(tx, reader, marked, MultiDict())
        ]


def _questions(mine: Facts, found: Sequence[Suspect], typed: Mapping[str, Any], mark: str = "") -> list[Question]:
    if not any(one.judgement.is_strong for one in found):
        return []
    named = [(f"{mark}{one.side.ref}", one) for one in found]
    return [
        Question(name, mine, one, AnswerForm(typed, name) if one.judgement.is_strong else None) for name, one in named
    ]


def missing(one: Question) -> list[tuple[str, str]]:
    """What an answer lacks: none is given, or it has no sentence. The id of the field, and what to do."""
    if one.form is None or one.form.is_given():
        return []
    name = "says" if one.form.says.errors else "sentence"
    return [(f"{prefix_of(one.name)}{name}", str(one.form[name].errors[0]))]


def _held_back_by(one: Question) -> list[tuple[str, str]]:
    """What keeps the record back: an answer that lacks something, or the answer that it is there already."""
    if one.form is not None and one.form.is_given() and one.form.says.data == SAME:
        words = gettext("You say that this is there already. Open it, or post yours anyway.")
        return [(f"guard-{one.name}", words)]
    return missing(one)


def _suspects(tx: Tx, reader: Actor, posting: Posting, mine: Facts) -> list[Suspect]:
    own = _own(tx, reader, posting)
    if own is not None and facts(posting.kind, own, own.organisation_id) == mine:
        return []
    number = own.id if own is not None else 0
    found = suspects(tx, engine_of(site()), reader, posting.kind, mine, number, if_strong=True)
    if own is None:
        return found
    key = (posting.kind, own.id)
    return [one for one in found if not _is_answered(posting, answers_on(tx, key, one.side.key))]


def _suspects_of_many(
    tx: Tx, reader: Actor, several: Mapping[str, Posting], mine: Mapping[str, Facts]
) -> Mapping[str, list[Suspect]]:
    """The same for each of many of one kind, without those of which there is nothing to ask."""
    own = _own_of_many(tx, reader, several)
    # A row of which the guard sees nothing that is new is not looked for.
    asked = [
        mark for mark, its in mine.items()
        if mark not in own or facts(several[mark].kind, own[mark], own[mark].organisation_id) != its
    ]  # fmt: skip
    if not asked:
        return {}
    kind, numbers = several[asked[0]].kind, [own[mark].id if mark in own else 0 for mark in asked]
    found = suspects_of_many(tx, engine_of(site()), reader, kind, [mine[mark] for mark in asked], numbers)
    there = {one.side.key for some in found for one in some}
    answers = answers_among(tx, {*there, *((kind, one.id) for one in own.values())}) if there and own else {}
    return {
        mark: [one for one in some if not number or not _is_answered(
            several[mark], answers.get(ordered((kind, number), one.side.key), ()))]
        for mark, number, some in zip(asked, numbers, found, strict=True)
    }  # fmt: skip


def _own_of_many(tx: Tx, reader: Actor, several: Mapping[str, Posting]) -> Mapping[str, Any]:
    """The records that are amended, by the marks of those that amend them."""
    refs = {mark: one.own_ref for mark, one in several.items() if one.own_ref}
    if not refs:
        return {}
    model = MODELS[next(iter(several.values())).kind]
    rows = {row.ref: row for row in tx.scalars(readable(reader, model).where(model.ref.in_(set(refs.values()))))}
    return {mark: rows[ref] for mark, ref in refs.items() if ref in rows}


def _own(tx: Tx, reader: Actor, posting: Posting) -> Any:
    model = MODELS[posting.kind]
    return tx.scalar(readable(reader, model).where(model.ref == posting.own_ref)) if posting.own_ref else None


def _is_answered(posting: Posting, said: Iterable[Relation]) -> bool:
    return any(row.organisation_id == posting.organisation_id and row.kind != UNANSWERED for row in said)


def answer_in(form: AnswerForm) -> AnswerDraft:
    """What was answered; that nothing was, where the answer is not whole."""
    return form.draft() if form.is_given() else AnswerDraft(UNANSWERED)


def keep_answers(organisation_id: int, answers: Mapping[str, AnswerDraft], tx: Tx, record: Any) -> None:
    """Save how the record stands to the others, in its own transaction; one that went meanwhile is passed over."""
    tx.flush()
    for ref, draft in answers.items():
        pair = find_pair(tx, actor(), record.ref, ref)
        if pair is not None:
            declare(tx, actor(), pair, organisation_id, draft, now())
