"""The pages of matches: all of a need, and one pair side by side."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from app.foundation.db import Tx
from app.foundation.messages import Named, msg
from app.matching.models import Match
from tests.factories import World
from tests.pages import CheckingClient


def pair(tx: Tx, world: World, now: datetime, **values: Any) -> tuple[Any, Any]:
    """A need and a programme that have been put together."""
    need = world.need(world.organisation("state"), title="Scanner pour Dakar", language="fr")
    programme = world.programme(
        world.organisation("donor"), title="Ports", language="pt",
        offers=[{"kind": "training", "description": "Cursos de cinco dias"}],
    )  # fmt: skip
    why = msg("It gives no %(kind)s.", kind=Named("kind", need.lines[0].kind)).as_json()
    row = {
        "gate": "near_miss", "strength": "fair", "score": Decimal(5), "reasons": [msg("accepts requests").as_json()],
        "obstacles": [msg("Its dates do not meet the need's; ask for an extension or another run.").as_json()],
        "lines": [{"ref": need.lines[0].ref, "verdict": "missing", "why": why}],
    } | values  # fmt: skip
    tx.add(
        Match(
            need_id=need.id, offer_kind="programme", offer_id=programme.id, need_version=1, offer_version=1,
            offer_organisation_id=programme.organisation_id, need_organisation_id=need.organisation_id,
            computed_at=now, **row,
        )
    )  # fmt: skip
    tx.flush()
    return need, programme


def test_each_requirement_is_answered_with_the_words_that_show_it(
    client: CheckingClient, tx: Tx, world: World, now: datetime
) -> None:
    need, programme = pair(tx, world, now)
    page = client.get(f"/needs/{need.ref}/matches/programme/{programme.ref}").text
    for words in ("Requirement by requirement", "Missing (1)", "It gives no", "Requests", "It takes requests"):
        assert words in page, words
    assert '<span lang="pt" dir="auto">Cursos de cinco dias</span>' in page
    assert '<span lang="fr" dir="auto">Scanner pour Dakar</span>' in page


def test_a_near_miss_says_what_would_make_it_fit(client: CheckingClient, tx: Tx, world: World, now: datetime) -> None:
    need, programme = pair(tx, world, now)
    page = client.get(f"/needs/{need.ref}/matches/programme/{programme.ref}").text
    assert page.index("What would make it fit") < page.index("ask for an extension")
    assert "What would make it fit:" in client.get(f"/needs/{need.ref}/matches").text


def test_a_hidden_offer_has_no_page(client: CheckingClient, tx: Tx, world: World, now: datetime) -> None:
    need, programme = pair(tx, world, now)
    programme.disclosure = "own"
    tx.flush()
    assert client.get(f"/needs/{need.ref}/matches/programme/{programme.ref}").status_code == 404
