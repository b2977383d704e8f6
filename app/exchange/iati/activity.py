"""An aid activity as a donor publishes it in the IATI standard, and what was wrong in the file.

Everything here is a plain value: nothing touches a database, a request or the XML itself.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

NO_LANGUAGE = ""
"""The key used in titles, descriptions and names when the file states no language."""


class Severity(StrEnum):
    """How much was lost: a file or an activity, one value, or nothing."""

    REFUSED = "refused"
    """The activity was not read, or the file was read no further."""
    SKIPPED = "skipped"
    """One value or element was left out; the activity was read."""
    WARNING = "warning"
    """Nothing was left out, but a person should look."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file.

    ``text`` is an English template with named places such as ``%(value)s`` and ``values`` holds
    what goes into them, so that the sentence can be translated first and filled in afterwards.
    ``line`` is the line in the file, None when there is none to name; ``identifier`` is that of
    the activity, None when the problem lies outside any activity or it has no identifier.
    """

    file: str
    line: int | None
    element: str
    code: str
    text: str
    identifier: str | None
    severity: Severity
    values: dict[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The template filled in, in English."""
        return self.text % self.values


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation and its part in the activity.

    ``role`` is a code of the IATI list OrganisationRole (1 funding, 2 accountable, 3 extending,
    4 implementing) and None for the reporting organisation. ``type`` is a code of the IATI list
    OrganisationType, None when not stated. ``ref`` is as published, empty when not stated.
    """

    ref: str
    names: dict[str, str]
    type: str | None = None
    role: str | None = None

    @property
    def name(self) -> str:
        """The first name given, or the reference when there is no name."""
        return next(iter(self.names.values()), self.ref)


@dataclass(frozen=True, slots=True)
class CountryShare:
    """A recipient country (ISO 3166-1 alpha-2, upper case) and its share in per cent."""

    iso2: str
    percentage: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SectorShare:
    """A sector and its share of its vocabulary in per cent.

    ``vocabulary`` is a code of the IATI list SectorVocabulary (1 OECD DAC five digits, 2 OECD DAC
    three digits, 99 the publisher's own); a word that is on no IATI list is kept as published.
    """

    vocabulary: str
    code: str
    percentage: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """Money set aside for a period, in whole units of ``currency`` (ISO 4217).

    ``type`` is a code of the IATI list BudgetType (1 original, 2 revised). ``currency`` is None
    when neither the amount nor the activity names one.
    """

    type: str
    start: date | None
    end: date | None
    amount: Decimal
    currency: str | None
    value_date: date | None


@dataclass(frozen=True, slots=True)
class Transaction:
    """Money promised or moved, in whole units of ``currency`` (ISO 4217).

    ``type`` is a code 1 to 13 of the IATI list TransactionType, version 2. ``provider`` and
    ``receiver`` are names, or the organisation's reference when no name is given. A negative
    amount takes back an earlier one.
    """

    type: str
    date: date | None
    amount: Decimal
    currency: str | None
    provider: str = ""
    receiver: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Related:
    """Another activity and how it is related, a code of the IATI list RelatedActivityType."""

    type: str
    identifier: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document on the web; the address begins with http:// or https://."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Activity:
    """One ``<iati-activity>``.

    ``language`` is two lower-case letters (ISO 639-1), None when neither the activity nor the
    file states one; texts are keyed by language, with :data:`NO_LANGUAGE` for an unknown one.
    ``regions`` are codes of the OECD DAC list or the UN M49 list, which do not overlap.
    ``status`` is a code 1 to 6 of the IATI list ActivityStatus. ``aid_type``, ``finance_type``
    and ``flow_type`` are OECD DAC codes as published. ``markers`` are policy markers, each as
    "vocabulary:code:significance". ``themes`` and ``groupings`` are codes of this site, which
    files of this kind of site alone have. No contact details are kept.
    """

    identifier: str
    version: str | None
    language: str | None
    line: int
    reporting: Party
    titles: dict[str, str]
    descriptions: dict[str, str]
    participants: tuple[Party, ...] = ()
    countries: tuple[CountryShare, ...] = ()
    regions: tuple[str, ...] = ()
    sectors: tuple[SectorShare, ...] = ()
    planned_start: date | None = None
    actual_start: date | None = None
    planned_end: date | None = None
    actual_end: date | None = None
    status: str | None = None
    aid_type: str | None = None
    finance_type: str | None = None
    flow_type: str | None = None
    default_currency: str | None = None
    hierarchy: int | None = None
    budgets: tuple[Budget, ...] = ()
    transactions: tuple[Transaction, ...] = ()
    related: tuple[Related, ...] = ()
    other_identifiers: tuple[str, ...] = ()
    website: str | None = None
    conditions: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()
    markers: tuple[str, ...] = ()
    collaboration_type: str | None = None
    tied_status: str | None = None
    scope: str | None = None
    themes: tuple[str, ...] = ()
    groupings: tuple[str, ...] = ()

    @property
    def starts_on(self) -> date | None:
        """The actual start, or the planned one when it has not happened yet."""
        return self.actual_start or self.planned_start

    @property
    def ends_on(self) -> date | None:
        """The actual end, or the planned one when it has not happened yet."""
        return self.actual_end or self.planned_end
