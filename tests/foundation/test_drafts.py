"""What was typed is kept word for word, for the person who typed it, and a form sent twice acts once."""

from __future__ import annotations

import pytest

from app.foundation import drafts

FIELDS = [("title", "Former des greffiers"), ("lines-0-kind", "training"), ("theme", "a"), ("theme", "b")]


def test_a_draft_keeps_every_field_in_order(world, tx, now):
    actor = world.somebody()
    drafts.save_draft(tx, actor, "need", "key", FIELDS, now)
    tx.flush()
    tx.expire_all()
    draft = drafts.find_draft(tx, actor, "key")
    assert [tuple(pair) for pair in draft.fields] == FIELDS
    assert draft.title == "Former des greffiers"


def test_saving_again_replaces(world, tx, now):
    actor = world.somebody()
    drafts.save_draft(tx, actor, "need", "key", FIELDS, now)
    drafts.save_draft(tx, actor, "need", "key", [("title", "Plus court")], now)
    assert [draft.title for draft in drafts.drafts_of(tx, actor)] == ["Plus court"]


def test_a_draft_is_its_authors_alone(world, tx, now):
    author, colleague = world.somebody(), world.somebody()
    drafts.save_draft(tx, author, "need", "key", FIELDS, now)
    assert drafts.find_draft(tx, colleague, "key") is None
    assert drafts.drafts_of(tx, colleague) == []
    drafts.drop_draft(tx, colleague, "key")
    assert drafts.find_draft(tx, author, "key") is not None
    drafts.drop_draft(tx, author, "key")
    assert drafts.find_draft(tx, author, "key") is None


def test_a_draft_larger_than_any_form_is_refused(world, tx, now):
    with pytest.raises(ValueError, match="too large"):
        drafts.save_draft(tx, world.somebody(), "need", "key", [("problem", "x" * 400_001)], now)


def test_a_form_sent_twice_leads_to_the_same_place(world, tx, now):
    actor, other = world.somebody(), world.somebody()
    assert drafts.already_done(tx, actor, "key") is None
    drafts.note_done(tx, actor, "key", "/needs/N-7KQ2-MX4T", now)
    tx.flush()
    assert drafts.already_done(tx, actor, "key") == "/needs/N-7KQ2-MX4T"
    assert drafts.already_done(tx, other, "key") is None
