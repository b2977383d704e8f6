"""Every route walked as every kind of person: what the matrix refuses is refused, with the records of others too."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import Invitation, SecondStep
from app.api.operations import OPERATIONS
from app.api.service import TokenDraft, make_token
from app.closing.rules import Wanted
from app.closing.service import ask_for
from app.conversations.messages.models import Message
from app.exchange.intake.models import FileImport
from app.foundation.audit import AuditEvent
from app.foundation.filing.files import Attachment
from app.foundation.permissions import POLICIES, Permission, allowed, edits_for_need, edits_for_owner
from app.foundation.web import API, GUARDS
from app.jobs.models import Job
from app.lessons.standing.models import LessonTie
from app.notifications.models import Notice
from app.reports.models import MadeReport, RegionalReport
from app.search.models import SavedSearch
from tests.architecture.matrix import KINDS, PAGE, Kind, page
from tests.architecture.reading import none_of

# Asked about the need that a pledge will be made against, which always is somebody else's.
ON_OTHERS_RECORDS = frozenset({"pledges.new", "pledges.save_draft"})
LEADS_TO_SIGN_IN = frozenset({302, 303})
REFUSED_BEFORE = frozenset({403})
SIGN_IN = frozenset({401, 403})
REFUSED = frozenset({403, 404})
SOUND = frozenset({200, 204, 302, 303, 308, 400, 403, 404, 405, 409, 410, 412, 415, 422, 428, 503})
# To all who are no party to it a hidden record is the same; tests/leaks asks as many more.
STRANGERS_TO_WHAT_IS_HIDDEN = frozenset({
    "anybody", "State, not yet verified", "State, focal point", "donor, editor", "secretariat, member",
    "secretariat, editor",
})  # fmt: skip
# What the site notes of the walk itself.
NO_CHANGE = frozenset({"need.looked", "account.signed_in", "account.sign_in_tried", "account.token_made"})


def test_the_page_says_what_the_code_does(app):
    assert PAGE.read_text(encoding="utf-8") == page(app), "make access writes docs/access.md anew"


class Strangers:
    """The records of organisations that nobody of the walk belongs to, all public or all of the tier `own`."""

    def __init__(self, world, tx, tier):
        state, donor, centre = (world.organisation(kind) for kind in ("state", "donor", "centre"))
        member = world.account(state, "focal_point")
        shown = {"disclosure": tier}
        self.need = world.need(state, indicators=[{}], **shown)
        self.programme = world.programme(donor, **shown)
        self.course = world.course(centre, sessions=[{}], **shown)
        self.nomination = world.nomination(self.course.sessions[0], state)
        self.lesson = world.lesson(state, **shown)
        self.output = world.output(centre, **shown)
        self.pledge = world.pledge(self.need, donor, **shown)
        self.limit = world.limit(state, **shown)
        self.meeting = world.meeting(state, invited=[donor], **shown)
        self.item, self.point = world.agenda_item(self.meeting), world.action_point(self.meeting, donor)
        self.tie = LessonTie(
            first_id=self.lesson.id, second_id=world.lesson(centre, **shown).id, kind="contradicts", sentence="So.",
            organisation_id=state.id, declared_at=world.now,
        )  # fmt: skip
        self.organisation = state
        self.sponsorship = world.sponsorship(self.course.sessions[0], donor)
        # A question that waits and a thread are their two sides' alone, whatever the tier of the need.
        self.clarification = world.clarification(self.need, donor)
        self.thread = world.thread(self.need, self.pledge)
        self.message = tx.scalars(select(Message).where(Message.thread_id == self.thread.id)).one()
        looked = {"saved_at": world.now, "looked_at": world.now, "news_from": world.now}
        self.asked = ask_for(
            tx, [Wanted(state.id, "need", self.need.ref, "need", self.need.ref, "recipient", tier)], world.now
        )[0]
        self.saved = SavedSearch(account_id=member.id, name="Ports", address="?q=ports", **looked)
        self._of_one_person(world, member, state)
        times = {"created_at": world.now, "expires_at": world.now + timedelta(days=7)}
        invitation = Invitation(organisation=state, email="new@state.example", role="editor", **times)
        file = Attachment(
            record_kind="need", record_ref=self.need.ref, organisation_id=state.id, name="a.txt", size=1,
            sha256="0" * 64, uploaded_by=None, uploaded_at=world.now,
        )  # fmt: skip
        notice = Notice(**_notice(member, world))
        step = tx.scalars(select(SecondStep).where(SecondStep.account_id == member.id)).one()
        tx.add_all([invitation, file, notice, self.saved, self.tie, *self.made])
        tx.flush()
        self.others = {
            "account": member.ref, "invitation": invitation.ref, "fref": file.ref, "notice_id": notice.id,
            "need_ref": self.need.ref, "session_ref": self.course.sessions[0].ref, "offer_ref": self.programme.ref,
            "own_ref": self.need.ref, "other_ref": self.programme.ref,
            "kind": "programme", "iref": self.need.indicators[0].ref, "token": "x.y.z", "code": "asset_recovery",
            "iso2": "SN", "language": "fr", "step": step.ref, "item_ref": self.item.ref, "point_ref": self.point.ref,
            "organisation_ref": centre.ref, "ending": "csv", "answer": "true", "pledge_ref": self.pledge.ref,
            "tie_ref": self.tie.ref, "record_ref": self.need.ref, "name": "pages",
            "form": "pdf", "number": 1, "part_ref": self.need.ref, "key": "x", "message_ref": self.message.ref,
        }  # fmt: skip

    @property
    def private(self):
        """What is the business of its own people alone, whatever the tier of anything."""
        return {self.nomination, self.clarification, self.thread, self.job, self.file_import, self.regional_report}

    @property
    def open(self):
        """What anybody may look up; of a paper that was made its page says no more than that it was made here."""
        return {self.organisation, self.report}

    def _of_one_person(self, world, member, state):
        """Work in the background, an import, a paper that was made, and the draft of a region's report."""
        digest, days = "0" * 64, (world.now.date() - timedelta(days=365), world.now.date())
        self.job = Job(account_id=member.id, kind="report", title={}, language="en", created_at=world.now)
        file = {"name": "a.xml", "sha256": digest, "size": 1}
        self.file_import = FileImport(organisation_id=state.id, made_by=member.id, files=[file], created_at=world.now)
        self.report = MadeReport(
            kind="state", form="pdf", language="en", organisation_id=state.id, account_id=member.id,
            said_sha256=digest, file_sha256=digest, made_at=world.now,
        )  # fmt: skip
        self.regional_report = RegionalReport(
            organisation_id=state.id, grouping="ecowas", language="en", title="A region", starts_on=days[0],
            ends_on=days[1], disclosure="public", is_published=False, created_at=world.now, changed_at=world.now,
        )  # fmt: skip
        self.made = [self.job, self.file_import, self.report, self.regional_report]

    def record(self, rule):
        """The record whose reference stands in the address, if one does."""
        blueprint, _dot, name = rule.endpoint.partition(".")
        if blueprint == "api" and name in OPERATIONS and "session_ref" not in rule.arguments:
            # What programs ask is about the record that stands first in the address.
            blueprint = OPERATIONS[name].resource
        names = {
            "accounts": "organisation",
            "organisations": "organisation",
            "closing": "asked",
            "matching": "need",
            "imports": "file_import",
            "tables": "need",
            "reports": "regional_report" if "regional" in rule.endpoint else "report",
            "feedback": "need",
            "guard": "programme",
            "open_data": "programme" if rule.endpoint == "open_data.programme" else "organisation",
            "upkeep": "need",
            "pledges": "pledge",
            "searches": "saved",
            "alerts": "saved",
            "following": "programme",
            "sponsors": "course" if "session_ref" in rule.arguments else "sponsorship",
        }
        if blueprint == "messages" and rule.arguments:
            return self.thread
        if rule.endpoint in {"clarifications.about", "clarifications.ask"} or {"need_ref", "record_ref"} & set(
            rule.arguments
        ):
            return self.need
        if "own_ref" in rule.arguments or rule.endpoint in {"reports.note", "reports.note_file"}:
            return self.need
        if "session_ref" in rule.arguments:
            return self.course
        if "ref" not in rule.arguments:
            return None
        return getattr(self, names.get(blueprint, blueprint.removesuffix("s")))

    def address(self, app, rule):
        record = self.record(rule)
        values = {name: self.others[name] for name in rule.arguments if name in self.others}
        # An answer stands between a lesson and a record of one's own.
        ref = self.lesson.ref if "record_ref" in rule.arguments else record.ref if record is not None else ""
        values |= {"ref": ref} if "ref" in rule.arguments else {}
        if rule.endpoint == "language.choose":
            values["code"] = "fr"
        with app.test_request_context():
            return app.url_for(rule.endpoint, **values)


def _notice(account, world):
    about = {"cause": "test", "message": {}, "record_kind": "need", "record_ref": "N-TEST"}
    return {"account_id": account.id, "created_at": world.now, **about}


def requests_of(app):
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint in GUARDS]
    return [(rule, method) for rule in rules for method in sorted(rule.methods & {"DELETE", "GET", "PATCH", "POST"})]


def asks_for_owner(permission):
    """Whether the permission looks at whose record it is."""
    asks = {ask for way in POLICIES[permission] for ask in way}
    return any(a in {edits_for_owner, edits_for_need} or a.__name__.startswith("is_focal") for a in asks)


def person(kind: Kind, world):
    return world.account(world.organisation(kind.organisation, kind.status), kind.role)


def changes(tx):
    tx.expire_all()
    return Counter(action for action in tx.scalars(select(AuditEvent.action)) if action not in NO_CHANGE)


WALKS = [
    pytest.param(kind, tier, id=f"{kind.name}-{tier}")
    for kind in KINDS
    for tier in ("public", "own")
    if tier == "public" or kind.name in STRANGERS_TO_WHAT_IS_HIDDEN
]


@pytest.mark.one_engine
@pytest.mark.parametrize(("kind", "tier"), WALKS)
def test_every_route_as_every_kind_of_person(app, new_client, sign_in, world, tx, kind, tier):
    strangers = Strangers(world, tx, tier)
    account = person(kind, world) if kind.organisation else None
    actor = world.actor(account) if account else kind.actor()
    program = _program(tx, world, account)
    faults, client, before = [], None, Counter()
    for rule, method in requests_of(app):
        if client is None:
            client = new_client()
            if account:
                sign_in(client, account)
            before = changes(tx)
        record = strangers.record(rule)
        if tier == "own" and record is None:
            continue  # What is about no record is the same in both worlds.
        sent = program if rule.rule.startswith(API) else {}
        status = client.open(strangers.address(app, rule), method=method, check=False, **sent).status_code
        client = None if rule.endpoint == "accounts.sign_out" else client
        # A candidate is nobody's business but that of two organisations, whatever the tier of the course.
        is_private = record in strangers.private
        is_hidden = is_private or (record is not None and tier == "own" and record not in strangers.open)
        expected = expected_of(actor, rule.endpoint, record, world.now, is_hidden=is_hidden)
        # What a program sends is read before any record is looked for, whoever asks.
        expected = expected | {422} if sent and method != "GET" else expected
        expected = LEADS_TO_SIGN_IN if expected == SIGN_IN and method == "GET" and not sent else expected
        place = f"{method} {rule.rule} ({GUARDS[rule.endpoint].permission}) as {kind.name}: {status}"
        if status not in expected:
            faults.append(f"{place} and not {sorted(expected)}")
        after = changes(tx)
        done, before = after - before, after
        # The desk of a grouping acknowledges the needs of its members, and sends them on.
        is_desks = GUARDS[rule.endpoint].permission == Permission.NEED_ACKNOWLEDGE and bool(actor.desk_countries)
        if done and record is not None and not actor.is_secretariat and not is_desks:
            faults.append(f"{place} changed another's record: {dict(done)}")
    none_of(faults)


def _program(tx, world, account):
    """What a program of this person sends with each request: a token instead of a cookie, and JSON."""
    if account is None:
        return {"json": {}}
    secret = make_token(tx, world.actor(account), TokenDraft("walk", "write", 30), world.now)[1]
    return {"json": {}, "headers": {"Authorization": f"Bearer {secret}"}}


def expected_of(actor, endpoint, record, now, *, is_hidden):
    """The answers that the matrix leaves open."""
    permission = GUARDS[endpoint].permission
    if not allowed(actor, permission, now):
        return REFUSED_BEFORE if actor.is_signed_in else SIGN_IN
    if is_hidden and (not actor.is_secretariat or getattr(record, "record_kind", "") == "nomination"):
        return {404}
    of_owner = record is not None and asks_for_owner(permission) and endpoint not in ON_OTHERS_RECORDS
    if of_owner and not allowed(actor, permission, now, record):
        return REFUSED
    return SOUND if record is not None else SOUND - {403}
