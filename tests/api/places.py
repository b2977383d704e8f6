"""A house full of records: one of every kind that programs write to, of a State, a donor and a centre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.conversations.messages.models import Message
from app.foundation.filing.files import files_of, keep_files
from app.foundation.messages import msg
from app.foundation.permissions import ANONYMOUS
from app.matching.models import Match
from app.notifications.models import Notice
from app.notifications.rules import cause_of
from app.notifications.service import NoticeDraft, put_notices
from app.pledges.models import Contribution
from tests.documents import pdf

HAVE_FILES = ("need", "programme", "course", "lesson", "pledge")
WHOLE = {"themes": ["prisons"], "countries": ["SN"]}


@dataclass(frozen=True)
class Places:
    """Where the records are: by the name of each its reference, and its version."""

    parties: tuple
    refs: dict[str, str]
    versions: dict[str, int]

    def parts_of(self, path):
        """The parts of an address with names in it, as the records that are there are called."""
        refs, kind = self.refs, _kind(path)
        known = {"need_ref": refs["need"], "session_ref": refs["session"], "kind": "programme", "name": "themes",
                 "offer_ref": refs["programme"], "part_ref": refs["delivery"],
                 "message_ref": refs["message"], "notice_id": refs.get("notice", "0"),
                 "item_ref": refs["item"], "point_ref": refs["point"]}  # fmt: skip
        known |= {"ref": refs.get(kind, ""), "fref": refs.get(f"{kind} file", "")}
        return {name: value for name, value in known.items() if f"{{{name}}}" in path}

    def tag_of(self, path):
        """The entity tag of the record at this address, as far as it is looked at: its version."""
        return f'"{self.versions.get(_kind(path), 1)}.0123456789ab"'


def _kind(path):
    if "/deliveries" in path:
        return "pledge on its way"
    return path.split("/")[1].removesuffix("s")


def places(world, tx, files, now):
    """Records in which the three parties meet, sound as their forms have them, and a file on each that takes one."""
    state, donor, centre = (world.organisation(kind) for kind in ("state", "donor", "centre"))
    lines, indicators = [{"description": "Two scanners."}], [{"target": "25"}]
    need = world.need(state, indicators=indicators, lines=lines, **WHOLE)
    session = world.course_session(world.course(centre, **WHOLE))
    kept = {
        "need": need, "programme": world.programme(donor, **WHOLE), "course": session.course, "session": session,
        "lesson": world.lesson(state, **WHOLE), "organisation": donor,
        "output": world.output(state, website="https://example.org/manual", **WHOLE),
        "pledge": world.pledge(need, donor), "limit": world.limit(state),
        "nomination": world.nomination(session, state),
        "pledge on its way": world.pledge(need, donor, status="delivering", accepted_at=now),
    }  # fmt: skip
    kept["delivery"] = _delivery(kept["pledge on its way"], now)
    tx.add(_match(need, kept["programme"], now))
    kept["clarification"] = world.clarification(need, donor)
    kept["meeting"] = world.meeting(state, invited=[donor])
    kept["item"] = world.agenda_item(kept["meeting"])
    kept["point"] = world.action_point(kept["meeting"], donor)
    kept["sponsorship"] = world.sponsorship(session, donor, status="offered", is_published=False)
    kept["thread"] = world.thread(need, kept["pledge"])
    kept["message"] = tx.scalars(select(Message).where(Message.thread_id == kept["thread"].id)).one()
    keep_files(tx, kept["message"], None, [("plan.pdf", pdf())], files, now)
    for kind in HAVE_FILES:
        keep_files(tx, kept[kind], None, [("plan.pdf", pdf())], files, now)
    tx.flush()
    refs = {kind: record.ref for kind, record in kept.items()}
    refs |= {f"{kind} file": files_of(tx, refs[kind], ANONYMOUS)[0].ref for kind in (*HAVE_FILES, "message")}
    refs["thread file"] = refs["message file"]
    versions = {kind: record.version for kind, record in kept.items() if hasattr(record, "version")}
    return Places((state, donor, centre), refs, versions)


def put_notice(house, tx, account, now):
    """Tell somebody something about the need that is there."""
    part = ("need", house.refs["need"])
    cause, message = cause_of("pledge_made", part), msg("A pledge was made for your need")
    put_notices(tx, [NoticeDraft(account.id, cause, message, *part)], now)
    house.refs["notice"] = str(tx.scalars(select(Notice.id).where(Notice.account_id == account.id)).one())


def _delivery(pledge, now):
    part = Contribution(
        quantity=Decimal(2), donor_much=Decimal(2), donor_confirmed_at=now, delivered_on=date(2026, 11, 1),
        created_at=now, changed_at=now,
    )  # fmt: skip
    pledge.lines[0].contributions.append(part)
    return part


def _match(need, programme, now):
    return Match(
        need_id=need.id, offer_kind="programme", offer_id=programme.id, offer_organisation_id=programme.organisation_id,
        need_organisation_id=need.organisation_id, need_version=1, offer_version=1, gate="match", strength="fair",
        score=1, reasons=[{"text": "Both are about prisons."}], obstacles=[], lines=[], computed_at=now,
    )  # fmt: skip
