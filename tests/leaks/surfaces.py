"""What is asked: every surface of the site, with its filters, orders and pages, and the hidden record's own addresses.

The register: a feature that gets a new page says with one line here what is asked of it. A test finds a route that
shows records and is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from werkzeug.routing import MapAdapter

from app.api.operations import OPERATIONS
from app.foundation.web import GUARDS, NOTHING
from tests.leaks.hidden import REFS, RELATABLE, RELATED, Hidden, Refs
from tests.leaks.typed import typed
from tests.leaks.words import CANARIES, COUNTRIES, KINDS, PLAIN, THEMES, misspelt

WORKBOOKS = ("needs", "programmes", "sessions", "contributions")
TOLD = "TOLD"
"""No request at all: what lies in a person's mailbox and on the desk."""


@dataclass(frozen=True)
class Ask:
    """One request, and the surface that it is asked of."""

    surface: str
    method: str
    path: str
    data: tuple[tuple[str, str], ...] = ()


Values = dict[str, str]
Arguments = Callable[[Refs], Iterable[Values]]
Queries = Sequence[tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Entry:
    """How a route is asked: with which arguments in its address, and with which queries behind it."""

    arguments: Arguments
    queries: Queries = ((),)


REGISTER: dict[str, Entry] = {}


def register(endpoint: str, arguments: Arguments | None = None, queries: Queries = ((),)) -> None:
    """Let a route be asked; without arguments it has an address of its own."""
    REGISTER[endpoint] = Entry(arguments or (lambda _refs: [{}]), queries)


def each(kind: str, name: str = "ref") -> Arguments:
    """The route of every record of a kind."""
    return lambda refs: [{name: ref} for ref in refs.of.get(kind, ())]


def sessions(refs: Refs) -> Iterable[Values]:
    """Every session of every course."""
    return [{"ref": course, "session_ref": session} for course, session in refs.sessions]


def sessions_as(*endings: str) -> Arguments:
    """Every session of every course as files with these endings."""
    return lambda refs: [{**one, "ending": ending} for one in sessions(refs) for ending in endings]


def as_files(*endings: str) -> Arguments:
    """A list as a file; the workbook says what the text says."""
    return lambda _refs: [{"ending": ending} for ending in endings or ("csv",)]


def points(refs: Refs) -> Iterable[Values]:
    """Every action point of every meeting."""
    return [{"ref": meeting, "point_ref": point} for meeting, point in refs.points]


def files_on(kind: str) -> Arguments:
    """Every file at the address of its need; at those of some others, where it is not."""

    def values(refs: Refs) -> Iterable[Values]:
        if kind == "need":
            return [{"ref": need, "fref": file} for need, file in refs.files]
        return [{"ref": ref, "fref": file} for ref in refs.of.get(kind, [])[:4] for _need, file in refs.files[:2]]

    return values


def pairs(refs: Refs) -> Iterable[Values]:
    """Every pair of a need and an offer."""
    return [{"ref": need, "kind": kind, "offer_ref": offer} for need, kind, offer in refs.pairs]


def one(name: str, value: str, *more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """A query."""
    return ((name, value), *more)


def sides(refs: Refs) -> Iterable[Values]:
    """Every pair of two records, seen from each."""
    both = [(need, offer) for need, _kind, offer in refs.pairs] + list(refs.related)
    return [{"own_ref": own, "other_ref": other} for pair in both for own, other in (pair, pair[::-1])]


TYPED = (*CANARIES[:4], CANARIES[-3], misspelt(CANARIES[0]), PLAIN[0], f"{PLAIN[1]} {PLAIN[2]}")
FACETS = (
    *(one("theme", code) for code in THEMES), *(one("country", code) for code in COUNTRIES[:4]),
    *(one("kind", code) for code in KINDS),
)  # fmt: skip


def of_list(sorts: Iterable[str], *further: tuple[tuple[str, str], ...]) -> Queries:
    """What a list is asked: plain, words, facets, orders, pages."""
    words = tuple(one("q", word) for word in TYPED)
    orders = tuple(one("sort", sort) for sort in sorts)
    return ((), one("page", "2"), *words, *orders, *FACETS, *further)


SEARCHES: Queries = (
    *of_list(("newest", "deadline")),
    *(one("type", kind) for kind in ("need", "programme", "course", "lesson", "output")),
    *(one("status", value) for value in ("open", "closed", "record", "validated", "submitted")),
    *(one("language", code) for code in ("fr", "en")), one("year", "2027"), one("grouping", "ECOWAS"),
    *(one("q", word, ("sort", "newest")) for word in PLAIN[:4]), one("q", PLAIN[3], ("page", "2")),
    *(one("q", f"{PLAIN[5]} {PLAIN[6]} {PLAIN[7]}", ("theme", code)) for code in THEMES[:3]),
    *(one("q", f'"{word}"') for word in (CANARIES[1], PLAIN[2], f"{PLAIN[8]} {PLAIN[9]}")),
    one("q", f"{CANARIES[2]} {PLAIN[3]} zzqq"), one("q", f"country:SN {PLAIN[4]}"), one("q", "donor:organisation"),
    one("from", "2027", ("to", "2028-06")), one("grouping", "near"), one("q", f"{CANARIES[0]} {CANARIES[3]}"),
    one("q", f"{PLAIN[0]} {misspelt(CANARIES[0])}"),
)  # fmt: skip

register("home.index")
register("home.picture")
register("desk.index")
register("search.index", queries=SEARCHES)
register("searches.index")
register("alerts.new", each("search"))
register("overview.index", queries=((), one("grouping", "ECOWAS"), one("grouping", "all")))
PICTURED: Queries = (
    (), *(one("theme", code) for code in THEMES[:3]), *(one("country", code) for code in COUNTRIES[:3]),
    one("grouping", "ECOWAS"), one("year", "2027"), one("theme", THEMES[0], ("country", COUNTRIES[0])),
    one("currency", "USD", ("figures", "reported")),
)  # fmt: skip
for picture in ("world", "who", "flows"):
    register(f"{picture}.index", queries=PICTURED)
    register(f"{picture}.file", queries=PICTURED)
OVER_TIME = (
    *PICTURED[:-1], *(one("theme", code, ("by", "theme")) for code in THEMES[:2]),
    one("country", COUNTRIES[0], ("from", "2026-Q1")), one("grouping", "ECOWAS", ("page", "2")),
)  # fmt: skip
register("timeline.index", queries=OVER_TIME)
register("timeline.file", queries=OVER_TIME)
register("overview.countries", queries=((), one("q", "sen")))
register("overview.country", lambda _refs: [{"iso2": code} for code in COUNTRIES])
register("overview.themes")
register("overview.theme", lambda _refs: [{"code": code} for code in THEMES])
QUARTERS = ("2026-Q4", "2027-Q1", "2027-Q3")
PLACES = (
    *(one("country", code) for code in COUNTRIES[:4]),
    *(one("theme", code) for code in THEMES),
    one("grouping", "ECOWAS"),
)
register("radar.index", queries=((), one("page", "2"), *PLACES))
register("radar.findings", queries=tuple(
    one("kind", kind, *more) for kind in ("gap", "crowding", "collision") for more in ((), *PLACES)
))  # fmt: skip
register("radar.cell", queries=tuple(
    one("country", country, ("theme", theme), ("quarter", quarter))
    for country in COUNTRIES[:4] for theme in ("", *THEMES[:3]) for quarter in QUARTERS
))  # fmt: skip
register("limits.index", queries=((), *(one("country", code) for code in COUNTRIES)))
register("limits.page", each("limit"))
register("limits.amend", each("limit"))
register("limits.end", each("limit"))
register("limits.new")
register("needs.index", queries=of_list(("deadline", "wanted", "changed"), one("status", "posted")))
register("needs.page", each("need"))
register("needs.history", each("need"))
register("needs.amend", each("need"))
register("needs.end", each("need"))
register("needs.file", files_on("need"))
register("needs.result", lambda refs: [{"ref": need, "iref": row} for need, row in refs.indicators])
register("needs.new", queries=((), one("need", REFS["need"])))
register("needs.passing_list")
register("needs.passing", each("need"))
register("matching.index", each("need"))
register("matching.page", pairs)
register("feedback.quality")
register("relations.page", sides)
register("guard.held")
register("pledges.new", each("need", "need_ref"))
register("pledges.page", each("pledge"))
register("pledges.file", files_on("pledge"))
register("pledges.portfolio", queries=(
    (), *(one("side", side) for side in ("given", "received", "all")), one("state", "pledged"), one("currency", "XOF"),
))  # fmt: skip
register("clarifications.about", lambda refs: [
    *({"ref": ref} for kind in ("need", "programme", "course") for ref in refs.of.get(kind, ())),
    *({"ref": session} for _course, session in refs.sessions),
])  # fmt: skip
register("clarifications.page", each("clarification"))
register("messages.index", queries=((), one("page", "2")))
register("messages.thread", each("thread"))
register(
    "messages.file",
    lambda refs: [{"ref": ref, "fref": file} for ref in refs.of.get("thread", ()) for _n, file in refs.files],
)
register("messages.on_pledge", each("pledge", "pledge_ref"))
register(
    "messages.on_match", lambda refs: [{"need_ref": need, "offer_ref": offer} for need, _kind, offer in refs.pairs]
)
register("programmes.index", queries=of_list(("deadline", "newest", "changed"), one("accepting", "yes")))
register("programmes.page", each("programme"))
register("programmes.file", files_on("programme"))
register("programmes.history", each("programme"))
register("programmes.amend", each("programme"))
register("programmes.close", each("programme"))
register("courses.index", queries=of_list(
    ("newest", "title"), one("dates", "with"), one("dates", "without"), one("type", "course"),
))  # fmt: skip
SESSIONS_BY: Queries = (
    (), *FACETS, one("grouping", "ECOWAS"), one("language", "fr"), one("format", "online"), one("open", "yes"),
    one("theme", THEMES[0], ("country", COUNTRIES[0]), ("lang", "fr")),
)  # fmt: skip
register("courses.calendar", queries=(
    *SESSIONS_BY, *(one("month", f"2027-{month:02}") for month in range(1, 13)), one("month", "2026-12"),
    *(one("view", "list", *more) for more in SESSIONS_BY), one("view", "list", ("page", "2")),
    one("view", "list", ("month", "2027-06")),
))  # fmt: skip
register("courses.calendar_file", queries=SESSIONS_BY)
register("courses.session_file", sessions)
register("courses.programme", each("organisation", "organisation_ref"))
register("courses.page", each("course"))
register("courses.file", files_on("course"))
register("courses.history", each("course"))
register("courses.amend", each("course"))
register("courses.withdraw", each("course"))
register("courses.new_session", each("course"))
register("courses.session_page", sessions)
register("courses.amend_session", sessions)
register("courses.cancel_session", sessions)
register("nominations.index", queries=((), one("page", "2"), *(one("state", state) for state in ("waits", "seat"))))
register("nominations.of_session", sessions)
register("nominations.new", sessions)
register("nominations.intake", sessions)
register("nominations.write_results", sessions)
register("nominations.page", each("nomination"))
register("nominations.amend", each("nomination"))
register("nominations.rank", sessions)
register("sponsors.new", sessions)
register("sponsors.page", each("sponsorship"))
register("seats.index", queries=((), one("page", "2"), one("language", "fr"), *PLACES))
STANDING: Queries = (
    *(one("standing", code) for code in ("best_practice", "contradicted", "uncontradicted")),
    one("status", "submitted"), one("verdict", "failed"), one("criterion", "impact"), one("stage", "delivery"),
    one("evidence", "measured"), one("nature", "developmental"), one("audience", "trainers"),
)  # fmt: skip
register("lessons.index", queries=of_list(("evidence", "newest", "title"), *STANDING))
register("lessons.best_practices", queries=((), one("page", "2")))
register("lessons.theme", lambda _refs: [{"code": code} for code in THEMES], queries=((), one("by", "stage")))
register("lessons.theme_brief", lambda _refs: [{"code": code} for code in THEMES])
register("lessons.table", as_files(), queries=of_list(("title",), *STANDING))
register("workbooks.index")
register("workbooks.page", lambda _refs: [{"kind": kind} for kind in WORKBOOKS])
register("workbooks.file", lambda _refs: [{"kind": kind} for kind in WORKBOOKS])
# Its key is known to nobody but to who has sent it.
register("workbooks.rows", lambda _refs: [])
register("workbooks.save_rows", lambda _refs: [])
FILES_OF_LISTS: Queries = ((), *FACETS[:4], *(one("q", word) for word in TYPED[:3]))
for table in ("needs", "programmes", "courses", "outputs", "organisations", "finds"):
    register(f"tables.{table}", as_files(), queries=FILES_OF_LISTS)
register("tables.sessions", as_files(), queries=((), *FACETS[:4], one("month", "2027-03")))
register("tables.pledges", as_files(), queries=((), one("side", "received"), one("side", "all")))
register("tables.matches", lambda refs: [{"ref": ref, "ending": "csv"} for ref in refs.of.get("need", ())])
register("lessons.brief", queries=(
    (), one("q", CANARIES[0]), one("theme", THEMES[0]), one("standing", "contradicted"),
))  # fmt: skip
register("lessons.file", files_on("lesson"))
register("lessons.new", queries=((), *(one(kind, REFS[kind]) for kind in ("need", "programme", "course"))))
register("lessons.queue")
register("advice.alike", queries=tuple(one("theme", code, ("kind", "training")) for code in THEMES))
register(
    "advice.answer",
    lambda refs: [
        {"ref": lesson, "record_ref": ref}
        for lesson in refs.of.get("lesson", [])[:4]
        for ref in refs.of.get("need", [])[:4]
    ],
)
register("imports.index", queries=((), one("page", "2")))
register("imports.new")
for of_import in ("page", "reporters", "problems"):
    register(f"imports.{of_import}", each("import"))
register("imports.row", lambda refs: [{"ref": ref, "number": "1"} for ref in refs.of.get("import", ())])
register("jobs.index")
register("reports.index")
register("reports.note", each("need"))
register("reports.note_file", lambda refs: [
    {"ref": ref, "form": form} for ref in refs.of.get("need", ()) for form in ("pdf", "docx")
])  # fmt: skip
register("reports.new_regional")
for of_report in ("regional", "amend_regional", "drop_regional", "sign_regional"):
    register(f"reports.{of_report}", each("regional_report"))
# Its files lie on the disk when it is signed, which nothing here is.
register("reports.regional_file", lambda _refs: [])
for of_job in ("page", "progress", "file"):
    register(f"jobs.{of_job}", each("job"))
register("closing.index")
register("closing.tell", lambda _refs: [])
register("lessons.page", each("lesson"))
register("lessons.history", each("lesson"))
register("lessons.amend", each("lesson"))
register("outputs.index", queries=of_list(("title",), one("output_kind", "manual"), one("language", "fr")))
register("outputs.page", each("output"))
register("outputs.amend", each("output"))
register("outputs.new", queries=((), one("need", REFS["need"])))
register("notifications.index", queries=((), one("page", "2")))
register("record.search", queries=(
    (), one("page", "2"), *(one("q", REFS[kind]) for kind in ("need", "programme", "pledge")), one("q", "need"),
))  # fmt: skip
register("meetings.index", queries=((), one("country", "SN"), one("when", "past"), one("when", "coming")))
register("meetings.new", queries=((), one("country", "SN"), one("country", "GH")))
register("meetings.page", each("meeting"))
register("meetings.agenda", each("meeting"))
register("meetings.amend", each("meeting"))
register("meetings.hold", each("meeting"))
register("meetings.cancel", each("meeting"))
register("meetings.new_point", each("meeting"))
register("meetings.close_point", points)
register("meetings.amend_point", points)
register("meetings.reopen_point", points)
register("meetings.calendar", each("meeting"))
register("nominations.sheet", sessions)
register("nominations.sheet_rows", sessions)
register("nominations.sheet_template", sessions_as("xlsx", "csv"))
register("nominations.sheet_export", sessions_as("xlsx", "csv"))
register("nominations.certificate", each("nomination"))
register("organisations.index", queries=(
    (), one("page", "2"), *(one("kind", kind) for kind in ("state", "donor")), one("country", "SN"),
    *(one("q", word) for word in CANARIES[:3]),
))  # fmt: skip
register("organisations.page", each("organisation"))
register("organisations.details", each("organisation"))
register("organisations.merge", each("organisation"))
register("organisations.passing", each("organisation"))
register(
    "upkeep.clocks", queries=((), one("page", "2"), *(one("state", state) for state in ("late", "running", "done")))
)
register("upkeep.clocks_file")
register("upkeep.response_times", queries=tuple(
    one("what", what) for what in ("pledges", "deliveries", "acknowledgements", "nominations")
))  # fmt: skip
register("upkeep.response_times_file")
register("upkeep.orphans")
register("upkeep.acknowledge", each("need"))
register("upkeep.circulate", each("need"))
register("organisations.apply")
register("organisations.queue")
register("open_data.index", queries=((), one("page", "2")))
register("open_data.activities")
register("open_data.organisations")
register("open_data.of_organisation", each("organisation"))
register("open_data.organisation", each("organisation"))
register("open_data.programme", each("programme"))
register("feeds.search", queries=(
    (), *FACETS, one("type", "need"), one("lang", "fr"), one("q", PLAIN[0]), one("q", CANARIES[0]),
    one("q", f'"{PLAIN[2]}"'),
))  # fmt: skip
for name in ("three_w.everything", "three_w.seen"):
    register(name, lambda _refs: [{"ending": "csv"}], queries=(*PICTURED[:-1], one("year", "all")))
register("three_w.country", lambda _refs: [{"iso2": code, "ending": "csv"} for code in COUNTRIES])
register("three_w_in.new")
register("three_w_in.template", lambda _refs: [{"ending": "csv"}])
register("three_w_in.rows")
register("sitemap.index")
register("sitemap.part", lambda _refs: [
    {"name": name} for name in ("pages", *(f"{kind}-1" for kind in ("need", "programme", "course", "lesson", "output")))
])  # fmt: skip
register("feeds.country", lambda _refs: [{"iso2": code} for code in COUNTRIES])
register("feeds.theme", lambda _refs: [{"code": code} for code in THEMES])

LISTS = (
    (), one("limit", "2"), one("q", CANARIES[0]), *(one("theme", code) for code in THEMES[:2]),
    *(one("country", code) for code in COUNTRIES[:2]),
)  # fmt: skip
for listed in ("needs", "programmes", "courses", "lessons", "outputs", "organisations", "pledges", "nominations"):
    kind = listed.removesuffix("s")
    register(f"api.{listed}", queries=LISTS)
    register(f"api.{kind}", each(kind))
for holder in ("need", "programme", "course", "lesson", "pledge"):
    register(f"api.{holder}_files", each(holder))
    for single in ("file", "file_content"):
        register(f"api.{holder}_{single}", files_on(holder))
register("api.threads", queries=((), one("limit", "2")))
for listed in ("thread", "thread_messages"):
    register(f"api.{listed}", each("thread"))
register("api.thread_message", lambda refs: [
    {"ref": ref, "message_ref": REFS["message"]} for ref in refs.of.get("thread", ())
])  # fmt: skip
register("api.thread_file_content", files_on("thread"))
register("api.pledge_messages", each("pledge"))
register("api.match_messages", pairs)
register("api.limits", queries=((), one("limit", "2"), *(one("country", code) for code in COUNTRIES)))
register("api.limit", each("limit"))
register("api.meetings", queries=((), one("limit", "2"), one("when", "coming"), one("country", "SN")))
for met in ("meeting", "meeting_findings", "meeting_table"):
    register(f"api.{met}", each("meeting"))
register("api.point", points)
register("api.points", queries=((), one("limit", "2")))
register("api.sponsorships", queries=((), one("limit", "2")))
register("api.sponsorship", each("sponsorship"))
register("api.session_sponsorships", sessions)
register("api.notices", queries=((), one("limit", "2")))
register("api.clarifications", queries=((), one("limit", "2")))
register("api.clarification", each("clarification"))
for asked in ("need", "programme", "course"):
    register(f"api.{asked}_clarifications", each(asked))
register("api.session_clarifications", sessions)
register("api.pledges_for_need", each("need"))
register("api.matches", each("need"))
register("api.seats", sessions)
register("api.search", queries=SEARCHES)

FIELDS_OF_TEXT = ("title", "summary", "problem", "description")


class Surfaces:
    """Everything that one site can be asked."""

    def __init__(self, app: Flask, refs: Refs) -> None:
        self.app = app
        self.adapter = app.url_map.bind("localhost")
        self.everywhere: tuple[Ask, ...] = (*_gets(self.adapter, refs), *_fragments(), Ask("mails", TOLD, ""))

    def sharp(self, what: Hidden) -> tuple[Ask, ...]:
        """The requests of somebody who has heard of this: its addresses, what may be sent there, and its words."""
        own = self._of_it(what)
        words = (what.canary, what.canary[:5], misspelt(what.canary), what.title)
        # Beside a word that finds something, since near words are offered only where they lead to something.
        beside = f"{PLAIN[0]} {words[2]}"
        return (
            *_gets(self.adapter, own, behind=False),
            *self._posts(own),
            *(Ask("guard.form", "POST", f"/{kind}s/new", data) for kind, data in typed(what)),
            *(Ask("search.results", "GET", f"/search?{urlencode({'q': word})}") for word in (*words[:3], beside)),
            Ask(
                "search.alike",
                "POST",
                "/search/alike",
                (("title", f"{what.title} {words[3]}"), ("summary", what.canary)),
            ),
            Ask("need.list", "GET", f"/needs?{urlencode({'q': what.canary})}"),
            Ask("need.api_list", "GET", f"/api/v1/needs?{urlencode({'q': what.canary})}"),
            *(Ask("search.api", "GET", f"/api/v1/search?{urlencode({'q': word})}") for word in words),
            Ask("organisation.list", "GET", f"/organisations?{urlencode({'q': what.canary})}"),
        )

    def _of_it(self, what: Hidden) -> Refs:
        return own_refs(what)

    def _posts(self, own: Refs) -> Iterable[Ask]:
        for rule in self.app.url_map.iter_rules():
            entry = _like(rule.endpoint, rule.arguments)
            guard = GUARDS.get(rule.endpoint)
            if "POST" in (rule.methods or ()) and entry is not None and guard is not None:
                for values in entry(own):
                    yield Ask(guard.surface, "POST", self.adapter.build(rule.endpoint, values, method="POST"))


def own_refs(what: Hidden) -> Refs:
    """The addresses of what is hidden, with everything of the same kind that hangs on it."""
    first, _space, rest = what.kind.partition(" ")
    if first == "field":
        return Refs()
    kinds = [first, *(rest.split()[1:] if rest.startswith("with") else ())]
    refs = Refs({kind: [REFS[kind]] for kind in kinds if kind != "file"})
    refs.files = [(REFS["need"], REFS["file"])] if first == "need" else []
    refs.indicators = [(REFS["need"], REFS["indicator"])] if first == "need" else []
    refs.points = [(REFS["meeting"], REFS["point"])] if first == "meeting" else []
    refs.sessions = [(REFS["course"], REFS["session"])] if first == "course" else []
    refs.pairs = [(REFS["need"], "programme", REFS["programme"])] if first in {"need", "programme"} else []
    refs.related = [(REFS[first], RELATED)] if first in RELATABLE else []
    return refs


def _like(endpoint: str, arguments: set[str]) -> Arguments | None:
    """The arguments of a route that takes what is sent to it, by the kind of record that its blueprint is of."""
    if endpoint in REGISTER:
        return REGISTER[endpoint].arguments if arguments else None
    kind, _dot, name = endpoint.partition(".")
    kind = (OPERATIONS[name].resource if kind == "api" and name in OPERATIONS else kind).removesuffix("s")
    if kind == "course" and arguments == {"ref", "session_ref"}:
        return sessions
    if arguments == {"ref"} and kind in REFS:
        return each(kind)
    if arguments == {"ref", "kind", "offer_ref"}:
        return pairs
    return each("need", "need_ref") if arguments == {"need_ref"} else None


def _gets(adapter: MapAdapter, refs: Refs, *, behind: bool = True) -> Iterable[Ask]:
    """The pages of these records; with what has no record in its address, unless told otherwise."""
    for endpoint, entry in REGISTER.items():
        has_arguments = any(rule.arguments for rule in adapter.map.iter_rules(endpoint))
        if not has_arguments and not behind:
            continue
        for values in entry.arguments(refs) if behind or endpoint.split(".")[0] != "overview" else ():
            path = adapter.build(endpoint, values, method="GET")
            for query in entry.queries:
                yield Ask(GUARDS[endpoint].surface, "GET", f"{path}?{urlencode(query)}" if query else path)


def _fragments() -> Iterable[Ask]:
    """What pages fetch while somebody writes, and forms that answer with what is near."""
    for word in PLAIN[:6]:
        text = f"{word} {PLAIN[1]} {PLAIN[2]} {PLAIN[3]} {PLAIN[4]}"
        yield Ask("search.alike", "POST", "/search/alike", tuple((name, text) for name in FIELDS_OF_TEXT))
    for theme in THEMES[:3]:
        yield Ask("need.coach", "POST", "/needs/coach", (("themes", theme), ("title", PLAIN[0])))
    yield Ask("record.export", "POST", "/record/export.csv")
    for name in ("cells", "findings"):
        yield Ask("radar.export", "POST", f"/overview/radar/{name}.csv")
    for theme in THEMES[:4]:
        yield Ask(
            "lesson.alike",
            "POST",
            "/lessons/alike",
            (("themes", theme), ("countries", "SN"), ("lines-0-kind", "training")),
        )


def shows_records(app: Flask) -> list[Any]:
    """Every route that is opened by GET and shows records."""
    return [rule for rule in app.url_map.iter_rules()
            if rule.endpoint in GUARDS and GUARDS[rule.endpoint].surface != NOTHING
            and "GET" in (rule.methods or ())]  # fmt: skip
