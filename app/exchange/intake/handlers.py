"""The three pieces of work of an import in the background: reading and comparing, saving, and taking back."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import func, select

from app.accounts.queries import account_by_id, actor_of
from app.exchange.iati.importer import count_all
from app.exchange.iati.owners import Importer, ImportRefused, find_importer
from app.exchange.intake import rules, service
from app.exchange.intake.comparing import Comparison, NotedReport
from app.exchange.intake.models import FileImport, ImportParty, ImportProblem, ImportRow
from app.exchange.intake.queries import counts_of, files_waiting, import_by_ref, saved_counts, undone_counts
from app.exchange.intake.saving import Saving, importing_as, undo_rows
from app.exchange.intake.uploading import let_go, name_of
from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.messages import msg
from app.foundation.permissions import Refused
from app.foundation.web import Site
from app.jobs.models import Job
from app.jobs.progress import Progress
from app.jobs.starting import BETWEEN_CLEANINGS, JobRefused, Outcome, register_job

MAY_NOT = msg("You may no longer import for this organisation.")
FILES_GONE = msg("The files are no longer kept here: upload them again.")
GONE = msg("This import does not exist any more.")


def register() -> None:
    """Let the site know who does the work."""
    register_job(service.READ, read_and_compare)
    register_job(service.SAVE, save)
    register_job(service.UNDO, undo)


def read_and_compare(site: Site, job: Job, progress: Progress) -> Outcome:
    """Read the files of an import and write down what each activity would change; nothing of it is saved."""
    made, importer = _begin(site, job)
    paths = _paths(site, made)
    with site.database.transaction() as tx:
        for model in (ImportRow, ImportProblem, ImportParty):
            # What an earlier try has written before it broke off is written anew.
            tx.execute(model.__table__.delete().where(model.import_id == made.id))  # type: ignore[attr-defined]
    progress.begin(count_all(paths))
    run = Comparison(site.database, importer, made.id, site.clock.now(), progress.tick)
    for path, file in zip(paths, made.files, strict=True):
        report = run.import_file(path, _name(made, file["name"], file["sha256"]))
        assert isinstance(report, NotedReport)
        run.finish(report)
    with site.database.transaction() as tx:
        kept = _again(tx, job)
        counts = counts_of(tx, kept)
        can_be_imported = counts[rules.NEW] + counts[rules.CHANGED] > 0
        to = rules.READ if can_be_imported else rules.REFUSED
        rules.check_move(kept.state, to)
        kept.state = to
    forget_files(site)
    words = msg(
        "%(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(refused)s refused. Nothing is imported yet.",
        **counts,
    )
    return Outcome(words, link=f"/imports/{made.ref}")


def save(site: Site, job: Job, progress: Progress) -> Outcome:
    """Import what the person has seen, and remember how each programme was before."""
    made, importer = _begin(site, job)
    paths = _paths(site, made)
    progress.begin(count_all(paths))
    run = Saving(site.database, importer, made.id, site.clock.now(), progress.tick)
    for path, file in zip(paths, made.files, strict=True):
        run.import_file(path, _name(made, file["name"], file["sha256"]))
    with site.database.transaction() as tx:
        kept = _again(tx, job)
        rules.check_move(kept.state, rules.SAVED)
        kept.state, kept.saved_at = rules.SAVED, site.clock.now()
        saved = saved_counts(tx, kept)
        record_event(tx, importer.actor, "import.saved", kept, site.clock.now(), dict(saved))
    forget_files(site)
    words = msg("%(new)s programmes are new, %(changed)s were changed.", new=saved["new"], changed=saved["changed"])
    if saved["held"]:
        words = msg(
            "%(new)s programmes are new, %(changed)s were changed; %(held)s wait for your answer, since another "
            "organisation has published the same.", **saved,
        )  # fmt: skip
    return Outcome(words, link=f"/imports/{made.ref}")


def undo(site: Site, job: Job, progress: Progress) -> Outcome:
    """Take a whole import back, the last activity first."""
    made, importer = _begin(site, job)
    with site.database.reading() as tx:
        query = select(func.count(ImportRow.id)).where(
            ImportRow.import_id == made.id, ImportRow.programme_id.is_not(None)
        )
        progress.begin(tx.scalar(query.where(ImportRow.undone == "")) or 0)
    while True:
        with site.database.transaction() as tx:
            count = undo_rows(tx, importer.actor, made.id, site.clock.now())
        if not count:
            break
        progress.tick(count)
    with site.database.transaction() as tx:
        kept = _again(tx, job)
        counts = undone_counts(tx, kept)
        rules.check_move(kept.state, rules.UNDONE)
        kept.state, kept.undone_at = rules.UNDONE, site.clock.now()
        record_event(tx, importer.actor, "import.undone", kept, site.clock.now(), dict(counts))
    words = msg(
        "%(withdrawn)s programmes are not shown any more, %(back)s are as they were before, %(left)s were left as they "
        "are, since somebody has changed them.",
        withdrawn=counts.get(rules.WITHDRAWN, 0), back=counts.get(rules.PUT_BACK, 0), left=counts.get(rules.LEFT, 0),
    )  # fmt: skip
    return Outcome(words, link=f"/imports/{made.ref}")


def tend_files(site: Site) -> None:
    """Let go of uploaded files that nobody has had imported within a week; looked for once in an hour."""
    moment = time.monotonic()
    if moment - site.parts.get("import_files", -BETWEEN_CLEANINGS) >= BETWEEN_CLEANINGS:
        site.parts["import_files"] = moment
        forget_files(site)


def _begin(site: Site, job: Job) -> tuple[FileImport, Importer]:
    """The import and who imports, with the rights that the person has now.

    Raises:
        JobRefused: the person may not any more, or the organisation may not.
    """
    now = site.clock.now()
    with site.database.reading() as tx:
        made = _again(tx, job)
        account = account_by_id(tx, job.account_id)
        try:
            if account is None or account.status != "active":
                raise Refused(job.kind)
            service.check_may(actor_of(account), made, now)
            importer = find_importer(tx, made.organisation.ref, now)
        except (Refused, ImportRefused) as refused:
            raise JobRefused(MAY_NOT) from refused
    if made.by_reporter != importer.is_secretariat:
        raise JobRefused(MAY_NOT)
    return made, importing_as(importer, job.account_id)


def _again(tx: Tx, job: Job) -> FileImport:
    made = import_by_ref(tx, str(job.arguments["import"]))
    if made is None:
        raise JobRefused(GONE)
    return made


def _paths(site: Site, made: FileImport) -> list[Path]:
    paths = [site.files.find(name_of(file)) for file in made.files]
    if None in paths:
        raise JobRefused(FILES_GONE)
    return [path for path in paths if path is not None]


def _name(made: FileImport, name: str, sha256: str) -> str:
    """What a file is called in reports: its name, and the beginning of its hash where two have the same name."""
    return name if [file["name"] for file in made.files].count(name) == 1 else f"{name} ({sha256[:6]})"


def forget_files(site: Site) -> None:
    """Let go of uploaded files for which no import waits any more."""
    with site.database.reading() as tx:
        wanted = files_waiting(tx, site.clock.now() - rules.FILES_KEPT)
    let_go(site.files, wanted, site.clock.wall())
