"""The pages of imports: the list, the form, what was read, each change field by field, and what was wrong."""

from __future__ import annotations

from typing import Any

from app.exchange.intake import queries, rules, service
from app.exchange.intake.fields import changes_in_words
from app.exchange.intake.forms import BY_REPORTER, ImportForm
from app.exchange.intake.models import FileImport, ImportRow
from app.exchange.intake.report_file import problems_file
from app.exchange.intake.uploading import UploadRefused, take_in
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.filing.files import plain_name
from app.foundation.permissions import Permission, Refused
from app.foundation.references import tidy_reference
from app.foundation.requests import LARGE_BODIES
from app.foundation.sending import send_once
from app.foundation.web import (
    abort,
    actor,
    blueprint,
    current_language,
    found,
    gettext,
    now,
    reading,
    render,
    request,
    route,
    see,
    sent_before,
    site,
    url_for,
)
from app.jobs.queries import find_job
from app.jobs.rules import TooManyJobs
from app.organisations.models import Organisation
from app.organisations.queries import organisation_by_ref, verified_organisations

bp = blueprint("imports", "/imports")
LIST = surface("import.list", "list", "import")
PAGE = surface("import.page", "page", "import", "programme")
FILE = surface("import.problems", "export", "import")
KINDS = ("donor", "regional", "ngo")
ABOVE_FILES = 1024 * 1024
"""What a form takes up beside its files."""
LARGE_BODIES["imports.new"] = rules.LARGEST + ABOVE_FILES
MAY = Permission.PROGRAMME_IMPORT


@route(bp, "", MAY, LIST)
def index() -> Any:
    """The imports of this person's organisations, newest first."""
    with reading() as tx:
        page = queries.imports_for(tx, actor(), request.args.get("page"))
        return render(
            "imports/index.html", page=page, rules=rules, url_for_page=lambda n: url_for("imports.index", page=n)
        )


@route(bp, "/new", MAY, LIST, ("GET", "POST"))
def new() -> Any:
    """Choose files; they are read in the background, and nothing is imported yet."""
    with reading() as tx:
        form = ImportForm(owners=_owners(tx))
    if form.is_posted and (already := sent_before(form)):
        return already
    if form.is_sound():
        try:
            files = _take_in(form)
            return send_once(
                form, lambda tx: _begin(tx, form, files), gettext("The files are here and are being read.")
            )
        except UploadRefused as refused:
            form.refuse(refused)
        except TooManyJobs:
            return see("jobs.index", gettext("Wait until something of this has ended, then start more."), "warning")
    return render("imports/new.html", 422 if form.is_posted else 200, form=form, rules=rules)


@route(bp, "/<ref>", MAY, PAGE)
def page(ref: str) -> Any:
    """What was read, what would become of it, and what can be done with it now."""
    outcome = request.args.get("outcome", "")
    outcome = outcome if outcome in rules.OUTCOMES else ""
    with reading() as tx:
        made = _own(tx, ref)
        rows = queries.rows_of(tx, made, outcome, request.args.get("page"))
        return render(
            "imports/page.html", made=made, rules=rules, rows=rows, outcome=outcome, counts=queries.counts_of(tx, made),
            undone=queries.undone_counts(tx, made), left=queries.row_left(tx, made),
            problems=queries.problems_of_rows(tx, made, rows.items), of_files=queries.problems_of_files(tx, made),
            problem_count=queries.count_problems(tx, made), in_doubt=queries.open_parties(tx, made),
            job=find_job(tx, actor(), made.job_ref), broken=queries.broke_off(tx, made),
            url_for_page=lambda n: url_for("imports.page", ref=made.ref, outcome=outcome or None, page=n),
        )  # fmt: skip


@route(bp, "/<ref>/activities/<int(max=2147483647):number>", MAY, PAGE)
def row(ref: str, number: int) -> Any:
    """One activity: what it changes, field by field, and what was wrong in it."""
    with reading() as tx:
        made = _own(tx, ref)
        one: ImportRow = found(queries.find_row(tx, made, number))
        problems = queries.problems_of_rows(tx, made, [one]).get(one.id, [])
        programme = queries.programme_of(tx, actor(), one)
        changes = changes_in_words(one.changes, current_language())
        return render(
            "imports/row.html", made=made, row=one, changes=changes, problems=problems, programme=programme, rules=rules
        )


@route(bp, "/<ref>/organisations", MAY, PAGE, ("GET", "POST"))
def reporters(ref: str) -> Any:
    """Is this reporter the organisation of the same name? A person says so for each."""
    is_sent = request.method == "POST"
    if is_sent and not _answer_parties(ref):
        return see("imports.page", gettext("Thank you. The import can begin."), ref=ref)
    with reading() as tx:
        made = _own(tx, ref)
        parties = queries.parties_in_doubt(tx, made)
        status = 422 if is_sent else 200
        return render("imports/reporters.html", status, made=made, parties=parties, rules=rules, is_sent=is_sent)


def _answer_parties(ref: str) -> int:
    """Keep what was said of reporters; of how many nothing has been said yet."""
    with site().database.transaction() as tx:
        made = _own(tx, ref)
        said = {party.id: request.form.get(f"party-{party.id}", "") for party in queries.parties_in_doubt(tx, made)}
        _checked(lambda: service.answer_parties(tx, actor(), made, said, now()))
        return queries.open_parties(tx, made)


@route(bp, "/<ref>/save", MAY, PAGE, ("POST",))
def save(ref: str) -> Any:
    """Import what was read."""
    return _move(ref, service.save_import, gettext("The import has begun."))


@route(bp, "/<ref>/undo", MAY, PAGE, ("POST",))
def undo(ref: str) -> Any:
    """Take the whole import back."""
    return _move(ref, service.undo_import, gettext("The import is being undone."))


@route(bp, "/<ref>/go-on", MAY, PAGE, ("POST",))
def go_on(ref: str) -> Any:
    """Take up again what broke off."""
    return _move(ref, service.go_on, gettext("It goes on where it broke off."))


@route(bp, "/<ref>/problems.csv", MAY, FILE)
def problems(ref: str) -> Any:
    """Everything that was wrong, with its line and element, as a table."""
    return problems_file(lambda tx: _own(tx, ref))


def _move(ref: str, what: Any, words: str) -> Any:
    try:
        with site().database.transaction() as tx:
            made = _own(tx, ref)
            what(tx, actor(), made, now())
            job, ref = made.job_ref, made.ref
    except rules.MoveRefused:
        return see("imports.page", gettext("That has been done already."), "info", ref=tidy_reference(ref))
    except service.AnswerNeeded:
        return see("imports.reporters", gettext("Say first who the reporters are."), "warning", ref=tidy_reference(ref))
    except TooManyJobs:
        return see("jobs.index", gettext("Wait until something of this has ended, then start more."), "warning")
    return see("jobs.page", words, ref=job)


def _checked(what: Any) -> None:
    try:
        what()
    except rules.MoveRefused:
        abort(409)


def _own(tx: Tx, ref: str) -> FileImport:
    made: FileImport = found(queries.find_import(tx, actor(), tidy_reference(ref)))
    return made


def _owners(tx: Tx) -> list[tuple[str, str]]:
    """For whom this person may import: for the secretariat everybody who may publish, and each reporter for itself."""
    if actor().of_kind("secretariat"):
        others = [one for one in verified_organisations(tx) if one.kind in KINDS]
        by_reporter = (BY_REPORTER, gettext("Each activity belongs to the organisation that reports it"))
        return [by_reporter, *((one.ref, one.named(current_language())) for one in others)]
    return [(place.organisation_ref, place.organisation_name) for place in actor().of_kind(*KINDS)]


def _take_in(form: ImportForm) -> list[dict[str, Any]]:
    chosen = [file for file in form.files.data or () if getattr(file, "filename", "")]
    try:
        return take_in(site().files, [(plain_name(file.filename), file.stream) for file in chosen])
    finally:
        for file in chosen:
            file.close()


def _begin(tx: Tx, form: ImportForm, files: list[dict[str, Any]]) -> str:
    by_reporter = form.owner.data == BY_REPORTER
    office = next((place.organisation_ref for place in actor().of_kind("secretariat")), "")
    organisation: Organisation | None = organisation_by_ref(tx, office if by_reporter else form.owner.data)
    if organisation is None:
        raise Refused(MAY.value)
    made = service.begin_import(tx, actor(), service.Order(organisation, files, by_reporter), now())
    return url_for("jobs.page", ref=made.job_ref)
