"""What a file says of one activity or organisation, in plain values, whichever record it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

Texts = Mapping[str, str]
"""A text in several languages, by ISO 639-1 code."""
Shares = tuple[tuple[str, Decimal | None], ...]
"""Codes, each with its share in per cent where it is known."""


@dataclass(frozen=True)
class Reporter:
    """The organisation whose activity it is; `type` is an OrganisationType code, `knows_type` false where we chose."""

    ref: str
    type: str
    names: Texts
    language: str = ""
    knows_type: bool = True


@dataclass(frozen=True)
class Party:
    """Another organisation: its part in the activity (OrganisationRole), or one end of a transaction."""

    name: str = ""
    ref: str = ""
    type: str = ""
    role: str = ""
    activity: str = ""
    language: str = ""


@dataclass(frozen=True)
class Place:
    """A region: a code of the lists `1` (OECD DAC) or `2` (UN M49), or a grouping of States of our own."""

    code: str
    vocabulary: str


@dataclass(frozen=True)
class Budget:
    """Money set aside for a period; `kind` is a BudgetType code."""

    kind: str
    amount: Decimal
    currency: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    valued_on: date | None = None


@dataclass(frozen=True)
class Planned:
    """Money that is to be paid out on a day."""

    due_on: date
    amount: Decimal
    currency: str
    provider: Party | None = None
    receiver: Party | None = None


@dataclass(frozen=True)
class Transaction:
    """Money that moved or was promised; `kind` is a TransactionType code."""

    kind: str
    amount: Decimal
    currency: str = ""
    happened_on: date | None = None
    description: str = ""
    provider: Party | None = None
    receiver: Party | None = None
    aid_type: str = ""


@dataclass(frozen=True)
class Document:
    """A page or a document on the web; `category` is a DocumentCategory code."""

    url: str
    titles: Texts
    category: str
    language: str = ""


@dataclass(frozen=True)
class Measured:
    """What one indicator showed: `target` until a day, or `actual` on it."""

    on: date
    target: str = ""
    actual: str = ""


@dataclass(frozen=True)
class Indicator:
    """How one knows: a measure with its baseline and what was measured; the words are in `language`."""

    name: str
    language: str
    since: date
    baseline: str = ""
    measured: tuple[Measured, ...] = ()


@dataclass(frozen=True)
class Told:
    """Everything that a file says of one activity.

    `status` is an ActivityStatus code, `dates` are by ActivityDateType code, `related` are (RelatedActivityType code,
    identifier), `markers` are "vocabulary:code:significance", `sectors` are by vocabulary. `first_day` is when the
    record was posted, for want of any other day.
    """

    identifier: str
    reporter: Reporter
    language: str
    titles: Texts
    descriptions: Texts
    status: str
    changed_at: datetime
    first_day: date
    parties: tuple[Party, ...] = ()
    other_identifiers: tuple[str, ...] = ()
    dates: Mapping[str, date] = field(default_factory=dict)
    contact: str = ""
    scope: str = ""
    countries: Shares = ()
    regions: tuple[Place, ...] = ()
    groupings: tuple[str, ...] = ()
    sectors: Mapping[str, Shares] = field(default_factory=dict)
    themes: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()
    collaboration_type: str = ""
    flow_type: str = ""
    finance_type: str = ""
    aid_type: str = ""
    tied_status: str = ""
    budgets: tuple[Budget, ...] = ()
    planned: tuple[Planned, ...] = ()
    transactions: tuple[Transaction, ...] = ()
    documents: tuple[Document, ...] = ()
    related: tuple[tuple[str, str], ...] = ()
    conditions: str = ""
    indicators: tuple[Indicator, ...] = ()
    hierarchy: int | None = None


@dataclass(frozen=True)
class OrganisationTold:
    """Everything that the organisation file says of one organisation; `budgets` are sums by year and currency."""

    reporter: Reporter
    language: str
    changed_at: datetime
    budgets: tuple[Budget, ...] = ()
    documents: tuple[Document, ...] = ()
