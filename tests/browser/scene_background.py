"""What goes on beside the pages: work in the background in each of its ends, an import, reports, a token."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from app.accounts import queries
from app.accounts.queries import actor_of
from app.api.models import ApiToken
from app.exchange.intake.models import FileImport, ImportParty, ImportProblem, ImportRow
from app.exchange.workbooks.models import WorkbookUpload
from app.foundation.messages import msg
from app.jobs.models import Job
from app.jobs.rules import NAMES, UNFINISHED
from app.organisations.models import Organisation
from app.reports.models import MadeReport
from app.reports.regional.rules import RegionalDraft
from app.reports.regional.service import Signed, begin, sign
from app.reports.rules import Signer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.accounts.models import Account
    from app.foundation.db import Tx
    from tests.factories import World

LONG_FILE = "activities-of-the-directorate-for-international-development-cooperation-2026-2027.xml"


def go_on_beside(tx: Tx, people: Mapping[str, Any], world: World) -> None:
    """Write it all."""
    accounts = {who: queries.account_by_email(tx, people[who]["email"]) for who in ("official", "donor", "head")}
    official, donor, head = (accounts[who] for who in ("official", "donor", "head"))
    assert official is not None
    assert donor is not None
    assert head is not None
    _work(tx, official, world)
    _import(tx, donor, people["donor"]["organisation_id"], world)
    _reports(tx, head, people["head"]["organisation_id"], world)
    tx.add(ApiToken(account_id=official.id, name="Warehouse of the ministry", scope="write", digest="0" * 64,
                    ending="k7Q2", stamp=official.stamp, created_at=world.now,
                    expires_at=world.now + timedelta(days=90)))  # fmt: skip
    tx.add(WorkbookUpload(key="sent-before", account_id=official.id, kind="needs", name="needs (final) (2).xlsx",
                          organisation_id=people["official"]["organisation_id"], sent_at=world.now))  # fmt: skip
    tx.flush()


def _work(tx: Tx, account: Account, world: World) -> None:
    """One piece of work in each state; none of them is for a program to take."""
    for state in NAMES:
        over = state not in UNFINISHED
        words = msg("Everything in this workbook stands here already.").as_json() if over else {}
        tx.add(Job(account_id=account.id, kind="report", title=msg("Regional report").as_json(), language="en",
                   state=state, outcome=words, done=3, total=9, link="/reports" if state == "done" else "",
                   created_at=world.now, ended_at=world.now if over else None))  # fmt: skip
    tx.flush()


def _import(tx: Tx, account: Account, organisation_id: int, world: World) -> None:
    """An import that was read: rows of each outcome, a problem, and a reporter that is asked about."""
    made = FileImport(organisation_id=organisation_id, made_by=account.id, state="read", created_at=world.now,
                      files=[{"name": LONG_FILE, "sha256": "0" * 64, "size": 1_234_567}])  # fmt: skip
    tx.add(made)
    tx.flush()
    for number, outcome in enumerate(("new", "changed", "unchanged", "refused")):
        changes = {"title": ["Reform of prisons", "Reform of prisons, second phase"]} if outcome == "changed" else {}
        tx.add(ImportRow(import_id=made.id, file=LONG_FILE, line=12 + number, identifier=f"XI-IATI-TEST-{number}",
                         title="Reform of prisons", language="en", outcome=outcome, changes=changes))  # fmt: skip
    said = msg("The code %(code)s is not known.", code="ZZ")
    tx.add(ImportProblem(import_id=made.id, file=LONG_FILE, line=15, element="recipient-country", code="code.unknown",
                         severity="warning", identifier="XI-IATI-TEST-3",
                         said={"text": said.text, "values": dict(said.values)}))  # fmt: skip
    own = tx.get_one(Organisation, organisation_id)
    tx.add(ImportParty(import_id=made.id, identifier="XI-IATI-TEST", name=own.name, flat_name=own.name.lower(),
                       organisation_id=own.id, by_name=True))  # fmt: skip
    tx.flush()


def _reports(tx: Tx, account: Account, organisation_id: int, world: World) -> None:
    """A signed report, and the draft of the next one, which follows it up."""
    actor, days = actor_of(account), (date(2026, 7, 1), date(2026, 12, 31))
    draft = RegionalDraft(
        language="en", title="West Africa in the second half of 2026", starts_on=days[0], ends_on=days[1],
        disclosure="public", introduction="Written after the meeting of the focal points.",
        situations={"asset_recovery": "Laboratories are being built in three States."},
        recommendations=(("Share one laboratory among neighbours", "Commission"), ("Train judges", "")),
    )  # fmt: skip
    first = begin(tx, actor, organisation_id, draft, world.now)
    tx.flush()
    made = MadeReport(kind="region", form="pdf", language="en", organisation_id=organisation_id, account_id=account.id,
                      said_sha256="1" * 64, file_sha256="0" * 64, made_at=world.now)  # fmt: skip
    tx.add(made)
    tx.flush()
    files = {"pdf": Signed(made.ref, "0" * 64)}
    sign(tx, actor, first, Signer("Ama Mensah", "Head of desk", "Abuja"), files, None, world.now)
    tx.flush()
    begin(tx, actor, organisation_id, draft, world.now)
    tx.flush()
