"""Many forms are looked at together: of each is asked what would have been asked of it alone."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from app.foundation.guarding import Posting
from app.matching.guard import service
from app.matching.guard.looks import asked_of_many, missing, questions, questions_of_many
from app.matching.relations.queries import find_pair
from app.matching.relations.rules import AnswerDraft
from app.matching.relations.service import declare
from app.search.indexer import all_documents
from app.search.reactions import engine_of

TITLE = "Scanners and training for container searches in the port of Dakar"
WORDS = "One container in two hundred is opened. Customs officers ask for scanners and for training in profiling."
OTHER, TEXT = (
    "Treatment courts for young offenders in Thiès",
    "Judges send them to care instead of prison, as in Dakar.",
)
DAYS = {"starts_on": date(2027, 1, 15), "ends_on": date(2028, 6, 30)}


class Village:
    """Two donors, or two States, with records of one kind; the first is about to change some of its own."""

    def __init__(self, world: Any, kind: str) -> None:
        self.world, self.kind = world, kind
        self.owner, self.other = (world.organisation("state" if kind == "need" else "donor") for _each in range(2))
        self.theirs = [self.make(self.other, TITLE, WORDS), self.make(self.other, OTHER, TEXT)]
        self.theirs.append(self.make(self.other, TITLE, WORDS, disclosure="own"))
        self.theirs.append(self.make(self.other, TITLE, WORDS, disclosure="members"))
        self.owns = [self.make(self.owner, f"Books for school {number}", "Children read.") for number in range(5)]
        self.twin, self.draft = self.make(self.owner, TITLE, WORDS), self.make(self.owner, TITLE, WORDS, status="draft")
        self.reader = world.actor(world.account(self.owner))

    def make(self, owner: Any, title: str, text: str, **more: Any) -> Any:
        """A record of that kind."""
        words = {"problem" if self.kind == "need" else "description": text}
        given = {"title": title, "themes": ["port_control"], "countries": ["SN"], **words, **DAYS, **more}
        if given.get("status") == "draft":
            given |= {"is_published": False, "status": "draft" if self.kind == "need" else "1"}
        return self.world.need(owner, **given) if self.kind == "need" else self.world.programme(owner, **given)

    def posting(self, title: str, text: str, own: Any = None, **more: Any) -> Posting:
        """Something that is about to be posted, or a record of the owner's that is about to say something else."""
        words = {"problem": text} if self.kind == "need" else {"description": text}
        draft = SimpleNamespace(
            language="fr", title=title, themes=["port_control"], countries=["SN"], groupings=[], **words, **DAYS
        )
        draft.__dict__.update(more)
        return Posting(self.kind, draft, self.owner.id, own.ref if own is not None else "")

    def answer(self, tx: Any, one: Any, other: Any, organisation: Any) -> None:
        """An organisation has said how one stands to the other."""
        actor = self.world.actor(self.world.account(organisation))
        pair = find_pair(tx, actor, one.ref, other.ref)
        declare(tx, actor, pair, organisation.id, AnswerDraft("different", "For another port."), self.world.now)

    def postings(self, tx: Any) -> list[Posting]:
        """What is new, what is changed so that it repeats another, what is answered, what is not changed at all."""
        first, second, third, fourth, fifth = self.owns
        for other in (self.theirs[0], self.theirs[3], self.twin):
            self.answer(tx, second, other, self.owner)
        # That the other side has said something, or oneself of another record, answers nothing.
        self.answer(tx, self.theirs[0], third, self.other)
        self.answer(tx, third, self.theirs[1], self.owner)
        return [
            self.posting(TITLE, WORDS),
            self.posting("Rural roads", "Farmers reach the market."),
            self.posting(OTHER, TEXT, countries=["GH"]),
            self.posting(TITLE, WORDS, first),
            self.posting(TITLE, WORDS, second),
            self.posting(TITLE, WORDS, third),
            self.posting(OTHER, TEXT, fourth),
            self.posting(fifth.title, "Children read.", fifth),
            self.posting(TITLE, f"{WORDS} So it is.", self.twin),
            self.posting(TITLE, WORDS, self.draft),
            Posting(self.kind, self.twin, self.owner.id, self.twin.ref),
            # What is not the reader's to see is as if it were new.
            self.posting(OTHER, TEXT, self.theirs[2]),
        ]


def seen(asked: Any) -> list[Any]:
    """What is asked, as plain values."""
    return [(one.suspect.side.ref, one.suspect.facts, one.suspect.judgement, one.form is not None) for one in asked]


@pytest.mark.parametrize("kind", ["need", "programme"])
@pytest.mark.parametrize("is_indexed", [True, False])
def test_of_many_is_asked_what_would_be_asked_of_each(app, tx, world, monkeypatch, kind, is_indexed):
    monkeypatch.setattr(service, "AT_ONCE", 3)
    village = Village(world, kind)
    postings = village.postings(tx)
    tx.flush()
    site = app.extensions["counterpart"]
    if is_indexed:
        engine_of(site).rebuild(all_documents(site.database))
    with app.test_request_context():
        alone = [questions(tx, village.reader, one, MultiDict()) for one in postings]
        marked = {f"{number}-": one for number, one in enumerate(postings)}
        together = list(questions_of_many(tx, village.reader, marked, MultiDict()))
        assert [seen(asked) for asked in together] == [seen(asked) for asked in alone]
        words = [[text for one in asked for _field, text in missing(one)] for asked in alone]
        assert asked_of_many(village.reader, postings) == words
    asked = [bool(some) for some in words]
    assert asked == [True, False, False, True, False, True, True, False, True, True, False, True]
    refs = [[ref for ref, *_rest in seen(some)] for some in together]
    assert village.twin.ref in refs[0]
    assert village.twin.ref not in refs[8]
    assert village.theirs[2].ref not in {ref for some in refs for ref in some}


@pytest.mark.one_engine
def test_where_there_is_nothing_nothing_is_asked(app, tx, world):
    with app.test_request_context():
        assert asked_of_many(world.somebody("state"), []) == []
