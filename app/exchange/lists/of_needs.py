"""Needs, and who could meet one, as tables: what their lists show, in columns."""

from __future__ import annotations

from app.exchange.lists import columns as c
from app.exchange.lists.columns import AMONG, Column, Seen, field
from app.foundation.languages import say
from app.foundation.messages import Message, msg
from app.foundation.spreadsheets.sheets import Cell
from app.foundation.web import current_language, site, url_for
from app.matching.queries import ShownMatch
from app.needs.models import NeedLine
from app.needs.rules import DISCLOSURE_NAMES, STATUS_NAMES

GATES: dict[str, Message] = {
    "match": msg("Offers that fit"), "near_miss": msg("Near misses"), "related": msg("Related experience"),
}  # fmt: skip
STRENGTHS: dict[str, Message] = {
    "strong": msg("Strong match"), "fair": msg("Fair match"), "weak": msg("Possible match"),
}  # fmt: skip
OFFERS: dict[str, Message] = {"programme": msg("Programme"), "course": msg("Course"), "output": msg("Output")}


def _lines(row: Seen) -> str:
    return AMONG.join(_line(line) for line in row.record.lines)


def _line(line: NeedLine) -> str:
    return f"{c.plain(line.quantity)} {line.unit}: {line.description or line.kind}"


def _place(name: str) -> Column:
    heads = {
        "lines": msg("Lines"), "whole": msg("Lines that are covered whole"),
        "covered": msg("Covered (share of the lines)"),
        "promised": msg("Promised besides (share of the lines)"),
    }  # fmt: skip

    def value(row: Seen) -> Cell:
        amount = getattr(row.beside, name)
        return amount if isinstance(amount, int) else round(amount / (row.beside.lines or 1), 3)

    return Column(heads[name], value)


NEEDS = [
    c.REFERENCE, c.TITLE, *c.LANGUAGE,
    *c.own_code(STATUS_NAMES, msg("Status, code"), msg("Status"), lambda need: need.status),
    *c.owner(msg("Organisation that asks")), *c.COUNTRIES, *c.THEMES, *c.KINDS,
    field(msg("Public summary"), "summary"), field(msg("The problem"), "problem"),
    field(msg("Place"), "place", "place"), Column(msg("What is asked for"), _lines),
    _place("lines"), _place("whole"), _place("covered"), _place("promised"),
    *c.BUDGET, c.STARTS, c.ENDS, field(msg("Offers until"), "offers_due_on"), *c.LANGUAGES,
    c.POSTED, c.CHANGED, c.CONFIRM_BY,
    *c.own_code(
        DISCLOSURE_NAMES, msg("Who may see this need, code"), msg("Who may see this need"),
        lambda need: need.disclosure,
    ),
    c.address("needs.page"),
]  # fmt: skip


def _offer(head: Message, read: str) -> Column:
    return Column(head, lambda shown: c.plain(getattr(shown.offer, read)))


def _named(names: dict[str, Message], code: str) -> str:
    return say(names[code], current_language()) if code in names else code


def _said(messages: list[dict[str, object]]) -> str:
    return AMONG.join(say(Message.from_json(one), current_language()) for one in messages)


def _pair_address(shown: ShownMatch) -> str:
    path = url_for("matching.page", ref=shown.need.ref, kind=shown.match.offer_kind, offer_ref=shown.offer.ref)
    return site().settings.public_url + path


MATCHES = [
    Column(msg("Need, reference"), lambda shown: shown.need.ref),
    Column(msg("Need"), lambda shown: shown.need.title),
    Column(msg("How it fits, code"), lambda shown: shown.match.gate),
    Column(msg("How it fits"), lambda shown: _named(GATES, shown.match.gate)),
    Column(
        msg("How well"), lambda shown: _named(STRENGTHS, shown.match.strength) if shown.match.gate == "match" else ""
    ),
    Column(msg("Kind of offer"), lambda shown: _named(OFFERS, shown.match.offer_kind)),
    _offer(msg("Reference"), "ref"), _offer(msg("Title"), "title"), _offer(msg("Language, code"), "language"),
    Column(msg("Organisation, reference"), lambda shown: shown.offer.organisation.ref),
    Column(msg("Organisation"), lambda shown: shown.offer.organisation.named(current_language())),
    Column(msg("Reasons"), lambda shown: _said(shown.match.reasons)),
    Column(msg("What would make it fit"), lambda shown: _said(shown.match.obstacles)),
    Column(msg("Address"), _pair_address),
]  # fmt: skip
