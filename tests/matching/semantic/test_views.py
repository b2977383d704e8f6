"""The page of a pair that shares no word shows the two passages that are nearest in meaning."""

from __future__ import annotations

import pytest

from app.matching.scoring import SIMILAR
from app.matching.semantic.service import Meanings, keep, learn
from tests.matching.pairs import match
from tests.matching.semantic.words import ReadableModel

HEAD = "The two passages that are nearest in meaning"


@pytest.fixture
def pair(world, tx):
    need = world.need(
        world.organisation("state"), language="fr", title="Appui",
        problem=f"{'Mots ' * 30}. Les choristes chantent dehors.", summary="", objectives="",
    )  # fmt: skip
    offer = world.programme(
        world.organisation("donor"), language="en", title="Boats",
        description=f"{'Vessels for fishing ' * 10}. A choir outdoors gets a hall.",
    )  # fmt: skip
    match(world, need, offer, reasons=[SIMILAR.as_json()])
    meanings, keys = Meanings(ReadableModel()), [("need", need.id), ("programme", offer.id)]
    learn(tx, meanings, keys)
    keep(tx, meanings, keys)
    return need, offer


def page(client, need, offer):
    return client.get(f"/needs/{need.ref}/matches/programme/{offer.ref}").text


def test_both_passages_stand_on_the_page_in_their_languages(client, pair) -> None:
    text = page(client, *pair)
    assert HEAD in text
    assert "similar meaning, no shared term" in text
    shown = text[text.index(HEAD) :]
    assert '<span lang="fr" dir="auto">' in shown
    assert "Les choristes chantent dehors." in shown
    assert "A choir outdoors gets a hall." in shown
    assert "%" not in shown[: shown.index("</section>")]


def test_a_record_that_has_changed_is_not_quoted_from_an_older_version(client, tx, pair) -> None:
    need, offer = pair
    offer.version = 2
    tx.flush()
    assert HEAD not in page(client, need, offer)


def test_a_pair_with_another_reason_has_no_such_passages(client, world, tx, pair) -> None:
    need, _offer = pair
    other = world.programme(world.organisation("donor"))
    match(world, need, other)
    assert HEAD not in page(client, need, other)
