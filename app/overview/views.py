"""Gaps by theme, country and grouping, and the page of each country and theme."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from babel.dates import format_skeleton
from werkzeug.wrappers import Response

from app.foundation.alternatives import country_alternatives
from app.foundation.disclosure import surface
from app.foundation.languages import LANGUAGES
from app.foundation.permissions import Permission
from app.foundation.text import fold
from app.foundation.web import NOTHING, abort, actor, blueprint, current_language, now, reading, render, request, route
from app.overview import counted, places, queries
from app.overview.pictures import map_of
from app.overview.rules import Gap, Month, longest_bar, widest_first
from app.reference.countries import countries as all_countries
from app.reference.countries import country_options
from app.reference.groupings import grouping_options, groupings, groupings_of
from app.reference.themes import theme_options
from app.reference.themes import themes as all_themes

bp = blueprint("overview")

GAPS = surface("overview.gaps", "count", "need", "programme", "course", "pledge")
COUNTRY = surface("country.page", "page", "need", "programme", "course", "lesson", "output")
THEME = surface("theme.page", "page", "need", "programme", "course", "lesson", "output")
EVERYWHERE = "all"
LONGEST_NAME = 60


@route(bp, "/overview", Permission.PUBLIC_READ, surface=GAPS)
def index() -> Any:
    """What is asked and offered, by theme, by country and by grouping."""
    code, today = chosen_grouping(), now().date()
    place = queries.place_of_grouping(code) if code else None
    with reading() as tx:
        by_theme = counted.gaps_by(tx, actor(), "theme", today, place)
        # What is on offer for a country does not depend on which of its groupings one looks at.
        by_country = counted.gaps_by(tx, actor(), "country", today)
        numbers = counted.numbers(tx, actor(), place.countries if place else None)
    here = {country: gap for country, gap in by_country.items() if place is None or country in place.countries}
    themes, countries = widest_first(by_theme.values()), widest_first(here.values())
    return render(
        "overview/index.html",
        grouping=code,
        groupings=grouping_options(current_language()),
        numbers=numbers,
        themes=themes,
        countries=countries,
        by_grouping=[] if code else queries.gaps_of_groupings(by_country),
        picture=map_of(here, place.countries if place else None),
        longest={"theme": longest_bar(themes), "country": longest_bar(countries)},
    )


def chosen_grouping() -> str:
    """The grouping asked for; without a word about it, the one whose desk the reader sits at, or none."""
    asked = request.args.get("grouping", "")
    if asked in groupings():
        return asked
    main = actor().main
    own = main.grouping if main and main.organisation_kind == "regional" else None
    return own if own in groupings() and asked != EVERYWHERE and own else ""


@route(bp, "/countries", Permission.PUBLIC_READ, surface=GAPS)
def countries() -> Any:
    """Every country by name, with what is asked there and offered for it; or those that answer to a word."""
    language, wanted = current_language(), request.args.get("q", "").strip()[:LONGEST_NAME]
    with reading() as tx:
        gaps = counted.gaps_by(tx, actor(), "country", now().date())
        running = counted.running_by_country(tx, actor())
    rows = [
        (iso2, name, gaps.get(iso2, Gap(iso2)), running.get(iso2, 0))
        for iso2, name in country_options(language)
        if answers_to(iso2, name, wanted, language)
    ]
    active = [row for row in rows if wanted or row[2].needs or row[2].lines or row[3]]
    others = [row for row in rows if row not in active]
    return render("countries/index.html", active=active, others=others, wanted=wanted, found=len(rows))


@route(bp, "/countries/names/<language>.json", Permission.PUBLIC_READ, surface=NOTHING)
def other_names(language: str) -> Any:
    """By ISO 3166 code, the other words that a country is found by in lists; kept by browsers for a day."""
    if language not in LANGUAGES:
        abort(404)
    words = {iso2: country_alternatives(iso2, language) for iso2 in all_countries()}
    answer = Response(json.dumps(words, ensure_ascii=False), mimetype="application/json")
    answer.cache_control.public, answer.cache_control.max_age = True, 86_400
    return answer


def answers_to(iso2: str, name: str, wanted: str, language: str) -> bool:
    """Whether a country is meant by a word: part of its name here or elsewhere, or one of its codes."""
    word = fold(wanted)
    return word in fold(name) or word == iso2.lower() or word in country_alternatives(iso2, language)


@route(bp, "/countries/<iso2>", Permission.PUBLIC_READ, surface=COUNTRY)
def country(iso2: str) -> Any:
    """One country: what it asks, who is active there, what one may attend, what was learned, whom to write to."""
    code = iso2.upper()
    if code not in all_countries():
        abort(404)
    with reading() as tx:
        desk = places.country_desk(tx, actor(), code, now().date())
        return render(
            "countries/page.html",
            code=code,
            country=all_countries()[code],
            desk=desk,
            groupings=sorted(groupings_of(code)),
            months=named(desk.months),
        )


def named(months: Sequence[Month]) -> list[tuple[str, int]]:
    """Months as the page's language writes them, with how much there was in each."""
    language = current_language()
    return [(format_skeleton("yMMM", month.first, locale=language), month.count) for month in months]


@route(bp, "/themes", Permission.PUBLIC_READ, surface=GAPS)
def themes() -> Any:
    """Every theme by name, with what is asked and offered."""
    with reading() as tx:
        gaps = counted.gaps_by(tx, actor(), "theme", now().date())
    rows = [(code, name, about(code), gaps.get(code, Gap(code))) for code, name in theme_options(current_language())]
    return render("themes/index.html", rows=rows)


@route(bp, "/themes/<code>", Permission.PUBLIC_READ, surface=THEME)
def theme(code: str) -> Any:
    """One theme: what is asked, offered, taught and learned about it."""
    if code not in all_themes():
        abort(404)
    today = now().date()
    with reading() as tx:
        gap = counted.gaps_by(tx, actor(), "theme", today).get(code, Gap(code))
        desk = places.theme_desk(tx, actor(), code, today)
        return render("themes/page.html", code=code, entry=all_themes()[code], about=about(code), gap=gap, desk=desk)


def about(code: str) -> str:
    """What a theme covers, in the page's language."""
    more = all_themes()[code].more
    return more.get(f"description_{current_language()}") or more.get("description_en", "")
