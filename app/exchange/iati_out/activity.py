"""One activity as an element of the standard, its parts in the order that the schema asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from lxml import etree

from app.exchange.iati.own import TEXT, own
from app.exchange.iati_out.elements import (
    NAMESPACES,
    XML_LANG,
    added,
    clean,
    language_of,
    moment,
    put,
    put_document,
    put_party,
    put_reporter,
    say,
    say_plainly,
)
from app.exchange.iati_out.money import (
    put_budgets,
    put_kept_budgets,
    put_kept_transactions,
    put_planned,
    put_transactions,
)
from app.exchange.iati_out.places import put_places, put_sectors
from app.exchange.iati_out.results import put_results
from app.exchange.iati_out.told import Party, Told

PLANNED_START, ACTUAL_START, PLANNED_END, ACTUAL_END = "1", "2", "3", "4"
ACCOUNTABLE = "2"
OTHER_IDENTIFIER = "A9"
GENERAL = "1"
_ADDRESS = re.compile(r"(?<![^\s<>()\[\],;:@])[^\s<>()\[\],;:@]{1,64}@[^\s<>()\[\],;:@]{1,190}\.[A-Za-z]{2,63}")


@dataclass(frozen=True)
class Frame:
    """What holds for a whole file: the day it is written, and where our own lists (themes, groupings) are told."""

    now: datetime
    lists: str

    @property
    def today(self) -> date:
        """The day on which the file is written."""
        return self.now.date()


def activity_element(told: Told, frame: Frame) -> etree._Element:
    """The whole activity."""
    element = etree.Element("iati-activity", nsmap=NAMESPACES)
    element.set(XML_LANG, language_of(told.language))
    element.set("last-updated-datetime", moment(min(told.changed_at, frame.now)))
    if told.hierarchy is not None:
        element.set("hierarchy", str(told.hierarchy))
    _put_identity(element, told)
    late = _put_dates(element, told, frame.today)
    _put_contact(element, told)
    if told.scope:
        put(element, "activity-scope", code=told.scope)
    put_places(element, told, frame.lists)
    put_sectors(element, told, frame.lists)
    _put_classes(element, told)
    put_budgets(element, told)
    put_planned(element, told)
    put_transactions(element, told, frame.today)
    for document in told.documents:
        put_document(element, document)
    for kind, identifier in told.related:
        put(element, "related-activity", ref=identifier, type=kind)
    if clean(told.conditions):
        condition = put(put(element, "conditions", attached="1"), "condition", type="1")
        say_plainly(condition, told.conditions)
    put_results(element, told.indicators)
    put_kept_budgets(element, told)
    put_kept_transactions(element, told, frame.today)
    for kind, day in late.items():
        put(element, own("activity-date"), type=kind, iso_date=day.isoformat())
    return element


def _put_identity(element: etree._Element, told: Told) -> None:
    identifier = put(element, "iati-identifier", told.identifier)
    if clean(told.identifier) == clean(told.reporter.ref):
        # The standard does not let an activity have the identifier of its organisation.
        identifier.text = f"{clean(told.identifier)}-1"
        identifier.set(TEXT, clean(told.identifier))
    put_reporter(element, told.reporter)
    title = put(element, "title")
    if not say(title, told.titles):
        say_plainly(title, told.identifier)
    description = put(element, "description", own_said={"type": ""}, type=GENERAL)
    if not say(description, told.descriptions):
        added(description)
        if not say(description, told.titles):
            say_plainly(description, told.identifier)
    before = len(element)
    for party in told.parties:
        put_party(element, "participating-org", party)
    if len(element) == before:
        names = told.reporter.names
        name = names.get(told.reporter.language) or next(iter(names.values()), "")
        owner = Party(name, told.reporter.ref, told.reporter.type, ACCOUNTABLE, language=told.reporter.language)
        put_party(element, "participating-org", owner)
        added(element[-1])
    for ref in filter(clean, told.other_identifiers):
        put(element, "other-identifier", own_said={"type": ""}, ref=ref, type=OTHER_IDENTIFIER)
    put(element, "activity-status", code=told.status)


def _put_dates(element: etree._Element, told: Told, today: date) -> dict[str, date]:
    """The days; those that the standard does not let stand come back: actual ones to come, ends before their starts.

    The standard asks for a start. Where there is none, the earliest day that the record knows stands for it.
    """
    days = told.dates
    late = {kind: day for kind, day in days.items() if kind in {ACTUAL_START, ACTUAL_END} and day > today}
    late |= {
        end: days[end]
        for start, end in ((PLANNED_START, PLANNED_END), (ACTUAL_START, ACTUAL_END))
        if start in days and end in days and days[end] < days[start]
    }
    standing = {kind: day for kind, day in sorted(days.items()) if kind not in late}
    if not {PLANNED_START, ACTUAL_START} & standing.keys():
        added(put(element, "activity-date", type=PLANNED_START, iso_date=_earliest(told).isoformat()))
    for kind, day in standing.items():
        put(element, "activity-date", type=kind, iso_date=day.isoformat())
    return late


def _earliest(told: Told) -> date:
    known = [
        *told.dates.values(),
        *(budget.starts_on for budget in told.budgets if budget.starts_on),
        *(each.happened_on for each in told.transactions if each.happened_on),
    ]
    return min(known, default=told.first_day)


def _put_contact(element: etree._Element, told: Told) -> None:
    if not clean(told.contact):
        return
    contact = put(element, "contact-info", type="1")
    for address in dict.fromkeys(_ADDRESS.findall(clean(told.contact))):
        put(contact, "email", address)
    say_plainly(put(contact, "mailing-address"), told.contact)


def _put_classes(element: etree._Element, told: Told) -> None:
    for marker in told.markers:
        vocabulary, code, significance = [*marker.split(":"), "", ""][:3]
        said = {} if significance else {"significance": ""}
        its = put(
            element, "policy-marker", own_said=said, vocabulary=vocabulary, code=code, significance=significance or "1"
        )
        if vocabulary == "99":
            say_plainly(its, code)
    codes = {
        "collaboration-type": told.collaboration_type,
        "default-flow-type": told.flow_type,
        "default-finance-type": told.finance_type,
        "default-aid-type": told.aid_type,
        "default-tied-status": told.tied_status,
    }
    for tag, code in codes.items():
        if code:
            put(element, tag, code=code)
