"""Reading needs: the list, one need, its history and its files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from werkzeug.utils import send_file

from app.foundation.db import Tx
from app.foundation.files import file_path, files_of
from app.foundation.languages import name_of, say
from app.foundation.paging import Page, page_number
from app.foundation.permissions import Permission, Refused, require
from app.foundation.references import tidy_reference
from app.foundation.text import shorten
from app.foundation.web import actor, current_language, found, now, reading, render, request, route, site, url_for
from app.needs import ending, posting, queries, rules, service
from app.needs.changes import LABELS, changes, worded
from app.needs.models import Need
from app.needs.surfaces import FILE, HISTORY, LIST, PAGE, bp

__all__ = ["bp", "ending", "posting"]

PAGE_SIZE = 20
FACETS = ("country", "theme", "kind")
STATUS_CHOICES = ("posted", "partly_met", "met", "closed")
SANDBOX = "sandbox; default-src 'none'"


@bp.app_template_global("need_status")
def need_status(status: str) -> tuple[str, str]:
    """The name of a need's status in the page's language, and the colour of its tag."""
    name, colour = rules.STATUS_NAMES[status]
    return say(name, current_language()), colour


@bp.app_template_global("need_is_stale")
def need_is_stale(need: Need) -> bool:
    """Whether nobody has confirmed lately that the need still stands."""
    return rules.is_stale(need.status, need.verify_by, now().date())


@bp.app_template_global("need_readers")
def need_readers(need: Need) -> str:
    """Who may see a need, in the page's language."""
    return say(rules.DISCLOSURE_NAMES[need.disclosure], current_language())


@bp.app_template_global("need_kept")
def need_kept(need: Need) -> str:
    """The parts of a need that only members see, in the page's language."""
    language = current_language()
    return ", ".join(
        say(rules.SENSITIVE_NAMES[f], language) for f in need.field_disclosure if f in rules.SENSITIVE_NAMES
    )


@bp.app_template_filter("shortened")
def shortened(text: str, longest: int = 240) -> str:
    """The beginning of a text, cut at a word."""
    return shorten(text, longest)


@route(bp, "", Permission.PUBLIC_READ, LIST)
def index() -> Any:
    """Needs that this reader may see, newest first, by country, theme, kind and status."""
    chosen = {facet: request.args.getlist(facet) for facet in FACETS}
    statuses = [s for s in request.args.getlist("status") if s in STATUS_CHOICES] or sorted(rules.OPEN)
    with reading() as tx:
        page = _page_of(tx, {**chosen, "statuses": statuses})
        facets = [(facet, _options(tx, facet, chosen[facet])) for facet in FACETS]
        return render(
            "needs/index.html",
            page=page,
            facets=facets,
            statuses=[_option(s, need_status(s)[0], request.args.getlist("status")) for s in STATUS_CHOICES],
            filters=_active(chosen),
            url_for_page=lambda number: url_for("needs.index", **_arguments(page=number)),
        )


def _page_of(tx: Tx, filters: Mapping[str, Any]) -> Page[Need]:
    wanted = page_number(request.args.get("page"), 10**9)
    page = queries.list_needs(tx, actor(), filters, wanted, PAGE_SIZE)
    return page if wanted <= page.pages else queries.list_needs(tx, actor(), filters, page.pages, PAGE_SIZE)


def _options(tx: Tx, facet: str, chosen: list[str]) -> list[dict[str, Any]]:
    language = current_language()
    codes = queries.codes_in_use(tx, actor(), facet)
    named = sorted((name_of(facet, code, language), code) for code in codes)
    return [_option(code, label, chosen) for label, code in named]


def _option(value: str, label: str, chosen: list[str]) -> dict[str, Any]:
    return {"value": value, "label": label, "selected": value in chosen}


def _active(chosen: Mapping[str, list[str]]) -> list[dict[str, str]]:
    return [
        {"facet": facet, "code": code, "remove_url": url_for("needs.index", **_arguments(without=(facet, code)))}
        for facet, codes in chosen.items()
        for code in codes
    ]


def _arguments(page: int | None = None, without: tuple[str, str] | None = None) -> dict[str, Any]:
    kept: dict[str, Any] = {
        name: [value for value in request.args.getlist(name) if (name, value) != without]
        for name in (*FACETS, "status")
    }
    return {**kept, "page": page} if page else kept


@route(bp, "/<ref>", Permission.PUBLIC_READ, PAGE)
def page(ref: str) -> Any:
    """One need with everything that this reader may see of it."""
    with reading() as tx:
        need = found(queries.find_need_whole(tx, actor(), tidy_reference(ref)))
        shown = queries.visible_fields(tx, actor(), need)
        files = files_of(tx, need.ref) if shown["files"] else []
        answer = render(
            "needs/page.html",
            need=need,
            shown=shown,
            files=files,
            is_own=need.organisation_id in actor().organisation_ids,
            may_amend=_may(Permission.NEED_AMEND, need) and need.status not in rules.ENDED,
            may_record=_may(Permission.RESULT_RECORD, need),
            may_pledge=_may(Permission.PLEDGE_MAKE) and need.status in rules.OPEN,
            may_teach=_may(Permission.LESSON_RECORD),
        )
        tx.expunge_all()
    _note_look(need)
    return answer


def _may(permission: Permission, record: Any = None) -> bool:
    try:
        require(actor(), permission, now(), record)
    except Refused:
        return False
    return True


def _note_look(need: Need) -> None:
    # The one thing that a reading page writes: that the office has looked at what was not written for it.
    reader = actor()
    if reader.is_secretariat and rules.is_watched(need.disclosure, need.organisation_id, reader.organisation_ids):
        with site().database.transaction() as tx:
            service.note_look(tx, reader, need, now())


@route(bp, "/<ref>/history", Permission.PUBLIC_READ, HISTORY)
def history(ref: str) -> Any:
    """The versions of a need, newest first, with what changed from one to the next."""
    language = current_language()
    with reading() as tx:
        need = found(queries.find_need(tx, actor(), tidy_reference(ref)))
        versions = queries.versions_of(tx, actor(), need)
        before = [*versions[1:], None]
        steps = [
            (version, changes(older.snapshot, version.snapshot, language) if older else None)
            for version, older in zip(versions, before, strict=True)
        ]
        first = worded(versions[-1].snapshot, language) if versions else {}
        answer = render("needs/history.html", need=need, steps=steps, first=first, labels=LABELS)
        tx.expunge_all()
    _note_look(need)
    return answer


@route(bp, "/<ref>/files/<fref>", Permission.PUBLIC_READ, FILE)
def file(ref: str, fref: str) -> Any:
    """A file of a need, as a download and nothing else."""
    with reading() as tx:
        need = found(queries.find_need(tx, actor(), tidy_reference(ref)))
        files = files_of(tx, need.ref) if queries.visible_fields(tx, actor(), need)["files"] else []
        attachment = found(next((one for one in files if one.ref == fref), None))
        tx.expunge_all()
    path: Path = file_path(site().settings.data_dir, attachment.sha256)
    found(path if path.exists() else None)
    _note_look(need)
    answer = send_file(
        path, request.environ, mimetype="application/octet-stream", as_attachment=True, download_name=attachment.name
    )
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer
