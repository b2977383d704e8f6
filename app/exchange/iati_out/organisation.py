"""The organisation file: who it is, what it sets aside in each year, and where it can be read about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from lxml import etree

from app.exchange.iati_out import rules
from app.exchange.iati_out.activity import Frame
from app.exchange.iati_out.elements import (
    NAMESPACES,
    XML_LANG,
    language_of,
    moment,
    number,
    put,
    put_document,
    put_reporter,
    say,
    say_plainly,
)
from app.exchange.iati_out.names import reporter_of
from app.exchange.iati_out.told import Budget, Document, OrganisationTold
from app.organisations.models import Organisation
from app.programmes.rules import ORIGINAL, REVISED, is_web_address

ORGANISATION_PAGE = "B11"


@dataclass
class YearSums:
    """Budgets of programmes added up by calendar year and currency; currencies are never added."""

    changed_at: datetime
    sums: dict[tuple[int, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def add(self, budgets: Iterable[Budget], changed_at: datetime) -> None:
        """Add the budgets of one programme; a revised one stands instead of the original of its period."""
        self.changed_at = max(self.changed_at, changed_at)
        rows = list(budgets)
        revised = {(row.starts_on, row.ends_on) for row in rows if row.kind == REVISED}
        for row in rows:
            if row.kind == REVISED or (row.starts_on, row.ends_on) not in revised:
                self._add(row)

    def _add(self, row: Budget) -> None:
        if row.starts_on is None or row.ends_on is None or row.ends_on < row.starts_on or not row.currency:
            return
        for year, amount in rules.by_calendar_year(row.starts_on, row.ends_on, row.amount):
            self.sums[year, row.currency] += amount

    def budgets(self) -> tuple[Budget, ...]:
        """One for each year and currency."""
        return tuple(
            Budget(ORIGINAL, amount, currency, date(year, 1, 1), date(year, 12, 31))
            for (year, currency), amount in sorted(self.sums.items())
        )


def told_of_organisation(organisation: Organisation, sums: YearSums) -> OrganisationTold:
    """Everything that anybody may see of it."""
    reporter = reporter_of(organisation)
    documents: tuple[Document, ...] = ()
    if is_web_address(organisation.website):
        documents = (Document(organisation.website, reporter.names, ORGANISATION_PAGE),)
    return OrganisationTold(reporter, organisation.language, sums.changed_at, sums.budgets(), documents)


def organisation_element(told: OrganisationTold, frame: Frame) -> etree._Element:
    """The whole organisation."""
    element = etree.Element("iati-organisation", nsmap=NAMESPACES)
    element.set(XML_LANG, language_of(told.language))
    element.set("last-updated-datetime", moment(min(told.changed_at, frame.now)))
    put(element, "organisation-identifier", told.reporter.ref)
    name = put(element, "name")
    if not say(name, told.reporter.names):
        say_plainly(name, told.reporter.ref)
    put_reporter(element, told.reporter)
    for budget in told.budgets:
        _put_total(element, budget)
    for document in told.documents:
        put_document(element, document)
    return element


def _put_total(parent: etree._Element, budget: Budget) -> None:
    element = put(parent, "total-budget", status="1")
    day = budget.starts_on.isoformat() if budget.starts_on else ""
    put(element, "period-start", iso_date=day)
    put(element, "period-end", iso_date=budget.ends_on.isoformat() if budget.ends_on else "")
    put(element, "value", number(budget.amount), currency=budget.currency, value_date=day)
