"""Reading needs: the list, one need, its history and its files."""

from __future__ import annotations

from typing import Any

from app.foundation.filing.downloads import download, one_of
from app.foundation.filing.files import files_of
from app.foundation.languages import say
from app.foundation.permissions import Permission, Refused, require
from app.foundation.references import tidy_reference
from app.foundation.text import shorten
from app.foundation.web import actor, current_language, found, now, reading, render, request, route, site
from app.needs import ending, listing, posting, queries, rules, service
from app.needs.changes import changes
from app.needs.models import Need
from app.needs.passing import views as passing
from app.needs.passing.service import passings_of
from app.needs.surfaces import FILE, HISTORY, PAGE, bp
from app.needs.wording import Words, other_languages, words_beside, words_in

__all__ = ["bp", "ending", "listing", "passing", "posting"]


@bp.app_template_global("need_status")
def need_status(status: str) -> tuple[str, str]:
    """The name of a need's status in the page's language, and the colour of its tag."""
    name, colour = rules.STATUS_NAMES[status]
    return say(name, current_language()), colour


@bp.app_template_global("need_readers")
def need_readers(need: Need) -> str:
    """Who may see a need, in the page's language."""
    return say(rules.DISCLOSURE_NAMES[need.disclosure], current_language())


@bp.app_template_global("need_words")
def need_words(need: Need) -> Words:
    """The title, summary, problem and objectives of a need in the page's language, as far as its author gave them."""
    return words_in(need, need.other_texts, current_language())


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


@route(bp, "/<ref>", Permission.PUBLIC_READ, PAGE)
def page(ref: str) -> Any:
    """One need with everything that this reader may see of it."""
    with reading() as tx:
        need = found(queries.find_need_whole(tx, actor(), tidy_reference(ref)))
        shown = queries.visible_fields(tx, actor(), need)
        files = files_of(tx, need.ref, actor()) if shown["files"] else []
        answer = render(
            "needs/page.html",
            need=need,
            shown=shown,
            **_languages(need),
            files=files,
            is_own=need.organisation_id in actor().organisation_ids,
            may_amend=_may(Permission.NEED_AMEND, need) and need.status not in rules.ENDED,
            passings=passings_of(tx, need) if need.status in rules.UNPOSTED else [],
            may_record=_may(Permission.RESULT_RECORD, need),
            may_pledge=_may(Permission.PLEDGE_MAKE) and need.status in rules.OPEN,
            may_teach=_may(Permission.LESSON_RECORD),
        )
        tx.expunge_all()
    _note_look(need)
    return answer


def _languages(need: Need) -> dict[str, Any]:
    # The words that this reader sees, in which languages they can be had besides, and those that stand beside them.
    words = need_words(need)
    language = words.title.language
    return {
        "words": words,
        "also_in": other_languages(need, need.other_texts, language),
        "beside": words_beside(need, need.other_texts, language, request.args.get("beside", "")),
    }


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
        before = [*versions, None][1:]
        steps = [
            (version, changes(older.snapshot, version.snapshot, language) if older else None)
            for version, older in zip(versions, before, strict=True)
        ]
        first = changes({}, versions[-1].snapshot, language) if versions else []
        answer = render("needs/history.html", need=need, steps=steps, first=first)
        tx.expunge_all()
    _note_look(need)
    return answer


@route(bp, "/<ref>/files/<fref>", Permission.PUBLIC_READ, FILE)
def file(ref: str, fref: str) -> Any:
    """A file of a need, as a download and nothing else."""
    with reading() as tx:
        need = found(queries.find_need(tx, actor(), tidy_reference(ref)))
        files = files_of(tx, need.ref, actor()) if queries.visible_fields(tx, actor(), need)["files"] else []
        attachment = one_of(files, fref)
        tx.expunge_all()
    answer = download(attachment)
    _note_look(need)
    return answer
