"""What is hidden: records of every kind and tier, drafts, files, applications, and single fields of public records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from app.closing.rules import Wanted
from app.closing.service import ask_for
from app.foundation import audit, outbox
from app.foundation.filing.files import Attachment, FileText, store_file
from app.foundation.messages import Message, msg
from app.foundation.permissions import SYSTEM
from app.matching.advice.models import LessonAnswer
from app.matching.relations.events import RelationDeclared
from app.matching.relations.models import Relation
from app.needs.events import NeedPassing
from app.needs.models import Passing
from app.organisations.events import OrganisationApplied
from tests.leaks.background import add_import, add_job, add_regional
from tests.leaks.oracle import Thing
from tests.leaks.records import Records
from tests.leaks.words import CANARIES, PLAIN

TIERS = ("members", "named", "own")
REFS = {
    "need": "N-HXDD-EN22", "indicator": "NI-HXDD-EN22", "file": "F-HXDD-EN22", "programme": "P-HXDD-EN22",
    "course": "C-HXDD-EN22", "session": "S-HXDD-EN22", "lesson": "L-HXDD-EN22", "output": "U-HXDD-EN22",
    "pledge": "G-HXDD-EN22", "organisation": "O-HXDD-EN22", "meeting": "M-HXDD-EN22", "point": "T-HXDD-EN22",
    "limit": "AL-HXDD-EN22", "nomination": "K-HXDD-EN22", "sponsorship": "SP-HXDD-EN22",
    "clarification": "Q-HXDD-EN22", "thread": "TH-HXDD-EN22", "message": "MS-HXDD-EN22",
    "import": "IM-HXDD-EN22", "job": "J-HXDD-EN22", "regional_report": "RR-HXDD-EN22",
}  # fmt: skip
"""What is hidden always has the same references, so that its address in the world without it leads nowhere."""

RELATED = "P-RLTD-EN22"
"""A public programme of which somebody says how what is hidden stands to it."""
RELATABLE = ("need", "programme", "course", "pledge")

OWNERS = {
    "need": ("state_sn", "state_gh", "regional", "centre_sn", "sibling_sn", "state_suspended"),
    "programme": ("donor_no", "donor_se", "regional", "ngo", "donor_recorded"),
    "course": ("centre_sn", "centre_gh"),
    "lesson": ("state_sn", "donor_no", "centre_sn", "ngo", "regional_far"),
    "output": ("centre_gh", "donor_se", "ngo", "state_gh"),
    "pledge": ("donor_no", "donor_se", "regional", "centre_sn"),
    "meeting": ("state_sn", "state_gh", "donor_no", "regional"),
    "limit": ("state_sn", "state_gh", "sibling_sn"),
    "clarification": ("donor_no", "donor_se", "ngo", "centre_gh"),
    "nomination": ("state_sn", "state_gh", "sibling_sn", "regional"),
    "import": ("donor_no", "donor_se", "regional", "ngo"),
    "regional_report": ("regional", "regional_far"),
}
NAMEABLE = ("donor_no", "donor_se", "centre_sn", "regional", "ngo", "state_gh", "donor_applied", "state_suspended")
KINDS = (
    "need", "programme", "course", "lesson", "output", "pledge", "need with file", "need with pledge",
    "need with lesson", "programme pledged from", "meeting", "need on agenda", "programme on agenda", "limit",
    "sponsorship", "course with sponsorship", "need with clarification",
)  # fmt: skip
UNPOSTED = ("need draft", "need waiting")
FIELDS = (
    "need.contact", "need.place", "need.baseline", "need.indicators", "need.budget", "need.costs", "need.files",
    "programme.contact", "programme.budget", "programme.budgets", "pledge.donor", "pledge.programme", "pledge.amount",
    "meeting.minutes", "meeting.link",
)  # fmt: skip
WHAT: tuple[tuple[str, str], ...] = (
    *((kind, tier) for kind in KINDS for tier in TIERS),
    *((kind, tier) for kind in UNPOSTED for tier in ("public", "members")),
    *((f"field {name}", tier) for name in FIELDS for tier in TIERS),
    ("nomination", "own"), ("clarification", "own"), ("thread", "own"), ("field clarification.asker", "own"),
    ("organisation", "applied"), ("organisation", "refused"),
    ("import", "own"), ("job", "own"), ("regional_report", "members"), ("regional_report", "own"),
)  # fmt: skip
"""Every kind of hidden thing with every tier that it can have."""


@dataclass(frozen=True)
class Hidden:
    """One hidden thing as chance has drawn it. `owner`, `on` and `echo` are taken modulo what there is.

    `on` is the public record that it hangs on; with an `echo` it repeats that public record's words.
    """

    kind: str
    tier: str
    owner: int = 0
    on: int = 0
    echo: int | None = None
    named: tuple[int, ...] = ()
    canary: str = CANARIES[0]
    words: tuple[str, ...] = ()
    is_accepted: bool = True
    is_empty: bool = False
    chance: int = 0

    @property
    def title(self) -> str:
        """The canary among public words."""
        return " ".join((*self.words, self.canary))


def hidden(kind: str, tier: str) -> Any:
    """Draws a hidden thing of that kind and tier (a hypothesis strategy)."""
    return st.builds(
        Hidden,
        kind=st.just(kind),
        tier=st.just(tier),
        owner=st.integers(0, 29),
        on=st.integers(0, 29),
        echo=st.none() | st.integers(0, 29),
        named=st.lists(st.integers(0, len(NAMEABLE) - 1), min_size=1, max_size=3, unique=True).map(tuple),
        canary=st.sampled_from(CANARIES),
        words=st.lists(st.sampled_from(PLAIN), min_size=1, max_size=5).map(tuple),
        is_accepted=st.booleans(),
        is_empty=st.booleans(),
        chance=st.integers(0, 2**31),
    )


@dataclass
class Refs:
    """By which references records are asked for, by kind; `pairs` are (need, kind of offer, offer).

    `points` are (meeting, action point), `related` two records.
    """

    of: dict[str, list[str]] = field(default_factory=dict)
    sessions: list[tuple[str, str]] = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)
    indicators: list[tuple[str, str]] = field(default_factory=list)
    pairs: list[tuple[str, str, str]] = field(default_factory=list)
    points: list[tuple[str, str]] = field(default_factory=list)
    related: list[tuple[str, str]] = field(default_factory=list)


class Maker:
    """Adds one hidden thing to a world, as its last record; gives back what the oracle is asked about."""

    def __init__(self, base: Any, world: Any, what: Hidden) -> None:
        self.base = base
        self.tx = world.tx
        self.what = what
        self.make_any = Records(world, Random(what.chance))

    def make(self) -> list[Thing]:
        """Make it, whatever kind it is."""
        first, _space, rest = self.what.kind.partition(" ")
        if rest in {"draft", "waiting"}:
            return [self._unposted(is_waiting=rest == "waiting")]
        alone = {
            "organisation": self._organisation,
            "pledge": lambda: self._pledge(self._public_need()),
            "nomination": self._nomination,
            "clarification": lambda: self._clarification(self._public_need()),
            "thread": self._thread,
            "sponsorship": lambda: self._sponsorship(self.base.public(self.tx, "course", self.what.on)),
            "import": self._import,
            "job": self._job,
            "regional_report": self._regional_report,
        }
        if first in alone:
            return [alone[first]()]
        record = getattr(self.make_any, first)(self._owner(first), **self._values(first))
        self._relate(record)
        thing = self.thing(first, record)
        return [thing, *self._further(rest, record, thing)]

    def _further(self, rest: str, record: Any, thing: Thing) -> Iterable[Thing]:
        if rest == "with file":
            attach(self.base, self.tx, record, self.what.canary)
        if rest == "with pledge":
            return [self._pledge(record, thing)]
        if rest == "with sponsorship":
            return [self._sponsorship(record, thing)]
        if rest == "with clarification":
            return [self._clarification(record, thing)]
        if rest == "with lesson":
            return [self._lesson(record)]
        if rest == "pledged from":
            self.base.pay_from(self.tx, record)
        if rest == "on agenda":
            self._speak_of(record)
        return []

    def _speak_of(self, record: Any) -> None:
        """A public meeting has an item that rests on the record, with a public one beside it, and a point about it."""
        meeting, beside = (self.base.public(self.tx, kind, self.what.on) for kind in ("meeting", "need"))
        words = [msg("Nobody offers any").as_json(), Message(self.what.canary).as_json()]
        self.make_any.world.agenda_item(meeting, beside, record, why=words, position=1)
        for point in meeting.points:
            point.records = [*point.records, [record.record_kind, record.ref]]

    def _owner(self, kind: str) -> Any:
        keys = OWNERS[kind]
        return self.base.organisation(self.tx, keys[self.what.owner % len(keys)])

    def _named(self) -> list[Any]:
        wanted = self.what.named if self.what.tier == "named" else ()
        return [self.base.organisation(self.tx, NAMEABLE[number]) for number in wanted]

    def _values(self, kind: str) -> dict[str, Any]:
        values: dict[str, Any] = {"ref": REFS[kind], "disclosure": self.what.tier, "named": self._named()}
        if kind == "limit":
            return {**values, "reason": self.what.title, "beneficiary_unit": self.what.canary, "most": 0}
        values["title"] = self.what.title
        if self.what.echo is not None and kind != "meeting":
            values |= self.base.words_of(self.tx, kind, self.what.echo)
            values["title"] = f"{values['title']} {self.what.canary}"
        if kind == "need":
            row = {"ref": REFS["indicator"], "name": f"Cases {self.what.canary}", "baseline": "14", "target": "40"}
            values["indicators"] = [row]
        if kind == "course":
            values["sessions"] = [{"ref": REFS["session"], "place": self.what.canary}]
        if kind == "meeting":
            values |= {"point": REFS["point"], "agenda": self.what.canary, "place": self.what.canary}
        if kind in {"lesson", "output"}:
            values |= self.base.subject(self.what.on)
        return values

    def thing(self, kind: str, record: Any, **more: Any) -> Thing:
        """The record as the oracle knows it."""
        named = frozenset(one.id for one in self._named())
        made = Thing(kind, record.disclosure, record.organisation_id, named, record.is_published)
        return replace(made, **more)

    def _public_need(self) -> Any:
        return self.base.public(self.tx, "need", self.what.on)

    def _pledge(self, need: Any, on: Thing | None = None) -> Thing:
        accepted = self.make_any.now if self.what.is_accepted else None
        tier = {"disclosure": "public"} if on else {"disclosure": self.what.tier, "named": self._named()}
        values = {"ref": REFS["pledge"], "accepted_at": accepted, "conditions": self.what.canary, **tier}
        pledge = self.make_any.pledge(need, self._owner("pledge"), **values)
        self._relate(pledge)
        return self.thing("pledge", pledge, recipient=need.organisation_id, on=on)

    def _nomination(self) -> Thing:
        session = self.base.public(self.tx, "course", self.what.on).sessions[0]
        values = {"ref": REFS["nomination"], "name": self.what.title, "motivation": self.what.canary, "rank": 900}
        made = self.make_any.nomination(session, self._owner("nomination"), **values)
        return self.thing("nomination", made, recipient=made.centre_id)

    def _clarification(self, record: Any, on: Thing | None = None) -> Thing:
        """A question that waits on a public record, or was answered on a hidden one."""
        keys = [key for key in OWNERS["clarification"] if self.base.numbers[key] != record.organisation_id]
        asker = self.base.organisation(self.tx, keys[self.what.owner % len(keys)])
        words = {"ref": REFS["clarification"], "question": f"Is it {self.what.title}?"}
        words |= {"answer": f"It is {self.what.canary}."} if on else {}
        row = self.make_any.clarification(record, asker, **words)
        return Thing(
            "clarification", "public", row.organisation_id, is_posted=on is not None, recipient=asker.id, on=on
        )

    def _thread(self) -> Thing:
        """What the two sides of a public pledge have written."""
        pledge = self.base.public(self.tx, "pledge", self.what.on)
        thread = self.make_any.thread(pledge, ref=REFS["thread"], message_ref=REFS["message"], text=self.what.title)
        return Thing("thread", "own", thread.organisation_id, is_posted=False, recipient=thread.other_id)

    def _sponsorship(self, course: Any, on: Thing | None = None) -> Thing:
        """Seats that somebody pays for: hidden themselves, or to be seen by everybody who may see the course."""
        tier = {"disclosure": "public"} if on else {"disclosure": self.what.tier, "named": self._named()}
        values = {"ref": REFS["sponsorship"], "note": self.what.canary, **tier}
        one = self.make_any.sponsorship(course, self._owner("pledge"), **values)
        return self.thing("sponsorship", one, asked=frozenset({one.centre_id}), on=on)

    def _lesson(self, need: Any) -> Thing:
        about = {"subject_kind": "need", "subject_ref": need.ref}
        owner = self._owner("need")
        lesson = self.make_any.lesson(owner, **{**self._values("lesson"), **about})
        return self.thing("lesson", lesson)

    def _relate(self, record: Any) -> None:
        """Somebody says how it stands to a public programme, on whose page nothing of it may be seen."""
        if record.record_kind not in RELATABLE:
            return
        other = self.base.related(self.tx)
        (first, number), (second, its) = sorted([(record.record_kind, record.id), ("programme", other.id)])
        row = Relation(
            first_kind=first, first_id=number, second_kind=second, second_id=its, kind="same",
            sentence=f"The same as {self.what.canary}.", organisation_id=record.organisation_id,
            declared_at=self.make_any.now, first_version=1, second_version=1,
        )  # fmt: skip
        self.tx.add(row)
        self.tx.flush()
        outbox.tell(self.tx, RelationDeclared(row.id), self.make_any.now)
        self._say_of_lesson(record)

    def _say_of_lesson(self, record: Any) -> None:
        """Its author says to a public lesson that it does not apply, and is asked what there was to learn."""
        values = {"organisation_id": record.organisation_id, "answered_at": self.make_any.now}
        lesson = self.base.public(self.tx, "lesson", self.what.on)
        answer = LessonAnswer(
            lesson_id=lesson.id, of_kind=record.record_kind, of_ref=record.ref, says="not_applicable",
            reason=f"Since {self.what.canary} is there.", lesson_version=1, **values,
        )  # fmt: skip
        self.tx.add(answer)
        if record.record_kind != "pledge":
            kind, ref = record.record_kind, record.ref
            wanted = Wanted(record.organisation_id, kind, ref, kind, ref, "recipient", record.disclosure)
            ask_for(self.tx, [wanted], self.make_any.now)
        self.tx.flush()

    def _import(self) -> Thing:
        owner = self._owner("import")
        add_import(self.tx, owner, self.make_any.now, self.what.canary, ref=REFS["import"])
        return Thing("import", "own", owner.id)

    def _job(self) -> Thing:
        """Of a person who is none of the readers."""
        add_job(self.tx, self.base.worker, self.make_any.now, self.what.canary, ref=REFS["job"])
        return Thing("job", "own")

    def _regional_report(self) -> Thing:
        """Signed for members, or, where it is the desk's own, a draft."""
        owner, is_draft = self._owner("regional_report"), self.what.tier == "own"
        signed = {} if is_draft else {"signed_by": self.base.worker, "disclosure": "members"}
        values = {"ref": REFS["regional_report"], **signed}
        report = add_regional(self.tx, owner, self.make_any.now, self.what.canary, **values)
        return self.thing("regional_report", report)

    def _unposted(self, *, is_waiting: bool) -> Thing:
        status = "awaiting_review" if is_waiting else "draft"
        values = {**self._values("need"), "is_published": False, "status": status, "posted_at": None}
        need = self.make_any.need(self._owner("need"), **values)
        for action in ("need.submitted", *(() if is_waiting else ("need.returned",))):
            audit.record_event(self.tx, SYSTEM, action, need, self.make_any.now)
        if not is_waiting:
            return self.thing("need", need)
        office = self.base.numbers["office"]
        self.tx.add(Passing(need_id=need.id, organisation_id=office, kind="review", asked_at=self.make_any.now))
        outbox.tell(self.tx, NeedPassing(need.id), self.make_any.now)
        return self.thing("need", need, asked=frozenset({office}))

    def _organisation(self) -> Thing:
        made = self.make_any.world.organisation(
            "donor" if self.what.owner % 2 else "state", self.what.tier, "SN", ref=REFS["organisation"],
            name=f"{self.what.canary.capitalize()} authority", about=self.what.title, email_domain="hidden.example",
            applicant_name="Applicant", applicant_email="applicant@hidden.example",
        )  # fmt: skip
        outbox.tell(self.tx, OrganisationApplied(made.id), self.make_any.now)
        return Thing("organisation", "own", made.id, status=made.status)


def attach(base: Any, tx: Any, need: Any, word: str) -> None:
    """Hang a file on a need."""
    content = f"what nobody else is to read: {word}\n".encode()
    digest = store_file(base.site.files, content)
    file = Attachment(
        ref=REFS["file"], record_kind="need", record_ref=need.ref, organisation_id=need.organisation_id,
        name=f"{word}.txt", size=len(content), sha256=digest, uploaded_by=None,
        uploaded_at=base.site.clock.now() - timedelta(hours=1),
    )  # fmt: skip
    tx.add(file)
    tx.flush()
    # Its text was read, as the worker does where anybody may be found by it.
    file.text_state = "read"
    tx.add(FileText(attachment_id=file.id, text=f"{word} laboratory of {word}ium, what nobody else is to read"))
    tx.flush()
