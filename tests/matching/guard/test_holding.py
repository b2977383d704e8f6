"""What an import holds back: another organisation's activity word for word, until somebody says how the two stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.exchange.iati.importer import import_files
from app.foundation.audit import AuditEvent
from app.foundation.permissions import ANONYMOUS, Refused
from app.matching.guard.holding import held_for
from app.matching.guard.republished import Published, Shelf, is_republished
from app.matching.relations import service
from app.matching.relations.rules import AnswerDraft
from app.programmes.models import Programme
from app.programmes.queries import find_programme
from tests.pages import CheckingClient

TEXT = "Magistrates of the regional court are trained in tracing and seizing the proceeds of crime."
ONE = Published(1, "XX-1", "Training of magistrates in Senegal", TEXT, frozenset({"SN"}), date(2026, 1, 1), None)


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        ({}, True),
        ({"title": "TRAINING of magistrates in Sénégal"}, True),
        ({"starts_on": date(2026, 2, 15)}, True),
        ({"starts_on": date(2026, 9, 1)}, False),
        ({"starts_on": None}, False),
        ({"organisation_id": 1}, False),
        ({"title": "Training of magistrates in Senegal, phase 2"}, False),
        ({"description": f"{TEXT} Clerks too."}, False),
        ({"countries": frozenset({"GH"})}, False),
        ({"identifier": "XX-1-7"}, False),
        ({"kin": frozenset({"XX-1"})}, False),
    ],
)
def test_the_strictest_likeness_alone_holds(changes: dict[str, Any], is_same: bool) -> None:
    other = replace(ONE, **{"organisation_id": 2, "identifier": "YY-1", **changes})
    assert is_republished(ONE, other) is is_republished(other, ONE) is is_same


def test_what_says_next_to_nothing_is_nobodys_own() -> None:
    short = replace(ONE, title="Administration costs", description="Costs.")
    assert not is_republished(short, replace(short, organisation_id=2, identifier="YY-1"))


@given(st.lists(st.sampled_from(["Training of judges in Ghana", "Rural roads in Mali now"]), max_size=5))
def test_others_on_the_shelf_change_nothing_for_a_pair(titles: list[str]) -> None:
    others = [(number + 5, replace(ONE, organisation_id=9, title=title)) for number, title in enumerate(titles)]
    mine = replace(ONE, organisation_id=2, identifier="YY-1")
    assert list(Shelf([(1, ONE), *others]).same_as(mine)) == [1]


def activity(identifier: str, ref: str, name: str, title: str = "Training of magistrates in Ghana") -> str:
    return f"""<iati-activity xml:lang="en"><iati-identifier>{identifier}</iati-identifier>
      <reporting-org ref="{ref}" type="10"><narrative>{name}</narrative></reporting-org>
      <title><narrative>{title}</narrative></title><description><narrative>{TEXT}</narrative></description>
      <recipient-country code="GH"/></iati-activity>"""


class Desk:
    """An office that imports, a donor with people whose activities come in, and one that is known from files alone."""

    def __init__(self, world: Any, tx: Any, now: Any, folder: Path, database: Any) -> None:
        self.world, self.tx, self.now, self.folder, self.database = world, tx, now, folder, database
        self.office = world.organisation("secretariat")
        self.donor = world.organisation("donor", name="Southland Aid", iati_identifier="YY-1")

    def bring(self, *activities: str, **more: Any) -> Any:
        path = self.folder / "file.xml"
        path.write_text(f'<iati-activities version="2.03">{"".join(activities)}</iati-activities>', encoding="utf-8")
        return import_files(self.database, self.office.ref, [path], self.now, **more)

    def both(self, second: str = "YY-1", **more: Any) -> Any:
        return self.bring(
            activity("XX-1-A", "XX-1", "Northland Aid"), activity(f"{second}-A", second, "Southland Aid"), **more
        )

    def programme(self, identifier: str) -> Programme:
        self.tx.expire_all()
        return self.tx.scalars(select(Programme).where(Programme.iati_identifier == identifier)).one()


@pytest.fixture
def desk(world: Any, tx: Any, now: Any, tmp_path: Path, database: Any) -> Desk:
    return Desk(world, tx, now, tmp_path, database)


def test_what_repeats_another_organisations_words_is_kept_and_not_shown(desk: Desk) -> None:
    report = desk.both()
    assert (report.counts.new, report.counts.held, report.counts.activities) == (1, 1, 2)
    held = desk.programme("YY-1-A")
    assert (held.is_published, held.held_since is not None) == (False, True)
    assert desk.programme("XX-1-A").is_published
    assert find_programme(desk.tx, ANONYMOUS, held.ref) is None
    editor = desk.world.actor(desk.world.account(desk.donor))
    (one,) = held_for(desk.tx, editor)
    assert [pair.other.ref for pair in one.pairs] == [desk.programme("XX-1-A").ref]
    assert held_for(desk.tx, desk.world.somebody("donor")) == held_for(desk.tx, ANONYMOUS) == []


def test_the_same_file_again_changes_nothing_and_holds_nothing_twice(desk: Desk) -> None:
    desk.both()
    report = desk.both()
    assert (report.counts.unchanged, report.counts.held) == (2, 0)


def test_without_holding_everything_is_shown(desk: Desk) -> None:
    assert desk.both(hold=False).counts.new == 2
    assert desk.programme("YY-1-A").is_published


def test_its_organisation_answers_and_it_is_shown(
    desk: Desk, client: CheckingClient, sign_in: Callable[..., Any]
) -> None:
    desk.both()
    held, other = desk.programme("YY-1-A"), desk.programme("XX-1-A")
    sign_in(client, desk.world.account(desk.donor))
    for address in ("/desk", "/programmes"):
        assert "1 programme waits for your answer" in client.get(address).text
    prefix, path = f"{held.ref}-{other.ref}-", f"/programmes/held/{held.ref}/{other.ref}"
    page = client.post(path, data={f"{prefix}says": "co_fund", f"{prefix}form_key": "one"})
    assert (page.status_code, "Say in a sentence why" in page.text) == (422, True)
    typed = {f"{prefix}says": "co_fund", f"{prefix}sentence": "We pay half.", f"{prefix}form_key": "two"}
    assert client.post(path, data=typed).status_code == 303
    assert desk.programme("YY-1-A").is_published
    assert desk.programme("YY-1-A").held_since is None
    assert "waits for your answer" not in client.get("/programmes").text
    actions = desk.tx.scalars(select(AuditEvent.action).where(AuditEvent.record_ref == held.ref)).all()
    assert actions[-1] == "programme.released"


def test_the_secretariat_answers_for_organisations_without_people_alone(desk: Desk, world: Any) -> None:
    desk.both(second="ZZ-1")
    editor = world.actor(world.account(desk.office))
    (one,) = held_for(desk.tx, editor)
    service.answer_for(desk.tx, editor, one.pairs[0], AnswerDraft("same", "One activity, two files."), desk.now)
    assert desk.programme("ZZ-1-A").is_published
    assert held_for(desk.tx, editor) == []


def test_the_secretariat_does_not_answer_where_there_are_people(desk: Desk, world: Any) -> None:
    desk.both()
    editor = world.actor(world.account(desk.office))
    assert held_for(desk.tx, editor) == []
    (one,) = held_for(desk.tx, world.actor(world.account(desk.donor)))
    with pytest.raises(Refused):
        service.answer_for(desk.tx, editor, one.pairs[0], AnswerDraft("same", "So."), desk.now)


def test_strangers_find_no_page_to_answer_on(desk: Desk, client: CheckingClient, sign_in: Callable[..., Any]) -> None:
    desk.both()
    held, other = desk.programme("YY-1-A"), desk.programme("XX-1-A")
    sign_in(client, desk.world.account(desk.world.organisation("donor")))
    assert "Nothing waits" in client.get("/programmes/held").text
    assert client.post(f"/programmes/held/{held.ref}/{other.ref}").status_code == 404


def test_a_held_activity_that_changes_in_its_source_goes_on_waiting(desk: Desk) -> None:
    desk.both()
    desk.now += timedelta(days=1)
    desk.bring(activity("YY-1-A", "YY-1", "Southland Aid", title="Training of many magistrates in Ghana"))
    assert not desk.programme("YY-1-A").is_published
