"""The law of programmes: how one moves, when it is an offer that one may ask for, and when only a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.foundation.messages import Message, msg, pmsg
from app.foundation.money import is_currency

# IATI ActivityStatus codes, as the register of activities numbers them.
PIPELINE, IMPLEMENTATION, FINALISATION, CLOSED, CANCELLED, SUSPENDED = "1", "2", "3", "4", "5", "6"

MOVES: Mapping[str, frozenset[str]] = {
    PIPELINE: frozenset({PIPELINE, IMPLEMENTATION, CANCELLED, SUSPENDED}),
    IMPLEMENTATION: frozenset({IMPLEMENTATION, FINALISATION, CLOSED, CANCELLED, SUSPENDED}),
    FINALISATION: frozenset({IMPLEMENTATION, FINALISATION, CLOSED, CANCELLED, SUSPENDED}),
    SUSPENDED: frozenset({PIPELINE, IMPLEMENTATION, FINALISATION, CLOSED, CANCELLED, SUSPENDED}),
    CLOSED: frozenset({CLOSED}),
    CANCELLED: frozenset({CANCELLED}),
}
RUNNING = frozenset({PIPELINE, IMPLEMENTATION, FINALISATION})
ENDINGS = frozenset({CLOSED, CANCELLED, SUSPENDED})
"""Where `close_programme` leads; a suspended programme may be taken up again by an amendment."""
ASKABLE = frozenset({PIPELINE, IMPLEMENTATION})
"""A programme that is being finalised has nothing left to give."""

STATUS_COLOURS: Mapping[str, str] = {
    PIPELINE: "info", IMPLEMENTATION: "accent", FINALISATION: "info", CLOSED: "neutral", CANCELLED: "danger",
    SUSPENDED: "warning",
}  # fmt: skip
"""The colour of the tag; the names are those of the code list `activity_status`."""

ACCEPTING: Mapping[str, Message] = {
    "yes": msg("Takes requests"),
    "no": msg("Takes no requests"),
    "unknown": msg("Does not say whether it takes requests"),
}

DISCLOSURE_NAMES: Mapping[str, Message] = {
    "public": msg("Anybody"),
    "members": msg("People of verified organisations"),
    "named": msg("Only the organisations that I name"),
    "own": msg("Only my own organisation"),
}

PAST: Mapping[str, Message] = {
    "programme.posted": pmsg("programme", "Posted"),
    "programme.amended": pmsg("programme", "Amended"),
    "programme.confirmed": pmsg("programme", "Confirmed: it still stands"),
    "programme.closed": pmsg("programme", "Closed"),
    "programme.cancelled": pmsg("programme", "Cancelled"),
    "programme.suspended": pmsg("programme", "Suspended"),
    "programme.imported": msg("Read from an IATI file"),
    "programme.imported_again": msg("Brought up to date from an IATI file"),
    "programme.import_undone": msg("Import from an IATI file undone"),
}
"""What the actions in the audit trail say in words."""
ENDED_AS: Mapping[str, str] = {CLOSED: "closed", CANCELLED: "cancelled", SUSPENDED: "suspended"}

VERIFY_AFTER = timedelta(days=180)
"""A donor is asked after half a year whether the programme still stands as written."""

ORIGINAL, REVISED = "1", "2"
OTHER_REGISTER = "other"
"""The kind of a link that is no related activity but an identifier in another register."""


class MoveRefused(ValueError):
    """A programme cannot go from where it is to where it was asked to go; `status` and `wanted` say which."""

    def __init__(self, status: str, wanted: str) -> None:
        super().__init__(f"{status} -> {wanted}")
        self.status = status
        self.wanted = wanted


def check_move(status: str, wanted: str) -> None:
    """Go on only if the move is in the table.

    Raises:
        MoveRefused: it is not.
    """
    if wanted not in MOVES.get(status, frozenset()):
        raise MoveRefused(status, wanted)


def statuses_to_choose(status: str | None) -> list[str]:
    """What a form offers: every running status for a new programme, else where this one may go, without its endings."""
    if status is None:
        return sorted(RUNNING)
    return sorted((MOVES[status] - ENDINGS) | {status})


def endings_of(status: str) -> list[str]:
    """How a programme may end, or pause, from here."""
    return sorted((MOVES[status] & ENDINGS) - {status})


def verify_by(today: date) -> date:
    """When the donor will be asked whether the programme still stands."""
    return today + VERIFY_AFTER


def is_open_offer(accepting: str, status: str, apply_by: date | None, ends_on: date | None, today: date) -> bool:
    """Whether this is an offer that one may ask for today; both days count to their end."""
    in_time = (apply_by is None or today <= apply_by) and (ends_on is None or today <= ends_on)
    return accepting == "yes" and status in ASKABLE and in_time


@dataclass(frozen=True)
class Standing:
    """What a programme is to a reader today: an offer or a record, in a word and in a sentence."""

    is_offer: bool
    word: Message
    sentence: Message


def standing(accepting: str, status: str, apply_by: date | None, ends_on: date | None, today: date) -> Standing:
    """Say plainly whether one may ask for it, and if not, why."""
    if is_open_offer(accepting, status, apply_by, ends_on, today):
        return Standing(True, msg("You may ask for this"), _how_long(apply_by))
    return Standing(False, msg("A record, not an offer"), _why_not(accepting, status, apply_by, ends_on, today))


def _how_long(apply_by: date | None) -> Message:
    if apply_by:
        return msg("This is an offer: States that it is open to may ask for it until %(day)s.", day=apply_by)
    return msg("This is an offer: States that it is open to may ask for it; no deadline is set.")


def _why_not(accepting: str, status: str, apply_by: date | None, ends_on: date | None, today: date) -> Message:
    if status == SUSPENDED:
        return msg("The programme is suspended: nothing can be asked for until it is taken up again.")
    if status in ENDINGS or (ends_on and today > ends_on):
        return msg("This is a record of what was done. It is over, and nothing can be asked for.")
    if accepting == "unknown":
        return msg("This is a record of what is done. Its source does not say whether one may ask for it.")
    if accepting == "yes" and apply_by and today > apply_by:
        return msg("The day for asking passed on %(day)s. This is now a record of what is done.", day=apply_by)
    return msg("This is a record of what is done. It takes no requests at present.")


@dataclass(frozen=True)
class Problem:
    """What keeps a programme from being kept as it is: the field, and how to mend it."""

    field: str
    message: Message


class DraftRefused(ValueError):
    """A draft breaks a rule; `problems` name every wrong field."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.field}: {p.message}" for p in self.problems))


def date_problems(*, starts_on: date | None, ends_on: date | None, apply_by: date | None) -> list[Problem]:
    """What is wrong between the days of a programme."""
    problems = []
    if starts_on and ends_on and ends_on < starts_on:
        problems.append(Problem("ends_on", msg("This is before the start. Give a later day, or correct the start.")))
    if apply_by and ends_on and apply_by > ends_on:
        problems.append(
            Problem("apply_by", msg("One could ask after the programme has ended. Give a day before the end."))
        )
    return problems


def accepting_problems(*, accepting: str, status: str, apply_by: date | None, today: date) -> list[Problem]:
    """What is wrong with the promise that one may ask for it."""
    if accepting != "yes":
        return []
    if status not in ASKABLE:
        return [
            Problem("accepting", msg("A programme in this status cannot take requests. Choose no, or another status."))
        ]
    if apply_by and apply_by < today:
        return [Problem("apply_by", msg("This day has passed. Give a later one, or say that it takes no requests."))]
    return []


def money_problems(amount: Decimal | None, currency: str) -> list[Problem]:
    """What is wrong with a budget: an amount and a currency belong together."""
    if amount is not None and not is_currency(currency):
        return [Problem("currency", msg("Say in which currency the budget is, in three letters such as EUR."))]
    return []


def content_problems(*, themes: Iterable[str], kinds: Iterable[str], reach: Iterable[str]) -> list[Problem]:
    """An offer is about something, gives something, and is for somebody; `reach` is countries and groupings."""
    asked = (
        (themes, "themes", msg("Pick at least one theme that the programme is about.")),
        (kinds, "offers", msg("Say at least one kind of assistance that the programme gives.")),
        (reach, "countries", msg("Pick at least one country or grouping that the programme is for.")),
    )
    return [Problem(field, message) for values, field, message in asked if not tuple(values)]


def offer_problems(rows: Iterable[tuple[Decimal | None, str]]) -> list[Problem]:
    """What is wrong with capacities given as (quantity, unit): the two belong together."""
    problems = []
    for at, (quantity, unit) in enumerate(rows):
        if quantity is not None and quantity <= 0:
            problems.append(Problem(f"offers-{at}-quantity", msg("Give a number above zero, or leave it empty.")))
        if quantity is not None and not unit:
            problems.append(Problem(f"offers-{at}-unit", msg("Say what is counted: choose a unit.")))
    return problems


def audience_problems(disclosure: str, named: Iterable[int]) -> list[Problem]:
    """A record for named organisations names some."""
    if disclosure == "named" and not tuple(named):
        return [Problem("named", msg("Pick the organisations that may see it, or choose another audience."))]
    return []


TAKEN_IDENTIFIER = msg("Another programme has this identifier already. Correct it, or amend that programme instead.")


def is_web_address(text: str) -> bool:
    """Whether a link may be drawn to it: http and https, nothing that a browser would run."""
    return text.lower().startswith(("http://", "https://")) and not any(c.isspace() or c in "<>\"'" for c in text)


def website_problems(website: str) -> list[Problem]:
    """A website is a whole address."""
    if website and not is_web_address(website):
        return [Problem("website", msg("Give the whole address, beginning with https://, or leave this empty."))]
    return []


def whole_budget(budgets: Iterable[tuple[str, date | None, date | None, Decimal, str]]) -> tuple[Decimal, str] | None:
    """The sum of budgets given as (BudgetType code, start, end, amount, currency), if all are in one currency.

    A revised budget stands instead of the original one of the same period.
    """
    rows = list(budgets)
    revised = {(start, end) for kind, start, end, _amount, _currency in rows if kind == REVISED}
    counted = [row for row in rows if row[0] == REVISED or (row[1], row[2]) not in revised]
    currencies = {row[4] for row in counted}
    if len(currencies) != 1 or not is_currency(next(iter(currencies))):
        return None
    return sum((row[3] for row in counted), Decimal(0)), currencies.pop()


@dataclass(frozen=True)
class Total:
    """Transactions of one type (IATI TransactionType code) in one currency."""

    kind: str
    currency: str
    amount: Decimal
    count: int


def sum_transactions(rows: Iterable[tuple[str, str, Decimal]]) -> list[Total]:
    """Totals of transactions given as (type, currency, amount), by type and currency; currencies are never added."""
    sums: dict[tuple[int, str, str], tuple[Decimal, int]] = {}
    for kind, currency, amount in rows:
        key = (int(kind) if kind.isdecimal() else 0, kind, currency)
        before, count = sums.get(key, (Decimal(0), 0))
        sums[key] = (before + amount, count + 1)
    return [Total(key[1], key[2], amount, count) for key, (amount, count) in sorted(sums.items())]
