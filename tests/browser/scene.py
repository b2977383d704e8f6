"""What the demonstration lacks, so that the walk sees every state of a page: written into a copy of it, before it runs.

An official without records, outputs, an open invitation, pledges in every status with deliveries, a need that was not
confirmed in time, one that was amended, one with words that are too long, results of indicators, and a file.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.accounts import queries
from app.accounts.models import Confirmation, Invitation, SecondStep
from app.accounts.proof.seal import Seal
from app.config import Settings
from app.courses.models import CourseSession
from app.foundation.clock import Clock
from app.foundation.db import Database, Tx
from app.foundation.disclosure import readable
from app.foundation.filing.files import Attachment
from app.foundation.permissions import ANONYMOUS
from app.needs.models import Need, NeedVersion, Passing, Result
from app.nominations.evaluations.service import ask_due
from app.notifications.following.models import Follow
from app.organisations.models import Organisation
from app.pledges.models import Contribution
from app.pledges.rules import MOVES
from app.programmes.models import Programme
from app.search.models import PastSearch, SavedSearch, SearchFind
from tests.browser.scene_background import go_on_beside
from tests.factories import APP_SECRET, World

if TYPE_CHECKING:
    from collections.abc import Mapping

NEWCOMER = "newcomer@nothing-yet.example"
LONG_WORD = "Rauschgiftbekämpfungszusammenarbeitsvereinbarungsverhandlungsdelegation"
LONG_TITLE = f"{LONG_WORD} and the port of Saint-Louis-du-Sénégal-et-des-Îles: {'equipment and training ' * 6}"


def furnish(settings: Settings, people: Mapping[str, Any]) -> str:
    """Write it all; what comes back is the token of an open invitation."""
    database = Database(settings.database_url)
    try:
        with database.transaction() as tx:
            return _furnish(tx, World(tx, Clock(settings.fixed_now).now()), settings, people)
    finally:
        database.close()


def add_newcomer(settings: Settings) -> None:
    """Somebody whose organisation has no records yet; made first, so that the others can be looked up."""
    database = Database(settings.database_url)
    with database.transaction() as tx:
        world = World(tx, Clock(settings.fixed_now).now())
        there = world.organisation("state", country="BJ", name="Office béninois de coordination", language="fr")
        account = world.account(there, "focal_point", email=NEWCOMER, language="fr")
        step = tx.scalars(select(SecondStep).where(SecondStep.account_id == account.id)).one()
        step.secret = Seal(settings.secret_key).seal(APP_SECRET)
    database.close()


def _furnish(tx: Tx, world: World, settings: Settings, people: Mapping[str, Any]) -> str:
    own = tx.get_one(Organisation, people["official"]["organisation_id"])
    donor = tx.get_one(Organisation, people["donor"]["organisation_id"])
    needs = list(
        tx.scalars(select(Need).where(Need.organisation_id == own.id, Need.status == "posted").order_by(Need.id))
    )
    assert needs, "the official has no need"
    ask_due(tx, settings, world.now)
    coming = select(CourseSession).where(CourseSession.starts_on > world.now.date()).order_by(CourseSession.id)
    world.sponsorship(tx.scalars(coming.limit(1)).one(), donor)
    world.output(own, title="Manual on the seizure of assets", language="en")
    world.lesson(own)
    _pledges(world, needs[0], donor)
    _meet(world, needs[0], own, donor)
    _amend(tx, needs[0], world)
    _measure(tx, needs[0], world)
    world.need(own, title="Not confirmed for a year", verify_by=world.now.date() - timedelta(days=40))
    world.need(own, title=LONG_TITLE[:199], place=LONG_WORD, summary=LONG_TITLE, problem=f"{LONG_WORD} " * 5)
    digest = "0" * 64
    tx.add(Attachment(record_kind="need", record_ref=needs[0].ref, organisation_id=own.id, name=f"{LONG_WORD}.pdf",
                      size=1_234_567, sha256=digest, uploaded_by=None, uploaded_at=world.now))  # fmt: skip
    _let_wait(tx, own, world)
    _ask_for_links(tx, people, world)
    _follow(tx, people, world)
    go_on_beside(tx, people, world)
    return _invite(tx, own, world, settings)


def _let_wait(tx: Tx, own: Organisation, world: World) -> None:
    """The official's organisation is the national focal point, and a need of another authority waits for it."""
    own.is_national, own.passing = True, "gate"
    agency = world.organisation("state", country=own.country, name="Direction des douanes", language="fr")
    need = world.need(agency, is_published=False, status="awaiting_gate", posted_at=None)
    tx.add(Passing(need_id=need.id, organisation_id=own.id, kind="gate", asked_at=world.now))
    tx.flush()


def _ask_for_links(tx: Tx, people: Mapping[str, Any], world: World) -> None:
    """Links for a new password and a new address, both still good."""
    member = queries.account_by_email(tx, people["member"]["email"])
    assert member is not None
    for kind in ("reset", "email"):
        tx.add(
            Confirmation(
                account_id=member.id, kind=kind, email="new@elsewhere.example", former_email=member.email,
                stamp=member.stamp, created_at=world.now, expires_at=world.now + timedelta(days=9),
            )
        )  # fmt: skip


def _follow(tx: Tx, people: Mapping[str, Any], world: World) -> None:
    """The official follows searches, one with much that is new and one with a name that is hard to fit."""
    account = queries.account_by_email(tx, people["official"]["email"])
    assert account is not None
    for name, address, days in (("Ports", "?q=ports", 900), (LONG_TITLE[:119], "?q=zzqq&country=SN", 1)):
        then = world.now - timedelta(days=days)
        days_of = {"saved_at": then, "looked_at": then, "news_from": then}
        saved = SavedSearch(account_id=account.id, name=name, address=address, **days_of)
        tx.add(saved)
        tx.flush()
        _announce(tx, saved, world)
    shown = {"need": first_ref(tx, Need), "programme": first_ref(tx, Programme), "course": "C-GONE-GONE"}
    for kind, ref in shown.items():
        tx.add(Follow(account_id=account.id, record_kind=kind, record_ref=ref, since=world.now))
    tx.add(PastSearch(account_id=account.id, name="juges", address="?q=juges", searched_at=world.now))
    tx.flush()


def first_ref(tx: Tx, model: Any) -> str:
    """The reference of a public record, the same each time."""
    shown = readable(ANONYMOUS, model).where(model.is_published).order_by(model.id).limit(1)
    return str(tx.scalars(shown).one().ref)


def _announce(tx: Tx, saved: SavedSearch, world: World) -> None:
    """Some programmes were announced of it, a few of them before it was last looked at."""
    shown = readable(ANONYMOUS, Programme).where(Programme.is_published).order_by(Programme.id).limit(9)
    for number, one in enumerate(tx.scalars(shown)):
        when = world.now if number else saved.looked_at
        about = {"saved_search_id": saved.id, "record_kind": "programme", "record_id": one.id}
        tx.add(SearchFind(found_at=when, announced_at=when, **about))


def _meet(world: World, need: Need, own: Organisation, donor: Organisation) -> None:
    """A meeting that the official convenes, with an agenda and action points in every state."""
    meeting = world.meeting(own, invited=[donor], country=own.country, title="Groupe des donateurs", language="fr")
    world.agenda_item(meeting, text=f"{LONG_WORD}, {LONG_TITLE}")
    world.agenda_item(meeting, need)
    overdue = world.now.date() - timedelta(days=9)
    world.action_point(meeting, donor, need)
    world.action_point(meeting, own, due_on=overdue, text=LONG_TITLE)
    world.action_point(meeting, donor, status="done", closed_on=overdue, note="Sent.")


def _pledges(world: World, need: Need, donor: Organisation) -> None:
    """A pledge in each status; two have deliveries, one of them confirmed by both sides."""
    for status in MOVES:
        pledge = world.pledge(need, donor, status=status, expires_on=date(2028, 1, 31))
        if status in {"delivering", "delivered"}:
            confirmed = world.now if status == "delivered" else None
            pledge.lines[0].contributions.append(
                Contribution(quantity=Decimal(3), delivered_on=world.now.date(), note="Three days in Dakar",
                             donor_confirmed_at=world.now, recipient_confirmed_at=confirmed,
                             created_at=world.now, changed_at=world.now)
            )  # fmt: skip


def _amend(tx: Tx, need: Need, world: World) -> None:
    """A second version, beside the first one."""
    last = tx.scalars(select(NeedVersion).where(NeedVersion.need_id == need.id).order_by(-NeedVersion.number)).first()
    if last is None:
        return
    earlier = {**last.snapshot, "title": f"{need.title} (first wording)"}
    earlier["problem"] = f"Fewer cases were counted then. {last.snapshot.get('problem', '')}"
    now_at = last.number
    tx.add(NeedVersion(need_id=need.id, number=now_at + 1, snapshot=last.snapshot, saved_at=world.now,
                       saved_by=last.saved_by))  # fmt: skip
    last.snapshot = earlier


def _measure(tx: Tx, need: Need, world: World) -> None:
    """What the first indicator showed."""
    for indicator in need.indicators[:1]:
        tx.add(Result(indicator_id=indicator.id, actual="18", measured_on=world.now.date() - timedelta(days=30),
                      evidence="Register of the court", recorded_by=1, recorded_at=world.now))  # fmt: skip


def _invite(tx: Tx, own: Organisation, world: World, settings: Settings) -> str:
    """An invitation that nobody has answered yet."""
    invitation = Invitation(organisation=own, email="invited@elsewhere.example", name="Inés Invited", language="es",
                            role="editor", invited_by=None, created_at=world.now,
                            expires_at=world.now + timedelta(days=14))  # fmt: skip
    tx.add(invitation)
    tx.flush()
    return queries.token_for(settings.secret_key, invitation)
