"""What matching needs to know of a row: needs and offers as the plain values that scoring judges."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from app.courses.models import Course
from app.lessons.models import Output
from app.matching.aboutness import About, about
from app.matching.scoring import LineFacts, NeedFacts, OfferFacts
from app.needs.models import Need
from app.programmes.models import Programme
from app.reference.groupings import groupings_of
from app.reference.themes import siblings

ENDED = frozenset({"3", "4", "5", "6"})


def need_facts(need: Need, today: date | None = None) -> NeedFacts:
    """A need as scoring sees it."""
    countries = frozenset(need.codes("country"))
    themes = frozenset(need.codes("theme"))
    return NeedFacts(
        countries=countries,
        groupings=frozenset(g for country in countries for g in groupings_of(country)),
        themes=themes,
        sibling_themes=frozenset(s for theme in themes for s in siblings(theme)) - themes,
        purpose_code=need.purpose_code,
        languages=frozenset(need.codes("language")),
        starts_on=need.starts_on,
        ends_on=need.ends_on,
        lines=tuple(LineFacts(line.ref, line.kind, line.quantity, line.unit) for line in need.lines),
        is_unconfirmed=today is not None and need.is_unconfirmed(today),
    )


def offer_facts(kind: str, row: Any, today: date) -> OfferFacts:
    """A programme, a course or an output as scoring sees it."""
    if kind == "programme":
        return _programme(row, today)
    return _course(row, today) if kind == "course" else _output(row)


def _programme(programme: Programme, today: date) -> OfferFacts:
    # The language of an imported activity is that of its text; it says nothing of the one that people work in.
    offers = tuple((offer.kind, offer.quantity, offer.unit) for offer in programme.offers)
    return OfferFacts(
        kind="programme",
        countries=frozenset(programme.places),
        groupings=frozenset(programme.codes("grouping")),
        themes=frozenset(programme.codes("theme")),
        purpose_code=programme.purpose_code,
        languages=frozenset() if programme.source == "iati" else frozenset(programme.codes("language")),
        starts_on=programme.starts_on,
        ends_on=programme.ends_on,
        accepting=programme.accepting,
        apply_by=programme.apply_by,
        offers=offers or tuple((kind, None, "") for kind in programme.codes("kind")),
        has_ended=programme.status in ENDED,
        is_likely_place=not programme.codes("country") and bool(programme.places),
        is_record=programme.status in ENDED,
        is_unconfirmed=programme.is_unconfirmed(today),
    )


def _course(course: Course, today: date) -> OfferFacts:
    runs = shown_by("course", course, "training", today)
    deadlines = [s.register_by or s.starts_on for s in runs]
    seats = sum(s.seats for s in runs)
    return OfferFacts(
        kind="course",
        countries=frozenset(course.codes("country")),
        groupings=frozenset(course.codes("grouping")),
        themes=frozenset(course.codes("theme")),
        purpose_code=course.purpose_code,
        languages=frozenset(course.codes("language")),
        starts_on=min((s.starts_on for s in runs), default=None),
        ends_on=max((s.ends_on for s in runs), default=None),
        accepting="yes" if runs else "no",
        apply_by=max(deadlines, default=None),
        offers=(("training", Decimal(seats) if seats else None, "participants"),),
        is_record=not runs,
        is_unconfirmed=course.is_unconfirmed(today),
    )


def shown_by(kind: str, row: Any, assistance: str, today: date) -> list[Any]:
    """What of an offer speaks to a line of that kind: a programme's rows of it, or a course's sessions to come."""
    if kind == "programme":
        return [offer for offer in row.offers if offer.kind == assistance]
    if kind == "course" and assistance == "training":
        return [session for session in row.sessions if session.status == "open" and session.starts_on >= today]
    return []


def _output(output: Output) -> OfferFacts:
    return OfferFacts(
        kind="output",
        countries=frozenset(),
        groupings=frozenset(),
        themes=frozenset(output.codes("theme")),
        purpose_code="",
        languages=frozenset({output.language}),
        starts_on=None,
        ends_on=None,
        accepting="no",
        apply_by=None,
        offers=(),
        is_record=True,
    )


def title_of(row: Any) -> str:
    """The titles of a record in every language that it has them in."""
    others = getattr(row, "other_texts", None) or getattr(row, "texts", None) or ()
    return " \n ".join(dict.fromkeys([row.title, *(each.title for each in others)]))


def text_of_need(need: Need) -> str:
    """The words of a need beside its title: what everybody who sees the record may read of it."""
    lines = " ".join(f"{line.description} {line.beneficiary_unit}" for line in need.lines)
    others = " ".join(f"{text.summary} {text.problem} {text.objectives}" for text in need.other_texts)
    return f"{need.summary} {need.problem} {need.objectives} {lines} {others}"


def text_of_offer(kind: str, row: Any) -> str:
    """The words of an offer beside its title."""
    if kind == "programme":
        others = [text.description for text in row.texts if text.language != row.language]
        return " \n ".join([row.description, *others, *(offer.description for offer in row.offers)])
    if kind == "course":
        return f"{row.description} {row.objectives} {row.audience}"
    return str(row.description)


def about_need(need: Need) -> About:
    """What a need is about."""
    return about(title_of(need), text_of_need(need), (), tuple(need.codes("theme")))


def about_offer(kind: str, row: Any) -> About:
    """What an offer is about; the themes of an import were told from its words, so that these are read."""
    is_import = kind == "programme" and row.source == "iati"
    text = text_of_offer(kind, row)
    body = "" if text.strip() == row.title.strip() else text
    sectors = (
        tuple(row.codes("sector"))
        if is_import
        else (f"1:{row.purpose_code}",)
        if getattr(row, "purpose_code", "")
        else ()
    )
    return about(title_of(row), body, sectors, () if is_import else tuple(row.codes("theme")))


def may_meet(need: Need, offer: Any, named_on_need: set[int], named_on_offer: set[int]) -> bool:
    """Whether disclosure lets both sides see each other, so that a match may be shown to both."""
    return _open_to(need, offer.organisation_id, named_on_need) and _open_to(
        offer, need.organisation_id, named_on_offer
    )


def _open_to(record: Any, organisation_id: int, named: set[int]) -> bool:
    if record.organisation_id == organisation_id or record.disclosure in {"public", "members"}:
        return True
    return record.disclosure == "named" and organisation_id in named
