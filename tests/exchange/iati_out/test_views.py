"""The files on the site: who sees what in them, that they hold, and that whoever has one is told so."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from lxml import etree

from app.exchange.commands import export_iati
from app.foundation.wording.versions import keep_version
from app.pledges.models import Contribution
from app.programmes.changes import snapshot
from tests.exchange.iati_out.standard import errors, need_standard, schema_errors

ALL = "/iati/activities.xml"


@pytest.fixture
def donor(world):
    return world.organisation("donor", name="Northland Aid", iati_identifier="XX-1", website="https://north.example")


@pytest.fixture
def state(world):
    return world.organisation("state", country="SN")


def tree_of(answer) -> etree._Element:
    assert answer.status_code == 200, answer.status_code
    assert answer.mimetype == "application/xml"
    return etree.fromstring(answer.data)


def identifiers(answer) -> list[str]:
    return [each.findtext("iati-identifier") for each in tree_of(answer).iter("iati-activity")]


def sound(answer, today: date = date(2026, 11, 23)) -> etree._Element:
    tree = tree_of(answer)
    need_standard()
    assert schema_errors(tree) == []
    assert errors(tree, today) == []
    return tree


def pledge_with_delivery(world, need, donor, now, **more):
    line = {"need_line_id": need.lines[0].id, "quantity": Decimal(5), "amount": Decimal(10000), "currency": "EUR"}
    pledge = world.pledge(need, donor, lines=[line], status="delivering", accepted_at=now, **more)
    stamps = {"created_at": now, "changed_at": now, "donor_confirmed_at": now, "recipient_confirmed_at": now}
    pledge.lines[0].contributions.append(Contribution(quantity=Decimal(2), delivered_on=date(2026, 11, 20), **stamps))
    world.tx.flush()
    return pledge


def kinds(tree: etree._Element, identifier: str) -> list[tuple[str, str]]:
    its = next(each for each in tree.iter("iati-activity") if each.findtext("iati-identifier") == identifier)
    return [(each.find("transaction-type").get("code"), each.findtext("value")) for each in its.iter("transaction")]


def test_everything_public_is_in_the_file_and_sound(client, world, donor, state, now):
    programme = world.programme(donor, budget_amount=Decimal(300000), currency="EUR", website="https://north.example/p")
    world.output(donor, website="https://north.example/manual.pdf", subject_kind="programme", subject_ref=programme.ref)
    need = world.need(state, indicators=[{"baseline": "3", "target": "20", "due_on": date(2027, 6, 1)}])
    pledge = pledge_with_delivery(world, need, donor, now, programme_id=programme.id)
    tree = sound(client.get(ALL))
    offered, given, asked = f"XX-1-{programme.ref}", f"XX-1-{pledge.ref}", f"XI-COUNTERPART-{state.ref}-{need.ref}"
    assert [each.text for each in tree.iter("iati-identifier")] == [offered, given, asked]
    assert kinds(tree, given) == [("2", "10000"), ("4", "4000")]
    assert kinds(tree, asked) == [("1", "4000"), ("11", "10000")]
    related = [(each.get("type"), each.get("ref")) for each in tree.iter("related-activity")]
    assert related == [("2", given), ("1", offered)]
    assert [each.get("url") for each in tree.iter("document-link")] == [
        "https://north.example/p",
        "https://north.example/manual.pdf",
    ]
    assert [each.get("value") for each in tree.iter("target")] == ["20"]


@pytest.mark.parametrize(
    "hidden",
    [
        {"disclosure": "own"},
        {"disclosure": "members"},
        {"field_disclosure": {"donor": "members"}},
    ],
)
def test_a_confidential_pledge_is_nowhere_not_even_by_subtraction(client, sign_in, world, donor, state, now, hidden):
    need = world.need(state)
    pledge_with_delivery(world, need, world.organisation("donor"), now)
    before = client.get(ALL).data
    secret = pledge_with_delivery(world, need, donor, now, **hidden)
    sign_in(client, world.account(donor))
    after = client.get(ALL)
    assert after.data == before
    assert secret.ref.encode() not in after.data
    assert client.get(f"/organisations/{donor.ref}/iati-activities.xml").status_code == 404


def test_a_pledge_with_a_hidden_amount_tells_no_amount(client, world, donor, state, now):
    need = world.need(state)
    pledge = pledge_with_delivery(world, need, donor, now, field_disclosure={"amount": "members"})
    tree = sound(client.get(ALL))
    assert kinds(tree, f"XX-1-{pledge.ref}") == []
    assert b"10000" not in etree.tostring(tree)
    assert not [text for text in tree.itertext() if "5" in text and "articip" in text]


def test_what_only_members_see_of_a_programme_is_not_told(client, world, donor):
    shown = world.programme(donor, contact="Ask anna@north.example", budget_amount=Decimal(5), currency="EUR")
    hidden = world.programme(
        donor, contact="Ask bert@north.example", budget_amount=Decimal(77777), currency="EUR",
        field_disclosure={"contact": "members", "budget": "members"},
    )  # fmt: skip
    world.programme(donor, disclosure="members")
    tree = sound(client.get(f"/organisations/{donor.ref}/iati-activities.xml"))
    text = etree.tostring(tree).decode()
    assert [each.text for each in tree.iter("iati-identifier")] == [f"XX-1-{each.ref}" for each in (shown, hidden)]
    assert "anna@north.example" in text
    assert "bert" not in text
    assert "77777" not in text
    organisation = sound(client.get(f"/organisations/{donor.ref}/iati-organisation.xml"))
    assert sum(Decimal(each.text) for each in organisation.iter("value")) == 5


def test_the_same_file_for_everybody_and_it_holds(client, new_client, sign_in, world, donor, clock):
    programme = world.programme(donor)
    first = client.get(ALL)
    sign_in(client, world.account(donor))
    own = client.get(ALL)
    assert (own.data, own.headers["ETag"], own.headers["Cache-Control"]) == (
        first.data,
        first.headers["ETag"],
        "public, no-cache",
    )
    again = new_client()
    assert again.get(ALL, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert again.get(ALL, headers={"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 304
    clock.move(days=1)
    assert again.get(ALL, headers={"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 304
    programme.title, programme.changed_at = "Another title", clock.now()
    world.tx.flush()
    changed = again.get(ALL, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert b"Another title" in changed.data
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_what_is_hidden_again_is_gone_at_once(client, world, donor):
    world.programme(donor)
    gone = world.programme(donor)
    assert len(identifiers(client.get(ALL))) == 2
    gone.disclosure = "own"
    world.tx.flush()
    assert len(identifiers(client.get(ALL))) == 1
    assert client.get(f"/programmes/{gone.ref}/iati.xml").status_code == 404


def test_a_programme_has_a_file_with_what_is_paid_from_it(client, world, donor, state, now):
    programme, need = world.programme(donor), world.need(state)
    pledge = pledge_with_delivery(world, need, donor, now, programme_id=programme.id)
    pledge_with_delivery(world, need, donor, now)
    assert identifiers(client.get(f"/programmes/{programme.ref}/iati.xml")) == [
        f"XX-1-{programme.ref}",
        f"XX-1-{pledge.ref}",
    ]


def test_where_there_is_nothing_there_is_no_file(client, world, donor):
    assert client.get(ALL).status_code == 404
    assert client.get(f"/organisations/{donor.ref}/iati-activities.xml").status_code == 404
    applicant = world.organisation("donor", status="applied")
    assert client.get(f"/organisations/{applicant.ref}/iati-organisation.xml").status_code == 404
    sound(client.get("/iati/organisations.xml"))


def test_narcotics_control_is_told_not_to_count_as_aid(client, world, donor):
    world.programme(donor, themes=["maritime_interdiction"])
    tree = sound(client.get(ALL))
    sector = next(each for each in tree.iter("sector") if each.get("code") == "16063")
    assert sector.get("{urn:counterpart:iati}oda") == "no"
    assert "cannot be reported as official development assistance" in sector.findtext("narrative")


def test_the_page_lists_the_files(client, world, donor):
    world.programme(donor)
    assert "made when it is asked for" in client.get("/open-data").text
    client.get(ALL)
    page = client.get("/open-data").text
    for words in (
        "CC BY 4.0",
        "Northland Aid",
        f"/organisations/{donor.ref}/iati-activities.xml",
        "cannot be reported",
    ):
        assert words in page


def test_pages_lead_to_the_files(client, world, donor):
    programme = world.programme(donor)
    address = f"/programmes/{programme.ref}"
    assert client.get(address).text.count(f'href="{address}/iati.xml"') == 2
    owner = f"/organisations/{donor.ref}"
    assert client.get(owner).text.count(f'href="{owner}/iati-activities.xml"') == 2


def test_the_command_writes_what_anybody_may_see(app, world, donor, tmp_path):
    world.programme(donor)
    world.programme(donor, disclosure="own")
    target = tmp_path / "all.xml"
    done = app.test_cli_runner().invoke(export_iati, [str(target), "--organisation", donor.ref])
    assert (done.exit_code, "1 activities" in done.output) == (0, True)
    assert len(etree.parse(target).getroot()) == 1
    other = world.organisation("donor")
    world.tx.flush()
    done = app.test_cli_runner().invoke(export_iati, [str(tmp_path / "none.xml"), "--organisation", other.ref])
    assert done.exit_code == 1
    assert sorted(path.name for path in tmp_path.glob("*.xml*")) == ["all.xml"]


def test_last_changed_is_told_and_never_to_come(client, world, donor):
    world.programme(donor, posted_at=datetime(2026, 11, 1, 8, tzinfo=UTC))
    world.programme(donor, posted_at=datetime(2027, 1, 1, tzinfo=UTC))
    told = [each.get("last-updated-datetime") for each in tree_of(client.get(ALL))]
    assert told == ["2026-11-01T08:00:00Z", "2026-11-23T09:00:00Z"]


def last_updated(answer) -> dict[str, str]:
    return {
        each.findtext("iati-identifier"): each.get("last-updated-datetime")
        for each in tree_of(answer).iter("iati-activity")
    }


def test_a_hidden_change_moves_neither_the_file_nor_its_day_and_a_public_one_does(
    client, world, tx, donor, state, now, clock
):
    closed = {"field_disclosure": {"contact": "members"}}
    programme = world.programme(donor, contact="Anna", posted_at=now, **closed)
    pledge = pledge_with_delivery(world, world.need(state), donor, now, field_disclosure={"amount": "members"})
    actor = world.actor(world.account(donor))
    keep_version(tx, actor, programme, snapshot(programme), now)
    first = client.get(ALL)
    offered, given = f"XX-1-{programme.ref}", f"XX-1-{pledge.ref}"
    clock.move(hours=1)

    def amend(**words: str) -> None:
        for name, text in words.items():
            setattr(programme, name, text)
        programme.changed_at = clock.now()
        tx.flush()
        keep_version(tx, actor, programme, snapshot(programme), clock.now())

    amend(contact="Bert")
    pledge.lines[0].contributions[0].changed_at = pledge.changed_at = clock.now()
    tx.flush()
    assert last_updated(client.get(ALL)) == last_updated(first)
    assert client.get(ALL, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    clock.move(hours=1)
    amend(title="Another title")
    after = last_updated(client.get(ALL))
    assert after[offered] == "2026-11-23T11:00:00Z"
    assert after[given] == last_updated(first)[given]
