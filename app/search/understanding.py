"""Prefixes become ticked values: country:Senegal is the same as a tick at Senegal. What cannot be taken is said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from app.foundation.db import Tx
from app.foundation.messages import N_, Message, msg
from app.foundation.permissions import Actor
from app.organisations.queries import organisations_called
from app.reference.groupings import groupings_of
from app.search.question import AFTER, BEFORE, Part, days_of, parse
from app.search.request import SearchRequest
from app.search.values import NEAR, codes_called, nearest

MOST_DONORS = 20
OF_A_LANGUAGE = frozenset({"OIF", "CPLP"})
"""Groupings of States that speak a language are spread over the world: their members are not near one another."""

UNKNOWN = {
    "country": N_("No country is called “%(value)s”."),
    "theme": N_("No theme is called “%(value)s”."),
    "donor": N_("No organisation here is called “%(value)s”."),
    "kind": N_("No kind of assistance is called “%(value)s”."),
    "type": N_("“%(value)s” is no kind of record: there are needs, programmes, courses, lessons and outputs."),
    "grouping": N_("No grouping of States is called “%(value)s”."),
    "language": N_("No language is called “%(value)s”."),
    "status": N_("“%(value)s” is no status: there are open, closed, record, validated and submitted."),
    "year": N_("“%(value)s” is no year: type four figures, such as 2027."),
    AFTER: N_("“%(value)s” is no date: type 2027, 2027-03 or 31/03/2027."),
}


@dataclass(frozen=True)
class Remark:
    """What could not be taken as it was meant; what may have been meant, and the same typed as plain words.

    `near` and `words` name what the addresses `near_address` and `words_address` search for.
    """

    message: Message
    near: str = ""
    near_address: str = ""
    words: str = ""
    words_address: str = ""


def understand(tx: Tx, reader: Actor, request: SearchRequest, language: str) -> tuple[SearchRequest, list[Remark]]:
    """The question with its prefixes ticked and its days written in one form, and what could not be taken."""
    taken, unknown = request, []
    for clause in request.question.clauses:
        changed = _take(tx, reader, taken, clause)
        if changed is None:
            unknown.append(clause)
        else:
            taken = changed
    done = [clause for clause in request.question.clauses if clause not in unknown]
    left = parse(request.question.without(done))
    # "Mutual assistance: treaties" asks no prefix of ours.
    taken = _in_one_form(replace(taken, text=left.loosened(c for c in unknown if c.is_loose)))
    said = [_unknown(taken, clause, language) for clause in unknown if not clause.is_loose]
    return taken, [*said, *_unread(taken), *_not_near(taken, reader)]


def near_of(reader: Actor) -> tuple[str, tuple[str, ...]]:
    """The country that a reader acts for and the groupings of its region; nothing for all others."""
    own = next((m.country for m in reader.memberships if m.organisation_kind == "state" and m.country), None)
    return (own, tuple(sorted(groupings_of(own) - OF_A_LANGUAGE))) if own else ("", ())


def _take(tx: Tx, reader: Actor, request: SearchRequest, clause: Part) -> SearchRequest | None:
    if clause.facet in {AFTER, BEFORE}:
        days = days_of(clause.value)
        if days is None:
            return None
        if clause.facet == AFTER:
            return replace(request, since=days[0].isoformat())
        return replace(request, until=(days[0] - timedelta(days=1)).isoformat())
    codes = _codes(tx, reader, clause)
    if not codes:
        return None
    ticked = tuple(dict.fromkeys([*request.filters.get(clause.facet, ()), *codes]))
    return replace(request, filters={**request.filters, clause.facet: ticked})


def _codes(tx: Tx, reader: Actor, clause: Part) -> tuple[str, ...]:
    if clause.facet == "donor":
        return tuple(organisations_called(tx, reader, clause.value)[:MOST_DONORS])
    if clause.facet == "grouping" and clause.value.casefold() == NEAR:
        return (NEAR,)
    return codes_called(clause.facet, clause.value)


def _in_one_form(request: SearchRequest) -> SearchRequest:
    first, last = request.first_day, request.last_day
    return replace(
        request,
        since=first.isoformat() if first else request.since,
        until=last.isoformat() if last else request.until,
    )


def _unknown(request: SearchRequest, clause: Part, language: str) -> Remark:
    facet = AFTER if clause.facet == BEFORE else clause.facet
    near = nearest(facet, clause.value, language)
    rest = request.question.without([clause])
    return Remark(
        Message(UNKNOWN[facet], {"value": clause.value}),
        near=near,
        near_address=request.address(text=f'{rest} {facet}:"{near}"'.strip()) if near else "",
        words=clause.value,
        words_address=request.address(text=request.question.with_words_for(clause)),
    )


def _unread(request: SearchRequest) -> list[Remark]:
    typed = [request.since, request.until]
    return [Remark(Message(UNKNOWN[AFTER], {"value": one})) for one in typed if one and days_of(one) is None]


def _not_near(request: SearchRequest, reader: Actor) -> list[Remark]:
    if NEAR not in request.filters.get("grouping", ()) or near_of(reader)[1]:
        return []
    return [Remark(msg("“Near me” asks for the groupings of your State: sign in as somebody who acts for one."))]
