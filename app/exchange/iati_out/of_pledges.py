"""A pledge as an activity of its donor, and a need that somebody has pledged to as one of the State that asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.exchange.iati_out.names import (
    organisation_identifier,
    party_of,
    pledge_identifier,
    programme_identifier,
    reporter_of,
)
from app.exchange.iati_out.of_programmes import FUNDING, purposes_of
from app.exchange.iati_out.told import Indicator, Measured, Party, Planned, Shares, Told, Transaction
from app.foundation.disclosure import may_see_field
from app.foundation.languages import LANGUAGES, say
from app.foundation.messages import Message, Named, msg
from app.foundation.permissions import ANONYMOUS
from app.needs.models import Need, NeedIndicator, NeedLine
from app.pledges.models import Pledge, PledgeLine
from app.pledges.queries import is_confirmed
from app.programmes.models import Programme
from app.reference.codelists import codelist

IMPLEMENTING = "4"
PARENT = "1"
SECOND_LEVEL = 2
GRANT = "110"
OUTGOING_COMMITMENT, OUTGOING_PLEDGE, DISBURSEMENT, EXPENDITURE = "2", "12", "3", "4"
INCOMING_FUNDS, INCOMING_COMMITMENT, INCOMING_PLEDGE = "1", "11", "13"
TO_OTHER_SIDE = {
    OUTGOING_COMMITMENT: INCOMING_COMMITMENT,
    OUTGOING_PLEDGE: INCOMING_PLEDGE,
    DISBURSEMENT: INCOMING_FUNDS,
    EXPENDITURE: INCOMING_FUNDS,
}
"""What the donor calls a transaction, and what it is to the one who receives."""
STATUS_OF_PLEDGE = {
    "interest": "1", "pledged": "1", "committed": "2", "delivering": "2", "delivered": "4", "declined": "5",
    "withdrawn": "5", "lapsed": "5",
}  # fmt: skip
STATUS_OF_NEED = {"posted": "1", "partly_met": "2", "met": "3", "closed": "4", "withdrawn": "5"}
"""ActivityStatus codes."""


@dataclass(frozen=True)
class PledgeSeen:
    """A pledge whose donor anybody may see, with its need and, where anybody may see it, what it is paid from.

    `moved_at` is when it last moved from one step to the next (UTC), which everybody sees.
    """

    pledge: Pledge
    need: Need
    sees_amount: bool
    moved_at: datetime
    programme: Programme | None = None
    related: Sequence[tuple[str, str]] = ()


def need_identifier(need: Need) -> str:
    """Made of the State's identifier and the need's reference here."""
    return f"{organisation_identifier(need.organisation)}-{need.ref}"


def told_of_pledge(seen: PledgeSeen) -> Told:
    """The pledge as its donor's activity: promised, accepted, and what both sides have confirmed."""
    pledge, need = seen.pledge, seen.need
    parent = [(PARENT, programme_identifier(seen.programme))] if seen.programme else []
    receiver = party_of(need.organisation, activity=need_identifier(need))
    return Told(
        identifier=pledge_identifier(pledge),
        reporter=reporter_of(pledge.organisation),
        titles=titles_of(need),
        descriptions=dict(_descriptions(seen)),
        status=STATUS_OF_PLEDGE[pledge.status],
        changed_at=_changed_at(seen),
        first_day=(pledge.posted_at or pledge.created_at).date(),
        parties=tuple(_parties(pledge)),
        dates=_days(need, pledge),
        **_about(need),
        finance_type=seen.programme.finance_type or GRANT if seen.programme else GRANT,
        flow_type=seen.programme.flow_type if seen.programme else "",
        aid_type=aid_type_of(need, pledge),
        planned=tuple(_planned(pledge, receiver)) if seen.sees_amount else (),
        transactions=tuple(transactions_of(seen, None, receiver)) if seen.sees_amount else (),
        related=tuple(dict.fromkeys([*parent, *seen.related])),
        conditions=pledge.conditions,
        hierarchy=SECOND_LEVEL,
    )


def told_of_need(need: Need, pledges: Sequence[PledgeSeen], changed_at: datetime) -> Told:
    """The need as the activity of who asks: what comes in, and what its indicators showed.

    `changed_at` is when the need itself last changed as everybody could see it (UTC).
    """
    donors = {seen.pledge.organisation_id: party_of(seen.pledge.organisation, FUNDING) for seen in pledges}
    received: list[Transaction] = []
    for seen in pledges:
        if seen.sees_amount:
            giver = party_of(seen.pledge.organisation, activity=pledge_identifier(seen.pledge))
            received += [_turned(each) for each in transactions_of(seen, giver, None)]
    return Told(
        identifier=need_identifier(need),
        reporter=reporter_of(need.organisation),
        titles=titles_of(need),
        descriptions={need.language: need.summary or need.problem}
        | {text.language: text.summary or text.problem for text in need.other_texts},
        status=STATUS_OF_NEED.get(need.status, "1"),
        changed_at=max([changed_at, *(_changed_at(seen) for seen in pledges)]),
        first_day=(need.posted_at or need.created_at).date(),
        parties=(party_of(need.organisation, IMPLEMENTING), *donors.values()),
        dates=_days(need, None),
        **_about(need),
        transactions=tuple(sorted(received, key=lambda each: (each.happened_on or date.min, each.kind))),
        indicators=tuple(_indicators(need)),
        hierarchy=SECOND_LEVEL,
    )


def titles_of(need: Need) -> dict[str, str]:
    """The title of a need in each of its languages, its own first."""
    return {need.language: need.title} | {text.language: text.title for text in need.other_texts}


def _about(need: Need) -> dict[str, Any]:
    themes = need.codes("theme")
    purposes = [need.purpose_code] if need.purpose_code else purposes_of(themes)
    countries: Shares = tuple((code, None) for code in need.codes("country"))
    return {
        "language": need.language,
        "countries": countries,
        "sectors": {"1": tuple((code, None) for code in purposes)} if purposes else {},
        "themes": tuple(themes),
    }


def _days(need: Need, pledge: Pledge | None) -> dict[str, date]:
    since = need.posted_at or need.created_at
    if pledge is not None:
        since = pledge.accepted_at or pledge.posted_at or pledge.created_at
    starts = need.starts_on or since.date()
    return {"1": starts} | ({"3": need.ends_on} if need.ends_on and need.ends_on >= starts else {})


def _parties(pledge: Pledge) -> Iterable[Party]:
    yield party_of(pledge.organisation, FUNDING)
    if pledge.implementing_partner:
        yield Party(pledge.implementing_partner, role=IMPLEMENTING)


def _descriptions(seen: PledgeSeen) -> Iterable[tuple[str, str]]:
    """What is given for each line; how much of it in kind only where anybody may see amounts."""
    lines = {line.id: line for line in seen.need.lines}
    promised = [
        _what(row, lines[row.need_line_id], sees_amount=seen.sees_amount)
        for row in seen.pledge.lines
        if row.need_line_id in lines
    ]
    languages = [language for language in titles_of(seen.need) if language in LANGUAGES]
    for language in languages or ["en"]:
        yield language, "\n".join(dict.fromkeys(say(each, language) for each in promised))


def _what(row: PledgeLine, line: NeedLine, *, sees_amount: bool) -> Message:
    kind = Named("kind", line.kind)
    if row.quantity is None:
        return msg("%(kind)s, given in money", kind=kind)
    if not sees_amount:
        return msg("%(kind)s, given in kind", kind=kind)
    unit = Named("unit", line.unit)
    return msg("%(kind)s, given in kind: %(quantity)s %(unit)s", kind=kind, quantity=row.quantity, unit=unit)


def aid_type_of(need: Need, pledge: Pledge) -> str:
    """The AidType code of what is given, if all of it is of one."""
    promised = {row.need_line_id for row in pledge.lines}
    found = {_aid_type(line.kind) for line in need.lines if line.id in promised}
    return found.pop() if len(found) == 1 else ""


def transactions_of(seen: PledgeSeen, provider: Party | None, receiver: Party | None) -> Iterable[Transaction]:
    """What was promised or committed, and what both sides have confirmed; in kind where a value is stated."""
    pledge = seen.pledge
    is_accepted = pledge.accepted_at is not None
    day = (pledge.accepted_at or pledge.posted_at or pledge.created_at).date()
    kind = OUTGOING_COMMITMENT if is_accepted else OUTGOING_PLEDGE
    lines = {line.id: line for line in seen.need.lines}
    for row in pledge.lines:
        if row.amount is None:
            continue
        aid = _aid_type(lines[row.need_line_id].kind) if row.need_line_id in lines else ""
        yield Transaction(kind, row.amount, row.currency, day, provider=provider, receiver=receiver, aid_type=aid)
        yield from _delivered(row, provider, receiver, aid)


def _delivered(row: PledgeLine, provider: Party | None, receiver: Party | None, aid_type: str) -> Iterable[Transaction]:
    """What arrived: money as a disbursement, and what was given in kind, by its part of the stated value."""
    for part in row.contributions:
        if not is_confirmed(part):
            continue
        amount, kind = part.amount, DISBURSEMENT
        if amount is None and part.quantity and row.quantity and row.amount is not None:
            amount, kind = (row.amount * part.quantity / row.quantity).quantize(Decimal("0.01")), EXPENDITURE
        if amount is not None:
            currency = part.currency or row.currency
            yield Transaction(
                kind, amount, currency, part.delivered_on, provider=provider, receiver=receiver, aid_type=aid_type
            )


def _aid_type(kind: str) -> str:
    kinds = codelist("assistance_kinds")
    return kinds[kind].more["aid_type"] if kind in kinds else ""


def _turned(given: Transaction) -> Transaction:
    return Transaction(
        TO_OTHER_SIDE[given.kind], given.amount, given.currency, given.happened_on, provider=given.provider,
        aid_type=given.aid_type,
    )  # fmt: skip


def _planned(pledge: Pledge, receiver: Party) -> Iterable[Planned]:
    for tranche in pledge.tranches:
        yield Planned(tranche.due_on, tranche.amount, tranche.currency, receiver=receiver)


def _changed_at(seen: PledgeSeen) -> datetime:
    if not seen.sees_amount:
        # Whatever else changes in it is in its amounts.
        return seen.moved_at
    pledge = seen.pledge
    return max([pledge.changed_at, *(part.changed_at for row in pledge.lines for part in row.contributions)])


def _indicators(need: Need) -> Iterable[Indicator]:
    sees_baseline = may_see_field(ANONYMOUS, need, "baseline")
    since = (need.posted_at or need.created_at).date()
    for row in need.indicators:
        measured = [Measured(each.measured_on, actual=each.actual) for each in row.results]
        if row.target and row.due_on:
            measured.append(Measured(row.due_on, target=row.target))
        if measured:
            yield Indicator(_name(row), need.language, since, row.baseline if sees_baseline else "", tuple(measured))


def _name(row: NeedIndicator) -> str:
    return f"{row.name} ({row.unit})" if row.unit else row.name
