"""Putting one activity together from its element in the file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from lxml import etree

from app.exchange.iati import withdrawn
from app.exchange.iati.activity import Activity, Document, Problem, Related
from app.exchange.iati.codes import DATE_TYPES, MARKER_VOCABULARIES, RELATED_TYPES, STATUSES, lookup
from app.exchange.iati.money import read_budgets, read_transactions
from app.exchange.iati.notes import Notes, line_of
from app.exchange.iati.own import GROUPING, THEME, restore
from app.exchange.iati.parties import read_participants, read_reporting
from app.exchange.iati.shares import read_places, read_sectors
from app.exchange.iati.texts import (
    chosen,
    first_sentence,
    first_texts,
    joined_texts,
    narratives,
    own_text,
    paragraphs,
)
from app.exchange.iati.values import (
    Scope,
    date_of,
    language_of,
    one_line,
    read_code,
    read_currency,
    read_kind,
    read_url,
)

_AID_TYPE = re.compile(r"[A-Z]\d{2}", re.ASCII)
_FINANCE_TYPE = re.compile(r"\d{1,4}", re.ASCII)
_FLOW_TYPE = re.compile(r"\d{2}", re.ASCII)
_CLASS = re.compile(r"\d", re.ASCII)
_SIGNIFICANCE = re.compile(r"[0-4]", re.ASCII)
_HIERARCHY = re.compile(r"\d{1,2}", re.ASCII)
_DAC_VOCABULARIES = ("", "1")
_WEB_PAGE = "A12"


@dataclass(frozen=True, slots=True)
class FileDefaults:
    """What the root of a file states for all its activities."""

    name: str
    version: str | None = None
    language: str = ""
    problems_per_activity: int = 100


def read_activity(element: etree._Element, defaults: FileDefaults) -> list[Activity | Problem]:
    """One activity followed by its problems, or the one problem it is refused for."""
    restore(element)
    notes = Notes(defaults.name, defaults.problems_per_activity, identifier_of(element))
    if notes.identifier is None:
        return [notes.problem("no_identifier", element)]
    scope = Scope(notes, language_of(element, defaults.language, notes))
    titles, descriptions = _texts(element, scope)
    if not titles:
        return [notes.problem("no_text", element)]
    scope.currency = read_currency(element.get("default-currency"), element, notes)
    activity = _activity(element, scope, defaults, titles, descriptions)
    return [activity, *notes.listed(element)]


def identifier_of(activity: etree._Element) -> str | None:
    """The identifier of an activity without white space round it, None when there is none."""
    texts = (one_line(own_text(found)) for found in activity.iterchildren("iati-identifier"))
    return next(filter(None, texts), None)


def _activity(
    element: etree._Element,
    scope: Scope,
    defaults: FileDefaults,
    titles: dict[str, str],
    descriptions: dict[str, str],
) -> Activity:
    notes = scope.notes
    countries, regions = read_places(element, notes)
    return Activity(
        identifier=notes.identifier or "",
        version=one_line(element.get("version")) or defaults.version,
        language=scope.language or None,
        line=line_of(element) or 0,
        reporting=read_reporting(element, scope),
        titles=titles,
        descriptions=descriptions,
        participants=read_participants(element, scope),
        countries=countries,
        regions=regions,
        sectors=read_sectors(element, notes),
        **_dates(element, notes),
        status=_status(element, notes),
        aid_type=_dac_code(element, "default-aid-type", _AID_TYPE, notes),
        finance_type=_dac_code(element, "default-finance-type", _FINANCE_TYPE, notes),
        flow_type=_dac_code(element, "default-flow-type", _FLOW_TYPE, notes),
        default_currency=scope.currency,
        hierarchy=_hierarchy(element, notes),
        budgets=tuple(read_budgets(element, scope)),
        transactions=tuple(read_transactions(element, scope)),
        **_besides(element, scope),
        **_further_classes(element, notes),
    )


def _besides(element: etree._Element, scope: Scope) -> dict[str, Any]:
    return {
        "related": tuple(_related(element, scope.notes)),
        "other_identifiers": tuple(dict.fromkeys(_other_identifiers(element))),
        "website": _website(element, scope.notes),
        "conditions": tuple(dict.fromkeys(_conditions(element, scope))),
        "documents": tuple(_documents(element, scope)),
    }


def _further_classes(element: etree._Element, notes: Notes) -> dict[str, Any]:
    return {
        "markers": tuple(dict.fromkeys(_markers(element, notes))),
        "collaboration_type": _dac_code(element, "collaboration-type", _CLASS, notes),
        "tied_status": _dac_code(element, "default-tied-status", _CLASS, notes),
        "scope": _dac_code(element, "activity-scope", _CLASS, notes),
        "themes": _own_codes(element, THEME),
        "groupings": _own_codes(element, GROUPING),
    }


def _texts(element: etree._Element, scope: Scope) -> tuple[dict[str, str], dict[str, str]]:
    titles = first_texts(element.iterchildren("title"), scope)
    descriptions = joined_texts(element.iterchildren("description"), scope)
    if descriptions and not titles:
        titles = {language: first_sentence(text) for language, text in descriptions.items()}
        scope.notes.add("no_title", element)
    return titles, descriptions


def _dates(element: etree._Element, notes: Notes) -> dict[str, Any]:
    found: dict[str, date] = {}
    for stated in element.iterchildren("activity-date"):
        kind = read_kind(DATE_TYPES, stated.get("type"), stated, notes, "date_type")
        day = date_of(stated, notes) if kind else None
        if kind and day:
            found.setdefault(kind, day)
    start, end = found.get("2") or found.get("1"), found.get("4") or found.get("3")
    if start and end and end < start:
        notes.add("dates_reversed", element, start=start, end=end)
    names = {
        "planned_start": "1",
        "actual_start": "2",
        "planned_end": "3",
        "actual_end": "4",
    }
    return {name: found.get(kind) for name, kind in names.items()}


def _status(element: etree._Element, notes: Notes) -> str | None:
    stated = element.find("activity-status")
    if stated is None:
        return None
    raw = one_line(stated.get("code")) or own_text(stated)
    return read_code(STATUSES, raw, stated, notes, "status")


def _dac_code(element: etree._Element, tag: str, pattern: re.Pattern[str], notes: Notes) -> str | None:
    for stated in element.iterchildren(tag):
        code = one_line(stated.get("code")).upper()
        if not code or one_line(stated.get("vocabulary")) not in _DAC_VOCABULARIES:
            continue
        if pattern.fullmatch(code):
            if code in withdrawn.CLASSES.get(tag, ()):
                notes.add("withdrawn_code", stated, value=code)
            return code
        notes.add("code", stated, value=code)
    return None


def _hierarchy(element: etree._Element, notes: Notes) -> int | None:
    raw = one_line(element.get("hierarchy"))
    if not raw:
        return None
    if not _HIERARCHY.fullmatch(raw):
        notes.add("hierarchy", element, value=raw)
        return None
    return int(raw)


def _related(element: etree._Element, notes: Notes) -> Iterator[Related]:
    for stated in element.iterchildren("related-activity"):
        identifier = one_line(stated.get("ref"))
        if not identifier:
            notes.add("no_related_identifier", stated)
            continue
        kind = read_kind(RELATED_TYPES, stated.get("type"), stated, notes, "related_type")
        if kind:
            yield Related(kind, identifier)


def _other_identifiers(element: etree._Element) -> Iterator[str]:
    for stated in element.iterchildren("other-identifier"):
        identifier = one_line(stated.get("ref")) or one_line(stated.text)
        if identifier:
            yield identifier


def _website(element: etree._Element, notes: Notes) -> str | None:
    """The page of the activity: an element of its own in version 1, a kind of document in version 2."""
    pages = (
        stated
        for stated in element.iterchildren("document-link")
        if any(one_line(kind.get("code")) == _WEB_PAGE for kind in stated.iterchildren("category"))
    )
    stated = [(each.text, each) for each in element.iterchildren("activity-website")]
    stated += [(each.get("url"), each) for each in pages]
    found = (read_url(address, each, notes) for address, each in stated)
    return next(filter(None, found), None)


def _markers(element: etree._Element, notes: Notes) -> Iterator[str]:
    for stated in element.iterchildren("policy-marker"):
        code, significance = one_line(stated.get("code")), one_line(stated.get("significance"))
        if not code or ":" in code:
            continue
        raw = one_line(stated.get("vocabulary"))
        vocabulary = lookup(MARKER_VOCABULARIES, raw) or raw or _DAC_VOCABULARIES[1]
        if significance and not _SIGNIFICANCE.fullmatch(significance):
            notes.add("code", stated, value=significance)
            significance = ""
        yield f"{vocabulary.replace(':', '-')}:{code}:{significance}"


def _own_codes(element: etree._Element, tag: str) -> tuple[str, ...]:
    codes = (one_line(stated.get("code")) for stated in element.iterchildren(tag))
    return tuple(dict.fromkeys(filter(None, codes)))


def _conditions(element: etree._Element, scope: Scope) -> Iterator[str]:
    for group in element.iterchildren("conditions"):
        for condition in group.iterchildren("condition"):
            texts = (paragraphs(raw) for _, raw in narratives(condition, scope))
            yield from filter(None, texts)


def _documents(element: etree._Element, scope: Scope) -> Iterator[Document]:
    for stated in element.iterchildren("document-link"):
        url = read_url(stated.get("url"), stated, scope.notes)
        if url:
            titles = first_texts(stated.iterchildren("title"), scope)
            yield Document(url, chosen(titles, scope.language))
