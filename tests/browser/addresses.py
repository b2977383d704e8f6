"""Which pages there are: every address that the site publishes, looked at by each kind of reader that it is for.

Nothing here names a record. Addresses come from the site's own table of routes, and what stands in their variable
parts is looked up in the demonstration: the fullest need of an official, a pledge of a donor to it, and so on.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from app.accounts.links.service import _signer
from app.config import Settings
from app.foundation.permissions import Permission
from app.foundation.web import GUARDS
from app.nominations.evaluations.links import word_for as evaluation_word
from app.nominations.links import seat_token
from app.notifications.alerts.links import stop_word
from app.notifications.links.service import token_for as mail_word
from app.upkeep.asking.links import word_for as asking_word
from tests.browser import pseudo
from tests.browser.scene import NEWCOMER
from tests.factories import APP_SECRET, PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from werkzeug.routing import Rule

    from tests.running import RunningSite

# What a machine reads, what leads elsewhere, and files.
NO_PAGES = frozenset(
    {
        "static", "health.live", "health.ready", "language.choose", "needs.file", "overview.other_names",
        "world.file", "who.file", "flows.file", "timeline.file", "pledges.file", "courses.calendar_file",
        "courses.session_file", "meetings.calendar", "messages.file",
        "operation.metrics",
        # It follows a password alone, and leads back to it otherwise.
        "accounts.second_step",
        # Files, and a page that follows one that was sent.
        "nominations.certificate", "nominations.own_certificate", "nominations.sheet_template",
        "nominations.sheet_export", "nominations.sheet_rows",
        "upkeep.clocks_file", "upkeep.response_times_file",
        "workbooks.file", "workbooks.rows",
        "tables.needs", "tables.programmes", "tables.courses", "tables.sessions", "tables.outputs",
        "tables.organisations", "tables.pledges", "tables.matches", "tables.finds",
        "lessons.file", "lessons.table", "lessons.brief", "lessons.theme_brief",
        # It leads to the page of the same link.
        "mail_links.ask_to_stop",
        "open_data.activities", "open_data.organisations", "open_data.of_organisation", "open_data.organisation",
        "open_data.programme",
        # It has to be told which cell.
        "radar.cell",
        "courses.file", "programmes.file", "imports.problems", "jobs.file", "jobs.progress", "reports.note_file",
        "reports.regional_file", "dictionary.file", "sitemap.part", "sitemap.index", "sitemap.robots", "sitemap.icon",
        "feeds.country", "feeds.search", "feeds.theme",
        "three_w.country", "three_w.everything", "three_w.seen", "three_w_in.template",
        # It follows a file that was sent.
        "three_w_in.rows",
    }
)  # fmt: skip
# What answers machines alone.
NO_AREAS = frozenset({"api"})
OPEN_TO_ALL = frozenset({Permission.PUBLIC_READ, Permission.ORGANISATION_APPLY})

# By the first part of an endpoint: who works with such pages, and where the variable parts of addresses come from.
WORKERS = {
    "needs": "official", "lessons": "official", "outputs": "official", "desk": "official", "notifications": "official",
    "accounts": "official", "programmes": "donor", "pledges": "donor", "courses": "centre", "organisations": "office",
    "record": "office", "feedback": "office", "searches": "official", "meetings": "official",
    "limits": "official", "alerts": "follower", "relations": "donor", "guard": "donor", "nominations": "centre",
    "sponsors": "donor", "upkeep": "office", "clarifications": "official", "messages": "talker",
    "advice": "official", "workbooks": "official", "closing": "asked", "subscriptions": "official",
    "operation": "office", "imports": "donor", "jobs": "official", "reports": "head", "api_pages": "official",
}  # fmt: skip
OWN_WORKERS = {
    "nominations.new": "official", "nominations.amend": "official", "nominations.rank": "official",
    "nominations.sheet": "official", "lessons.queue": "office",
    "organisations.passing": "official", "reports.new": "donor", "three_w_in.new": "donor",
}  # fmt: skip
# Pages that show different things to further people.
FURTHER = {
    "needs.page": ("donor",),
    "nominations.of_session": ("official",),
    "needs.index": ("official",),
    "jobs.index": ("newcomer",),
    "imports.index": ("office",),
    "workbooks.index": ("newcomer",),
    "reports.index": ("head", "official"),
    "reports.regional": ("head",),
    "pledges.page": ("official",),
    "desk.index": ("donor", "centre", "office", "newcomer", "applicant"),
    "home.index": ("official", "newcomer"),
    "lessons.page": ("office",),
    "flows.index": ("donor",),
    "overview.index": ("official",),
    "search.index": ("official",),
    "searches.index": ("newcomer",),
    "timeline.index": ("official",),
}

PEOPLE = {
    # The focal point of a State whose needs have most pledges.
    "official": """
        select a.email, m.organisation_id, o.ref as organisation, o.country from accounts a
        join memberships m on m.account_id = a.id and m.role = 'focal_point'
        join organisations o on o.id = m.organisation_id and o.kind = 'state' and o.status in ('verified', 'trusted')
        where a.email != :newcomer
        order by (select count(*) from pledges p where p.need_organisation_id = o.id
                  and p.need_id in (select need_id from need_indicators)) desc, a.email limit 1""",
    "donor": """
        select a.email, m.organisation_id from accounts a join memberships m on m.account_id = a.id
        join organisations o on o.id = m.organisation_id and o.kind = 'donor'
        order by (select count(*) from pledges p where p.organisation_id = o.id
                  and p.need_organisation_id = :official) desc, a.email limit 1""",
    "centre": """
        select a.email, m.organisation_id from accounts a join memberships m on m.account_id = a.id
        join courses c on c.organisation_id = m.organisation_id join course_sessions s on s.course_id = c.id
        group by a.email order by count(*) desc, a.email limit 1""",
    "office": """
        select a.email, m.organisation_id from accounts a join memberships m on m.account_id = a.id
        join organisations o on o.id = m.organisation_id and o.kind = 'secretariat' order by a.email limit 1""",
    # The focal point of a desk of a region, who signs its reports.
    "head": """
        select a.email, m.organisation_id from accounts a
        join memberships m on m.account_id = a.id and m.role = 'focal_point'
        join organisations o on o.id = m.organisation_id and o.kind = 'regional' and o.grouping != ''
        order by a.email limit 1""",
    "member": """
        select a.email, m.organisation_id from accounts a
        join memberships m on m.account_id = a.id and m.role = 'member' order by a.email limit 1""",
    "applicant": """
        select a.email, m.organisation_id from accounts a join memberships m on m.account_id = a.id
        join organisations o on o.id = m.organisation_id and o.status = 'applied' order by a.email limit 1""",
    # Who is asked for a lesson, since something of theirs has ended.
    "asked": """
        select a.email, m.organisation_id from accounts a
        join memberships m on m.account_id = a.id and m.role = 'editor'
        join lesson_requests r on r.organisation_id = m.organisation_id where r.status = 'asked'
        order by r.id, a.email limit 1""",
    # Who follows a search, and who has written on a pledge or a match as its other side.
    "follower": """
        select a.email, m.organisation_id from saved_searches s join accounts a on a.id = s.account_id
        join memberships m on m.account_id = a.id order by s.id limit 1""",
    "talker": """
        select a.email, m.organisation_id from threads t join memberships m on m.organisation_id = t.other_id
        and m.role = 'editor' join accounts a on a.id = m.account_id
        order by t.pledge_id is null, t.id, a.email limit 1""",
    "newcomer": """
        select a.email, m.organisation_id from accounts a join memberships m on m.account_id = a.id
        where a.email = :newcomer""",
}  # fmt: skip

PARTS = {
    "workbooks": "select 'needs' as kind",
    "api_pages": "select 'needs' as name",
    "jobs": "select ref from jobs where state = 'running' order by id limit 1",
    "imports": """
        select f.ref, r.id as number from file_imports f join import_rows r on r.import_id = f.id
        where f.organisation_id = :donor and r.outcome = 'changed' order by r.id limit 1""",
    "reports": "select ref from regional_reports where organisation_id = :head and status = 'draft' limit 1",
    "reports.made": "select ref from made_reports where kind = 'region' order by id limit 1",
    "reports.note": "select ref from needs where organisation_id = :official and status = 'posted' limit 1",
    "reports.regional": """
        select ref from regional_reports where organisation_id = :head and status = 'signed' order by id limit 1""",
    "needs": """
        select n.ref, i.ref as iref from needs n join need_indicators i on i.need_id = n.id
        where n.organisation_id = :official and n.status = 'posted' and n.disclosure = 'public'
        order by (select count(*) from pledges p where p.need_id = n.id) desc,
                 (select count(*) from need_lines l where l.need_id = n.id) desc, n.ref limit 1""",
    "matching": """
        select n.ref, m.offer_kind as kind, p.ref as offer_ref from matches m join needs n on n.id = m.need_id
        join programmes p on p.id = m.offer_id and m.offer_kind = 'programme'
        where n.status = 'posted' and n.disclosure = 'public' order by m.score desc limit 1""",
    "relations": """
        select a.ref as own_ref, b.ref as other_ref from relations r
        join programmes a on a.id = r.first_id and r.first_kind = 'programme'
        join programmes b on b.id = r.second_id and r.second_kind = 'programme'
        order by (select count(distinct kind) from relations s where s.first_id = r.first_id
                  and s.second_id = r.second_id) desc, r.id limit 1""",
    "programmes": """
        select p.ref from programmes p where p.organisation_id = :donor and p.status in ('1', '2')
        order by (select count(*) from programme_offers o where o.programme_id = p.id) desc, p.ref limit 1""",
    "courses": """
        select c.ref, s.ref as session_ref, o.ref as organisation_ref from courses c
        join course_sessions s on s.course_id = c.id join organisations o on o.id = c.organisation_id
        where c.organisation_id = :centre order by length(c.description) desc, c.ref limit 1""",
    "nominations": """
        select c.ref, s.ref as session_ref from nominations n join course_sessions s on s.id = n.session_id
        join courses c on c.id = s.course_id where c.organisation_id = :centre
        order by n.status = 'waitlisted' desc, n.id limit 1""",
    "nominations.checked_certificate": """
        select certificate_code as code from nominations where certificate_code != '' order by id limit 1""",
    "nominations.write_results": """
        select c.ref, s.ref as session_ref from nominations n join course_sessions s on s.id = n.session_id
        join courses c on c.id = s.course_id where c.organisation_id = :centre and n.status = 'passed'
        order by n.id limit 1""",
    "upkeep": """
        select n.ref, 'true' as answer from needs n where n.status = 'posted' and n.disclosure = 'public'
        and not exists (select 1 from need_moments m where m.need_id = n.id and m.what = 'acknowledged')
        order by n.ref limit 1""",
    "accounts.hand_over": """
        select o.ref, a.ref as account from memberships m join accounts a on a.id = m.account_id
        join organisations o on o.id = m.organisation_id where o.id = :official and m.role = 'focal_point'
        order by a.id limit 1""",
    "sponsors.page": "select ref from seat_sponsorships where organisation_id = :donor order by id limit 1",
    "sponsors": """
        select c.ref, s.ref as session_ref from courses c join course_sessions s on s.course_id = c.id
        where c.organisation_id = :centre and s.starts_on > '2027' order by s.starts_on limit 1""",
    "nominations.amend": """
        select n.ref from nominations n join course_sessions s on s.id = n.session_id
        where n.organisation_id = :official and n.status in ('nominated', 'waitlisted', 'approved', 'confirmed')
        and s.starts_on > '2027' and s.status != 'cancelled' order by n.id limit 1""",
    "nominations.rank": """
        select c.ref, s.ref as session_ref from nominations n join course_sessions s on s.id = n.session_id
        join courses c on c.id = s.course_id
        where n.organisation_id = :official and n.status in ('nominated', 'waitlisted', 'approved', 'confirmed')
        and s.starts_on > '2027' and s.status != 'cancelled' group by s.id order by count(*) desc, s.id limit 1""",
    "nominations.page": """
        select ref from nominations where centre_id = :centre and status = 'waitlisted' order by id limit 1""",
    "lessons": """
        select ref from lessons where organisation_id = :official and status = 'validated' order by ref limit 1""",
    "lessons.theme": """
        select t.value as code from lessons l join lesson_tags t on t.record_id = l.id and t.facet = 'theme'
        where l.status = 'validated' and l.disclosure = 'public' group by t.value order by count(*) desc, t.value
        limit 1""",
    "advice": """
        select l.ref, n.ref as record_ref from lesson_answers a join lessons l on l.id = a.lesson_id
        join needs n on n.ref = a.of_ref where a.organisation_id = :official order by a.id limit 1""",
    "closing": """
        select ref from lesson_requests where organisation_id = :asked and status = 'asked' order by id limit 1""",
    "outputs": "select ref from outputs where organisation_id = :official order by ref limit 1",
    "pledges": """
        select p.ref, p.need_ref from pledges p where p.organisation_id = :donor and p.need_organisation_id = :official
        order by p.status = 'pledged' desc, p.ref limit 1""",
    "clarifications": """
        select q.ref from clarifications q where q.organisation_id = :official
        order by q.status = 'waiting' desc, q.due_at, q.ref limit 1""",
    "clarifications.page": """
        select q.ref from clarifications q join needs n on n.id = q.about_id and q.about_kind = 'need'
        where q.status = 'answered' and n.disclosure = 'public' and n.status = 'posted' order by q.id limit 1""",
    "clarifications.about": """
        select n.ref from needs n where n.organisation_id = :official
        order by (select count(*) from clarifications q where q.about_ref = n.ref) desc, n.ref limit 1""",
    "messages": """
        select t.ref, p.ref as pledge_ref, n.ref as need_ref, g.ref as offer_ref from threads t
        join needs n on n.id = t.need_id left join pledges p on p.id = t.pledge_id
        left join programmes g on g.id = t.offer_id
        where t.other_id = :talker order by t.pledge_id is null, t.id limit 1""",
    "messages.on_match": """
        select n.ref as need_ref, p.ref as offer_ref from matches m join needs n on n.id = m.need_id
        join programmes p on p.id = m.offer_id and m.offer_kind = 'programme'
        where p.organisation_id = :talker order by m.score desc limit 1""",
    "messages.on_pledge": """
        select p.ref as pledge_ref from pledges p where p.organisation_id = :talker
        and not exists (select 1 from threads t where t.pledge_id = p.id) order by p.id limit 1""",
    "meetings": """
        select m.ref, p.ref as point_ref from meetings m join action_points p on p.meeting_id = m.id
        where m.organisation_id = :official and m.status = 'planned' and p.status = 'open'
        order by p.due_on limit 1""",
    "overview": """
        select o.country as iso2, t.value as code from organisations o join needs n on n.organisation_id = o.id
        join need_tags t on t.record_id = n.id and t.facet = 'theme' where o.id = :official
        order by t.value limit 1""",
    "alerts": """
        select ref from saved_searches order by id limit 1""",
    "limits": "select ref from absorption_limits where organisation_id = :official order by ref limit 1",
    "needs.passing": """
        select n.ref from passings p join needs n on n.id = p.need_id
        where p.organisation_id = :official and p.decided_at is null limit 1""",
    "organisations": "select ref from organisations where id = :official",
    "accounts": "select ref from organisations where id = :official",
}
VARIABLE = re.compile(r"<(?:[^<>]+:)?(?P<name>\w+)>")
"""A variable part of an address, with its converter."""

# Where people's words are kept.
WORDS = (
    "select name from organisations", "select acronym from organisations", "select name from accounts",
    "select title from needs", "select title from programmes", "select title from courses",
    "select name from nominations", "select post from nominations", "select unit from nominations",
    "select instructors from intakes", "select title from lessons", "select title from outputs",
    "select question from clarifications", "select text from clarification_answers", "select text from messages",
    "select title from meetings", "select place from meetings",
    "select text from agenda_items", "select text from action_points", "select name from need_indicators",
    "select text from lesson_comments", "select sentence from lesson_ties",
    "select code from courses", "select name from attachments", "select place from course_sessions",
    "select description from need_lines", "select name from api_tokens", "select name from workbook_uploads",
    "select title from import_rows", "select identifier from import_rows", "select name from import_parties",
    "select file from import_rows", "select title from regional_reports", "select introduction from regional_reports",
    "select signer_name || ', ' || signer_function from regional_reports", "select signer_place from regional_reports",
    "select name from saved_searches", "select name from past_searches",
)  # fmt: skip


class Cast:
    """The people who look, and the records that they look at, in one running site."""

    def __init__(self, site: RunningSite, token: str = "") -> None:
        self.site = site
        self.token = token

    @cached_property
    def rows(self) -> sqlite3.Connection:
        """The site's database, to be read."""
        path = Settings.from_environment(self.site.environment).database_url.removeprefix("sqlite:///")
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        return connection

    def one(self, query: str, **values: Any) -> dict[str, Any]:
        """The first row of a query that may name people (`:official` is the number of their organisation)."""
        known = {who: person["organisation_id"] for who, person in self.__dict__.get("people", {}).items()}
        row = self.rows.execute(query, {"newcomer": NEWCOMER, **known, **values}).fetchone()
        assert row is not None, f"the demonstration has nothing for: {query}"
        return dict(row)

    @cached_property
    def people(self) -> dict[str, dict[str, Any]]:
        """E-mail and organisation of everybody who looks."""
        found: dict[str, dict[str, Any]] = {}
        for who, query in PEOPLE.items():
            known = {name: person["organisation_id"] for name, person in found.items()}
            found[who] = self.one(query, **{"official": 0, **known})
        return found

    @cached_property
    def tokens(self) -> dict[str, str]:
        """The signed words of links that prove an address, by the endpoint that they lead to."""
        key = Settings.from_environment(self.site.environment).secret_key
        asked = self.rows.execute("select kind, ref from confirmations where used_at is null").fetchall()
        links = {"reset": "accounts.reset", "email": "accounts.confirm_email"}
        found = {links[row["kind"]]: str(_signer(key).dumps([row["kind"], row["ref"]])) for row in asked}
        query = "select ref, seat_given_at from nominations where status = 'approved' order by id limit 1"
        seat = self.one(query)
        given = datetime.fromisoformat(seat["seat_given_at"]).replace(tzinfo=UTC)
        asked = self.one("select ref from evaluations order by id limit 1")
        upkeep = {"upkeep.answer": self._asking(key, ""), "upkeep.answered": self._asking(key, "change")}
        search = self.one("select s.ref, a.ref as owner from saved_searches s join accounts a on a.id = s.account_id")
        further = {**upkeep, "alerts.stop": stop_word(key, search["ref"], search["owner"]),
                   "nominations.answer": seat_token(key, seat["ref"], given),
                   "nominations.evaluate": evaluation_word(key, asked["ref"])}  # fmt: skip
        owner = SimpleNamespace(
            **self.one("select ref, email from accounts where email = :newcomer", newcomer=NEWCOMER)
        )
        mail = mail_word(key, owner, ["matches"], datetime.now(UTC))
        return found | further | {"mail_links.manage": mail}

    def _asking(self, key: str, answer: str) -> str:
        """The signed word of a link that asks the owner of a need, by what was answered."""
        query = """
            select k.ref, k.question, n.ref as record, k.due_on, a.ref as person from askings k
            join needs n on n.id = k.record_id and n.verify_by = k.due_on join accounts a on a.id = k.account_id
            where k.record_kind = 'need' and k.batch != '' and k.answer = :answer
            and not exists (select 1 from askings o where o.record_id = k.record_id and o.account_id = k.account_id
                            and o.answer != :answer) order by k.id limit 1"""
        return asking_word(key, list(self.one(query, answer=answer).values()))

    @cached_property
    def words(self) -> re.Pattern[str]:
        """Finds names and titles that people have given."""
        return pseudo.any_of(row[0] for query in WORDS for row in self.rows.execute(query) if row[0])

    def sign_in_of(self, who: str) -> dict[str, Any]:
        """E-mail and password of one of them."""
        email = self.people[who]["email"]
        known = next((one for one in self.site.accounts if one["email"] == email), None)
        return known or {"email": email, "password": PASSWORD, "totp_secret": APP_SECRET}

    def address(self, rule: Rule) -> str:
        """An address of this route, its variable parts filled from the demonstration."""
        assert self.people
        values = {}
        if rule.arguments:
            area = rule.endpoint.split(".")[0]
            query = PARTS.get(rule.endpoint, PARTS.get(area))
            values = {**(self.one(query) if query else {}), "token": self.tokens.get(rule.endpoint, self.token)}
        return VARIABLE.sub(lambda part: str(values[part["name"]]), rule.rule)


Act = Callable[["Page"], None]


@dataclass(frozen=True)
class Case:
    """A page as one kind of reader sees it; `act` is what has to be done to reach the state that is looked at."""

    name: str
    who: str
    address: Callable[[Cast], str]
    act: Act | None = None
    status: int | None = 200

    @property
    def is_state(self) -> bool:
        """Whether it is a further state of a page; pages themselves are named as their routes are."""
        return " " in self.name

    def __str__(self) -> str:
        return f"{self.name}-{self.who or 'anybody'}"


def pages(rules: list[Rule]) -> list[Case]:
    """Every page with an address, for everybody who has reason to look at it."""
    return [
        Case(rule.endpoint, who, _address(rule))
        for rule in sorted(rules, key=lambda rule: rule.endpoint)
        if "GET" in (rule.methods or ()) and is_page(rule.endpoint) and not unknown_parts(rule)
        for who in readers(rule)
    ]


def is_page(endpoint: str) -> bool:
    """Whether it is for people to look at."""
    return endpoint not in NO_PAGES and endpoint.partition(".")[0] not in NO_AREAS


def _address(rule: Rule) -> Callable[[Cast], str]:
    return lambda cast: cast.address(rule)


def readers(rule: Rule) -> tuple[str, ...]:
    """Who looks at a page: everybody, if it is open to all, and whoever works with it."""
    area, _, view = rule.endpoint.partition(".")
    worker = OWN_WORKERS.get(rule.endpoint, WORKERS.get(area, "official"))
    further = FURTHER.get(rule.endpoint, ())
    if rule.endpoint not in GUARDS or GUARDS[rule.endpoint].permission not in OPEN_TO_ALL:
        return (worker, *further)
    is_record = view == "page" and area in WORKERS
    return tuple(dict.fromkeys(["", *([worker] if is_record else []), *further]))


def unknown_parts(rule: Rule) -> list[str]:
    """Variable parts of the address of which nobody has said where they come from."""
    area = rule.endpoint.split(".")[0]
    known = {"token", *_names(PARTS.get(rule.endpoint, PARTS.get(area, "")))}
    return [f"{rule.endpoint}: <{name}> of {rule.rule}" for name in sorted(rule.arguments) if name not in known]


def _names(query: str) -> list[str]:
    columns = query.partition(" from ")[0].replace("select", "").split(",")
    return [column.split(" as ")[-1].split(".")[-1].strip() for column in columns if column.strip()]
