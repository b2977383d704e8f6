"""Saying what a match is worth, taking it back, deciding on it for everybody, and the secretariat's page of quality."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from babel.dates import format_skeleton

from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.permissions import Permission, Refused
from app.foundation.web import (
    actor,
    blueprint,
    current_language,
    flash,
    found,
    gettext,
    now,
    reading,
    redirect,
    render,
    request,
    route,
    see,
    site,
    url_for,
)
from app.matching.feedback import rules, service
from app.matching.feedback.forms import AnswerForm, ReviewForm, put_error
from app.matching.feedback.queries import decided, discussed, waiting, year_of_answers
from app.matching.queries import ShownMatch, find_pair
from app.matching.side_by_side import decisions_of, pair_page, prefix_of
from app.needs.queries import find_need

bp = blueprint("feedback")

PAIR = surface("match.page", "page", "need", "programme", "course", "output")
QUALITY = surface("match.quality", "list", "need", "programme", "course", "output")
ADDRESS = "/needs/<ref>/matches/<kind>/<offer_ref>"


@route(bp, f"{ADDRESS}/answer", Permission.MATCH_JUDGE, surface=PAIR, methods=("POST",))
def answer(ref: str, kind: str, offer_ref: str) -> Any:
    """Say for one's organisation whether a match is useful or not a fit."""
    with reading() as tx:
        shown = pair(tx, ref, kind, offer_ref)
        form = AnswerForm(prefix=prefix_of(speaker(shown).organisation_ref))
        if not form.is_sound():
            return pair_page(tx, shown, 422, answer_form=form)
    thanks = {
        rules.USEFUL: gettext("Thank you. The secretariat sees that this match is useful."),
        rules.NOT_FIT: gettext("Your organisation does not see this match any more. The secretariat reads why."),
    }

    def change(tx: Tx, shown: ShownMatch) -> None:
        service.answer(tx, actor(), shown, speaker(shown).organisation_id, form.draft(), now())

    return _write(ref, kind, offer_ref, change, thanks[form.draft().says])


@route(bp, f"{ADDRESS}/withdraw", Permission.MATCH_JUDGE, surface=PAIR, methods=("POST",))
def withdraw(ref: str, kind: str, offer_ref: str) -> Any:
    """Take back what one's organisation has said of a match."""

    def change(tx: Tx, shown: ShownMatch) -> None:
        service.withdraw(tx, actor(), shown, speaker(shown).organisation_id, now())

    return _write(ref, kind, offer_ref, change, gettext("Your organisation’s answer is withdrawn."))


@route(bp, f"{ADDRESS}/review", Permission.MATCH_REVIEW, surface=PAIR, methods=("POST",))
def review(ref: str, kind: str, offer_ref: str) -> Any:
    """The secretariat decides on a pair for everybody."""
    with reading() as tx:
        shown = pair(tx, ref, kind, offer_ref)
        talk = found(discussed(tx, actor(), shown))
        form = ReviewForm(decisions=decisions_of(talk), prefix="review-")
    if form.is_sound():
        try:
            with site().database.transaction() as tx:
                shown = pair(tx, ref, kind, offer_ref)
                service.review(tx, actor(), shown, form.verdict.data or "", form.note.data or "", now())
            return see("feedback.quality", gettext("Your decision is kept, with its reason."))
        except rules.AnswerRefused as refused:
            put_error(form, refused)
    with reading() as tx:
        return pair_page(tx, pair(tx, ref, kind, offer_ref), 422, review_form=form)


@route(bp, "/quality", Permission.MATCH_REVIEW, surface=QUALITY)
def quality() -> Any:
    """What waits for the secretariat, and what the answers of a year say together."""
    with reading() as tx:
        figures = year_of_answers(tx, now().date())
        language = current_language()
        return render(
            "matching/quality.html",
            waiting=waiting(tx, actor()),
            decided=decided(tx, actor()),
            figures=figures,
            months=[(format_skeleton("yMMM", month, locale=language), share) for month, share in figures.months],
            rules=rules,
        )


def pair(tx: Tx, ref: str, kind: str, offer_ref: str) -> ShownMatch:
    """The match at this address, as the reader may see it; else there is no such page."""
    shown: ShownMatch = found(find_pair(tx, actor(), found(find_need(tx, actor(), ref)), kind, offer_ref))
    return shown


def speaker(shown: ShownMatch) -> Any:
    """The organisation that the address names, or else the only one, for which this person may speak of the pair.

    Raises:
        Refused: there is none.
    """
    places = rules.speaks_for(actor(), shown.match)
    named = [place for place in places if place.organisation_ref == request.args.get("as", place.organisation_ref)]
    if not named:
        raise Refused(Permission.MATCH_JUDGE.value)
    return named[0]


def _write(ref: str, kind: str, offer_ref: str, change: Callable[[Tx, ShownMatch], None], words: str) -> Any:
    with site().database.transaction() as tx:
        change(tx, pair(tx, ref, kind, offer_ref))
    flash(words, "success")
    return redirect(url_for("matching.page", ref=ref, kind=kind, offer_ref=offer_ref), code=303)
