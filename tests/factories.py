"""Organisations, people and records with believable values, so that a test says only what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any

from app.accounts import passwords
from app.accounts.models import Account, Membership, SecondStep
from app.accounts.proof.seal import Seal
from app.accounts.queries import actor_of
from app.accounts.rules import asks_for_second_step
from app.conversations.clarifications import rules as questions
from app.conversations.clarifications.models import Answer, Clarification
from app.conversations.messages.models import Message, Thread
from app.conversations.messages.rules import key_of_match, key_of_pledge
from app.coordination.models import ActionPoint, AgendaItem, Meeting
from app.courses.models import Course, CourseSession
from app.foundation.db import Tx
from app.foundation.disclosure import name_audience
from app.foundation.messages import msg
from app.foundation.permissions import Actor
from app.lessons.models import Lesson, Output, Review
from app.needs.limits.models import Limit
from app.needs.models import Need, NeedIndicator, NeedLine
from app.nominations.models import Nomination
from app.nominations.sponsors.models import SeatSponsorship
from app.organisations.models import Organisation
from app.pledges.models import Pledge, PledgeLine
from app.programmes.models import Programme, ProgrammeOffer

PASSWORD = "baobab-harbour-lantern"
NAMES = {
    "state": "Office central de lutte contre les stupéfiants",
    "donor": "Nordland Agency for Justice Cooperation",
    "centre": "Centre régional de formation judiciaire",
    "regional": "Regional Organisation for Security Cooperation",
    "ngo": "Alliance pour la prévention",
    "secretariat": "Counterpart Secretariat",
}
IATI_TYPES = {"state": "10", "donor": "10", "centre": "80", "regional": "40", "ngo": "22", "secretariat": "40"}
COUNTRIES = {"state": "SN", "donor": "NO", "centre": "SN", "ngo": "SN"}
PEOPLE = ("Aminata Diallo", "João Tavares", "Ingrid Solberg", "Kwame Mensah", "Lucía Paredes", "Émile Ouédraogo")

SECRET_KEY = "a secret that only the tests know, and know well"
APP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

Lines = Iterable[Mapping[str, Any]]


@cache
def kept_password() -> str:
    """The one password of all invented people as it is kept; hashing is slow, and meant to be."""
    return passwords.hash_password(PASSWORD)


@cache
def kept_secret() -> bytes:
    """The secret of everybody's authenticator app as it is kept."""
    return Seal(SECRET_KEY).seal(APP_SECRET)


class World:
    """Makes rows in the test's own transaction. Further arguments are columns of the record, by their names.

    `themes`, `countries`, `kinds`, `languages`, `instruments` and `groupings` are code lists; `named` are the
    organisations that a record of tier `named` is shown to. Records are published unless told otherwise.
    """

    def __init__(self, tx: Tx, now: datetime) -> None:
        self.tx = tx
        self.now = now
        self.numbers = count(1)

    # --- organisations and people ---

    def organisation(
        self, kind: str = "state", status: str = "trusted", country: str | None = "", **kw: Any
    ) -> Organisation:
        """An organisation; trusted, and a State's authority in Senegal, unless told otherwise."""
        number = next(self.numbers)
        kw.setdefault("name", f"{NAMES.get(kind, kind)} {number}")
        kw.setdefault("iati_type", IATI_TYPES.get(kind, ""))
        kw.setdefault("email_domain", f"org{number}.example")
        kw.setdefault("language", "fr" if kind in {"state", "centre"} else "en")
        if kind == "regional":
            kw.setdefault("grouping", "ECOWAS")
        seat = COUNTRIES.get(kind) if country == "" else country
        return self._keep(Organisation(kind=kind, status=status, country=seat, **self._stamps(kw)))

    def account(self, organisation: Organisation | None = None, role: str = "editor", **kw: Any) -> Account:
        """A person, with a role in the organisation if one is given. The password is `PASSWORD`."""
        number = next(self.numbers)
        kw.setdefault("email", f"person{number}@{organisation.email_domain if organisation else 'nowhere.example'}")
        kw.setdefault("name", PEOPLE[number % len(PEOPLE)])
        kw.setdefault("stamp", f"stamp-{number}")
        kw.setdefault("password_hash", kept_password())
        account = self._keep(Account(**self._stamps(kw)))
        if organisation is not None:
            self.membership(account, organisation, role)
            if asks_for_second_step(organisation.kind, role):
                self.second_step(account)
        return account

    def second_step(self, account: Account) -> SecondStep:
        """An authenticator app of this person, with the secret that all invented people share: `APP_SECRET`."""
        account.second_step_since = self.now
        app = SecondStep(account_id=account.id, kind="app", name="Telephone", secret=kept_secret(), created_at=self.now)
        return self._keep(app)

    def membership(self, account: Account, organisation: Organisation, role: str = "editor") -> Membership:
        """A further place of a person."""
        return self._keep(Membership(account=account, organisation=organisation, role=role, created_at=self.now))

    def actor(self, account: Account) -> Actor:
        """The person as one who acts, with the memberships of this moment."""
        self.tx.flush()
        self.tx.refresh(account, ["memberships"])
        return actor_of(account)

    def somebody(self, kind: str = "state", role: str = "editor", status: str = "trusted", **kw: Any) -> Actor:
        """A person of a new organisation of this kind, as one who acts."""
        return self.actor(self.account(self.organisation(kind, status, **kw), role))

    # --- records ---

    def need(
        self, organisation: Organisation, *, lines: Lines | None = None, indicators: Lines = (), **kw: Any
    ) -> Need:
        """A posted need for training in financial investigation, of one line unless `lines` says otherwise."""
        kw = self._shown(organisation, {"title": "Former des magistrats à l'enquête financière"} | kw)
        kw.setdefault("problem", "Les enquêtes s'arrêtent à la saisie : les avoirs ne sont ni suivis ni confisqués.")
        kw.setdefault("summary", "Vingt magistrats formés au suivi des avoirs criminels.")
        kw.setdefault("verify_by", date(2027, 5, 23))
        codes = self._codes(
            kw, theme="themes", country="countries", kind="kinds", language="languages", instrument="instruments"
        )
        need = Need(organisation=organisation, **kw)
        for position, line in enumerate(lines if lines is not None else [{}], start=1):
            need.lines.append(need_line(position, **line))
        for position, indicator in enumerate(indicators, start=1):
            need.indicators.append(NeedIndicator(**{"position": position, "name": "Saisies suivies", **indicator}))
        defaults = {"theme": ["asset_recovery"], "country": [organisation.country or "SN"], "language": ["fr"]}
        defaults["kind"] = sorted({line.kind for line in need.lines})
        return self._tagged(need, defaults, codes)

    def programme(self, organisation: Organisation, *, offers: Lines | None = None, **kw: Any) -> Programme:
        """A programme in implementation that accepts requests for training, of one offer unless told otherwise."""
        kw = self._shown(organisation, {"title": "Asset recovery training for West Africa"} | kw, status="2")
        kw.setdefault("language", "en")
        kw.setdefault("accepting", "yes")
        kw.setdefault("description", "Courses and mentoring for investigators, prosecutors and judges.")
        kw.setdefault("starts_on", date(2026, 1, 1))
        kw.setdefault("ends_on", date(2028, 12, 31))
        kw.setdefault("verify_by", date(2027, 5, 23))
        places = {"country": "countries", "grouping": "groupings", "region": "regions"}
        codes = self._codes(kw, theme="themes", kind="kinds", language="languages", sector="sectors", **places)
        programme = Programme(organisation=organisation, **kw)
        for position, offer in enumerate(offers if offers is not None else [{}], start=1):
            given = {"kind": "training", "quantity": Decimal(60), "unit": "participants", **offer}
            programme.offers.append(ProgrammeOffer(**{"position": position, **given}))
        defaults = {"theme": ["asset_recovery"], "country": ["SN"], "language": ["fr", "en"]}
        defaults["kind"] = sorted({offer.kind for offer in programme.offers})
        return self._tagged(programme, defaults, codes)

    def course(self, organisation: Organisation, *, sessions: Lines = (), **kw: Any) -> Course:
        """A course in a centre's catalogue, without dates unless `sessions` gives some."""
        kw = self._shown(organisation, {"title": "Enquête patrimoniale et confiscation"} | kw)
        kw.setdefault("code", f"EPC-{next(self.numbers)}")
        kw.setdefault("description", "Cinq jours de cas pratiques pour enquêteurs et magistrats.")
        kw.setdefault("hours", 35)
        kw.setdefault("verify_by", date(2027, 5, 23))
        codes = self._codes(kw, theme="themes", country="countries", grouping="groupings", language="languages")
        course = Course(organisation=organisation, **kw)
        self._tagged(course, {"theme": ["asset_recovery"], "grouping": ["ECOWAS"], "language": ["fr"]}, codes)
        for session in sessions:
            self.course_session(course, **session)
        return course

    def course_session(self, course: Course, **kw: Any) -> CourseSession:
        """A dated run of the course: five days in Dakar in March 2027, twenty seats."""
        kw.setdefault("starts_on", date(2027, 3, 8))
        kw.setdefault("ends_on", date(2027, 3, 12))
        kw.setdefault("register_by", date(2027, 2, 1))
        kw.setdefault("time_zone", "Africa/Dakar")
        kw.setdefault("place", "Dakar")
        kw.setdefault("country", "SN")
        kw.setdefault("seats", 20)
        kw.setdefault("languages", ["fr"])
        return self._keep(CourseSession(course=course, **self._stamps(kw)))

    def nomination(self, session: CourseSession, organisation: Organisation, **kw: Any) -> Nomination:
        """A candidate for a session, whom the centre has not decided on yet."""
        number = next(self.numbers)
        kw.setdefault("name", PEOPLE[number % len(PEOPLE)])
        kw.setdefault("email", f"candidate{number}@{organisation.email_domain or 'nowhere.example'}")
        kw.setdefault("rank", number)
        kw.setdefault("candidate_key", kw["email"])
        places = {"course_id": session.course_id, "centre_id": session.organisation_id, "disclosure": "own"}
        return self._keep(Nomination(organisation=organisation, session=session, **places, **self._stamps(kw)))

    def lesson(self, organisation: Organisation, **kw: Any) -> Lesson:
        """A validated lesson on judges who were posted elsewhere after a course."""
        kw = self._shown(organisation, {"title": "Former les suppléants avec les titulaires"} | kw, status="validated")
        kw.setdefault("context", "Les magistrats changent de poste tous les deux ans.")
        kw.setdefault("action", "Seuls les titulaires ont été formés.")
        kw.setdefault("result", "Un an plus tard, un magistrat formé sur trois était encore en poste.")
        kw.setdefault("cause", "Le mouvement annuel n'avait pas été demandé.")
        kw.setdefault("instruction", "Formez titulaire et suppléant ensemble.")
        codes = self._codes(kw, theme="themes", kind="kinds", country="countries", audience="audiences")
        return self._tagged(
            Lesson(organisation=organisation, **kw),
            {"theme": ["asset_recovery"], "kind": ["training"], "country": ["SN"]},
            codes,
        )

    def review(self, lesson: Lesson, reviewer: Actor) -> Review:
        """Somebody who was asked to review a lesson."""
        lesson.review = Review(
            account_id=reviewer.account_id, organisation_id=reviewer.memberships[0].organisation_id, asked_at=self.now
        )
        self.tx.flush()
        return lesson.review

    def output(self, organisation: Organisation, **kw: Any) -> Output:
        """A manual that others may use again."""
        kw = self._shown(organisation, {"title": "Manuel de saisie et de confiscation"} | kw)
        kw.setdefault("kind", "manual")
        kw.setdefault("description", "Cent pages, avec modèles d'actes.")
        kw.setdefault("licence", "CC-BY-4.0")
        codes = self._codes(kw, theme="themes", country="countries")
        return self._tagged(
            Output(organisation=organisation, **kw), {"theme": ["asset_recovery"], "country": ["SN"]}, codes
        )

    def pledge(self, need: Need, organisation: Organisation, *, lines: Lines | None = None, **kw: Any) -> Pledge:
        """A pledge of five units of the need's first line; `lines` gives others (`need_line_id`, `quantity`)."""
        kw = self._shown(None, kw, status="pledged")
        codes = self._codes(kw)
        pledge = Pledge(
            organisation=organisation,
            need_id=need.id,
            need_ref=need.ref,
            need_organisation_id=need.organisation_id,
            **kw,
        )
        for line in lines if lines is not None else [{"need_line_id": need.lines[0].id, "quantity": Decimal(5)}]:
            pledge.lines.append(PledgeLine(**line))
        return self._tagged(pledge, {}, codes)

    def meeting(self, organisation: Organisation, *, invited: Iterable[Organisation] = (), **kw: Any) -> Meeting:
        """A planned meeting of the mini-Dublin group on Senegal next March; those invited may see it in any tier."""
        kw = self._shown(organisation, {"title": "Mini-Dublin group, Dakar"} | kw, status="planned")
        kw.setdefault("country", "SN")
        kw.setdefault("forum", "mini_dublin")
        kw.setdefault("held_on", date(2027, 3, 2))
        kw.setdefault("place", "Dakar")
        kw.setdefault("field_disclosure", {"minutes": "named", "link": "named"})
        named = kw.pop("named", ())
        meeting = self._keep(Meeting(organisation=organisation, **kw))
        name_audience(self.tx, meeting, [one.id for one in (*invited, *named)])
        return self._keep(meeting)

    def agenda_item(self, meeting: Meeting, *records: Any, **kw: Any) -> AgendaItem:
        """An item on the agenda: a gap that rests on these records, or in somebody's own words where there are none."""
        kw.setdefault("kind", "gap" if records else "free")
        kw.setdefault("text", "" if records else "Who trains whom this year")
        kw.setdefault("theme", "asset_recovery" if records else "")
        kw.setdefault("why", [msg("Something is asked, and nobody is there.").as_json()] if records else [])
        kw.setdefault("position", next(self.numbers))
        parts = [[record.record_kind, record.ref] for record in records]
        return self._keep(AgendaItem(meeting_id=meeting.id, records=parts, noted_on=self.now.date(), **kw))

    def action_point(self, meeting: Meeting, organisation: Organisation, *records: Any, **kw: Any) -> ActionPoint:
        """Something that the organisation owes by the end of March, about these records."""
        kw.setdefault("text", "Send the list of trained judges")
        kw.setdefault("due_on", date(2027, 3, 31))
        parts = [[record.record_kind, record.ref] for record in records]
        owed = {"meeting_id": meeting.id, "organisation_id": organisation.id, "records": parts}
        return self._keep(ActionPoint(**self._stamps({**owed, **kw})))

    def limit(self, organisation: Organisation, **kw: Any) -> Limit:
        """A limit of two providers at once in the State's country, from January 2026 on, unless told otherwise."""
        kw = self._shown(organisation, kw, status="standing")
        named = kw.pop("named", ())
        kw.setdefault("country", organisation.country or "SN")
        kw.setdefault("measure", "providers")
        kw.setdefault("most", 2)
        kw.setdefault("starts_on", date(2026, 1, 1))
        kw.setdefault("reason", "Deux conseillers seulement peuvent accompagner les projets.")
        limit = self._keep(Limit(organisation=organisation, **kw))
        if named:
            name_audience(self.tx, limit, [one.id for one in named])
        return limit

    def sponsorship(self, session: CourseSession, organisation: Organisation, **kw: Any) -> SeatSponsorship:
        """One seat of the session that the organisation pays for people of Senegal; accepted, unless told otherwise."""
        course = session.course
        kw = self._shown(None, {"disclosure": course.disclosure} | kw, status="accepted")
        kw.pop("posted_at")
        kw = {"seats": 1, "countries": ["SN"], "pays": ["travel"]} | kw
        places = {"course_id": course.id, "centre_id": course.organisation_id}
        named = kw.pop("named", ())
        one = self._keep(SeatSponsorship(organisation=organisation, session=session, **places, **kw))
        if named:
            name_audience(self.tx, one, [each.id for each in named])
        return one

    def clarification(self, record: Any, asker: Organisation, **kw: Any) -> Clarification:
        """A question on a need, a programme or a course, which waits; with `answer` it is answered."""
        clock, answer = questions.clock_from(self.now), kw.pop("answer", "")
        account_id = kw.pop("asked_by", None)
        about = {"about_kind": record.record_kind, "about_id": record.id, "about_ref": record.ref}
        seal = {"salt": "salt", "seal": questions.seal("salt", asker.id, account_id), "asked_by": account_id}
        words = {"question": f"How many days does it take ({next(self.numbers)})?", "language": "en"}
        times = {"asked_at": self.now, "remind_at": clock.remind_at, "due_at": clock.due_at}
        state = {"status": "answered", "is_published": True, "answered_at": self.now} if answer else {}
        values = {**self._stamps({}), **about, **seal, **words, **times, **state, "about_version": record.version} | kw
        values.setdefault("fingerprint", questions.fingerprint(values["question"]))
        row = self._keep(Clarification(organisation_id=record.organisation_id, asker_id=asker.id, **values))
        if answer:
            given = {"language": row.language, "about_version": record.version, "answered_at": self.now}
            row.answers.append(Answer(number=1, text=answer, **given))
            self.tx.flush()
        return row

    def thread(self, need: Need, about: Any, **kw: Any) -> Thread:
        """What the two sides of a pledge, or of a need and an offer, have written: one message of the need's side."""
        text, by, ref = kw.pop("text", "Good day."), kw.pop("sent_by", None), kw.pop("message_ref", None)
        if about.record_kind == "pledge":
            its = {"about": "pledge", "about_key": key_of_pledge(about.id), "pledge_id": about.id}
        else:
            key = key_of_match(need.id, about.record_kind, about.id)
            its = {"about": "match", "about_key": key, "offer_kind": about.record_kind, "offer_id": about.id}
        sides = {"organisation_id": need.organisation_id, "other_id": about.organisation_id, "need_id": need.id}
        times = {"begun_at": self.now, "last_at": self.now, "disclosure": "own"}
        thread = self._keep(Thread(**its, **sides, **times, **kw))
        said = {"text": text, "language": "en", "sent_by": by, "sent_at": self.now} | ({"ref": ref} if ref else {})
        self._keep(Message(thread_id=thread.id, organisation_id=need.organisation_id, **said))
        return thread

    # --- what all of them share ---

    def _stamps(self, kw: dict[str, Any]) -> dict[str, Any]:
        return {"created_at": self.now, "changed_at": self.now} | kw

    def _shown(self, organisation: Organisation | None, kw: dict[str, Any], status: str = "posted") -> dict[str, Any]:
        tier = "named" if kw.get("named") else "public"
        language = {"language": organisation.language} if organisation else {}
        shown = {"status": status, "disclosure": tier, "is_published": True, "posted_at": self.now}
        return self._stamps(shown | language | kw)

    def _codes(self, kw: dict[str, Any], **facets: str) -> dict[str, Any]:
        given = {facet: kw.pop(argument) for facet, argument in facets.items() if argument in kw}
        return given | {"named": kw.pop("named", ())}

    def _tagged(self, record: Any, defaults: dict[str, list[str]], codes: dict[str, Any]) -> Any:
        named = [organisation.id for organisation in codes.pop("named")]
        for facet, values in {**defaults, **codes}.items():
            record.set_codes(facet, values)
        self._keep(record)
        if named:
            name_audience(self.tx, record, named)
        return self._keep(record)

    def _keep(self, row: Any) -> Any:
        self.tx.add(row)
        self.tx.flush()
        return row


def need_line(position: int = 1, **kw: Any) -> NeedLine:
    """A line that asks for the training of twenty judges."""
    return NeedLine(**{"position": position, "kind": "training", "quantity": Decimal(20), "unit": "judges", **kw})
