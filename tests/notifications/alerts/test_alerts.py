"""What a followed search announces, to whom, one by one or together, by mail and on its page; and how it is stopped."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Account
from app.config import Settings
from app.foundation.db import Tx
from app.foundation.languages import say
from app.foundation.messages import Message
from app.foundation.outbox import Fact
from app.foundation.web import Site
from app.needs.events import NeedAmended, NeedPosted
from app.notifications.alerts.links import search_for, stop_token
from app.notifications.alerts.reactions import sweep_searches, tell_followers
from app.notifications.handing_over import hand_over_subscriptions
from app.notifications.models import Notice
from app.notifications.queries import unread_notices
from app.programmes.events import ProgrammeImported
from app.search import service
from app.search.engine_types import EngineBroken
from app.search.models import SavedSearch, SearchFind
from app.search.reactions import engine_of
from tests.factories import World
from tests.house import MovableClock
from tests.notifications.mailbox import carried, letters

Told = Callable[..., list[str]]


@pytest.fixture
def reader(world: World) -> Account:
    """Somebody of a State."""
    return world.account(world.organisation(), name="Ana Lopes")


@pytest.fixture
def follow(tx: Tx, world: World, site: Site, index: Any, clock: MovableClock) -> Callable[..., SavedSearch]:
    """Somebody follows a search; what there is by then is known."""

    def begin(account: Account, address: str = "?q=ports", name: str = "Ports") -> SavedSearch:
        index()
        saved = service.follow(tx, world.actor(account), name, address, clock.now(), engine_of(site))
        tx.flush()
        world.now = clock.move(minutes=5)
        return saved

    return begin


@pytest.fixture
def told(tx: Tx, site: Site, index: Any) -> Told:
    """Let the followed searches be asked about these facts; what somebody has been told up to now."""

    def happen(account: Account, *facts: Fact) -> list[str]:
        index()
        tell_followers(site, facts)(tx)
        tx.flush()
        return words_for(tx, account)

    return happen


def words_for(tx: Tx, account: Account) -> list[str]:
    rows = tx.scalars(select(Notice).where(Notice.account_id == account.id).order_by(Notice.id))
    return [say(Message.from_json(row.message), "en") for row in rows]


def sweep(site: Site, clock: MovableClock, world: World) -> None:
    world.tx.flush()
    world.now = clock.move(days=1, minutes=5)
    sweep_searches(site)
    world.tx.expire_all()


def test_what_is_posted_later_is_announced_once(world: World, reader: Account, follow: Any, told: Told, tx: Tx) -> None:
    world.need(world.organisation(), title="Old ports")
    saved = follow(reader)
    need = world.need(world.organisation(), title="New ports")
    fact = NeedPosted(need.id)
    assert told(reader, fact) == ["New in your search “Ports”: “New ports”"]
    assert told(reader, fact, NeedAmended(need.id, 2)) == ["New in your search “Ports”: “New ports”"]
    assert carried(tx) == [(reader.email, f"search_found|search:{saved.ref}|need:{need.ref}")]
    finds = {(row.record_id, row.announced_at is not None) for row in tx.scalars(select(SearchFind))}
    assert len(finds) == 2
    assert (need.id, True) in finds


def test_what_ranks_far_down_is_announced_too(world: World, reader: Account, follow: Any, told: Told) -> None:
    owner = world.organisation()
    for _number in range(30):
        world.need(owner, title="Ports ports ports", problem="Ports.")
    follow(reader)
    need = world.need(owner, title="Harbours", problem="Much is said of other things, and a word of ports.")
    assert told(reader, NeedPosted(need.id)) == ["New in your search “Ports”: “Harbours”"]


def test_what_matches_again_is_not_announced_again(
    world: World, reader: Account, follow: Any, told: Told, tx: Tx, site: Site, clock: MovableClock
) -> None:
    need = world.need(world.organisation(), title="Harbours")
    follow(reader, "?theme=prisons", "Prisons")
    for theme in ("prisons", "precursors", "prisons"):
        need.set_codes("theme", [theme])
        tx.flush()
        assert told(reader, NeedAmended(need.id, 2)) == ["New in your search “Prisons”: “Harbours”"]
    sweep(site, clock, world)
    assert len(words_for(tx, reader)) == 1


def test_a_record_with_half_of_the_words_counts_only_while_none_has_all(
    world: World, reader: Account, follow: Any, told: Told
) -> None:
    owner = world.organisation()
    world.need(owner, title="Ports and scanners")
    follow(reader, "?q=ports+scanners", "Both")
    half = world.need(owner, title="Ports alone")
    assert told(reader, NeedPosted(half.id)) == []
    whole = world.need(owner, title="Scanners for ports")
    assert told(reader, NeedPosted(whole.id)) == ["New in your search “Both”: “Scanners for ports”"]


def test_phrases_prefixes_and_days_count_as_on_the_page(world: World, reader: Account, follow: Any, told: Told) -> None:
    owner = world.organisation()
    follow(reader, "?q=%22container+ports%22+theme:prisons&from=2027&to=2027", "Exact")
    days = {"starts_on": date(2027, 2, 1), "ends_on": date(2027, 3, 1)}
    right = world.need(owner, title="Container ports", themes=["prisons"], **days)
    others = [
        world.need(owner, title="Ports for a container", themes=["prisons"], **days),
        world.need(owner, title="Container ports", themes=["precursors"], **days),
        world.need(owner, title="Container ports", themes=["prisons"]),
    ]
    facts = [NeedPosted(need.id) for need in (*others, right)]
    assert told(reader, *facts) == ["New in your search “Exact”: “Container ports”"]


def test_each_is_told_only_what_this_person_may_see(
    world: World, reader: Account, follow: Any, told: Told, tx: Tx, site: Site, clock: MovableClock, now: Any
) -> None:
    stranger = world.account(world.organisation("donor", status="applied"))
    follow(reader)
    follow(stranger)
    shown = world.need(world.organisation(), title="Ports for members", disclosure="members")
    hidden = world.need(world.organisation(), title="Ports for us", disclosure="own")
    facts = NeedPosted(shown.id), NeedPosted(hidden.id)
    assert told(reader, *facts) == ["New in your search “Ports”: “Ports for members”"]
    assert told(stranger) == []
    (mail,) = letters(tx, site, now)
    assert "Ports for members" not in mail.subject + mail.text + mail.html
    # Verified at last: what she may see from now on is news to her, without any fact about the record.
    stranger.memberships[0].organisation.status = "verified"
    tx.flush()
    world.now = clock.move(minutes=2)
    sweep_searches(site)
    assert words_for(tx, stranger) == ["New in your search “Ports”: “Ports for members”"]


def test_an_import_is_one_piece_of_news(
    world: World, reader: Account, follow: Any, told: Told, tx: Tx, clock: MovableClock, client: FlaskClient,
    sign_in: Any,
) -> None:  # fmt: skip
    saved = follow(reader)
    donor = world.organisation("donor")
    first = [world.programme(donor, title=f"Ports {number}") for number in range(7)]
    assert told(reader, *(ProgrammeImported(one.id) for one in first)) == ["New records in your search “Ports”: 7"]
    world.now = clock.move(minutes=1)
    more = [world.programme(donor, title=f"Ports {number}") for number in range(7, 9)]
    assert told(reader, *(ProgrammeImported(one.id) for one in more)) == ["New records in your search “Ports”: 9"]
    assert len(carried(tx)) == 1
    sign_in(client, reader)
    page = client.get(f"/searches/{saved.ref}/new").text
    assert all(one.title in page for one in (*first, *more))
    assert "9 records since you last looked" in page
    client.post(f"/searches/{saved.ref}/seen")
    page = client.get(f"/searches/{saved.ref}/new").text
    assert "since you last looked" not in page
    assert "Announced before" in page
    first[0].is_published = False
    assert first[0].title not in client.get(f"/searches/{saved.ref}/new").text


def test_more_than_a_few_within_an_hour_go_together(
    world: World, reader: Account, follow: Any, told: Told, clock: MovableClock
) -> None:
    follow(reader)
    for number in range(7):
        need = world.need(world.organisation(), title=f"Ports {number}")
        said = told(reader, NeedPosted(need.id))
        world.now = clock.move(minutes=1)
    assert said == [
        *(f"New in your search “Ports”: “Ports {n}”" for n in range(5)),
        "New records in your search “Ports”: 2",
    ]


def test_a_broken_index_loses_nothing(
    world: World, reader: Account, follow: Any, told: Told, site: Site, tx: Tx, tmp_path: Any
) -> None:
    follow(reader)
    need = world.need(world.organisation(), title="New ports")
    tx.flush()
    current = site.settings.search_dir / "CURRENT"
    current.unlink()
    with pytest.raises(EngineBroken):
        tell_followers(site, [NeedPosted(need.id)])
    assert told(reader, NeedPosted(need.id)) == ["New in your search “Ports”: “New ports”"]


def test_followed_while_the_index_was_broken(
    world: World, reader: Account, tx: Tx, site: Site, clock: MovableClock, index: Any
) -> None:
    world.need(world.organisation(), title="Old ports")
    tx.flush()
    clock.move(minutes=5)
    saved = service.follow(tx, world.actor(reader), "Ports", "?q=ports", clock.now(), engine_of(site))
    tx.flush()
    assert saved.baseline_at is None
    world.now = clock.move(minutes=5)
    world.need(world.organisation(), title="New ports")
    index()
    sweep_searches(site)
    tx.expire_all()
    assert words_for(tx, reader) == ["New in your search “Ports”: “New ports”"]
    assert saved.baseline_at is not None


def test_switched_off_it_is_silent_and_what_came_meanwhile_is_no_news(
    world: World, reader: Account, follow: Any, told: Told, tx: Tx, clock: MovableClock, client: FlaskClient,
    sign_in: Any, site: Site,
) -> None:  # fmt: skip
    saved = follow(reader)
    sign_in(client, reader)
    client.post(f"/searches/{saved.ref}/alerts", data={"wish": "off"})
    missed = world.need(world.organisation(), title="Missed ports")
    assert told(reader, NeedPosted(missed.id)) == []
    client.post(f"/searches/{saved.ref}/alerts", data={"wish": "on"})
    sweep(site, clock, world)
    assert told(reader, NeedAmended(missed.id, 2)) == []
    need = world.need(world.organisation(), title="New ports")
    assert told(reader, NeedPosted(need.id)) == ["New in your search “Ports”: “New ports”"]


def test_the_mail_says_which_search_it_is_and_its_link_stops_it(
    world: World,
    reader: Account,
    follow: Any,
    told: Told,
    tx: Tx,
    client: FlaskClient,
    settings: Settings,
    now: Any,
    site: Site,
) -> None:
    saved = follow(reader, name="My\nports")
    need = world.need(world.organisation(), title="New ports")
    told(reader, NeedPosted(need.id))
    (mail,) = letters(tx, site, now)
    body = mail.text
    assert "Be told no more of this search" in mail.html
    assert "“New ports”" in body
    assert "This comes from the search “My ports”, which you follow." in body
    address = re.search(r"http://localhost:5000(/searches/stop/\S+)", body)
    assert address is not None
    page = client.get(address[1])
    assert "Shall these mails stop?" in page.text
    assert saved.alerts
    answer = client.post(address[1])
    assert "These mails have stopped" in answer.text
    tx.expire_all()
    assert not saved.alerts
    assert letters(tx, site, now) == []
    assert told(reader, NeedPosted(world.need(world.organisation(), title="More ports").id)) == [
        "New in your search “My ports”: “New ports”"
    ]


def test_an_altered_link_stops_nothing(
    world: World, reader: Account, follow: Any, tx: Tx, client: FlaskClient, settings: Settings
) -> None:
    saved, other = follow(reader), world.account(world.organisation())
    token = stop_token(settings.secret_key, saved, reader)
    for altered in (token[:-2], token.replace(".", "x"), "nonsense", stop_token("x" * 40, saved, reader)):
        assert client.get(f"/searches/stop/{altered}").status_code == 410
        assert client.post(f"/searches/stop/{altered}").status_code == 410
    assert search_for(tx, settings.secret_key, stop_token(settings.secret_key, saved, other)) is None
    assert saved.alerts
    hand_over_subscriptions(tx, reader.id, other.id, saved.saved_at)
    tx.flush()
    assert search_for(tx, settings.secret_key, token) is None


def test_a_mail_about_many_names_only_what_anybody_may_see(
    world: World, reader: Account, follow: Any, told: Told, tx: Tx, settings: Settings, now: Any, site: Site
) -> None:
    follow(reader)
    owner = world.organisation()
    tiers = ["members"] * 5 + ["public"] * 2
    needs = [world.need(owner, title=f"Ports {number} {tier}", disclosure=tier) for number, tier in enumerate(tiers)]
    told(reader, *(NeedPosted(need.id) for need in needs))
    (mail,) = letters(tx, site, now)
    assert "– Ports 6 public" in mail.text
    assert "members" not in mail.text + mail.html
    needs[6].is_published = False
    tx.flush()
    assert "Ports 6 public" not in letters(tx, site, now)[0].text


def test_a_notice_about_many_goes_with_its_search(
    world: World, reader: Account, follow: Any, told: Told, tx: Tx
) -> None:
    saved = follow(reader)
    needs = [world.need(world.organisation(), title=f"Ports {number}") for number in range(6)]
    told(reader, *(NeedPosted(need.id) for need in needs))
    assert len(unread_notices(tx, world.actor(reader))) == 1
    service.unfollow(tx, world.actor(reader), saved.ref)
    tx.flush()
    assert unread_notices(tx, world.actor(reader)) == []
    assert tx.scalars(select(SearchFind)).all() == []


def test_handed_over_it_goes_on_where_it_was(
    world: World, reader: Account, follow: Any, told: Told, tx: Tx, site: Site, clock: MovableClock
) -> None:
    world.need(world.organisation(), title="Old ports")
    saved = follow(reader)
    colleague = world.account(reader.memberships[0].organisation)
    assert hand_over_subscriptions(tx, reader.id, colleague.id, clock.now()) == 1
    sweep(site, clock, world)
    assert words_for(tx, colleague) == []
    need = world.need(world.organisation(), title="New ports")
    assert told(colleague, NeedPosted(need.id)) == ["New in your search “Ports”: “New ports”"]
    assert words_for(tx, reader) == []
    assert saved.account_id == colleague.id


def test_the_page_is_its_owners_alone(
    world: World, reader: Account, follow: Any, new_client: Any, sign_in: Any
) -> None:
    saved, other = follow(reader), new_client()
    sign_in(other, world.account(reader.memberships[0].organisation))
    assert other.get(f"/searches/{saved.ref}/new").status_code == 404
    for what in ("seen", "alerts"):
        assert other.post(f"/searches/{saved.ref}/{what}").status_code == 404
    assert "Nothing has been announced yet" not in other.get("/searches").text
